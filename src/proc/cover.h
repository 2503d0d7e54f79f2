#ifndef PROC_COVER_H
#define PROC_COVER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "limits.h"
#include "messages.h"
#include "report.h"

/*
 * Coverage of one artifact while its files come in, in any order: whatever
 * the order, the outcome is the same.
 */
struct cover_sum {
	uint64_t files;
	uint64_t lost;	  /* of them, nothing could be read */
	unsigned effects; /* 1 << enum note_effect, of all its notes */
	struct msg_counts counts;
	char *reasons[LIMIT_REASONS]; /* the first in byte order, owned */
	size_t nreasons;
	bool more_reasons;
	bool app_present;
};

void cover_init(struct cover_sum *s);
void cover_done(struct cover_sum *s);

/* A note that lowers coverage. */
void cover_reason(struct cover_sum *s, const char *text);

/* A file is through: what was read of it, and the effects of its notes. */
void cover_file(
    struct cover_sum *s, const struct msg_counts *counts, unsigned effects);

/*
 * All artifacts into r->coverage; sums has one for each. kind: IN_* of the
 * acquisition. only: as in plan.h.
 */
void cover_report(const struct cover_sum *sums, unsigned kind,
    const char *const *only, struct report *r);
#endif
