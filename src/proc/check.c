#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"
#include "limits.h"
#include "opener.h"
#include "run.h"
#include "utf8.h"

/* Most workers at a time: each is a pipe and a process. */
#define WORKERS_MAX 256

/* The parent looks up this often when nothing comes in. */
#define TICK_MS 100
#define TICK_NS ((int64_t)TICK_MS * 1000 * 1000)

int64_t
run_now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t
wall_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* A pipe whose ends are not those of a terminal, even when it was closed. */
static bool
pipe_new(int ends[2])
{
	int p[2];

	if (pipe2(p, O_CLOEXEC) != 0)
		return false;
	ends[0] = fcntl(p[0], F_DUPFD_CLOEXEC, 3);
	ends[1] = fcntl(p[1], F_DUPFD_CLOEXEC, 3);
	close(p[0]);
	close(p[1]);
	return ends[0] >= 0 && ends[1] >= 0;
}

static unsigned
count_cores(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	return (unsigned)CPU_COUNT(&set);
}

/* Forks the opener; what it shares with us is that moment's memory. */
static enum err
start(struct check *k)
{
	int commands[2], frames[2], ends[WORKERS_MAX][2], out[WORKERS_MAX];
	struct opener_task t = { .options = k->options,
		.parent = getpid(),
		.slots = out,
		.nslots = k->nslots };

	if (!pipe_new(commands) || !pipe_new(frames))
		return ERR_INTERNAL;
	for (unsigned i = 0; i < k->nslots; i++) {
		if (!pipe_new(ends[i]))
			return ERR_INTERNAL;
		out[i] = ends[i][1];
		ipc_in_init(&k->slots[i].in, ends[i][0]);
		k->slots[i].watch.pidfd = -1;
		(void)fcntl(ends[i][0], F_SETFL, O_NONBLOCK);
	}
	t.commands = commands[0];
	t.frames = frames[1];
	k->opener = fork();
	if (k->opener < 0)
		return ERR_INTERNAL;
	if (k->opener == 0) {
		close(commands[1]);
		close(frames[0]);
		for (unsigned i = 0; i < k->nslots; i++)
			close(ends[i][0]);
		opener_run(&t);
	}
	close(commands[0]);
	close(frames[1]);
	for (unsigned i = 0; i < k->nslots; i++)
		close(out[i]);
	ipc_out_init(&k->commands, commands[1]);
	ipc_in_init(&k->frames, frames[0]);
	(void)fcntl(frames[0], F_SETFL, O_NONBLOCK);
	return ERR_OK;
}

static bool
on_progress(struct check *k, struct cur body)
{
	struct msg_progress m;

	if (!msg_progress_get(body, &m))
		return false;
	/* What it says, byte by byte: it is shown at a terminal. */
	buf_reset(&k->what);
	utf8_put_visible(&k->what, str_sub(m.what, 0, 80));
	k->progress.what = buf_cstr(&k->what);
	k->progress.bytes_done = m.done;
	k->progress.bytes_total = m.total;
	return true;
}

static bool
on_file(struct check *k, struct cur body)
{
	struct msg_file m;
	const char *path = NULL;

	if (k->ready || !msg_file_get(body, &m) ||
	    k->jobs.nfiles >= k->collect.nartifacts * LIMIT_PLAN_FILES)
		return false;
	if (m.path.n > 0 &&
	    (path = arena_strdup(&k->report->arena, m.path)) == NULL)
		return false;
	return jobs_add(&k->jobs, &m, path);
}

static bool
on_ready(struct check *k)
{
	if (k->ready || k->collect.kind == 0)
		return false;
	k->ready = true;
	k->phase = PHASE_READ;
	k->progress = (struct check_progress){ .what = "reading",
		.jobs_total = k->jobs.nfiles,
		.bytes_total = k->jobs.bytes };
	k->reading_ns = run_now_ns();
	return true;
}

static bool
on_fail(struct check *k, struct cur body)
{
	struct msg_fail m;

	if (k->ready || !msg_fail_get(body, &m))
		return false;
	k->failed = why_set(
	    k->why, m.err, "%.*s", (int)str_sub(m.why, 0, 1000).n, m.why.p);
	return true;
}

