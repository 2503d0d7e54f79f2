#ifndef PROC_WATCH_H
#define PROC_WATCH_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Watches that a worker does not sleep for good: limits on CPU time do not
 * end one that waits for nothing. A worker that runs, that waits for the CPU
 * on a busy machine or for a disk is never taken for one that sleeps.
 */
struct watch {
	int pidfd;	   /* -1: cannot be watched */
	pid_t pid;	   /* for /proc */
	uint64_t ticks;	   /* CPU time at the last look */
	int64_t looked_ns; /* when that was */
	unsigned asleep;   /* looks in a row at which it slept */
};

/* pid is told by the opener and must be its child, else it is not watched. */
void watch_start(struct watch *w, pid_t pid, pid_t opener);
void watch_end(struct watch *w);

/* Ends the worker. */
void watch_kill(const struct watch *w);

/* It said something: it is awake. */
void watch_heard(struct watch *w, int64_t now_ns);

/* Looks once a second; true once it was killed, asleep for limit_s seconds. */
bool watch_look(struct watch *w, int64_t now_ns, unsigned limit_s);
#endif
