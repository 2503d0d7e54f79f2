#include <stdlib.h>
#include <string.h>

#include "sigma_impl.h"

/* Field numbers by name: events name their fields, one look-up each. */
struct compiled {
	uint32_t *slots; /* field + 1; 0: empty */
	size_t nslots;	 /* a power of two, at least twice the fields */
};

static uint64_t
name_hash(struct str s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.p[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 32;
}

struct compiled *
compile_rules(struct sigma *s)
{
	struct compiled *c = calloc(1, sizeof(*c));

	if (c == NULL)
		abort();
	for (c->nslots = 16; c->nslots < 2 * s->nfields; c->nslots *= 2)
		;
	c->slots = calloc(c->nslots, sizeof(c->slots[0]));
	if (c->slots == NULL)
		abort();
	for (uint32_t i = 0; i < s->nfields; i++) {
		size_t at = name_hash(s->fields[i]) & (c->nslots - 1);

		while (c->slots[at] != 0)
			at = (at + 1) & (c->nslots - 1);
		c->slots[at] = i + 1;
	}
	return c;
}

void
compiled_free(struct compiled *c)
{
	if (c == NULL)
		return;
	free(c->slots);
	free(c);
}

uint32_t
sigma_field(const struct sigma *s, struct str name)
{
	const struct compiled *c = s->compiled;
	size_t at;

	if (c == NULL)
		return SIGMA_NO_FIELD;
	at = name_hash(name) & (c->nslots - 1);
	for (; c->slots[at] != 0; at = (at + 1) & (c->nslots - 1))
		if (str_eq(s->fields[c->slots[at] - 1], name))
			return c->slots[at] - 1;
	return SIGMA_NO_FIELD;
}
