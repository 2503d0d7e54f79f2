#include "cur.h"

#include <string.h>

struct cur
cur_from(const void *data, size_t len)
{
	return (struct cur){ .p = data, .len = len };
}

bool
cur_take(struct cur *c, size_t n, struct cur *out)
{
	if (n > c->len)
		return false;
	*out = (struct cur){ .p = c->p, .len = n, .off = c->off };
	c->p = n ? c->p + n : c->p;
	c->len -= n;
	c->off += n;
	return true;
}

bool
cur_skip(struct cur *c, size_t n)
{
	struct cur gone;

	return cur_take(c, n, &gone);
}

bool
cur_window(const struct cur *c, size_t off, size_t n, struct cur *out)
{
	struct cur w = *c;

	return cur_skip(&w, off) && cur_take(&w, n, out);
}

bool
cur_be(struct cur *c, size_t width, uint64_t *out)
{
	struct cur b;
	uint64_t v = 0;

	if (width == 0 || width > 8 || !cur_take(c, width, &b))
		return false;
	for (size_t i = 0; i < width; i++)
		v = v << 8 | b.p[i];
	*out = v;
	return true;
}

static bool
cur_le(struct cur *c, size_t width, uint64_t *out)
{
	struct cur b;
	uint64_t v = 0;

	if (!cur_take(c, width, &b))
		return false;
	for (size_t i = width; i > 0; i--)
		v = v << 8 | b.p[i - 1];
	*out = v;
	return true;
}

bool
cur_u8(struct cur *c, uint8_t *out)
{
	struct cur b;

	if (!cur_take(c, 1, &b))
		return false;
	*out = b.p[0];
	return true;
}

bool
cur_be16(struct cur *c, uint16_t *out)
{
	uint64_t v;

	if (!cur_be(c, 2, &v))
		return false;
	*out = (uint16_t)v;
	return true;
}

bool
cur_be32(struct cur *c, uint32_t *out)
{
	uint64_t v;

	if (!cur_be(c, 4, &v))
		return false;
	*out = (uint32_t)v;
	return true;
}

bool
cur_be64(struct cur *c, uint64_t *out)
{
	return cur_be(c, 8, out);
}

bool
cur_le16(struct cur *c, uint16_t *out)
{
	uint64_t v;

	if (!cur_le(c, 2, &v))
		return false;
	*out = (uint16_t)v;
	return true;
}

bool
cur_le32(struct cur *c, uint32_t *out)
{
	uint64_t v;

	if (!cur_le(c, 4, &v))
		return false;
	*out = (uint32_t)v;
	return true;
}

bool
cur_le64(struct cur *c, uint64_t *out)
{
	return cur_le(c, 8, out);
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
cur_str(struct cur *c, size_t n, struct str *out)
{
	struct cur b;

	if (!cur_take(c, n, &b))
		return false;
	*out = cur_rest(b);
	return true;
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

struct str
cur_rest(struct cur c)
{
	return (struct str){ .p = c.len ? (const char *)c.p : "", .n = c.len };
}
