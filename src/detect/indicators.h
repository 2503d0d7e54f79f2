#ifndef DETECT_INDICATORS_H
#define DETECT_INDICATORS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "err.h"
#include "finding.h"
#include "hash.h"

/*
 * Published observables of campaigns, loaded from any number of files (STIX
 * 2.1 today), in tables whose look-up does not grow with their number. State
 * of the "indicators" detector; read-only once sealed, shared by fork.
 */
struct indicators;

struct indicators *indicators_new(void);
void indicators_free(struct indicators *x);

/*
 * Adds one file, or all *.json, *.stix, *.stix2 below a folder (sorted; others
 * are named in skipped). What cannot be used is counted and named, see
 * indicators_rejected. Errors only for what cannot be read or is no bundle:
 * why says which file, where in it, and what to do.
 */
enum err indicators_load(
    struct indicators *x, const char *path, bool shipped, struct why *why);

/* The shipped sets: found beside the program, installed or not. */
enum err indicators_load_shipped(struct indicators *x, struct why *why);

/* After the last load: builds the tables. No load may follow. */
void indicators_seal(struct indicators *x);

/* For reports and `list indicators`. Borrowed, in order of loading. */
struct indicator_set {
	const char *name; /* of the campaign or the file */
	const char *file; /* base name */
	char sha256[2 * SHA256_SIZE + 1];
	size_t loaded; /* usable indicators */
	size_t rejected;
	size_t partial; /* loaded, but a part of the pattern was rejected */
	size_t by_obs[OBS_COUNT]; /* of loaded, by its first value */
	int64_t newest_ns;	  /* newest date in it, TSTAMP_NONE if none */
	bool shipped;
	const char *const *campaigns; /* names, sorted, NULL ends */
	const char *source;  /* where the values were published; may be NULL */
	const char *licence; /* may be NULL */
};
size_t indicators_sets(
    const struct indicators *x, const struct indicator_set **out);

struct indicator_rejected {
	const char *set; /* file */
	const char *pattern;
	const char *why;
};
size_t indicators_rejected(
    const struct indicators *x, const struct indicator_rejected **out);

/* Files below a folder that were not loaded because of their name. */
size_t indicators_skipped(const struct indicators *x, const char *const **out);

size_t indicators_count(const struct indicators *x);
size_t indicators_campaigns(const struct indicators *x);

/*
 * How many of a set could match records whose fields have these observables
 * (bit 1 << OBS_x of mask).
 */
size_t indicators_applicable(const struct indicators *x, size_t set,
    uint32_t obs_mask, bool has_execution);
#endif
