#include "rng.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "hash.h"

void
rng_init(struct rng *r, uint64_t seed, const char *label)
{
	uint8_t digest[SHA256_SIZE];
	struct buf b;

	buf_init(&b, 4096);
	buf_be64(&b, seed);
	buf_puts(&b, label);
	sha256_once(b.p, b.len, digest);
	buf_done(&b);
	for (size_t i = 0; i < 4; i++) {
		r->s[i] = 0;
		for (size_t k = 0; k < 8; k++)
			r->s[i] = r->s[i] << 8 | digest[8 * i + k];
	}
}

static uint64_t
rotate_left(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

/* xoshiro256**, by its authors' description (Blackman and Vigna, 2018). */
uint64_t
rng_next(struct rng *r)
{
	uint64_t out = rotate_left(r->s[1] * 5, 7) * 9;
	uint64_t t = r->s[1] << 17;

	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = rotate_left(r->s[3], 45);
	return out;
}

uint64_t
rng_below(struct rng *r, uint64_t n)
{
	return n == 0 ? 0 : rng_next(r) % n;
}

uint64_t
rng_range(struct rng *r, uint64_t lo, uint64_t hi)
{
	return lo + rng_below(r, hi - lo + 1);
}

bool
rng_chance(struct rng *r, unsigned permille)
{
	return rng_below(r, 1000) < permille;
}

double
rng_unit(struct rng *r)
{
	return (double)(rng_next(r) >> 11) / 9007199254740992.0; /* 2^53 */
}

void
rng_bytes(struct rng *r, void *out, size_t n)
{
	uint8_t *p = out;

	while (n > 0) {
		uint64_t v = rng_next(r);
		size_t k = n < sizeof(v) ? n : sizeof(v);

		memcpy(p, &v, k);
		p += k;
		n -= k;
	}
}

char *
rng_uuid(struct rng *r, char out[static 37])
{
	uint64_t a = rng_next(r), b = rng_next(r);

	(void)snprintf(out, 37, "%08X-%04X-4%03X-%04X-%012llX",
	    (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff),
	    (unsigned)(a & 0xfff), (unsigned)(b >> 48 & 0x3fff) | 0x8000,
	    (unsigned long long)(b & 0xffffffffffff));
	return out;
}
