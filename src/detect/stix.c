#include <stdlib.h>
#include <string.h>

#include "indicators_impl.h"
#include "limits.h"
#include "tstamp.h"

/*
 * A STIX 2.0 or 2.1 bundle (OASIS): {"type": "bundle", "objects": [...]}. Its
 * objects may come in any order and their properties too, so an object is
 * gathered first and used at its end. Dates and weights that STIX does not
 * have are custom properties, with or without the prefix x_ or x_telassay_,
 * on an indicator or on what it belongs to:
 *   published             when the value became public
 *   infrastructure_until  until when an address served the campaign
 *   shared, hijacked      others use the value too
 *   source, licence       (with the prefix only) for the set
 */
enum prop {
	PROP_NONE,
	PROP_TYPE,
	PROP_ID,
	PROP_PATTERN,
	PROP_PATTERN_TYPE,
	PROP_NAME,
	PROP_DATE, /* only for the newest date of the set */
	PROP_VALID_UNTIL,
	PROP_REVOKED,
	PROP_SOURCE_REF,
	PROP_TARGET_REF,
	PROP_OBJECT_REFS,
	PROP_EXTENSIONS,
	PROP_OBJECTS,
	PROP_PUBLISHED,
	PROP_UNTIL,
	PROP_SHARED,
	PROP_HIJACKED,
	PROP_SOURCE,
	PROP_LICENCE,
};

#define NAME(s, p)                                                             \
	{                                                                      \
		.name = (s), .n = sizeof(s) - 1, .prop = (p)                   \
	}

static const struct prop_name {
	const char *name;
	size_t n;
	enum prop prop;
} props[] = {
	NAME("type", PROP_TYPE),
	NAME("id", PROP_ID),
	NAME("pattern", PROP_PATTERN),
	NAME("pattern_type", PROP_PATTERN_TYPE),
	NAME("name", PROP_NAME),
	NAME("valid_from", PROP_DATE),
	NAME("created", PROP_DATE),
	NAME("modified", PROP_DATE),
	NAME("valid_until", PROP_VALID_UNTIL),
	NAME("revoked", PROP_REVOKED),
	NAME("source_ref", PROP_SOURCE_REF),
	NAME("target_ref", PROP_TARGET_REF),
	NAME("object_refs", PROP_OBJECT_REFS),
	NAME("extensions", PROP_EXTENSIONS),
	NAME("objects", PROP_OBJECTS),
}, customs[] = {
	NAME("published", PROP_PUBLISHED),
	NAME("infrastructure_until", PROP_UNTIL),
	NAME("shared", PROP_SHARED),
	NAME("hijacked", PROP_HIJACKED),
}, ours[] = {
	NAME("source", PROP_SOURCE),
	NAME("licence", PROP_LICENCE),
};

/* What one object says. */
struct gather {
	enum stix_type type;
	bool has_type;
	bool other_pattern; /* pattern_type is not "stix" */
	bool has_pattern, revoked;
	struct stix_key id, source_ref, target_ref;
	unsigned flags;
	int64_t published_ns, until_ns, valid_until_ns, date_ns;
};

/* Many objects of a bundle have the same dates: the last one is kept. */
struct date {
	size_t n;
	char text[48];
	int64_t ns;
};

struct bundle {
	struct indicators *x;
	struct json_stream *js;
	uint32_t set;
	bool is_bundle, has_type;
	bool full;	 /* a limit of the tables was reached */
	struct gather g; /* the object at hand, with its texts: */
	struct buf pattern, name, source, licence, pattern_type;
	struct vec32 refs, uses;
	struct date date;
	struct buf what; /* the "type" that is no bundle */
};

static enum prop
find_in(struct str key, const struct prop_name *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (key.n == v[i].n && memcmp(key.p, v[i].name, key.n) == 0)
			return v[i].prop;
	return PROP_NONE;
}

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

