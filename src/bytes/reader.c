#include "reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

struct reader {
	struct archive *a;
	struct stream *s;
	struct cur chunk; /* what libarchive was given last */
	uint64_t base;	  /* where in the stream it began */
	enum reader_format format;
};

static la_ssize_t
on_read(struct archive *a, void *arg, const void **out)
{
	struct reader *r = arg;

	(void)a;
	/* How the stream ended is asked of the stream, by who reads on. */
	if (!stream_next(r->s, &r->chunk))
		r->chunk = cur_from(NULL, 0);
	*out = r->chunk.p;
	return (la_ssize_t)r->chunk.len;
}

static la_int64_t
on_skip(struct archive *a, void *arg, la_int64_t n)
{
	struct reader *r = arg;

	(void)a;
	return n <= 0 ? 0 : (la_int64_t)stream_skip(r->s, (uint64_t)n);
}

static void
reader_open(struct reader *r)
{
	int e;

	if ((r->a = archive_read_new()) == NULL)
		abort();
	e = r->format == READER_TAR
		? archive_read_support_format_tar(r->a)
		: archive_read_support_format_zip_streamable(r->a);
	if (e != ARCHIVE_OK)
		abort();
	/* A failure to open is told again by the first header. */
	(void)archive_read_open2(r->a, r, NULL, on_read, on_skip, NULL);
}

struct reader *
reader_new(struct stream *s, enum reader_format format)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (r == NULL)
		abort();
	r->s = s;
	r->format = format;
	reader_open(r);
	return r;
}

void
reader_free(struct reader *r)
{
	if (r == NULL)
		return;
	(void)archive_read_free(r->a);
	free(r);
}

static enum entry_type
type_from_mode(__LA_MODE_T mode)
{
	switch (mode) {
	case AE_IFREG:
		return ENTRY_FILE;
	case AE_IFDIR:
		return ENTRY_DIR;
	case AE_IFLNK:
		return ENTRY_LINK;
	default:
		return ENTRY_OTHER;
	}
}

static uint64_t
reader_at(const struct reader *r)
{
	return r->base + (uint64_t)archive_filter_bytes(r->a, 0);
}

/*
 * The name's own bytes: no locale is ever set, and where libarchive cannot
 * convert (the C locale has no é) it keeps what stood in the archive.
 */
static void
member_from(struct reader *r, struct archive_entry *e, struct member *out)
{
	const char *name = archive_entry_pathname(e);
	const char *hard = archive_entry_hardlink(e);
	la_int64_t size = archive_entry_size(e);

	if (name == NULL)
		name = archive_entry_pathname_utf8(e);
	if (hard == NULL)
		hard = archive_entry_hardlink_utf8(e);
	*out = (struct member){
		.name = str_from(name),
		.target = str_from(hard),
		.type = hard != NULL
			    ? ENTRY_FILE
			    : type_from_mode(archive_entry_filetype(e)),
		.size = size > 0 ? (uint64_t)size : 0,
		.size_known = archive_entry_size_is_set(e) != 0,
		.mtime_s = archive_entry_mtime(e),
		.mtime_part = archive_entry_mtime_nsec(e),
		.mtime_known = archive_entry_mtime_is_set(e) != 0,
		.hard = hard != NULL && size <= 0,
		.sparse = archive_entry_sparse_count(e) > 0,
		.head = r->base + (uint64_t)archive_read_header_position(r->a),
		.data = reader_at(r),
	};
}

enum reader_step
reader_next(struct reader *r, struct member *out)
{
	struct archive_entry *e;

	switch (archive_read_next_header(r->a, &e)) {
	case ARCHIVE_OK:
	case ARCHIVE_WARN: /* a name that the locale cannot hold, mostly */
		member_from(r, e, out);
		return READER_MEMBER;
	case ARCHIVE_RETRY:
		return READER_DAMAGED;
	case ARCHIVE_EOF:
		/* The mark of the end was read, or nothing was there to read. */
		if (r->format == READER_TAR &&
		    archive_filter_bytes(r->a, 0) ==
			archive_read_header_position(r->a))
			return READER_CUT;
		return READER_END;
	default:
		return r->chunk.len == 0 ? READER_CUT : READER_FORMAT;
	}
}

