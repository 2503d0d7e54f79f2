#include "fault.h"

#ifdef TELASSAY_TEST_HOOKS
#	include <linux/futex.h>
#	include <signal.h>
#	include <stdlib.h>
#	include <string.h>
#	include <sys/socket.h>
#	include <sys/syscall.h>
#	include <unistd.h>

#	include "sandbox.h"
#	include "str.h"

static const char *const names[FAULT_COUNT] = {
	[FAULT_CRASH] = "crash",
	[FAULT_HANG] = "hang",
	[FAULT_SLEEP] = "sleep",
	[FAULT_KILL] = "kill",
	[FAULT_OOM] = "oom",
	[FAULT_SYSCALL] = "syscall",
	[FAULT_GARBAGE] = "garbage",
	[FAULT_FAIL_OPEN] = "fail-open",
	[FAULT_NO_LANDLOCK] = "no-landlock",
	[FAULT_NO_SECCOMP] = "no-seccomp",
};

/* One order: WHO:WHAT[@RECORD]. */
static bool
order_is(struct str order, const char *who, enum fault f, uint64_t record)
{
	size_t colon = str_find(order, ':'), at = str_find(order, '@');
	struct str name = str_sub(order, 0, colon);
	struct str what = str_sub(order, colon + 1, at);
	uint64_t when = 0;

	for (size_t i = at + 1; i < order.n; i++)
		when = when * 10 + (uint64_t)(order.p[i] - '0');
	return (str_is(name, who) || str_is(name, "*")) &&
	       str_is(what, names[f]) && when == record;
}

bool
fault_is(const char *who, enum fault f, uint64_t record)
{
	struct str left = str_from(getenv("TELASSAY_TEST_FAULT"));
	size_t comma;

	while (left.n > 0) {
		comma = str_find(left, ',');
		if (order_is(str_sub(left, 0, comma), who, f, record))
			return true;
		left = str_sub(left, comma + 1, left.n);
	}
	return false;
}

static void
strike(enum fault f, int out)
{
	volatile uint64_t turns = 0;
	volatile uintptr_t nowhere = 8;
	uint32_t word = 0;

	switch (f) {
	case FAULT_CRASH:
		if (sandbox_relaxed()) /* which would write pages on it */
			_exit(1);
		*(volatile char *)nowhere = 1;
		abort();
	case FAULT_HANG:
	case FAULT_KILL:
		for (;;)
			turns++;
	case FAULT_SLEEP:
		for (;;)
			(void)syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL);
	case FAULT_OOM:
		for (;;) {
			char *p = malloc((size_t)16 << 20);

			if (p == NULL)
				abort();
			memset(p, 1, (size_t)16 << 20);
		}
	case FAULT_SYSCALL:
		(void)socket(AF_INET, SOCK_STREAM, 0);
		break;
	case FAULT_GARBAGE:
		if (write(out, "\xff\xff\xff\xff\xff", 5) != 5)
			abort();
		break;
	case FAULT_FAIL_OPEN:
	case FAULT_NO_LANDLOCK:
	case FAULT_NO_SECCOMP:
	case FAULT_COUNT:
		break;
	}
}

void
fault_strike(const char *who, uint64_t record, int out)
{
	if (getenv("TELASSAY_TEST_FAULT") == NULL)
		return;
	for (enum fault f = 0; f < FAULT_COUNT; f++)
		if (fault_is(who, f, record))
			strike(f, out);
}

bool
fault_hurries(const char *who)
{
	const char *order = getenv("TELASSAY_TEST_FAULT");

	(void)who;
	return order != NULL && (strstr(order, ":hang") != NULL ||
				    strstr(order, ":sleep") != NULL);
}
#else
bool
fault_is(const char *who, enum fault f, uint64_t record)
{
	(void)who;
	(void)f;
	(void)record;
	return false;
}

void
fault_strike(const char *who, uint64_t record, int out)
{
	(void)who;
	(void)record;
	(void)out;
}

bool
fault_hurries(const char *who)
{
	(void)who;
	return false;
}
#endif
