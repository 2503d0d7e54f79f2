#include "chains.h"

#include <stdlib.h>

static uint32_t
short_hash(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

static void
grow(struct chains *c)
{
	size_t heads = c->head ? 2 * (c->mask + 1) : 64;

	free(c->head);
	c->head = calloc(heads, sizeof(*c->head));
	c->v = realloc(c->v, heads * sizeof(*c->v));
	if (c->head == NULL || c->v == NULL)
		abort();
	c->mask = heads - 1;
	c->cap = heads;
	/* From the last to the first, so that chains keep their order. */
	for (size_t i = c->n; i > 0; i--) {
		uint32_t *head = &c->head[c->v[i - 1].hash & c->mask];

		c->v[i - 1].next = *head;
		*head = (uint32_t)i;
	}
}

void
chains_add(struct chains *c, uint64_t hash, uint32_t value)
{
	uint32_t *head;

	if (c->n == c->cap)
		grow(c);
	head = &c->head[short_hash(hash) & c->mask];
	c->v[c->n++] = (struct chains_link){
		.hash = short_hash(hash),
		.value = value,
		.next = *head,
	};
	*head = (uint32_t)c->n;
}

void
chains_done(struct chains *c)
{
	free(c->head);
	free(c->v);
	*c = (struct chains){ 0 };
}

static uint32_t
same(const struct chains *c, uint64_t hash, uint32_t i)
{
	while (i != 0 && c->v[i - 1].hash != short_hash(hash))
		i = c->v[i - 1].next;
	return i;
}

uint32_t
chains_first(const struct chains *c, uint64_t hash)
{
	if (c->n == 0)
		return 0;
	return same(c, hash, c->head[short_hash(hash) & c->mask]);
}

uint32_t
chains_next(const struct chains *c, uint64_t hash, uint32_t i)
{
	return same(c, hash, c->v[i - 1].next);
}

uint32_t
chains_value(const struct chains *c, uint32_t i)
{
	return c->v[i - 1].value;
}

size_t
chains_count(const struct chains *c, uint64_t hash)
{
	size_t n = 0;

	for (uint32_t i = chains_first(c, hash); i != 0;
	     i = chains_next(c, hash, i))
		n++;
	return n;
}
