#include "wal.h"

#include <stdbool.h>
#include <string.h>

/*
 * Header of 32 bytes: magic (its lowest bit: checksums over big-endian words),
 * format 3007000, page size, number of the checkpoint, two salts, checksum of
 * the 24 bytes before it. Then frames: page number, pages of the database
 * after a commit or 0, the salts, checksum, the page. A frame's checksum goes
 * on from the one before it, over 8 bytes of its header and the page.
 * Source: sqlite.org/fileformat2.html, section 4.
 */
enum { PAGE = 4096, MAGIC = 0x377f0683, FORMAT = 3007000 };

struct sum {
	uint32_t a, b;
};

static uint32_t
word(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void
sum_add(struct sum *s, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i += 8) {
		s->a += word(p + i) + s->b;
		s->b += word(p + i + 4) + s->a;
	}
}

static void
put_sum(struct buf *out, const struct sum *s)
{
	buf_be32(out, s->a);
	buf_be32(out, s->b);
}

static bool
differs(struct str old, struct str new, size_t page)
{
	struct str was = str_sub(old, page * PAGE, (page + 1) * PAGE);

	return !str_eq(was, str_sub(new, page * PAGE, (page + 1) * PAGE));
}

void
wal_put(struct buf *out, struct str old, struct str new, uint32_t salt)
{
	size_t pages = new.n / PAGE, last = 0, start = out->len;
	struct sum s = { 0, 0 };

	for (size_t i = 0; i < pages; i++)
		if (differs(old, new, i))
			last = i;
	buf_be32(out, MAGIC);
	buf_be32(out, FORMAT);
	buf_be32(out, PAGE);
	buf_be32(out, 1);
	buf_be32(out, salt);
	buf_be32(out, ~salt);
	sum_add(&s, out->p + start, 24);
	put_sum(out, &s);
	for (size_t i = 0; i <= last; i++) {
		struct str page = str_sub(new, i * PAGE, (i + 1) * PAGE);

		if (!differs(old, new, i))
			continue;
		start = out->len;
		buf_be32(out, (uint32_t)i + 1);
		buf_be32(out, i == last ? (uint32_t)pages : 0);
		sum_add(&s, out->p + start, 8);
		sum_add(&s, (const uint8_t *)page.p, page.n);
		buf_be32(out, salt);
		buf_be32(out, ~salt);
		put_sum(out, &s);
		buf_str(out, page);
	}
}
