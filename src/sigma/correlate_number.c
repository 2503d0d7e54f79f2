#include "correlate_impl.h"

#include <math.h>

#include "ranks.h"
#include "sorted.h"

/* value_sum, value_avg, value_percentile. */

static struct number
number_of(const struct entry *e)
{
	if (e->flags & ARRIVAL_INT)
		return (struct number){ .is_int = true, .i = e->i };
	return (struct number){ .d = e->d };
}

/* --- sum and average, both without rounding --- */

static struct exact_sum *
sum_of(struct group *g)
{
	return (struct exact_sum *)(void *)g->state;
}

static size_t
sum_size(const struct plan *p)
{
	(void)p;
	return sizeof(struct exact_sum);
}

static bool
sum_add(struct stream *s, struct group *g, struct entry *e, struct str name)
{
	(void)s;
	(void)name;
	if (!(e->flags & ARRIVAL_MUTE)) {
		exact_add(sum_of(g), number_of(e));
		g->values++;
	}
	return true;
}

static void
sum_take(struct stream *s, struct group *g, const struct entry *e)
{
	(void)s;
	if (!(e->flags & ARRIVAL_MUTE)) {
		exact_take(sum_of(g), number_of(e));
		g->values--;
	}
}

static void
sum_done(struct stream *s, struct group *g)
{
	(void)s;
	(void)g;
}

struct share {
	const struct exact_sum *sum;
	uint64_t n;
};

static int
cmp_share(const void *arg, double x)
{
	const struct share *v = arg;

	return exact_cmp(v->sum, x, v->n);
}

static bool
sum_holds(struct stream *s, struct group *g, int64_t first_ns)
{
	struct share v = { sum_of(g), 1 };

	(void)first_ns;
	return bounds_hold(&s->plan->model->bounds, cmp_share, &v);
}

static bool
avg_holds(struct stream *s, struct group *g, int64_t first_ns)
{
	struct share v = { sum_of(g), g->values };

	(void)first_ns;
	return bounds_hold(&s->plan->model->bounds, cmp_share, &v);
}

const struct measure measure_sum = {
	.wants = WANTS_NUMBER,
	.size = sum_size,
	.add = sum_add,
	.take = sum_take,
	.holds = sum_holds,
	.done = sum_done,
};

const struct measure measure_avg = {
	.wants = WANTS_NUMBER,
	.size = sum_size,
	.add = sum_add,
	.take = sum_take,
	.holds = avg_holds,
	.done = sum_done,
};

/*
 * --- percentile ---
 *
 * Of n numbers in order, the one of rank ceil(percentile * n / 100), at least
 * the first: always one that occurred. Names have no order: for them, and
 * only where the rule asks for no percentile, the bounds are on the share, in
 * percent, that one of them has of all names of the window.
 */
struct spread {
	struct sorted numbers;
	struct ranks ranks;
	uint64_t names;
};

static struct spread *
spread_of(struct group *g)
{
	return (struct spread *)(void *)g->state;
}

static size_t
spread_size(const struct plan *p)
{
	(void)p;
	return sizeof(struct spread);
}

static bool
spread_add(struct stream *s, struct group *g, struct entry *e, struct str name)
{
	struct spread *v = spread_of(g);
	struct budget *b = &s->c->budget;

	if (e->flags & ARRIVAL_MUTE)
		return true;
	if (!(e->flags & ARRIVAL_NAME))
		return sorted_add(&v->numbers, b, number_of(e));
	e->name = bag_add(&s->names, g, name);
	if (e->name == NULL)
		return false;
	if (!ranks_up(&v->ranks, b, e->name)) {
		bag_take(&s->names, e->name);
		return false;
	}
	v->names++;
	return true;
}

static void
spread_take(struct stream *s, struct group *g, const struct entry *e)
{
	struct spread *v = spread_of(g);
	struct budget *b = &s->c->budget;

	if (e->flags & ARRIVAL_MUTE)
		return;
	if (!(e->flags & ARRIVAL_NAME)) {
		sorted_take(&v->numbers, b, number_of(e));
		return;
	}
	ranks_down(&v->ranks, b, e->name);
	bag_take(&s->names, e->name);
	v->names--;
}

static size_t
rank_of(double percentile, size_t n)
{
	double rank = ceil(percentile * (double)n / 100);

	if (!(rank >= 1))
		return 1;
	return rank >= (double)n ? n : (size_t)rank;
}

static bool
spread_holds(struct stream *s, struct group *g, int64_t first_ns)
{
	const struct correlation *m = s->plan->model;
	const struct spread *v = spread_of(g);
	size_t n = v->numbers.total;

	(void)first_ns;
	if (n > 0 && bounds_hold_number(&m->bounds,
			 sorted_at(&v->numbers, rank_of(m->percentile, n) - 1)))
		return true;
	for (const struct rank *k = v->ranks.lowest; k != NULL; k = k->higher) {
		double percent = 100 * (double)k->count / (double)v->names;

		if (bounds_hold_number(
			&m->bounds, (struct number){ .d = percent }))
			return true;
	}
	return false;
}

static void
spread_done(struct stream *s, struct group *g)
{
	sorted_done(&spread_of(g)->numbers, &s->c->budget);
	ranks_done(&spread_of(g)->ranks, &s->c->budget);
}

const struct measure measure_percentile = {
	.wants = WANTS_EITHER,
	.size = spread_size,
	.add = spread_add,
	.take = spread_take,
	.holds = spread_holds,
	.done = spread_done,
};
