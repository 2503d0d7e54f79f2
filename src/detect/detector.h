#ifndef DETECT_DETECTOR_H
#define DETECT_DETECTOR_H
#include "arena.h"
#include "finding.h"
#include "record.h"

/*
 * A detector turns records into findings; it never sees bytes. Its tables are
 * made once, before the workers are forked, and are read-only from then on.
 * To add one: a file with a `const struct detector`, a line in list.def.
 */

/* One thing that a detector saw in one record; small, it travels to the parent. */
struct hit {
	uint32_t detector; /* index in detectors[] */
	uint32_t ref;	   /* the detector's own: which indicator, which rule */
	uint32_t field;	   /* of the record's schema */
	uint32_t item;	   /* of a list field, else 0 */
	uint8_t level;	   /* enum level, after all weighing */
	uint8_t role;	   /* enum role, after all weighing */
	uint8_t how;	   /* the detector's own: which variant of a match */
	/*
	 * No finding by itself: the record is kept for the detector's
	 * finish(), which sees all of them together.
	 */
	bool kept;
};

/* A record that was kept, with the hit that asked for it. */
struct kept {
	struct hit hit;
	struct cur record; /* canonical bytes: record_decode */
};

/* What finish() works with; everything is in canonical order of records. */
struct kept_records {
	const struct schema *const *schemas; /* for record_decode */
	const struct kept *v;
	size_t n;
	/* Of the phone, NULL when not known. */
	const char *os_version;
	int64_t made_ns; /* the acquisition; TSTAMP_NONE */
};

struct finding_sink {
	/* Copies nothing: f and all that it points to live in finish()'s a. */
	void (*fn)(void *arg, const struct finding *f);
	void *arg;
};

struct hit_sink {
	void (*fn)(void *arg, const struct hit *h);
	void *arg;
};

/* What detectors may know of the run; state[i] is that of detectors[i]. */
struct detect_ctx {
	void *state[8];
	bool enabled[8];
};

struct detector {
	const char *name;    /* "indicators", for --detector */
	const char *summary; /* one line */
	bool on;	     /* by default */

	/* In a worker, for each record: says what it sees to sink. */
	void (*record)(const void *state, const struct record *r,
	    const struct hit_sink *sink);

	/*
	 * In the parent: the finding of a hit but its id, everything copied
	 * to a. The hit comes from a worker: the title stays NULL when there
	 * is no such indicator or rule.
	 */
	void (*finding)(const void *state, const struct hit *h,
	    const struct record *r, struct arena *a, struct finding *out);

	/*
	 * In the parent, once, when everything is read: findings that rest on
	 * several records, but their ids. NULL: it has none. Records come from
	 * workers: one that does not decode is passed over.
	 */
	void (*finish)(const void *state, const struct kept_records *k,
	    struct arena *a, const struct finding_sink *sink);
};

/* NULL ends; at most 8. */
extern const struct detector *const detectors[];

/* All enabled detectors over one record. */
void detect_record(const struct detect_ctx *ctx, const struct record *r,
    const struct hit_sink *sink);
#endif
