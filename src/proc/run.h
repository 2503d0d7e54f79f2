#ifndef PROC_RUN_H
#define PROC_RUN_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "check.h"
#include "collect.h"
#include "ipc.h"
#include "jobs.h"
#include "watch.h"

/*
 * A check while it runs, in the parent: check.c talks to the opener and hands
 * out work, slot.c listens to the workers.
 */

/* What runs in one slot at the moment. */
struct slot {
	struct ipc_in in;
	bool busy, hashing;
	bool bad;   /* it sent what no worker of ours sends */
	bool slept; /* it was killed because it slept */
	struct job_range range;
	uint32_t at;	/* file of the job that was begun last */
	bool begun;	/* any was */
	uint32_t ended; /* all before this one are through */
	struct msg_counts counts;
	struct watch watch;
};

enum phase { PHASE_OPEN, PHASE_READ, PHASE_EVENTS };

struct check {
	const struct check_options *options;
	struct report *report;
	struct why *why;
	struct collect collect;
	struct jobs jobs;
	enum phase phase;

	pid_t opener;
	struct ipc_out commands;
	struct ipc_in frames;
	struct slot *slots;
	unsigned nslots;

	bool ready; /* the plan is whole */
	bool opener_gone;
	bool hash_pending; /* not yet asked for */
	enum err failed;   /* as the opener said; why is filled in */
	const char *hash_fault;
	bool events_lost; /* a worker of the second pass crashed */

	struct check_progress progress;
	struct buf what; /* text of progress.what */
	int64_t started_ns, reading_ns, told_ns;
};

/* CLOCK_MONOTONIC, for progress and waiting only. */
int64_t run_now_ns(void);

/* Takes what the worker of s has to say; what follows a lie is dropped. */
enum ipc_got slot_hear(struct check *k, struct slot *s);

/* The worker of s is gone, as waitpid says; s is free again. */
void slot_end(struct check *k, struct slot *s, int status);

/* Name of the artifact that it reads. */
const char *slot_artifact(struct check *k, const struct slot *s);

/* A note of our own on a file that nobody will read; it is then through. */
void slot_lose(
    struct check *k, struct job_file *f, enum note_id id, const char *detail);
#endif
