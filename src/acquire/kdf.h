#ifndef ACQUIRE_KDF_H
#define ACQUIRE_KDF_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * PBKDF2-HMAC (RFC 8018, section 5.2) for keys of 32 bytes, in slices: a
 * backup password costs ten million rounds, so whoever waits can be told how
 * far it is, and can stop. Runs on nettle's compression functions, which
 * use the processor's SHA instructions where it has them.
 */
#define KDF_KEY 32

struct kdf;

enum kdf_hash { KDF_SHA1, KDF_SHA256 };

/* Never fails; password and salt are only borrowed during the call. */
struct kdf *kdf_new(enum kdf_hash hash, const void *password, size_t len,
    const void *salt, size_t salt_len, uint64_t rounds);

/* At most `rounds` more of the rounds; true once all are done. */
bool kdf_run(struct kdf *k, uint64_t rounds);

/* How many rounds are done. */
uint64_t kdf_done(const struct kdf *k);

/* The key, once kdf_run has returned true. */
void kdf_key(const struct kdf *k, uint8_t out[static KDF_KEY]);

/* Overwrites what is secret. NULL is fine. */
void kdf_free(struct kdf *k);
#endif
