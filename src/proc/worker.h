#ifndef PROC_WORKER_H
#define PROC_WORKER_H
#include <stdbool.h>
#include <stdint.h>

#include "acquisition.h"
#include "detector.h"
#include "messages.h"
#include "plan.h"
#include "rowindex.h"

/*
 * One worker: opens the files of its job, gives up the right to open any
 * other, reads them with the artifact's reader, runs the detectors, and sends
 * what it sees over its pipe.
 */
struct worker_task {
	struct acquisition *acquisition;
	const struct plan *plan;
	uint32_t job, from, to; /* files of the job, counted from 0 */
	int out;		/* the pipe */
	int statm;		/* of the opener, see sandbox_limits */
	unsigned missing;	/* parts of the sandbox that are not there */
	const struct detect_ctx *detect;
	bool all_records; /* send those without hits, too */
	bool content;	  /* events may carry contents */

	/* The pass for the timeline: only events inside the windows. */
	bool events;
	struct msg_windows windows;
	struct cur rows; /* what the first pass said of them, or nothing */
};

/* Exit codes of a worker; anything else is a crash. */
enum { WORKER_OK = 0, WORKER_OUT_OF_MEMORY = 90 };

/* Never returns. */
_Noreturn void worker_run(const struct worker_task *t);

/* Sends the hash of the acquisition, nothing else; never returns. */
_Noreturn void worker_hash(const struct worker_task *t, const char *path);
#endif
