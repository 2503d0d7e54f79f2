#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "cbc_file.h"
#include "check.h"
#include "hash.h"

enum { LONG = 200000 }; /* several windows, no whole number of blocks */

static struct {
	size_t count;
	enum note_id last;
} left;

static void
keep_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	(void)arg, (void)off, (void)detail;
	left.count++;
	left.last = id;
}

static const struct notes keeper = { .fn = keep_note };

static uint8_t key[AES_KEY];

/* What a phone does: CBC, zero IV, PKCS#7. out has room for a block more. */
static size_t
encrypt(const uint8_t *plain, size_t n, uint8_t *out)
{
	static const uint8_t iv[AES_BLOCK];
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int a, b;

	CHECK(c != NULL);
	CHECK(EVP_EncryptInit_ex(c, EVP_aes_256_cbc(), NULL, key, iv) == 1);
	CHECK(EVP_EncryptUpdate(c, out, &a, plain, (int)n) == 1);
	CHECK(EVP_EncryptFinal_ex(c, out + a, &b) == 1);
	EVP_CIPHER_CTX_free(c);
	return (size_t)a + (size_t)b;
}

static uint32_t
next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void
check_read(struct file *f, const uint8_t *plain, size_t size, size_t off,
    size_t n, uint8_t *out)
{
	size_t got = 1, expect = off >= size ? 0 : size - off;

	if (expect > n)
		expect = n;
	CHECK(file_read_at(f, off, out, n, &got) == ERR_OK);
	CHECK(got == expect);
	CHECK(memcmp(out, plain + (off < size ? off : size), got) == 0);
}

/* Every offset with a few lengths, then any at random. */
static void
test_random_access(void)
{
	static const size_t lengths[] = { 0, 1, 15, 16, 17, 100, 4096, 70000 };
	uint8_t *plain = malloc(LONG), *out = malloc(LONG);
	uint8_t *cipher = malloc(LONG + AES_BLOCK);
	uint32_t seed = 12345;
	struct file *f;
	size_t n;

	CHECK(plain != NULL && out != NULL && cipher != NULL);
	for (size_t i = 0; i < LONG; i++)
		plain[i] = (uint8_t)next_random(&seed);
	n = encrypt(plain, LONG, cipher);
	f = cbc_file_new("x", file_mem_new("x", cipher, n), key);
	CHECK(f->size == n);
	left.count = 0;
	CHECK(cbc_file_cut(f, LONG, &keeper) == ERR_OK);
	CHECK(cbc_file_check(f, &keeper) == ERR_OK);
	CHECK(f->size == LONG && left.count == 0);
	for (size_t off = 0; off < 300; off++)
		for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
			check_read(f, plain, LONG, off, lengths[i], out);
	for (size_t off = LONG - 300; off < LONG + 40; off++)
		for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
			check_read(f, plain, LONG, off, lengths[i], out);
	for (size_t i = 0; i < 20000; i++)
		check_read(f, plain, LONG, next_random(&seed) % LONG,
		    next_random(&seed) % 5000, out);
	/* In order, as a scan reads it. */
	for (size_t off = 0; off < LONG; off += 777)
		check_read(f, plain, LONG, off, 777, out);
	check_read(f, plain, LONG, 0, LONG, out);
	check_read(f, plain, LONG, (size_t)1 << 40, 10, out);
	file_free(f);
	free(plain);
	free(cipher);
	free(out);
}

struct cut {
	size_t cipher;	 /* bytes of the ciphertext that are left */
	uint64_t told;	 /* by the manifest */
	uint64_t expect; /* length */
	size_t notes;
	enum note_id note;
};

/* 100 bytes make 112 of ciphertext: 12 of padding. */
static const struct cut cuts[] = {
	{112,  100,		    100, 0, NOTE_COUNT	       },
	{ 112, CBC_SIZE_UNKNOWN, 100, 0, NOTE_COUNT	    },
	{ 112, 96,		   100, 1, NOTE_BACKUP_SIZE   },
	{ 112, 200,		    100, 1, NOTE_BACKUP_SIZE   },
	{ 96,  90,		  90,  1, NOTE_BACKUP_PADDING},
	{ 96,  100,		   96,  1, NOTE_BACKUP_PADDING},
	{ 96,  CBC_SIZE_UNKNOWN, 96,  1, NOTE_BACKUP_PADDING},
	{ 97,  100,		   96,  2, NOTE_BACKUP_PADDING},
	{ 15,  100,		   0,   2, NOTE_BACKUP_PADDING},
	{ 0,   100,		  0,   1, NOTE_BACKUP_PADDING},
	{ 0,   0,		0,   0, NOTE_COUNT	 },
};

