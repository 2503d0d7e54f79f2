#ifndef DETECT_CHAINS_H
#define DETECT_CHAINS_H
#include <stddef.h>
#include <stdint.h>

/*
 * Numbers under 64-bit hashes, several under one: a small index whose user
 * checks every candidate itself, so that no keys are kept. 0 ends a chain.
 */
struct chains_link {
	uint32_t hash;
	uint32_t value;
	uint32_t next;
};

struct chains {
	uint32_t *head; /* 1 + index of a link */
	size_t mask;
	struct chains_link *v;
	size_t n, cap;
};

void chains_add(struct chains *c, uint64_t hash, uint32_t value);
void chains_done(struct chains *c);

/* How many stand under hash. */
size_t chains_count(const struct chains *c, uint64_t hash);

/*
 * for (uint32_t i = chains_first(c, h); i; i = chains_next(c, h, i))
 *	chains_value(c, i)
 */
uint32_t chains_first(const struct chains *c, uint64_t hash);
uint32_t chains_next(const struct chains *c, uint64_t hash, uint32_t i);
uint32_t chains_value(const struct chains *c, uint32_t i);
#endif
