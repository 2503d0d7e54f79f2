#ifndef BYTES_HOLD_H
#define BYTES_HOLD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cur.h"
#include "file.h"

/*
 * Memory for one member of an archive, filled once from front to end. Large
 * ones are mapped by themselves, in large pages, and only what was written is
 * ever there: a lying size costs addresses, no memory.
 */
struct hold {
	uint8_t *p;
	size_t len;
	size_t cap;
	size_t mapped; /* bytes; 0: on the heap */
};

/* Room for cap bytes, which the caller has checked; false: no memory. */
bool hold_init(struct hold *h, size_t cap);

/* False when it does not fit: what fits was kept. */
bool hold_put(struct hold *h, struct cur c);

/* The same with n zeros. */
bool hold_zeros(struct hold *h, uint64_t n);

/* Gives back what was not filled. */
void hold_trim(struct hold *h);
void hold_done(struct hold *h);

/* The bytes as a file that owns them; h is empty after it. */
struct file *hold_file(struct hold *h, const char *path);
#endif