static enum prop
find_prop(struct str key)
{
	enum prop p = find_in(key, props, COUNT(props));

	if (p != PROP_NONE)
		return p;
	if (str_starts(key, "x_"))
		key = str_sub(key, 2, key.n);
	if (str_starts(key, "telassay_")) {
		key = str_sub(key, 9, key.n);
		p = find_in(key, ours, COUNT(ours));
	}
	return p != PROP_NONE ? p : find_in(key, customs, COUNT(customs));
}

/* Passes over the rest of what tok opened, if it opened something. */
static bool
leave(struct bundle *b, enum json_tok tok)
{
	size_t depth = tok == JSON_OBJECT || tok == JSON_ARRAY;
	struct str text;

	while (depth > 0 && tok != JSON_ERROR) {
		tok = json_next(b->js, &text);
		if (tok == JSON_OBJECT || tok == JSON_ARRAY)
			depth++;
		if (tok == JSON_OBJECT_END || tok == JSON_ARRAY_END)
			depth--;
	}
	return tok != JSON_ERROR;
}

/* The value at hand as text; *is says whether it was one. False: a fault. */
static bool
text_value(struct bundle *b, struct str *text, bool *is)
{
	enum json_tok tok = json_next(b->js, text);

	*is = tok == JSON_STRING;
	return *is || leave(b, tok);
}

static bool
bool_value(struct bundle *b, bool *out)
{
	struct str text;
	enum json_tok tok = json_next(b->js, &text);

	*out = tok == JSON_TRUE || (tok == JSON_STRING && str_is(text, "true"));
	return leave(b, tok);
}

static int64_t
to_date(struct date *last, struct str s)
{
	if (s.n >= sizeof(last->text))
		return TSTAMP_NONE;
	if (last->n == s.n && memcmp(last->text, s.p, s.n) == 0)
		return last->ns;
	memcpy(last->text, s.p, s.n);
	last->text[s.n] = '\0';
	last->n = s.n;
	if (!tstamp_parse(last->text, &last->ns))
		last->ns = TSTAMP_NONE;
	return last->ns;
}

/* A date without a time of day means until the end of that day. */
static int64_t
to_end(struct date *last, struct str s)
{
	const int64_t day = INT64_C(86400) * 1000000000;
	int64_t ns = to_date(last, s);

	return ns != TSTAMP_NONE && s.n == 10 ? ns + day - 1 : ns;
}

static void
keep(struct buf *b, struct str s)
{
	buf_reset(b);
	buf_str(b, str_sub(s, 0, b->max));
}

static uint32_t
id_of(struct bundle *b, const struct stix_key *key)
{
	uint32_t id = stix_id(&b->x->ids, key);

	b->full = b->full || (key->set && id == UINT32_MAX);
	return id;
}

/* The ids of object_refs; those of other objects than reports are not kept. */
static bool
read_refs(struct bundle *b)
{
	struct str text;
	enum json_tok tok = json_next(b->js, &text);

	if (tok != JSON_ARRAY || (b->g.has_type && b->g.type != STIX_REPORT))
		return leave(b, tok);
	while ((tok = json_next(b->js, &text)) != JSON_ARRAY_END) {
		struct stix_key key;

		if (tok == JSON_STRING) {
			key = stix_key(&b->x->ids, text);
			vec32_add(&b->refs, id_of(b, &key));
		} else if (!leave(b, tok)) {
			return false;
		}
	}
	return true;
}

