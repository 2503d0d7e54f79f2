#include "ios_ids.h"

#include <stdlib.h>
#include <string.h>

/* Names are hashes already; whoever makes them collide only slows itself. */
enum { PROBES = 1 << 10 };

static size_t
start_of(const struct ios_ids *s, const uint8_t *id)
{
	uint64_t v;

	memcpy(&v, id, sizeof(v));
	return (size_t)v & s->mask;
}

static const uint8_t *
name_of(const struct ios_ids *s, uint32_t slot)
{
	return s->first + (size_t)(slot - 1) * s->stride;
}

/* The slot of id, or the free one where it would stand; NULL: too crowded. */
static uint32_t *
slot_of(const struct ios_ids *s, const uint8_t *id)
{
	size_t at = start_of(s, id);

	for (int i = 0; i < PROBES; i++, at = (at + 1) & s->mask) {
		uint32_t *slot = &s->slots[at];

		if (*slot == 0 || memcmp(name_of(s, *slot), id, SHA1_SIZE) == 0)
			return slot;
	}
	return NULL;
}

void
ios_ids_init(struct ios_ids *s, const void *first, size_t stride, size_t count)
{
	size_t size = 16;

	while (size < 2 * count)
		size *= 2;
	*s = (struct ios_ids){ .first = first, .stride = stride };
	s->mask = size - 1;
	if ((s->slots = calloc(size, sizeof(*s->slots))) == NULL)
		abort();
	for (size_t i = 0; i < count; i++) {
		uint32_t *slot = slot_of(s, s->first + i * stride);

		if (slot != NULL && *slot == 0)
			*slot = (uint32_t)i + 1;
	}
}

void
ios_ids_done(struct ios_ids *s)
{
	free(s->slots);
	*s = (struct ios_ids){ 0 };
}

bool
ios_ids_find(
    const struct ios_ids *s, const uint8_t id[static SHA1_SIZE], size_t *number)
{
	const uint32_t *slot = slot_of(s, id);

	if (slot == NULL || *slot == 0)
		return false;
	*number = *slot - 1;
	return true;
}
