#include <stdlib.h>
#include <string.h>

#include "yaml_tree.h"

/*
 * How plain scalars resolve: the core schema of YAML 1.2.2, section 10.3.2.
 * Quoted scalars are texts, whatever they look like.
 */
static bool
is_plain(const struct yaml_node *n)
{
	return n != NULL && n->type == YAML_SCALAR && n->plain;
}

static bool
is_any(const struct yaml_node *n, const char *const *texts)
{
	for (; *texts != NULL; texts++)
		if (str_is(n->text, *texts))
			return true;
	return false;
}

bool
yaml_is_null(const struct yaml_node *n)
{
	static const char *const null[] = { "", "~", "null", "Null", "NULL",
		NULL };

	return is_plain(n) && is_any(n, null);
}

bool
yaml_bool(const struct yaml_node *n, bool *out)
{
	static const char *const yes[] = { "true", "True", "TRUE", NULL };
	static const char *const no[] = { "false", "False", "FALSE", NULL };
	bool is_true;

	if (!is_plain(n))
		return false;
	is_true = is_any(n, yes);
	if (!is_true && !is_any(n, no))
		return false;
	*out = is_true;
	return true;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* All of s as digits of that base; false also when it is above max. */
static bool
read_digits(struct str s, unsigned base, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned d = (unsigned)digit(s.p[i]);

		if (d >= base || d > max || v > (max - d) / base)
			return false;
		v = v * base + d;
	}
	*out = v;
	return true;
}

bool
yaml_int(const struct yaml_node *n, int64_t *out)
{
	unsigned base = 10;
	bool negative = false;
	struct str s;
	uint64_t v;

	if (!is_plain(n))
		return false;
	s = n->text;
	if (str_starts(s, "0x") || str_starts(s, "0o")) {
		base = s.p[1] == 'x' ? 16 : 8;
		s = str_sub(s, 2, s.n);
	} else if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+')) {
		negative = s.p[0] == '-';
		s = str_sub(s, 1, s.n);
	}
	if (!read_digits(s, base, (uint64_t)INT64_MAX + negative, &v))
		return false;
	if (negative)
		*out = v > (uint64_t)INT64_MAX ? INT64_MIN : -(int64_t)v;
	else
		*out = (int64_t)v;
	return true;
}

/* Digits from *at on; how many. */
static size_t
skip_digits(struct str s, size_t *at)
{
	size_t from = *at;

	while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9')
		(*at)++;
	return *at - from;
}

static bool
skip_one(struct str s, size_t *at, const char *chars)
{
	if (*at >= s.n || strchr(chars, s.p[*at]) == NULL)
		return false;
	(*at)++;
	return true;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool
is_decimal(struct str s)
{
	size_t at = 0, whole, part = 0;

	(void)skip_one(s, &at, "-+");
	whole = skip_digits(s, &at);
	if (skip_one(s, &at, "."))
		part = skip_digits(s, &at);
	if (whole + part == 0)
		return false;
	if (skip_one(s, &at, "eE")) {
		(void)skip_one(s, &at, "-+");
		if (skip_digits(s, &at) == 0)
			return false;
	}
	return at == s.n;
}

/* Infinities and NaN are no numbers that anyone compares with. */
bool
yaml_real(const struct yaml_node *n, double *out)
{
	char text[512];
	int64_t i;

	if (yaml_int(n, &i)) {
		*out = (double)i;
		return true;
	}
	if (!is_plain(n) || n->text.n >= sizeof(text) || !is_decimal(n->text))
		return false;
	memcpy(text, n->text.p, n->text.n);
	text[n->text.n] = '\0';
	*out = strtod(text, NULL);
	return true;
}

const char *
yaml_text(const struct yaml_node *n, struct arena *a)
{
	return n != NULL && n->type == YAML_SCALAR ? arena_strdup(a, n->text)
						   : NULL;
}

const struct yaml_node *
yaml_get(const struct yaml_node *n, const char *key)
{
	if (n == NULL || n->type != YAML_MAP)
		return NULL;
	for (size_t i = 0; i + 1 < n->nitems; i += 2)
		if (str_is(n->items[i]->text, key))
			return n->items[i + 1];
	return NULL;
}