static void
take_text(struct bundle *b, enum prop p, struct str text)
{
	struct gather *g = &b->g;
	int64_t ns;

	switch (p) {
	case PROP_TYPE:
		g->type = stix_type_of(text);
		g->has_type = true;
		break;
	case PROP_ID:
		/* Nothing refers to a relationship. */
		if (g->type == STIX_RELATIONSHIP)
			break;
		g->id = stix_key(&b->x->ids, text);
		break;
	case PROP_PATTERN:
		g->has_pattern = true;
		keep(&b->pattern, text);
		break;
	case PROP_PATTERN_TYPE:
		g->other_pattern = !str_is(text, "stix");
		if (g->other_pattern)
			keep(&b->pattern_type, text);
		break;
	case PROP_NAME:
		keep(&b->name, text);
		break;
	case PROP_DATE:
		/* Of a million relationships nobody wants to know. */
		if (g->has_type && g->type != STIX_INDICATOR)
			break;
		ns = to_date(&b->date, text);
		if (ns > g->date_ns)
			g->date_ns = ns;
		break;
	case PROP_VALID_UNTIL:
		g->valid_until_ns = to_end(&b->date, text);
		break;
	case PROP_SOURCE_REF:
		g->source_ref = stix_key(&b->x->ids, text);
		break;
	case PROP_TARGET_REF:
		g->target_ref = stix_key(&b->x->ids, text);
		break;
	case PROP_PUBLISHED:
		g->published_ns = to_date(&b->date, text);
		break;
	case PROP_UNTIL:
		g->until_ns = to_end(&b->date, text);
		break;
	case PROP_SOURCE:
		keep(&b->source, text);
		break;
	case PROP_LICENCE:
		keep(&b->licence, text);
		break;
	case PROP_NONE:
	case PROP_REVOKED:
	case PROP_OBJECT_REFS:
	case PROP_EXTENSIONS:
	case PROP_OBJECTS:
	case PROP_SHARED:
	case PROP_HIJACKED:
		break;
	}
}

static bool read_extensions(struct bundle *b);

static bool
read_prop(struct bundle *b, enum prop p)
{
	struct str text;
	bool is;

	switch (p) {
	case PROP_NONE:
	case PROP_OBJECTS:
		return json_skip(b->js);
	case PROP_OBJECT_REFS:
		return read_refs(b);
	case PROP_EXTENSIONS:
		return read_extensions(b);
	case PROP_REVOKED:
		return bool_value(b, &b->g.revoked);
	case PROP_SHARED:
	case PROP_HIJACKED:
		if (!bool_value(b, &is))
			return false;
		if (is)
			b->g.flags |=
			    p == PROP_SHARED ? ORIGIN_SHARED : ORIGIN_HIJACKED;
		return true;
	case PROP_TYPE:
	case PROP_ID:
	case PROP_PATTERN:
	case PROP_PATTERN_TYPE:
	case PROP_NAME:
	case PROP_DATE:
	case PROP_VALID_UNTIL:
	case PROP_SOURCE_REF:
	case PROP_TARGET_REF:
	case PROP_PUBLISHED:
	case PROP_UNTIL:
	case PROP_SOURCE:
	case PROP_LICENCE:
		if (!text_value(b, &text, &is))
			return false;
		if (is)
			take_text(b, p, text);
		return true;
	}
	return false;
}

/* {"extension-definition--...": {custom properties}, ...} */
static bool
read_extensions(struct bundle *b)
{
	enum json_tok tok;
	struct str text;

	if ((tok = json_next(b->js, &text)) != JSON_OBJECT)
		return leave(b, tok);
	while ((tok = json_next(b->js, &text)) == JSON_KEY) {
		tok = json_next(b->js, &text);
		if (tok != JSON_OBJECT) {
			if (!leave(b, tok))
				return false;
			continue;
		}
		while ((tok = json_next(b->js, &text)) == JSON_KEY) {
			enum prop p = find_prop(text);

			if (p < PROP_PUBLISHED ? !json_skip(b->js)
					       : !read_prop(b, p))
				return false;
		}
		if (tok != JSON_OBJECT_END)
			return false;
	}
	return tok == JSON_OBJECT_END;
}

