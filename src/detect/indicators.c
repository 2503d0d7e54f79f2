#include "indicators.h"

#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "indicators_impl.h"
#include "limits.h"

void *
indicators_grow(void *v, size_t n, size_t *cap, size_t size)
{
	size_t want;

	if (n < *cap)
		return v;
	/* By half: large blocks are moved by the kernel, not copied. */
	want = *cap < 16 ? 16 : *cap + *cap / 2;
	v = reallocarray(v, want, size);
	if (v == NULL)
		abort();
	*cap = want;
	return v;
}

struct indicators *
indicators_new(void)
{
	struct indicators *x = calloc(1, sizeof(*x));

	if (x == NULL)
		abort();
	arena_init(&x->arena, LIMIT_INDICATOR_TEXT);
	x->nslots = 1024;
	x->slots = malloc(x->nslots * sizeof(*x->slots));
	x->hashes = calloc(x->nslots, sizeof(*x->hashes));
	x->match = pcre2_match_data_create(1, NULL);
	x->match_limits = pcre2_match_context_create(NULL);
	if (x->slots == NULL || x->hashes == NULL || x->match == NULL ||
	    x->match_limits == NULL)
		abort();
	memset(x->slots, 0xff, x->nslots * sizeof(*x->slots));
	pcre2_set_match_limit(x->match_limits, LIMIT_REGEX_STEPS);
	pcre2_set_depth_limit(x->match_limits, LIMIT_REGEX_STEPS);
	return x;
}

void
indicators_free(struct indicators *x)
{
	if (x == NULL)
		return;
	for (size_t i = 0; i < x->nslow; i++)
		pcre2_code_free(x->slow[i].code);
	for (size_t i = 0; i < x->nconjs; i++)
		for (size_t j = 0; j < x->conjs[i].alt->n; j++)
			pcre2_code_free(x->conjs[i].code[j]);
	pcre2_match_data_free(x->match);
	pcre2_match_context_free(x->match_limits);
	free(x->pool);
	free(x->inds);
	free(x->members);
	free(x->attrs);
	free(x->campaigns);
	free(x->sets);
	free(x->rejected);
	free(x->skipped);
	free(x->slow);
	free(x->conjs);
	free(x->slots);
	free(x->hashes);
	free(x->processes);
	arena_done(&x->arena);
	free(x);
}

uint32_t
indicators_hash(enum obs obs, struct str key)
{
	uint64_t h = indicators_hash_start(obs);

	if (obs == OBS_PATH) {
		for (size_t i = 0; i < key.n; i++)
			h = indicators_hash_step(h, key.p[i]);
		return indicators_hash_end(h);
	}
	for (size_t i = key.n; i > 0; i--)
		h = indicators_hash_step(h, key.p[i - 1]);
	return indicators_hash_end(h);
}

static bool
same_key(const struct indicators *x, uint32_t i, enum obs obs, struct str key)
{
	const char *have = x->pool + x->inds[i].norm;

	/* The pool never ends inside: a NUL or 16 bytes stand behind. */
	return x->inds[i].obs == obs &&
	       key.n <= x->pool_len - x->inds[i].norm &&
	       memcmp(have, key.p, key.n) == 0 &&
	       (obs == OBS_IP || have[key.n] == '\0');
}

uint32_t
indicators_find(
    const struct indicators *x, enum obs obs, struct str key, uint32_t hash)
{
	size_t mask = x->nslots - 1;

	for (size_t at = hash & mask; x->slots[at] != NONE;
	     at = (at + 1) & mask)
		if (x->hashes[at] == hash &&
		    same_key(x, x->slots[at], obs, key))
			return x->slots[at];
	return NONE;
}

static void
put_slot(struct indicators *x, uint32_t ind, uint32_t hash)
{
	size_t mask = x->nslots - 1, at = hash & mask;

	while (x->slots[at] != NONE)
		at = (at + 1) & mask;
	x->slots[at] = ind;
	x->hashes[at] = hash;
	x->nused++;
}

