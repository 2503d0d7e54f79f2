#ifndef VERDICT_REPORT_H
#define VERDICT_REPORT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "finding.h"
#include "indicators.h"
#include "notes.h"
#include "record.h"

/*
 * Everything that one check of one acquisition found out: what the sinks
 * print. proc/ fills it, verdict/ decides on it, sink/ only reads it. All
 * strings and arrays live in its arena.
 */
enum verdict {
	VERDICT_NO_KNOWN_TRACE,
	VERDICT_INCONCLUSIVE,
	VERDICT_SUSPICIOUS,
	VERDICT_MATCH,
	VERDICT_INVALID_INPUT,
};
const char *verdict_name(enum verdict v);
int verdict_exit_code(enum verdict v);

enum cover {
	COVER_READ,
	COVER_PARTIAL,
	COVER_ABSENT,
	COVER_FAILED,
	COVER_UNKNOWN_VERSION,
	COVER_NOT_APPLICABLE,
	COVER_NOT_IN_THIS_KIND,
};
const char *cover_name(enum cover c);

struct coverage {
	const char *artifact;
	enum cover status;
	bool required;
	enum role role;
	uint64_t files, records, events;
	int64_t first_ns, last_ns; /* TSTAMP_NONE when undated */
	const char **reasons;	   /* distinct, sorted, NULL ends; or NULL */
	uint32_t obs_mask;	   /* 1 << OBS_x that records really had */
};

struct report_note {
	char id[17];	      /* stable hash; report_sort fills it in */
	const char *name;     /* note_infos[].name */
	const char *text;     /* text and detail; may quote evidence */
	const char *artifact; /* NULL: of the acquisition */
	const char *path;
	uint64_t offset;
	enum note_effect effect;
};

/* Told by the phone or the computer that made the backup; NULL: not known. */
struct device {
	const char *model, *product, *os, *os_version, *build, *name, *serial,
	    *imei, *udid;
	int64_t made_ns; /* when the acquisition was made */
	bool sample;	 /* carries the marker of our own sample phones */
};

struct consent;

struct report {
	struct arena arena;

	const char *path;  /* as given on the command line */
	const char *label; /* --label, or the file name */
	const char *group; /* --group; NULL */
	const char *kind;  /* "ios-backup"; NULL when none was recognised */
	bool encrypted;
	uint64_t files, bytes;
	char sha256[2 * SHA256_SIZE + 1]; /* "" when not computed */
	struct device device;

	/* Filled in by verdict_decide. */
	enum verdict verdict;
	const char *summary;	      /* one plain sentence */
	const char **verdict_reasons; /* why not higher or lower; NULL ends */
	const char **next;	      /* what to do, in this order; NULL ends */

	struct coverage *coverage; /* in order of artifact name */
	size_t ncoverage;
	struct finding *findings; /* in order of finding_cmp */
	size_t nfindings;
	struct report_note *notes; /* artifact, path, offset, name */
	size_t nnotes;
	struct event *events; /* the timeline that was asked for */
	size_t nevents;
	const char **limits; /* of this run, plain sentences; NULL ends */

	const struct indicators *indicators; /* borrowed */
	const size_t *applicable; /* one a set; report_applicable fills it in */
	bool default_indicators;  /* the shipped sets were loaded and used */
	bool selection;		  /* only some artifacts: --artifact */
	const char *timeline;	  /* of events: "findings", "full", "none" */
	bool consent;		  /* a consent record was given and holds */
	const struct consent *consent_record; /* that record, borrowed; NULL */

	/* The run; nothing else in a report depends on clock or machine. */
	int64_t started_ns;
	double seconds;
	unsigned workers;
};

struct report *report_new(void);
void report_free(struct report *r); /* NULL is fine */

/*
 * Brings coverage, findings, notes and events into their order, drops what is
 * there twice, and gives notes their ids. verdict_decide calls it.
 */
void report_sort(struct report *r);

/*
 * Fills in r->applicable: how many indicators of each set could match what
 * was read, by the observables that records had. Needs r->indicators and
 * r->coverage.
 */
void report_applicable(struct report *r);

/* Sums over all sets; 0 without indicators. */
struct report_counts {
	size_t sets, campaigns, loaded, rejected, applicable;
	int64_t newest_ns; /* of the newest set; TSTAMP_NONE: not known */
};
struct report_counts report_counts(const struct report *r);

/*
 * How far back the records of these roles reach (bit 1 << ROLE_x of roles):
 * the earliest plausible time, TSTAMP_NONE when there is none.
 */
int64_t report_reach(const struct report *r, unsigned roles);
#endif
