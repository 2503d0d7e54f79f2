#ifndef PROC_CHECK_H
#define PROC_CHECK_H
#include <signal.h>
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
	unsigned workers; /* 0: one a core */
	/* NULL: none. The opener wipes its copy, the caller wipes this one. */
	char *password;
	size_t password_len;
	uint8_t *key;		      /* 32 bytes, or NULL; the same */
	const char *const *artifacts; /* only these; NULL: all */
	const struct detect_ctx *detect;
	const struct indicators *indicators;
	enum check_timeline timeline;
	bool content; /* --include-content: timeline texts may carry contents */

	/*
	 * Every record; or NULL. Those of one file come in their order,
	 * files in any order, and a file whose worker crashed may come twice.
	 * An error ends the check.
	 */
	enum err (*on_record)(void *arg, const struct record *r);
	void *on_record_arg;

	/* About ten times a second; or NULL. */
	void (*on_progress)(void *arg, const struct check_progress *p);
	void *on_progress_arg;

	/* Set by a signal handler: the check ends with ERR_USAGE. Or NULL. */
	const volatile sig_atomic_t *stop;
};

/*
 * Fills in all of out but the verdict's part, label, group, consent and
 * default_indicators. ERR_FORMAT, ERR_AUTH, ERR_IO, ERR_USAGE as
 * acquisition_open; ERR_INTERNAL when the opener died before it had a plan.
 * When it dies later, what was found by then is reported, with a note that
 * bars any all-clear. why says what to tell the person.
 */
enum err check_run(
    const struct check_options *o, struct report *out, struct why *why);
#endif