static void
grow_slots(struct indicators *x)
{
	uint32_t *slots = x->slots, *hashes = x->hashes;
	size_t n = x->nslots;

	x->nslots *= 2;
	x->nused = 0;
	x->slots = malloc(x->nslots * sizeof(*x->slots));
	x->hashes = malloc(x->nslots * sizeof(*x->hashes));
	if (x->slots == NULL || x->hashes == NULL)
		abort();
	memset(x->slots, 0xff, x->nslots * sizeof(*x->slots));
	for (size_t i = 0; i < n; i++)
		if (slots[i] != NONE)
			put_slot(x, slots[i], hashes[i]);
	free(slots);
	free(hashes);
}

static uint32_t
pool_add(struct indicators *x, struct str s)
{
	uint32_t at = (uint32_t)x->pool_len;

	while (x->pool_cap - x->pool_len < s.n + 1) {
		x->pool_cap += x->pool_cap / 2 + 4096;
		if ((x->pool = realloc(x->pool, x->pool_cap)) == NULL)
			abort();
	}
	if (s.n > 0)
		memcpy(x->pool + x->pool_len, s.p, s.n);
	x->pool[x->pool_len + s.n] = '\0';
	x->pool_len += s.n + 1;
	return at;
}

static uint32_t
attrs_add(struct indicators *x, const struct indicator_new *in)
{
	if (in->published_ns == TSTAMP_NONE && in->until_ns == TSTAMP_NONE)
		return NONE;
	/* Objects of one set mostly say the same. */
	for (size_t i = x->nattrs; i > 0 && i + 8 > x->nattrs; i--)
		if (x->attrs[i - 1].published_ns == in->published_ns &&
		    x->attrs[i - 1].until_ns == in->until_ns)
			return (uint32_t)(i - 1);
	x->attrs = indicators_grow(
	    x->attrs, x->nattrs, &x->attrs_cap, sizeof(*x->attrs));
	x->attrs[x->nattrs] = (struct attrs){ .published_ns = in->published_ns,
		.until_ns = in->until_ns };
	return (uint32_t)x->nattrs++;
}

static uint32_t
ind_new(struct indicators *x, const struct indicator_new *in, enum obs obs,
    struct str value)
{
	struct ind *i;

	x->inds =
	    indicators_grow(x->inds, x->ninds, &x->inds_cap, sizeof(*x->inds));
	i = &x->inds[x->ninds];
	*i = (struct ind){ .members = NONE,
		.obs = (uint8_t)obs,
		.attrs = attrs_add(x, in),
		.flags = (uint8_t)((in->shared ? IND_SHARED : 0) |
				   (in->hijacked ? IND_HIJACKED : 0)) };
	i->value = i->norm = pool_add(x, value);
	return (uint32_t)x->ninds++;
}

/* Puts ind into the set that in names. */
static void
join(struct indicators *x, const struct indicator_new *in, uint32_t ind)
{
	x->members = indicators_grow(
	    x->members, x->nmembers, &x->members_cap, sizeof(*x->members));
	x->members[x->nmembers] = (struct member){
		.next = x->inds[ind].members, .campaign = NONE, .set = in->set
	};
	x->inds[ind].members = (uint32_t)x->nmembers++;
}

static pcre2_code *
compile(struct str pattern, const char **why)
{
	PCRE2_SIZE at;
	pcre2_code *code;
	int e;

	code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
	    PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &e,
	    &at, NULL);
	if (code == NULL)
		*why = "its regular expression does not compile";
	return code;
}

/*
 * LIKE (% any run, _ one character) and path globs (* any run without '/') as
 * a regular expression over the whole value.
 */
