#ifndef SAMPLE_PHONE_H
#define SAMPLE_PHONE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "lockbox.h"
#include "pl.h"
#include "rng.h"
#include "sample.h"
#include "sdb.h"

/*
 * The backup in the making. Parts (part.h) put files into it; it encrypts
 * them when it has a lockbox, writes them, and keeps the rows of Manifest.db.
 * The first fault sticks: parts need not look at every step.
 */
struct phone {
	const struct sample_options *o;
	struct why *why;
	enum err err;
	int dir; /* of the backup */
	unsigned os_major;
	int64_t first_s, last_s; /* its life, seconds since 1970 */
	struct arena arena;	 /* reset after each part */
	struct lockbox *lockbox; /* NULL: plain */
	struct buf sealed;
	struct rng rng; /* keys, classes, times of files */
	bool made[256]; /* folders "00" to "ff" */

	struct sdb *manifest;
	struct sdb_stmt *insert;
	struct arena row; /* one row's plist */
	struct buf blob;
	char parent[1024]; /* the folder that was put last, with its domain */
	uint64_t inode;
	size_t entries; /* rows so far */
};

/* dir is made; it must be empty or absent. */
enum err phone_open(struct phone *p, const char *dir,
    const struct sample_options *o, struct why *why);

/* Writes Manifest.db and the three plists; frees everything. */
enum err phone_close(struct phone *p);

/* A file with its bytes, and the folders above it. */
void phone_file(
    struct phone *p, const char *domain, const char *path, struct str bytes);

/* The same of a database, which is freed, and of its write-ahead log. */
void phone_db(struct phone *p, const char *domain, const char *path,
    struct sdb *db, bool wal);

/* The same of a property list, in binary form. */
void phone_plist(
    struct phone *p, const char *domain, const char *path, struct pl *root);

/* Listed with a size, but its bytes are not in the backup. */
void phone_absent(
    struct phone *p, const char *domain, const char *path, uint64_t size);

/* A folder, written to and changed at that time. */
void phone_folder(
    struct phone *p, const char *domain, const char *path, int64_t unix_s);

void phone_link(
    struct phone *p, const char *domain, const char *path, const char *target);

/* Bytes at the top of the backup, never encrypted ("Info.plist"). */
void phone_top(struct phone *p, const char *name, struct str bytes);

/* Unix seconds of row i of n, evenly over the phone's life. */
int64_t phone_time(const struct phone *p, size_t i, size_t n);

#define MAC_EPOCH 978307200 /* 2001-01-01 in seconds since 1970 */
#endif
