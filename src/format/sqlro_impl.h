#ifndef FORMAT_SQLRO_IMPL_H
#define FORMAT_SQLRO_IMPL_H
#include "arena.h"
#include "sqlfile.h"
#include "sqlro.h"
#include "sqlvfs.h"

/* Inside of sqlro, for sqlro*.c only. */
enum sqltable_kind {
	SQLTABLE_PLAIN,
	SQLTABLE_VIEW,	  /* refused: runs what the file's maker wrote */
	SQLTABLE_VIRTUAL, /* refused for the same reason */
	SQLTABLE_OTHER,	  /* an index or a trigger */
};

struct sqlcolumn {
	struct str name;
	bool not_null;
	bool computed; /* generated or hidden: refused */
	bool key;      /* part of the primary key */
};

struct sqltable {
	struct str name;
	enum sqltable_kind kind;
	uint32_t root;
	bool computes;		   /* may have generated columns */
	struct sqlcolumn *columns; /* NULL until asked for */
	size_t ncolumns;
};

struct sqlro {
	sqlite3 *db;
	struct sqlvfs vfs;
	struct sqlfile file;
	struct arena a;
	const struct notes *n;
	struct sqltable *tables;
	size_t ntables;
	bool trusted;	/* our own set-up runs: the authorizer lets it */
	uint64_t steps; /* of a thousand instructions, left for this query */
	bool checked;
};

/* Columns whose value is remembered; those behind are asked each time. */
#define SQLRO_VALUES 64

struct sqlro_query {
	struct sqlro *d;
	sqlite3_stmt *stmt;
	int base; /* statement column of the caller's first */
	bool done;
	bool has_row;
	/* The values of this row that were asked for, a bit each. */
	uint64_t known;
	sqlite3_value *values[SQLRO_VALUES];
	int64_t rowid;	      /* of a scan; else the row's number, from 1 */
	struct sqlscan *scan; /* NULL for a query */
};

/* Steps that one query may take on this database. */
void sqlro_allow(struct sqlro *d);

/*
 * A column of the statement's current row. One call of SQLite a column, where
 * its column functions each pay for a look-up and an error check; connections
 * of one thread without mutexes may read such values (sqlite3_value).
 */
sqlite3_value *sqlro_value(struct sqlro_query *q, int column);

/* Prepares sql; ERR_FORMAT and a note when it does not compile. */
enum err sqlro_prepare(struct sqlro *d, const char *sql, sqlite3_stmt **out);

/* Leaves the note that fits what SQLite said; row is where. */
void sqlro_note_rc(struct sqlro *d, int rc, uint64_t row);

/* Plain tables only; NULL when there is none. Loads the columns. */
struct sqltable *sqlro_table(struct sqlro *d, const char *name);
struct sqlcolumn *sqlro_column(struct sqltable *t, const char *name);

/* Runs a schema-reading statement of ours with the authorizer aside. */
enum err sqlro_load_schema(struct sqlro *d);

/* The authorizer (sqlauth.c), with d as its argument. */
int sqlro_authorize(void *arg, int action, const char *a, const char *b,
    const char *schema, const char *context);

/* The scan of a query (sqlscan.c). */
bool sqlscan_step(struct sqlro_query *q);
void sqlscan_reset(struct sqlro_query *q);
void sqlscan_free(struct sqlscan *s, sqlite3_stmt *stmt);
#endif
