#include "sqlro.h"

#include <stdlib.h>
#include <string.h>

#include "cleantext.h"
#include "limits.h"
#include "sqlro_impl.h"

/* VDBE instructions between two calls of the progress handler. */
#define STEP 1000

static int
progress(void *arg)
{
	struct sqlro *d = arg;

	if (d->steps == 0)
		return 1;
	d->steps--;
	return 0;
}

void
sqlro_allow(struct sqlro *d)
{
	/* A row costs tens of instructions and tens of bytes. */
	d->steps = (LIMIT_SQL_STEPS + sqlfile_size(&d->file) * 4) / STEP;
}

void
sqlro_note_rc(struct sqlro *d, int rc, uint64_t row)
{
	switch (rc & 0xff) {
	case SQLITE_INTERRUPT:
	case SQLITE_TOOBIG:
	case SQLITE_NOMEM:
		note_why(
		    d->n, NOTE_READ_LIMIT, row, "%s", sqlite3_errmsg(d->db));
		return;
	case SQLITE_IOERR:
		note(d->n, NOTE_READ_IO, row);
		return;
	default:
		note_why(
		    d->n, NOTE_SQL_CORRUPT, row, "%s", sqlite3_errmsg(d->db));
		return;
	}
}

/* Every limit of the library that the file's maker could lean on. */
static void
limit(sqlite3 *db)
{
	static const struct {
		int id, value;
	} limits[] = {
		{SQLITE_LIMIT_LENGTH,	       LIMIT_SQL_LENGTH},
		{ SQLITE_LIMIT_SQL_LENGTH,	   LIMIT_SQL_TEXT  },
		{ SQLITE_LIMIT_EXPR_DEPTH,	   64	      },
		{ SQLITE_LIMIT_COMPOUND_SELECT,	16		   },
		{ SQLITE_LIMIT_VDBE_OP,		50000	      },
		{ SQLITE_LIMIT_FUNCTION_ARG,	     16		},
		{ SQLITE_LIMIT_ATTACHED,		 0		   },
		{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256		},
		{ SQLITE_LIMIT_VARIABLE_NUMBER,	256		    },
		{ SQLITE_LIMIT_TRIGGER_DEPTH,	      0		},
		{ SQLITE_LIMIT_WORKER_THREADS,      0		 },
	};
	static const struct {
		int id, value;
	} config[] = {
		{SQLITE_DBCONFIG_DEFENSIVE,		     1},
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA,	  0},
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER,	  0},
		{ SQLITE_DBCONFIG_ENABLE_VIEW,	       0},
		{ SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
		{ SQLITE_DBCONFIG_DQS_DML,		   0},
		{ SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,	    1},
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		(void)sqlite3_limit(db, limits[i].id, limits[i].value);
	for (size_t i = 0; i < sizeof(config) / sizeof(config[0]); i++)
		(void)sqlite3_db_config(
		    db, config[i].id, config[i].value, NULL);
}

/*
 * Opens and sets up. A small cache: pages are read once in a scan, and fresh
 * memory costs more than reading them again.
 */
static bool
start(struct sqlro *d)
{
	const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX |
			  SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;

	if (!sqlvfs_init(&d->vfs, &d->file) ||
	    sqlite3_open_v2("db", &d->db, flags, d->vfs.name) != SQLITE_OK)
		return false;
	limit(d->db);
	/* No virtual tables: nothing to connect them to. */
	(void)sqlite3_drop_modules(d->db, NULL);
	d->trusted = true;
	d->steps = LIMIT_SQL_SCHEMA_STEPS / STEP;
	sqlite3_progress_handler(d->db, STEP, progress, d);
	(void)sqlite3_exec(d->db,
	    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-1000;"
	    "PRAGMA cell_size_check=ON",
	    NULL, NULL, NULL);
	return true;
}

enum err
sqlro_open(struct file *db, struct file *wal, const struct notes *n,
    struct sqlro **out)
{
	struct sqlro *d = calloc(1, sizeof(*d));
	enum err e = ERR_FORMAT;

	if (d == NULL)
		abort();
	d->n = n;
	arena_init(&d->a, LIMIT_ARENA);
	if (!sqlfile_open(&d->file, db, wal, &d->a, n))
		goto out;
	if (!start(d)) {
		note(n, NOTE_SQL_HEADER, 0);
		goto out;
	}
	if ((e = sqlro_load_schema(d)) != ERR_OK)
		goto out;
	d->trusted = false;
	(void)sqlite3_set_authorizer(d->db, sqlro_authorize, d);
	*out = d;
	return ERR_OK;
out:
	sqlro_free(d);
	return e;
}

void
sqlro_free(struct sqlro *d)
{
	if (d == NULL)
		return;
	(void)sqlite3_close_v2(d->db);
	sqlvfs_done(&d->vfs);
	arena_done(&d->a);
	free(d);
}

void
sqlro_note_journal(struct file *journal, const struct notes *n)
{
	static const uint8_t magic[] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1,
		0x63, 0xd7 };
	uint8_t b[sizeof(magic)];
	size_t got;

	/* A finished one is cut to nothing, or its first bytes are zeroed. */
	if (journal != NULL &&
	    file_read_at(journal, 0, b, sizeof(b), &got) == ERR_OK &&
	    got == sizeof(b) && memcmp(b, magic, sizeof(b)) == 0)
		note(n, NOTE_SQL_JOURNAL, 0);
}

