#include "opener.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "acquisition.h"
#include "artifact.h"
#include "fault.h"
#include "limits.h"
#include "messages.h"
#include "plan.h"
#include "sandbox.h"
#include "worker.h"

/* Progress goes to the parent at most this often. */
#define PROGRESS_NS ((int64_t)50 * 1000 * 1000)

struct opener {
	const struct opener_task *task;
	struct ipc_out out;
	struct ipc_in in;
	int children; /* signalfd of SIGCHLD */
	int statm;
	unsigned missing;
	int64_t progress_ns; /* when it was told last */
	size_t notes[NOTE_COUNT];
	struct acquisition *acquisition;
	struct plan plan;
	struct msg_window *windows;
	size_t nwindows;
	struct buf rows; /* for the next worker, see rowindex.h */
	pid_t *workers;	 /* of each slot; 0: none */
	uint64_t runs;	 /* workers so far */
};

static int64_t
now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
on_progress(void *arg, const char *what, uint64_t done, uint64_t total)
{
	struct opener *p = arg;
	const struct msg_progress m = {
		.what = str_from(what), .done = done, .total = total
	};

	if (now_ns() - p->progress_ns < PROGRESS_NS)
		return;
	p->progress_ns = now_ns();
	msg_progress_put(ipc_begin(&p->out, FRAME_PROGRESS), &m);
	(void)ipc_end(&p->out);
	(void)ipc_flush(&p->out);
}

/* Of the acquisition: of each kind at most some, the rest is counted. */
static void
on_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	struct opener *p = arg;
	struct msg_note m = { .id = id, .off = off };

	if (p->notes[id]++ >= LIMIT_NOTES_PER_FILE)
		return;
	if (detail != NULL)
		m.detail = str_from(detail);
	msg_note_put(ipc_begin(&p->out, FRAME_NOTE), &m);
	(void)ipc_end(&p->out);
}

static void
send_more_notes(struct opener *p)
{
	const struct notes n = { .fn = on_note, .arg = p };

	for (enum note_id id = 0; id < NOTE_COUNT; id++) {
		size_t more = p->notes[id];

		if (more <= LIMIT_NOTES_PER_FILE)
			continue;
		p->notes[id] = 0;
		note_why(&n, id, 0, "%zu more of these",
		    more - LIMIT_NOTES_PER_FILE);
	}
}

static struct str
text(const char *s)
{
	return s ? str_from(s) : (struct str){ 0 };
}

static uint32_t
kind_index(const struct acquisition_kind *k)
{
	uint32_t i = 0;

	while (acquisition_kinds[i] != NULL && acquisition_kinds[i] != k)
		i++;
	return i;
}

static uint64_t
count_files(const struct source *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += s->entries[i].type == ENTRY_FILE;
	return n;
}

static void
send_facts(struct opener *p)
{
	const struct acquisition *a = p->acquisition;
	const struct msg_facts m = {
		.kind = kind_index(a->kind),
		.encrypted = a->encrypted,
		.sample = a->sample,
		.files = count_files(a->source),
		.bytes = a->source->bytes,
		.made_ns = a->made_ns,
		.text = {[MSG_MODEL] = text(a->model),
			 [MSG_PRODUCT] = text(a->product),
			 [MSG_OS] = text(a->os),
			 [MSG_OS_VERSION] = text(a->os_version),
			 [MSG_BUILD] = text(a->build),
			 [MSG_NAME] = text(a->name),
			 [MSG_SERIAL] = text(a->serial),
			 [MSG_IMEI] = text(a->imei),
			 [MSG_UDID] = text(a->udid)},
	};

	msg_facts_put(ipc_begin(&p->out, FRAME_FACTS), &m);
	(void)ipc_end(&p->out);
}

