#include "sqlfile.h"

#include <string.h>

#define HEADER_SIZE 100
#define WINDOW	    ((size_t)64 << 10)

/* How far ahead a read may jump and still count as going forward. */
#define JUMP (WINDOW / 2)

/* What of the database header matters here; all integers big-endian. */
struct header {
	uint32_t page_size;   /* at 16, 2 bytes; 1 means 65536 */
	uint8_t reserved;     /* at 20 */
	uint32_t changes;     /* at 24 */
	uint32_t pages;	      /* at 28, valid when changes == version_for */
	uint32_t version_for; /* at 92 */
};

static bool
header_parse(struct cur c, struct header *out)
{
	struct header h;
	uint16_t size;

	if (!cur_magic(&c, "SQLite format 3", 16) || !cur_be16(&c, &size) ||
	    !cur_skip(&c, 2) || !cur_u8(&c, &h.reserved) || !cur_skip(&c, 3) ||
	    !cur_be32(&c, &h.changes) || !cur_be32(&c, &h.pages) ||
	    !cur_skip(&c, 60) || !cur_be32(&c, &h.version_for))
		return false;
	h.page_size = size == 1 ? 65536 : size;
	if (h.page_size < 512 || (h.page_size & (h.page_size - 1)) != 0 ||
	    h.page_size - h.reserved < 480)
		return false;
	*out = h;
	return true;
}

/* Reads from the database file through the window. */
static enum err
base_read(struct sqlfile *s, uint64_t off, void *out, size_t n, size_t *got)
{
	struct cur w;
	enum err e;

	if (off - s->next <= JUMP && n <= s->page_size &&
	    (off < s->window_off || off - s->window_off >= s->window_len)) {
		s->window_len = 0;
		e = file_read_at(s->db, off, s->window, WINDOW, &s->window_len);
		if (e != ERR_OK)
			return e;
		s->window_off = off;
	}
	s->next = off + n;
	w = cur_from(s->window, s->window_len);
	if (off >= s->window_off && off - s->window_off <= s->window_len &&
	    cur_skip(&w, (size_t)(off - s->window_off)) &&
	    cur_copy(&w, n, out)) {
		*got = n;
		return ERR_OK;
	}
	return file_read_at(s->db, off, out, n, got);
}

/* Bytes 18 and 19 say "log": whoever reads through us need not look for it. */
static void
hide_log(uint64_t off, uint8_t *p, size_t n)
{
	for (uint64_t at = 18; at < 20; at++)
		if (off <= at && at - off < n && p[at - off] == 2)
			p[at - off] = 1;
}

enum err
sqlfile_read(struct sqlfile *s, uint64_t off, void *out, size_t n, size_t *got)
{
	uint8_t *p = out;
	size_t done = 0, part, g;
	uint32_t frame;
	enum err e;

	*got = 0;
	while (done < n) {
		uint64_t at = off + done;
		size_t in = (size_t)(at % s->page_size);

		part =
		    s->page_size - in < n - done ? s->page_size - in : n - done;
		if (s->nframes > 0 && at / s->page_size < UINT32_MAX &&
		    sqlwal_find(s, (uint32_t)(at / s->page_size) + 1, &frame))
			e = file_read_at(s->wal, sqlwal_offset(s, frame) + in,
			    p + done, part, &g);
		else
			e = base_read(s, at, p + done, part, &g);
		if (e != ERR_OK)
			return e;
		if (g < part)
			memset(p + done + g, 0, part - g);
		*got += g;
		done += part;
	}
	if (off < 20)
		hide_log(off, p, n);
	return ERR_OK;
}

uint64_t
sqlfile_size(const struct sqlfile *s)
{
	return (uint64_t)s->pages * s->page_size;
}

bool
sqlfile_page(struct sqlfile *s, uint32_t page, void *out, struct cur *c)
{
	size_t got;

	if (page == 0 || page > s->pages ||
	    sqlfile_read(s, (uint64_t)(page - 1) * s->page_size, out,
		s->page_size, &got) != ERR_OK)
		return false;
	*c = cur_from(out, s->page_size);
	c->off = (size_t)(page - 1) * s->page_size;
	return true;
}

/*
 * Pages that the header or the log's last commit counts and that stand in
 * neither file.
 */
static bool
is_cut(const struct sqlfile *s, uint32_t in_file)
{
	uint32_t frame;

	for (uint32_t p = in_file; p < s->pages; p++)
		if (!sqlwal_find(s, p + 1, &frame))
			return true;
	return false;
}

/* The highest page of either file, if the database counts it. */
static void
set_present(struct sqlfile *s, uint32_t in_file)
{
	s->present = in_file;
	if (s->nframes > 0 && s->frames[s->nframes - 1].page > in_file)
		s->present = s->frames[s->nframes - 1].page;
	if (s->present > s->pages)
		s->present = s->pages;
}

/* The header's bytes from the file, or from the log where page 1 is newer. */
static bool
header_read(struct sqlfile *s, struct header *out)
{
	uint8_t b[HEADER_SIZE];
	uint32_t frame;
	size_t got;
	enum err e;

	if (s->nframes > 0 && sqlwal_find(s, 1, &frame))
		e = file_read_at(
		    s->wal, sqlwal_offset(s, frame), b, sizeof(b), &got);
	else
		e = file_read_at(s->db, 0, b, sizeof(b), &got);
	return e == ERR_OK && got == sizeof(b) &&
	       header_parse(cur_from(b, got), out);
}

static bool
window_new(struct sqlfile *s, struct arena *a)
{
	s->window = arena_alloc(a, WINDOW, 1);
	s->next = UINT64_MAX - WINDOW;
	return s->window != NULL;
}

bool
sqlfile_open(struct sqlfile *s, struct file *db, struct file *wal,
    struct arena *a, const struct notes *n)
{
	uint32_t commit = 0, in_file;
	uint64_t whole;
	struct header h;

	*s = (struct sqlfile){ .db = db, .wal = wal };
	if (wal != NULL && wal->size > 0)
		sqlwal_read(s, a, n, &commit);
	if (!header_read(s, &h) || !window_new(s, a))
		return note(n, NOTE_SQL_HEADER, 0);
	if (s->nframes > 0 && s->page_size != h.page_size) {
		/* The two do not belong together. */
		note(n, NOTE_SQL_WAL, 0);
		s->nframes = 0;
		commit = 0;
		if (!header_read(s, &h))
			return note(n, NOTE_SQL_HEADER, 0);
	}
	s->page_size = h.page_size;
	s->usable = h.page_size - h.reserved;
	whole = db->size / s->page_size + (db->size % s->page_size != 0);
	in_file = whole < UINT32_MAX ? (uint32_t)whole : UINT32_MAX;
	s->pages = commit;
	/* Behind the pages that the header counts there may lie padding. */
	if (commit == 0)
		s->pages = h.pages != 0 && h.changes == h.version_for ? h.pages
								      : in_file;
	set_present(s, in_file);
	if (db->size % s->page_size != 0 && in_file > 0)
		in_file--;
	if (is_cut(s, in_file))
		note_why(n, NOTE_SQL_TRUNCATED, db->size, "%ju pages of %ju",
		    (uintmax_t)in_file, (uintmax_t)s->pages);
	return true;
}
