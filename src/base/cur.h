#ifndef BASE_CUR_H
#define BASE_CUR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * A read cursor over bytes that somebody else wrote and nobody vouches for.
 * It borrows: never owns, never frees, and is passed and copied by value.
 * Every getter either succeeds, writes *out and advances, or returns false
 * and touches nothing.
 */
struct cur {
	const uint8_t *p; /* next unread byte */
	size_t len;	  /* bytes left */
	size_t off;	  /* where p lies in the artifact, for messages */
};

/*
 * The getters that parsers call once a byte or two stand here to be compiled
 * into them. This header and cur.c are the only places that do arithmetic on
 * pointers into input.
 */
static inline struct cur
cur_from(const void *data, size_t len)
{
	return (struct cur){ .p = data, .len = len };
}

/* The next n bytes, as a cursor of their own. */
static inline bool
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

static inline bool
cur_skip(struct cur *c, size_t n)
{
	struct cur gone;

	return cur_take(c, n, &gone);
}

/* n bytes at off from where c stands; c itself does not move. */
static inline bool
cur_window(const struct cur *c, size_t off, size_t n, struct cur *out)
{
	struct cur w = *c;

	return cur_skip(&w, off) && cur_take(&w, n, out);
}

/* A big-endian integer of 1 to 8 bytes. */
static inline bool
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

static inline bool
cur_u8(struct cur *c, uint8_t *out)
{
	struct cur b;

	if (!cur_take(c, 1, &b))
		return false;
	*out = b.p[0];
	return true;
}

static inline bool
cur_be16(struct cur *c, uint16_t *out)
{
	struct cur b;

	if (!cur_take(c, 2, &b))
		return false;
	*out = (uint16_t)(b.p[0] << 8 | b.p[1]);
	return true;
}

static inline bool
cur_be32(struct cur *c, uint32_t *out)
{
	struct cur b;

	if (!cur_take(c, 4, &b))
		return false;
	*out = (uint32_t)b.p[0] << 24 | (uint32_t)b.p[1] << 16 |
	       (uint32_t)b.p[2] << 8 | b.p[3];
	return true;
}

bool cur_be64(struct cur *c, uint64_t *out);

static inline bool
cur_le16(struct cur *c, uint16_t *out)
{
	struct cur b;

	if (!cur_take(c, 2, &b))
		return false;
	*out = (uint16_t)(b.p[1] << 8 | b.p[0]);
	return true;
}

static inline bool
cur_le32(struct cur *c, uint32_t *out)
{
	struct cur b;

	if (!cur_take(c, 4, &b))
		return false;
	*out = (uint32_t)b.p[3] << 24 | (uint32_t)b.p[2] << 16 |
	       (uint32_t)b.p[1] << 8 | b.p[0];
	return true;
}

static inline bool
cur_le64(struct cur *c, uint64_t *out)
{
	uint32_t lo, hi;
	struct cur b;

	if (!cur_take(c, 8, &b) || !cur_le32(&b, &lo) || !cur_le32(&b, &hi))
		return false;
	*out = (uint64_t)hi << 32 | lo;
	return true;
}

/* Unsigned LEB128 of at most 10 bytes; false also when it overflows. */
bool cur_uleb(struct cur *c, uint64_t *out);

/* All that is left, as text, borrowed. */
static inline struct str
cur_rest(struct cur c)
{
	return (struct str){ .p = c.len ? (const char *)c.p : "", .n = c.len };
}

/* The next n bytes as text, borrowed. */
static inline bool
cur_str(struct cur *c, size_t n, struct str *out)
{
	struct cur b;

	if (!cur_take(c, n, &b))
		return false;
	*out = cur_rest(b);
	return true;
}

/* The next n bytes copied to out. */
bool cur_copy(struct cur *c, size_t n, void *out);

/* True when the next bytes are those of magic, which are then skipped. */
bool cur_magic(struct cur *c, const char *magic, size_t n);

/* Up to and without the next '\n' (and '\r' before it); false at the end. */
bool cur_line(struct cur *c, struct str *out);
#endif
