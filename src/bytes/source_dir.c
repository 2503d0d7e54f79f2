#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "entries.h"
#include "limits.h"
#include "source.h"
#include "tstamp.h"

/*
 * A folder on disk. Names come from whoever made the folder: each component
 * is opened by itself, relative to the one before, and a link is an error, so
 * that no name and no link leads out of the folder, whatever happens to it
 * meanwhile. Only regular files are ever opened for reading.
 */
struct source_dir {
	struct source s;
	struct arena names;
	int root; /* borrowed */

	/*
	 * The folders that lead to the one used last, each open, and where
	 * each ends in its path: sorted paths share most of them.
	 */
	int fds[LIMIT_FOLDER_DEPTH];
	size_t ends[LIMIT_FOLDER_DEPTH];
	size_t depth;
	struct str last;
};

#define OPEN_DIR  (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define OPEN_STEP (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define OPEN_FILE (O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* The state of one listing; path is where it stands. */
struct walk {
	struct entries list;
	const struct notes *n;
	char path[LIMIT_PATH + 1];
	size_t len;
	unsigned depth;
};

static enum entry_type
type_from_mode(mode_t mode)
{
	if (S_ISREG(mode))
		return ENTRY_FILE;
	if (S_ISDIR(mode))
		return ENTRY_DIR;
	return S_ISLNK(mode) ? ENTRY_LINK : ENTRY_OTHER;
}

