#include "cur.h"

#include <string.h>

bool
cur_be64(struct cur *c, uint64_t *out)
{
	return cur_be(c, 8, out);
}

bool
cur_uleb(struct cur *c, uint64_t *out)
{
	struct cur w = *c;
	uint64_t v = 0;
	uint8_t b;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (!cur_u8(&w, &b) || (shift == 63 && b > 1))
			return false;
		v |= (uint64_t)(b & 0x7f) << shift;
		if ((b & 0x80) == 0) {
			*c = w;
			*out = v;
			return true;
		}
	}
	return false;
}

bool
cur_copy(struct cur *c, size_t n, void *out)
{
	struct cur b;

	if (!cur_take(c, n, &b))
		return false;
	if (n > 0)
		memcpy(out, b.p, n);
	return true;
}

bool
cur_magic(struct cur *c, const char *magic, size_t n)
{
	if (n > c->len || (n > 0 && memcmp(c->p, magic, n) != 0))
		return false;
	return cur_skip(c, n);
}

bool
cur_line(struct cur *c, struct str *out)
{
	struct str s = cur_rest(*c);
	size_t n;

	if (s.n == 0)
		return false;
	n = str_find(s, '\n');
	(void)cur_skip(c, n < s.n ? n + 1 : n);
	if (n > 0 && s.p[n - 1] == '\r')
		n--;
	*out = str_sub(s, 0, n);
	return true;
}
