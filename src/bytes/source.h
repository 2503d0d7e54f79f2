#ifndef BYTES_SOURCE_H
#define BYTES_SOURCE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "file.h"
#include "hash.h"
#include "notes.h"
#include "str.h"

/*
 * A tree of named byte ranges: a folder, an archive, memory, or an iOS backup
 * (acquire/). Paths use '/', have none in front, and are as the maker of the
 * tree wrote them: any byte but NUL, "../" included. They are names to match
 * and to show, never paths to open.
 */
enum entry_type { ENTRY_FILE, ENTRY_DIR, ENTRY_LINK, ENTRY_OTHER };

struct entry {
	struct str path;  /* NUL-terminated too; lives with the source */
	uint64_t size;	  /* as the tree lists it, which may be a lie */
	int64_t mtime_ns; /* TSTAMP_NONE when the tree has none */
	enum entry_type type;
	uint32_t ref; /* the backend's own number for it */
};

/*
 * A size that was not asked for yet: listing a folder of 100,000 files does
 * not look at each of them. source_size() asks, source_open() learns it too.
 */
#define ENTRY_SIZE_UNKNOWN UINT64_MAX

struct source;

/* Called now and then with the number of bytes done; fn may be NULL. */
struct source_progress {
	void (*fn)(void *arg, uint64_t done);
	void *arg;
};

/*
 * Which members to hold in memory when an archive cannot seek; a seekable one
 * ignores it.
 */
struct source_want {
	bool (*fn)(void *arg, struct str path, uint64_t size);
	void *arg;
};

struct source_ops {
	const char *name; /* "folder", "tar.gz", "zip", "ios-backup", ... */

	/*
	 * Opens one entry. Errors: ERR_ABSENT (listed, but no content),
	 * ERR_AUTH (its key is missing or does not fit), ERR_LIMIT (held back
	 * by a limit), ERR_IO. Whatever is odd but readable is a note.
	 */
	enum err (*open)(struct source *s, const struct entry *e,
	    const struct notes *n, struct file **out);

	/*
	 * Fills in size and mtime_ns of an entry of unknown size; NULL when
	 * the backend lists them all. Errors: ERR_ABSENT, ERR_IO.
	 */
	enum err (*stat)(struct source *s, struct entry *e);

	/* See source_archive_again; NULL: nothing to do. */
	enum err (*again)(struct source *s, const struct source_want *want,
	    const struct notes *n);

	/*
	 * SHA-256 of the bytes of an archive; NULL: the list of its files is
	 * hashed.
	 */
	enum err (*hash)(struct source *s, const struct source_progress *p,
	    struct why *why, uint8_t out[static SHA256_SIZE]);

	void (*free)(struct source *s);
};

/* Backends put this first in a struct of their own. */
struct source {
	const struct source_ops *ops;
	struct entry *entries; /* sorted by path, byte order */
	size_t count;
	uint64_t bytes; /* sum of the sizes of files that are known so far */

	/*
	 * What source_hash() gives, once it is known: for an archive that
	 * cannot seek from the start, as it was read through.
	 */
	bool hashed;
	uint8_t sha256[SHA256_SIZE];
};

/* The entry of exactly that path, or NULL. */
const struct entry *source_find(const struct source *s, const char *path);

/*
 * The next entry at or behind *at that matches glob, or NULL; *at then stands
 * behind it. Only the entries with the literal front of the glob are looked
 * at, so that many globs over many entries stay cheap.
 */
const struct entry *source_glob(
    const struct source *s, const char *glob, size_t *at);

/*
 * e must be one of s->entries. Errors as ops->open; ERR_ABSENT for what is no
 * file.
 */
enum err source_open(struct source *s, const struct entry *e,
    const struct notes *n, struct file **out);

/*
 * The size of one of s->entries, which is filled in (with its time) when it
 * was not known. ERR_ABSENT, ERR_IO: it cannot be told.
 */
enum err source_size(struct source *s, const struct entry *e, uint64_t *out);

/*
 * The sizes and times of all entries, folders too, for who may not ask later.
 * What cannot be told is a note, and 0.
 */
void source_size_all(struct source *s, const struct notes *n);

/*
 * The second pass over an archive that cannot seek, or over what a view of
 * one stands for: holds the members that are wanted by now too. Only the
 * first call does anything, and only for such an archive; want is asked with
 * the paths of s. Files that are open already stay valid.
 */
enum err source_archive_again(
    struct source *s, const struct source_want *want, const struct notes *n);

/*
 * SHA-256 of the evidence: of an archive's own bytes as they lie on disk,
 * trailing ones included; of anything else that of the concatenation of
 *
 *	path, as bytes; one NUL; size, 8 bytes big-endian; SHA-256 of content
 *
 * for each regular file, in byte order of the paths. Read in windows. What
 * cannot be read whole is ERR_IO, and why names it. p may be NULL.
 */
enum err source_hash(struct source *s, const struct source_progress *p,
    struct why *why, uint8_t out[static SHA256_SIZE]);

/* The same of one file's bytes, for archives. */
enum err source_hash_file(struct file *f, const struct source_progress *p,
    struct why *why, uint8_t out[static SHA256_SIZE]);

void source_free(struct source *s); /* NULL is fine */

/*
 * The folder at dirfd, borrowed until source_free. Links are listed, never
 * followed; sizes and times are not asked for (ENTRY_SIZE_UNKNOWN).
 */
enum err source_dir_new(
    int dirfd, const struct notes *n, struct why *why, struct source **out);

/*
 * The archive in f (taken on success): zip, tar, tar.gz, tar.xz, tar.zst.
 * ERR_FORMAT when it is none of them. A tar or zip that can seek is listed
 * only; of others one pass lists the members and holds the wanted ones. What
 * is neither wanted nor small enough (LIMIT_ARCHIVE_MEMBER, _HELD) is listed,
 * and is ERR_LIMIT with a note when it is opened.
 */
enum err source_archive_new(struct file *f, const struct source_want *want,
    const struct notes *n, struct why *why, struct source **out);

/* Memory, for tests and fuzzing: borrowed names and bytes. */
struct source_mem_entry {
	const char *path;
	const void *data;
	size_t len;
};
struct source *source_mem_new(const struct source_mem_entry *e, size_t count);

/*
 * All entries under prefix (with or without '/' behind it), with it cut off;
 * borrows base. ERR_ABSENT when there are none.
 */
enum err source_sub_new(
    struct source *base, const char *prefix, struct source **out);

/*
 * Entries of base under other names: each entry of list (taken, whatever
 * comes out) has the index of the entry of base that it stands for as its
 * ref. Borrows base.
 */
struct entries;
struct source *source_view_new(struct source *base, struct entries *list);
#endif
