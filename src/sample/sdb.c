#include "sdb.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "wal.h"

struct sdb_stmt {
	struct sdb *db;
	sqlite3_stmt *stmt;
	struct sdb_stmt *next;
};

struct sdb {
	sqlite3 *db;
	struct sdb_stmt *stmts;
	struct buf old, log; /* as of sdb_start_wal, and what followed */
	bool has_wal;
	bool open; /* inside the transaction */
	bool failed;
	char fault[256];
};

struct cell
cell_text(const char *s)
{
	return s == NULL ? CELL_N : CELL_T(str_from(s));
}

static void
sdb_fault(struct sdb *db)
{
	if (db->failed)
		return;
	db->failed = true;
	(void)sqlite3_snprintf(
	    sizeof(db->fault), db->fault, "%s", sqlite3_errmsg(db->db));
}

void
sdb_exec(struct sdb *db, const char *sql)
{
	if (!db->failed &&
	    sqlite3_exec(db->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		sdb_fault(db);
}

struct sdb *
sdb_new(const char *schema)
{
	struct sdb *db = calloc(1, sizeof(*db));

	if (db == NULL ||
	    sqlite3_open_v2(":memory:", &db->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		abort();
	/*
	 * A file of the memory VFS instead of the pager's own memory: its
	 * bytes can be taken without a copy.
	 */
	if (sqlite3_deserialize(db->db, "main", NULL, 0, 0,
		SQLITE_DESERIALIZE_FREEONCLOSE |
		    SQLITE_DESERIALIZE_RESIZEABLE) != SQLITE_OK)
		sdb_fault(db);
	sdb_exec(db, "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF;"
		     "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -4096;");
	sdb_exec(db, "BEGIN");
	db->open = true;
	buf_init(&db->old, (size_t)1 << 30);
	buf_init(&db->log, (size_t)1 << 30);
	sdb_exec(db, schema);
	return db;
}

static void
sdb_finalize(struct sdb *db)
{
	while (db->stmts != NULL) {
		struct sdb_stmt *s = db->stmts;

		db->stmts = s->next;
		(void)sqlite3_finalize(s->stmt);
		free(s);
	}
}

void
sdb_free(struct sdb *db)
{
	if (db == NULL)
		return;
	sdb_finalize(db);
	buf_done(&db->old);
	buf_done(&db->log);
	(void)sqlite3_close(db->db);
	free(db);
}

struct sdb_stmt *
sdb_prepare(struct sdb *db, const char *sql)
{
	struct sdb_stmt *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->db = db;
	s->next = db->stmts;
	db->stmts = s;
	if (!db->failed &&
	    sqlite3_prepare_v2(db->db, sql, -1, &s->stmt, NULL) != SQLITE_OK)
		sdb_fault(db);
	return s;
}

static int
bind(sqlite3_stmt *stmt, int at, const struct cell *c)
{
	switch (c->kind) {
	case CELL_INT:
		return sqlite3_bind_int64(stmt, at, c->i);
	case CELL_REAL:
		return sqlite3_bind_double(stmt, at, c->r);
	case CELL_TEXT:
		return sqlite3_bind_text(
		    stmt, at, c->s.p, (int)c->s.n, SQLITE_STATIC);
	case CELL_BLOB:
		return sqlite3_bind_blob(
		    stmt, at, c->s.p, (int)c->s.n, SQLITE_STATIC);
	case CELL_NULL:
		break;
	}
	return sqlite3_bind_null(stmt, at);
}

bool
sdb_put(struct sdb_stmt *s, const struct cell *v, size_t n)
{
	struct sdb *db = s->db;
	int rc = SQLITE_OK;

	if (db->failed)
		return false;
	for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
		rc = bind(s->stmt, (int)i + 1, &v[i]);
	if (rc != SQLITE_OK || sqlite3_step(s->stmt) != SQLITE_DONE) {
		sdb_fault(db);
		return false;
	}
	rc = sqlite3_changes(db->db);
	if (sqlite3_reset(s->stmt) != SQLITE_OK)
		sdb_fault(db);
	return rc > 0;
}

static void
store_be32(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)(v >> 24);
	p[1] = (unsigned char)(v >> 16 & 0xff);
	p[2] = (unsigned char)(v >> 8 & 0xff);
	p[3] = (unsigned char)(v & 0xff);
}

/*
 * What the library that happens to be installed would leave: the two format
 * numbers (2: has had a write-ahead log), change counter, version-valid-for
 * and its own version. Source: sqlite.org/fileformat2.html, section 1.3.
 */
static void
stamp(unsigned char *p, bool wal)
{
	p[18] = p[19] = wal ? 2 : 1;
	store_be32(p + 24, 2);
	store_be32(p + 92, 2);
	store_be32(p + 96, 3043002); /* that of iOS 17 */
}

/* The committed bytes, which belong to the database. */
static enum err
sdb_commit(struct sdb *db, unsigned char **out, size_t *n_out, struct why *why)
{
	sqlite3_int64 n = 0;

	sdb_finalize(db);
	if (db->open)
		sdb_exec(db, "COMMIT");
	db->open = false;
	if (db->failed)
		return why_set(why, ERR_INTERNAL,
		    "sample database could not be made: %s", db->fault);
	*out = sqlite3_serialize(db->db, "main", &n, SQLITE_SERIALIZE_NOCOPY);
	if (*out == NULL || n < 512)
		return why_set(
		    why, ERR_INTERNAL, "sample database has no bytes");
	*n_out = (size_t)n;
	return ERR_OK;
}

enum err
sdb_bytes(struct sdb *db, bool wal, struct str *out, struct why *why)
{
	unsigned char *p = NULL;
	size_t n = 0;
	enum err e = sdb_commit(db, &p, &n, why);

	if (e != ERR_OK)
		return e;
	stamp(p, wal);
	*out = (struct str){ .p = (const char *)p, .n = n };
	return ERR_OK;
}

void
sdb_start_wal(struct sdb *db)
{
	unsigned char *p = NULL;
	size_t n = 0;

	if (sdb_commit(db, &p, &n, NULL) != ERR_OK)
		return; /* told again at the end */
	buf_put(&db->old, p, n);
	stamp(db->old.p, true);
	db->has_wal = true;
	sdb_exec(db, "BEGIN");
	db->open = true;
}

enum err
sdb_bytes_wal(
    struct sdb *db, struct str *out, struct str *wal_out, struct why *why)
{
	const uint32_t salt = 0x7e1a55a9;
	struct str new;
	enum err e = sdb_bytes(db, true, &new, why);

	if (e != ERR_OK)
		return e;
	*out = new;
	if (db->has_wal) {
		wal_put(&db->log, buf_text(&db->old), new, salt);
		*out = buf_text(&db->old);
	}
	*wal_out = buf_text(&db->log);
	return ERR_OK;
}