/*
 * Blocks come with their place in the member, in order; what lies between
 * them, or before the end, is a hole. A block that comes with a warning is
 * the last one: its bytes are good, the checksum of all is not.
 */
struct reader_data
reader_data(struct reader *r, struct hold *h)
{
	struct reader_data d = { .cut = false };
	const void *p;
	size_t n;
	la_int64_t off;
	int e;

	do {
		p = NULL;
		n = 0;
		off = 0;
		e = archive_read_data_block(r->a, &p, &n, &off);
		if (e < ARCHIVE_WARN)
			break;
		if (off > 0 && (uint64_t)off > h->len &&
		    !hold_zeros(h, (uint64_t)off - h->len))
			d.over = true;
		if (n > 0 && !hold_put(h, cur_from(p, n)))
			d.over = true;
	} while (e == ARCHIVE_OK && !d.over);
	d.checksum = e == ARCHIVE_WARN;
	d.cut = e < ARCHIVE_WARN;
	return d;
}

uint64_t
reader_count(struct reader *r)
{
	const void *p;
	uint64_t sum = 0;
	size_t n;
	la_int64_t off;

	while (archive_read_data_block(r->a, &p, &n, &off) == ARCHIVE_OK)
		sum += n;
	return sum;
}

static bool
all_zeros(struct cur c)
{
	uint8_t b;

	while (cur_u8(&c, &b)) {
		if (b != 0)
			return false;
	}
	return true;
}

bool
reader_only_zeros(struct reader *r)
{
	uint64_t at = reader_at(r);
	uint64_t first = r->s->out - r->chunk.len;
	struct cur c = r->chunk;

	/* libarchive may have left a part of what it was given last. */
	if (at > first && !cur_skip(&c, (size_t)(at - first)))
		return true;
	do {
		if (!all_zeros(c))
			return false;
	} while (stream_next(r->s, &c));
	return true;
}

/*
 * Every tar header is a block of 512 bytes with, at 148, the sum of all its
 * bytes as eight octal digits, spaces or NULs, which count as spaces in it.
 */
#define BLOCK	  512
#define SUM_AT	  148
#define SUM_WIDTH 8

static bool
is_header(struct cur block)
{
	uint32_t sum = 0, want = 0;
	uint8_t b;

	for (size_t i = 0; cur_u8(&block, &b); i++) {
		bool in_sum = i >= SUM_AT && i < SUM_AT + SUM_WIDTH;

		sum += in_sum ? ' ' : b;
		if (in_sum && b >= '0' && b <= '7')
			want = want * 8 + (b - '0');
	}
	return sum == want;
}

/* The first header at or behind *at. */
static bool
find_header(struct file *f, uint64_t *at)
{
	uint8_t window[16 * BLOCK];
	struct cur c, block;
	size_t got;

	for (uint64_t off = *at; off < f->size; off += got) {
		if (file_read_at(f, off, window, sizeof(window), &got) !=
			ERR_OK ||
		    got < BLOCK)
			return false;
		c = cur_from(window, got);
		for (uint64_t i = 0; cur_take(&c, BLOCK, &block); i++) {
			if (is_header(block)) {
				*at = off + i * BLOCK;
				return true;
			}
		}
	}
	return false;
}

bool
reader_resync(struct reader *r)
{
	uint64_t at = reader_at(r);

	if (r->format != READER_TAR || stream_kind(r->s) != STREAM_PLAIN)
		return false;
	/* Blocks are counted from where this tar began. */
	at = r->base + (at - r->base + BLOCK - 1) / BLOCK * BLOCK;
	if (!find_header(r->s->f, &at))
		return false;
	(void)archive_read_free(r->a);
	stream_seek(r->s, at);
	r->base = at;
	r->chunk = cur_from(NULL, 0);
	reader_open(r);
	return true;
}
