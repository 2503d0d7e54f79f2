#include "ios_manifest.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ios_content.h"
#include "limits.h"
#include "tstamp.h"
#include "utf8.h"

/*
 * CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT,
 * flags INTEGER, file BLOB). relativePath is "" for the root of a domain; file
 * is an archived MBFile. Observed on iOS 10 to 17.
 */
enum { COL_ID, COL_DOMAIN, COL_PATH, COL_FLAGS, COL_FILE, COLUMNS };
static const char *const columns[COLUMNS] = {
	[COL_ID] = "fileID",
	[COL_DOMAIN] = "domain",
	[COL_PATH] = "relativePath",
	[COL_FLAGS] = "flags",
	[COL_FILE] = "file",
};
enum { FLAG_FILE = 1, FLAG_DIR = 2, FLAG_LINK = 4 };

enum err
ios_manifest_new(struct sqlro *db, struct why *why, struct ios_manifest **out)
{
	struct ios_manifest *m;

	if (!sqlro_has_table(db, "Files")) {
		sqlro_free(db);
		return why_set(why, ERR_FORMAT,
		    "Manifest.db is a database, but has no table Files: it is "
		    "damaged or no manifest of a backup. Copy the backup "
		    "again, or make a new one");
	}
	if ((m = calloc(1, sizeof(*m))) == NULL)
		abort();
	m->db = db;
	*out = m;
	return ERR_OK;
}

void
ios_manifest_free(struct ios_manifest *m)
{
	if (m == NULL)
		return;
	sqlro_query_free(m->blob);
	sqlro_free(m->db);
	free(m->rows);
	free(m);
}

bool
ios_manifest_add(struct ios_manifest *m, struct entries *l,
    const struct ios_row *row, const struct entry *e)
{
	struct entry copy = *e;

	copy.ref = (uint32_t)m->nrows;
	if (!entries_add(l, &copy))
		return false;
	if (m->nrows == m->cap) {
		m->cap = m->cap == 0 ? 1024 : m->cap + m->cap / 2;
		m->rows = realloc(m->rows, m->cap * sizeof(*m->rows));
		if (m->rows == NULL)
			abort();
	}
	m->rows[m->nrows++] = *row;
	return true;
}

static void
put_escaped(struct buf *b, uint8_t byte)
{
	buf_printf(b, "%%%02x", byte);
}

/* True when one byte at *at is to be written as %xx; else *len are fine. */
static bool
is_harmful(struct str s, size_t at, size_t *len)
{
	size_t next = at;

	if (s.p[at] != '\0' && (uint8_t)s.p[at] < 0x80) {
		*len = 1;
		return false;
	}
	if (s.p[at] == '\0')
		return true;
	if (utf8_next(s, &next) == 0xfffd)
		return !utf8_valid(str_sub(s, at, next));
	*len = next - at;
	return false;
}

/* One part between slashes; true when it was changed. */
static bool
put_part(struct buf *b, struct str part)
{
	bool changed = false;
	size_t len = 1;

	if (str_is(part, ".") || str_is(part, "..")) {
		for (size_t i = 0; i < part.n; i++)
			put_escaped(b, (uint8_t)'.');
		return true;
	}
	for (size_t i = 0; i < part.n; i += len) {
		if (is_harmful(part, i, &len) || part.p[i] == '/') {
			put_escaped(b, (uint8_t)part.p[i]);
			changed = true;
			len = 1;
		} else {
			buf_put(b, part.p + i, len);
		}
	}
	return changed;
}

/* Nothing to rewrite: nearly every path of every phone. */
static bool
is_clean(struct str s)
{
	return memchr(s.p, '\0', s.n) == NULL &&
	       memmem(s.p, s.n, "/.", 2) == NULL && !str_starts(s, ".") &&
	       utf8_valid(s);
}

static bool
put_parts(struct buf *b, struct str path)
{
	bool changed = false;

	for (;;) {
		size_t end = str_find(path, '/');

		changed |= put_part(b, str_sub(path, 0, end));
		if (end == path.n)
			return changed;
		buf_u8(b, '/');
		path = str_sub(path, end + 1, path.n);
	}
}

