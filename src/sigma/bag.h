#ifndef SIGMA_BAG_H
#define SIGMA_BAG_H
#include <stdint.h>

#include "budget.h"
#include "str.h"

/*
 * A counted multiset of texts, each belonging to an owner: the same text of
 * two owners is two items. Hashed with a secret key, because events choose
 * the texts; nothing depends on the order inside.
 */
struct bag_item {
	struct bag_item *next; /* in its slot */
	const void *owner;
	void *extra; /* the user's */
	uint64_t mark;
	uint64_t count;
	uint64_t hash;
	uint32_t n;
	char text[];
};

struct bag {
	struct budget *budget;
	const uint64_t *key; /* two, secret */
	struct bag_item **slot;
	size_t nslots; /* a power of two, or 0 */
	size_t n;      /* items */
};

void bag_init(struct bag *b, struct budget *budget, const uint64_t key[2]);
void bag_done(struct bag *b); /* items still there are freed */

/* Counts one more; NULL at the limit of the budget. */
struct bag_item *bag_add(struct bag *b, const void *owner, struct str text);
/* Counts one less, and frees the item when it was the last. */
void bag_take(struct bag *b, struct bag_item *i);
struct str bag_text(const struct bag_item *i);
#endif
