#ifndef PROC_TIMELINE_H
#define PROC_TIMELINE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "messages.h"
#include "report.h"

/*
 * The timeline: which stretches of time are asked for, and the events in
 * them. Of too many the earliest are kept, whatever order they come in.
 */
struct timeline {
	struct msg_window *windows; /* sorted, apart from each other; owned */
	size_t nwindows;

	struct event *events;
	size_t n, cap;
	struct arena arena; /* their strings */
	struct str path;    /* of the last one: the next often has the same */
	bool cut;	    /* there were more */
};

void timeline_init(struct timeline *t);
void timeline_done(struct timeline *t);

/* One hour around each finding of r that has a time. */
void timeline_around(struct timeline *t, const struct report *r);
void timeline_everything(struct timeline *t);

/* True when [first, last] meets a window. */
bool timeline_touches(
    const struct timeline *t, int64_t first_ns, int64_t last_ns);

void timeline_add(struct timeline *t, const struct msg_event *m);

/* Hands the events to r, sorted. */
void timeline_report(struct timeline *t, struct report *r);
#endif
