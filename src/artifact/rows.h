#ifndef ARTIFACT_ROWS_H
#define ARTIFACT_ROWS_H
#include <stdbool.h>
#include <stdint.h>

#include "artifact.h"
#include "fields.h"

/*
 * The rows of a database table as records: a table of columns says which
 * column becomes which field, so that a reader of a plain table has no code
 * of its own. Columns that this version of the database lacks read as NULL;
 * a value of the wrong type is noted and left out.
 */
enum column_kind {
	COLUMN_RAW,	  /* the reader looks at it itself */
	COLUMN_RAW_MAC_S, /* the same; rows_time() takes seconds since 2001 */
	COLUMN_TEXT,	  /* text; anything else is noted, but taken */
	COLUMN_ANY_TEXT,  /* text, or text kept as a blob */
	COLUMN_INT,
	COLUMN_REAL,
	COLUMN_BOOL,
	COLUMN_MAC_S,	 /* seconds since 2001 */
	COLUMN_MAC_AUTO, /* the same, or nanoseconds: told apart by size */
	COLUMN_UNIX_S,	 /* seconds since 1970 */
};

struct column {
	const char *name;
	enum column_kind kind;
	unsigned field; /* of the record */
	bool core;	/* without it the table is not the one we know */
};

struct table {
	const char *name;
	/* What locators name: the first column, or "ROWID". */
	const char *key;
	const struct column *columns;
	size_t ncolumns; /* at most LIMIT_RECORD_FIELDS */
};

/* Rows of a column table: kinds without COLUMN_; CORE ones must exist. */
#define COLUMN(n, k, f)                                                        \
	{                                                                      \
		.name = (n), .kind = COLUMN_##k, .field = (f)                  \
	}
#define CORE(n, k, f)                                                          \
	{                                                                      \
		.name = (n), .kind = COLUMN_##k, .field = (f), .core = true    \
	}
#define TABLE(n, k, c)                                                         \
	{                                                                      \
		.name = (n), .key = (k), .columns = (c), .ncolumns = COUNT(c)  \
	}

struct rows {
	struct artifact_ctx *ctx;
	const struct table *table;
	struct sqlro_query *q;
	uint64_t present; /* bit i: the database has column i */
	bool every;	  /* set to be given rows without a wanted time, too */
	int64_t run[2];	  /* of the second pass: rows that are looked at */
	int64_t key;
	struct record record; /* of the current row */
	char locator[128];    /* names of tables and columns are short */
	size_t prefix;	      /* of it, before the number */
};

/*
 * False when the table, or a core column, is missing (noted, but for a table
 * that may be absent), or cannot be read. Call rows_close in any case.
 */
bool rows_open(struct rows *x, struct artifact_ctx *ctx, struct sqlro *db,
    const struct table *t);

/* The same for a table that not every version has. */
bool rows_open_optional(struct rows *x, struct artifact_ctx *ctx,
    struct sqlro *db, const struct table *t);

/* The next row whose times are wanted, converted; false at the end. */
bool rows_next(struct rows *x);
void rows_close(struct rows *x);

/*
 * Raw columns of the current row by index: "" and 0 for NULL. Texts live
 * until rows_next; a blob's bytes are given as they are.
 */
struct str rows_str(const struct rows *x, unsigned column);
int64_t rows_int(const struct rows *x, unsigned column);
double rows_real(const struct rows *x, unsigned column);
bool rows_is_number(const struct rows *x, unsigned column);

/* True once damage was crossed: rows before the current one may be lost. */
bool rows_broken(const struct rows *x);

/* A text that was put into the record already; "" when there is none. */
struct str rows_text(const struct rows *x, size_t field);

/*
 * The time in a column as its kind says; TSTAMP_NONE for NULL, for what
 * phones write for "never", and for what is no time (noted).
 */
int64_t rows_time(const struct rows *x, unsigned column, double *raw_out);
#endif
