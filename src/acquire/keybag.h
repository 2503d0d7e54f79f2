#ifndef ACQUIRE_KEYBAG_H
#define ACQUIRE_KEYBAG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aes.h"
#include "cur.h"
#include "err.h"
#include "limits.h"
#include "notes.h"
#include "str.h"

/*
 * The BackupKeyBag of an encrypted iOS backup: one wrapped key for each data
 * protection class, all under a key that is derived from the backup password.
 * A file's own key lies wrapped under its class's key.
 */
struct keybag_class {
	uint32_t id;	  /* 1 to 4 for files, 5 to 11 for the keychain */
	uint32_t wrap;	  /* KEYBAG_WRAP_* */
	bool has_wrapped; /* a WPKY of the right length was there */
	bool open;	  /* key holds the class key */
	uint8_t wrapped[AES_WRAPPED];
	uint8_t key[AES_KEY];
};

enum {
	KEYBAG_WRAP_DEVICE = 1,	  /* under the phone's hardware key */
	KEYBAG_WRAP_PASSWORD = 2, /* under the password's key */
};

struct keybag {
	uint64_t rounds;       /* ITER: PBKDF2-HMAC-SHA1 */
	uint64_t first_rounds; /* DPIC: PBKDF2-HMAC-SHA256; 0: before 10.2 */
	uint8_t salt[LIMIT_KEYBAG_SALT], first_salt[LIMIT_KEYBAG_SALT];
	size_t salt_len, first_salt_len;
	struct keybag_class classes[LIMIT_KEYBAG_CLASSES];
	size_t nclasses;
	bool damaged; /* a note was left while it was read */
};

/*
 * False (and a note) when nothing can be unlocked with it; damage that leaves
 * some of it usable is a note and sets out->damaged. Holds no pointers.
 */
bool keybag_parse(struct cur bag, const struct notes *n, struct keybag *out);

/* Told now and then how many rounds of how many are done; fn may be NULL. */
struct keybag_progress {
	void (*fn)(void *arg, uint64_t done, uint64_t total);
	void *arg;
};

/*
 * The key that the password derives. ERR_LIMIT when the bag asks for more
 * rounds than LIMIT_KDF_ROUNDS: out is then untouched.
 */
enum err keybag_derive(const struct keybag *k, struct str password,
    const struct keybag_progress *p, uint8_t out[static AES_KEY]);

/*
 * Opens every class whose key lies under `key`. Gives how many could be
 * opened, and in *wanted how many there are: none means the wrong password,
 * some a damaged bag.
 */
size_t keybag_unlock(
    struct keybag *k, const uint8_t key[static AES_KEY], size_t *wanted);

/* Why a wrapped key could not be had. */
enum keybag_result {
	KEYBAG_OK,
	KEYBAG_LENGTH,	    /* not class and wrapped key: 44 bytes */
	KEYBAG_NO_CLASS,    /* the bag has no such class */
	KEYBAG_DEVICE_ONLY, /* the class key never leaves the phone */
	KEYBAG_CLASS_SHUT,  /* the class is there, its key is damaged */
	KEYBAG_MISFIT,	    /* not wrapped under the class's key */
};

/*
 * A key as rows of the manifest and ManifestKey have it: LE32 class, then the
 * key wrapped under the class key. *class_out is set but for KEYBAG_LENGTH.
 */
enum keybag_result keybag_unwrap(const struct keybag *k, struct str wrapped,
    uint32_t *class_out, uint8_t out[static AES_KEY]);

/* Overwrites all keys. */
void keybag_wipe(struct keybag *k);
#endif
