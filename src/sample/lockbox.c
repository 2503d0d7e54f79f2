#include "lockbox.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES = 11, SALT_SIZE = 20 };

static void
must(int ok)
{
	if (ok != 1)
		abort(); /* the library has no memory */
}

/*
 * RFC 3394, section 2.2.1, over n blocks of 8 bytes: in has n, out n + 1 of
 * them. Written out, because the reading side uses a library for it.
 */
static void
wrap(const uint8_t kek[static LOCKBOX_KEY], const uint8_t *in, size_t n,
    uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t block[16], sealed[16];
	int got;

	must(ctx != NULL);
	must(EVP_EncryptInit_ex(ctx, EVP_aes_256_ecb(), NULL, kek, NULL));
	must(EVP_CIPHER_CTX_set_padding(ctx, 0));
	memset(block, 0xa6, 8);
	memcpy(out + 8, in, 8 * n);
	for (size_t j = 0; j < 6; j++)
		for (size_t i = 1; i <= n; i++) {
			memcpy(block + 8, out + 8 * i, 8);
			must(EVP_EncryptUpdate(ctx, sealed, &got, block, 16));
			memcpy(block, sealed, 8);
			block[7] ^= (uint8_t)(n * j + i);
			memcpy(out + 8 * i, sealed + 8, 8);
		}
	memcpy(out, block, 8);
	EVP_CIPHER_CTX_free(ctx);
}

void
lockbox_wrap(const struct lockbox *l, unsigned class,
    const uint8_t key[static LOCKBOX_KEY], uint8_t out[static LOCKBOX_WRAPPED])
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (uint8_t)(class >> (8 * i) & 0xff);
	wrap(l->class_key[class], key, LOCKBOX_KEY / 8, out + 4);
}

void
lockbox_seal(const uint8_t key[static LOCKBOX_KEY], struct str plain, bool pad,
    struct buf *out)
{
	static const uint8_t iv[16];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t chunk[4096 + 16];
	int got;

	must(ctx != NULL);
	must(EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, iv));
	must(EVP_CIPHER_CTX_set_padding(ctx, pad ? 1 : 0));
	for (size_t at = 0; at < plain.n; at += 4096) {
		struct str s = str_sub(plain, at, at + 4096);

		must(EVP_EncryptUpdate(
		    ctx, chunk, &got, (const uint8_t *)s.p, (int)s.n));
		buf_put(out, chunk, (size_t)got);
	}
	must(EVP_EncryptFinal_ex(ctx, chunk, &got));
	buf_put(out, chunk, (size_t)got);
	EVP_CIPHER_CTX_free(ctx);
}

static void
put_tag(struct buf *b, const char *tag, const void *data, size_t n)
{
	buf_puts(b, tag);
	buf_be32(b, (uint32_t)n);
	buf_put(b, data, n);
}

static void
put_number(struct buf *b, const char *tag, uint32_t v)
{
	buf_puts(b, tag);
	buf_be32(b, 4);
	buf_be32(b, v);
}

static void
put_random(struct buf *b, const char *tag, size_t n, struct rng *r)
{
	uint8_t v[64];

	rng_bytes(r, v, n);
	put_tag(b, tag, v, n);
}

/*
 * One class of the bag: UUID, CLAS, WRAP, KTYP, WPKY. Classes 9 to 11 are
 * bound to the phone (WRAP 3): what unwraps there lies under a key that never
 * leaves it.
 */
static void
put_class(struct lockbox *l, unsigned class, struct rng *r)
{
	uint8_t wrapped[LOCKBOX_KEY + 8];

	rng_bytes(r, l->class_key[class], LOCKBOX_KEY);
	wrap(l->kek, l->class_key[class], LOCKBOX_KEY / 8, wrapped);
	put_random(&l->keybag, "UUID", 16, r);
	put_number(&l->keybag, "CLAS", class);
	put_number(&l->keybag, "WRAP", class >= 9 ? 3 : 2);
	put_number(&l->keybag, "KTYP", 0);
	put_tag(&l->keybag, "WPKY", wrapped, sizeof(wrapped));
}

/* PBKDF2 with SHA-256 and DPSL, then with SHA-1 and SALT (iOS 10.2 on). */
static void
derive(struct lockbox *l, const struct sample_options *o,
    const uint8_t dpsl[static SALT_SIZE], const uint8_t salt[static SALT_SIZE])
{
	uint8_t first[LOCKBOX_KEY];

	must(PKCS5_PBKDF2_HMAC(o->password, (int)strlen(o->password), dpsl,
	    SALT_SIZE, (int)o->dpic, EVP_sha256(), sizeof(first), first));
	must(PKCS5_PBKDF2_HMAC((const char *)first, sizeof(first), salt,
	    SALT_SIZE, (int)o->iter, EVP_sha1(), LOCKBOX_KEY, l->kek));
}

struct lockbox *
lockbox_new(const struct sample_options *o, struct rng *r)
{
	static const unsigned order[CLASSES] = { 11, 10, 9, 8, 7, 6, 5, 3, 2, 1,
		4 };
	struct lockbox *l = calloc(1, sizeof(*l));
	uint8_t dpsl[SALT_SIZE], salt[SALT_SIZE];

	if (l == NULL)
		abort();
	rng_bytes(r, dpsl, sizeof(dpsl));
	rng_bytes(r, salt, sizeof(salt));
	derive(l, o, dpsl, salt);
	buf_init(&l->keybag, 4096);
	put_number(&l->keybag, "VERS", 5);
	put_number(&l->keybag, "TYPE", 1); /* a backup's */
	put_random(&l->keybag, "UUID", 16, r);
	put_random(&l->keybag, "HMCK", 40, r);
	put_number(&l->keybag, "WRAP", 0);
	put_tag(&l->keybag, "SALT", salt, sizeof(salt));
	put_number(&l->keybag, "ITER", o->iter);
	put_number(&l->keybag, "DPWT", 1);
	put_number(&l->keybag, "DPIC", o->dpic);
	put_tag(&l->keybag, "DPSL", dpsl, sizeof(dpsl));
	for (size_t i = 0; i < CLASSES; i++)
		put_class(l, order[i], r);
	return l;
}

void
lockbox_free(struct lockbox *l)
{
	if (l == NULL)
		return;
	buf_done(&l->keybag);
	free(l);
}
