#include "timeline.h"

#include <stdlib.h>
#include <string.h>

#include "artifact.h"
#include "limits.h"

/* One hour around a finding: half before it, half behind it. */
#define HALF_HOUR_NS ((int64_t)1800 * 1000000000)

void
timeline_init(struct timeline *t)
{
	*t = (struct timeline){ 0 };
	arena_init(&t->arena, 4 * LIMIT_TIMELINE_BYTES);
}

void
timeline_done(struct timeline *t)
{
	free(t->windows);
	free(t->events);
	arena_done(&t->arena);
	*t = (struct timeline){ 0 };
}

static int
window_cmp(const void *pa, const void *pb)
{
	const struct msg_window *a = pa, *b = pb;

	if (a->from_ns != b->from_ns)
		return a->from_ns < b->from_ns ? -1 : 1;
	return a->to_ns < b->to_ns ? -1 : a->to_ns > b->to_ns;
}

/* Room for n windows, and none in it. */
static void
make_room(struct timeline *t, size_t n)
{
	free(t->windows);
	t->nwindows = 0;
	t->windows = calloc(n + 1, sizeof(*t->windows));
	if (t->windows == NULL)
		abort();
}

void
timeline_around(struct timeline *t, const struct report *r)
{
	size_t n = 0;

	make_room(t, r->nfindings);
	for (size_t i = 0; i < r->nfindings; i++) {
		int64_t ns = r->findings[i].time_ns;

		if (!tstamp_plausible(ns))
			continue;
		t->windows[t->nwindows++] =
		    (struct msg_window){ ns - HALF_HOUR_NS, ns + HALF_HOUR_NS };
	}
	if (t->nwindows == 0)
		return;
	qsort(t->windows, t->nwindows, sizeof(*t->windows), window_cmp);
	for (size_t i = 1; i < t->nwindows; i++) {
		if (t->windows[i].from_ns > t->windows[n].to_ns)
			t->windows[++n] = t->windows[i];
		else if (t->windows[i].to_ns > t->windows[n].to_ns)
			t->windows[n].to_ns = t->windows[i].to_ns;
	}
	t->nwindows = n + 1;
}

void
timeline_everything(struct timeline *t)
{
	make_room(t, 1);
	t->windows[t->nwindows++] =
	    (struct msg_window){ TSTAMP_NONE + 1, INT64_MAX };
}

bool
timeline_touches(const struct timeline *t, int64_t first_ns, int64_t last_ns)
{
	const struct msg_windows w = { .v = t->windows, .n = t->nwindows };

	return msg_windows_meet(&w, first_ns, last_ns);
}

/* The strings of e into a; paths are shared with the event before it. */
static bool
keep(struct timeline *t, struct arena *a, struct event *e)
{
	if (!str_eq(e->path, t->path) || t->path.p == NULL)
		t->path = arena_str(a, e->path);
	e->path = t->path;
	e->name = arena_str(a, e->name);
	e->text = arena_str(a, e->text);
	e->locator = arena_str(a, e->locator);
	return e->path.p && e->name.p && e->text.p && e->locator.p;
}

static size_t
weight(const struct event *e)
{
	return sizeof(*e) + e->name.n + e->text.n + e->locator.n + e->path.n;
}

/*
 * Sorts and keeps the longest beginning that is within both limits. What is
 * cut can never come back: later events only push further to the end.
 */
static void
prune(struct timeline *t)
{
	struct arena kept;
	size_t n = 0, bytes = 0;

	if (t->n > 1)
		qsort(t->events, t->n, sizeof(*t->events), event_cmp);
	while (n < t->n && n < LIMIT_TIMELINE_EVENTS &&
	       bytes <= LIMIT_TIMELINE_BYTES)
		bytes += weight(&t->events[n++]);
	if (n == t->n)
		return;
	t->cut = true;
	t->n = n;
	arena_init(&kept, 4 * LIMIT_TIMELINE_BYTES);
	t->path = (struct str){ 0 };
	for (size_t i = 0; i < n; i++)
		(void)keep(t, &kept, &t->events[i]);
	arena_done(&t->arena);
	t->arena = kept;
}

void
timeline_add(struct timeline *t, const struct msg_event *m)
{
	struct event e = { .ns = m->ns,
		.schema = &artifacts[m->artifact]->schema,
		.name = m->name,
		.text = m->text,
		.path = m->path,
		.locator = m->locator };

	if (t->n == 2 * LIMIT_TIMELINE_EVENTS ||
	    t->arena.used >= 2 * LIMIT_TIMELINE_BYTES)
		prune(t);
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 1024;
		t->events = realloc(t->events, t->cap * sizeof(*t->events));
		if (t->events == NULL)
			abort();
	}
	if (keep(t, &t->arena, &e))
		t->events[t->n++] = e;
	else
		t->cut = true;
}

void
timeline_report(struct timeline *t, struct report *r)
{
	prune(t);
	r->events = arena_alloc(&r->arena, t->n, sizeof(*r->events));
	if (r->events == NULL)
		return;
	t->path = (struct str){ 0 };
	for (size_t i = 0; i < t->n; i++) {
		struct event e = t->events[i];

		if (keep(t, &r->arena, &e))
			r->events[r->nevents++] = e;
	}
}
