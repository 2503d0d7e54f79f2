#ifndef CLI_CHECK_PROGRESS_H
#define CLI_CHECK_PROGRESS_H
#include <stdbool.h>
#include <stdint.h>

#include "check.h"

/*
 * How far a check is, on stderr: one line that is written over at a terminal,
 * or one JSON object a second.
 */
struct show_progress {
	const char *path;
	bool json, terminal;
	double told; /* seconds of the run when it was said last */
	bool said;   /* a line stands at the terminal */
};

/* As check_options.on_progress; arg is the struct show_progress. */
void show_progress(void *arg, const struct check_progress *p);

/* Takes the line away. */
void show_progress_end(struct show_progress *s);
#endif
