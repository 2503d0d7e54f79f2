#ifndef SIGMA_RANKS_H
#define SIGMA_RANKS_H
#include "bag.h"

/*
 * How often the texts of a bag occur: the distinct counts in order, each with
 * the number of texts that have it. One more or one less of a text moves it
 * to a neighbour, which costs the same whatever there is.
 */
struct rank {
	struct rank *lower, *higher;
	uint64_t count, texts;
};

struct ranks {
	struct rank *lowest;
};

/* After bag_add() gave i; false at the limit, nothing is changed then. */
bool ranks_up(struct ranks *r, struct budget *b, struct bag_item *i);
/* Before bag_take(). */
void ranks_down(struct ranks *r, struct budget *b, struct bag_item *i);
void ranks_done(struct ranks *r, struct budget *b);
#endif
