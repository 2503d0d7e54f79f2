#include "fold.h"

#include <unicase.h>

#include "utf8.h"

/* A run of ASCII goes out in pieces: nearly everything is ASCII. */
static size_t
fold_ascii(struct str s, size_t at, struct buf *out)
{
	char piece[256];
	size_t n = 0;

	while (n < sizeof(piece) && at + n < s.n &&
	       (unsigned char)s.p[at + n] < 0x80) {
		piece[n] = ascii_lower(s.p[at + n]);
		n++;
	}
	buf_put(out, piece, n);
	return n;
}

void
sigma_fold(struct str s, struct buf *out)
{
	size_t at = 0, from, n;
	uint32_t cp;

	while (at < s.n) {
		if ((n = fold_ascii(s, at, out)) > 0) {
			at += n;
			continue;
		}
		from = at;
		cp = utf8_next(s, &at);
		if (at - from == 1)
			buf_u8(out, (uint8_t)s.p[from]); /* no UTF-8 */
		else
			utf8_put(out, uc_tolower(cp));
	}
}
