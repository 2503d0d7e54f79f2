#include "watch.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOOK_NS ((int64_t)1000000000)

/*
 * /proc/PID/stat: pid (name) state ppid pgrp session tty tpgid flags minflt
 * cminflt majflt cmajflt utime stime ... The name may hold anything.
 */
static bool
read_stat(pid_t pid, char *state, pid_t *ppid, uint64_t *ticks)
{
	char path[64], text[1024], *at;
	uint64_t user, sys;
	int fd, parent;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	at = strrchr(text, ')');
	if (at == NULL ||
	    sscanf(at + 1,
		" %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64
		" %" SCNu64,
		state, &parent, &user, &sys) != 4)
		return false;
	*ppid = (pid_t)parent;
	*ticks = user + sys;
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
	(void)syscall(SYS_pidfd_send_signal, w->pidfd, SIGKILL, NULL, 0);
	watch_end(w);
	return true;
}
