#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void
buf_done(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .max = b->max };
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->full = false;
}

/* Room for n more bytes and a NUL. */
static bool
buf_grow(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 256;
	uint8_t *p;

	if (b->full || n > b->max - b->len) {
		b->full = true;
		return false;
	}
	if (n < b->cap - b->len)
		return true;
	while (cap - b->len <= n)
		cap *= 2;
	p = realloc(b->p, cap);
	if (p == NULL)
		abort();
	b->p = p;
	b->cap = cap;
	return true;
}

void
buf_put(struct buf *b, const void *data, size_t n)
{
	if (n == 0 || !buf_grow(b, n))
		return;
	memcpy(b->p + b->len, data, n);
	b->len += n;
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void
buf_str(struct buf *b, struct str s)
{
	buf_put(b, s.p, s.n);
}

void
buf_u8(struct buf *b, uint8_t v)
{
	buf_put(b, &v, 1);
}

static void
put_int(struct buf *b, uint64_t v, size_t width, bool big)
{
	uint8_t o[8];

	for (size_t i = 0; i < width; i++)
		o[big ? width - 1 - i : i] = (uint8_t)(v >> (8 * i) & 0xff);
	buf_put(b, o, width);
}

void
buf_le32(struct buf *b, uint32_t v)
{
	put_int(b, v, 4, false);
}

void
buf_le64(struct buf *b, uint64_t v)
{
	put_int(b, v, 8, false);
}

void
buf_be32(struct buf *b, uint32_t v)
{
	put_int(b, v, 4, true);
}

void
buf_be64(struct buf *b, uint64_t v)
{
	put_int(b, v, 8, true);
}

void
buf_uleb(struct buf *b, uint64_t v)
{
	while (v > 0x7f) {
		buf_u8(b, (uint8_t)(v & 0x7f) | 0x80);
		v >>= 7;
	}
	buf_u8(b, (uint8_t)v);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !buf_grow(b, (size_t)n))
		return;
	va_start(ap, fmt);
	(void)vsnprintf((char *)b->p + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

struct str
buf_text(const struct buf *b)
{
	return (
	    struct str){ .p = b->len ? (const char *)b->p : "", .n = b->len };
}

const char *
buf_cstr(struct buf *b)
{
	if (b->p == NULL)
		return "";
	b->p[b->len] = '\0';
	return (const char *)b->p;
}
