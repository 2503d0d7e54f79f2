#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "stream.h"

/* xz and zstd: libarchive's filter, with what it unpacks taken as it is. */
struct stream_filter {
	struct stream s;
	struct archive *a;
	int (*support)(struct archive *a);
	bool opened;
	bool dry; /* the input has ended */
};

static la_ssize_t
filter_read(struct archive *a, void *arg, const void **out)
{
	struct stream_filter *x = arg;
	struct cur c = stream_fill(&x->s);

	(void)a;
	if (c.len == 0)
		x->dry = true;
	*out = c.p;
	return x->s.end == STREAM_IO ? -1 : (la_ssize_t)c.len;
}

/*
 * libarchive starts external programs for what it was built without: then
 * support() does not answer ARCHIVE_OK, and nothing is opened.
 */
static bool
filter_open(struct stream_filter *x)
{
	struct archive_entry *e;

	x->opened = true;
	if (x->support(x->a) != ARCHIVE_OK ||
	    archive_read_support_format_raw(x->a) != ARCHIVE_OK)
		return false;
	if (archive_read_open(x->a, x, NULL, filter_read, NULL) != ARCHIVE_OK)
		return false;
	/* One filter and the input: nothing packed in itself. */
	return archive_read_next_header(x->a, &e) == ARCHIVE_OK &&
	       archive_filter_count(x->a) == 2;
}

static struct cur
filter_next(struct stream *s)
{
	struct stream_filter *x = (struct stream_filter *)s;
	const void *p = NULL;
	size_t n = 0;
	la_int64_t off;
	int r = ARCHIVE_FATAL;

	if (x->opened || filter_open(x))
		r = archive_read_data_block(x->a, &p, &n, &off);
	if (r == ARCHIVE_OK && n > 0)
		return cur_from(p, n);
	if (s->end == STREAM_GOES_ON) {
		if (r == ARCHIVE_EOF || r == ARCHIVE_OK)
			s->end = STREAM_END;
		else
			s->end = x->dry ? STREAM_CUT : STREAM_DAMAGED;
	}
	return cur_from(NULL, 0);
}

static void
filter_free(struct stream *s)
{
	struct stream_filter *x = (struct stream_filter *)s;

	(void)archive_read_free(x->a);
	stream_done(s);
	free(x);
}

static struct stream *
filter_new(const struct stream_ops *ops, struct file *f,
    int (*support)(struct archive *a))
{
	struct stream_filter *x = calloc(1, sizeof(*x));

	if (x == NULL || (x->a = archive_read_new()) == NULL)
		abort();
	x->support = support;
	stream_init(&x->s, ops, f);
	return &x->s;
}

static const struct stream_ops xz_ops = {
	.kind = STREAM_XZ,
	.next = filter_next,
	.free = filter_free,
};

static const struct stream_ops zstd_ops = {
	.kind = STREAM_ZSTD,
	.next = filter_next,
	.free = filter_free,
};

struct stream *
stream_xz_new(struct file *f)
{
	return filter_new(&xz_ops, f, archive_read_support_filter_xz);
}

struct stream *
stream_zstd_new(struct file *f)
{
	return filter_new(&zstd_ops, f, archive_read_support_filter_zstd);
}
