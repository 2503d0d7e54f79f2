#include <stdlib.h>

#include "sqlfile.h"

/*
 * The write-ahead log, sqlite.org "WAL-mode File Format"; big-endian:
 *
 *   header (32): magic 377f0682 (checksums over little-endian words) or
 *     377f0683 (big-endian), version 3007000, page size, checkpoint number,
 *     salt 1, salt 2, checksum 1, checksum 2 (of the 24 bytes before)
 *   frame (24 + page size): page number, pages of the database after the
 *     commit or 0, salt 1, salt 2, checksum 1, checksum 2 (running on from
 *     the header's, over the first 8 bytes and the page)
 *
 * The log is reused from the start after a checkpoint, with salt 1 one
 * higher: frames of earlier rounds stand behind the valid ones. So the first
 * foreign salt is the normal end, and everything else that ends the valid
 * frames is damage.
 */
#define WAL_HEADER   32
#define FRAME_HEADER 24
#define WAL_MAGIC    0x377f0682U
#define WAL_VERSION  3007000U

/* Earlier rounds of one log; more than this is no earlier round. */
#define WAL_ROUNDS (1U << 20)

struct wal {
	struct sqlfile *s;
	uint32_t salt1, salt2;
	uint32_t sum1, sum2;
	bool big;	 /* checksums over big-endian words */
	uint8_t *frame;	 /* room for one */
	uint64_t frames; /* whole ones in the file */
};

struct frame_header {
	uint32_t page, commit, salt1, salt2, sum1, sum2;
};

static void
checksum(struct wal *w, struct cur c)
{
	uint32_t a, b;

	while (w->big ? cur_be32(&c, &a) && cur_be32(&c, &b)
		      : cur_le32(&c, &a) && cur_le32(&c, &b)) {
		w->sum1 += a + w->sum2;
		w->sum2 += b + w->sum1;
	}
}

static bool
header_parse(struct wal *w, struct cur c)
{
	struct cur summed = c;
	uint32_t magic, version, size, sum1, sum2;

	if (!cur_take(&c, 24, &summed) || !cur_be32(&c, &sum1) ||
	    !cur_be32(&c, &sum2))
		return false;
	c = summed;
	if (!cur_be32(&c, &magic) || !cur_be32(&c, &version) ||
	    !cur_be32(&c, &size) || !cur_skip(&c, 4) ||
	    !cur_be32(&c, &w->salt1) || !cur_be32(&c, &w->salt2) ||
	    (magic & ~1U) != WAL_MAGIC || version != WAL_VERSION)
		return false;
	w->big = (magic & 1) != 0;
	checksum(w, summed);
	if (w->sum1 != sum1 || w->sum2 != sum2 || size < 512 || size > 65536 ||
	    (size & (size - 1)) != 0)
		return false;
	w->s->page_size = size;
	return true;
}

uint64_t
sqlwal_offset(const struct sqlfile *s, uint32_t frame)
{
	return WAL_HEADER + (uint64_t)frame * (FRAME_HEADER + s->page_size) +
	       FRAME_HEADER;
}

static bool
frame_header_parse(struct cur c, struct frame_header *h)
{
	return cur_be32(&c, &h->page) && cur_be32(&c, &h->commit) &&
	       cur_be32(&c, &h->salt1) && cur_be32(&c, &h->salt2) &&
	       cur_be32(&c, &h->sum1) && cur_be32(&c, &h->sum2);
}

/* The first n bytes of frame i: its header, or the whole of it. */
static bool
frame_bytes(struct wal *w, uint32_t i, size_t n, struct cur *out)
{
	size_t got;

	if (file_read_at(w->s->wal, sqlwal_offset(w->s, i) - FRAME_HEADER,
		w->frame, n, &got) != ERR_OK ||
	    got != n)
		return false;
	*out = cur_from(w->frame, n);
	return true;
}

static bool
is_current(const struct wal *w, const struct frame_header *h)
{
	return h->salt1 == w->salt1 && h->salt2 == w->salt2;
}

