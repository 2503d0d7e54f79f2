#ifndef VERDICT_VERDICT_H
#define VERDICT_VERDICT_H
#include "report.h"

/*
 * Which artifacts a kind of acquisition must have for its absence to count
 * (required.def: kind, first and last major OS version, artifact).
 */
bool verdict_required(const char *kind, const char *os_version, bool encrypted,
    const char *artifact);

/*
 * Sorts findings, notes and coverage into report order and fills in
 * verdict, summary, verdict_reasons (DESIGN section 3).
 */
void verdict_decide(struct report *r);

/* 2-7 plain next steps for this report, in the order that matters; NULL ends. */
const char *const *verdict_next_steps(const struct report *r);
#endif
