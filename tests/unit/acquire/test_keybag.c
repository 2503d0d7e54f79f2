#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "check.h"
#include "hash.h"
#include "keybag.h"

static size_t notes_left;

static void
count_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	(void)arg, (void)id, (void)off, (void)detail;
	notes_left++;
}

static const struct notes counter = { .fn = count_note };

static void
put_tag(struct buf *b, const char *name, const void *v, size_t n)
{
	buf_puts(b, name);
	buf_be32(b, (uint32_t)n);
	buf_put(b, v, n);
}

static void
put_number(struct buf *b, const char *name, uint32_t v)
{
	buf_puts(b, name);
	buf_be32(b, 4);
	buf_be32(b, v);
}

static void
from_hex(const char *hex, size_t n, uint8_t *out)
{
	CHECK(hex_decode(str_from(hex), n, out));
}

/*
 * The published bag of the known answer test: password "0000", salts of
 * zeros, class keys of zeros. rounds: of the first derivation, 0 for none.
 */
static const char kat_wrapped[] = "528c9c5171bf8bef1ea397cf29d2a838c90529df02a6"
				  "ad2f823a1c6f3a5b2040e2a309c520c6a2ab";

static void
put_class(struct buf *b, uint32_t class, uint32_t wrap, const uint8_t *wrapped)
{
	uint8_t uuid[16] = { 1 };

	put_tag(b, "UUID", uuid, sizeof(uuid));
	put_number(b, "CLAS", class);
	put_number(b, "WRAP", wrap);
	put_number(b, "KTYP", 0);
	put_tag(b, "WPKY", wrapped, AES_WRAPPED);
}

static void
make_bag(struct buf *b, uint32_t rounds)
{
	uint8_t zero[40] = { 0 }, wrapped[AES_WRAPPED];

	from_hex(kat_wrapped, AES_WRAPPED, wrapped);
	put_number(b, "VERS", 5);
	put_number(b, "TYPE", 1);
	put_tag(b, "UUID", zero, 16);
	put_tag(b, "HMCK", zero, 40);
	put_number(b, "WRAP", 0);
	put_tag(b, "SALT", zero, 20);
	put_number(b, "ITER", 10000);
	if (rounds > 0) {
		put_number(b, "DPWT", 1);
		put_number(b, "DPIC", rounds);
		put_tag(b, "DPSL", zero, 20);
	}
	put_class(b, 3, 2, wrapped);
	put_class(b, 4, 2, wrapped);
	put_class(b, 9, 3, wrapped);
}

static void
count_progress(void *arg, uint64_t done, uint64_t total)
{
	uint64_t *last = arg;

	CHECK(total == 10010000 && done > *last && done <= total);
	*last = done;
}

/* The whole chain of data/ios/kat/kat_zero_keybag.json. */
static void
test_known_answer(void)
{
	static const char kek_hex[] = "ec8edc160b5745ccae000bfb4787630f32282119"
				      "1fba7eea38feab2c6307cd9b";
	static const char file_hex[] =
	    "97317494343807e690fd1e431413963dc0e3deb4907fb89fa36ce65126d0ea1301"
	    "381fb3a2941e2f";
	uint8_t kek[AES_KEY], expect[AES_KEY], zero[AES_KEY] = { 0 };
	uint8_t wrapped[4 + AES_WRAPPED] = { 3 }, key[AES_KEY];
	uint8_t cipher[AES_BLOCK], plain[AES_BLOCK];
	struct str file_key = { (char *)wrapped, sizeof(wrapped) };
	uint64_t last = 0;
	struct keybag_progress p = { count_progress, &last };
	struct keybag k;
	struct aes_cbc *cbc;
	struct buf b;
	size_t wanted;
	uint32_t class;

	buf_init(&b, 4096);
	make_bag(&b, 10000000);
	CHECK(keybag_parse(cur_from(b.p, b.len), &counter, &k));
	CHECK(notes_left == 0 && !k.damaged && k.nclasses == 3);
	CHECK(keybag_derive(&k, str_from("0000"), &p, kek) == ERR_OK);
	CHECK(last == 10010000);
	from_hex(kek_hex, AES_KEY, expect);
	CHECK(memcmp(kek, expect, AES_KEY) == 0);
	CHECK(keybag_unlock(&k, kek, &wanted) == 3 && wanted == 3);
	CHECK(memcmp(k.classes[0].key, zero, AES_KEY) == 0);
	from_hex(file_hex, AES_WRAPPED, wrapped + 4);
	CHECK(keybag_unwrap(&k, file_key, &class, key) == KEYBAG_OK);
	CHECK(class == 3 && memcmp(key, zero, AES_KEY) == 0);
	from_hex("78b51ca5374c3ad575174288688cda49", AES_BLOCK, cipher);
	cbc = aes_cbc_new(key);
	aes_cbc_decrypt(cbc, zero, cipher, AES_BLOCK, plain);
	aes_cbc_free(cbc);
	CHECK(memcmp(plain, "Test data\7\7\7\7\7\7\7", AES_BLOCK) == 0);

	/* Each reason for not having a key is told apart. */
	wrapped[0] = 9;
	CHECK(keybag_unwrap(&k, file_key, &class, key) == KEYBAG_DEVICE_ONLY);
	wrapped[0] = 13;
	CHECK(keybag_unwrap(&k, file_key, &class, key) == KEYBAG_NO_CLASS);
	CHECK(class == 13);
	wrapped[0] = 4;
	wrapped[20] ^= 1;
	CHECK(keybag_unwrap(&k, file_key, &class, key) == KEYBAG_MISFIT);
	file_key.n--;
	CHECK(keybag_unwrap(&k, file_key, &class, key) == KEYBAG_LENGTH);
	keybag_wipe(&k);
	CHECK(k.nclasses == 0);
	buf_done(&b);
}

