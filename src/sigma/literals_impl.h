#ifndef SIGMA_LITERALS_IMPL_H
#define SIGMA_LITERALS_IMPL_H
#include <endian.h>
#include <string.h>

#include "literals.h"

/* What making and searching have in common: keys and hashes. */

/* Eight bytes, the first one lowest, whatever the machine. */
static inline uint64_t
load_8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

static inline uint32_t
load_4(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

/* The first n bytes of eight, n from 1 to 8. */
static inline uint64_t
first_bytes(uint64_t v, size_t n)
{
	return v & (UINT64_MAX >> (64 - 8 * n));
}

/* The class of a length: itself up to seven, or 8. */
static inline size_t
length_class(size_t n)
{
	return n < 8 ? n : 8;
}

/* Keys of texts of class n; s has bytes before and behind it. */
static inline uint64_t
head_key(struct str s, size_t n)
{
	return n == 0 ? 0 : first_bytes(load_8(s.p), n);
}

static inline uint64_t
tail_key(struct str s, size_t n)
{
	return n == 0 ? 0 : load_8(s.p + s.n - 8) >> (64 - 8 * n);
}

static inline uint64_t
whole_key(struct str s)
{
	size_t n = length_class(s.n);

	return head_key(s, n) ^ tail_key(s, n) << 3 ^ s.n << 56;
}

/* Multiplied, the upper bits depend on all bytes. */
static inline uint32_t
gram_hash(uint32_t gram)
{
	return gram * UINT32_C(0x9e3779b1);
}

static inline uint32_t
key_hash(uint64_t key)
{
	uint64_t h = key * UINT64_C(0x9e3779b97f4a7c15);

	return (uint32_t)(h >> 32) ^ (uint32_t)(h >> 47);
}
#endif
