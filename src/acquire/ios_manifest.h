#ifndef ACQUIRE_IOS_MANIFEST_H
#define ACQUIRE_IOS_MANIFEST_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "entries.h"
#include "err.h"
#include "hash.h"
#include "notes.h"
#include "nskeyed.h"
#include "source.h"
#include "sqlro.h"

/*
 * Manifest.db of a backup, as a list of entries. What a row says about its
 * file beyond name and size is read again when the file is opened, so that
 * the list of a phone with 100,000 files stays small.
 */
struct ios_row {
	uint8_t id[SHA1_SIZE]; /* name of its content */
	enum ios_row_kind {
		IOS_ROW_MANIFEST,
		IOS_ROW_KNOWN, /* content that no row tells of */
		IOS_ROW_ROOT,  /* a file beside the manifest */
	} kind;
	int64_t rowid;
};

struct ios_manifest {
	struct sqlro *db; /* owned */
	struct sqlro_query *blob;
	struct ios_row *rows; /* an entry's ref is its index here */
	size_t nrows, cap;
};

/* Takes db. ERR_FORMAT when it has no table Files. */
enum err ios_manifest_new(
    struct sqlro *db, struct why *why, struct ios_manifest **out);
void ios_manifest_free(struct ios_manifest *m); /* NULL is fine */

/*
 * Adds an entry for each row: its path is DOMAIN/relativePath with whatever
 * could do harm as a path ("..", NUL, bytes that are no UTF-8, a '/' in a
 * domain) written as %xx. Odd rows are notes.
 */
void ios_manifest_list(
    struct ios_manifest *m, const struct notes *n, struct entries *l);

/* Adds one entry that no row tells of; false at a limit. */
bool ios_manifest_add(struct ios_manifest *m, struct entries *l,
    const struct ios_row *row, const struct entry *e);

/*
 * Renames all but one of the entries that share a path, and sorts. A file
 * beside the manifest wins, then the row whose content is named rightly.
 */
void ios_manifest_unique(
    struct ios_manifest *m, const struct notes *n, struct entries *l);

/* What a row says about its file, in a; false when it cannot be read. */
bool ios_manifest_blob(struct ios_manifest *m, const struct ios_row *row,
    struct arena *a, struct mbfile *out);
#endif
