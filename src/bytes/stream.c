#include "stream.h"

#include <stdlib.h>

#include "limits.h"

#define WINDOW ((size_t)64 << 10)

void
stream_init(struct stream *s, const struct stream_ops *ops, struct file *f)
{
	*s = (struct stream){ .ops = ops, .f = f, .window = malloc(WINDOW) };
	if (s->window == NULL)
		abort();
}

void
stream_done(struct stream *s)
{
	sha256_free(s->sum);
	free(s->window);
}

struct cur
stream_fill(struct stream *s)
{
	size_t got = 0;

	if (file_read_at(s->f, s->in, s->window, WINDOW, &got) != ERR_OK) {
		s->end = STREAM_IO;
		got = 0;
	}
	if (s->sum != NULL && got > 0)
		sha256_add(s->sum, s->window, got);
	s->in += got;
	return cur_from(s->window, got);
}

void
stream_hash(struct stream *s)
{
	if (s->sum == NULL)
		s->sum = sha256_new();
}

bool
stream_next(struct stream *s, struct cur *out)
{
	struct cur c;

	if (s->end != STREAM_GOES_ON)
		return false;
	if (s->out > LIMIT_UNPACK || (s->out > LIMIT_UNPACK_FREE &&
					 s->out / LIMIT_UNPACK_RATIO > s->in)) {
		s->end = STREAM_BOMB;
		return false;
	}
	c = s->ops->next(s);
	if (c.len == 0)
		return false;
	s->out += c.len;
	*out = c;
	return true;
}

bool
stream_drain(struct stream *s, uint8_t out[static SHA256_SIZE])
{
	enum stream_end end = s->end;

	if (s->sum == NULL || end == STREAM_IO)
		return false;
	while (stream_fill(s).len > 0)
		;
	if (s->end == STREAM_IO)
		return false;
	s->end = end;
	sha256_end(s->sum, out);
	return true;
}

void
stream_free(struct stream *s)
{
	if (s != NULL)
		s->ops->free(s);
}

/* Plain: the input itself. */

static struct cur
plain_next(struct stream *s)
{
	struct cur c = stream_fill(s);

	if (c.len == 0 && s->end == STREAM_GOES_ON)
		s->end = STREAM_END;
	return c;
}

static void
plain_free(struct stream *s)
{
	stream_done(s);
	free(s);
}

static const struct stream_ops plain_ops = {
	.kind = STREAM_PLAIN,
	.next = plain_next,
	.free = plain_free,
};

struct stream *
stream_plain_new(struct file *f)
{
	struct stream *s = malloc(sizeof(*s));

	if (s == NULL)
		abort();
	stream_init(s, &plain_ops, f);
	return s;
}

enum stream_kind
stream_kind(const struct stream *s)
{
	return s->ops->kind;
}

uint64_t
stream_skip(struct stream *s, uint64_t n)
{
	uint64_t left = s->f->size - s->in;

	if (s->ops->kind != STREAM_PLAIN || s->sum != NULL ||
	    s->in > s->f->size)
		return 0;
	if (n > left)
		n = left;
	s->in += n;
	s->out += n;
	return n;
}

void
stream_seek(struct stream *s, uint64_t at)
{
	s->in = at;
	s->out = at;
	s->end = STREAM_GOES_ON;
}

struct stream *
stream_new(struct file *f)
{
	uint8_t head[6];
	size_t got = 0;
	struct cur c;

	(void)file_read_at(f, 0, head, sizeof(head), &got);
	c = cur_from(head, got);
	if (cur_magic(&c, "\x1f\x8b\x08", 3))
		return stream_gzip_new(f);
	if (cur_magic(&c,
		"\xfd"
		"7zXZ",
		6))
		return stream_xz_new(f);
	if (cur_magic(&c, "\x28\xb5\x2f\xfd", 4))
		return stream_zstd_new(f);
	return stream_plain_new(f);
}
