#include "sqlmake.h"

/* SQLite databases: what is read, and what hostile ones cannot do. */
static struct seen seen;
static const struct notes notes = { .fn = seen_note, .arg = &seen };

struct opened {
	unsigned char *bytes;
	struct file *file;
	struct sqlro *d;
};

static void
open_made(struct opened *o, const char *sql)
{
	size_t n;

	o->bytes = make_db(sql, &n);
	o->file = file_mem_new("db", o->bytes, n);
	seen = (struct seen){ 0 };
	CHECK(sqlro_open(o->file, NULL, &notes, &o->d) == ERR_OK);
}

static void
close_made(struct opened *o)
{
	sqlro_free(o->d);
	file_free(o->file);
	sqlite3_free(o->bytes);
}

static const char plain[] =
    "CREATE TABLE t (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT,"
    " \"odd \"\"name\" INTEGER, b BLOB, r REAL);"
    "INSERT INTO t VALUES (3, 'x', 7, x'00ff', 1.5),"
    " (5, 'h\xc3\xa9', NULL, NULL, 2), (9, NULL, '12', 'text', '1e3');"
    "CREATE TABLE k (a TEXT PRIMARY KEY, v) WITHOUT ROWID;"
    "INSERT INTO k VALUES ('q', 1), ('p', 2);"
    "CREATE TABLE none (rowid TEXT, _rowid_ TEXT, oid TEXT, a);"
    "INSERT INTO none VALUES ('1', '2', '3', 4);"
    "UPDATE sqlite_sequence SET seq=20 WHERE name='t'";

/* A scan that jumps: forward only, and not at all without row numbers. */
static void
test_seek(void)
{
	static const char *const columns[] = { "a" };
	struct sqlro_query *q;
	struct opened o;

	open_made(&o, plain);
	CHECK(sqlro_scan(o.d, "t", columns, 1, &q) == ERR_OK);
	CHECK(sqlro_step(q) && sqlro_rowid(q) == 3);
	sqlro_seek(q, 6);
	CHECK(sqlro_step(q) && sqlro_rowid(q) == 9);
	sqlro_seek(q, 4); /* behind: what was given is not given again */
	CHECK(!sqlro_step(q));
	sqlro_query_free(q);
	CHECK(sqlro_scan(o.d, "k", columns, 1, &q) == ERR_OK);
	sqlro_seek(q, 100);
	CHECK(sqlro_step(q) && sqlro_step(q) && !sqlro_step(q));
	sqlro_query_free(q);
	CHECK(seen.all == 0);
	close_made(&o);
}

static void
test_scan(void)
{
	static const char *const columns[] = { "a", "not there", "odd \"name",
		"b", "r" };
	struct sqlro_query *q;
	struct opened o;

	open_made(&o, plain);
	CHECK(sqlro_scan(o.d, "T", columns, 5, &q) == ERR_OK);
	CHECK(sqlro_is_null(q, 0)); /* no row yet */
	CHECK(sqlro_step(q) && sqlro_rowid(q) == 3);
	CHECK(str_is(sqlro_str(q, 0), "x") && sqlro_is_text(q, 0));
	CHECK(sqlro_is_null(q, 1) && sqlro_str(q, 1).n == 0);
	CHECK(sqlro_int(q, 2) == 7 && sqlro_is_number(q, 2));
	CHECK(sqlro_str(q, 3).n == 2 && !sqlro_is_text(q, 3));
	CHECK(sqlro_real(q, 4) == 1.5);
	CHECK(sqlro_step(q) && str_is(sqlro_str(q, 0), "h\xc3\xa9"));
	CHECK(sqlro_step(q) && sqlro_rowid(q) == 9);
	CHECK(!sqlro_step(q) && !sqlro_step(q));
	CHECK(!sqlro_is_broken(q));
	sqlro_reset(q);
	CHECK(sqlro_step(q) && sqlro_rowid(q) == 3);
	sqlro_query_free(q);
	CHECK(sqlro_scan(o.d, "nope", columns, 5, &q) == ERR_ABSENT);
	CHECK(sqlro_has_table(o.d, "t") && !sqlro_has_table(o.d, "u"));
	CHECK(sqlro_has_column(o.d, "t", "A"));
	CHECK(!sqlro_has_column(o.d, "t", "z"));
	CHECK(count_rows(o.d, "k") == 2 && count_rows(o.d, "none") == 1);
	CHECK(sqlro_sequence(o.d, "t") == 20);
	CHECK(sqlro_sequence(o.d, "k") == -1);
	CHECK(sqlro_number(o.d, "SELECT max(rowid) FROM t") == 9);
	CHECK(sqlro_number(o.d, "SELECT a FROM t WHERE 0") == -1);
	sqlro_check(o.d);
	CHECK(seen.all == 0);
	close_made(&o);
}

