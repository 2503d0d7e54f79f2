#include "aes.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

bool
aes_unwrap(const uint8_t key[static AES_KEY],
    const uint8_t wrapped[static AES_WRAPPED], uint8_t out[static AES_KEY])
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	uint8_t plain[AES_WRAPPED + AES_BLOCK];
	int n = 0;
	bool ok;

	if (c == NULL)
		abort();
	EVP_CIPHER_CTX_set_flags(c, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	if (EVP_DecryptInit_ex(c, EVP_aes_256_wrap(), NULL, key, NULL) != 1)
		abort();
	ok = EVP_DecryptUpdate(c, plain, &n, wrapped, AES_WRAPPED) == 1 &&
	     n == AES_KEY;
	if (ok)
		memcpy(out, plain, AES_KEY);
	explicit_bzero(plain, sizeof(plain));
	EVP_CIPHER_CTX_free(c);
	return ok;
}

struct aes_cbc {
	EVP_CIPHER_CTX *evp;
};

struct aes_cbc *
aes_cbc_new(const uint8_t key[static AES_KEY])
{
	struct aes_cbc *c = calloc(1, sizeof(*c));

	if (c == NULL || (c->evp = EVP_CIPHER_CTX_new()) == NULL ||
	    EVP_DecryptInit_ex(c->evp, EVP_aes_256_cbc(), NULL, key, NULL) !=
		1 ||
	    EVP_CIPHER_CTX_set_padding(c->evp, 0) != 1)
		abort();
	return c;
}

void
aes_cbc_decrypt(struct aes_cbc *c, const uint8_t iv[static AES_BLOCK],
    const uint8_t *in, size_t n, uint8_t *out)
{
	const size_t most = (size_t)1 << 30; /* EVP counts in int */
	uint8_t next[AES_BLOCK], now[AES_BLOCK];

	memcpy(now, iv, AES_BLOCK);
	while (n > 0) {
		size_t part = n < most ? n : most;
		int done;

		memcpy(next, in + part - AES_BLOCK, AES_BLOCK);
		if (EVP_DecryptInit_ex(c->evp, NULL, NULL, NULL, now) != 1 ||
		    EVP_DecryptUpdate(c->evp, out, &done, in, (int)part) != 1)
			abort();
		memcpy(now, next, AES_BLOCK);
		in += part;
		out += part;
		n -= part;
	}
}

void
aes_cbc_free(struct aes_cbc *c)
{
	if (c == NULL)
		return;
	EVP_CIPHER_CTX_free(c->evp); /* wipes the key schedule */
	free(c);
}
