#include "pattern.h"

#include <string.h>

#include "buf.h"
#include "limits.h"
#include "pattern_lex.h"

/* A growing list of alternatives in the arena. */
struct alts {
	struct pattern_alt *v;
	size_t n, cap;
};

struct parser {
	struct pattern_lex x;
	struct arena *a;
	const char *why;
	unsigned depth;
};

static bool
fail(struct parser *p, const char *why)
{
	if (p->x.word == WORD_BAD)
		why = p->x.why;
	if (p->why == NULL) {
		p->why = arena_printf(
		    p->a, "%s (at character %zu)", why, p->x.from + 1);
		if (p->why == NULL)
			p->why = why;
	}
	return false;
}

static bool
too_big(struct parser *p)
{
	if (p->why == NULL)
		p->why = "has more alternatives than the built-in limit";
	return false;
}

static bool
alts_add(struct parser *p, struct alts *to, const struct pattern_alt *alt)
{
	struct pattern_alt *v;
	size_t cap = to->cap ? 2 * to->cap : 4;

	if (to->n == to->cap) {
		v = to->n < LIMIT_PATTERN_ALTS
			? arena_alloc(p->a, cap, sizeof(*v))
			: NULL;
		if (v == NULL)
			return too_big(p);
		if (to->n > 0)
			memcpy(v, to->v, to->n * sizeof(*v));
		to->v = v;
		to->cap = cap;
	}
	to->v[to->n++] = *alt;
	return true;
}

static bool
alts_append(struct parser *p, struct alts *to, const struct alts *from)
{
	for (size_t i = 0; i < from->n; i++)
		if (!alts_add(p, to, &from->v[i]))
			return false;
	return true;
}

/* Both hold; what makes one of them unusable makes the pair so. */
static bool
alt_both(struct parser *p, const struct pattern_alt *l,
    const struct pattern_alt *r, struct pattern_alt *out)
{
	const struct pattern_term **terms;

	*out = (struct pattern_alt){ .why = l->why ? l->why : r->why };
	if (out->why != NULL)
		return true;
	out->n = l->n + r->n;
	if (out->n > LIMIT_PATTERN_TERMS)
		return too_big(p);
	terms = arena_alloc(p->a, out->n, sizeof(struct pattern_term *));
	if (terms == NULL)
		return too_big(p);
	for (size_t i = 0; i < out->n; i++)
		terms[i] = i < l->n ? l->terms[i] : r->terms[i - l->n];
	out->terms = terms;
	return true;
}

static bool
alts_and(struct parser *p, struct alts *to, const struct alts *from)
{
	struct alts product = { 0 };
	struct pattern_alt both;

	if (from->n > 0 && to->n > LIMIT_PATTERN_ALTS / from->n)
		return too_big(p);
	for (size_t i = 0; i < to->n; i++)
		for (size_t k = 0; k < from->n; k++)
			if (!alt_both(p, &to->v[i], &from->v[k], &both) ||
			    !alts_add(p, &product, &both))
				return false;
	*to = product;
	return true;
}

/* None of them can be used, for this reason. */
static bool
alts_spoil(struct parser *p, struct alts *all, const char *why)
{
	struct pattern_alt one = { .why = why };

	*all = (struct alts){ 0 };
	return alts_add(p, all, &one);
}

static bool
take(struct parser *p, const char *punct)
{
	if (!pattern_lex_is(&p->x, punct))
		return false;
	pattern_lex_next(&p->x);
	return true;
}

static bool
take_name(struct parser *p, const char *name)
{
	if (!pattern_lex_named(&p->x, name))
		return false;
	pattern_lex_next(&p->x);
	return true;
}

/* One step of a path: .name, .'name', [0] or [*]. False at its end. */
static bool
path_step(struct parser *p, struct buf *path, bool *ok)
{
	*ok = true;
	if (take(p, ".")) {
		if (p->x.word != WORD_NAME && p->x.word != WORD_STRING)
			*ok = fail(p, "a name must stand behind '.'");
		buf_u8(path, '.');
		buf_str(path, p->x.s);
	} else if (take(p, "[")) {
		if (p->x.word != WORD_NUMBER && !pattern_lex_is(&p->x, "*"))
			*ok = fail(p, "a number or * must stand behind '['");
		buf_u8(path, '[');
		buf_str(path, p->x.s);
		buf_u8(path, ']');
		pattern_lex_next(&p->x);
		if (*ok && !pattern_lex_is(&p->x, "]"))
			*ok = fail(p, "']' is missing");
	} else {
		return false;
	}
	pattern_lex_next(&p->x);
	return *ok;
}

/* What follows "type:property", with both, put together in the arena. */
static bool
long_path(struct parser *p, struct str type, struct str prop, struct str *out)
{
	struct buf path;
	bool ok = true;

	buf_init(&path, LIMIT_PATTERN_PATH);
	buf_str(&path, type);
	buf_u8(&path, ':');
	buf_str(&path, prop);
	while (ok && path_step(p, &path, &ok))
		;
	if (ok && path.full)
		ok = fail(p, "an object path is longer than the limit");
	if (ok) {
		*out = arena_str(p->a, buf_text(&path));
		ok = out->p != NULL || too_big(p);
	}
	buf_done(&path);
	return ok;
}

