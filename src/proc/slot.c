#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "artifact.h"
#include "run.h"
#include "worker.h"

/* The file that slot s works at. */
static struct job_file *
file_at(struct check *k, const struct slot *s)
{
	return jobs_file(&k->jobs, &s->range, s->at);
}

const char *
slot_artifact(struct check *k, const struct slot *s)
{
	return artifacts[file_at(k, s)->artifact]->schema.name;
}

/* A note of our own on a file. */
static void
note_file(
    struct check *k, struct job_file *f, enum note_id id, const char *detail)
{
	const struct msg_note m = { .id = id, .detail = str_from(detail) };

	f->effects |= collect_note(&k->collect, f->artifact, f->path, &m);
}

/* The file is through, whatever came of it. */
static void
finish_file(
    struct check *k, struct job_file *f, const struct msg_counts *counts)
{
	cover_file(&k->collect.covers[f->artifact], counts, f->effects);
	f->first_ns = counts->first_ns;
	f->last_ns = counts->last_ns;
	f->done = true;
	k->progress.jobs_done++;
	k->progress.bytes_done += f->size;
}

static const struct msg_counts no_counts = { .first_ns = TSTAMP_NONE,
	.last_ns = TSTAMP_NONE };

/* True when the frame is one that a worker may send now. */
static bool
on_begin(struct check *k, struct slot *s, struct cur body)
{
	uint32_t i;

	(void)k;
	if (!msg_index_get(body, &i) || i < s->ended || i < s->range.from ||
	    i >= s->range.to)
		return false;
	s->at = i;
	s->begun = true;
	s->counts = no_counts;
	return true;
}

static bool
on_end(struct check *k, struct slot *s, struct cur body)
{
	struct msg_counts m;

	if (!s->begun || s->at != s->ended || !msg_counts_get(body, &m))
		return false;
	if (k->phase == PHASE_READ)
		finish_file(k, file_at(k, s), &m);
	s->ended++;
	s->begun = false;
	return true;
}

static bool
on_note(struct check *k, struct slot *s, struct cur body)
{
	struct job_file *f = file_at(k, s);
	struct msg_note m;

	if (!s->begun || k->phase != PHASE_READ || !msg_note_get(body, &m))
		return false;
	f->effects |= collect_note(&k->collect, f->artifact, f->path, &m);
	return true;
}

static bool
on_record(struct check *k, struct slot *s, struct cur body)
{
	struct msg_record m;

	return s->begun && k->phase == PHASE_READ && msg_record_get(body, &m) &&
	       collect_record(&k->collect, file_at(k, s)->artifact, &m);
}

/* For the next worker on this file; here they are only bytes. */
static bool
on_rows(struct check *k, struct slot *s, struct cur body)
{
	if (!s->begun || k->phase != PHASE_READ)
		return false;
	jobs_set_rows(&k->jobs, file_at(k, s), body);
	return true;
}

static bool
on_event(struct check *k, struct slot *s, struct cur body)
{
	struct msg_event m;

	if (!s->begun || k->phase != PHASE_EVENTS || !msg_event_get(body, &m) ||
	    m.artifact != file_at(k, s)->artifact)
		return false;
	timeline_add(&k->collect.timeline, &m);
	return true;
}

static bool
on_hash(struct check *k, struct slot *s, struct cur body)
{
	struct msg_hash m;

	if (!s->hashing || !msg_hash_get(body, &m))
		return false;
	if (m.ok)
		(void)hex_encode(m.sha256.p, SHA256_SIZE, k->report->sha256);
	else
		k->hash_fault = arena_strdup(&k->report->arena, m.why);
	return true;
}

