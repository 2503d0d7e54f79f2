#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "indicators_impl.h"
#include "limits.h"

static const char too_many[] = "there are more values than the built-in limit";

static void *
grown(void *p, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return p;
	*cap = *cap ? *cap + *cap / 2 : 64;
	p = realloc(p, *cap * size);
	if (p == NULL)
		abort();
	return p;
}

void
vec32_add(struct vec32 *v, uint32_t x)
{
	v->v = grown(v->v, v->n, &v->cap, sizeof(*v->v));
	v->v[v->n++] = x;
}

/* The extra of a value that has none yet: a new place in an array. */
static void *
grown_one(void *p, size_t n, size_t size)
{
	p = realloc(p, (n + 1) * size);
	if (p == NULL)
		abort();
	return p;
}

/*
 * The pattern behind a MATCHES value, found anywhere in a text, as STIX says.
 * Without the just-in-time compiler: workers may not map executable memory.
 */
static const char *
regex_add(struct indicators *x, uint32_t value, bool fold)
{
	struct str key = value_key(&x->values, value);
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOTALL |
			   PCRE2_NEVER_BACKSLASH_C |
			   (fold ? PCRE2_CASELESS : 0);
	PCRE2_UCHAR message[128];
	pcre2_code *code;
	PCRE2_SIZE at;
	char *why;
	int error;

	key = str_sub(key, 2, key.n);
	code =
	    pcre2_compile((PCRE2_SPTR)key.p, key.n, options, &error, &at, NULL);
	if (code == NULL) {
		(void)pcre2_get_error_message(error, message, sizeof(message));
		why = arena_printf(&x->scratch,
		    "the regular expression is not valid: %s (at character "
		    "%zu of it)",
		    (const char *)message, (size_t)at + 1);
		return why ? why : "the regular expression is not valid";
	}
	if (pcre2_match(code, (PCRE2_SPTR) "", 0, 0, 0, x->match_data,
		x->match_limits) != PCRE2_ERROR_NOMATCH) {
		pcre2_code_free(code);
		return "the regular expression matches everything";
	}
	x->regexes = grown_one(x->regexes, x->nregexes, sizeof(*x->regexes));
	x->regexes[x->nregexes] = (struct regex){
		.code = code,
		.value = value,
		.obs = (enum obs)x->values.v[value].obs,
	};
	/* 0 says that a value has none. */
	x->values.v[value].extra = (uint32_t)++x->nregexes;
	return NULL;
}

/* One comparison as a value; NULL or why not. */
static const char *
add_term(struct indicators *x, const struct pattern_term *t, uint32_t *out)
{
	struct compiled c = { .key = &x->key };
	const char *why;
	uint32_t v;

	buf_reset(&x->key);
	why = compile_term(t, &x->scratch, &c);
	if (why != NULL)
		return why;
	v = value_add(&x->values, c.kind, c.obs, buf_text(&x->key), t->value);
	if (v == VALUE_NOT_THERE)
		return too_many;
	x->values.v[v].flags |= (uint8_t)c.flags;
	*out = v;
	if (c.kind == KIND_MATCHES && x->values.v[v].extra == 0)
		return regex_add(x, v, x->key.p[1] != 0);
	return NULL;
}

static int
u32_cmp(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Several values that must hold together, as a value of its own. */
static const char *
add_all(struct indicators *x, uint32_t *terms, size_t n, struct str shown,
    uint32_t *out)
{
	size_t before = x->values.n;
	struct buf key;
	uint32_t v;

	qsort(terms, n, sizeof(*terms), u32_cmp);
	buf_init(&key, LIMIT_PATTERN_TERMS * 4);
	for (size_t i = 0; i < n; i++)
		buf_le32(&key, terms[i]);
	v = value_add(&x->values, KIND_ALL, (enum obs)x->values.v[terms[0]].obs,
	    buf_text(&key), shown);
	buf_done(&key);
	if (v == VALUE_NOT_THERE)
		return too_many;
	*out = v;
	if (v != before)
		return NULL;
	x->alls = grown_one(x->alls, x->nalls, sizeof(*x->alls));
	x->alls[x->nalls] =
	    (struct all_of){ .from = (uint32_t)x->terms.n, .n = (uint32_t)n };
	x->values.v[v].extra = (uint32_t)x->nalls++;
	for (size_t i = 0; i < n; i++) {
		vec32_add(&x->terms, terms[i]);
		x->values.v[terms[i]].flags |= VALUE_TERM;
	}
	return NULL;
}

static uint32_t
value_reach(const struct indicators *x, uint32_t v)
{
	const struct value_entry *e = &x->values.v[v];
	uint32_t reach = kind_reach((enum kind)e->kind, (enum obs)e->obs);

	return e->obs == OBS_PROCESS ? reach | REACH_RUN : reach;
}

static void
reach_add(struct reach *reach, uint32_t bits)
{
	if (bits & REACH_RUN)
		reach->any_run |= bits & ~REACH_RUN;
	else
		reach->any |= bits;
}

/* One alternative; NULL or why it cannot be used. */
static const char *
add_alt(struct indicators *x, const struct pattern_alt *alt, struct str pattern,
    struct vec32 *uses, struct reach *reach)
{
	uint32_t terms[LIMIT_PATTERN_TERMS], v = 0;
	const char *why = alt->why;
	size_t n = 0;

	for (size_t i = 0; i < alt->n && why == NULL; i++) {
		why = add_term(x, alt->terms[i], &v);
		terms[n++] = v;
	}
	if (why != NULL)
		return why;
	if (n == 1) {
		x->values.v[v].flags |= VALUE_ALONE;
		reach_add(reach, value_reach(x, v));
	} else {
		for (size_t i = 0; i < 2; i++)
			reach->all[i] = value_reach(x, terms[i]);
		why = add_all(x, terms, n, pattern, &v);
	}
	if (why == NULL)
		vec32_add(uses, v);
	return why;
}

bool
compile_pattern(struct indicators *x, struct str text, struct vec32 *uses,
    struct reach *reach, const char **why)
{
	struct pattern p;

	*why = NULL;
	if (!pattern_parse(text, &x->scratch, &p)) {
		*why = arena_printf(&x->scratch,
		    "the pattern is not well-formed: it %s", p.why);
		return true;
	}
	for (size_t i = 0; i < p.n; i++) {
		const char *w = add_alt(x, &p.alts[i], text, uses, reach);

		if (w == too_many)
			return false;
		if (w != NULL && *why == NULL)
			*why = w;
	}
	return true;
}