static void
test_query(void)
{
	struct sqlro_query *q;
	struct opened o;

	open_made(&o, plain);
	CHECK(sqlro_query(o.d,
		  "SELECT count(*), max(t.ROWID) FROM t LEFT JOIN k ON k.v=?1"
		  " WHERE t.a=?2",
		  &q) == ERR_OK);
	sqlro_bind_int(q, 1, 2);
	sqlro_bind_str(q, 2, str_from("x"));
	CHECK(sqlro_step(q) && sqlro_int(q, 0) == 1 && sqlro_int(q, 1) == 3);
	CHECK(!sqlro_step(q));
	sqlro_query_free(q);
	CHECK(seen.all == 0);
	/* None of these is for a reader to do. */
	CHECK(sqlro_query(o.d, "SELECT z FROM t", &q) == ERR_FORMAT);
	CHECK(sqlro_query(o.d, "SELECT \"z\" FROM t", &q) == ERR_FORMAT);
	CHECK(sqlro_query(o.d, "DELETE FROM t", &q) == ERR_FORMAT);
	CHECK(sqlro_query(o.d, "PRAGMA user_version", &q) == ERR_FORMAT);
	CHECK(sqlro_query(o.d, "ATTACH 'x' AS y", &q) == ERR_FORMAT);
	CHECK(sqlro_query(o.d, "SELECT randomblob(9)", &q) == ERR_FORMAT);
	CHECK(sqlro_query(o.d,
		  "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 "
		  "FROM c) SELECT x FROM c",
		  &q) == ERR_FORMAT);
	CHECK(sqlro_query(o.d, "SELECT * FROM pragma_table_list", &q) ==
	      ERR_FORMAT);
	CHECK(
	    sqlro_query(o.d, "SELECT * FROM sqlite_schema", &q) == ERR_FORMAT);
	CHECK(seen.n[NOTE_SQL_SCHEMA] == 9 && seen.all == 9);
	close_made(&o);
}

/* Steps of a query are bounded: two thousand rows joined three times. */
static void
test_steps(void)
{
	struct sqlro_query *q;
	struct opened o;

	open_made(&o,
	    "CREATE TABLE t (a); WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
	    "SELECT x+1 FROM c LIMIT 2000) INSERT INTO t SELECT x FROM c");
	CHECK(sqlro_query(o.d,
		  "SELECT count(*) FROM t x, t y, t z WHERE x.a+y.a+z.a<0",
		  &q) == ERR_OK);
	CHECK(!sqlro_step(q) && seen.n[NOTE_READ_LIMIT] == 1);
	sqlro_query_free(q);
	CHECK(count_rows(o.d, "t") == 2000);
	close_made(&o);
}

/*
 * Names of tables that readers ask for, taken by something else. Nothing may
 * run, and all of it must be said.
 */
static void
test_impostors(void)
{
	static const char *const sql[] = {
		"CREATE VIEW t AS SELECT 1 AS a",
		"CREATE VIEW t AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
		"SELECT x+1 FROM c) SELECT x AS a FROM c",
		"CREATE VIRTUAL TABLE t USING fts4(a)",
		"CREATE VIRTUAL TABLE t USING rtree(a,b,c)",
		"PRAGMA writable_schema=ON; CREATE TABLE u (a);"
		"UPDATE sqlite_schema SET sql='CREATE VIRTUAL TABLE t USING "
		"fts4(a)', name='t' WHERE name='u'",
		"PRAGMA writable_schema=ON; CREATE TABLE u (a);"
		"UPDATE sqlite_schema SET name='t' WHERE name='u'",
	};
	static const char *const columns[] = { "a" };
	struct sqlro_query *q;
	struct opened o;

	for (size_t i = 0; i < sizeof(sql) / sizeof(sql[0]); i++) {
		open_made(&o, sql[i]);
		CHECK(sqlro_scan(o.d, "t", columns, 1, &q) != ERR_OK);
		CHECK(sqlro_query(o.d, "SELECT a FROM t", &q) == ERR_FORMAT);
		CHECK(seen.n[NOTE_SQL_SCHEMA] > 0);
		close_made(&o);
	}
}

