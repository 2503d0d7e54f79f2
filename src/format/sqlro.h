#ifndef FORMAT_SQLRO_H
#define FORMAT_SQLRO_H
#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "file.h"
#include "notes.h"
#include "str.h"

/*
 * SQLite databases read in place over any struct file: no temporary file, no
 * write, no lock, the -wal honoured. Runs libsqlite3 in defensive mode with an
 * authorizer that allows reading tables only, an untrusted schema, length
 * limits and a step limit, because the file may be made by an attacker.
 * Damage is a note; the rows that can be read are given.
 */
struct sqlro;
struct sqlro_query;

/*
 * db and wal (NULL when there is none) are borrowed until sqlro_free. When
 * even the first page is unreadable: ERR_FORMAT and a note.
 */
enum err sqlro_open(struct file *db, struct file *wal, const struct notes *n,
    struct sqlro **out);
void sqlro_free(struct sqlro *d); /* NULL is fine; after all its queries */

/*
 * Leaves a note when journal (NULL when there is none) is a rollback journal
 * that a crash left behind: the database may hold half a change.
 */
void sqlro_note_journal(struct file *journal, const struct notes *n);

bool sqlro_has_table(struct sqlro *d, const char *table);
bool sqlro_has_column(struct sqlro *d, const char *table, const char *column);

/*
 * Checks the structure of every page of the database, and leaves a note at
 * what is wrong: damage may lie in pages that no query happens to visit, and
 * may look like an empty table. Every reader calls it once; it takes 0.15 s
 * for 200 MB.
 */
void sqlro_check(struct sqlro *d);

/*
 * A scan of one table in rowid order, the columns by name; a column that this
 * version of the database does not have reads as NULL. Survives damage: what
 * lies behind a damaged page is looked for by rowid. columns are not kept.
 * ERR_ABSENT when there is no such table (no note: the caller decides), or
 * when the name is that of a view or virtual table (noted).
 */
enum err sqlro_scan(struct sqlro *d, const char *table,
    const char *const *columns, size_t ncolumns, struct sqlro_query **out);

/*
 * Goes on with the first row of a scan at or behind rowid, which must lie
 * behind the current one. Nothing happens where rows have no numbers.
 */
void sqlro_seek(struct sqlro_query *q, int64_t rowid);

/*
 * Any SELECT of ours. Parameters by sqlro_bind_*. Damage ends the query with
 * a note. ERR_FORMAT (and a note) when it does not compile on this schema.
 */
enum err sqlro_query(
    struct sqlro *d, const char *sql, struct sqlro_query **out);
void sqlro_bind_int(struct sqlro_query *q, int i, int64_t v);
void sqlro_bind_str(struct sqlro_query *q, int i, struct str v);
void sqlro_reset(struct sqlro_query *q);
void sqlro_query_free(struct sqlro_query *q); /* NULL is fine */

/* True while there is a row; false at the end and at unrecoverable damage. */
bool sqlro_step(struct sqlro_query *q);

/* True once a scan had to jump over damage: rows may be lost before this. */
bool sqlro_is_broken(const struct sqlro_query *q);

/* rowid of the current row of a scan. */
int64_t sqlro_rowid(const struct sqlro_query *q);

/* Columns of the current row, from 0. Strings live until the next step. */
bool sqlro_is_null(struct sqlro_query *q, int col);
int64_t sqlro_int(struct sqlro_query *q, int col);
double sqlro_real(struct sqlro_query *q, int col);
bool sqlro_is_text(struct sqlro_query *q, int col);
bool sqlro_is_number(struct sqlro_query *q, int col);

/* Text as UTF-8 (a note when it is not), or a blob's bytes as they are. */
struct str sqlro_str(struct sqlro_query *q, int col);

/* The number in the first row of a SELECT of ours; -1 when there is none. */
int64_t sqlro_number(struct sqlro *d, const char *sql);

/* The largest value that AUTOINCREMENT has given for table; -1 if unknown. */
int64_t sqlro_sequence(struct sqlro *d, const char *table);
#endif
