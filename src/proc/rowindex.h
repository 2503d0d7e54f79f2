#ifndef PROC_ROWINDEX_H
#define PROC_ROWINDEX_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "cur.h"
#include "messages.h"

/*
 * Which rows of a database lie in which time: made while a file is read in
 * the first pass, so that the second, which needs a few hours of it, can jump
 * over the rest. A few numbers for each run of rows; travels to the parent
 * and back to the next worker, who alone takes it apart:
 *
 *	tables, each: name, count of blocks, blocks of 4 times 8 bytes:
 *	first row, last row, earliest time, latest time
 */
#define ROWINDEX_TABLES 8

struct rowindex_block {
	int64_t row[2];	 /* first and last */
	int64_t span[2]; /* earliest and latest time; TSTAMP_NONE: none */
};

struct rowindex_table {
	struct str name; /* borrowed */
	bool broken;	 /* rows did not come in order: nothing is skipped */
	size_t rows;	 /* in the last block */
	struct rowindex_block *blocks;
	size_t n, cap;
};

struct rowindex {
	struct rowindex_table tables[ROWINDEX_TABLES];
	size_t ntables;
};

void rowindex_init(struct rowindex *x);
void rowindex_done(struct rowindex *x);

/* The next row of a scan of table, whose name is borrowed. */
void rowindex_add(struct rowindex *x, const char *table, int64_t row,
    const int64_t span_ns[2]);

/* Appends it; nothing when it is above LIMIT_ROW_INDEX. */
void rowindex_put(const struct rowindex *x, struct buf *b);

/* False when the bytes are none; names borrow c. Done in any case. */
bool rowindex_get(struct cur c, struct rowindex *out);

/*
 * The next run of rows at or behind `from` with times inside the windows;
 * false when there is none. Of a table that it does not know: all rows.
 */
bool rowindex_wanted(const struct rowindex *x, const char *table, int64_t from,
    const struct msg_windows *w, int64_t run[2]);
#endif
