#include "literals.h"
#include "literals_impl.h"

/* The search for literals: the innermost loops of all of sigma/. */

/* Places that are looked at before those that may hold something. */
#define BLOCK ((size_t)256)

static void
hit(const struct literals *l, uint32_t i, struct literal_hits *h)
{
	if (h->seen[l->base + i] == h->round)
		return;
	h->seen[l->base + i] = h->round;
	h->list[h->n++] = i;
}

static const struct literal_slot *
find_slot(const struct literal_table *t, uint64_t key)
{
	uint32_t at = key_hash(key) & t->mask;

	while (t->slots[at].n > 0 && t->slots[at].key != key)
		at = (at + 1) & t->mask;
	return &t->slots[at];
}

/* Bytes of l's literal i stand at p, where n bytes are left. */
static bool
stands(const struct literals *l, uint32_t i, const char *p, size_t n)
{
	return l->v[i].n <= n &&
	       memcmp(l->pool + l->v[i].at, p, l->v[i].n) == 0;
}

void
literals_whole(const struct literals *l, struct str s, struct literal_hits *h)
{
	const struct literal_slot *slot;

	if ((l->whole.lengths >> length_class(s.n) & 1) == 0 ||
	    s.n > l->whole.longest)
		return;
	slot = find_slot(&l->whole.table, whole_key(s));
	for (uint32_t k = 0; k < slot->n; k++) {
		uint32_t i = l->order[slot->first + k];

		if (l->v[i].n == s.n && stands(l, i, s.p, s.n))
			hit(l, i, h);
	}
}

void
literals_head(const struct literals *l, struct str s, struct literal_hits *h)
{
	for (size_t n = 1; n <= 8 && n <= s.n; n++) {
		const struct literal_slot *slot;

		if ((l->head.lengths >> n & 1) == 0)
			continue;
		slot = find_slot(&l->head.table, head_key(s, n));
		for (uint32_t k = 0; k < slot->n; k++) {
			uint32_t i = l->order[slot->first + k];

			if (stands(l, i, s.p, s.n))
				hit(l, i, h);
		}
	}
}

void
literals_tail(const struct literals *l, struct str s, struct literal_hits *h)
{
	for (size_t n = 1; n <= 8 && n <= s.n; n++) {
		const struct literal_slot *slot;

		if ((l->tail.lengths >> n & 1) == 0)
			continue;
		slot = find_slot(&l->tail.table, tail_key(s, n));
		for (uint32_t k = 0; k < slot->n; k++) {
			uint32_t i = l->order[slot->first + k];
			size_t len = l->v[i].n;

			if (len <= s.n && stands(l, i, s.p + (s.n - len), len))
				hit(l, i, h);
		}
	}
}

/* The gram of g at byte `at` of s is there: whose is it? */
static void
try_gram(const struct literals *l, const struct grams *g, struct str s,
    size_t at, struct literal_hits *h)
{
	const struct literal_slot *slot =
	    find_slot(&g->table, load_4(s.p + at) & g->take);

	for (uint32_t k = 0; k < slot->n; k++) {
		uint32_t i = l->order[slot->first + k];
		size_t gram = l->v[i].gram;

		if (gram <= at &&
		    stands(l, i, s.p + (at - gram), s.n - (at - gram)))
			hit(l, i, h);
	}
}

static inline uint64_t
has_bit(const struct grams *g, uint32_t gram)
{
	uint32_t at = gram_hash(gram & g->take) >> g->shift;

	return g->bits[at >> 6] >> (at & 63) & 1;
}

/*
 * All places of a block first, without a branch, then the few that may hold
 * something: a mispredicted branch costs as much as ten places.
 */
static void
find_grams(const struct literals *l, const struct grams *g, struct str s,
    struct literal_hits *h)
{
	const struct grams local = *g;
	uint16_t places[BLOCK];

	for (size_t from = 0; from < s.n; from += BLOCK) {
		size_t n = s.n - from < BLOCK ? s.n - from : BLOCK, found = 0;
		const char *p = s.p + from;

		for (size_t i = 0; i < n; i++) {
			places[found] = (uint16_t)i;
			found += has_bit(&local, load_4(p + i));
		}
		for (size_t i = 0; i < found; i++)
			try_gram(l, g, s, from + places[i], h);
	}
}

void
literals_inside(const struct literals *l, struct str s, struct literal_hits *h)
{
	if (l->quads.bits != NULL && s.n >= 4)
		find_grams(l, &l->quads, s, h);
	if (l->pairs.bits != NULL)
		find_grams(l, &l->pairs, s, h);
}
