#include "matching.h"

/* The byte behind the character at i. */
static size_t
next_char(struct str s, size_t i)
{
	i++;
	while (i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80)
		i++;
	return i;
}

/*
 * The last '%' takes one character more whenever what follows it does not
 * fit: no earlier one need ever be looked at again.
 */
bool
like_match(struct str pattern, struct str text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, from = 0;

	while (t < text.n) {
		if (p < pattern.n && pattern.p[p] == '%') {
			star = ++p;
			from = t;
		} else if (p < pattern.n && pattern.p[p] == '_') {
			p++;
			t = next_char(text, t);
		} else if (p < pattern.n && pattern.p[p] == text.p[t]) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star;
			t = from = next_char(text, from);
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '%')
		p++;
	return p == pattern.n;
}

/* The key is the observable, then the pattern. */
static void
try_like(struct matching *m, uint32_t value, enum obs o, struct str v)
{
	struct str key = value_key(&m->x->values, value);

	if (m->x->values.v[value].obs == o &&
	    like_match(str_sub(key, 1, key.n), v))
		found(m, value, HOW_PATTERN);
}

static void
try_regex(struct matching *m, const struct regex *re, struct str v)
{
	int rc = pcre2_match(re->code, (PCRE2_SPTR)v.p, v.n, 0, 0,
	    m->x->match_data, m->x->match_limits);

	if (rc >= 0)
		found(m, re->value, HOW_PATTERN);
	else if (rc != PCRE2_ERROR_NOMATCH)
		found(m, re->value, HOW_GAVE_UP);
}

void
match_fuzzy(struct matching *m, enum obs o, struct str v)
{
	const struct indicators *x = m->x;

	if (!(x->fuzzy >> o & 1) || v.n == 0)
		return;
	for (size_t i = 0; i < x->likes.n; i++)
		try_like(m, x->likes.v[i], o, v);
	for (size_t i = 0; x->like_gram.n > 0 && i + 3 <= v.n; i++) {
		const struct chains *c = &x->like_gram;
		uint64_t hash = gram_hash(x, o, v.p + i);

		for (uint32_t l = chains_first(c, hash); l != 0;
		     l = chains_next(c, hash, l))
			try_like(m, chains_value(c, l), o, v);
	}
	for (size_t i = 0; i < x->nregexes; i++)
		if (x->regexes[i].obs == o)
			try_regex(m, &x->regexes[i], v);
}
