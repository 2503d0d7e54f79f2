#include "utf8.h"

#define REPLACEMENT 0xfffdU

/* Length of the well-formed sequence at s.p[at], 0 when it is ill-formed. */
static size_t
sequence(struct str s, size_t at, uint32_t *out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t b = (uint8_t)s.p[at];
	size_t n = b < 0x80	  ? 1
		   : b >> 5 == 6  ? 2
		   : b >> 4 == 14 ? 3
		   : b >> 3 == 30 ? 4
				  : 0;
	uint32_t cp = n == 1 ? b : b & (0x7fU >> n);

	if (n == 0 || n > s.n - at)
		return 0;
	for (size_t i = 1; i < n; i++) {
		b = (uint8_t)s.p[at + i];
		if (b >> 6 != 2)
			return 0;
		cp = cp << 6 | (b & 0x3fU);
	}
	if (cp < least[n] || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	*out = cp;
	return n;
}

bool
utf8_valid(struct str s)
{
	uint32_t cp;
	size_t n;

	for (size_t i = 0; i < s.n; i += n) {
		if ((uint8_t)s.p[i] < 0x80) {
			n = 1;
			continue;
		}
		if ((n = sequence(s, i, &cp)) == 0)
			return false;
	}
	return true;
}

uint32_t
utf8_next(struct str s, size_t *at)
{
	uint32_t cp;
	size_t n = sequence(s, *at, &cp);

	*at += n ? n : 1;
	return n ? cp : REPLACEMENT;
}

void
utf8_put(struct buf *b, uint32_t cp)
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = REPLACEMENT;
	if (cp < 0x80) {
		buf_u8(b, (uint8_t)cp);
	} else if (cp < 0x800) {
		buf_u8(b, (uint8_t)(0xc0 | cp >> 6));
		buf_u8(b, (uint8_t)(0x80 | (cp & 0x3f)));
	} else if (cp < 0x10000) {
		buf_u8(b, (uint8_t)(0xe0 | cp >> 12));
		buf_u8(b, (uint8_t)(0x80 | (cp >> 6 & 0x3f)));
		buf_u8(b, (uint8_t)(0x80 | (cp & 0x3f)));
	} else {
		buf_u8(b, (uint8_t)(0xf0 | cp >> 18));
		buf_u8(b, (uint8_t)(0x80 | (cp >> 12 & 0x3f)));
		buf_u8(b, (uint8_t)(0x80 | (cp >> 6 & 0x3f)));
		buf_u8(b, (uint8_t)(0x80 | (cp & 0x3f)));
	}
}

bool
utf8_is_unsafe(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x061c ||
	       cp == 0x200e || cp == 0x200f || (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2066 && cp <= 0x2069) || cp == 0xfeff;
}

void
utf8_put_visible(struct buf *b, struct str s)
{
	uint32_t cp;

	for (size_t i = 0; i < s.n;) {
		cp = utf8_next(s, &i);
		if (utf8_is_unsafe(cp))
			buf_printf(b, "<U+%04X>", (unsigned)cp);
		else
			utf8_put(b, cp);
	}
}