static pcre2_code *
compile_wild(struct str s, bool like, const char **why)
{
	struct buf b;
	pcre2_code *code;

	buf_init(&b, LIMIT_JSON_STRING);
	buf_puts(&b, "\\A(?s:");
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (like && c == '%')
			buf_puts(&b, ".*");
		else if (like && c == '_')
			buf_puts(&b, ".");
		else if (!like && c == '*')
			buf_puts(&b, "[^/]*");
		else if ((uint8_t)c < 0x80 && (c < '0' || c > '9') &&
			 (ascii_lower(c) < 'a' || ascii_lower(c) > 'z'))
			buf_printf(&b, "\\x%02x", (unsigned)(uint8_t)c);
		else
			buf_u8(&b, (uint8_t)c);
	}
	buf_puts(&b, like ? ")\\z" : ")(?:/|\\z)");
	code = compile(buf_text(&b), why);
	buf_done(&b);
	return code;
}

bool
indicators_regex(
    const struct indicators *x, const pcre2_code *code, struct str s)
{
	return pcre2_match(code, (PCRE2_SPTR)s.p, s.n, 0, 0, x->match,
		   x->match_limits) >= 0;
}

static pcre2_code *
compile_term(const struct term *t, const char **why)
{
	if (t->op == TERM_MATCHES)
		return compile(t->value, why);
	return compile_wild(t->value, t->op == TERM_LIKE, why);
}

/* "10.0.0.0/8": the address and how many of its 128 bits count. */
static bool
range_parse(struct str s, struct slow *out)
{
	size_t slash = str_find(s, '/'), at = slash + 1;
	unsigned bits = 0;

	if (slash == s.n || at == s.n || s.n - at > 3)
		return false;
	for (; at < s.n; at++) {
		if (s.p[at] < '0' || s.p[at] > '9')
			return false;
		bits = bits * 10 + (unsigned)(s.p[at] - '0');
	}
	if (!ip_parse(str_sub(s, 0, slash), out->net))
		return false;
	if (str_find(s, ':') >= slash)
		bits += 96;
	out->bits = bits;
	return bits <= 128;
}

static bool
add_slow(struct indicators *x, const struct indicator_new *in,
    const struct term *t, const char **why)
{
	struct slow s = { .obs = t->obs };

	if (x->nslow == LIMIT_SLOW_INDICATORS) {
		*why = "there are too many patterns to try one by one";
		return false;
	}
	if (t->obs == OBS_IP && t->op == TERM_EQUAL) {
		if (!range_parse(t->value, &s)) {
			*why = "its value is not an address";
			return false;
		}
	} else if ((s.code = compile_term(t, why)) == NULL) {
		return false;
	}
	s.ind = ind_new(x, in, t->obs, t->value);
	x->inds[s.ind].flags |= IND_SLOW;
	x->slow =
	    indicators_grow(x->slow, x->nslow, &x->slow_cap, sizeof(*x->slow));
	x->slow[x->nslow++] = s;
	join(x, in, s.ind);
	return true;
}

/* What a published value really is, whatever it was published as. */
static enum obs
real_obs(const struct term *t)
{
	uint8_t ip[16];

	if (t->obs != OBS_DOMAIN)
		return t->obs;
	if (ip_parse(t->value, ip))
		return OBS_IP;
	/* "host/path" as a domain: the path must not be lost. */
	return str_find(t->value, '/') < t->value.n ? OBS_URL : OBS_DOMAIN;
}

