#ifndef ACQUIRE_IOS_CONTENT_H
#define ACQUIRE_IOS_CONTENT_H
#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "file.h"
#include "hash.h"
#include "keybag.h"
#include "notes.h"
#include "nskeyed.h"
#include "source.h"

/*
 * The contents of a backup's files. Each lies under the SHA-1 of "domain-path"
 * in hex, in a folder of its first two digits (flat before iOS 10), and in an
 * encrypted backup under a key of its own.
 */
struct ios_contents {
	struct source *outer;	   /* borrowed: the backup's folder */
	const struct keybag *keys; /* borrowed; NULL: contents are plain */
	bool snapshot_first;	   /* the manifest is that of Snapshot/ */
};

/* Where the content of id lies in outer, or NULL. */
const struct entry *ios_contents_find(
    const struct ios_contents *c, const uint8_t id[static SHA1_SIZE]);

/* True (and its id) when path is that of a content. */
bool ios_contents_id(struct str path, uint8_t id[static SHA1_SIZE]);

/* The SHA-1 under which domain and path are kept. */
void ios_contents_name(
    struct str domain, struct str path, uint8_t out[static SHA1_SIZE]);

struct ios_content {
	const char *path; /* of the entry; borrowed by the file */
	uint8_t id[SHA1_SIZE];
	const struct mbfile *row; /* NULL: the manifest tells nothing of it */
};

/*
 * Errors as source_ops.open; every one but ERR_IO and ERR_LIMIT has left a
 * note that names the cause.
 */
enum err ios_contents_open(const struct ios_contents *c,
    const struct ios_content *which, const struct notes *n, struct file **out);
#endif