/* The number of a fact; the last few are looked at, most are alike. */
static uint32_t
fact_of(struct indicators *x, const struct fact *f)
{
	for (size_t i = 0; i < 8 && i < x->nfacts; i++) {
		const struct fact *o = &x->facts[x->nfacts - 1 - i];

		if (o->published_ns == f->published_ns &&
		    o->until_ns == f->until_ns && o->set == f->set &&
		    o->flags == f->flags)
			return (uint32_t)(x->nfacts - 1 - i);
	}
	if (x->nfacts == x->facts_cap) {
		x->facts_cap = x->facts_cap ? 2 * x->facts_cap : 16;
		x->facts = realloc(x->facts, x->facts_cap * sizeof(*x->facts));
		if (x->facts == NULL)
			abort();
	}
	x->facts[x->nfacts] = *f;
	return (uint32_t)x->nfacts++;
}

static void
add_object(struct bundle *b, const struct vec32 *uses)
{
	struct indicators *x = b->x;
	struct fact f = { .published_ns = b->g.published_ns,
		.until_ns = b->g.until_ns,
		.set = b->set,
		.flags = b->g.flags };
	struct object o = { .id = id_of(b, &b->g.id), .use = uses->v[0] };

	if (f.until_ns == TSTAMP_NONE)
		f.until_ns = b->g.valid_until_ns;
	o.fact = fact_of(x, &f);
	if (uses->n > 1) {
		o.use = OBJECT_MANY | (uint32_t)x->uses.n;
		vec32_add(&x->uses, (uint32_t)uses->n);
		for (size_t i = 0; i < uses->n; i++)
			vec32_add(&x->uses, uses->v[i]);
	}
	if (x->nobjects == x->objects_cap) {
		x->objects_cap =
		    x->objects_cap ? x->objects_cap + x->objects_cap / 2 : 256;
		x->objects =
		    realloc(x->objects, x->objects_cap * sizeof(*x->objects));
		if (x->objects == NULL)
			abort();
	}
	x->objects[x->nobjects++] = o;
}

static void
count_reach(struct set_more *m, const struct reach *r)
{
	struct reach *last = m->reach;

	for (size_t i = 0; i < m->nreach; i++) {
		last = &m->reach[m->nreach - 1 - i];
		if (last->any == r->any && last->any_run == r->any_run &&
		    last->all[0] == r->all[0] && last->all[1] == r->all[1]) {
			last->count++;
			return;
		}
	}
	if (m->nreach == LIMIT_INDICATOR_SHAPES) {
		last->count++;
		return;
	}
	m->reach = realloc(m->reach, (m->nreach + 1) * sizeof(*m->reach));
	if (m->reach == NULL)
		abort();
	m->reach[m->nreach] = *r;
	m->reach[m->nreach++].count = 1;
}

static bool
add_indicator(struct bundle *b)
{
	struct indicators *x = b->x;
	struct indicator_set *set = &x->sets[b->set];
	struct str pattern = buf_text(&b->pattern);
	struct vec32 *uses = &b->uses;
	struct reach reach = { 0 };
	const char *why = NULL;
	int64_t newest =
	    b->g.published_ns != TSTAMP_NONE ? b->g.published_ns : b->g.date_ns;

	uses->n = 0;
	if (!b->g.has_pattern)
		why = "the indicator has no pattern";
	else if (b->g.revoked)
		why = "its publisher has revoked it";
	else if (b->g.other_pattern)
		why = arena_printf(&x->scratch,
		    "pattern type %.40s is not supported, only stix",
		    buf_cstr(&b->pattern_type));
	else if (!compile_pattern(x, pattern, uses, &reach, &why))
		b->full = true;
	if (newest > set->newest_ns && uses->n > 0)
		set->newest_ns = newest;
	if (uses->n > 0) {
		set->loaded++;
		set->by_obs[x->values.v[uses->v[0]].obs]++;
		count_reach(&x->more[b->set], &reach);
		add_object(b, uses);
		if (why != NULL)
			set->partial++;
	} else {
		set->rejected++;
	}
	if (why != NULL)
		indicators_reject(x, set->file, pattern,
		    uses->n == 0
			? why
			: arena_printf(&x->scratch, "used in part: %s", why));
	arena_reset(&x->scratch);
	return !b->full;
}

