#include "file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum err
file_read_at(struct file *f, uint64_t off, void *out, size_t n, size_t *got)
{
	if (off >= f->size || n == 0) {
		*got = 0;
		return ERR_OK;
	}
	if (n > f->size - off)
		n = (size_t)(f->size - off);
	return f->ops->read_at(f, off, out, n, got);
}

enum err
file_read_all(struct file *f, struct arena *a, size_t max, struct cur *out)
{
	size_t got;
	void *p;
	enum err e;

	if (f->size > max)
		return ERR_LIMIT;
	if ((p = arena_alloc(a, (size_t)f->size, 1)) == NULL)
		return ERR_LIMIT;
	if ((e = file_read_at(f, 0, p, (size_t)f->size, &got)) != ERR_OK)
		return e;
	*out = cur_from(p, got);
	return ERR_OK;
}

void
file_free(struct file *f)
{
	if (f != NULL)
		f->ops->free(f);
}

static void *
alloc_or_abort(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		abort();
	return p;
}

/* Memory. */

struct file_mem {
	struct file f;
	struct cur all;
};

static enum err
mem_read_at(struct file *f, uint64_t off, void *out, size_t n, size_t *got)
{
	struct cur c = ((struct file_mem *)f)->all;

	/* file_read_at keeps off and n inside the file. */
	if (!cur_skip(&c, (size_t)off) || !cur_copy(&c, n, out))
		return ERR_INTERNAL;
	*got = n;
	return ERR_OK;
}

static void
mem_free(struct file *f)
{
	free(f);
}

static const struct file_ops mem_ops = {
	.name = "memory",
	.read_at = mem_read_at,
	.free = mem_free,
};

struct file *
file_mem_new(const char *path, const void *data, size_t len)
{
	struct file_mem *m = alloc_or_abort(sizeof(*m));

	m->f = (struct file){ .ops = &mem_ops, .size = len, .path = path };
	m->all = cur_from(data, len);
	return &m->f;
}

/* A descriptor: pread only, so that a fork shares no position. */

struct file_fd {
	struct file f;
	int fd;
};

static enum err
fd_read_at(struct file *f, uint64_t off, void *out, size_t n, size_t *got)
{
	const struct file_fd *d = (struct file_fd *)f;
	unsigned char *p = out;
	size_t done = 0;
	ssize_t r;

	while (done < n) {
		r = pread(d->fd, p + done, n - done, (off_t)(off + done));
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return ERR_IO;
		if (r == 0) /* shorter than it was when it was opened */
			break;
		done += (size_t)r;
	}
	*got = done;
	return ERR_OK;
}

static void
fd_free(struct file *f)
{
	struct file_fd *d = (struct file_fd *)f;

	(void)close(d->fd);
	free(d);
}

static const struct file_ops fd_ops = {
	.name = "descriptor",
	.read_at = fd_read_at,
	.free = fd_free,
};

enum err
file_fd_new(const char *path, int fd, struct file **out)
{
	struct file_fd *d;
	struct stat st;

	if (fstat(fd, &st) != 0 || st.st_size < 0)
		return ERR_IO;
	d = alloc_or_abort(sizeof(*d));
	d->f = (struct file){
		.ops = &fd_ops, .size = (uint64_t)st.st_size, .path = path
	};
	d->fd = fd;
	*out = &d->f;
	return ERR_OK;
}

/* A window of another file. */

struct file_window {
	struct file f;
	struct file *base;
	uint64_t off;
};

static enum err
window_read_at(struct file *f, uint64_t off, void *out, size_t n, size_t *got)
{
	const struct file_window *w = (struct file_window *)f;

	return file_read_at(w->base, w->off + off, out, n, got);
}

static const struct file_ops window_ops = {
	.name = "window",
	.read_at = window_read_at,
	.free = mem_free,
};

struct file *
file_window_new(const char *path, struct file *base, uint64_t off, uint64_t len)
{
	struct file_window *w = alloc_or_abort(sizeof(*w));

	if (off > base->size)
		off = base->size;
	if (len > base->size - off)
		len = base->size - off;
	w->f = (struct file){ .ops = &window_ops, .size = len, .path = path };
	w->base = base;
	w->off = off;
	return &w->f;
}
