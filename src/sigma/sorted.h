#ifndef SIGMA_SORTED_H
#define SIGMA_SORTED_H
#include <stddef.h>

#include "budget.h"
#include "exact.h"

/*
 * Numbers in order, the same one as often as it was added: a list of short
 * sorted blocks, so that adding, taking and the k-th cost little whatever
 * comes in whatever order.
 */
struct sorted_block;
struct sorted {
	struct sorted_block **v;
	size_t n, cap;
	size_t total; /* numbers */
};

bool sorted_add(struct sorted *s, struct budget *b, struct number v);
/* v must have been added and not been taken. */
void sorted_take(struct sorted *s, struct budget *b, struct number v);
/* k from 0, less than total. */
struct number sorted_at(const struct sorted *s, size_t k);
void sorted_done(struct sorted *s, struct budget *b);
#endif
