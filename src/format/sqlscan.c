#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "limits.h"
#include "sqlbtree.h"
#include "sqlro_impl.h"

/*
 * A scan of one table that outlives damage. SQLite stops at the first bad
 * page; then the rows that stand in readable pages are found in the b-tree
 * itself, and SQLite is asked to go on from the first of them behind the gap.
 */
struct sqlscan {
	struct sqltable *table;
	sqlite3_stmt *from;  /* from row ?1 on; NULL without row numbers */
	bool core_data;	     /* its rows are numbered from 1 */
	bool any;	     /* last is a row that was met */
	int64_t last;	     /* the highest such row */
	bool jumped;	     /* the statement that runs is from */
	bool gap;	     /* no row was met since the last fault */
	struct sqlrow *rows; /* what can be read, filled at the first fault */
	size_t nrows, next;
	bool listed;
	unsigned failed; /* attempts since the last row */
	int *not_null;	 /* statement columns that must have a value */
	size_t nnot_null;
	int ncolumns;
};

/* Attempts on one page before the next one is tried. */
#define TRIES_PER_PAGE 3

/* Of the three names of the row number, one that no column has taken. */
static const char *
rowid_name(struct sqltable *t)
{
	static const char *const names[] = { "_rowid_", "rowid", "oid" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sqlro_column(t, names[i]) == NULL)
			return names[i];
	return NULL;
}

static void
put_name(struct buf *b, struct str name)
{
	buf_u8(b, '"');
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"')
			buf_u8(b, '"');
		buf_u8(b, (uint8_t)name.p[i]);
	}
	buf_u8(b, '"');
}

/* Column 0 is the row number, the caller's follow; what is not there: NULL. */
static void
put_select(struct buf *b, struct sqltable *t, const char *rowid,
    const char *const *columns, size_t ncolumns)
{
	buf_puts(b, "SELECT ");
	buf_puts(b, rowid ? rowid : "NULL");
	for (size_t i = 0; i < ncolumns; i++) {
		const struct sqlcolumn *c = sqlro_column(t, columns[i]);

		buf_puts(b, ",");
		if (c != NULL && !c->computed)
			put_name(b, c->name);
		else
			buf_puts(b, "NULL");
	}
	buf_puts(b, " FROM ");
	put_name(b, t->name);
	/* An index may be damaged, and may lack what the table has. */
	buf_puts(b, " NOT INDEXED");
}

/* Both statements: in the tree's own order from the start, and from a row. */
static enum err
prepare(struct sqlro *d, struct sqlscan *s, const char *const *columns,
    size_t ncolumns, sqlite3_stmt **all)
{
	const char *rowid = rowid_name(s->table);
	size_t plain;
	struct buf b;
	enum err e;

	buf_init(&b, LIMIT_SQL_TEXT);
	put_select(&b, s->table, rowid, columns, ncolumns);
	plain = b.len;
	buf_printf(&b, " WHERE %s>=?1", rowid ? rowid : "0");
	if (rowid != NULL && sqlite3_prepare_v2(d->db, buf_cstr(&b), -1,
				 &s->from, NULL) == SQLITE_OK) {
		b.len = plain;
	} else { /* WITHOUT ROWID */
		buf_reset(&b);
		put_select(&b, s->table, NULL, columns, ncolumns);
	}
	e = sqlro_prepare(d, buf_cstr(&b), all);
	buf_done(&b);
	return e;
}

static void
find_not_null(struct sqlro *d, struct sqlscan *s, const char *const *columns,
    size_t ncolumns)
{
	s->ncolumns = (int)ncolumns;
	s->not_null = arena_alloc(&d->a, ncolumns, sizeof(*s->not_null));
	for (size_t i = 0; s->not_null != NULL && i < ncolumns; i++) {
		const struct sqlcolumn *c = sqlro_column(s->table, columns[i]);

		if (c != NULL && c->not_null && !c->computed)
			s->not_null[s->nnot_null++] = (int)i + 1;
		if (c != NULL && c->computed)
			note_why(d->n, NOTE_SQL_SCHEMA, 0,
			    "column %s is computed", columns[i]);
	}
}

enum err
sqlro_scan(struct sqlro *d, const char *table, const char *const *columns,
    size_t ncolumns, struct sqlro_query **out)
{
	struct sqltable *t = sqlro_table(d, table);
	struct sqlro_query *q;
	enum err e;

	if (t == NULL)
		return ERR_ABSENT;
	q = calloc(1, sizeof(*q));
	if (q == NULL || (q->scan = calloc(1, sizeof(*q->scan))) == NULL)
		abort();
	q->d = d;
	q->base = 1;
	q->scan->table = t;
	q->scan->core_data = sqlro_column(t, "Z_PK") != NULL;
	find_not_null(d, q->scan, columns, ncolumns);
	e = prepare(d, q->scan, columns, ncolumns, &q->stmt);
	if (e != ERR_OK) {
		sqlro_query_free(q);
		return e;
	}
	*out = q;
	return ERR_OK;
}