static void
test_cut(void)
{
	uint8_t plain[100], cipher[112];

	memset(plain, 'x', sizeof(plain));
	CHECK(encrypt(plain, sizeof(plain), cipher) == sizeof(cipher));
	for (size_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		const struct cut *c = &cuts[i];
		struct file *f = cbc_file_new(
		    "x", file_mem_new("x", cipher, c->cipher), key);
		uint8_t out[112];

		left.count = 0;
		left.last = NOTE_COUNT;
		CHECK(cbc_file_cut(f, c->told, &keeper) == ERR_OK);
		CHECK(f->size == c->expect);
		CHECK(left.count == c->notes && left.last == c->note);
		check_read(f, plain, (size_t)c->expect, 0, 112, out);
		file_free(f);
	}
}

/* An empty file is one block of padding. */
static void
test_empty(void)
{
	uint8_t cipher[AES_BLOCK];
	struct file *f;

	CHECK(encrypt((const uint8_t *)"", 0, cipher) == AES_BLOCK);
	f = cbc_file_new("x", file_mem_new("x", cipher, AES_BLOCK), key);
	left.count = 0;
	CHECK(cbc_file_cut(f, 0, &keeper) == ERR_OK);
	CHECK(f->size == 0 && left.count == 0);
	file_free(f);
}

/*
 * Padding of one byte that the manifest does not know of: a damaged last
 * block looks like that once in 256 times.
 */
static void
test_short_padding(void)
{
	uint8_t plain[31], cipher[48];
	struct file *f;

	memset(plain, 'x', sizeof(plain));
	CHECK(encrypt(plain, sizeof(plain), cipher) == 32);
	f = cbc_file_new("x", file_mem_new("x", cipher, 32), key);
	left.count = 0;
	CHECK(cbc_file_cut(f, 4000, &keeper) == ERR_OK);
	CHECK(f->size == 31 && left.count == 1);
	CHECK(left.last == NOTE_BACKUP_PADDING);
	file_free(f);
}

/* Zeros behind the ciphertext are cut off; inside it they are a note. */
static void
test_zeros(void)
{
	static uint8_t plain[300000], cipher[310000];
	struct file *f;
	size_t n = encrypt(plain, sizeof(plain), cipher);

	f = cbc_file_new("x", file_mem_new("x", cipher, n + 4096), key);
	left.count = 0;
	CHECK(cbc_file_cut(f, sizeof(plain), &keeper) == ERR_OK);
	CHECK(f->size == sizeof(plain) && left.count == 1);
	CHECK(left.last == NOTE_BACKUP_PADDING);
	CHECK(cbc_file_check(f, &keeper) == ERR_OK && left.count == 1);
	memset(cipher + 200000, 0, 64);
	CHECK(cbc_file_check(f, &keeper) == ERR_OK && left.count == 2);
	CHECK(left.last == NOTE_BACKUP_ZEROED);
	file_free(f);
}

/* SP 800-38A, F.2.6, with its IV as the block in front. */
static void
test_vector(void)
{
	uint8_t iv[AES_BLOCK], in[64], out[64], expect[64];
	struct aes_cbc *c;

	CHECK(hex_decode(str_from("603deb1015ca71be2b73aef0857d77811f352c073b61"
				  "08d72d9810a30914dff4"),
	    AES_KEY, key));
	CHECK(hex_decode(
	    str_from("000102030405060708090a0b0c0d0e0f"), AES_BLOCK, iv));
	CHECK(hex_decode(
	    str_from("f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc"
		     "6702c7d39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda"
		     "6c19078c6a9d1b"),
	    64, in));
	CHECK(hex_decode(
	    str_from("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac4"
		     "5af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad"
		     "2b417be66c3710"),
	    64, expect));
	c = aes_cbc_new(key);
	aes_cbc_decrypt(c, iv, in, 64, out);
	CHECK(memcmp(out, expect, 64) == 0);
	aes_cbc_decrypt(c, in + 16, in + 32, 32, in + 32); /* in place */
	CHECK(memcmp(in + 32, expect + 32, 32) == 0);
	aes_cbc_free(c);
}

int
main(void)
{
	test_vector();
	test_random_access();
	test_cut();
	test_empty();
	test_short_padding();
	test_zeros();
	return 0;
}
