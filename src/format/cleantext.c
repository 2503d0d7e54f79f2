#include "cleantext.h"

#include "cur.h"
#include "utf8.h"

bool
text_is_clean(struct str s)
{
	struct cur c = cur_from(s.p, s.n);
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t w, high = 0;
	uint8_t b;

	/* Eight bytes at a time: a zero one borrows from its own top bit. */
	while (cur_le64(&c, &w)) {
		if (((w - ones) & ~w & ones << 7) != 0)
			return false;
		high |= w & ones << 7;
	}
	while (cur_u8(&c, &b)) {
		if (b == 0)
			return false;
		high |= b & 0x80U;
	}
	return high == 0 || utf8_valid(s);
}