static bool
on_worker(struct check *k, uint8_t type, struct cur body)
{
	struct msg_exit m;
	struct slot *s;

	if (!msg_exit_get(body, &m) || m.slot >= k->nslots ||
	    !k->slots[m.slot].busy)
		return false;
	s = &k->slots[m.slot];
	if (type == FRAME_EXIT) {
		slot_end(k, s, m.status);
		return true;
	}
	watch_start(&s->watch, (pid_t)m.status, k->opener);
	watch_heard(&s->watch, run_now_ns());
	if (!s->hashing && fault_is(slot_artifact(k, s), FAULT_KILL, 0))
		watch_kill(&s->watch);
	return true;
}

static bool
opener_frame(struct check *k, uint8_t type, struct cur body)
{
	struct msg_facts facts;
	struct msg_note m;
	uint32_t i;

	switch ((enum frame_type)type) {
	case FRAME_PROGRESS:
		return !k->ready && on_progress(k, body);
	case FRAME_FACTS:
		if (k->collect.kind != 0 || !msg_facts_get(body, &facts))
			return false;
		collect_facts(&k->collect, &facts);
		return true;
	case FRAME_PRESENT:
		if (!msg_index_get(body, &i) || i >= k->collect.nartifacts)
			return false;
		k->collect.covers[i].app_present = true;
		return true;
	case FRAME_FILE:
		return on_file(k, body);
	case FRAME_READY:
		return on_ready(k);
	case FRAME_FAIL:
		return on_fail(k, body);
	case FRAME_FORKED:
	case FRAME_EXIT:
		return on_worker(k, type, body);
	case FRAME_NOTE:
		if (!msg_note_get(body, &m))
			return false;
		(void)collect_note(&k->collect, COLLECT_ACQUISITION, NULL, &m);
		return true;
	case FRAME_BEGIN:
	case FRAME_RECORD:
	case FRAME_EVENT:
	case FRAME_COUNT:
	case FRAME_END:
	case FRAME_HASH:
	case FRAME_ROWS:
	case FRAME_RUN:
	case FRAME_WINDOWS:
		break;
	}
	return false;
}

static void
hear_opener(struct check *k)
{
	enum ipc_got got = ipc_fill(&k->frames);
	struct cur body;
	uint8_t type;

	while (ipc_next(&k->frames, &type, &body))
		if (!opener_frame(k, type, body))
			k->frames.bad = true;
	if (got == IPC_EOF || k->frames.bad)
		k->opener_gone = true;
}

static void
send_run(struct check *k, unsigned slot, const struct msg_run *m)
{
	struct slot *s = &k->slots[slot];

	s->busy = true;
	s->begun = s->bad = s->slept = false;
	s->hashing = m->job == OPENER_HASH;
	s->range = (struct job_range){ m->job, m->from, m->to };
	s->at = s->ended = m->from;
	s->counts = (struct msg_counts){ .first_ns = TSTAMP_NONE,
		.last_ns = TSTAMP_NONE };
	msg_run_put(ipc_begin(&k->commands, FRAME_RUN), m);
	(void)ipc_end(&k->commands);
	if (!ipc_flush(&k->commands))
		k->opener_gone = true;
}

/* What the first pass said about the rows of the one file of r. */
static void
send_rows(struct check *k, const struct job_range *r)
{
	const struct job_file *f = jobs_file(&k->jobs, r, r->from);

	if (r->to - r->from != 1 || f->rows == NULL)
		return;
	buf_put(ipc_begin(&k->commands, FRAME_ROWS), f->rows, f->nrows);
	(void)ipc_end(&k->commands);
}

/* In the second pass: true when a file of r has events in a window. */
static bool
range_touches(struct check *k, const struct job_range *r)
{
	for (uint32_t i = r->from; i < r->to; i++) {
		struct job_file *f = jobs_file(&k->jobs, r, i);

		if (f->first_ns != TSTAMP_NONE &&
		    timeline_touches(
			&k->collect.timeline, f->first_ns, f->last_ns))
			return true;
	}
	return false;
}