/* type:property.steps; nearly always plain, and then borrowed. */
static bool
object_path(struct parser *p, struct str *out)
{
	size_t from = p->x.from, len;
	struct str type = p->x.s, prop;
	bool plain;

	if (p->x.word != WORD_NAME)
		return fail(p, "an object path must stand here");
	pattern_lex_next(&p->x);
	if (!take(p, ":"))
		return fail(p, "':' of an object path is missing");
	prop = p->x.s;
	if (p->x.word != WORD_NAME && p->x.word != WORD_STRING)
		return fail(p, "a property must stand behind ':'");
	len = type.n + 1 + prop.n;
	plain = p->x.word == WORD_NAME && p->x.at - from == len;
	pattern_lex_next(&p->x);
	if (!plain || pattern_lex_is(&p->x, ".") || pattern_lex_is(&p->x, "["))
		return long_path(p, type, prop, out);
	*out = str_sub(p->x.text, from, from + len);
	return true;
}

static bool
constant(struct parser *p, struct pattern_term *t)
{
	switch (p->x.word) {
	case WORD_STRING:
		t->constant = CONSTANT_STRING;
		break;
	case WORD_NUMBER:
		t->constant = CONSTANT_NUMBER;
		break;
	case WORD_TIME:
		t->constant = CONSTANT_TIME;
		break;
	case WORD_HEX:
		t->constant = CONSTANT_HEX;
		break;
	case WORD_BASE64:
		t->constant = CONSTANT_BASE64;
		break;
	case WORD_NAME:
		t->constant = CONSTANT_BOOL;
		if (str_is(p->x.s, "true") || str_is(p->x.s, "false"))
			break;
		return fail(p, "a value must stand here, texts in quotes");
	case WORD_END:
	case WORD_BAD:
	case WORD_PUNCT:
		return fail(p, "a value must stand here, texts in quotes");
	}
	t->value = p->x.s;
	pattern_lex_next(&p->x);
	return true;
}

static bool
add_term(struct parser *p, const struct pattern_term *t, struct alts *out)
{
	struct {
		struct pattern_term term;
		const struct pattern_term *list;
	} *cell = arena_alloc(p->a, 1, sizeof(*cell));
	struct pattern_alt alt;

	if (cell == NULL)
		return too_big(p);
	cell->term = *t;
	cell->list = &cell->term;
	alt = (struct pattern_alt){ .terms = &cell->list, .n = 1 };
	return alts_add(p, out, &alt);
}

/* ( value, value, ... ) of IN. */
static bool
value_set(struct parser *p, struct pattern_term *t, struct alts *out)
{
	if (!take(p, "("))
		return fail(p, "'(' must stand behind IN");
	do {
		if (!constant(p, t) || !add_term(p, t, out))
			return false;
	} while (take(p, ","));
	return take(p, ")") || fail(p, "',' or ')' must stand here");
}

static const char not_why[] =
    "NOT says what must be absent, which no record can show";

/* The operator at hand: sets *why when it can never be matched. */
static bool
operator(struct parser *p, struct pattern_term *t, bool *set, const char **why)
{
	static const char size_why[] =
	    "comparisons by size (< > <= >=) are not supported";

	*set = false;
	t->op = PATTERN_EQ;
	if (take(p, "=") || take(p, "=="))
		return true;
	if (take(p, "!=") || take(p, "<>")) {
		*why = "!= says what must be absent, which no record can show";
		return true;
	}
	if (take(p, "<") || take(p, ">") || take(p, "<=") || take(p, ">=")) {
		*why = size_why;
		return true;
	}
	if (take_name(p, "IN"))
		*set = true;
	else if (take_name(p, "LIKE"))
		t->op = PATTERN_LIKE;
	else if (take_name(p, "MATCHES"))
		t->op = PATTERN_MATCHES;
	else if (take_name(p, "ISSUBSET"))
		t->op = PATTERN_SUBSET;
	else if (take_name(p, "ISSUPERSET"))
		*why = "ISSUPERSET is not supported";
	else
		return fail(p, "an operator must stand here: = IN LIKE "
			       "MATCHES");
	return true;
}

static bool
comparison(struct parser *p, struct alts *out)
{
	struct pattern_term t = { 0 };
	const char *why = NULL;
	bool set;

	if (!object_path(p, &t.path))
		return false;
	if (take_name(p, "NOT"))
		why = not_why;
	if (!operator(p, &t, &set, &why))
		return false;
	if (set ? !value_set(p, &t, out)
		: !constant(p, &t) || !add_term(p, &t, out))
		return false;
	return why == NULL || alts_spoil(p, out, why);
}

static bool comparisons(struct parser *p, struct alts *out);

