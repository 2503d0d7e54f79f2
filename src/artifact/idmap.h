#ifndef ARTIFACT_IDMAP_H
#define ARTIFACT_IDMAP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"

/*
 * Texts by number, several to a number where need be: the small table that a
 * big one is joined with, held in memory so that damage to one does not stop
 * the other from being read.
 */
struct idmap_entry {
	int64_t id;
	int64_t row; /* where it comes from */
	struct str text;
	bool used; /* the reader's own */
};

struct idmap {
	struct arena *arena;
	struct idmap_entry *v;
	size_t n;
	size_t cap;
	bool unsorted;
	bool full; /* the arena's cap was reached: entries are missing */
};

void idmap_init(struct idmap *m, struct arena *a);

/* Copies text into the arena. */
void idmap_add(struct idmap *m, int64_t id, int64_t row, struct str text);

/* Call once after the last idmap_add: by id, then as added. */
void idmap_sort(struct idmap *m);

/* The first entry of id, its others behind it; NULL when there is none. */
struct idmap_entry *idmap_find(const struct idmap *m, int64_t id);

/* The entry behind e when it has the same id, else NULL. */
struct idmap_entry *idmap_next(
    const struct idmap *m, const struct idmap_entry *e);
#endif