static bool
add_equal(struct indicators *x, const struct indicator_new *in,
    const struct term *t, const char **why)
{
	enum obs obs = real_obs(t);
	struct buf norm;
	uint32_t hash, i;
	bool ok;

	buf_init(&norm, LIMIT_JSON_STRING);
	ok = indicators_norm(obs, t->value, &norm);
	if (!ok) {
		*why = arena_printf(
		    &x->arena, "its value is not a valid %s", obs_name(obs));
		buf_done(&norm);
		return false;
	}
	hash = indicators_hash(obs, buf_text(&norm));
	i = indicators_find(x, obs, buf_text(&norm), hash);
	if (i == NONE) {
		i = ind_new(x, in, obs, t->value);
		if (!str_eq(buf_text(&norm), t->value))
			x->inds[i].norm = pool_add(x, buf_text(&norm));
		if (obs == OBS_IP && t->obs == OBS_DOMAIN)
			x->inds[i].flags |= IND_IP_AS_NAME;
		if (2 * (x->nused + 1) > x->nslots)
			grow_slots(x);
		put_slot(x, i, hash);
		x->obs_mask |= 1U << obs;
	}
	join(x, in, i);
	buf_done(&norm);
	return true;
}

static bool
add_all_terms(struct indicators *x, const struct indicator_new *in,
    const struct alternative *alt, const char **why)
{
	struct conj c = { .alt = alt };

	if (x->nconjs == LIMIT_SLOW_INDICATORS) {
		*why = "there are too many patterns to try one by one";
		return false;
	}
	c.code = arena_alloc(&x->arena, alt->n, sizeof(pcre2_code *));
	for (size_t i = 0; c.code != NULL && i < alt->n; i++) {
		if (alt->terms[i].op == TERM_EQUAL)
			continue;
		c.code[i] = compile_term(&alt->terms[i], why);
		if (c.code[i] == NULL)
			return false;
	}
	if (c.code == NULL) {
		*why = "the indicators take too much memory";
		return false;
	}
	c.ind = ind_new(x, in, alt->terms[0].obs, in->pattern);
	x->inds[c.ind].flags |= IND_ALL_TERMS;
	x->conjs = indicators_grow(
	    x->conjs, x->nconjs, &x->conjs_cap, sizeof(*x->conjs));
	x->conjs[x->nconjs++] = c;
	join(x, in, c.ind);
	return true;
}

static bool
add_alternative(struct indicators *x, const struct indicator_new *in,
    const struct alternative *alt, const char **why)
{
	const struct term *t = &alt->terms[0];
	bool glob;

	if (alt->n > 1)
		return add_all_terms(x, in, alt, why);
	glob = t->obs == OBS_PATH && str_find(t->value, '*') < t->value.n;
	if (t->op != TERM_EQUAL || glob ||
	    (t->obs == OBS_IP && str_find(t->value, '/') < t->value.n))
		return add_slow(x, in, t, why);
	return add_equal(x, in, t, why);
}

static void
reject(struct indicators *x, const struct indicator_new *in, const char *why)
{
	struct indicator_set *s = &x->sets[in->set];

	s->rejected++;
	if (x->nrejected >= LIMIT_REJECTED_NAMED)
		return;
	x->rejected = indicators_grow(
	    x->rejected, x->nrejected, &x->rejected_cap, sizeof(*x->rejected));
	x->rejected[x->nrejected++] = (struct indicator_rejected){
		.set = s->file,
		.pattern = arena_strdup(
		    &x->arena, str_sub(in->pattern, 0, LIMIT_PATTERN_SHOWN)),
		.why = arena_strdup(&x->arena, str_from(why)),
	};
}

/*
 * The plain form in which nearly all patterns are written, [path='value'],
 * without an arena: a million of them are read at every check.
 */
static bool
plain_pattern(struct str s, struct term *out)
{
	static const struct str domain = { "[domain-name:value='", 20 };

	if (s.n < domain.n + 3 || !str_eq(str_sub(s, 0, domain.n), domain) ||
	    s.p[s.n - 1] != ']' || s.p[s.n - 2] != '\'')
		return false;
	*out = (struct term){ .obs = OBS_DOMAIN,
		.value = str_sub(s, domain.n, s.n - 2) };
	return memchr(out->value.p, '\'', out->value.n) == NULL &&
	       memchr(out->value.p, '\\', out->value.n) == NULL;
}