enum err
sqlro_prepare(struct sqlro *d, const char *sql, sqlite3_stmt **out)
{
	int rc;

	sqlro_allow(d);
	rc = sqlite3_prepare_v2(d->db, sql, -1, out, NULL);
	if (rc == SQLITE_OK)
		return ERR_OK;
	if ((rc & 0xff) == SQLITE_ERROR || (rc & 0xff) == SQLITE_AUTH)
		note_why(d->n, NOTE_SQL_SCHEMA, 0, "%s", sqlite3_errmsg(d->db));
	else
		sqlro_note_rc(d, rc, 0);
	return ERR_FORMAT;
}

enum err
sqlro_query(struct sqlro *d, const char *sql, struct sqlro_query **out)
{
	struct sqlro_query *q = calloc(1, sizeof(*q));
	enum err e;

	if (q == NULL)
		abort();
	q->d = d;
	if ((e = sqlro_prepare(d, sql, &q->stmt)) != ERR_OK) {
		free(q);
		return e;
	}
	*out = q;
	return ERR_OK;
}

void
sqlro_query_free(struct sqlro_query *q)
{
	if (q == NULL)
		return;
	sqlscan_free(q->scan, q->stmt);
	(void)sqlite3_finalize(q->stmt);
	free(q);
}

void
sqlro_bind_int(struct sqlro_query *q, int i, int64_t v)
{
	(void)sqlite3_bind_int64(q->stmt, i, v);
}

void
sqlro_bind_str(struct sqlro_query *q, int i, struct str v)
{
	(void)sqlite3_bind_text64(
	    q->stmt, i, v.p, v.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void
sqlro_reset(struct sqlro_query *q)
{
	if (q->scan != NULL)
		sqlscan_reset(q);
	(void)sqlite3_reset(q->stmt);
	sqlro_allow(q->d);
	q->done = q->has_row = false;
	q->rowid = 0;
}

bool
sqlro_step(struct sqlro_query *q)
{
	int rc;

	if (q->scan != NULL)
		return sqlscan_step(q);
	q->known = 0;
	q->has_row = false;
	if (q->done)
		return false;
	rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_ROW) {
		q->rowid++;
		return q->has_row = true;
	}
	q->done = true;
	if (rc != SQLITE_DONE)
		sqlro_note_rc(q->d, rc, (uint64_t)q->rowid);
	return false;
}

int64_t
sqlro_rowid(const struct sqlro_query *q)
{
	return q->rowid;
}

sqlite3_value *
sqlro_value(struct sqlro_query *q, int column)
{
	uint64_t bit;

	if (column < 0 || column >= SQLRO_VALUES)
		return sqlite3_column_value(q->stmt, column);
	bit = UINT64_C(1) << column;
	if ((q->known & bit) == 0) {
		q->values[column] = sqlite3_column_value(q->stmt, column);
		q->known |= bit;
	}
	return q->values[column];
}

static int
type_of(struct sqlro_query *q, int col)
{
	return q->has_row ? sqlite3_value_type(sqlro_value(q, q->base + col))
			  : SQLITE_NULL;
}

bool
sqlro_is_null(struct sqlro_query *q, int col)
{
	return type_of(q, col) == SQLITE_NULL;
}

bool
sqlro_is_text(struct sqlro_query *q, int col)
{
	return type_of(q, col) == SQLITE_TEXT;
}

bool
sqlro_is_number(struct sqlro_query *q, int col)
{
	int t = type_of(q, col);

	return t == SQLITE_INTEGER || t == SQLITE_FLOAT;
}

int64_t
sqlro_int(struct sqlro_query *q, int col)
{
	return q->has_row ? sqlite3_value_int64(sqlro_value(q, q->base + col))
			  : 0;
}

double
sqlro_real(struct sqlro_query *q, int col)
{
	return q->has_row ? sqlite3_value_double(sqlro_value(q, q->base + col))
			  : 0;
}

struct str
sqlro_str(struct sqlro_query *q, int col)
{
	int type = type_of(q, col);
	struct str s = { "", 0 };
	sqlite3_value *v;

	if (type == SQLITE_NULL)
		return s;
	v = sqlro_value(q, q->base + col);
	s.p = type == SQLITE_BLOB ? sqlite3_value_blob(v)
				  : (const char *)sqlite3_value_text(v);
	s.n = (size_t)sqlite3_value_bytes(v);
	if (s.p == NULL)
		return (struct str){ "", 0 };
	if (type == SQLITE_TEXT && !text_is_clean(s))
		note(q->d->n, NOTE_SQL_TEXT, (uint64_t)q->rowid);
	return s;
}

int64_t
sqlro_number(struct sqlro *d, const char *sql)
{
	struct sqlro_query *q;
	int64_t v = -1;

	if (sqlro_query(d, sql, &q) != ERR_OK)
		return -1;
	if (sqlro_step(q) && sqlro_is_number(q, 0))
		v = sqlro_int(q, 0);
	sqlro_query_free(q);
	return v;
}

int64_t
sqlro_sequence(struct sqlro *d, const char *table)
{
	struct sqlro_query *q;
	int64_t v = -1;

	if (!sqlro_has_table(d, "sqlite_sequence") ||
	    sqlro_query(d, "SELECT seq FROM sqlite_sequence WHERE name=?1",
		&q) != ERR_OK)
		return -1;
	sqlro_bind_str(q, 1, str_from(table));
	while (sqlro_step(q))
		if (sqlro_is_number(q, 0) && sqlro_int(q, 0) > v)
			v = sqlro_int(q, 0);
	sqlro_query_free(q);
	return v;
}
