#include "correlate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "correlate_impl.h"

/* Which streams each rule goes to: two passes, the first one counts. */
static void
routes_make(struct correlator *c)
{
	const struct plans *p = &c->plans;
	size_t nrules = c->sigma->nrules;
	size_t *at = calloc(nrules + 2, sizeof(*at)), n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->v[i].ninputs;
	c->routes = calloc(n + 1, sizeof(*c->routes));
	if (at == NULL || c->routes == NULL)
		abort();
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->v[i].ninputs; k++)
			at[p->v[i].inputs[k].rule + 2]++;
	for (size_t r = 2; r < nrules + 2; r++)
		at[r] += at[r - 1];
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->v[i].ninputs; k++)
			c->routes[at[p->v[i].inputs[k].rule + 1]++] =
			    (struct route){ (uint32_t)i, (uint32_t)k };
	c->route_at = at;
}

static void
stream_init(struct correlator *c, struct stream *s, const struct plan *p)
{
	*s = (struct stream){ .c = c, .plan = p };
	bag_init(&s->groups, &c->budget, c->hash_key);
	bag_init(&s->names, &c->budget, c->hash_key);
	bag_init(&s->carried, &c->budget, c->hash_key);
}

struct correlator *
correlator_new(const struct sigma *s,
    void (*on_match)(void *arg, const struct correlator_match *m), void *arg)
{
	struct correlator *c = calloc(1, sizeof(*c));
	size_t positions = 1;

	if (c == NULL || getrandom(c->hash_key, sizeof(c->hash_key), 0) !=
			     sizeof(c->hash_key))
		abort();
	c->sigma = s;
	c->on_match = on_match;
	c->arg = arg;
	c->budget.max = LIMIT_CORRELATION_MEMORY;
	buf_init(&c->group, LIMIT_FRAME);
	buf_init(&c->name, LIMIT_FRAME);
	buf_init(&c->carried, LIMIT_FRAME);
	buf_init(&c->value, LIMIT_ARENA);
	plans_init(&c->plans, s);
	routes_make(c);
	c->streams = calloc(c->plans.n + 1, sizeof(*c->streams));
	c->due = calloc(c->plans.n + 1, sizeof(*c->due));
	if (c->streams == NULL || c->due == NULL)
		abort();
	for (size_t i = 0; i < c->plans.n; i++) {
		stream_init(c, &c->streams[i], &c->plans.v[i]);
		c->due[i] = INT64_MAX;
		if (c->plans.v[i].npositions > positions)
			positions = c->plans.v[i].npositions;
	}
	c->present = calloc(positions, 1);
	if (c->present == NULL)
		abort();
	return c;
}

static void
stream_done(struct stream *s)
{
	struct waiting *w;

	window_expire(s, 0, true);
	while ((w = wait_take(s, 0, true)) != NULL)
		wait_free(s, w);
	for (size_t i = 0; i < s->nclosed; i++)
		inner_free(s->c, s->closed[i]);
	free(s->closed);
	free(s->heap);
	free(s->ring);
	bag_done(&s->groups);
	bag_done(&s->names);
	bag_done(&s->carried);
}

void
correlator_free(struct correlator *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->plans.n; i++)
		stream_done(&c->streams[i]);
	plans_done(&c->plans);
	buf_done(&c->group);
	buf_done(&c->name);
	buf_done(&c->carried);
	buf_done(&c->value);
	free(c->streams);
	free(c->due);
	free(c->route_at);
	free(c->routes);
	free(c->parts);
	free(c->present);
	free(c);
}

static int64_t
sum_capped(int64_t t, int64_t span)
{
	return t > INT64_MAX - span ? INT64_MAX : t + span;
}

/* There is nothing to do for s until the time is beyond that. */
static void
set_due(struct correlator *c, size_t i)
{
	const struct stream *s = &c->streams[i];
	int64_t due = INT64_MAX, t;

	if (s->first < s->next) {
		due = sum_capped(
		    entry_at(s, s->first)->ns, s->plan->model->timespan_ns);
		due = sum_capped(due, s->plan->delay);
	}
	if (s->nheap > 0) {
		t = sum_capped(wait_first_ns(s), s->plan->delay);
		if (t < due)
			due = t;
	}
	c->due[i] = due;
}

