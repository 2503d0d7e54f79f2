#ifndef SINK_MARKS_H
#define SINK_MARKS_H
#include <stddef.h>

#include "report.h"

/*
 * Which findings rest on the record behind an event of the timeline: they
 * share artifact, path and locator.
 */
struct marks {
	const struct finding *
	    *v; /* in that order; gravest first among equals */
	size_t n;
};

void marks_init(struct marks *m, const struct report *r);
void marks_done(struct marks *m);

/* The n findings of e, borrowed; NULL when there is none. */
const struct finding *const *marks_at(
    const struct marks *m, const struct event *e, size_t *n);
#endif
