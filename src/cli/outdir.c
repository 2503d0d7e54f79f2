#include "outdir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hash.h"
#include "limits.h"
#include "tstamp.h"
#include "utf8.h"

enum { NAME_BYTES = 255 }; /* of one name in the file systems of Linux */

/* No name that outdir_name gives starts like this and is hidden. */
static const char part_name[] = ".telassay-extract.part";

static int
open_dir(int at, const char *name)
{
	return openat(
	    at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool
outdir_init(struct outdir *d, const char *path, bool force)
{
	*d = (struct outdir){ .fd = -1, .last_fd = -1, .force = force };
	buf_init(&d->last, 4 * LIMIT_PATH);
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return false;
	/* The person named this one: it may be a link. */
	d->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return d->fd >= 0;
}

static void
forget_last(struct outdir *d)
{
	if (d->last_fd >= 0)
		close(d->last_fd);
	d->last_fd = -1;
	buf_reset(&d->last);
}

void
outdir_done(struct outdir *d)
{
	forget_last(d);
	buf_done(&d->last);
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool
outdir_is_below(const struct outdir *d, const char *path)
{
	struct stat top, here, parent;
	int at = dup(d->fd), up;
	bool below = false, root = false;

	if (stat(path, &top) != 0 || at < 0 || fstat(at, &here) != 0)
		root = true;
	while (!root && !(below = same_file(&here, &top))) {
		up = open_dir(at, "..");
		close(at);
		at = up;
		if (at < 0 || fstat(at, &parent) != 0 ||
		    same_file(&parent, &here))
			root = true;
		here = parent;
	}
	if (at >= 0)
		close(at);
	return below;
}

static void
put_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_printf(b, "%%%02x", (uint8_t)s.p[i]);
}

void
outdir_name(struct buf *b, struct str name)
{
	struct buf safe;
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	buf_init(&safe, 4 * LIMIT_PATH);
	if (name.n == 0) {
		buf_puts(&safe, "%2f"); /* stands for the second slash */
	} else if (str_is(name, ".") || str_is(name, "..") ||
		   str_is(name, part_name)) {
		put_escaped(&safe, name);
	} else {
		for (size_t at = 0, next = 0; at < name.n; at = next) {
			bool unsafe = utf8_is_unsafe(utf8_next(name, &next));
			struct str cp = str_sub(name, at, next);

			if (unsafe || cp.p[0] == '/')
				put_escaped(&safe, cp);
			else
				buf_str(&safe, cp);
		}
	}
	if (safe.len > NAME_BYTES) {
		sha256_once(name.p, name.n, hash);
		hex_encode(hash, 8, hex);
		buf_put(b, safe.p, NAME_BYTES - 17);
		buf_printf(b, "~%s", hex);
	} else {
		buf_str(b, buf_text(&safe));
	}
	buf_done(&safe);
}

/* The safe form of all of path, NUL-terminated; false when it is too long. */
static bool
safe_path(struct buf *b, struct str path)
{
	size_t slash;

	for (;;) {
		slash = str_find(path, '/');
		outdir_name(b, str_sub(path, 0, slash));
		if (slash == path.n)
			break;
		buf_u8(b, '/');
		path = str_sub(path, slash + 1, path.n);
	}
	(void)buf_cstr(b);
	if (b->full)
		errno = ENAMETOOLONG;
	return !b->full;
}

/* Opens, and makes when `make`, the folder below d; -1 (and errno). */
static int
walk(struct outdir *d, struct str folder, bool make)
{
	int at = dup(d->fd), next;

	while (at >= 0 && folder.n > 0) {
		size_t slash = str_find(folder, '/');
		char name[NAME_BYTES + 1];

		memcpy(name, folder.p, slash);
		name[slash] = '\0';
		next = -1;
		if (!make || mkdirat(at, name, 0700) == 0 || errno == EEXIST)
			next = open_dir(at, name);
		close(at);
		at = next;
		folder = str_sub(folder, slash + 1, folder.n);
	}
	return at;
}

/* The folder of the safe path, kept open for the next file; -1 (and errno). */
static int
folder_of(struct outdir *d, struct str safe, bool make)
{
	struct str folder = str_sub(safe, 0, str_rfind(safe, '/'));

	if (folder.n == safe.n)
		folder.n = 0;
	if (d->last_fd >= 0 && str_eq(buf_text(&d->last), folder))
		return d->last_fd;
	forget_last(d);
	d->last_fd = walk(d, folder, make);
	if (d->last_fd >= 0)
		buf_str(&d->last, folder);
	return d->last_fd;
}

bool
outdir_has(struct outdir *d, struct str path)
{
	struct buf safe;
	struct stat st;
	bool has = false;
	int at;

	buf_init(&safe, 4 * LIMIT_PATH);
	if (!d->force && safe_path(&safe, path)) {
		at = folder_of(d, buf_text(&safe), false);
		has = at >= 0 && fstatat(at, str_basename(buf_text(&safe)).p,
				     &st, AT_SYMLINK_NOFOLLOW) == 0;
	}
	buf_done(&safe);
	return has;
}

static bool
write_all(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static enum outdir_result
copy(int fd, struct file *f)
{
	enum { PIECE = 256 << 10 };
	uint8_t *p = malloc(PIECE);
	enum outdir_result r = OUTDIR_WRITTEN;
	uint64_t off = 0;
	size_t got = 0;

	if (p == NULL)
		abort();
	do {
		if (file_read_at(f, off, p, PIECE, &got) != ERR_OK)
			r = OUTDIR_READ;
		else if (!write_all(fd, p, got))
			r = OUTDIR_WRITE;
		off += got;
	} while (r == OUTDIR_WRITTEN && got > 0);
	free(p);
	return r;
}

static void
set_time(int fd, int64_t ns)
{
	struct timespec t[2];

	if (ns == TSTAMP_NONE || ns < 0)
		return;
	t[0] = t[1] = (struct timespec){ .tv_sec = ns / 1000000000,
		.tv_nsec = ns % 1000000000 };
	(void)futimens(fd, t);
}

/* Gives the finished part its name. */
static enum outdir_result
give_name(struct outdir *d, int at, const char *name)
{
	if (renameat2(
		at, part_name, at, name, d->force ? 0 : RENAME_NOREPLACE) == 0)
		return OUTDIR_WRITTEN;
	if (errno == EEXIST)
		return OUTDIR_EXISTS;
	/* Not every file system has RENAME_NOREPLACE. */
	if (errno == EINVAL && linkat(at, part_name, at, name, 0) == 0) {
		(void)unlinkat(at, part_name, 0);
		return OUTDIR_WRITTEN;
	}
	return errno == EEXIST ? OUTDIR_EXISTS : OUTDIR_WRITE;
}

static enum outdir_result
write_at(struct outdir *d, int at, const char *name, int64_t mtime_ns,
    struct file *f)
{
	enum outdir_result r;
	int fd, err;

	/* What an interrupted run has left. */
	(void)unlinkat(at, part_name, 0);
	fd = openat(at, part_name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return OUTDIR_WRITE;
	if ((r = copy(fd, f)) == OUTDIR_WRITTEN)
		set_time(fd, mtime_ns);
	err = errno;
	if (close(fd) != 0 && r == OUTDIR_WRITTEN) {
		err = errno;
		r = OUTDIR_WRITE;
	}
	if (r == OUTDIR_WRITTEN) {
		r = give_name(d, at, name);
		err = errno;
	}
	if (r != OUTDIR_WRITTEN)
		(void)unlinkat(at, part_name, 0);
	errno = err;
	return r;
}

enum outdir_result
outdir_write(
    struct outdir *d, struct str path, int64_t mtime_ns, struct file *f)
{
	enum outdir_result r = OUTDIR_WRITE;
	struct buf safe;
	int at;

	buf_init(&safe, 4 * LIMIT_PATH);
	if (safe_path(&safe, path) &&
	    (at = folder_of(d, buf_text(&safe), true)) >= 0)
		r = write_at(
		    d, at, str_basename(buf_text(&safe)).p, mtime_ns, f);
	buf_done(&safe);
	return r;
}