/* A whole frame of this round with the right checksum. */
static bool
frame_valid(struct wal *w, uint32_t i, struct frame_header *h)
{
	struct cur c, head;

	if (!frame_bytes(w, i, FRAME_HEADER + w->s->page_size, &c) ||
	    !frame_header_parse(c, h) || !is_current(w, h) || h->page == 0 ||
	    !cur_window(&c, 0, 8, &head) || !cur_skip(&c, FRAME_HEADER))
		return false;
	checksum(w, head);
	checksum(w, c);
	return w->sum1 == h->sum1 && w->sum2 == h->sum2;
}

/*
 * Frame i is not valid: is that the end of this round, as it is when a frame
 * of an earlier round stands there?
 */
static bool
ends_here(struct wal *w, uint32_t i)
{
	struct frame_header h;
	struct cur c;

	if (!frame_bytes(w, i, FRAME_HEADER, &c) ||
	    !frame_header_parse(c, &h) || h.page == 0 ||
	    w->salt1 - h.salt1 - 1 >= WAL_ROUNDS)
		return false;
	/* Frames of this round behind it would be lost without a word. */
	for (; i < w->frames; i++)
		if (!frame_bytes(w, i, FRAME_HEADER, &c) ||
		    !frame_header_parse(c, &h) || is_current(w, &h))
			return false;
	return true;
}

/* Is what stands behind the last whole frame a piece of this round? */
static bool
tail_is_lost(struct wal *w, uint64_t valid)
{
	uint64_t end = sqlwal_offset(w->s, (uint32_t)w->frames) - FRAME_HEADER;

	/* A log is cut to a size limit only behind what is valid. */
	return w->s->wal->size > end && valid == w->frames;
}

static int
frame_order(const void *x, const void *y)
{
	const struct sqlframe *a = x, *b = y;

	if (a->page != b->page)
		return a->page < b->page ? -1 : 1;
	return a->frame < b->frame ? -1 : a->frame > b->frame;
}

/* Keeps the newest frame of each page. */
static size_t
newest(struct sqlframe *f, size_t n)
{
	size_t kept = 0;

	if (n > 1)
		qsort(f, n, sizeof(*f), frame_order);
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && f[i + 1].page == f[i].page)
			continue;
		f[kept++] = f[i];
	}
	return kept;
}

/* Fills s->frames with what is committed; false when something is wrong. */
static bool
collect(struct wal *w, uint32_t *pages)
{
	struct sqlfile *s = w->s;
	struct frame_header h;
	size_t valid = 0, committed = 0;

	while (valid < w->frames && frame_valid(w, (uint32_t)valid, &h)) {
		s->frames[valid] = (struct sqlframe){ .page = h.page,
			.frame = (uint32_t)valid };
		valid++;
		if (h.commit != 0) {
			committed = valid;
			*pages = h.commit;
		}
	}
	s->nframes = newest(s->frames, committed);
	return committed == valid && !tail_is_lost(w, valid) &&
	       (valid == w->frames || ends_here(w, (uint32_t)valid));
}

void
sqlwal_read(
    struct sqlfile *s, struct arena *a, const struct notes *n, uint32_t *pages)
{
	struct wal w = { .s = s };
	uint8_t head[WAL_HEADER];
	size_t got;

	if (file_read_at(s->wal, 0, head, sizeof(head), &got) != ERR_OK ||
	    got != sizeof(head) || !header_parse(&w, cur_from(head, got))) {
		note(n, NOTE_SQL_WAL, 0);
		return;
	}
	w.frames = (s->wal->size - WAL_HEADER) / (FRAME_HEADER + s->page_size);
	w.frame = arena_alloc(a, FRAME_HEADER + s->page_size, 1);
	if (w.frames < UINT32_MAX)
		s->frames =
		    arena_alloc(a, (size_t)w.frames, sizeof(*s->frames));
	if (w.frame == NULL || s->frames == NULL) {
		note(n, NOTE_READ_LIMIT, 0);
		return;
	}
	if (!collect(&w, pages))
		note(n, NOTE_SQL_WAL, 0);
}

bool
sqlwal_find(const struct sqlfile *s, uint32_t page, uint32_t *frame)
{
	size_t lo = 0, hi = s->nframes;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->frames[mid].page < page)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == s->nframes || s->frames[lo].page != page)
		return false;
	*frame = s->frames[lo].frame;
	return true;
}
