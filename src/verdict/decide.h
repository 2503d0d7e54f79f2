#ifndef VERDICT_DECIDE_H
#define VERDICT_DECIDE_H
#include <stddef.h>

#include "verdict.h"

/*
 * The inside of verdict_decide: what the findings weigh, what lowers "no known
 * trace", and the sentences made of both. Nobody but verdict/ needs it.
 */

/* Findings at level medium or above, by what they are evidence of. */
struct tally {
	size_t execution, contact, delivery; /* indicators, by role */
	size_t browsing; /* indicators: visits, mentions of addresses */
	size_t file;	 /* indicators: mentions of paths, names, hashes */
	size_t visits;	 /* those of browsing that are visits */
	size_t rule, anomaly, note;
	size_t weak; /* low and info: they move nothing */
	size_t bars; /* of any level: they bar "no known trace" */
};
struct tally tally_of(const struct report *r);

/* True for a finding that shows that something ran, or talked. */
bool tally_is_match(const struct finding *f);

/* Which of tally's counts two weaker traces of different kinds may come from. */
unsigned tally_classes(const struct tally *t);

/* Why "no known trace" cannot be said. */
enum lowering_what {
	LOW_TRACE,	 /* a visit or a mention */
	LOW_BARS,	 /* a finding that bars it, whatever its level */
	LOW_NOTE,	 /* a finding of kind note */
	LOW_NOTHING,	 /* nothing was read at all, or next to nothing */
	LOW_UNENCRYPTED, /* an unencrypted backup */
	LOW_ARTIFACT,	 /* a required one, or any that is damaged */
	LOW_ACQUISITION, /* notes on the acquisition itself */
	LOW_INDICATORS,	 /* none, not the default ones, or none that applies */
	LOW_SELECTION,	 /* --artifact */
};

struct lowering {
	enum lowering_what what;
	const char *clause;   /* for the summary */
	const char *sentence; /* for verdict_reasons */
};

/* In the order in which a person wants to know them; lives in r's arena. */
struct lowerings {
	struct lowering *v;
	size_t n, cap;
};
void lowerings_find(
    struct report *r, const struct tally *t, struct lowerings *out);
bool lowerings_have(const struct lowerings *l, enum lowering_what what);

/* r->verdict is set; these fill in the rest. */
void summary_write(
    struct report *r, const struct tally *t, const struct lowerings *l);
void reasons_write(
    struct report *r, const struct tally *t, const struct lowerings *l);
void next_write(
    struct report *r, const struct tally *t, const struct lowerings *l);

/* "values published for A, B and 2 more": campaigns of findings that fit. */
void summary_campaigns(
    struct report *r, struct buf *b, bool (*fits)(const struct finding *f));
#endif