/* Before iOS 10.2 there was one derivation. */
static void
test_single(uint8_t kek[static AES_KEY])
{
	static const char expect_hex[] = "a1f9ad8aab0647485a344fda6dcc4eaa"
					 "d54819a775676b70ad61044beefdede4";
	uint8_t expect[AES_KEY];
	struct keybag k;
	struct buf b;

	buf_init(&b, 4096);
	make_bag(&b, 0);
	CHECK(keybag_parse(cur_from(b.p, b.len), NULL, &k));
	CHECK(k.first_rounds == 0 && k.rounds == 10000);
	CHECK(keybag_derive(&k, str_from("0000"), NULL, kek) == ERR_OK);
	from_hex(expect_hex, AES_KEY, expect);
	CHECK(memcmp(kek, expect, AES_KEY) == 0);
	buf_done(&b);
}

/* Wrong password, damaged bag and hostile round counts are told apart. */
static void
test_told_apart(void)
{
	uint8_t kek[AES_KEY], wrapped[4 + AES_WRAPPED] = { 4 }, key[AES_KEY];
	struct str file_key = { (char *)wrapped, sizeof(wrapped) };
	struct keybag k;
	struct buf b;
	size_t wanted;
	uint32_t class;

	from_hex("ec8edc160b5745ccae000bfb4787630f322821191fba7eea38feab2c6307"
		 "cd9b",
	    AES_KEY, kek);
	buf_init(&b, 4096);
	make_bag(&b, 1000);
	CHECK(keybag_parse(cur_from(b.p, b.len), NULL, &k));
	kek[0] ^= 1;
	CHECK(keybag_unlock(&k, kek, &wanted) == 0 && wanted == 3);
	kek[0] ^= 1;
	k.classes[1].wrapped[5] ^= 1;
	CHECK(keybag_unlock(&k, kek, &wanted) == 2 && wanted == 3);
	CHECK(keybag_unwrap(&k, file_key, &class, key) == KEYBAG_CLASS_SHUT);
	k.first_rounds = LIMIT_KDF_ROUNDS + 1;
	CHECK(keybag_derive(&k, str_from("0000"), NULL, kek) == ERR_LIMIT);
	k.first_rounds = 0;
	k.rounds = UINT64_MAX;
	CHECK(keybag_derive(&k, str_from("0000"), NULL, kek) == ERR_LIMIT);
	buf_done(&b);
}

/* A copy of exactly n bytes, so that sanitizers see every overrun. */
static bool
parse_copy(const uint8_t *p, size_t n, struct keybag *k)
{
	uint8_t *copy = malloc(n > 0 ? n : 1);
	bool ok;

	CHECK(copy != NULL);
	memcpy(copy, p, n);
	notes_left = 0;
	ok = keybag_parse(cur_from(copy, n), &counter, k);
	free(copy);
	return ok;
}

/*
 * Every truncation fails, leaves a note, or has fewer classes: a cut between
 * two classes cannot be seen in the bag.
 */
static void
test_truncated(void)
{
	struct keybag k, whole;
	struct buf b;

	buf_init(&b, 4096);
	make_bag(&b, 1000);
	CHECK(parse_copy(b.p, b.len, &whole) && notes_left == 0);
	for (size_t n = 0; n < b.len; n++) {
		if (!parse_copy(b.p, n, &k)) {
			CHECK(notes_left > 0);
			continue;
		}
		CHECK(k.damaged == (notes_left > 0));
		CHECK(k.damaged || k.nclasses < whole.nclasses ||
		      !k.classes[2].has_wrapped);
	}
	buf_done(&b);
}

/* No flip of a bit crashes; none makes another password fit. */
static void
test_flipped(const uint8_t kek[static AES_KEY])
{
	struct keybag k;
	struct buf b;
	size_t wanted;

	buf_init(&b, 4096);
	make_bag(&b, 1000);
	for (size_t i = 0; i < b.len; i++)
		for (int bit = 0; bit < 8; bit++) {
			b.p[i] ^= (uint8_t)(1 << bit);
			if (parse_copy(b.p, b.len, &k)) {
				CHECK(k.damaged == (notes_left > 0));
				CHECK(keybag_unlock(&k, kek, &wanted) == 0);
			}
			b.p[i] ^= (uint8_t)(1 << bit);
		}
	buf_done(&b);
}

/* RFC 3394, section 4.6: 256 bits of key data with a 256-bit key. */
static void
test_unwrap(void)
{
	uint8_t key[AES_KEY], wrapped[AES_WRAPPED], out[AES_KEY];
	uint8_t expect[AES_KEY];

	from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d"
		 "1e1f",
	    AES_KEY, key);
	from_hex("28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99"
		 "f43bfb988b9b7a02dd21",
	    AES_WRAPPED, wrapped);
	from_hex("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d"
		 "0e0f",
	    AES_KEY, expect);
	CHECK(aes_unwrap(key, wrapped, out));
	CHECK(memcmp(out, expect, AES_KEY) == 0);
	for (size_t i = 0; i < AES_WRAPPED; i++) {
		wrapped[i] ^= 0x80;
		CHECK(!aes_unwrap(key, wrapped, out));
		wrapped[i] ^= 0x80;
	}
	CHECK(memcmp(out, expect, AES_KEY) == 0); /* untouched on failure */
}

int
main(void)
{
	uint8_t single[AES_KEY];

	test_unwrap();
	test_single(single);
	test_told_apart();
	test_truncated();
	test_flipped(single);
	test_known_answer();
	return 0;
}