static void
tell(const struct stream *s, const struct inner *m)
{
	struct correlator *c = s->c;
	const struct plan *p = s->plan;
	struct str *values = calloc(p->ngroup + 1, sizeof(*values));
	struct str packed = m->group;

	if (values == NULL)
		abort();
	for (size_t i = 0; i < p->ngroup; i++)
		unpack(&packed, &values[i]);
	c->on_match(c->arg, &(struct correlator_match){
				.rule = m->rule,
				.first_ns = m->first_ns,
				.last_ns = m->ns,
				.parts = m->parts,
				.nparts = m->nparts,
				.total = m->total,
				.group_names = p->group_names,
				.group_values = values,
				.ngroup = p->ngroup,
				.weaker = m->weak,
				.weaker_level = p->model->weaker_level,
			    });
	free(values);
}

/* Tells the matches of s, and hands them to the correlations above it. */
static void
hand_on(struct stream *s)
{
	struct correlator *c = s->c;
	uint32_t rule = s->plan->rule;
	bool speaks = c->sigma->rules[rule].info.speaks;
	size_t n = s->nclosed;

	s->nclosed = 0;
	if (n > 1)
		qsort(s->closed, n, sizeof(struct inner *), inner_cmp);
	for (size_t i = 0; i < n; i++) {
		if (speaks)
			tell(s, s->closed[i]);
		for (size_t k = c->route_at[rule]; k < c->route_at[rule + 1];
		     k++) {
			const struct route *r = &c->routes[k];
			struct stream *to = &c->streams[r->stream];
			const struct input *in = &to->plan->inputs[r->input];

			if (in->inner == NULL)
				continue;
			arrive_match(to, in, s->closed[i], wait_put);
			set_due(c, r->stream);
		}
		inner_free(c, s->closed[i]);
	}
}

/* All that is known to be over before w: joins, is judged, is told. */
static void
stream_advance(struct stream *s, int64_t w, bool all)
{
	struct waiting *next;

	while ((next = wait_take(s, w, all)) != NULL) {
		window_arrive(s, wait_arrival(next));
		wait_free(s, next);
	}
	window_expire(s, w, all);
	hand_on(s);
}

static void
advance(struct correlator *c)
{
	for (size_t i = 0; i < c->plans.n; i++) {
		struct stream *s = &c->streams[i];
		int64_t delay = s->plan->delay, w;

		if (c->now_ns <= c->due[i])
			continue;
		w = c->now_ns < INT64_MIN + delay ? INT64_MIN
						  : c->now_ns - delay;
		stream_advance(s, w, false);
		set_due(c, i);
	}
}

void
correlator_feed(struct correlator *c, int64_t ns, uint32_t rule,
    const struct sigma_event *e, uint64_t ref)
{
	if (ns == TSTAMP_NONE || (c->begun && ns < c->now_ns)) {
		c->lost++;
		return;
	}
	if (!c->begun || ns > c->now_ns) {
		c->now_ns = ns;
		c->begun = true;
		advance(c);
	}
	for (size_t k = c->route_at[rule]; k < c->route_at[rule + 1]; k++) {
		const struct route *r = &c->routes[k];
		struct stream *s = &c->streams[r->stream];
		const struct input *in = &s->plan->inputs[r->input];
		bool weak = in->position == s->plan->npositions;
		struct arrival a = {
			.ns = ns,
			.ref = ref,
			.rule = rule,
			.position = in->position,
			.flags = weak ? ARRIVAL_WEAK : 0,
		};

		arrive_event(
		    s, in, e, &a, s->plan->waits ? wait_put : window_arrive);
		set_due(c, r->stream);
	}
}

void
correlator_end(struct correlator *c)
{
	for (size_t i = 0; i < c->plans.n; i++)
		stream_advance(&c->streams[i], 0, true);
}

uint64_t
correlator_lost(const struct correlator *c)
{
	return c->lost;
}
