#ifndef CLI_SELFTEST_TRIALS_H
#define CLI_SELFTEST_TRIALS_H
#include <stdbool.h>
#include <stddef.h>

#include "report.h"
#include "sample.h"

/*
 * The sample phones that a selftest makes, and what a check of each must say.
 * Values of one trial are all different, so that each finding has one cause.
 */
enum { TRIAL_PLANTS = 96, TRIAL_VALUE = 64 };

struct trial {
	char name[96];
	bool encrypted;
	size_t nplants;
	struct sample_plant plants[TRIAL_PLANTS];
	char values[TRIAL_PLANTS][TRIAL_VALUE];

	/* What the indicators name; of near misses not what is planted. */
	const struct sample_plant *published;
	size_t npublished;
	enum verdict expect;
};

/* Trial number i; false after the last one. */
bool trial_make(size_t i, struct trial *out);
#endif
