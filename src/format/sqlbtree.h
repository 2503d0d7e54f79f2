#ifndef FORMAT_SQLBTREE_H
#define FORMAT_SQLBTREE_H
#include "sqlfile.h"

/*
 * Pages of SQLite's b-trees as they lie in the file, read without the
 * library: for finding damage that no query would stumble on, and the rows
 * behind it. Source: "Database File Format" on sqlite.org, section 1.6.
 */
enum sqlpage_type {
	SQLPAGE_INDEX_INNER = 2,
	SQLPAGE_TABLE_INNER = 5,
	SQLPAGE_INDEX_LEAF = 10,
	SQLPAGE_TABLE_LEAF = 13,
};

struct sqlpage {
	struct cur page; /* the whole of it */
	uint32_t usable;
	enum sqlpage_type type;
	bool leaf;
	bool table;
	uint32_t cells;
	uint32_t array; /* offset of the cell pointers */
	uint32_t content;
	uint32_t freeblock;
	uint32_t fragments;
	uint32_t right; /* last child of an inner page */
};

struct sqlcell {
	uint32_t off;
	uint32_t size;	   /* in this page */
	uint32_t child;	   /* inner pages */
	int64_t rowid;	   /* tables */
	uint64_t payload;  /* bytes, all but inner table pages */
	struct cur local;  /* those of them that stand here */
	uint32_t overflow; /* page of the rest; 0: none */
};

/* False when the header cannot be right. number is from 1. */
bool sqlpage_parse(const struct sqlfile *s, struct cur page, uint32_t number,
    struct sqlpage *out);

/* False when cell i does not lie inside the page. */
bool sqlpage_cell(const struct sqlpage *p, uint32_t i, struct sqlcell *out);

/*
 * True when cells of so many bytes together, free blocks and fragments fill
 * the page exactly.
 */
bool sqlpage_is_full(const struct sqlpage *p, uint32_t cells);

/* True when the types in a record's header fit its length. */
bool sqlcell_is_record(const struct sqlcell *c);

/*
 * The rows of the table at root that stand in readable pages, in ascending
 * order, each with the page it stands in; allocated in a.
 */
struct sqlrow {
	int64_t rowid;
	uint32_t page;
};
size_t sqltree_rows(
    struct sqlfile *s, uint32_t root, struct arena *a, struct sqlrow **out);
#endif
