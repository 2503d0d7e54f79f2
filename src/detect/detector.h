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
};

/* NULL ends; at most 8. */
extern const struct detector *const detectors[];

/* All enabled detectors over one record. */
void detect_record(const struct detect_ctx *ctx, const struct record *r,
    const struct hit_sink *sink);
#endif
