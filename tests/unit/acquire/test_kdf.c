#include <string.h>

#include "check.h"
#include "hash.h"
#include "kdf.h"

/* Runs in slices of `slice` rounds; 0: in one go. */
static void
derive(enum kdf_hash h, struct str pw, struct str salt, uint64_t rounds,
    uint64_t slice, uint8_t out[static KDF_KEY])
{
	struct kdf *k = kdf_new(h, pw.p, pw.n, salt.p, salt.n, rounds);
	uint64_t calls = 0;

	while (!kdf_run(k, slice > 0 ? slice : rounds))
		calls++;
	CHECK(slice == 0 || calls <= rounds / slice + 1);
	CHECK(kdf_done(k) == rounds);
	kdf_key(k, out);
	kdf_free(k);
}

struct vector {
	enum kdf_hash hash;
	struct str password, salt;
	uint64_t rounds;
	const char *hex; /* as many digits as the source gives, at most 64 */
};

#define S(s)                                                                   \
	{                                                                      \
		(s), sizeof(s) - 1                                             \
	}

/*
 * RFC 6070 (SHA-1) and RFC 7914, section 11 (SHA-256); the SHA-256 vectors
 * for RFC 6070's inputs were computed with two other libraries.
 */
static const struct vector vectors[] = {
	{KDF_SHA1,    S("password"),		   S("salt"),   1,
	    "0c60c80f961f0e71f3a9b524af6012062fe037a6"	       },
	{ KDF_SHA1,   S("password"),		   S("salt"),   2,
	    "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"	       },
	{ KDF_SHA1,   S("password"),		   S("salt"),   4096,
	    "4b007901b765489abead49d926f721d065a429c1"	       },
	{ KDF_SHA1,   S("passwordPASSWORDpassword"),
	    S("saltSALTsaltSALTsaltSALTsaltSALTsalt"),	       4096,
	    "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"},
	{ KDF_SHA1,   S("pass\0word"),		     S("sa\0lt"), 4096,
	    "56fa6aa75548099dcc37d7f03425e0c3"		       },
	{ KDF_SHA256, S("passwd"),		   S("salt"),   1,
	    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacb"
	    "c"					      },
	{ KDF_SHA256, S("password"),		     S("salt"),	4096,
	    "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134"
	    "a"					      },
};

static void
test_vectors(void)
{
	uint8_t key[KDF_KEY];
	char hex[2 * KDF_KEY + 1];

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *v = &vectors[i];

		for (uint64_t slice = 0; slice <= 3; slice++) {
			derive(v->hash, v->password, v->salt, v->rounds, slice,
			    key);
			hex_encode(key, KDF_KEY, hex);
			CHECK(strncmp(hex, v->hex, strlen(v->hex)) == 0);
		}
	}
}

/* A password longer than a block is hashed first; none at all is fine. */
static void
test_lengths(void)
{
	static const char expect_long[] =
	    "b6cf63e72b9a3bf6711cbb102d9c3f6c37e7b017fdce862d5335af2edb5cee45";
	static const char expect_none[] =
	    "45a8135294824ba86da37a10458c973a49703668bb6ac473e0664b0f528ca5f9";
	char pw[200], hex[2 * KDF_KEY + 1];
	uint8_t key[KDF_KEY];

	memset(pw, 'x', sizeof(pw));
	derive(KDF_SHA256, (struct str){ pw, sizeof(pw) }, str_from("NaCl"), 7,
	    2, key);
	CHECK(strcmp(hex_encode(key, KDF_KEY, hex), expect_long) == 0);
	derive(
	    KDF_SHA1, (struct str){ "", 0 }, (struct str){ "", 0 }, 7, 2, key);
	CHECK(strcmp(hex_encode(key, KDF_KEY, hex), expect_none) == 0);
}

int
main(void)
{
	test_vectors();
	test_lengths();
	return 0;
}
