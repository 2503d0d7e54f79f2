#ifndef FORMAT_SQLFILE_H
#define FORMAT_SQLFILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "err.h"
#include "file.h"
#include "notes.h"

/*
 * The bytes of a SQLite database as its last commit left them: the file with
 * the committed frames of its write-ahead log laid over it, so that whoever
 * reads pages needs to know nothing of the log. Sources: "Database File
 * Format" on sqlite.org, sections 1 and 4.
 */
struct sqlframe {
	uint32_t page;
	uint32_t frame; /* from 0, in the log */
};

struct sqlfile {
	struct file *db;
	struct file *wal; /* NULL: none, or none that can be used */
	uint32_t page_size;
	uint32_t usable;	 /* page_size without the reserved tail */
	uint32_t pages;		 /* of the whole database, cut off or not */
	uint32_t present;	 /* behind this one no page is there */
	struct sqlframe *frames; /* sorted by page, one each */
	size_t nframes;

	/* A window of db that is filled ahead when reading goes forward. */
	uint8_t *window;
	uint64_t window_off;
	size_t window_len;
	uint64_t next;
};

/*
 * Reads the headers of both. False (and a note) when db is no SQLite
 * database. Everything is borrowed; a holds what is allocated.
 */
bool sqlfile_open(struct sqlfile *s, struct file *db, struct file *wal,
    struct arena *a, const struct notes *n);

/* Size of the whole database in bytes, cut off or not. */
uint64_t sqlfile_size(const struct sqlfile *s);

/*
 * n bytes at off; what lies behind the end of the file reads as zeros, *got
 * tells how much did not. Errors: ERR_IO.
 */
enum err sqlfile_read(
    struct sqlfile *s, uint64_t off, void *out, size_t n, size_t *got);

/* One page, from 1, as a cursor over out, which has room for page_size. */
bool sqlfile_page(struct sqlfile *s, uint32_t page, void *out, struct cur *c);

/*
 * Finds the committed frames of s->wal (sqlwal.c); pages is what the last
 * commit says, 0 when there is none. Damage is a note.
 */
void sqlwal_read(
    struct sqlfile *s, struct arena *a, const struct notes *n, uint32_t *pages);

/* True when page stands in the log; *frame is its newest frame. */
bool sqlwal_find(const struct sqlfile *s, uint32_t page, uint32_t *frame);

/* Where the page of a frame begins in the log. */
uint64_t sqlwal_offset(const struct sqlfile *s, uint32_t frame);
#endif
