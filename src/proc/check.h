#ifndef PROC_CHECK_H
#define PROC_CHECK_H
#include <stdbool.h>
#include <stdint.h>

#include "detector.h"
#include "err.h"
#include "report.h"

/*
 * Runs one check: a sandboxed opener opens the acquisition and forks one
 * sandboxed worker a job (an artifact's file); the parent touches no byte of
 * evidence, it decodes bounded frames only. See docs/ARCHITECTURE.md.
 */
enum check_timeline { TIMELINE_FINDINGS, TIMELINE_FULL, TIMELINE_NONE };

struct check_progress {
	const char *what; /* "deriving the key", "reading" */
	uint64_t jobs_done, jobs_total;
	uint64_t bytes_done, bytes_total;
	double seconds, eta_seconds; /* eta < 0: not known yet */
};

struct check_options {
	const char *path;
	unsigned workers;     /* 0: one a core */
	const char *password; /* NULL: none; wiped by the caller */
	size_t password_len;
	const uint8_t *key;	      /* 32 bytes, or NULL */
	const char *const *artifacts; /* only these; NULL: all */
	const struct detect_ctx *detect;
	const struct indicators *indicators;
	enum check_timeline timeline;
	bool content; /* --include-content: timeline texts may carry contents */

	/* Every record, in canonical order of (artifact, path, row); or NULL. */
	enum err (*on_record)(void *arg, const struct record *r);
	void *on_record_arg;

	/* About ten times a second; or NULL. */
	void (*on_progress)(void *arg, const struct check_progress *p);
	void *on_progress_arg;
};

/*
 * Fills in all of out but the verdict's part and label/group. ERR_FORMAT,
 * ERR_AUTH, ERR_IO, ERR_USAGE as acquisition_open; ERR_INTERNAL when the
 * opener itself died. why says what to tell the person.
 */
enum err check_run(
    const struct check_options *o, struct report *out, struct why *why);
#endif