static void
send_plan(struct opener *p)
{
	const struct source *s = p->acquisition->source;

	for (uint32_t i = 0; artifacts[i] != NULL; i++) {
		if (!plan_app_present(artifacts[i], s))
			continue;
		msg_index_put(ipc_begin(&p->out, FRAME_PRESENT), i);
		(void)ipc_end(&p->out);
	}
	for (uint32_t j = 0; j < p->plan.njobs; j++) {
		const struct plan_job *job = &p->plan.jobs[j];

		for (uint32_t k = 0; k < job->nfiles; k++) {
			const struct plan_file *f =
			    &p->plan.files[job->first + k];
			struct msg_file m = { .job = j,
				.artifact = f->artifact,
				.size = f->size,
				.path = str_from("") };

			if (f->entry != PLAN_LISTING)
				m.path = s->entries[f->entry].path;
			msg_file_put(ipc_begin(&p->out, FRAME_FILE), &m);
			(void)ipc_end(&p->out);
		}
	}
	(void)ipc_begin(&p->out, FRAME_READY);
	(void)ipc_end(&p->out);
	(void)ipc_flush(&p->out);
}

_Noreturn static void
fail(struct opener *p, enum err e, const struct why *why)
{
	const struct msg_fail m = { .err = e, .why = str_from(why->text) };

	msg_fail_put(ipc_begin(&p->out, FRAME_FAIL), &m);
	(void)ipc_end(&p->out);
	(void)ipc_flush(&p->out);
	_exit(0);
}

static bool
want(void *arg, struct str path, uint64_t size)
{
	const struct opener *p = arg;

	(void)size;
	return plan_may_want(path, p->task->options->artifacts);
}

/* Every part of the sandbox that is missing is said, and counts. */
static void
enter_sandbox(struct opener *p, const struct notes *n)
{
	unsigned hooks = 0;

	if (fault_is("*", FAULT_NO_LANDLOCK, 0))
		hooks |= SANDBOX_NO_LANDLOCK;
	if (fault_is("*", FAULT_NO_SECCOMP, 0))
		hooks |= SANDBOX_NO_SECCOMP;
	p->missing = sandbox_opener(p->task->options->path, hooks);
	for (unsigned part = 1; part <= p->missing; part <<= 1)
		if (p->missing & part)
			note_why(n, NOTE_WORKER_SANDBOX, 0, "%s",
			    sandbox_part_name(part));
}

static void
open_acquisition(struct opener *p)
{
	const struct check_options *o = p->task->options;
	const struct notes n = { .fn = on_note, .arg = p };
	const char **known = plan_known(IN_IOS_BACKUP);
	struct acquire_options ao = {
		.password = o->password,
		.password_len = o->password_len,
		.key = o->key,
		.known = known,
		.want = {.fn = want, .arg = p},
		.progress = on_progress,
		.progress_arg = p
	};
	struct why why = { .text = "" };
	enum err e;

	if (access(o->path, F_OK) != 0)
		fail(p,
		    why_set(
			&why, ERR_USAGE, "%s: %s", o->path, strerror(errno)),
		    &why);
	enter_sandbox(p, &n);
	fault_strike("opener", 0, p->out.fd);
	e = acquisition_open(o->path, &ao, &n, &why, &p->acquisition);
	if (o->password != NULL)
		explicit_bzero(o->password, o->password_len);
	if (o->key != NULL)
		explicit_bzero(o->key, 32);
	if (e != ERR_OK)
		fail(p, e, &why);
	plan_make(&p->plan, p->acquisition->source, p->acquisition->kind->bit,
	    o->artifacts, &n);
	send_more_notes(p);
	send_facts(p);
	send_plan(p);
	free(known);
}

static void
close_all_but(struct opener *p, unsigned slot)
{
	close(p->task->commands);
	close(p->task->frames);
	close(p->children);
	for (unsigned i = 0; i < p->task->nslots; i++)
		if (i != slot)
			close(p->task->slots[i]);
}

static void
send_worker(struct opener *p, enum frame_type type, uint32_t slot, int status)
{
	const struct msg_exit m = { .slot = slot, .status = status };

	msg_exit_put(ipc_begin(&p->out, type), &m);
	(void)ipc_end(&p->out);
	(void)ipc_flush(&p->out);
}

static bool
run_is_valid(const struct opener *p, const struct msg_run *m)
{
	if (m->slot >= p->task->nslots || p->workers[m->slot] != 0)
		return false;
	if (m->job == OPENER_HASH)
		return true;
	return m->job < p->plan.njobs && m->from < m->to &&
	       m->to <= p->plan.jobs[m->job].nfiles;
}

