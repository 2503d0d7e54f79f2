#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "indicators_impl.h"
#include "json_stream.h"
#include "limits.h"

/*
 * STIX 2.1 bundles: {"type":"bundle","objects":[{...}]}. Objects may come in
 * any order; what an indicator belongs to is said by a report's object_refs
 * or by a relationship, and is tied up at the end of the file.
 */
struct uuid {
	uint8_t b[16];
};
struct known {
	struct uuid id;
	uint32_t first, n; /* members */
};
struct named {
	struct uuid id;
	uint32_t campaign;
};
struct pair {
	struct uuid from, to;
};

enum key {
	KEY_TYPE,
	KEY_ID,
	KEY_NAME,
	KEY_PATTERN,
	KEY_VALID_FROM,
	KEY_SOURCE_REF,
	KEY_TARGET_REF,
	KEY_PUBLISHED,
	KEY_UNTIL,
	KEY_SOURCE,
	KEY_LICENCE,
	KEY_COUNT,
};
static const char *const key_names[KEY_COUNT] = {
	[KEY_TYPE] = "type",
	[KEY_ID] = "id",
	[KEY_NAME] = "name",
	[KEY_PATTERN] = "pattern",
	[KEY_VALID_FROM] = "valid_from",
	[KEY_SOURCE_REF] = "source_ref",
	[KEY_TARGET_REF] = "target_ref",
	[KEY_PUBLISHED] = "published",
	[KEY_UNTIL] = "infrastructure_until",
	[KEY_SOURCE] = "source",
	[KEY_LICENCE] = "licence",
};

struct bundle {
	struct indicators *x;
	uint32_t set;
	struct json_stream *j;
	struct buf text[KEY_COUNT];
	bool shared, hijacked;
	struct known *known;
	size_t nknown, known_cap;
	uint32_t *slots; /* of known */
	size_t nslots;
	struct named *named;
	size_t nnamed, named_cap;
	struct pair *pairs; /* campaign to member, not yet tied */
	size_t npairs, pairs_cap;
	struct pair *refs; /* report to member: these win */
	size_t nrefs, refs_cap;
	struct uuid *here; /* object_refs of this object */
	size_t nhere, here_cap;
	bool is_bundle;
};

/* The UUID of an id; any other id by its hash. */
static struct uuid
uuid_of(struct str id)
{
	uint8_t sum[SHA256_SIZE];
	struct uuid u;
	char hex[32];
	size_t n = 0, at = id.n > 36 ? id.n - 36 : 0;

	for (; at < id.n && n < sizeof(hex); at++)
		if (id.p[at] != '-')
			hex[n++] = id.p[at];
	if (id.n > 36 && at == id.n &&
	    hex_decode((struct str){ .p = hex, .n = n }, 16, u.b))
		return u;
	sha256_once(id.p, id.n, sum);
	memcpy(u.b, sum, sizeof(u.b));
	return u;
}

