#ifndef BYTES_ENTRIES_H
#define BYTES_ENTRIES_H
#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "source.h"

/*
 * A list of entries while it is being made: hundreds of thousands of them, so
 * names are packed one behind the other. Backends of sources fill one, then
 * hand it to their source with entries_give().
 */
struct entries {
	struct entry *v;
	size_t count;
	size_t cap;
	struct arena names;
	char *room; /* of the chunk of names that is being filled */
	size_t left;
};

void entries_init(struct entries *l);
void entries_done(struct entries *l);

/*
 * Adds a copy of e, its path too, which may be any bytes but NUL. False at
 * LIMIT_ENTRIES, LIMIT_ENTRY_NAMES or LIMIT_PATH: nothing was added.
 */
bool entries_add(struct entries *l, const struct entry *e);

/* The same with a path that the caller keeps alive, NUL-terminated. */
bool entries_add_borrowed(struct entries *l, const struct entry *e);

/* Byte order of paths; entries of the same path stay as they were added. */
void entries_sort(struct entries *l);

/*
 * Sorts, then moves the entries into s (count and bytes too) and the names
 * into names. s->entries is freed with free(), names with arena_done(); l is
 * empty after it.
 */
void entries_give(struct entries *l, struct source *s, struct arena *names);
#endif
