#ifndef ACQUIRE_IOS_PLISTS_H
#define ACQUIRE_IOS_PLISTS_H
#include <stdbool.h>
#include <stdint.h>

#include "acquisition.h"
#include "arena.h"
#include "notes.h"
#include "source.h"
#include "str.h"

/*
 * The three property lists beside a backup's manifest. Manifest.plist and
 * Status.plist come from the phone; Info.plist is written by the computer, so
 * the first wins where both tell the same.
 */
struct ios_plists {
	const struct plist *manifest, *info, *status; /* NULL: unreadable */
	bool encrypted;				      /* says Manifest.plist */
	struct str keybag;			      /* n = 0: none */
	struct str manifest_key; /* LE32 class and wrapped key; n = 0: none */
	bool unfinished;	 /* Status.plist tells of another state */
};

/*
 * From the folder `prefix` ("" or "Snapshot/") of outer; all that is given
 * out lives in a. A missing or unreadable list is a note.
 */
void ios_plists_read(struct source *outer, const char *prefix, struct arena *a,
    const struct notes *n, struct ios_plists *out);

/* Fills in what a says about the phone, copied to its arena. */
void ios_plists_device(const struct ios_plists *p, struct acquisition *a);
#endif
