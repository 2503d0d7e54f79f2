#include "ranks.h"

/* Puts k, of that count, right above `below` (NULL: it is the lowest). */
static void
rank_insert(struct ranks *r, struct rank *below, struct rank *k, uint64_t count)
{
	struct rank *next = below != NULL ? below->higher : r->lowest;

	k->count = count;
	k->lower = below;
	k->higher = next;
	if (next != NULL)
		next->lower = k;
	if (below != NULL)
		below->higher = k;
	else
		r->lowest = k;
}

static void
rank_leave(struct ranks *r, struct budget *b, struct rank *k)
{
	if (--k->texts > 0)
		return;
	if (k->lower != NULL)
		k->lower->higher = k->higher;
	else
		r->lowest = k->higher;
	if (k->higher != NULL)
		k->higher->lower = k->lower;
	budget_free(b, k, sizeof(*k));
}

bool
ranks_up(struct ranks *r, struct budget *b, struct bag_item *i)
{
	struct rank *old = i->extra;
	struct rank *k = old != NULL ? old->higher : r->lowest;

	if (k == NULL || k->count != i->count) {
		k = budget_alloc(b, sizeof(*k));
		if (k == NULL)
			return false;
		rank_insert(r, old, k, i->count);
	}
	k->texts++;
	i->extra = k;
	if (old != NULL)
		rank_leave(r, b, old);
	return true;
}

void
ranks_down(struct ranks *r, struct budget *b, struct bag_item *i)
{
	struct rank *old = i->extra, *k = old->lower;

	i->extra = NULL;
	if (i->count > 1) {
		if (k == NULL || k->count != i->count - 1) {
			k = budget_must(b, sizeof(*k));
			rank_insert(r, old->lower, k, i->count - 1);
		}
		k->texts++;
		i->extra = k;
	}
	rank_leave(r, b, old);
}

void
ranks_done(struct ranks *r, struct budget *b)
{
	struct rank *next;

	for (struct rank *k = r->lowest; k != NULL; k = next) {
		next = k->higher;
		budget_free(b, k, sizeof(*k));
	}
	r->lowest = NULL;
}