/* DOMAIN/relativePath; true when something had to be rewritten. */
static bool
put_path(struct buf *b, struct str domain, struct str path)
{
	bool changed = false;

	if (domain.n > 0 && is_clean(domain) &&
	    str_find(domain, '/') == domain.n)
		buf_str(b, domain);
	else
		changed |= put_part(b, domain);
	if (path.n == 0)
		return changed;
	buf_u8(b, '/');
	if (!is_clean(path))
		return put_parts(b, path) || changed;
	buf_str(b, path);
	return changed;
}

static enum entry_type
type_of(int64_t flags)
{
	if (flags == FLAG_DIR)
		return ENTRY_DIR;
	return flags == FLAG_LINK ? ENTRY_LINK : ENTRY_FILE;
}

/* The name of the row's content; a note when it is not what it must be. */
static void
read_id(struct sqlro_query *q, struct str domain, struct str path,
    const struct notes *n, struct ios_row *row)
{
	struct str text = sqlro_str(q, COL_ID);
	uint8_t must[SHA1_SIZE];
	char hex[2 * SHA1_SIZE + 1];

	ios_contents_name(domain, path, must);
	hex_encode(must, SHA1_SIZE, hex);
	if (str_is(text, hex)) {
		memcpy(row->id, must, SHA1_SIZE);
	} else if (hex_decode(text, SHA1_SIZE, row->id)) {
		note_why(n, NOTE_BACKUP_FILE_ID, (uint64_t)row->rowid, "%.40s",
		    text.p);
	} else {
		memcpy(row->id, must, SHA1_SIZE);
		note_why(n, NOTE_BACKUP_FILE_ID, (uint64_t)row->rowid,
		    "no SHA-1 at all");
	}
}

struct listing {
	struct ios_manifest *m;
	const struct notes *n;
	struct entries *l;
	struct arena a; /* of one row */
	struct buf path;
};

static void
list_row(struct listing *g, struct sqlro_query *q)
{
	struct str domain = sqlro_str(q, COL_DOMAIN);
	struct str path = sqlro_str(q, COL_PATH);
	struct str blob = sqlro_str(q, COL_FILE);
	struct ios_row row = { .kind = IOS_ROW_MANIFEST,
		.rowid = sqlro_rowid(q) };
	uint64_t at = (uint64_t)row.rowid;
	int64_t flags = sqlro_int(q, COL_FLAGS);
	struct entry e = { .size = 0, .mtime_ns = TSTAMP_NONE };
	struct mbfile mb;

	e.type = type_of(flags);
	if (flags != FLAG_FILE && e.type == ENTRY_FILE)
		note_why(g->n, NOTE_BACKUP_ROW, at, "flags");
	if (domain.n == 0)
		note_why(g->n, NOTE_BACKUP_ROW, at, "no domain");
	read_id(q, domain, path, g->n, &row);
	if (mbfile_parse(cur_from(blob.p, blob.n), &g->a, NULL, &mb)) {
		e.mtime_ns = mb.modified_ns;
		if (e.type == ENTRY_FILE && mb.has_size && mb.size > 0)
			e.size = (uint64_t)mb.size;
	} else {
		note_why(g->n, NOTE_BACKUP_ROW, at, "what it says of its file");
	}
	buf_reset(&g->path);
	if (put_path(&g->path, domain, path))
		note_why(g->n, NOTE_BACKUP_NAME, at, "%.*s", (int)g->path.len,
		    (const char *)g->path.p);
	e.path = buf_text(&g->path);
	if (g->path.full || !ios_manifest_add(g->m, g->l, &row, &e))
		note(g->n, NOTE_READ_LIMIT, at);
	arena_reset(&g->a);
}

void
ios_manifest_list(
    struct ios_manifest *m, const struct notes *n, struct entries *l)
{
	struct listing g = { .m = m, .n = n, .l = l };
	struct sqlro_query *q;

