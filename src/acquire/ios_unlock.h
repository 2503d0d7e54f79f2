#ifndef ACQUIRE_IOS_UNLOCK_H
#define ACQUIRE_IOS_UNLOCK_H
#include "acquisition.h"
#include "err.h"
#include "ios_plists.h"
#include "keybag.h"
#include "notes.h"

/*
 * Opens a backup's keybag with what the person gave: the password, or the key
 * that it derives. The why-texts tell a missing password, a wrong one and a
 * damaged keybag apart, and say what to do.
 */

/*
 * ERR_AUTH: nothing given, or it does not fit; ERR_FORMAT: there is no keybag
 * that could be opened; ERR_LIMIT: its round count is beyond reason. A class
 * that stays shut although others open is a note.
 */
enum err ios_unlock(const struct ios_plists *p, const struct acquire_options *o,
    const struct notes *n, struct why *why, struct keybag *out);

/* The key of Manifest.db; ERR_FORMAT when it cannot be had. */
enum err ios_unlock_manifest(const struct ios_plists *p, const struct keybag *k,
    struct why *why, uint8_t out[static AES_KEY]);
#endif
