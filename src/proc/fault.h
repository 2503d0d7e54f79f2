#ifndef PROC_FAULT_H
#define PROC_FAULT_H
#include <stdbool.h>
#include <stdint.h>

/*
 * Faults on order, for the tests: only in builds with TEST_HOOKS, from the
 * environment's TELASSAY_TEST_FAULT = "WHO:WHAT[@RECORD],...". WHO is an
 * artifact's name, "opener", or "*" for all; RECORD says after how many
 * records it strikes (none: before the file is read). Elsewhere never any.
 */
enum fault {
	FAULT_CRASH,	   /* a wild read */
	FAULT_HANG,	   /* a loop that never ends */
	FAULT_SLEEP,	   /* blocks for good without using the CPU */
	FAULT_KILL,	   /* waits until the parent kills it */
	FAULT_OOM,	   /* asks for memory until there is none */
	FAULT_SYSCALL,	   /* does what the sandbox forbids */
	FAULT_GARBAGE,	   /* sends bytes that are no frame */
	FAULT_FAIL_OPEN,   /* the file cannot be opened */
	FAULT_NO_LANDLOCK, /* this system has no landlock */
	FAULT_NO_SECCOMP,  /* this system has no seccomp */
	FAULT_COUNT
};

/* True when that fault was ordered for who at that record. */
bool fault_is(const char *who, enum fault f, uint64_t record);

/* Strikes if any was ordered: then it does not return. out: the pipe. */
void fault_strike(const char *who, uint64_t record, int out);

/* True when a limit must be short because a test waits for it. */
bool fault_hurries(const char *who);
#endif
