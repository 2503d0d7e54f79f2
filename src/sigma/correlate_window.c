#include "correlate_impl.h"

#include <string.h>

/* The ring with room for one more; its entries keep their numbers. */
static bool
ring_room(struct stream *s)
{
	size_t cap = s->ring_cap > 0 ? 2 * s->ring_cap : 16;
	struct budget *b = &s->c->budget;
	struct entry *ring;

	if (s->next - s->first < s->ring_cap)
		return true;
	ring = budget_alloc(b, cap * sizeof(*ring));
	if (ring == NULL)
		return false;
	for (uint64_t i = s->first; i < s->next; i++)
		ring[i & (cap - 1)] = *entry_at(s, i);
	budget_free(b, s->ring, s->ring_cap * sizeof(*ring));
	s->ring = ring;
	s->ring_cap = cap;
	return true;
}

static size_t
group_size(const struct stream *s)
{
	return sizeof(struct group) + s->plan->measure->size(s->plan);
}

/* The group of one more entry; NULL at the limit. */
static struct group *
group_enter(struct stream *s, struct str key)
{
	struct bag_item *i = bag_add(&s->groups, NULL, key);
	struct group *g;

	if (i == NULL || i->extra != NULL)
		return i != NULL ? i->extra : NULL;
	g = budget_alloc(&s->c->budget, group_size(s));
	if (g == NULL) {
		bag_take(&s->groups, i);
		return NULL;
	}
	i->extra = g;
	g->key = i;
	g->first = g->last = NO_ENTRY;
	g->weak_before_ns = TSTAMP_NONE;
	return g;
}

static void
group_leave(struct stream *s, struct group *g)
{
	struct bag_item *key = g->key;

	if (key->count == 1) {
		run_free(s, g->run);
		s->plan->measure->done(s, g);
		budget_free(&s->c->budget, g, group_size(s));
	}
	bag_take(&s->groups, key);
}

/* What the entry refers to; the group may be gone then. */
static void
entry_done(struct stream *s, struct entry *e)
{
	struct group *g = e->group;

	if (e->flags & ARRIVAL_INNER)
		inner_free(s->c, e->inner);
	if (e->carried != NULL)
		bag_take(&s->carried, e->carried);
	group_leave(s, g);
}

static void
entry_fill(struct entry *e, const struct arrival *a, struct group *g)
{
	*e = (struct entry){
		.ns = a->ns,
		.group = g,
		.next = NO_ENTRY,
		.rule = a->rule,
		.position = (uint16_t)a->position,
		.flags = (uint16_t)a->flags,
	};
	if (a->inner != NULL && !(a->flags & ARRIVAL_WEAK)) {
		e->inner = inner_keep(a->inner);
		e->flags |= ARRIVAL_INNER;
	} else {
		e->ref = a->ref;
	}
	if (a->flags & ARRIVAL_NAME)
		return;
	if (a->number.is_int) {
		e->i = a->number.i;
		e->flags |= ARRIVAL_INT;
	} else {
		e->d = a->number.d;
	}
}

/* The values of the entry; false at the limit, nothing is kept then. */
static bool
entry_values(struct stream *s, struct entry *e, const struct arrival *a)
{
	if (a->flags & ARRIVAL_WEAK)
		return true;
	if (a->carried.n > 0) {
		e->carried = bag_add(&s->carried, e->group, a->carried);
		if (e->carried == NULL)
			return false;
	}
	return s->plan->measure->add(s, e->group, e, a->value);
}

void
window_arrive(struct stream *s, const struct arrival *a)
{
	struct group *g;
	struct entry *e;

	window_expire(s, a->ns, false);
	g = ring_room(s) ? group_enter(s, a->group) : NULL;
	if (g == NULL) {
		s->c->lost++;
		return;
	}
	e = entry_at(s, s->next);
	entry_fill(e, a, g);
	if (!entry_values(s, e, a)) {
		entry_done(s, e);
		s->c->lost++;
		return;
	}
	if (g->last != NO_ENTRY)
		entry_at(s, g->last)->next = s->next;
	else
		g->first = s->next;
	g->last = s->next++;
	if (a->flags & ARRIVAL_WEAK) {
		g->weak++;
		return;
	}
	g->n++;
	g->occurrences += !(a->flags & ARRIVAL_AGAIN);
	g->last_ns = a->ns;
	g->judged = false;
	if (g->run != NULL && g->run->next == NO_ENTRY)
		g->run->next = g->last;
}

/* The oldest entry leaves: the moment to judge what stands with it. */
static void
leave(struct stream *s)
{
	struct entry *e = entry_at(s, s->first);
	struct group *g = e->group;
	const struct measure *m = s->plan->measure;

	g->first = e->next;
	if (g->first == NO_ENTRY)
		g->last = NO_ENTRY;
	if (e->flags & ARRIVAL_WEAK) {
		g->weak--;
		g->weak_before_ns = e->ns;
	} else {
		m->take(s, g, e);
		g->n--;
		g->occurrences -= !(e->flags & ARRIVAL_AGAIN);
		if (g->run != NULL && --g->run->live == 0)
			run_close(s, g);
	}
	entry_done(s, e);
	s->first++;
}

void
window_expire(struct stream *s, int64_t w, bool all)
{
	int64_t span = s->plan->model->timespan_ns;

	while (s->first < s->next) {
		struct entry *e = entry_at(s, s->first);
		struct group *g = e->group;

		if (!all && !beyond(w, e->ns, span))
			break;
		if (!(e->flags & ARRIVAL_WEAK) && !g->judged) {
			g->judged = true;
			if (s->plan->measure->holds(s, g, e->ns))
				run_extend(s, g, e->ns);
		}
		leave(s);
	}
}
