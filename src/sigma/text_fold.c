#include "text_fold.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"

#define ONES UINT64_C(0x0101010101010101)

void
text_fold_init(struct text_fold *f)
{
	*f = (struct text_fold){ 0 };
	buf_init(&f->wide, SIZE_MAX / 4);
}

void
text_fold_done(struct text_fold *f)
{
	free(f->room);
	buf_done(&f->wide);
}

/* Room for n bytes and padding for two texts; the first pad is zero. */
static void
reserve(struct text_fold *f, size_t n)
{
	size_t want = n + 4 * LITERAL_PAD;

	if (want <= f->cap)
		return;
	want += want / 2 + 4096;
	free(f->room);
	f->room = calloc(want, 1);
	if (f->room == NULL)
		abort();
	f->cap = want;
}

/*
 * Lower-cases ASCII, eight bytes at a time: adding to a byte below 0x80 sets
 * its upper bit where it is beyond a bound. Returns the bits of all bytes.
 */
static uint64_t
lower(char *to, const char *from, size_t n)
{
	uint64_t bits = 0, v, upper;
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		memcpy(&v, from + i, 8);
		bits |= v;
		v &= ONES * 0x7f;
		upper = (v + ONES * (0x80 - 'A')) & ~(v + ONES * (0x7f - 'Z'));
		v |= (upper & ONES * 0x80) >> 2;
		memcpy(to + i, &v, 8);
	}
	for (; i < n; i++) {
		bits |= (uint8_t)from[i];
		to[i] = ascii_lower(from[i]);
	}
	return bits;
}

static struct str
padded(char *at, size_t n)
{
	memset(at + n, 0, LITERAL_PAD);
	return (struct str){ .p = at, .n = n };
}

struct str
text_fold(struct text_fold *f, struct str s, bool *ascii)
{
	struct str wide;

	reserve(f, s.n);
	*ascii = (lower(f->room + LITERAL_PAD, s.p, s.n) & ONES * 0x80) == 0;
	if (*ascii)
		return padded(f->room + LITERAL_PAD, s.n);
	buf_reset(&f->wide);
	sigma_fold(s, &f->wide);
	wide = buf_text(&f->wide);
	reserve(f, wide.n);
	memcpy(f->room + LITERAL_PAD, wide.p, wide.n);
	return padded(f->room + LITERAL_PAD, wide.n);
}

bool
text_fold_ends(struct text_fold *f, struct str s, size_t n, struct str *head,
    struct str *tail)
{
	char *at;
	uint64_t bits;

	reserve(f, 2 * n);
	at = f->room + LITERAL_PAD;
	bits = lower(at, s.p, n);
	*head = padded(at, n);
	at += n + LITERAL_PAD;
	bits |= lower(at, s.p + (s.n - n), n);
	*tail = padded(at, n);
	return (bits & ONES * 0x80) == 0;
}
