#ifndef SIGMA_BUDGET_H
#define SIGMA_BUDGET_H
#include <stdbool.h>
#include <stddef.h>

/*
 * Bytes that one correlator may hold. Whoever makes something of a size that
 * events decide takes it here first, and gives it back.
 */
struct budget {
	size_t used, max;
};

/* n zeroed bytes; NULL at the limit. Aborts when the system has no more. */
void *budget_alloc(struct budget *b, size_t n);

/* Small things without which nothing could be given back: never NULL. */
void *budget_must(struct budget *b, size_t n);

/* As budget_alloc for an array that grows; at the limit NULL, and p is untouched. */
void *budget_grow(struct budget *b, void *p, size_t old_n, size_t new_n);

void budget_free(struct budget *b, void *p, size_t n);
#endif