	arena_init(&g.a, LIMIT_ARENA);
	buf_init(&g.path, LIMIT_PATH);
	if (sqlro_scan(m->db, "Files", columns, COLUMNS, &q) == ERR_OK) {
		while (sqlro_step(q))
			list_row(&g, q);
		sqlro_query_free(q);
	} else {
		note_why(n, NOTE_BACKUP_ROW, 0, "Files cannot be read");
	}
	buf_done(&g.path);
	arena_done(&g.a);
}

/* How much an entry deserves its path. */
static int
merit(const struct ios_manifest *m, const struct entry *e)
{
	const struct ios_row *row = &m->rows[e->ref];
	uint8_t must[SHA1_SIZE];
	size_t slash = str_find(e->path, '/');

	if (row->kind == IOS_ROW_ROOT)
		return 3;
	ios_contents_name(str_sub(e->path, 0, slash),
	    str_sub(e->path, slash + 1, e->path.n), must);
	if (memcmp(must, row->id, SHA1_SIZE) == 0)
		return 2;
	return e->type == ENTRY_FILE ? 1 : 0;
}

/* Gives the entry at i another name; it moves to the end of the list. */
static void
rename_entry(struct entries *l, size_t i, int64_t rowid)
{
	struct entry e = l->v[i];
	struct buf path;

	buf_init(&path, LIMIT_PATH);
	buf_str(&path, e.path);
	buf_printf(&path, " (row %lld)", (long long)rowid);
	e.path = buf_text(&path);
	/* At the limits the entry keeps its place behind its twin. */
	if (!path.full && entries_add(l, &e)) {
		l->v[i] = l->v[l->count - 1];
		l->count--;
	}
	buf_done(&path);
}

/* Of the entries [first, end), which share a path, one keeps it. */
static void
settle(struct ios_manifest *m, const struct notes *n, struct entries *l,
    size_t first, size_t end)
{
	size_t best = first;
	struct entry e;

	for (size_t i = first + 1; i < end; i++)
		if (merit(m, &l->v[i]) > merit(m, &l->v[best]))
			best = i;
	e = l->v[best];
	l->v[best] = l->v[first];
	l->v[first] = e;
	for (size_t i = first + 1; i < end; i++) {
		int64_t rowid = m->rows[l->v[i].ref].rowid;

		note_why(n, NOTE_BACKUP_DUPLICATE, (uint64_t)rowid, "%s",
		    l->v[i].path.p);
		rename_entry(l, i, rowid);
	}
}

void
ios_manifest_unique(
    struct ios_manifest *m, const struct notes *n, struct entries *l)
{
	enum { PASSES = 4 }; /* a new name may be taken, too */

	for (int pass = 0; pass < PASSES; pass++) {
		bool again = false;

		entries_sort(l);
		for (size_t i = 0, end; i < l->count; i = end) {
			end = i + 1;
			while (end < l->count &&
			       str_eq(l->v[i].path, l->v[end].path))
				end++;
			if (end == i + 1)
				continue;
			settle(m, n, l, i, end);
			again = true;
		}
		if (!again)
			return;
	}
}

bool
ios_manifest_blob(struct ios_manifest *m, const struct ios_row *row,
    struct arena *a, struct mbfile *out)
{
	struct str blob;
	bool ok = false;

	if (row->kind != IOS_ROW_MANIFEST)
		return false;
	if (m->blob == NULL &&
	    sqlro_query(m->db, "SELECT file FROM Files WHERE rowid = ?1",
		&m->blob) != ERR_OK)
		return false;
	sqlro_bind_int(m->blob, 1, row->rowid);
	if (sqlro_step(m->blob)) {
		blob = arena_str(a, sqlro_str(m->blob, 0));
		ok = blob.p != NULL &&
		     mbfile_parse(cur_from(blob.p, blob.n), a, NULL, out);
	}
	sqlro_reset(m->blob);
	return ok;
}
