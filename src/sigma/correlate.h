#ifndef SIGMA_CORRELATE_H
#define SIGMA_CORRELATE_H
#include "sigma.h"

/*
 * Correlation rules over a stream of matches in order of time. Windows slide:
 * one is a set of occurrences whose first and last lie no more than `timespan`
 * apart (exactly timespan is inside), and only maximal ones count, those that
 * no earlier or later occurrence could join; so an upper bound ("lt 3") is
 * judged on what really stood together. Windows that hold and overlap are one
 * match. Memory is bounded by what lies in the windows at hand.
 */
struct correlator;

/* One occurrence of a rule in a correlation's match. */
struct correlator_part {
	uint64_t ref; /* as it was fed */
	uint32_t rule;
	int64_t ns;
};

struct correlator_match {
	uint32_t rule; /* the correlation */
	int64_t first_ns, last_ns;
	/* Occurrences of plain rules at its bottom, by time; a ref may repeat. */
	const struct correlator_part *parts;
	size_t nparts;
	uint64_t total; /* of them; more than nparts when some were left out */
	/* group-by: names and values, as texts. */
	const struct str *group_names, *group_values;
	size_t ngroup;
	/*
	 * An occurrence of a rule in `telassay: weaker: rules`, of the same
	 * group, lies in a window of it: no earlier than the window's first
	 * and no more than the timespan after that.
	 */
	bool weaker;
	enum sigma_level weaker_level; /* what its level then is at most */
};

/*
 * Matches of rules that speak (sigma_rule.speaks) only, each when it is known
 * that nothing can join it any more; all of it is borrowed until return.
 */
struct correlator *correlator_new(const struct sigma *s,
    void (*on_match)(void *arg, const struct correlator_match *m), void *arg);
void correlator_free(struct correlator *c);

/* True when some correlation, or its `weaker`, refers to that rule. */
bool correlator_wants(const struct sigma *s, uint32_t rule);

/*
 * The fields of an event that correlations over that rule look at (group-by,
 * condition.field, through aliases): what a stored occurrence must keep. At
 * most max of them, ascending; returns how many there are.
 */
size_t correlator_fields(
    const struct sigma *s, uint32_t rule, uint32_t *fields, size_t max);

/*
 * One occurrence; ns must be a time, not less than that of the call before:
 * one that is not so is left out and counted as lost. Copies what it needs of
 * e. A group-by or condition field that e does not have keeps the occurrence
 * out of that correlation. Pseudo-fields: rule.id, rule.name, rule.title,
 * rule.class. Occurrences of one moment may come in any order.
 */
void correlator_feed(struct correlator *c, int64_t ns, uint32_t rule,
    const struct sigma_event *e, uint64_t ref);

/* The end of the stream: windows still open are judged. */
void correlator_end(struct correlator *c);

/* Occurrences left out because a built-in limit was reached; 0 normally. */
uint64_t correlator_lost(const struct correlator *c);
#endif
