#include "correlate_impl.h"

#include <math.h>

/* event_count, value_count, temporal: what is judged is a number of things. */

bool
bounds_given(const struct bounds *b)
{
	return b->has_eq || b->has_neq || b->has_lt || b->has_lte ||
	       b->has_gt || b->has_gte;
}

/* Whether the order that cmp says fits; nothing fits a bound that is NaN. */
static bool
fits(int (*cmp)(const void *arg, double x), const void *arg, double x,
    bool less, bool equal, bool more)
{
	int c;

	if (isnan(x))
		return false;
	c = cmp(arg, x);
	return c < 0 ? less : c > 0 ? more : equal;
}

bool
bounds_hold(const struct bounds *b, int (*cmp)(const void *arg, double x),
    const void *arg)
{
	return (!b->has_eq || fits(cmp, arg, b->eq, false, true, false)) &&
	       (!b->has_neq || fits(cmp, arg, b->neq, true, false, true)) &&
	       (!b->has_lt || fits(cmp, arg, b->lt, true, false, false)) &&
	       (!b->has_lte || fits(cmp, arg, b->lte, true, true, false)) &&
	       (!b->has_gt || fits(cmp, arg, b->gt, false, false, true)) &&
	       (!b->has_gte || fits(cmp, arg, b->gte, false, true, true));
}

static int
cmp_number(const void *arg, double x)
{
	const struct number *n = arg;

	return number_cmp(*n, (struct number){ .d = x });
}

bool
bounds_hold_number(const struct bounds *b, struct number v)
{
	return bounds_hold(b, cmp_number, &v);
}

bool
bounds_hold_count(const struct bounds *b, uint64_t n)
{
	return bounds_hold_number(
	    b, (struct number){ .is_int = true, .i = (int64_t)n });
}

static size_t
no_state(const struct plan *p)
{
	(void)p;
	return 0;
}

static void
no_done(struct stream *s, struct group *g)
{
	(void)s;
	(void)g;
}

/* --- event_count --- */

static bool
event_add(struct stream *s, struct group *g, struct entry *e, struct str name)
{
	(void)s;
	(void)g;
	(void)e;
	(void)name;
	return true;
}

static void
event_take(struct stream *s, struct group *g, const struct entry *e)
{
	(void)s;
	(void)g;
	(void)e;
}

static bool
event_holds(struct stream *s, struct group *g, int64_t first_ns)
{
	(void)first_ns;
	return bounds_hold_count(&s->plan->model->bounds, g->occurrences);
}

const struct measure measure_event_count = {
	.wants = WANTS_NOTHING,
	.size = no_state,
	.add = event_add,
	.take = event_take,
	.holds = event_holds,
	.done = no_done,
};

/* --- value_count: distinct names --- */

static bool
name_add(struct stream *s, struct group *g, struct entry *e, struct str name)
{
	e->name = bag_add(&s->names, g, name);
	if (e->name == NULL)
		return false;
	g->values += e->name->count == 1;
	return true;
}

static void
name_take(struct stream *s, struct group *g, const struct entry *e)
{
	g->values -= e->name->count == 1;
	bag_take(&s->names, e->name);
}

static bool
name_holds(struct stream *s, struct group *g, int64_t first_ns)
{
	(void)first_ns;
	return bounds_hold_count(&s->plan->model->bounds, g->values);
}

const struct measure measure_value_count = {
	.wants = WANTS_NAME,
	.size = no_state,
	.add = name_add,
	.take = name_take,
	.holds = name_holds,
	.done = no_done,
};

/* --- temporal: distinct rules --- */

static uint64_t *
rule_counts(struct group *g)
{
	return (uint64_t *)(void *)g->state;
}

static size_t
rule_size(const struct plan *p)
{
	return p->npositions * sizeof(uint64_t);
}

static bool
rule_add(struct stream *s, struct group *g, struct entry *e, struct str name)
{
	(void)s;
	(void)name;
	g->values += rule_counts(g)[e->position]++ == 0;
	return true;
}

static void
rule_take(struct stream *s, struct group *g, const struct entry *e)
{
	(void)s;
	g->values -= --rule_counts(g)[e->position] == 0;
}

static bool
rule_holds(struct stream *s, struct group *g, int64_t first_ns)
{
	const struct bounds *b = &s->plan->model->bounds;

	(void)first_ns;
	if (!bounds_given(b))
		return g->values == s->plan->npositions;
	return bounds_hold_count(b, g->values);
}

const struct measure measure_temporal = {
	.wants = WANTS_NOTHING,
	.size = rule_size,
	.add = rule_add,
	.take = rule_take,
	.holds = rule_holds,
	.done = no_done,
};
