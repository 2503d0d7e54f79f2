#ifndef PROC_PLAN_H
#define PROC_PLAN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact.h"
#include "source.h"

/*
 * What is to be read: every artifact's globs matched on the names of the
 * acquisition's files. A job is what one worker does: one file of one
 * artifact, or a batch of small ones where an artifact has very many.
 */
#define PLAN_LISTING UINT32_MAX

struct plan_file {
	uint32_t artifact; /* index in artifacts[] */
	uint32_t entry;	   /* index in source->entries, or PLAN_LISTING */
	uint64_t size;
};

struct plan_job {
	uint32_t first, nfiles; /* in files */
	uint64_t size;
};

struct plan {
	struct plan_file *files;
	size_t nfiles, cap;
	struct plan_job *jobs; /* biggest first, then artifact and path */
	size_t njobs;

	size_t floor;	 /* of the artifact that is being matched, in files */
	size_t left_out; /* of the same: files above LIMIT_PLAN_FILES */
};

/*
 * only: names of the artifacts that are wanted, NULL ends; NULL: all. An
 * artifact with too many files leaves a note.
 */
void plan_make(struct plan *p, struct source *s, unsigned kind,
    const char *const *only, const struct notes *n);
void plan_done(struct plan *p);

/* True when a has a place in that kind of acquisition. */
bool plan_in_kind(const struct artifact *a, unsigned kind);
bool plan_is_wanted(const struct artifact *a, const char *const *only);

/*
 * True when the name of an archive's member, or what is left of it behind
 * some '/', is that of a file that an artifact reads, or of its sibling.
 * What the archive holds is not yet known.
 */
bool plan_may_want(struct str path, const char *const *only);

/* Suffixes of what belongs to a's files; NULL ends, never NULL. */
const char *const *plan_siblings(const struct artifact *a);

/* True when the backup holds anything of the app that a is of. */
bool plan_app_present(const struct artifact *a, const struct source *s);

/*
 * Every place that names one path exactly, NULL ends; freed by the caller
 * (the texts are not).
 */
const char **plan_known(unsigned kinds);
#endif
