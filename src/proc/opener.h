#ifndef PROC_OPENER_H
#define PROC_OPENER_H
#include <stdint.h>
#include <sys/types.h>

#include "check.h"

/*
 * The opener: opens the acquisition, makes the plan, and then forks a worker
 * whenever the parent asks for one, so that all of them share its keys, its
 * list of files and the detectors' tables. Knows nothing of findings.
 */
struct opener_task {
	const struct check_options *options;
	pid_t parent;	  /* who forked it */
	int commands;	  /* reading end: FRAME_RUN, FRAME_WINDOWS */
	int frames;	  /* writing end */
	const int *slots; /* writing ends, one for each worker at a time */
	unsigned nslots;
};

/* FRAME_RUN with this job hashes the acquisition. */
#define OPENER_HASH UINT32_MAX

/* In the child of a fork; never returns. */
_Noreturn void opener_run(const struct opener_task *t);
#endif