static void
run(struct opener *p, const struct msg_run *m)
{
	const struct check_options *o = p->task->options;
	pid_t self = getpid(), pid = fork();
	struct worker_task t = {
		.acquisition = p->acquisition,
		.plan = &p->plan,
		.job = m->job,
		.from = m->from,
		.to = m->to,
		.out = p->task->slots[m->slot],
		.statm = p->statm,
		.missing = p->missing,
		.detect = o->detect,
		.all_records = o->on_record != NULL,
		.content = o->content,
		.events = m->events,
		.windows = {.v = p->windows, .n = p->nwindows},
		.rows = cur_from(p->rows.p, p->rows.len)
	};

	if (pid < 0) {
		send_worker(p, FRAME_EXIT, m->slot, -1);
		return;
	}
	if (pid > 0) {
		p->workers[m->slot] = pid;
		send_worker(p, FRAME_FORKED, m->slot, (int)pid);
		return;
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != self)
		_exit(1);
	close_all_but(p, m->slot);
	if (m->job == OPENER_HASH)
		worker_hash(&t, o->path);
	worker_run(&t);
}

static void
take_windows(struct opener *p, struct cur c)
{
	size_t max = c.len / 16;

	free(p->windows);
	p->windows = calloc(max + 1, sizeof(*p->windows));
	if (p->windows == NULL)
		abort();
	p->nwindows = 0;
	while (
	    p->nwindows < max && msg_window_get(&c, &p->windows[p->nwindows]))
		p->nwindows++;
}

/* False when the parent is gone. */
static bool
take_commands(struct opener *p)
{
	struct msg_run m;
	struct cur body;
	uint8_t type;

	if (ipc_fill(&p->in) == IPC_EOF)
		return false;
	while (ipc_next(&p->in, &type, &body)) {
		if (type == FRAME_WINDOWS) {
			take_windows(p, body);
		} else if (type == FRAME_ROWS) {
			buf_reset(&p->rows);
			buf_put(&p->rows, body.p, body.len);
		} else if (type == FRAME_RUN && msg_run_get(body, &m) &&
			   run_is_valid(p, &m)) {
			fault_strike("opener", ++p->runs, p->out.fd);
			run(p, &m);
			buf_reset(&p->rows);
		} else
			return false;
	}
	return !p->in.bad;
}

static void
reap(struct opener *p)
{
	struct signalfd_siginfo info;
	pid_t pid;
	int status;

	(void)!read(p->children, &info, sizeof(info));
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (uint32_t i = 0; i < p->task->nslots; i++)
			if (p->workers[i] == pid) {
				p->workers[i] = 0;
				send_worker(p, FRAME_EXIT, i, status);
			}
}

/* What the parent's terminal, files and signals are to it: nothing. */
static void
detach(struct opener *p, pid_t parent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct rlimit as = { LIMIT_OPENER_MEMORY, LIMIT_OPENER_MEMORY };
	sigset_t set;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	if (null >= 0) {
		(void)dup2(null, STDIN_FILENO);
		(void)dup2(null, STDOUT_FILENO);
		if (!sandbox_relaxed())
			(void)dup2(null, STDERR_FILENO);
	}
	if (!sandbox_relaxed())
		(void)setrlimit(RLIMIT_AS, &as);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	p->children = signalfd(-1, &set, SFD_CLOEXEC);
	p->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
}

_Noreturn void
opener_run(const struct opener_task *t)
{
	struct opener *p = calloc(1, sizeof(*p));
	struct pollfd fds[2];

	if (p == NULL)
		abort();
	p->task = t;
	p->workers = calloc(t->nslots, sizeof(*p->workers));
	if (p->workers == NULL)
		abort();
	ipc_out_init(&p->out, t->frames);
	ipc_in_init(&p->in, t->commands);
	buf_init(&p->rows, LIMIT_ROW_INDEX);
	detach(p, t->parent);
	open_acquisition(p);
	fds[0] = (struct pollfd){ .fd = t->commands, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = p->children, .events = POLLIN };
	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (fds[1].revents != 0)
			reap(p);
		if (fds[0].revents != 0 && !take_commands(p))
			break;
	}
	_exit(0);
}
