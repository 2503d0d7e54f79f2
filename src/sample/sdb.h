#ifndef SAMPLE_SDB_H
#define SAMPLE_SDB_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "str.h"

/*
 * A database that is made in memory and whose bytes follow from the calls
 * alone: page size 4096, one transaction, fixed change counter and library
 * number. The first fault sticks and is told by sdb_bytes.
 */
struct sdb;
struct sdb_stmt;

enum cell_kind { CELL_NULL, CELL_INT, CELL_REAL, CELL_TEXT, CELL_BLOB };
struct cell {
	enum cell_kind kind;
	int64_t i;
	double r;
	struct str s;
};
#define CELL_N	  ((struct cell){ .kind = CELL_NULL })
#define CELL_I(v) ((struct cell){ .kind = CELL_INT, .i = (int64_t)(v) })
#define CELL_R(v) ((struct cell){ .kind = CELL_REAL, .r = (v) })
#define CELL_S(v) cell_text(v)
#define CELL_T(v) ((struct cell){ .kind = CELL_TEXT, .s = (v) })
#define CELL_B(v) ((struct cell){ .kind = CELL_BLOB, .s = (v) })

/* A C string; NULL gives NULL. */
struct cell cell_text(const char *s);

/* Inserts the schema. Never NULL. */
struct sdb *sdb_new(const char *schema);
void sdb_free(struct sdb *db); /* NULL is fine */

void sdb_exec(struct sdb *db, const char *sql);

/* Lives as long as db. */
struct sdb_stmt *sdb_prepare(struct sdb *db, const char *sql);

/* Runs it with n parameters; true when it changed a row. */
bool sdb_put(struct sdb_stmt *s, const struct cell *v, size_t n);
#define SDB_ROW(s, ...)                                                        \
	sdb_put(s, (struct cell[]){ __VA_ARGS__ },                             \
	    sizeof((struct cell[]){ __VA_ARGS__ }) / sizeof(struct cell))

/*
 * What comes from here on goes to the write-ahead log: the file itself stays
 * as it is now. Statements made before must be prepared again.
 */
void sdb_start_wal(struct sdb *db);

/*
 * Commits and gives the file's bytes, which live as long as db or until the
 * next call with it. wal: the header says that the file has had a write-ahead
 * log, as phones' databases mostly do.
 */
enum err sdb_bytes(struct sdb *db, bool wal, struct str *out, struct why *why);

/*
 * The same in two: the file as of sdb_start_wal and its log, which is empty
 * when that was not called.
 */
enum err sdb_bytes_wal(
    struct sdb *db, struct str *out, struct str *wal_out, struct why *why);
#endif
