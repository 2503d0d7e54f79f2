#include "watch.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "str.h"

#define LOOK_NS ((int64_t)1000000000)

/* The next word of s, as a number; other words count as 0. */
static uint64_t
next_number(struct str *s)
{
	size_t space = str_find(*s, ' ');
	uint64_t v = 0;

	for (size_t i = 0; i < space; i++)
		if (s->p[i] >= '0' && s->p[i] <= '9')
			v = v * 10 + (uint64_t)(s->p[i] - '0');
	*s = str_sub(*s, space + 1, s->n);
	return v;
}

/*
 * /proc/PID/stat: pid (name) state ppid pgrp session tty tpgid flags minflt
 * cminflt majflt cmajflt utime stime ... The name may hold anything.
 */
static bool
read_stat(pid_t pid, char *state, pid_t *ppid, uint64_t *ticks)
{
	char path[64], text[1024];
	struct str left = { .p = text };
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text));
	close(fd);
	left.n = n > 0 ? (size_t)n : 0;
	left = str_sub(left, str_rfind(left, ')') + 2, left.n);
	if (left.n < 2)
		return false;
	*state = left.p[0];
	(void)next_number(&left);
	*ppid = (pid_t)next_number(&left);
	for (size_t i = 0; i < 9; i++)
		(void)next_number(&left);
	*ticks = next_number(&left);
	*ticks += next_number(&left);
	return true;
}

void
watch_start(struct watch *w, pid_t pid, pid_t opener)
{
	pid_t parent;
	char state;

	*w = (struct watch){ .pid = pid };
	/*
	 * The descriptor first: should the pid be given to another process in
	 * between, then that one is not the opener's child.
	 */
	w->pidfd = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
	if (w->pidfd >= 0 &&
	    (!read_stat(pid, &state, &parent, &w->ticks) || parent != opener))
		watch_end(w);
}

void
watch_end(struct watch *w)
{
	if (w->pidfd >= 0)
		close(w->pidfd);
	w->pidfd = -1;
}

void
watch_kill(const struct watch *w)
{
	if (w->pidfd >= 0)
		(void)syscall(
		    SYS_pidfd_send_signal, w->pidfd, SIGKILL, NULL, 0);
}

void
watch_heard(struct watch *w, int64_t now_ns)
{
	w->looked_ns = now_ns;
	w->asleep = 0;
}

bool
watch_look(struct watch *w, int64_t now_ns, unsigned limit_s)
{
	uint64_t ticks;
	pid_t parent;
	char state;

	if (w->pidfd < 0 || now_ns - w->looked_ns < LOOK_NS)
		return false;
	w->looked_ns = now_ns;
	if (!read_stat(w->pid, &state, &parent, &ticks))
		return false;
	if (state != 'S' || ticks != w->ticks)
		w->asleep = 0;
	else
		w->asleep++;
	w->ticks = ticks;
	if (w->asleep < limit_s)
		return false;
	watch_kill(w);
	watch_end(w);
	return true;
}
