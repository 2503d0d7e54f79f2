#include "correlate_impl.h"

#include <stdlib.h>
#include <string.h>

/*
 * temporal_ordered: a chain is occurrences whose rules stand in the order
 * listed, none earlier than the one before it; in one moment any order will
 * do. `latest[m][p]` is the latest beginning of a chain of m + 1 of them that
 * ends with rule p: it only grows, so that leaving the ring changes nothing,
 * and a window has the chain when that is not before the window's first.
 * Without bounds the chain must have all rules, and only m == p is of use:
 * one row, which an occurrence changes in one place.
 */
struct order {
	int64_t moment_ns; /* of what is pending */
	uint64_t pending;  /* first entry that is not in `latest` */
	bool begun;
	int64_t latest[]; /* TSTAMP_NONE: no such chain yet */
};

static struct order *
order_of(struct group *g)
{
	return (struct order *)(void *)g->state;
}

static size_t
order_cells(const struct plan *p)
{
	return bounds_given(&p->model->bounds) ? p->npositions * p->npositions
					       : p->npositions;
}

static size_t
order_size(const struct plan *p)
{
	return sizeof(struct order) + order_cells(p) * sizeof(int64_t);
}

/* An occurrence of rule p now; those before p in this moment went before. */
static void
step(const struct plan *plan, struct order *o, size_t p)
{
	size_t n = plan->npositions;

	if (!bounds_given(&plan->model->bounds)) {
		o->latest[p] = p == 0 ? o->moment_ns : o->latest[p - 1];
		return;
	}
	o->latest[p] = o->moment_ns;
	for (size_t m = 1; m <= p; m++) {
		int64_t *best = &o->latest[m * n + p];

		for (size_t q = m - 1; q < p; q++)
			if (o->latest[(m - 1) * n + q] > *best)
				*best = o->latest[(m - 1) * n + q];
	}
}

/* What is pending, in the order of the rules. */
static void
apply(struct stream *s, struct group *g)
{
	struct order *o = order_of(g);
	uint8_t *present = s->c->present;
	size_t n = s->plan->npositions;
	const struct entry *e;

	if (o->pending == NO_ENTRY)
		return;
	e = entry_at(s, o->pending);
	if (e->next == NO_ENTRY) {
		step(s->plan, o, e->position);
		o->pending = NO_ENTRY;
		return;
	}
	memset(present, 0, n);
	for (uint64_t i = o->pending; i != NO_ENTRY; i = e->next) {
		e = entry_at(s, i);
		if (!(e->flags & ARRIVAL_WEAK))
			present[e->position] = 1;
	}
	for (size_t p = 0; p < n; p++)
		if (present[p])
			step(s->plan, o, p);
	o->pending = NO_ENTRY;
}

static bool
order_add(struct stream *s, struct group *g, struct entry *e, struct str name)
{
	struct order *o = order_of(g);

	(void)name;
	if (!o->begun) {
		o->begun = true;
		for (size_t i = 0; i < order_cells(s->plan); i++)
			o->latest[i] = TSTAMP_NONE;
		o->pending = NO_ENTRY;
	}
	if (o->pending != NO_ENTRY && e->ns != o->moment_ns)
		apply(s, g);
	if (o->pending == NO_ENTRY)
		o->pending = s->next;
	o->moment_ns = e->ns;
	return true;
}

static void
order_take(struct stream *s, struct group *g, const struct entry *e)
{
	(void)s;
	(void)g;
	(void)e;
}

/* The longest chain that begins in the window. */
static uint64_t
longest(const struct plan *p, const struct order *o, int64_t first_ns)
{
	size_t n = p->npositions;

	for (size_t m = n; m > 0; m--)
		for (size_t q = m - 1; q < n; q++)
			if (o->latest[(m - 1) * n + q] >= first_ns)
				return m;
	return 0;
}

static bool
order_holds(struct stream *s, struct group *g, int64_t first_ns)
{
	const struct plan *p = s->plan;
	const struct order *o = order_of(g);

	apply(s, g);
	if (!bounds_given(&p->model->bounds))
		return o->latest[p->npositions - 1] >= first_ns;
	return bounds_hold_count(&p->model->bounds, longest(p, o, first_ns));
}

static void
order_done(struct stream *s, struct group *g)
{
	(void)s;
	(void)g;
}

const struct measure measure_ordered = {
	.wants = WANTS_NOTHING,
	.size = order_size,
	.add = order_add,
	.take = order_take,
	.holds = order_holds,
	.done = order_done,
};
