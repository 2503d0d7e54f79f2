#ifndef BYTES_ZIPDIR_H
#define BYTES_ZIPDIR_H
#include <stdbool.h>
#include <stdint.h>

#include "file.h"
#include "notes.h"
#include "source.h"

/*
 * The directory at the end of a zip: what libarchive does not give out is
 * where each member lies, and without that each one opened costs a walk over
 * all of them. Unpacking stays with libarchive.
 */
struct zipdir_member {
	struct str name; /* as written; borrowed until the callback returns */
	uint64_t size;
	uint64_t packed;  /* bytes in the archive */
	uint64_t at;	  /* of its local header in the file */
	int64_t mtime_ns; /* TSTAMP_NONE when only the clock on a wall says */
	uint16_t method;
	bool encrypted;
	enum entry_type type;
};

/* Where a zip is in its file, and its directory in it. */
struct zipdir {
	uint64_t at;	/* of the directory in the file */
	uint64_t size;	/* of the directory */
	uint64_t count; /* members that it says it has */
	uint64_t shift; /* what stands in front of the zip; added to offsets */
};

/* False when there is no end of a directory, or it points nowhere. */
bool zipdir_find(struct file *f, struct zipdir *out);

/*
 * Calls fn for each member until it answers false. False with a note when
 * the directory is damaged, or not as long as it says.
 */
bool zipdir_each(struct file *f, const struct zipdir *d, const struct notes *n,
    bool (*fn)(void *arg, const struct zipdir_member *m), void *arg);

/* Where the bytes behind the local header at `at` begin. */
bool zipdir_data(struct file *f, uint64_t at, uint64_t *out);
#endif