void
indicators_add(struct indicators *x, const struct indicator_new *in,
    uint32_t *first, uint32_t *n)
{
	const char *why = NULL;
	struct arena own, *a = &own;
	struct pattern p = { 0 };
	struct term plain;
	bool some = false;

	*first = (uint32_t)x->nmembers;
	arena_init(&own, LIMIT_INDICATOR_TEXT);
	if (plain_pattern(in->pattern, &plain)) {
		some = add_equal(x, in, &plain, &why);
		if (some)
			x->sets[in->set].by_obs[real_obs(&plain)]++;
	} else if (pattern_parse(in->pattern, a, &p, &why)) {
		for (size_t i = 0; i < p.n; i++)
			if (p.alts[i].n > 1) {
				/* Its terms must outlive this call. */
				struct str copy =
				    arena_str(&x->arena, in->pattern);

				if (!pattern_parse(copy, &x->arena, &p, &why))
					p.n = 0;
				break;
			}
		for (size_t i = 0; i < p.n; i++)
			some |= add_alternative(x, in, &p.alts[i], &why);
		if (some)
			x->sets[in->set]
			    .by_obs[real_obs(&p.alts[0].terms[0])]++;
	}
	*n = (uint32_t)x->nmembers - *first;
	if (some)
		x->sets[in->set].loaded++;
	else
		reject(x, in, why ? why : "it is not a pattern");
	arena_done(&own);
}

static int
cmp_process(const void *a, const void *b, void *arg)
{
	const struct indicators *x = arg;

	return strcmp(x->pool + x->inds[*(const uint32_t *)a].norm,
	    x->pool + x->inds[*(const uint32_t *)b].norm);
}

void
indicators_seal(struct indicators *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->ninds; i++)
		n += x->inds[i].obs == OBS_PROCESS &&
		     (x->inds[i].flags & (IND_SLOW | IND_ALL_TERMS)) == 0;
	x->processes = calloc(n ? n : 1, sizeof(*x->processes));
	if (x->processes == NULL)
		abort();
	for (uint32_t i = 0; i < x->ninds; i++)
		if (x->inds[i].obs == OBS_PROCESS &&
		    (x->inds[i].flags & (IND_SLOW | IND_ALL_TERMS)) == 0)
			x->processes[x->nprocesses++] = i;
	qsort_r(x->processes, n, sizeof(*x->processes), cmp_process, x);
	x->sealed = true;
}

size_t
indicators_sets(const struct indicators *x, const struct indicator_set **out)
{
	*out = x->sets;
	return x->nsets;
}

size_t
indicators_rejected(
    const struct indicators *x, const struct indicator_rejected **out)
{
	*out = x->rejected;
	return x->nrejected;
}

size_t
indicators_skipped(const struct indicators *x, const char *const **out)
{
	*out = x->skipped;
	return x->nskipped;
}

size_t
indicators_count(const struct indicators *x)
{
	return x->ninds;
}

size_t
indicators_campaigns(const struct indicators *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->ncampaigns; i++) {
		bool seen = false;

		for (size_t j = 0; j < i && !seen; j++)
			seen = strcmp(x->campaigns[i].name,
				   x->campaigns[j].name) == 0;
		n += !seen;
	}
	return n;
}

size_t
indicators_applicable(const struct indicators *x, size_t set, uint32_t obs_mask,
    bool has_execution)
{
	static const uint32_t hosts = 1U << OBS_DOMAIN | 1U << OBS_URL;
	size_t n = 0;

	for (enum obs o = OBS_NONE + 1; o < OBS_COUNT; o++) {
		uint32_t by = 1U << o;

		if (o == OBS_DOMAIN)
			by = hosts | 1U << OBS_EMAIL;
		else if (o == OBS_IP)
			by |= hosts;
		else if (o == OBS_FILE_NAME)
			by |= 1U << OBS_PATH;
		if ((obs_mask & by) != 0 && (o != OBS_PROCESS || has_execution))
			n += x->sets[set].by_obs[o];
	}
	return n;
}
