#define ZLIB_CONST /* input is const */
#include <stdlib.h>
#include <zlib.h>

#include "stream.h"

/* As many unpacked bytes at once as go through the caches well. */
#define OUT_SIZE ((size_t)128 << 10)

/*
 * RFC 1952: any number of members one behind the other, each with the CRC-32
 * and the length of what it unpacks to, which zlib checks. Zeros may follow,
 * as tapes and some tools leave them.
 */
struct stream_gzip {
	struct stream s;
	z_stream z;
	struct cur input;
	bool between; /* members */
	uint8_t out[OUT_SIZE];
};

/* One step; false when the stream has ended (s.end says how) or must stop. */
static bool
gzip_step(struct stream_gzip *g)
{
	int r;

	if (g->input.len == 0) {
		g->input = stream_fill(&g->s);
		if (g->input.len == 0) {
			if (g->s.end == STREAM_GOES_ON)
				g->s.end = g->between ? STREAM_END : STREAM_CUT;
			return false;
		}
	}
	if (g->between) {
		if (cur_magic(&g->input, "\0", 1))
			return true;
		if (g->input.p[0] != 0x1f) {
			g->s.trailing = true;
			g->s.end = STREAM_END;
			return false;
		}
		g->between = false;
		(void)inflateReset(&g->z);
	}
	g->z.next_in = g->input.p;
	g->z.avail_in = (uInt)g->input.len;
	r = inflate(&g->z, Z_NO_FLUSH);
	(void)cur_skip(&g->input, g->input.len - g->z.avail_in);
	if (r == Z_STREAM_END)
		g->between = true;
	else if (r != Z_OK && r != Z_BUF_ERROR)
		g->s.end = STREAM_DAMAGED;
	return g->s.end == STREAM_GOES_ON;
}

static struct cur
gzip_next(struct stream *s)
{
	struct stream_gzip *g = (struct stream_gzip *)s;

	g->z.next_out = g->out;
	g->z.avail_out = OUT_SIZE;
	while (g->z.avail_out > 0 && gzip_step(g))
		;
	return cur_from(g->out, OUT_SIZE - g->z.avail_out);
}

static void
gzip_free(struct stream *s)
{
	struct stream_gzip *g = (struct stream_gzip *)s;

	(void)inflateEnd(&g->z);
	stream_done(s);
	free(g);
}

static const struct stream_ops gzip_ops = {
	.kind = STREAM_GZIP,
	.next = gzip_next,
	.free = gzip_free,
};

struct stream *
stream_gzip_new(struct file *f)
{
	struct stream_gzip *g = calloc(1, sizeof(*g));

	/* 16: a gzip header and trailer are expected, and checked. */
	if (g == NULL || inflateInit2(&g->z, 16 + MAX_WBITS) != Z_OK)
		abort();
	stream_init(&g->s, &gzip_ops, f);
	return &g->s;
}