static void
test_computed(void)
{
	static const char *const columns[] = { "a", "g" };
	struct sqlro_query *q;
	struct opened o;

	/* Forged: with the real one, the insertion would never end. */
	open_made(&o,
	    "CREATE TABLE t (a, s); INSERT INTO t VALUES (1, 1), (2, 2);"
	    "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql="
	    "'CREATE TABLE t (a, g AS (instr(hex(zeroblob(8000000)),"
	    " hex(zeroblob(7000000))||''1'')), s TEXT GENERATED ALWAYS AS "
	    "(a) STORED)'");
	CHECK(sqlro_scan(o.d, "t", columns, 2, &q) == ERR_OK);
	CHECK(seen.n[NOTE_SQL_SCHEMA] == 1);
	CHECK(sqlro_step(q) && sqlro_int(q, 0) == 1 && sqlro_is_null(q, 1));
	sqlro_query_free(q);
	CHECK(!sqlro_has_column(o.d, "t", "g"));
	CHECK(sqlro_query(o.d, "SELECT g FROM t", &q) == ERR_FORMAT);
	CHECK(sqlro_query(o.d, "SELECT s FROM t", &q) == ERR_FORMAT);
	CHECK(sqlro_query(o.d, "SELECT a FROM t", &q) == ERR_OK);
	sqlro_query_free(q);
	close_made(&o);
}

/* One entry of the schema is garbage: the other tables are read. */
static void
test_bad_schema(void)
{
	struct opened o;

	open_made(&o,
	    "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);"
	    "CREATE TABLE u (a); PRAGMA writable_schema=ON;"
	    "UPDATE sqlite_schema SET sql='CREATE TABLE u (' WHERE name='u'");
	CHECK(seen.n[NOTE_SQL_SCHEMA] > 0);
	CHECK(count_rows(o.d, "t") == 2);
	close_made(&o);
	open_made(&o, "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);"
		      "CREATE TABLE u (a, g AS (a)); PRAGMA writable_schema=ON;"
		      "UPDATE sqlite_schema SET rootpage=NULL WHERE name='u'");
	CHECK(seen.n[NOTE_SQL_SCHEMA] > 0);
	CHECK(count_rows(o.d, "t") == 2);
	close_made(&o);
}

