#ifndef ACQUIRE_AES_H
#define ACQUIRE_AES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The two uses of AES-256 in backups: wrapped keys, and contents in CBC. */
#define AES_KEY	    32
#define AES_BLOCK   16
#define AES_WRAPPED (AES_KEY + 8) /* a key under RFC 3394 */

/*
 * RFC 3394, section 2.2.2, with the default initial value: false when key is
 * not the one that `wrapped` lies under, or `wrapped` is damaged (one chance
 * in 2^64 that it goes unnoticed).
 */
bool aes_unwrap(const uint8_t key[static AES_KEY],
    const uint8_t wrapped[static AES_WRAPPED], uint8_t out[static AES_KEY]);

/* A key that is ready to decrypt CBC; aborts when out of memory. */
struct aes_cbc;
struct aes_cbc *aes_cbc_new(const uint8_t key[static AES_KEY]);

/* n bytes, whole blocks; out may be in. iv: the ciphertext block before. */
void aes_cbc_decrypt(struct aes_cbc *c, const uint8_t iv[static AES_BLOCK],
    const uint8_t *in, size_t n, uint8_t *out);
void aes_cbc_free(struct aes_cbc *c); /* NULL is fine */
#endif
