#include <stdlib.h>
#include <string.h>

#include "pl_value.h"

/*
 * "bplist00", objects, offset table, trailer of 32 bytes:
 *   6 zero, width of offsets, width of references, BE64 count of objects,
 *   BE64 number of the top object, BE64 place of the offset table.
 * An object is a marker (kind in the high, count or log2 of the size in the
 * low four bits; 15 means that the count follows as an integer object) and
 * its bytes. Source: Apple, CFBinaryPList.c; seen in backups of iOS 14.
 */
enum {
	MARK_BOOL = 0x08,
	MARK_INT = 0x10,
	MARK_REAL = 0x23,
	MARK_DATE = 0x33,
	MARK_DATA = 0x40,
	MARK_ASCII = 0x50,
	MARK_UTF16 = 0x60,
	MARK_UID = 0x80,
	MARK_ARRAY = 0xa0,
	MARK_DICT = 0xd0,
};

#define MAC_EPOCH 978307200 /* 2001-01-01 in seconds since 1970 */

static void
put_be(struct buf *b, uint64_t v, unsigned width)
{
	for (unsigned i = width; i > 0; i--)
		buf_u8(b, (uint8_t)(v >> (8 * (i - 1)) & 0xff));
}

static unsigned
width_of(uint64_t v)
{
	return v < 0x100 ? 1 : v < 0x10000 ? 2 : v <= 0xffffffff ? 4 : 8;
}

static void
put_int(struct buf *b, int64_t v)
{
	unsigned width = v < 0 ? 8 : width_of((uint64_t)v);
	unsigned log2 = width == 1 ? 0 : width == 2 ? 1 : width == 4 ? 2 : 3;

	buf_u8(b, (uint8_t)(MARK_INT | log2));
	put_be(b, (uint64_t)v, width);
}

static void
put_marker(struct buf *b, unsigned mark, size_t count)
{
	buf_u8(b, (uint8_t)(mark | (count < 15 ? count : 15)));
	if (count >= 15)
		put_int(b, (int64_t)count);
}

static void
put_double(struct buf *b, unsigned mark, double d)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof(bits));
	buf_u8(b, (uint8_t)mark);
	put_be(b, bits, 8);
}

/* All text of sample phones is ASCII or below U+10000 in two UTF-8 bytes. */
static void
put_str(struct buf *b, struct str s)
{
	size_t units = 0, ascii = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = (uint8_t)s.p[i];

		ascii += c < 0x80;
		units += (c & 0xc0) != 0x80;
	}
	put_marker(b, ascii == s.n ? MARK_ASCII : MARK_UTF16, units);
	if (ascii == s.n) {
		buf_str(b, s);
		return;
	}
	for (size_t i = 0; i < s.n; i++) {
		unsigned c = (uint8_t)s.p[i];

		if (c >= 0xe0 && i + 2 < s.n) {
			c = (c & 0x0fU) << 12 |
			    ((uint8_t)s.p[i + 1] & 0x3fU) << 6 |
			    ((uint8_t)s.p[i + 2] & 0x3fU);
			i += 2;
		} else if (c >= 0xc0 && i + 1 < s.n) {
			c = (c & 0x1f) << 6 | ((uint8_t)s.p[i + 1] & 0x3fU);
			i += 1;
		}
		put_be(b, c, 2);
	}
}

/* Numbers the objects, keys before their values, and lists them. */
static void
number(struct pl *v, struct pl **all, uint32_t *n)
{
	v->index = *n;
	if (all != NULL)
		all[*n] = v;
	(*n)++;
	for (struct pl *i = v->first; i != NULL; i = i->next) {
		if (v->kind == PL_DICT)
			number(i->key, all, n);
		number(i, all, n);
	}
}

static void
put_items(struct buf *b, const struct pl *v, unsigned ref)
{
	put_marker(b, v->kind == PL_DICT ? MARK_DICT : MARK_ARRAY, v->count);
	if (v->kind == PL_DICT)
		for (struct pl *i = v->first; i != NULL; i = i->next)
			put_be(b, i->key->index, ref);
	for (struct pl *i = v->first; i != NULL; i = i->next)
		put_be(b, i->index, ref);
}

static void
put_object(struct buf *b, const struct pl *v, unsigned ref)
{
	switch (v->kind) {
	case PL_DICT:
	case PL_ARRAY:
		put_items(b, v, ref);
		break;
	case PL_STR:
		put_str(b, v->text);
		break;
	case PL_INT:
		put_int(b, v->i);
		break;
	case PL_REAL:
		put_double(b, MARK_REAL, v->d);
		break;
	case PL_BOOL:
		buf_u8(b, (uint8_t)(MARK_BOOL | (v->i ? 1 : 0)));
		break;
	case PL_DATE:
		put_double(b, MARK_DATE, (double)(v->i - MAC_EPOCH));
		break;
	case PL_DATA:
		put_marker(b, MARK_DATA, v->text.n);
		buf_str(b, v->text);
		break;
	case PL_UID:
		buf_u8(b, (uint8_t)(MARK_UID | (width_of((uint64_t)v->i) - 1)));
		put_be(b, (uint64_t)v->i, width_of((uint64_t)v->i));
		break;
	}
}

void
pl_binary(struct arena *a, struct pl *root, struct buf *out)
{
	size_t start = out->len, table;
	uint32_t n = 0;
	struct pl **all;
	uint64_t *at;
	unsigned ref, width;

	number(root, NULL, &n);
	all = arena_alloc(a, n, sizeof(struct pl *));
	at = arena_alloc(a, n, sizeof(*at));
	if (all == NULL || at == NULL)
		abort();
	ref = width_of(n - 1);
	n = 0;
	number(root, all, &n);
	buf_puts(out, "bplist00");
	for (uint32_t i = 0; i < n; i++) {
		at[i] = out->len - start;
		put_object(out, all[i], ref);
	}
	table = out->len - start;
	width = width_of(table);
	for (uint32_t i = 0; i < n; i++)
		put_be(out, at[i], width);
	put_be(out, 0, 6);
	buf_u8(out, (uint8_t)width);
	buf_u8(out, (uint8_t)ref);
	put_be(out, n, 8);
	put_be(out, 0, 8);
	put_be(out, table, 8);
}
