#ifndef BASE_HASH_H
#define BASE_HASH_H
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/* SHA-1 (file names of iOS backups) and SHA-256 (everything of ours). */
#define SHA1_SIZE   20
#define SHA256_SIZE 32

/* A running SHA-256. Aborts when the crypto library fails: out of memory. */
struct sha256;
struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *h, const void *data, size_t n);
void sha256_end(struct sha256 *h, uint8_t out[static SHA256_SIZE]);
void sha256_free(struct sha256 *h);

void sha256_once(const void *data, size_t n, uint8_t out[static SHA256_SIZE]);
void sha1_once(const void *data, size_t n, uint8_t out[static SHA1_SIZE]);

/* Lower-case hex with a NUL: out has room for 2 * n + 1 bytes. */
char *hex_encode(const void *data, size_t n, char *out);

/* Exactly n bytes from 2 * n hex digits; false when they are not that. */
bool hex_decode(struct str hex, size_t n, uint8_t *out);
#endif