static bool
deeper(struct parser *p)
{
	if (p->depth >= LIMIT_PATTERN_DEPTH)
		return fail(p, "is nested deeper than the built-in limit");
	p->depth++;
	return true;
}

static bool
comparison_primary(struct parser *p, struct alts *out)
{
	bool negated;

	if (take_name(p, "EXISTS")) {
		struct str path;

		return object_path(p, &path) &&
		       alts_spoil(p, out, "EXISTS is not supported");
	}
	negated = take_name(p, "NOT");
	if (take(p, "(")) {
		if (!deeper(p) || !comparisons(p, out))
			return false;
		p->depth--;
		if (!take(p, ")"))
			return fail(p, "')' is missing");
	} else if (!comparison(p, out)) {
		return false;
	}
	return !negated || alts_spoil(p, out, not_why);
}

/* Inside [ ]: OR of ANDs. */
static bool
comparisons(struct parser *p, struct alts *out)
{
	do {
		struct alts all = { 0 };

		if (!comparison_primary(p, &all))
			return false;
		while (take_name(p, "AND")) {
			struct alts one = { 0 };

			if (!comparison_primary(p, &one) ||
			    !alts_and(p, &all, &one))
				return false;
		}
		if (out->n == 0)
			*out = all;
		else if (!alts_append(p, out, &all))
			return false;
	} while (take_name(p, "OR"));
	return true;
}

/* A word of any kind that a qualifier needs. */
static bool
take_word(struct parser *p, enum pattern_word word, const char *why)
{
	if (p->x.word != word &&
	    !(word == WORD_TIME && p->x.word == WORD_STRING))
		return fail(p, why);
	pattern_lex_next(&p->x);
	return true;
}

/* WITHIN 5 SECONDS, REPEATS 3 TIMES, START t'..' STOP t'..'. */
static bool
qualifiers(struct parser *p, struct alts *out)
{
	for (;;) {
		const char *why;

		if (take_name(p, "WITHIN")) {
			why = "WITHIN needs several records and is not "
			      "supported";
			if (!take_word(p, WORD_NUMBER, "seconds are missing"))
				return false;
			if (!take_name(p, "SECONDS"))
				return fail(p, "SECONDS is missing");
		} else if (take_name(p, "REPEATS")) {
			why = "REPEATS needs several records and is not "
			      "supported";
			if (!take_word(p, WORD_NUMBER, "a number is missing"))
				return false;
			if (!take_name(p, "TIMES"))
				return fail(p, "TIMES is missing");
		} else if (take_name(p, "START")) {
			why = "START and STOP are not supported";
			if (!take_word(p, WORD_TIME, "a time is missing"))
				return false;
			if (!take_name(p, "STOP"))
				return fail(p, "STOP is missing");
			if (!take_word(p, WORD_TIME, "a time is missing"))
				return false;
		} else {
			return true;
		}
		if (!alts_spoil(p, out, why))
			return false;
	}
}

static bool observations(struct parser *p, struct alts *out);

static bool
observation_primary(struct parser *p, struct alts *out)
{
	if (take(p, "[")) {
		if (!comparisons(p, out))
			return false;
		if (!take(p, "]"))
			return fail(p, "AND, OR or ']' must stand here");
	} else if (take(p, "(")) {
		if (!deeper(p) || !observations(p, out))
			return false;
		p->depth--;
		if (!take(p, ")"))
			return fail(p, "')' is missing");
	} else {
		return fail(p, "'[' must stand here");
	}
	return qualifiers(p, out);
}

/* AND between observations binds tighter than OR. */
static bool
observation_and(struct parser *p, struct alts *out)
{
	if (!observation_primary(p, out))
		return false;
	while (take_name(p, "AND")) {
		struct alts one = { 0 };

		if (!observation_primary(p, &one) ||
		    !alts_spoil(p, out,
			"AND between observations needs "
			"several records and is not "
			"supported"))
			return false;
	}
	return true;
}

static bool
observation_or(struct parser *p, struct alts *out)
{
	do {
		struct alts one = { 0 };

		if (!observation_and(p, &one))
			return false;
		if (out->n == 0)
			*out = one;
		else if (!alts_append(p, out, &one))
			return false;
	} while (take_name(p, "OR"));
	return true;
}

static bool
observations(struct parser *p, struct alts *out)
{
	if (!observation_or(p, out))
		return false;
	while (take_name(p, "FOLLOWEDBY")) {
		struct alts one = { 0 };

		if (!observation_or(p, &one) ||
		    !alts_spoil(p, out,
			"FOLLOWEDBY needs several records "
			"and is not supported"))
			return false;
	}
	return true;
}

bool
pattern_parse(struct str text, struct arena *a, struct pattern *out)
{
	struct parser p = { .a = a };
	struct alts all = { 0 };

	pattern_lex_init(&p.x, text, a);
	if (observations(&p, &all) && p.x.word != WORD_END)
		fail(&p, "more text behind the end of the pattern");
	if (p.why != NULL) {
		out->why = p.why;
		return false;
	}
	*out = (struct pattern){ .alts = all.v, .n = all.n };
	return true;
}
