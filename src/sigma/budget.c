#include "budget.h"

#include <stdlib.h>

static bool
has(const struct budget *b, size_t n)
{
	return b->used <= b->max && n <= b->max - b->used;
}

void *
budget_must(struct budget *b, size_t n)
{
	void *p = calloc(1, n > 0 ? n : 1);

	if (p == NULL)
		abort();
	b->used += n;
	return p;
}

void *
budget_alloc(struct budget *b, size_t n)
{
	return has(b, n) ? budget_must(b, n) : NULL;
}

void *
budget_grow(struct budget *b, void *p, size_t old_n, size_t new_n)
{
	if (!has(b, new_n - old_n))
		return NULL;
	p = realloc(p, new_n);
	if (p == NULL)
		abort();
	b->used += new_n - old_n;
	return p;
}

void
budget_free(struct budget *b, void *p, size_t n)
{
	if (p == NULL)
		return;
	free(p);
	b->used -= n;
}
