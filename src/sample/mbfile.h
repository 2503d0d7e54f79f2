#ifndef SAMPLE_MBFILE_H
#define SAMPLE_MBFILE_H
#include <stdint.h>

#include "arena.h"
#include "buf.h"

/* Kinds of a row of Manifest.db. */
enum { ROW_FILE = 1, ROW_FOLDER = 2, ROW_LINK = 4 };

/* What a row says of its file. */
struct row {
	const char *domain, *path;
	unsigned flags; /* ROW_* */
	uint64_t size;
	const uint8_t *key;    /* LOCKBOX_WRAPPED bytes, or NULL */
	const uint8_t *digest; /* SHA1_SIZE bytes, or NULL */
	const char *target;    /* of a link, or NULL */
	unsigned class;
	int64_t born_s, changed_s; /* since 1970 */
	uint64_t inode;
};

/* Appends the keyed archive of an MBFile, the "file" column; resets a. */
void mbfile_put(struct arena *a, const struct row *r, struct buf *out);
#endif
