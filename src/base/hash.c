#include "hash.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct sha256 {
	EVP_MD_CTX *ctx;
};

struct sha256 *
sha256_new(void)
{
	struct sha256 *h = malloc(sizeof(*h));

	if (h == NULL || (h->ctx = EVP_MD_CTX_new()) == NULL ||
	    EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) != 1)
		abort();
	return h;
}

void
sha256_add(struct sha256 *h, const void *data, size_t n)
{
	if (EVP_DigestUpdate(h->ctx, data, n) != 1)
		abort();
}

void
sha256_end(struct sha256 *h, uint8_t out[static SHA256_SIZE])
{
	if (EVP_DigestFinal_ex(h->ctx, out, NULL) != 1 ||
	    EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) != 1)
		abort();
}

void
sha256_free(struct sha256 *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	free(h);
}

void
sha256_once(const void *data, size_t n, uint8_t out[static SHA256_SIZE])
{
	if (EVP_Digest(data, n, out, NULL, EVP_sha256(), NULL) != 1)
		abort();
}

void
sha1_once(const void *data, size_t n, uint8_t out[static SHA1_SIZE])
{
	if (EVP_Digest(data, n, out, NULL, EVP_sha1(), NULL) != 1)
		abort();
}

char *
hex_encode(const void *data, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digit[p[i] >> 4];
		out[2 * i + 1] = digit[p[i] & 15];
	}
	out[2 * n] = '\0';
	return out;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
hex_decode(struct str hex, size_t n, uint8_t *out)
{
	if (hex.n / 2 != n || hex.n % 2 != 0)
		return false;
	for (size_t i = 0; i < hex.n; i++)
		if (hex_value(hex.p[i]) < 0)
			return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(hex_value(hex.p[2 * i]) << 4 |
				   hex_value(hex.p[2 * i + 1]));
	return true;
}