/* Work for every slot that has none; false when nothing runs any more. */
static bool
hand_out(struct check *k)
{
	struct job_range r;
	bool busy = false;

	for (unsigned i = 0; i < k->nslots && !k->opener_gone; i++) {
		if (!k->slots[i].busy && k->hash_pending) {
			k->hash_pending = false;
			send_run(k, i,
			    &(struct msg_run){ .slot = i, .job = OPENER_HASH });
		}
		while (!k->slots[i].busy && jobs_take(&k->jobs, &r)) {
			if (k->phase == PHASE_EVENTS && !range_touches(k, &r))
				continue;
			if (k->phase == PHASE_EVENTS)
				send_rows(k, &r);
			send_run(k, i,
			    &(struct msg_run){ .slot = i,
				.job = r.job,
				.from = r.from,
				.to = r.to,
				.events = k->phase == PHASE_EVENTS });
		}
	}
	for (unsigned i = 0; i < k->nslots; i++)
		busy = busy || k->slots[i].busy;
	return busy && !k->opener_gone;
}

/* Starts the second pass; false when no timeline is wanted or possible. */
static bool
start_events(struct check *k)
{
	struct timeline *t = &k->collect.timeline;
	struct buf *b;

	if (k->phase == PHASE_EVENTS)
		return false;
	collect_finish(&k->collect);
	if (k->options->timeline == TIMELINE_NONE)
		return false;
	if (k->options->timeline == TIMELINE_FULL) {
		timeline_everything(t);
	} else {
		collect_findings(&k->collect);
		timeline_around(t, k->report);
	}
	if (t->nwindows == 0)
		return false;
	b = ipc_begin(&k->commands, FRAME_WINDOWS);
	for (size_t i = 0; i < t->nwindows; i++)
		msg_window_put(b, &t->windows[i]);
	(void)ipc_end(&k->commands);
	k->phase = PHASE_EVENTS;
	k->progress.what = "timeline";
	jobs_rewind(&k->jobs);
	return true;
}

static void
tell_progress(struct check *k)
{
	struct check_progress *p = &k->progress;
	int64_t now = run_now_ns();
	double spent = (double)(now - k->reading_ns) / 1e9;

	if (k->options->on_progress == NULL || now - k->told_ns < TICK_NS)
		return;
	k->told_ns = now;
	p->seconds = (double)(now - k->started_ns) / 1e9;
	p->eta_seconds = -1;
	if (k->phase == PHASE_READ && p->bytes_done > 0)
		p->eta_seconds = spent / (double)p->bytes_done *
				 (double)(p->bytes_total - p->bytes_done);
	k->options->on_progress(k->options->on_progress_arg, p);
}

static void
look_after_workers(struct check *k)
{
	const unsigned limit = fault_hurries("") ? 1 : LIMIT_WORKER_SLEEP_S;

	for (unsigned i = 0; i < k->nslots; i++)
		if (k->slots[i].busy &&
		    watch_look(&k->slots[i].watch, run_now_ns(), limit))
			k->slots[i].slept = true;
}

static bool
is_stopped(const struct check *k)
{
	return k->collect.stopped != ERR_OK ||
	       (k->options->stop != NULL && *k->options->stop != 0);
}

/* Waits until something comes in, and takes it. */
static void
turn(struct check *k)
{
	struct pollfd fds[WORKERS_MAX + 1];

	fds[0] = (struct pollfd){ .fd = k->frames.fd, .events = POLLIN };
	for (unsigned i = 0; i < k->nslots; i++)
		fds[i + 1] =
		    (struct pollfd){ .fd = k->slots[i].busy ? k->slots[i].in.fd
							    : -1,
			    .events = POLLIN };
	if (poll(fds, k->nslots + 1, TICK_MS) > 0) {
		for (unsigned i = 0; i < k->nslots; i++)
			if (fds[i + 1].revents != 0)
				(void)slot_hear(k, &k->slots[i]);
		if (fds[0].revents != 0)
			hear_opener(k);
	}
	tell_progress(k);
	look_after_workers(k);
}

/* Until everything is read, or the opener is gone, or it was stopped. */
static void
loop(struct check *k)
{
	while (!k->ready && !k->opener_gone && !is_stopped(k) &&
	       k->failed == ERR_OK)
		turn(k);
	while (k->ready && !is_stopped(k)) {
		if (hand_out(k))
			turn(k);
		else if (k->opener_gone || !start_events(k))
			break;
	}
}

/*
 * The opener died behind its plan: its workers died with it. What they said
 * until then counts, what is left is lost, and said to be.
 */
