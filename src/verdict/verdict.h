#ifndef VERDICT_VERDICT_H
#define VERDICT_VERDICT_H
#include "report.h"

/*
 * Which artifacts a kind of acquisition must have for its absence to count
 * (required.def: kind, first and last major OS version, artifact). An OS
 * version that is not known counts as each of them.
 */
bool verdict_required(const char *kind, const char *os_version, bool encrypted,
    const char *artifact);

/* The i-th of them (from 0), NULL after the last. */
const char *verdict_required_at(
    size_t i, const char *kind, const char *os_version, bool encrypted);

/*
 * The rules of DESIGN section 3. Sorts and completes the report first: order,
 * ids of notes, `required` of coverage, an entry with status `absent` for each
 * required artifact that has none, r->applicable. Then fills in verdict,
 * summary, verdict_reasons and next. A report whose kind is NULL is
 * `invalid-input`; a summary that stands in it already is kept.
 */
void verdict_decide(struct report *r);

/* 2-7 plain next steps for this report, in the order that matters; NULL ends. */
const char *const *verdict_next_steps(const struct report *r);
#endif
