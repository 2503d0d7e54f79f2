/* The generator's cryptography against published values. */
#include <string.h>

#include "check.h"
#include "hash.h"
#include "lockbox.h"

static void
unhex(const char *hex, size_t n, uint8_t *out)
{
	CHECK(hex_decode(str_from(hex), n, out));
}

/* RFC 3394, section 4.6. */
static void
test_wrap(void)
{
	static struct lockbox l;
	uint8_t key[LOCKBOX_KEY], expect[LOCKBOX_KEY + 8];
	uint8_t out[LOCKBOX_WRAPPED];

	unhex("000102030405060708090A0B0C0D0E0F"
	      "101112131415161718191A1B1C1D1E1F",
	    LOCKBOX_KEY, l.class_key[3]);
	unhex("00112233445566778899AABBCCDDEEFF"
	      "000102030405060708090A0B0C0D0E0F",
	    LOCKBOX_KEY, key);
	unhex("28C9F404C4B810F4CBCCB35CFB87F826"
	      "3F5786E2D80ED326CBC7F0E71A99F43B"
	      "FB988B9B7A02DD21",
	    sizeof(expect), expect);
	lockbox_wrap(&l, 3, key, out);
	CHECK(memcmp(out, "\3\0\0\0", 4) == 0);
	CHECK(memcmp(out + 4, expect, sizeof(expect)) == 0);
}

/* NIST SP 800-38A, F.2.5, first block: its IV is folded into the text. */
static void
test_seal(void)
{
	uint8_t key[LOCKBOX_KEY], plain[16], iv[16], expect[16];
	struct buf b;

	unhex("603deb1015ca71be2b73aef0857d7781"
	      "1f352c073b6108d72d9810a30914dff4",
	    LOCKBOX_KEY, key);
	unhex("6bc1bee22e409f96e93d7e117393172a", 16, plain);
	unhex("000102030405060708090a0b0c0d0e0f", 16, iv);
	unhex("f58c4c04d6e5f1ba779eabfb5f7bfbd6", 16, expect);
	for (size_t i = 0; i < 16; i++)
		plain[i] ^= iv[i];
	buf_init(&b, 1 << 20);
	lockbox_seal(key, (struct str){ (char *)plain, 16 }, false, &b);
	CHECK(b.len == 16 && memcmp(b.p, expect, 16) == 0);
	buf_reset(&b);
	lockbox_seal(key, (struct str){ (char *)plain, 16 }, true, &b);
	CHECK(b.len == 32 && memcmp(b.p, expect, 16) == 0);
	buf_reset(&b);
	lockbox_seal(key, str_from(""), true, &b);
	CHECK(b.len == 16);
	buf_done(&b);
}

/* Every class is in the bag, and the derivation heeds each of its inputs. */
static void
test_bag(void)
{
	struct sample_options o = { .password = "pw", .dpic = 2, .iter = 3 };
	struct lockbox *a, *b;
	struct rng r;
	size_t classes = 0;

	rng_init(&r, 1, "keys");
	a = lockbox_new(&o, &r);
	for (size_t i = 0; i + 4 <= a->keybag.len; i++)
		classes += memcmp(a->keybag.p + i, "WPKY", 4) == 0;
	CHECK(classes == 11);
	for (int change = 0; change < 3; change++) {
		struct sample_options other = o;

		if (change == 0)
			other.password = "pW";
		else if (change == 1)
			other.dpic = 3;
		else
			other.iter = 4;
		rng_init(&r, 1, "keys");
		b = lockbox_new(&other, &r);
		CHECK(memcmp(a->kek, b->kek, LOCKBOX_KEY) != 0);
		lockbox_free(b);
	}
	lockbox_free(a);
	lockbox_free(NULL);
}

int
main(void)
{
	test_wrap();
	test_seal();
	test_bag();
	return 0;
}