static const char *
kept(struct bundle *b, struct buf *text)
{
	return text->len > 0 ? arena_strdup(&b->x->text, buf_text(text)) : NULL;
}

/* A malware, campaign or report; its number is what ids are tied to. */
static void
add_named(struct bundle *b)
{
	struct indicators *x = b->x;
	struct indicator_set *set = &x->sets[b->set];
	struct named n = { .name = kept(b, &b->name),
		.source = kept(b, &b->source),
		.licence = kept(b, &b->licence),
		.published_ns = b->g.published_ns,
		.until_ns = b->g.until_ns,
		.set = b->set,
		.flags = b->g.flags };
	uint32_t id;

	if (set->source == NULL)
		set->source = n.source;
	if (set->licence == NULL)
		set->licence = n.licence;
	if (n.name == NULL || (id = id_of(b, &b->g.id)) == UINT32_MAX)
		return;
	if (x->nnamed == x->named_cap) {
		x->named_cap = x->named_cap ? 2 * x->named_cap : 16;
		x->named = realloc(x->named, x->named_cap * sizeof(*x->named));
		if (x->named == NULL)
			abort();
	}
	x->named[x->nnamed++] = n;
	x->ids.v[id].link = (uint32_t)x->nnamed;
	for (size_t i = 0; i < b->refs.n; i++)
		stix_id_tie(&x->ids, b->refs.v[i], id);
}

static bool
end_object(struct bundle *b)
{
	struct stix_ids *ids = &b->x->ids;
	uint32_t source, target;

	switch (b->g.type) {
	case STIX_INDICATOR:
		return add_indicator(b);
	case STIX_RELATIONSHIP:
		source = id_of(b, &b->g.source_ref);
		target = id_of(b, &b->g.target_ref);
		stix_id_tie(ids, source, target);
		stix_id_tie(ids, target, source);
		return true;
	case STIX_REPORT:
	case STIX_CAMPAIGN:
	case STIX_MALWARE:
	case STIX_TOOL:
	case STIX_INTRUSION_SET:
	case STIX_THREAT_ACTOR:
		add_named(b);
		return true;
	case STIX_NAMED:
	case STIX_OTHER:
		return true;
	}
	return true;
}

static void
begin_object(struct bundle *b)
{
	b->g = (struct gather){
		.type = STIX_OTHER,
		.published_ns = TSTAMP_NONE,
		.until_ns = TSTAMP_NONE,
		.valid_until_ns = TSTAMP_NONE,
		.date_ns = TSTAMP_NONE,
	};
	b->refs.n = 0;
	buf_reset(&b->pattern);
	buf_reset(&b->name);
	buf_reset(&b->source);
	buf_reset(&b->licence);
}

/* Behind its opening brace. */
static bool
read_object(struct bundle *b)
{
	enum json_tok tok;
	struct str key;

	begin_object(b);
	while ((tok = json_next(b->js, &key)) == JSON_KEY)
		if (!read_prop(b, find_prop(key)))
			return false;
	return tok == JSON_OBJECT_END && end_object(b) && !b->full;
}

static bool
read_objects(struct bundle *b)
{
	struct str text;
	enum json_tok tok = json_next(b->js, &text);

	if (tok != JSON_ARRAY)
		return leave(b, tok);
	while ((tok = json_next(b->js, &text)) != JSON_ARRAY_END)
		if (tok == JSON_OBJECT ? !read_object(b) : !leave(b, tok))
			return false;
	return true;
}

static bool
read_type(struct bundle *b)
{
	struct str text;
	bool is;

	if (!text_value(b, &text, &is))
		return false;
	b->has_type = is;
	b->is_bundle = is && str_is(text, "bundle");
	if (is && !b->is_bundle)
		keep(&b->what, str_sub(text, 0, 60));
	return true;
}