static size_t
uuid_slot(const struct bundle *b, const struct uuid *u)
{
	uint64_t h;
	size_t at;

	memcpy(&h, u->b + 8, sizeof(h));
	at = (size_t)(h * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (b->nslots - 1);
	while (b->slots[at] != NONE &&
	       memcmp(&b->known[b->slots[at]].id, u, sizeof(*u)) != 0)
		at = (at + 1) & (b->nslots - 1);
	return at;
}

static void
known_add(struct bundle *b, struct uuid id, uint32_t first, uint32_t n)
{
	if (2 * (b->nknown + 1) > b->nslots) {
		b->nslots = b->nslots ? b->nslots * 2 : 1024;
		free(b->slots);
		b->slots = malloc(b->nslots * sizeof(*b->slots));
		if (b->slots == NULL)
			abort();
		memset(b->slots, 0xff, b->nslots * sizeof(*b->slots));
		for (uint32_t i = 0; i < b->nknown; i++)
			b->slots[uuid_slot(b, &b->known[i].id)] = i;
	}
	b->known = indicators_grow(
	    b->known, b->nknown, &b->known_cap, sizeof(*b->known));
	b->known[b->nknown] =
	    (struct known){ .id = id, .first = first, .n = n };
	b->slots[uuid_slot(b, &id)] = (uint32_t)b->nknown;
	b->nknown++;
}

static const struct known *
known_find(const struct bundle *b, const struct uuid *id)
{
	uint32_t i = b->nslots ? b->slots[uuid_slot(b, id)] : NONE;

	return i == NONE ? NULL : &b->known[i];
}

static uint32_t
campaign_of(const struct bundle *b, const struct uuid *id)
{
	for (size_t i = 0; i < b->nnamed; i++)
		if (memcmp(&b->named[i].id, id, sizeof(*id)) == 0)
			return b->named[i].campaign;
	return NONE;
}

static void
tie(struct bundle *b, const struct known *k, uint32_t campaign, bool wins)
{
	for (uint32_t i = 0; i < k->n; i++)
		if (wins || b->x->members[k->first + i].campaign == NONE)
			b->x->members[k->first + i].campaign = campaign;
}

static int64_t
time_of(struct bundle *b, enum key k)
{
	int64_t ns;

	return tstamp_parse(buf_cstr(&b->text[k]), &ns) ? ns : TSTAMP_NONE;
}

static void
newest(struct bundle *b, int64_t ns)
{
	struct indicator_set *s = &b->x->sets[b->set];

	if (ns != TSTAMP_NONE &&
	    (s->newest_ns == TSTAMP_NONE || ns > s->newest_ns))
		s->newest_ns = ns;
}

static void
take_indicator(struct bundle *b)
{
	struct indicator_new in = { .pattern = buf_text(&b->text[KEY_PATTERN]),
		.published_ns = time_of(b, KEY_PUBLISHED),
		.until_ns = time_of(b, KEY_UNTIL),
		.shared = b->shared,
		.hijacked = b->hijacked,
		.set = b->set };
	uint32_t first, n;

	indicators_add(b->x, &in, &first, &n);
	known_add(b, uuid_of(buf_text(&b->text[KEY_ID])), first, n);
	newest(b, in.published_ns != TSTAMP_NONE ? in.published_ns
						 : time_of(b, KEY_VALID_FROM));
}

static void
take_campaign(struct bundle *b, bool report)
{
	struct indicators *x = b->x;
	struct indicator_set *s = &x->sets[b->set];
	struct uuid id = uuid_of(buf_text(&b->text[KEY_ID]));

	if (b->text[KEY_NAME].len == 0)
		return;
	x->campaigns = indicators_grow(x->campaigns, x->ncampaigns,
	    &x->campaigns_cap, sizeof(*x->campaigns));
	x->campaigns[x->ncampaigns] = (struct campaign){
		.name = arena_strdup(&x->arena, buf_text(&b->text[KEY_NAME])),
		.published_ns = time_of(b, KEY_PUBLISHED)
	};
	newest(b, x->campaigns[x->ncampaigns].published_ns);
	if (s->source == NULL && b->text[KEY_SOURCE].len > 0)
		s->source =
		    arena_strdup(&x->arena, buf_text(&b->text[KEY_SOURCE]));
	if (s->licence == NULL && b->text[KEY_LICENCE].len > 0)
		s->licence =
		    arena_strdup(&x->arena, buf_text(&b->text[KEY_LICENCE]));
	b->named = indicators_grow(
	    b->named, b->nnamed, &b->named_cap, sizeof(*b->named));
	b->named[b->nnamed++] =
	    (struct named){ .id = id, .campaign = (uint32_t)x->ncampaigns++ };
	for (size_t i = 0; report && i < b->nhere; i++) {
		b->refs = indicators_grow(
		    b->refs, b->nrefs, &b->refs_cap, sizeof(*b->refs));
		b->refs[b->nrefs++] =
		    (struct pair){ .from = id, .to = b->here[i] };
	}
}

static void
take_relationship(struct bundle *b)
{
	struct pair p = { .from = uuid_of(buf_text(&b->text[KEY_TARGET_REF])),
		.to = uuid_of(buf_text(&b->text[KEY_SOURCE_REF])) };
	const struct known *k = known_find(b, &p.to);
	uint32_t c = campaign_of(b, &p.from);

	if (k != NULL && c != NONE) {
		tie(b, k, c, false);
		return;
	}
	b->pairs = indicators_grow(
	    b->pairs, b->npairs, &b->pairs_cap, sizeof(*b->pairs));
	b->pairs[b->npairs++] = p;
}

static void
take_object(struct bundle *b)
{
	static const char *const campaigns[] = { "malware", "campaign", "tool",
		"threat-actor", "intrusion-set" };
	struct str type = buf_text(&b->text[KEY_TYPE]);

	if (str_is(type, "indicator")) {
		take_indicator(b);
	} else if (str_is(type, "relationship")) {
		take_relationship(b);
	} else if (str_is(type, "report")) {
		take_campaign(b, true);
	} else {
		for (size_t i = 0; i < 5; i++)
			if (str_is(type, campaigns[i]))
				take_campaign(b, false);
	}
}

static void
tie_up(struct bundle *b)
{
	for (size_t i = 0; i < b->npairs + b->nrefs; i++) {
		bool wins = i >= b->npairs;
		const struct pair *p =
		    wins ? &b->refs[i - b->npairs] : &b->pairs[i];
		const struct known *k = known_find(b, &p->to);
		uint32_t c = campaign_of(b, &p->from);

		if (k != NULL && c != NONE)
			tie(b, k, c, wins);
	}
}

/* x_telassay_published, x_published and published are one key. */
static enum key
key_of(struct str k)
{
	if (str_starts(k, "x_"))
		k = str_sub(k, str_starts(k, "x_telassay_") ? 11 : 2, k.n);
	for (enum key i = 0; i < KEY_COUNT; i++)
		if (k.n > 0 && k.p[0] == key_names[i][0] &&
		    str_is(k, key_names[i]))
			return i;
	return KEY_COUNT;
}

static bool
read_refs(struct bundle *b)
{
	enum json_token t = json_next(b->j, NULL);
	struct str s;

	if (t != JSON_ARRAY)
		return json_skip(b->j, t);
	while ((t = json_next(b->j, &s)) != JSON_ARRAY_END) {
		if (t != JSON_STRING) {
			if (!json_skip(b->j, t))
				return false;
			continue;
		}
		b->here = indicators_grow(
		    b->here, b->nhere, &b->here_cap, sizeof(*b->here));
		b->here[b->nhere++] = uuid_of(s);
	}
	return true;
}

/* The members of one object, up to its end. */
static bool
read_object(struct bundle *b)
{
	enum json_token t;
	struct str s;

	for (size_t i = 0; i < KEY_COUNT; i++)
		buf_reset(&b->text[i]);
	b->shared = b->hijacked = false;
	b->nhere = 0;
	while ((t = json_next(b->j, &s)) == JSON_KEY) {
		bool shared = str_ends(s, "shared"),
		     hijacked = str_ends(s, "hijacked");
		enum key k = key_of(s);

		if (str_is(s, "object_refs")) {
			if (!read_refs(b))
				return false;
			continue;
		}
		t = json_next(b->j, &s);
		if (t == JSON_STRING && k < KEY_COUNT) {
			buf_reset(&b->text[k]);
			buf_str(&b->text[k], s);
		} else if (t == JSON_TRUE) {
			b->shared |= shared;
			b->hijacked |= hijacked;
		} else if (!json_skip(b->j, t)) {
			return false;
		}
	}
	if (t != JSON_OBJECT_END)
		return false;
	take_object(b);
	return true;
}

static bool
read_objects(struct bundle *b)
{
	enum json_token t = json_next(b->j, NULL);

	if (t != JSON_ARRAY)
		return json_skip(b->j, t);
	while ((t = json_next(b->j, NULL)) != JSON_ARRAY_END)
		if (t == JSON_OBJECT ? !read_object(b) : !json_skip(b->j, t))
			return false;
	return true;
}

static bool
read_bundle(struct bundle *b)
{
	enum json_token t = json_next(b->j, NULL);
	struct str s;

	if (t != JSON_OBJECT)
		return t != JSON_ERROR;
	while ((t = json_next(b->j, &s)) == JSON_KEY) {
		if (str_is(s, "objects")) {
			if (!read_objects(b))
				return false;
			continue;
		}
		bool type = str_is(s, "type");

		t = json_next(b->j, &s);
		if (type && t == JSON_STRING)
			b->is_bundle = str_is(s, "bundle");
		else if (!json_skip(b->j, t))
			return false;
	}
	return t == JSON_OBJECT_END && json_next(b->j, NULL) == JSON_END;
}

static void
name_set(struct bundle *b, const char *path, size_t first_campaign)
{
	struct indicators *x = b->x;
	struct indicator_set *s = &x->sets[b->set];
	size_t n = x->ncampaigns - first_campaign;
	const char **v = arena_alloc(&x->arena, n + 1, sizeof(*v));

	for (size_t i = 0; v != NULL && i < n; i++)
		v[i] = x->campaigns[first_campaign + i].name;
	s->campaigns = v;
	s->file = arena_strdup(&x->arena, str_basename(str_from(path)));
	s->name = n == 1 ? x->campaigns[first_campaign].name : s->file;
}

static enum err
load_file(struct indicators *x, const char *path, bool shipped, struct why *why)
{
	struct bundle b = { .x = x, .set = (uint32_t)x->nsets };
	size_t first = x->ncampaigns;
	uint8_t sum[SHA256_SIZE];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err e = ERR_OK;

	if (fd < 0)
		return why_set(why, ERR_IO, "%s: cannot be opened: %s", path,
		    strerror(errno));
	x->sets =
	    indicators_grow(x->sets, x->nsets, &x->sets_cap, sizeof(*x->sets));
	x->sets[x->nsets++] = (struct indicator_set){ .newest_ns = TSTAMP_NONE,
		.shipped = shipped };
	x->sets[b.set].file =
	    arena_strdup(&x->arena, str_basename(str_from(path)));
	for (size_t i = 0; i < KEY_COUNT; i++)
		buf_init(&b.text[i], LIMIT_JSON_STRING);
	b.j = json_stream_new(fd);
	if (!read_bundle(&b))
		e = why_set(why, ERR_FORMAT,
		    "%s: is not a whole STIX 2.1 bundle: %s; get it again",
		    path, json_stream_why(b.j));
	else if (!b.is_bundle)
		e = why_set(why, ERR_FORMAT,
		    "%s: is JSON, but no STIX bundle (its \"type\" is not "
		    "\"bundle\"); export the indicators as STIX 2.1",
		    path);
	tie_up(&b);
	json_stream_hash(b.j, sum);
	(void)hex_encode(sum, sizeof(sum), x->sets[b.set].sha256);
	name_set(&b, path, first);
	json_stream_free(b.j);
	for (size_t i = 0; i < KEY_COUNT; i++)
		buf_done(&b.text[i]);
	free(b.known);
	free(b.slots);
	free(b.named);
	free(b.pairs);
	free(b.refs);
	free(b.here);
	(void)close(fd);
	return e;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum err
load_dir(struct indicators *x, const char *path, bool shipped, unsigned depth,
    struct why *why)
{
	struct dirent **v = NULL;
	int n = scandir(path, &v, NULL, by_name);
	enum err e = ERR_OK;
	struct stat st;

	if (n < 0)
		return why_set(why, ERR_IO, "%s: cannot be read: %s", path,
		    strerror(errno));
	for (int i = 0; i < n; i++) {
		struct str name = str_from(v[i]->d_name);
		char *full =
		    arena_printf(&x->arena, "%s/%s", path, v[i]->d_name);

		if (e != ERR_OK || full == NULL || str_is(name, ".") ||
		    str_is(name, "..") || stat(full, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode) && depth < LIMIT_JSON_DEPTH)
			e = load_dir(x, full, shipped, depth + 1, why);
		else if (str_ends(name, ".stix2") || str_ends(name, ".stix") ||
			 str_ends(name, ".json"))
			e = load_file(x, full, shipped, why);
		else {
			x->skipped = indicators_grow(x->skipped, x->nskipped,
			    &x->skipped_cap, sizeof(*x->skipped));
			x->skipped[x->nskipped++] = full;
		}
	}
	for (int i = 0; i < n; i++)
		free(v[i]);
	free(v);
	return e;
}

enum err
indicators_load(
    struct indicators *x, const char *path, bool shipped, struct why *why)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return why_set(why, ERR_IO, "%s: cannot be opened: %s", path,
		    strerror(errno));
	return S_ISDIR(st.st_mode) ? load_dir(x, path, shipped, 0, why)
				   : load_file(x, path, shipped, why);
}

enum err
indicators_load_shipped(struct indicators *x, struct why *why)
{
	static const char *const below[] = { "/../../indicators",
		"/../share/telassay/indicators" };
	char exe[LIMIT_PATH], dir[LIMIT_PATH + 64];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	struct str path = { .p = exe, .n = n > 0 ? (size_t)n : 0 };
	struct stat st;

	path.n = str_rfind(path, '/');
	for (size_t i = 0; n > 0 && i < 2; i++) {
		memcpy(dir, path.p, path.n);
		memcpy(dir + path.n, below[i], strlen(below[i]) + 1);
		if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
			return indicators_load(x, dir, true, why);
	}
	return why_set(why, ERR_ABSENT,
	    "the shipped indicators are not beside the program");
}
