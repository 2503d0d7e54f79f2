#include <string.h>

#include "limits.h"
#include "sqlro_impl.h"

/*
 * The schema: which names are plain tables, and their columns. Read once at
 * the start, because the authorizer must know before a statement compiles.
 */
static bool
is_name_byte(char c)
{
	c = ascii_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* Does the word stand in sql, whatever its case? */
static bool
has_word(struct str sql, const char *word)
{
	struct str w = str_from(word);

	for (size_t i = 0; w.n <= sql.n && i <= sql.n - w.n; i++)
		if (str_eq_nocase(str_sub(sql, i, i + w.n), w) &&
		    (i == 0 || !is_name_byte(sql.p[i - 1])) &&
		    (i + w.n == sql.n || !is_name_byte(sql.p[i + w.n])))
			return true;
	return false;
}

static struct str
column_text(sqlite3_stmt *st, int col)
{
	const unsigned char *p = sqlite3_column_text(st, col);

	return p == NULL ? (struct str){ NULL, 0 }
			 : (struct str){ (const char *)p,
				   (size_t)sqlite3_column_bytes(st, col) };
}

/*
 * The table that sql makes. SQLite stores "CREATE TABLE " and then the name
 * as it was written, so anything else was not written by SQLite.
 */
static bool
name_in(struct str sql, struct str name)
{
	struct str s = str_sub(sql, 13, sql.n);
	char quote = s.n > 0 ? s.p[0] : '\0';
	size_t at = 1;

	if (!str_eq_nocase(str_sub(sql, 0, 13), str_from("CREATE TABLE ")))
		return false;
	if (quote == '[')
		quote = ']';
	if (quote != '"' && quote != '\'' && quote != '`' && quote != ']')
		return str_eq_nocase(str_sub(s, 0, name.n), name) &&
		       (s.n == name.n || !is_name_byte(s.p[name.n]));
	for (size_t i = 0; i < name.n; i++, at++) {
		if (at >= s.n || s.p[at] != name.p[i])
			return false;
		if (s.p[at] == quote)
			at++; /* a quote inside stands twice */
	}
	return at < s.n && s.p[at] == quote;
}

static enum sqltable_kind
kind_of(struct str type, struct str name, struct str sql, int64_t root)
{
	if (str_is(type, "view"))
		return SQLTABLE_VIEW;
	if (!str_is(type, "table"))
		return SQLTABLE_OTHER;
	return root > 0 && name_in(sql, name) ? SQLTABLE_PLAIN
					      : SQLTABLE_VIRTUAL;
}

/* One row of sqlite_schema: type, name, rootpage, sql. */
static bool
table_from(struct sqlro *d, sqlite3_stmt *st, struct sqltable *out)
{
	struct str type = column_text(st, 0), name = column_text(st, 1);
	struct str sql = column_text(st, 3);
	int64_t root = sqlite3_column_int64(st, 2);

	if (type.p == NULL || name.p == NULL || root < 0 || root > UINT32_MAX)
		return note(d->n, NOTE_SQL_SCHEMA, 0);
	*out = (struct sqltable){
		.name = arena_str(&d->a, name),
		.kind = kind_of(type, name, sql, root),
		.root = (uint32_t)root,
		.computes = has_word(sql, "as"),
	};
	return out->name.p != NULL;
}

/* PRAGMA table_xinfo: cid, name, type, notnull, default, pk, hidden. */
static size_t
fill_columns(struct sqlro *d, sqlite3_stmt *st, struct sqlcolumn *out)
{
	size_t n = 0;

	(void)sqlite3_reset(st);
	for (; sqlite3_step(st) == SQLITE_ROW; n++)
		if (out != NULL)
			out[n] = (struct sqlcolumn){
				.name = arena_str(&d->a, column_text(st, 1)),
				.not_null = sqlite3_column_int(st, 3) != 0,
				.key = sqlite3_column_int(st, 5) != 0,
				.computed = sqlite3_column_int(st, 6) != 0,
			};
	return n;
}

static void
load_columns(struct sqlro *d, struct sqltable *t)
{
	char *sql = sqlite3_mprintf(
	    "PRAGMA main.table_xinfo(\"%.*w\")", (int)t->name.n, t->name.p);
	sqlite3_stmt *st = NULL;
	bool before = d->trusted;
	size_t n;

	d->trusted = true;
	if (sql != NULL &&
	    sqlite3_prepare_v2(d->db, sql, -1, &st, NULL) == SQLITE_OK) {
		n = fill_columns(d, st, NULL);
		t->columns = arena_alloc(&d->a, n, sizeof(*t->columns));
		if (t->columns != NULL)
			t->ncolumns = fill_columns(d, st, t->columns);
	}
	if (t->ncolumns == 0)
		note_why(d->n, NOTE_SQL_SCHEMA, 0, "%.*s", (int)t->name.n,
		    t->name.p);
	d->trusted = before;
	(void)sqlite3_finalize(st);
	sqlite3_free(sql);
}

static enum err
read_schema(struct sqlro *d)
{
	static const char sql[] =
	    "SELECT type,name,rootpage,sql FROM sqlite_schema";
	sqlite3_stmt *st = NULL;
	size_t cap = 0;
	int rc = sqlite3_prepare_v2(d->db, sql, -1, &st, NULL);

	if (rc != SQLITE_OK)
		return ERR_FORMAT;
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		if (d->ntables == cap) {
			struct sqltable *old = d->tables;

			cap = cap ? cap * 2 : 64;
			d->tables = arena_alloc(&d->a, cap, sizeof(*old));
			if (d->tables == NULL)
				break;
			if (d->ntables > 0)
				memcpy(
				    d->tables, old, d->ntables * sizeof(*old));
		}
		if (table_from(d, st, &d->tables[d->ntables]))
			d->ntables++;
	}
	if (d->tables == NULL)
		d->ntables = 0;
	if (rc != SQLITE_DONE)
		sqlro_note_rc(d, rc, 0);
	(void)sqlite3_finalize(st);
	return ERR_OK;
}