static void
lose_rest(struct check *k)
{
	static const char why[] =
	    "the process that opened the acquisition died";
	const struct msg_note m = { .id = NOTE_WORKER_CRASH,
		.detail = str_from(why) };

	for (unsigned i = 0; i < k->nslots; i++)
		while (slot_hear(k, &k->slots[i]) == IPC_DATA)
			;
	for (size_t i = 0; k->phase == PHASE_READ && i < k->jobs.nfiles; i++)
		if (!k->jobs.files[i].done)
			slot_lose(k, &k->jobs.files[i], NOTE_WORKER_CRASH, why);
	if (k->phase == PHASE_READ)
		(void)collect_note(&k->collect, COLLECT_ACQUISITION, NULL, &m);
	k->events_lost = true;
}

/* Ends the opener, and with it every worker. */
static void
stop(struct check *k)
{
	int status;

	(void)kill(k->opener, SIGKILL);
	while (waitpid(k->opener, &status, 0) < 0 && errno == EINTR)
		;
	close(k->commands.fd);
	close(k->frames.fd);
	for (unsigned i = 0; i < k->nslots; i++) {
		close(k->slots[i].in.fd);
		watch_end(&k->slots[i].watch);
	}
}

static enum err
outcome(struct check *k)
{
	if (k->failed != ERR_OK)
		return k->failed;
	if (k->collect.stopped != ERR_OK)
		return why_set(k->why, k->collect.stopped,
		    "%s: the records could not be kept", k->options->path);
	if (is_stopped(k))
		return why_set(k->why, ERR_USAGE, "%s: stopped before the end",
		    k->options->path);
	if (!k->ready)
		return why_set(k->why, ERR_INTERNAL,
		    "%s: the process that opens the acquisition died; it may "
		    "be damaged on purpose: do not open it with other tools",
		    k->options->path);
	return ERR_OK;
}

/* What of this run belongs into the report beside what was read. */
static void
report_run(struct check *k)
{
	struct report *r = k->report;
	const struct check_options *o = k->options;

	collect_finish(&k->collect);
	collect_report(&k->collect);
	if (k->hash_fault != NULL)
		collect_limit(&k->collect,
		    arena_printf(&r->arena,
			"The acquisition's SHA-256 is missing: %s.",
			k->hash_fault));
	if (k->events_lost)
		collect_limit(
		    &k->collect, "The timeline is not whole: a worker died.");
	r->selection = o->artifacts != NULL;
	r->timeline = o->timeline == TIMELINE_FULL   ? "full"
		      : o->timeline == TIMELINE_NONE ? "none"
						     : "findings";
	report_applicable(r);
}

enum err
check_run(const struct check_options *o, struct report *out, struct why *why)
{
	struct check k = {
		.options = o,
		.report = out,
		.why = why,
		.nslots = o->workers ? o->workers : count_cores(),
		.hash_pending = true,
		.progress = {.what = "opening", .eta_seconds = -1},
		.started_ns = run_now_ns()
	};
	enum err e;

	if (k.nslots > WORKERS_MAX)
		k.nslots = WORKERS_MAX;
	k.slots = calloc(k.nslots, sizeof(*k.slots));
	if (k.slots == NULL)
		abort();
	out->path = arena_strdup(&out->arena, str_from(o->path));
	out->indicators = o->indicators;
	out->started_ns = wall_ns();
	out->workers = k.nslots;
	collect_init(&k.collect, o, out);
	jobs_init(&k.jobs);
	buf_init(&k.what, 512);
	e = start(&k);
	if (e == ERR_OK) {
		loop(&k);
		if (k.ready && k.opener_gone && !is_stopped(&k))
			lose_rest(&k);
		stop(&k);
		e = outcome(&k);
	} else {
		(void)why_set(why, e, "%s: no process could be started: %s",
		    o->path, strerror(errno));
	}
	if (e == ERR_OK || e == ERR_FORMAT)
		report_run(&k);
	out->seconds = (double)(run_now_ns() - k.started_ns) / 1e9;
	ipc_out_done(&k.commands);
	ipc_in_done(&k.frames);
	for (unsigned i = 0; i < k.nslots; i++)
		ipc_in_done(&k.slots[i].in);
	free(k.slots);
	jobs_done(&k.jobs);
	collect_done(&k.collect);
	buf_done(&k.what);
	return e;
}
