#ifndef PROC_COLLECT_H
#define PROC_COLLECT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check.h"
#include "cover.h"
#include "kept.h"
#include "messages.h"
#include "report.h"
#include "timeline.h"

/*
 * What the frames of one check amount to: notes, findings, coverage, in the
 * parent. Everything here is independent of the order in which files come in.
 */
struct collect {
	const struct check_options *options;
	struct report *report;
	unsigned kind; /* IN_* of the acquisition; 0: not known yet */
	struct cover_sum *covers; /* one for each of artifacts[] */
	size_t nartifacts;

	struct finding *findings;
	size_t nfindings, findings_cap;
	bool findings_cut;
	struct report_note *notes;
	size_t nnotes, notes_cap;
	bool notes_cut;
	struct timeline timeline;
	struct kept_store kept;
	bool finished; /* collect_finish was called */

	struct buf text;     /* scratch */
	struct arena record; /* scratch: lists of the record decoded last */
	enum err stopped;    /* what on_record returned */
	size_t nlimits;	     /* in report->limits */
};

/* No artifact: the acquisition itself. */
#define COLLECT_ACQUISITION UINT32_MAX

void collect_init(
    struct collect *c, const struct check_options *o, struct report *r);
void collect_done(struct collect *c);

void collect_facts(struct collect *c, const struct msg_facts *m);

/* path NULL: none. Returns the note's effect as a bit for cover_file. */
unsigned collect_note(struct collect *c, uint32_t artifact, const char *path,
    const struct msg_note *m);

/* False when it is not a record of that artifact with hits that fit it. */
bool collect_record(
    struct collect *c, uint32_t artifact, const struct msg_record *m);

/*
 * Once everything is read: what the detectors say of the records that they
 * kept. Done once; later calls do nothing.
 */
void collect_finish(struct collect *c);

/* After the first pass, and again after the second: everything in order. */
void collect_findings(struct collect *c);

/* Puts everything into the report. */
void collect_report(struct collect *c);

/* Adds a sentence to report->limits; behind collect_report. */
void collect_limit(struct collect *c, const char *text);
#endif