static bool
worker_frame(struct check *k, struct slot *s, uint8_t type, struct cur body)
{
	if (type == FRAME_HASH)
		return on_hash(k, s, body);
	if (s->hashing)
		return false;
	if (type == FRAME_BEGIN)
		return on_begin(k, s, body);
	if (type == FRAME_COUNT)
		return s->begun && msg_counts_get(body, &s->counts);
	if (type == FRAME_END)
		return on_end(k, s, body);
	if (type == FRAME_NOTE)
		return on_note(k, s, body);
	if (type == FRAME_ROWS)
		return on_rows(k, s, body);
	if (type == FRAME_RECORD)
		return on_record(k, s, body);
	return type == FRAME_EVENT && on_event(k, s, body);
}

enum ipc_got
slot_hear(struct check *k, struct slot *s)
{
	enum ipc_got got = ipc_fill(&s->in);
	struct cur body;
	uint8_t type;

	if (got == IPC_DATA)
		watch_heard(&s->watch, run_now_ns());
	while (!s->bad && ipc_next(&s->in, &type, &body))
		if (!s->busy || !worker_frame(k, s, type, body))
			s->bad = true;
	if (s->in.bad)
		s->bad = true;
	if (s->bad)
		ipc_in_reset(&s->in);
	return got;
}

/* What ended a worker, in words. */
static enum note_id
cause(const struct slot *s, int status, char *out, size_t size)
{
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	const char *name = sig ? sigabbrev_np(sig) : NULL;

	if (s->slept && sig == SIGKILL) {
		(void)snprintf(out, size, "it slept and did nothing");
		return NOTE_WORKER_LIMIT;
	}
	if (sig == SIGXCPU) {
		(void)snprintf(out, size, "CPU time");
		return NOTE_WORKER_LIMIT;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == WORKER_OUT_OF_MEMORY) {
		(void)snprintf(out, size, "memory");
		return NOTE_WORKER_LIMIT;
	}
	if (s->bad)
		(void)snprintf(out, size, "it sent what no worker sends");
	else if (sig == SIGSYS)
		(void)snprintf(out, size, "it did what the sandbox forbids");
	else if (sig != 0)
		(void)snprintf(out, size, "SIG%s", name ? name : "?");
	else if (status == -1)
		(void)snprintf(out, size, "it could not be started");
	else
		(void)snprintf(out, size, "exit code %d", WEXITSTATUS(status));
	return NOTE_WORKER_CRASH;
}

/*
 * Of several files the one that brought its worker down is tried once more by
 * itself, so that it does not pay for those before it, and then the others.
 */
static void
on_crash(struct check *k, struct slot *s, int status)
{
	struct job_range r = s->range;
	uint32_t culprit = s->begun ? s->at : s->ended;
	char detail[64];
	enum note_id id;

	jobs_again(&k->jobs, (struct job_range){ r.job, culprit + 1, r.to });
	if (k->phase == PHASE_EVENTS)
		k->events_lost = true;
	else if (r.to - r.from > 1)
		jobs_again(&k->jobs,
		    (struct job_range){ r.job, culprit, culprit + 1 });
	jobs_again(&k->jobs, (struct job_range){ r.job, s->ended, culprit });
	if (k->phase == PHASE_EVENTS || r.to - r.from > 1)
		return;
	s->at = culprit;
	id = cause(s, status, detail, sizeof(detail));
	note_file(k, file_at(k, s), id, detail);
	finish_file(k, file_at(k, s), &s->counts);
}

void
slot_end(struct check *k, struct slot *s, int status)
{
	static const char no_hash[] = "the process that computed it died";

	/* All that it wrote before it died is in the pipe. */
	while (slot_hear(k, s) == IPC_DATA)
		;
	if (s->hashing) {
		if (k->report->sha256[0] == '\0' && k->hash_fault == NULL)
			k->hash_fault = no_hash;
	} else if (s->ended < s->range.to) {
		on_crash(k, s, status);
	}
	watch_end(&s->watch);
	ipc_in_reset(&s->in);
	s->busy = false;
}

void
slot_lose(
    struct check *k, struct job_file *f, enum note_id id, const char *detail)
{
	note_file(k, f, id, detail);
	finish_file(k, f, &no_counts);
}
