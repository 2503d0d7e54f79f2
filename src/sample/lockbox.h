#ifndef SAMPLE_LOCKBOX_H
#define SAMPLE_LOCKBOX_H
#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "rng.h"
#include "sample.h"
#include "str.h"

/*
 * The keys of an encrypted backup and what is done with them. Made apart from
 * the code that opens backups, so that both cannot be wrong together: nothing
 * here includes anything of acquire/.
 */
#define LOCKBOX_KEY	32
#define LOCKBOX_WRAPPED (4 + LOCKBOX_KEY + 8) /* class, RFC 3394 */

struct lockbox {
	uint8_t kek[LOCKBOX_KEY];
	uint8_t class_key[12][LOCKBOX_KEY]; /* by class, 1 to 11 */
	struct buf keybag;		    /* BackupKeyBag of Manifest.plist */
};

/* Derives the key from the options' password: the rounds take their time. */
struct lockbox *lockbox_new(const struct sample_options *o, struct rng *r);
void lockbox_free(struct lockbox *l); /* NULL is fine */

/* LE32 class, then the key wrapped with that class's key. */
void lockbox_wrap(const struct lockbox *l, unsigned class,
    const uint8_t key[static LOCKBOX_KEY], uint8_t out[static LOCKBOX_WRAPPED]);

/*
 * AES-256-CBC with an IV of zeros, appended to out; with PKCS#7 padding, or
 * without when plain is a multiple of 16.
 */
void lockbox_seal(const uint8_t key[static LOCKBOX_KEY], struct str plain,
    bool pad, struct buf *out);
#endif
