#ifndef PROC_SANDBOX_H
#define PROC_SANDBOX_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the processes that touch evidence take away from themselves, for good:
 * the opener keeps reading below one path and forking; a worker keeps reading
 * descriptors that are open already, memory, and writing to its pipe.
 */

/* The parts that this system lacks; 0: none. */
enum {
	SANDBOX_NO_LANDLOCK = 1, /* kernel before 5.13, or switched off */
	SANDBOX_NO_SECCOMP = 2,
	SANDBOX_NO_RLIMIT = 4,
};

/* Said of a part, for notes: "landlock". */
const char *sandbox_part_name(unsigned part);

/*
 * Reading below path (a folder, or the one file), no other file, no network,
 * no exec, no ptrace, no writing but to pipes that are open. Returns what is
 * missing; a part that is there but fails otherwise counts as missing. hooks:
 * parts that a test wants to be missing.
 */
unsigned sandbox_opener(const char *path, unsigned hooks);

/*
 * On top of it, in a worker: no file at all is opened any more, nothing is
 * written but to fd out, no process is made.
 */
unsigned sandbox_worker(int out, unsigned hooks);

/* Limits of one worker, on top of what it has at the start. */
struct sandbox_limits {
	uint64_t memory; /* bytes of address space more than now */
	uint64_t cpu_s;
};

/*
 * statm: a descriptor of /proc/PID/statm of the process that forked this one
 * (its size is what the child starts with), or -1: no limit on memory.
 */
unsigned sandbox_limits(int statm, const struct sandbox_limits *l);

/* True under the sanitizers, whose shadow memory no limit on memory fits. */
bool sandbox_relaxed(void);
#endif
