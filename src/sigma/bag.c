#include "bag.h"

#include <string.h>

#define SLOTS_FIRST 16

void
bag_init(struct bag *b, struct budget *budget, const uint64_t key[2])
{
	*b = (struct bag){ .budget = budget, .key = key };
}

struct sip {
	uint64_t v[4];
};

static uint64_t
rotated(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void
sip_round(struct sip *s)
{
	uint64_t *v = s->v;

	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotated(v[1], 13) ^ v[0];
	v[3] = rotated(v[3], 16) ^ v[2];
	v[0] = rotated(v[0], 32) + v[3];
	v[2] += v[1];
	v[3] = rotated(v[3], 21) ^ v[0];
	v[1] = rotated(v[1], 17) ^ v[2];
	v[2] = rotated(v[2], 32);
}

static void
sip_word(struct sip *s, uint64_t w)
{
	s->v[3] ^= w;
	sip_round(s);
	s->v[0] ^= w;
}

/*
 * SipHash-1-3 (Aumasson and Bernstein, 2012) of the owner and the text. Words
 * are taken as the machine has them: the hash never leaves this process.
 */
static uint64_t
hash_of(const struct bag *b, const void *owner, struct str text)
{
	struct sip s = {
		{
		    b->key[0] ^ 0x736f6d6570736575,
		    b->key[1] ^ 0x646f72616e646f6d,
		    b->key[0] ^ 0x6c7967656e657261,
		    b->key[1] ^ 0x7465646279746573,
		 }
	};
	size_t at = 0;
	uint64_t w;

	sip_word(&s, (uintptr_t)owner);
	for (; text.n - at >= sizeof(w); at += sizeof(w)) {
		memcpy(&w, text.p + at, sizeof(w));
		sip_word(&s, w);
	}
	w = (uint64_t)text.n << 56;
	for (unsigned shift = 0; at < text.n; at++, shift += 8)
		w |= (uint64_t)(unsigned char)text.p[at] << shift;
	sip_word(&s, w);
	s.v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(&s);
	return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}

/* Twice the slots; false at the limit. */
static bool
bag_widen(struct bag *b)
{
	size_t nslots = b->nslots > 0 ? 2 * b->nslots : SLOTS_FIRST;
	struct bag_item **slot =
	    budget_alloc(b->budget, nslots * sizeof(struct bag_item *));
	struct bag_item *next;

	if (slot == NULL)
		return false;
	for (size_t k = 0; k < b->nslots; k++)
		for (struct bag_item *i = b->slot[k]; i != NULL; i = next) {
			next = i->next;
			i->next = slot[i->hash & (nslots - 1)];
			slot[i->hash & (nslots - 1)] = i;
		}
	budget_free(b->budget, b->slot, b->nslots * sizeof(struct bag_item *));
	b->slot = slot;
	b->nslots = nslots;
	return true;
}

struct str
bag_text(const struct bag_item *i)
{
	return (struct str){ i->text, i->n };
}

struct bag_item *
bag_add(struct bag *b, const void *owner, struct str text)
{
	uint64_t hash = hash_of(b, owner, text);
	struct bag_item *i = NULL;

	if (b->nslots > 0)
		i = b->slot[hash & (b->nslots - 1)];
	for (; i != NULL; i = i->next)
		if (i->hash == hash && i->owner == owner &&
		    str_eq(bag_text(i), text)) {
			i->count++;
			return i;
		}
	/* Full slots are slow, not wrong: only the first ones must be had. */
	if (b->n >= b->nslots && !bag_widen(b) && b->nslots == 0)
		return NULL;
	if (text.n > UINT32_MAX)
		return NULL;
	i = budget_alloc(b->budget, sizeof(*i) + text.n);
	if (i == NULL)
		return NULL;
	i->owner = owner;
	i->count = 1;
	i->hash = hash;
	i->n = (uint32_t)text.n;
	if (text.n > 0)
		memcpy(i->text, text.p, text.n);
	i->next = b->slot[hash & (b->nslots - 1)];
	b->slot[hash & (b->nslots - 1)] = i;
	b->n++;
	return i;
}

void
bag_take(struct bag *b, struct bag_item *i)
{
	struct bag_item **at = &b->slot[i->hash & (b->nslots - 1)];

	if (--i->count > 0)
		return;
	while (*at != i)
		at = &(*at)->next;
	*at = i->next;
	b->n--;
	budget_free(b->budget, i, sizeof(*i) + i->n);
}

void
bag_done(struct bag *b)
{
	struct bag_item *next;

	for (size_t k = 0; k < b->nslots; k++)
		for (struct bag_item *i = b->slot[k]; i != NULL; i = next) {
			next = i->next;
			budget_free(b->budget, i, sizeof(*i) + i->n);
		}
	budget_free(b->budget, b->slot, b->nslots * sizeof(struct bag_item *));
	b->slot = NULL;
	b->nslots = b->n = 0;
}