/* Most file systems tell the type in the listing; the rest are asked. */
static enum entry_type
type_from_dirent(int fd, const struct dirent *d)
{
	struct stat st;

	switch (d->d_type) {
	case DT_REG:
		return ENTRY_FILE;
	case DT_DIR:
		return ENTRY_DIR;
	case DT_LNK:
		return ENTRY_LINK;
	case DT_UNKNOWN:
		if (fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			return type_from_mode(st.st_mode);
		return ENTRY_OTHER;
	default:
		return ENTRY_OTHER;
	}
}

static bool walk_dir(struct walk *w, int fd);

static bool
walk_into(struct walk *w, int parent, const char *name)
{
	int fd;

	if (w->depth >= LIMIT_FOLDER_DEPTH) {
		note_why(w->n, NOTE_FOLDER_DEPTH, 0, "%s", w->path);
		return true;
	}
	if ((fd = openat(parent, name, OPEN_DIR)) < 0) {
		note_why(w->n, NOTE_FOLDER_READ, 0, "%s", w->path);
		return true;
	}
	return walk_dir(w, fd);
}

/* False when the list is full. */
static bool
walk_name(struct walk *w, int fd, const struct dirent *d)
{
	size_t len = w->len, n = strlen(d->d_name);
	struct entry e = {
		.size = ENTRY_SIZE_UNKNOWN,
		.mtime_ns = TSTAMP_NONE,
		.type = type_from_dirent(fd, d),
	};
	bool more = true;

	if (n + 1 > LIMIT_PATH - len) {
		note_why(w->n, NOTE_FOLDER_NAME, 0, "%.400s", w->path);
		return true;
	}
	if (len > 0)
		w->path[w->len++] = '/';
	memcpy(w->path + w->len, d->d_name, n + 1);
	w->len += n;
	e.path = (struct str){ w->path, w->len };
	more = entries_add(&w->list, &e);
	if (!more)
		note_why(
		    w->n, NOTE_READ_LIMIT, 0, "%zu entries", w->list.count);
	else if (e.type == ENTRY_DIR)
		more = walk_into(w, fd, d->d_name);
	w->len = len;
	w->path[len] = '\0';
	return more;
}

/* Takes fd. False when the list is full. */
static bool
walk_dir(struct walk *w, int fd)
{
	struct dirent *d;
	bool more = true;
	DIR *dir;

	if ((dir = fdopendir(fd)) == NULL) {
		(void)close(fd);
		note_why(w->n, NOTE_FOLDER_READ, 0, "%s", w->path);
		return true;
	}
	w->depth++;
	while (more) {
		errno = 0;
		if ((d = readdir(dir)) == NULL) {
			if (errno != 0)
				note_why(
				    w->n, NOTE_FOLDER_READ, 0, "%s", w->path);
			break;
		}
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			more = walk_name(w, fd, d);
	}
	w->depth--;
	(void)closedir(dir);
	return more;
}

/* Closes the folders that dir does not lie in. */
static void
leave(struct source_dir *d, struct str dir)
{
	size_t same = 0;

	while (
	    same < dir.n && same < d->last.n && dir.p[same] == d->last.p[same])
		same++;
	while (d->depth > 0) {
		size_t end = d->ends[d->depth - 1];

		if (end <= same && (end == dir.n || dir.p[end] == '/'))
			break;
		(void)close(d->fds[--d->depth]);
	}
}

/* The folder that is open deepest. */
static int
here(const struct source_dir *d)
{
	return d->depth > 0 ? d->fds[d->depth - 1] : d->root;
}

/* One component down. */
static bool
enter(struct source_dir *d, struct str name, size_t end)
{
	char text[NAME_MAX + 1];
	int fd;

	if (name.n > NAME_MAX || d->depth == LIMIT_FOLDER_DEPTH)
		return false;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	if ((fd = openat(here(d), text, OPEN_STEP)) < 0)
		return false;
	d->fds[d->depth] = fd;
	d->ends[d->depth++] = end;
	return true;
}

/* The folder that path lies in, and where its last component begins. */
static int
open_parent(struct source_dir *d, struct str path, const char **name)
{
	size_t slash = str_rfind(path, '/'), at = 0, end;
	struct str dir = str_sub(path, 0, slash == path.n ? 0 : slash);

	*name = slash == path.n ? path.p : path.p + slash + 1;
	leave(d, dir);
	d->last = dir;
	if (d->depth > 0)
		at = d->ends[d->depth - 1] + 1;
	while (at < dir.n) {
		end = at + str_find(str_sub(dir, at, dir.n), '/');
		if (!enter(d, str_sub(dir, at, end), end)) {
			d->last = str_sub(dir, 0, at > 0 ? at - 1 : 0);
			return -1;
		}
		at = end + 1;
	}
	return here(d);
}

static enum err
err_from_errno(int e)
{
	return e == ENOENT || e == ENOTDIR || e == ELOOP ? ERR_ABSENT : ERR_IO;
}

static enum err
dir_open(struct source *s, const struct entry *e, const struct notes *n,
    struct file **out)
{
	const char *name;
	struct stat st;
	enum err err;
	int dir, fd;

	(void)n;
	if ((dir = open_parent((struct source_dir *)s, e->path, &name)) < 0)
		return err_from_errno(errno);
	if ((fd = openat(dir, name, OPEN_FILE)) < 0)
		return err_from_errno(errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		err = ERR_ABSENT; /* it was a file when it was listed */
	else
		err = file_fd_new(e->path.p, fd, out);
	if (err != ERR_OK)
		(void)close(fd);
	return err;
}

static enum err
dir_stat(struct source *s, struct entry *e)
{
	const char *name;
	struct stat st;
	int64_t ns;
	int dir;

	if ((dir = open_parent((struct source_dir *)s, e->path, &name)) < 0)
		return err_from_errno(errno);
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return err_from_errno(errno);
	e->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	ns = tstamp_unix_i(st.st_mtim.tv_sec);
	if (ns != TSTAMP_NONE && ns <= INT64_MAX - st.st_mtim.tv_nsec)
		ns += st.st_mtim.tv_nsec;
	e->mtime_ns = ns;
	return ERR_OK;
}

static void
dir_free(struct source *s)
{
	struct source_dir *d = (struct source_dir *)s;

	leave(d, (struct str){ "", 0 });
	arena_done(&d->names);
	free(s->entries);
	free(d);
}

static const struct source_ops dir_ops = {
	.name = "folder",
	.open = dir_open,
	.stat = dir_stat,
	.free = dir_free,
};

enum err
source_dir_new(
    int dirfd, const struct notes *n, struct why *why, struct source **out)
{
	struct source_dir *d;
	struct walk *w;
	int fd;

	if ((fd = openat(dirfd, ".", OPEN_DIR)) < 0)
		return why_set(why, ERR_IO, "the folder cannot be listed: %s",
		    strerrordesc_np(errno));
	d = calloc(1, sizeof(*d));
	w = calloc(1, sizeof(*w));
	if (d == NULL || w == NULL)
		abort();
	entries_init(&w->list);
	w->n = n;
	(void)walk_dir(w, fd);
	d->s.ops = &dir_ops;
	d->root = dirfd;
	entries_give(&w->list, &d->s, &d->names);
	free(w);
	*out = &d->s;
	return ERR_OK;
}
