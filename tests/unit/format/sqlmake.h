#ifndef TESTS_UNIT_FORMAT_SQLMAKE_H
#define TESTS_UNIT_FORMAT_SQLMAKE_H
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "sqlro.h"

/* Databases for the tests, made by libsqlite3 itself, and notes counted. */
struct seen {
	unsigned n[NOTE_COUNT];
	unsigned all;
	bool loud;
};

static inline void
seen_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	struct seen *s = arg;

	s->n[id]++;
	s->all++;
	if (s->loud)
		fprintf(stderr, "%s at %ju %s\n", note_infos[id].name,
		    (uintmax_t)off, detail ? detail : "");
}

static inline void
run_sql(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fprintf(stderr, "%s: %s\n", sql, why);
	CHECK(why == NULL);
}

/* The bytes of a database in memory, to be freed by sqlite3_free. */
static inline unsigned char *
made_bytes(sqlite3 *db, size_t *n)
{
	sqlite3_int64 size = 0;
	unsigned char *p = sqlite3_serialize(db, "main", &size, 0);

	CHECK(p != NULL);
	*n = (size_t)size;
	(void)sqlite3_close(db);
	return p;
}

/* Defensive mode off, so that schemas can be forged. */
static inline sqlite3 *
maker_open(void)
{
	sqlite3 *db;

	CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	return db;
}

static inline unsigned char *
make_db(const char *sql, size_t *n)
{
	sqlite3 *db = maker_open();

	run_sql(db, sql);
	return made_bytes(db, n);
}

static inline int64_t
count_rows(struct sqlro *d, const char *table)
{
	static const char *const columns[] = { "a" };
	struct sqlro_query *q;
	int64_t n = 0;

	if (sqlro_scan(d, table, columns, 1, &q) != ERR_OK)
		return -1;
	while (sqlro_step(q))
		n++;
	sqlro_query_free(q);
	return n;
}
#endif
