#ifndef BYTES_FILE_H
#define BYTES_FILE_H
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "cur.h"
#include "err.h"

/*
 * One named run of bytes with random access, wherever it really lies: on
 * disk, in an archive, in memory, or decrypted as it is read. Readers know
 * only this. Never written to.
 */
struct file;

struct file_ops {
	const char *name;

	/*
	 * Up to n bytes at off into out; *got is less than n only at the end
	 * of the file. Errors: ERR_IO.
	 */
	enum err (*read_at)(
	    struct file *f, uint64_t off, void *out, size_t n, size_t *got);

	/* Releases what the backend holds and f itself. */
	void (*free)(struct file *f);
};

/* Backends put this first in a struct of their own. */
struct file {
	const struct file_ops *ops;
	uint64_t size;	  /* true length in bytes */
	const char *path; /* inside the acquisition; borrowed from its source */
};

/* As ops->read_at; an offset at or behind the end gives *got = 0. */
enum err file_read_at(
    struct file *f, uint64_t off, void *out, size_t n, size_t *got);

/*
 * The whole file as a cursor into a; ERR_LIMIT above max or at the arena's
 * cap. The bytes live as long as the arena.
 */
enum err file_read_all(
    struct file *f, struct arena *a, size_t max, struct cur *out);

/* NULL is fine. */
void file_free(struct file *f);

/*
 * Borrows data, which must outlive the file; path is borrowed too. Never
 * fails: aborts when out of memory.
 */
struct file *file_mem_new(const char *path, const void *data, size_t len);

/*
 * Takes fd (closed by file_free), which must be a regular file or anything
 * else that pread works on; the size is asked of fstat.
 */
enum err file_fd_new(const char *path, int fd, struct file **out);

/* A window of another file, which is borrowed: len bytes at off. */
struct file *file_window_new(
    const char *path, struct file *base, uint64_t off, uint64_t len);
#endif