enum err
sqlro_load_schema(struct sqlro *d)
{
	bool odd = false;

	if (read_schema(d) != ERR_OK && d->steps > 0) {
		/*
		 * One bad entry makes SQLite refuse the whole schema. The
		 * others are read when errors in it are to be ignored.
		 */
		note_why(d->n, NOTE_SQL_SCHEMA, 0, "%s", sqlite3_errmsg(d->db));
		(void)sqlite3_db_config(
		    d->db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL);
		if (read_schema(d) != ERR_OK) {
			note_why(d->n, NOTE_SQL_HEADER, 0, "%s",
			    sqlite3_errmsg(d->db));
			return ERR_FORMAT;
		}
		odd = true;
	}
	if (d->steps == 0) {
		note_why(d->n, NOTE_SQL_HEADER, 0, "its schema is too large");
		return ERR_FORMAT;
	}
	/* An odd schema may call a table by another's name: look at all. */
	for (size_t i = 0; i < d->ntables; i++)
		if (d->tables[i].kind == SQLTABLE_PLAIN &&
		    (odd || d->tables[i].computes))
			load_columns(d, &d->tables[i]);
	return ERR_OK;
}

static struct sqltable *
find_table(struct sqlro *d, const char *name)
{
	for (size_t i = 0; i < d->ntables; i++)
		if (d->tables[i].kind != SQLTABLE_OTHER &&
		    str_eq_nocase(d->tables[i].name, str_from(name)))
			return &d->tables[i];
	return NULL;
}

struct sqltable *
sqlro_table(struct sqlro *d, const char *name)
{
	struct sqltable *t = find_table(d, name);

	if (t == NULL)
		return NULL;
	if (t->kind != SQLTABLE_PLAIN) {
		note_why(
		    d->n, NOTE_SQL_SCHEMA, 0, "%s is no plain table", name);
		return NULL;
	}
	if (t->columns == NULL)
		load_columns(d, t);
	return t;
}

struct sqlcolumn *
sqlro_column(struct sqltable *t, const char *name)
{
	for (size_t i = 0; t != NULL && i < t->ncolumns; i++)
		if (str_eq_nocase(t->columns[i].name, str_from(name)))
			return &t->columns[i];
	return NULL;
}

bool
sqlro_has_table(struct sqlro *d, const char *table)
{
	return sqlro_table(d, table) != NULL;
}

bool
sqlro_has_column(struct sqlro *d, const char *table, const char *column)
{
	struct sqlcolumn *c = sqlro_column(sqlro_table(d, table), column);

	return c != NULL && !c->computed;
}