void
sqlscan_free(struct sqlscan *s, sqlite3_stmt *stmt)
{
	if (s != NULL && s->from != stmt)
		(void)sqlite3_finalize(s->from);
	free(s);
}

/* From the start again. */
void
sqlscan_reset(struct sqlro_query *q)
{
	struct sqlscan *s = q->scan;

	if (s->jumped)
		(void)sqlite3_bind_int64(q->stmt, 1, INT64_MIN);
	s->any = s->gap = false;
	s->next = 0;
	s->failed = 0;
}

/* The statement that starts at a row takes the place of the one that runs. */
static void
run_from(struct sqlro_query *q, int64_t rowid)
{
	struct sqlscan *s = q->scan;

	if (q->stmt != s->from)
		(void)sqlite3_finalize(q->stmt);
	q->stmt = s->from;
	(void)sqlite3_reset(s->from);
	(void)sqlite3_bind_int64(s->from, 1, rowid);
	s->jumped = true;
}

void
sqlro_seek(struct sqlro_query *q, int64_t rowid)
{
	if (q->scan != NULL && q->scan->from != NULL && !q->done)
		run_from(q, rowid);
}

bool
sqlro_is_broken(const struct sqlro_query *q)
{
	return q->scan != NULL && q->scan->listed;
}

static bool
is_empty(struct sqlro_query *q)
{
	for (int i = 1; i <= q->scan->ncolumns; i++)
		if (sqlite3_value_type(sqlro_value(q, i)) != SQLITE_NULL)
			return false;
	return q->scan->ncolumns > 0;
}

/*
 * Looks at the row that the statement stands on. False when it is not to be
 * given: met before, or nothing but zeroed bytes.
 */
static bool
accept(struct sqlro_query *q)
{
	struct sqlscan *s = q->scan;
	int64_t rowid = sqlite3_column_int64(q->stmt, 0);
	bool back = s->any && rowid <= s->last;

	if (s->from == NULL) {
		q->rowid++;
		return true;
	}
	q->rowid = rowid;
	if (back && s->jumped)
		return false;
	/* Zeroed bytes are row 0 without values; some real tables have one. */
	if (back || (rowid == 0 && (s->core_data || is_empty(q)))) {
		note(q->d->n, NOTE_SQL_ROWID, (uint64_t)rowid);
		if (is_empty(q))
			return false;
	}
	if (!back)
		s->last = rowid;
	s->any = true;
	for (size_t i = 0; i < s->nnot_null; i++)
		if (sqlite3_value_type(sqlro_value(q, s->not_null[i])) ==
		    SQLITE_NULL) {
			note(q->d->n, NOTE_SQL_NULL, (uint64_t)rowid);
			break;
		}
	return true;
}

/* Fewer rows than there are pages to try: a long gap is crossed by pages. */
static void
skip_tried(struct sqlscan *s)
{
	uint32_t page;

	if (s->next > 0 && s->failed >= TRIES_PER_PAGE) {
		page = s->rows[s->next - 1].page;
		while (s->next < s->nrows && s->rows[s->next].page == page)
			s->next++;
		s->failed = 0;
	}
	while (
	    s->any && s->next < s->nrows && s->rows[s->next].rowid <= s->last)
		s->next++;
}

/* Sets the statement on the next row that may be readable behind a fault. */
static bool
jump(struct sqlro_query *q)
{
	struct sqlscan *s = q->scan;

	if (s->from == NULL)
		return false;
	if (!s->listed) {
		s->nrows = sqltree_rows(
		    &q->d->file, s->table->root, &q->d->a, &s->rows);
		s->listed = true;
	}
	skip_tried(s);
	if (s->next == s->nrows)
		return false;
	run_from(q, s->rows[s->next++].rowid);
	s->failed++;
	return true;
}

bool
sqlscan_step(struct sqlro_query *q)
{
	struct sqlscan *s = q->scan;
	int rc, kind;

	q->has_row = false;
	while (!q->done) {
		rc = sqlite3_step(q->stmt);
		if (rc == SQLITE_ROW) {
			/* Of the row before, which may have been refused. */
			q->known = 0;
			s->gap = false;
			s->failed = 0;
			if (accept(q))
				return q->has_row = true;
			continue;
		}
		q->done = true;
		if (rc == SQLITE_DONE)
			break;
		if (!s->gap)
			sqlro_note_rc(q->d, rc, (uint64_t)s->last);
		s->gap = true;
		kind = rc & 0xff;
		if (kind == SQLITE_INTERRUPT || kind == SQLITE_NOMEM)
			break;
		q->done = !jump(q);
	}
	return false;
}
