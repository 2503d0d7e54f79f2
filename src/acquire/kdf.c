#include "kdf.h"

#include <endian.h>
#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

/*
 * One round is U = HMAC(password, U), XORed into T. HMAC is two compressions:
 * the key's inner and outer pads are compressed once, so each round starts
 * from those two states and feeds one block that holds U or the inner digest,
 * the 0x80 byte and the length (RFC 2104, FIPS 180-4). Setting the context's
 * state and handing nettle whole blocks saves the buffering and copying that
 * makes its own pbkdf2_hmac_sha256 a quarter slower.
 */
enum {
	BLOCK = 64, /* of both hashes, in bytes */
	WORDS = 8,  /* of the longer state */
	CHAINS = 2, /* SHA-1 gives 20 bytes a chain: two make 32 */
	SHA1_W = 5, /* words of a state */
	SHA256_W = 8,
};

struct kdf {
	enum kdf_hash hash;
	size_t words, chains;
	uint64_t rounds, done;
	uint32_t inner[WORDS], outer[WORDS];
	uint8_t block[CHAINS][BLOCK]; /* U as the next round's input */
	uint32_t sum[CHAINS][WORDS];  /* T */
};

static void
put_be32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static uint32_t
get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/*
 * Big-endian words. Written so that compilers make full-width stores of it:
 * the next compression loads 16 bytes at a time, and loads that span several
 * small stores stall (0.4 s in ten million rounds).
 */
static inline void
store_words(uint8_t *p, const uint32_t *w, size_t n)
{
	uint32_t be[WORDS];

	for (size_t i = 0; i < n; i++)
		be[i] = htobe32(w[i]);
	memcpy(p, be, 4 * n);
}

/* What stands behind a digest of `size` bytes: 0x80, zeros, bit length. */
static void
pad_block(uint8_t *block, size_t size)
{
	memset(block, 0, BLOCK);
	block[size] = 0x80;
	put_be32(block + BLOCK - 4, (uint32_t)(BLOCK + size) * 8);
}

/* The first round of chain i: U = HMAC(password, salt || i + 1). */
static void
first_sha1(struct kdf *k, struct hmac_sha1_ctx *h, const void *salt, size_t n)
{
	uint8_t count[4];

	memcpy(k->inner, h->inner.state, sizeof(h->inner.state));
	memcpy(k->outer, h->outer.state, sizeof(h->outer.state));
	for (size_t i = 0; i < k->chains; i++) {
		put_be32(count, (uint32_t)i + 1);
		hmac_sha1_update(h, n, salt);
		hmac_sha1_update(h, sizeof(count), count);
		hmac_sha1_digest(h, SHA1_DIGEST_SIZE, k->block[i]);
	}
}

static void
first_sha256(
    struct kdf *k, struct hmac_sha256_ctx *h, const void *salt, size_t n)
{
	static const uint8_t count[4] = { 0, 0, 0, 1 };

	memcpy(k->inner, h->inner.state, sizeof(h->inner.state));
	memcpy(k->outer, h->outer.state, sizeof(h->outer.state));
	hmac_sha256_update(h, n, salt);
	hmac_sha256_update(h, sizeof(count), count);
	hmac_sha256_digest(h, SHA256_DIGEST_SIZE, k->block[0]);
}

static void
first_round(struct kdf *k, const void *password, size_t len, const void *salt,
    size_t salt_len)
{
	union {
		struct hmac_sha1_ctx sha1;
		struct hmac_sha256_ctx sha256;
	} h;

	for (size_t i = 0; i < k->chains; i++)
		pad_block(k->block[i], 4 * k->words);
	if (k->hash == KDF_SHA1) {
		hmac_sha1_set_key(&h.sha1, len, password);
		first_sha1(k, &h.sha1, salt, salt_len);
	} else {
		hmac_sha256_set_key(&h.sha256, len, password);
		first_sha256(k, &h.sha256, salt, salt_len);
	}
	for (size_t i = 0; i < k->chains; i++)
		for (size_t w = 0; w < k->words; w++)
			k->sum[i][w] = get_be32(k->block[i] + 4 * w);
	k->done = 1;
	explicit_bzero(&h, sizeof(h));
}

struct kdf *
kdf_new(enum kdf_hash hash, const void *password, size_t len, const void *salt,
    size_t salt_len, uint64_t rounds)
{
	struct kdf *k = calloc(1, sizeof(*k));

	if (k == NULL)
		abort();
	k->hash = hash;
	k->words = hash == KDF_SHA1 ? SHA1_W : SHA256_W;
	k->chains = hash == KDF_SHA1 ? 2 : 1;
	k->rounds = rounds > 0 ? rounds : 1;
	first_round(k, password, len, salt, salt_len);
	return k;
}

static void
rounds_sha1(struct kdf *k, size_t chain, uint64_t n)
{
	uint8_t *block = k->block[chain];
	uint32_t *sum = k->sum[chain];
	uint32_t s[SHA1_W];

	for (uint64_t i = 0; i < n; i++) {
		memcpy(s, k->inner, sizeof(s));
		nettle_sha1_compress(s, block);
		store_words(block, s, SHA1_W);
		memcpy(s, k->outer, sizeof(s));
		nettle_sha1_compress(s, block);
		store_words(block, s, SHA1_W);
		for (size_t w = 0; w < SHA1_W; w++)
			sum[w] ^= s[w];
	}
	explicit_bzero(s, sizeof(s));
}

static void
rounds_sha256(struct kdf *k, uint64_t n)
{
	uint8_t *block = k->block[0];
	struct sha256_ctx c;

	sha256_init(&c);
	for (uint64_t i = 0; i < n; i++) {
		memcpy(c.state, k->inner, sizeof(c.state));
		sha256_update(&c, BLOCK, block);
		store_words(block, c.state, SHA256_W);
		memcpy(c.state, k->outer, sizeof(c.state));
		sha256_update(&c, BLOCK, block);
		store_words(block, c.state, SHA256_W);
		for (size_t w = 0; w < SHA256_W; w++)
			k->sum[0][w] ^= c.state[w];
	}
	explicit_bzero(&c, sizeof(c));
}

bool
kdf_run(struct kdf *k, uint64_t rounds)
{
	uint64_t left = k->rounds - k->done;
	uint64_t n = rounds < left ? rounds : left;

	if (k->hash == KDF_SHA256)
		rounds_sha256(k, n);
	else
		for (size_t i = 0; i < k->chains; i++)
			rounds_sha1(k, i, n);
	k->done += n;
	return k->done == k->rounds;
}

uint64_t
kdf_done(const struct kdf *k)
{
	return k->done;
}

void
kdf_key(const struct kdf *k, uint8_t out[static KDF_KEY])
{
	uint8_t all[CHAINS * 4 * WORDS] = { 0 };

	for (size_t i = 0; i < k->chains; i++)
		store_words(all + i * 4 * k->words, k->sum[i], k->words);
	memcpy(out, all, KDF_KEY);
	explicit_bzero(all, sizeof(all));
}

void
kdf_free(struct kdf *k)
{
	if (k == NULL)
		return;
	explicit_bzero(k, sizeof(*k));
	free(k);
}