/* Source and licence may stand on the bundle itself; they go before others. */
static bool
read_bundle_text(struct bundle *b, enum prop p)
{
	struct indicator_set *set = &b->x->sets[b->set];
	struct str text;
	bool is;

	if (!text_value(b, &text, &is))
		return false;
	if (is && p == PROP_SOURCE)
		set->source = arena_strdup(&b->x->text, text);
	if (is && p == PROP_LICENCE)
		set->licence = arena_strdup(&b->x->text, text);
	return true;
}

static bool
read_bundle(struct bundle *b)
{
	struct str text;
	enum json_tok tok = json_next(b->js, &text);

	if (tok != JSON_OBJECT)
		return leave(b, tok) && json_next(b->js, &text) == JSON_END;
	while ((tok = json_next(b->js, &text)) == JSON_KEY) {
		enum prop p = find_prop(text);
		bool ok;

		if (p == PROP_TYPE)
			ok = read_type(b);
		else if (p == PROP_OBJECTS)
			ok = read_objects(b);
		else if (p == PROP_SOURCE || p == PROP_LICENCE)
			ok = read_bundle_text(b, p);
		else
			ok = json_skip(b->js);
		if (!ok)
			return false;
	}
	return tok == JSON_OBJECT_END && json_next(b->js, &text) == JSON_END;
}

static enum err
faulty(const struct bundle *b, const char *path, struct why *why)
{
	struct json_fault f = json_fault(b->js);
	const char *todo = "export it again as a STIX 2.1 bundle (JSON)";

	if (b->full || f.limit)
		return why_set(why, ERR_LIMIT,
		    "%s: %s; split the file, or leave out what is not needed",
		    path,
		    b->full ? "holds more indicators than the built-in limit"
			    : f.what);
	if (f.cut)
		todo = "it was not copied or downloaded to its end: fetch it "
		       "again";
	else if (f.what != NULL && strstr(f.what, "UTF-8") != NULL)
		todo = "convert it to UTF-8";
	if (f.io)
		return why_set(why, ERR_IO, "%s: %s (byte %llu)", path, f.what,
		    (unsigned long long)f.off);
	return why_set(why, ERR_FORMAT, "%s: %s (line %llu, byte %llu); %s",
	    path, f.what ? f.what : "not JSON", (unsigned long long)f.line,
	    (unsigned long long)f.off, todo);
}

static enum err
not_bundle(struct bundle *b, const char *path, struct why *why)
{
	if (b->has_type)
		return why_set(why, ERR_FORMAT,
		    "%s: is JSON but no STIX bundle: its \"type\" is \"%s\"; "
		    "export it as a STIX 2.1 bundle",
		    path, buf_cstr(&b->what));
	return why_set(why, ERR_FORMAT,
	    "%s: is JSON but no STIX bundle: \"type\": \"bundle\" is missing "
	    "at its top; export it as a STIX 2.1 bundle",
	    path);
}

enum err
stix_load(struct indicators *x, const char *path, const struct json_in *in,
    struct why *why)
{
	struct bundle b = { .x = x, .set = (uint32_t)x->nsets - 1 };
	enum err e = ERR_OK;

	b.js = json_stream_new(in);
	buf_init(&b.pattern, LIMIT_JSON_STRING);
	buf_init(&b.name, LIMIT_INDICATOR_NAME);
	buf_init(&b.source, LIMIT_INDICATOR_NAME);
	buf_init(&b.licence, LIMIT_INDICATOR_NAME);
	buf_init(&b.pattern_type, LIMIT_INDICATOR_NAME);
	buf_init(&b.what, LIMIT_INDICATOR_NAME);
	if (!read_bundle(&b))
		e = faulty(&b, path, why);
	else if (!b.is_bundle)
		e = not_bundle(&b, path, why);
	json_stream_free(b.js);
	buf_done(&b.pattern);
	buf_done(&b.name);
	buf_done(&b.source);
	buf_done(&b.licence);
	buf_done(&b.pattern_type);
	buf_done(&b.what);
	free(b.refs.v);
	free(b.uses.v);
	return e;
}