/* SQLite's own work on a schema grows with the square of its entries. */
static void
test_large_schema(void)
{
	static char sql[64000];
	size_t n = 0, bytes;
	sqlite3 *db = maker_open();
	struct file *f;
	struct sqlro *d;
	unsigned char *p;

	for (int i = 0; i < 1000; i++)
		n += (size_t)snprintf(
		    sql + n, sizeof(sql) - n, "CREATE TABLE t%d (a, b);", i);
	run_sql(db, sql);
	run_sql(db, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
	p = made_bytes(db, &bytes);
	f = file_mem_new("db", p, bytes);
	seen = (struct seen){ 0 };
	CHECK(sqlro_open(f, NULL, &notes, &d) == ERR_OK);
	CHECK(count_rows(d, "t") == 1 && seen.all == 0);
	sqlro_free(d);
	file_free(f);
	sqlite3_free(p);

	db = maker_open();
	run_sql(db, "PRAGMA writable_schema=ON; WITH RECURSIVE c(x) AS "
		    "(SELECT 1 UNION ALL SELECT x+1 FROM c LIMIT 100000) "
		    "INSERT INTO sqlite_schema SELECT 'table', 'u' || x, "
		    "'u' || x, 2, 'CREATE TABLE u' || x || ' (a)' FROM c");
	p = made_bytes(db, &bytes);
	f = file_mem_new("db", p, bytes);
	CHECK(sqlro_open(f, NULL, &notes, &d) == ERR_FORMAT);
	CHECK(seen.n[NOTE_SQL_HEADER] == 1);
	file_free(f);
	sqlite3_free(p);
}

static void
test_values(void)
{
	static const char *const columns[] = { "a", "b" };
	struct sqlro_query *q;
	struct opened o;

	open_made(&o,
	    "CREATE TABLE t (a TEXT, b TEXT NOT NULL);"
	    "INSERT INTO t VALUES (CAST(x'410042' AS TEXT), 'x'),"
	    " (CAST(x'41ff' AS TEXT), 'y');"
	    "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql="
	    "'CREATE TABLE t (a TEXT NOT NULL, b TEXT NOT NULL)';"
	    "PRAGMA writable_schema=RESET; INSERT INTO t VALUES ('z', 'z');"
	    "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql="
	    "'CREATE TABLE t (a TEXT, b TEXT)';"
	    "PRAGMA writable_schema=RESET; INSERT INTO t VALUES (NULL, 'n');"
	    "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql="
	    "'CREATE TABLE t (a TEXT NOT NULL, b TEXT NOT NULL)'");
	CHECK(sqlro_scan(o.d, "t", columns, 2, &q) == ERR_OK);
	CHECK(sqlro_step(q) && sqlro_str(q, 0).n == 3);
	CHECK(seen.n[NOTE_SQL_TEXT] == 1);
	CHECK(sqlro_step(q) && sqlro_str(q, 0).n == 2);
	CHECK(seen.n[NOTE_SQL_TEXT] == 2);
	CHECK(sqlro_step(q) && seen.n[NOTE_SQL_NULL] == 0);
	CHECK(sqlro_step(q) && seen.n[NOTE_SQL_NULL] == 1);
	CHECK(str_is(sqlro_str(q, 1), "n"));
	sqlro_query_free(q);
	close_made(&o);
}

/* UTF-16 databases, and every page size. */
static void
test_shapes(void)
{
	static const char *const columns[] = { "a" };
	struct sqlro_query *q;
	struct opened o;
	char sql[512];

	open_made(&o, "PRAGMA encoding='UTF-16be'; CREATE TABLE t (a TEXT);"
		      "INSERT INTO t VALUES ('h\xc3\xa9')");
	CHECK(sqlro_scan(o.d, "t", columns, 1, &q) == ERR_OK);
	CHECK(sqlro_step(q) && str_is(sqlro_str(q, 0), "h\xc3\xa9"));
	sqlro_query_free(q);
	close_made(&o);
	for (unsigned size = 512; size <= 65536; size *= 2)
		for (int vacuum = 0; vacuum < 3; vacuum++) {
			(void)snprintf(sql, sizeof(sql),
			    "PRAGMA page_size=%u; PRAGMA auto_vacuum=%d;"
			    "CREATE TABLE t (a, b); CREATE INDEX i ON t(b, a);"
			    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
			    "SELECT x+1 FROM c LIMIT 900) INSERT INTO t SELECT"
			    " x, hex(randomblob(x*x/500)) FROM c;"
			    "DELETE FROM t WHERE a%%3=1 AND a<700",
			    size, vacuum);
			open_made(&o, sql);
			CHECK(count_rows(o.d, "t") == 667);
			sqlro_check(o.d);
			seen.loud = true;
			CHECK(seen.all == 0);
			close_made(&o);
		}
}

static void
test_journal(void)
{
	static const unsigned char hot[] = { 0xd9, 0xd5, 5, 0xf9, 0x20, 0xa1,
		0x63, 0xd7, 0 };
	struct file *f = file_mem_new("j", hot, sizeof(hot));
	struct file *cut = file_mem_new("j", hot, 7);

	seen = (struct seen){ 0 };
	sqlro_note_journal(NULL, &notes);
	sqlro_note_journal(cut, &notes);
	CHECK(seen.all == 0);
	sqlro_note_journal(f, &notes);
	CHECK(seen.n[NOTE_SQL_JOURNAL] == 1);
	file_free(f);
	file_free(cut);
}

int
main(void)
{
	test_scan();
	test_seek();
	test_query();
	test_steps();
	test_impostors();
	test_computed();
	test_bad_schema();
	test_large_schema();
	test_values();
	test_shapes();
	test_journal();
	sqlro_free(NULL);
	sqlro_query_free(NULL);
	return 0;
}
