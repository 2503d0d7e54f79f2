#include "str.h"

#include <string.h>

struct str
str_from(const char *s)
{
	return (struct str){ .p = s ? s : "", .n = s ? strlen(s) : 0 };
}

bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
str_is(struct str a, const char *s)
{
	/* Most comparisons fail here, without a call of strlen. */
	if (a.n > 0 && a.p[0] != s[0])
		return false;
	return str_eq(a, str_from(s));
}

bool
str_starts(struct str s, const char *prefix)
{
	struct str p;

	if (s.n > 0 && prefix[0] != '\0' && s.p[0] != prefix[0])
		return false;
	p = str_from(prefix);
	return s.n >= p.n && str_eq(str_sub(s, 0, p.n), p);
}

bool
str_ends(struct str s, const char *suffix)
{
	struct str p = str_from(suffix);

	return s.n >= p.n && str_eq(str_sub(s, s.n - p.n, s.n), p);
}

char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int r = n ? memcmp(a.p, b.p, n) : 0;

	if (r != 0)
		return r;
	return a.n < b.n ? -1 : a.n > b.n;
}

size_t
str_find(struct str s, char c)
{
	const char *f = s.n ? memchr(s.p, c, s.n) : NULL;

	return f ? (size_t)(f - s.p) : s.n;
}

size_t
str_rfind(struct str s, char c)
{
	const char *f = s.n ? memrchr(s.p, c, s.n) : NULL;

	return f ? (size_t)(f - s.p) : s.n;
}

struct str
str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	/* NULL plus nothing is undefined, and empty strings may be NULL. */
	return (struct str){ .p = from > 0 ? s.p + from : s.p, .n = to - from };
}

struct str
str_basename(struct str path)
{
	size_t at = str_rfind(path, '/');

	return at == path.n ? path : str_sub(path, at + 1, path.n);
}
