#ifndef CLI_OUTDIR_H
#define CLI_OUTDIR_H
#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "file.h"
#include "str.h"

/*
 * A folder that copies of evidence are written to. Names come from whoever
 * made the evidence, so nothing of them is trusted: parts that could lead
 * elsewhere are rewritten, each folder is opened one by one without following
 * links, and a file appears under its name only when it is complete.
 */
struct outdir {
	int fd;
	bool force;	 /* existing files are replaced */
	struct buf last; /* folder that the last file went to ... */
	int last_fd;	 /* ... and that folder, or -1 */
};

/* Makes the folder when it is missing. False (and errno) when it cannot. */
bool outdir_init(struct outdir *d, const char *path, bool force);
void outdir_done(struct outdir *d);

/* True when the folder is `path` or lies below it, by links or without. */
bool outdir_is_below(const struct outdir *d, const char *path);

enum outdir_result {
	OUTDIR_WRITTEN,
	OUTDIR_EXISTS, /* and was left alone */
	OUTDIR_READ,   /* f could not be read: nothing was written */
	OUTDIR_WRITE,  /* errno says why: nothing was written */
};

/* True when a file of that name is there and force is not set. */
bool outdir_has(struct outdir *d, struct str path);

/* The bytes of f under the safe form of path; mtime_ns or TSTAMP_NONE. */
enum outdir_result outdir_write(
    struct outdir *d, struct str path, int64_t mtime_ns, struct file *f);

/*
 * Appends the safe form of one name between slashes: "", ".", "..", control
 * characters and those that change text direction become %xx, and what is
 * too long is cut and gets a hash.
 */
void outdir_name(struct buf *b, struct str name);
#endif
