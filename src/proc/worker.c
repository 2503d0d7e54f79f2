#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "artifact.h"
#include "fault.h"
#include "limits.h"
#include "sandbox.h"

#define SIBLINGS_MAX 8

/*
 * What was read so far is told to the parent this often, so that a crash does
 * not lose it: every hit of the first EAGER_HITS, and each COUNT_EVERY records.
 */
#define EAGER_HITS  64
#define COUNT_EVERY 1024

/* One file of the job, opened before the sandbox closes. */
struct opened {
	struct file *file;
	struct file *sibling[SIBLINGS_MAX];
	enum err err;
};

struct worker {
	const struct worker_task *task;
	struct opened *opened; /* from task->from on */
	struct ipc_out out;
	struct arena arena;
	struct buf bytes;     /* of the record that is sent */
	struct rowindex rows; /* of a job of one file: made, or used */

	/* Of the file that is being read. */
	struct artifact_ctx ctx;
	uint32_t at; /* its index in the job */
	struct msg_counts counts;
	uint32_t obs_all;  /* what obs_mask can become */
	bool has_no_reach; /* some of its times tell nothing of reach */
	size_t notes[NOTE_COUNT];
	bool lowered; /* one of them lowers coverage */
	size_t hits_of_level[LEVEL_CRITICAL + 1];
	size_t hits_sent, events_sent;
	size_t kept, kept_left_out;

	/* Of the record that is being looked at. */
	struct hit hits[MSG_HITS_MAX];
	size_t nhits, nkept, hits_left_out;
	const struct record *record;
	bool described;
};

static const struct plan_file *
file_of(const struct worker *w, uint32_t i)
{
	const struct plan *p = w->task->plan;

	return &p->files[p->jobs[w->task->job].first + i];
}

static const char *
artifact_name(const struct worker *w)
{
	return artifacts[file_of(w, w->at)->artifact]->schema.name;
}

static void
send_note(struct worker *w, enum note_id id, uint64_t off, const char *detail)
{
	struct msg_note m = { .id = id, .off = off };

	if (detail != NULL)
		m.detail = str_from(detail);
	msg_note_put(ipc_begin(&w->out, FRAME_NOTE), &m);
	(void)ipc_end(&w->out);
}

/* The pass for the timeline says nothing that the first did not say. */
static void
on_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	struct worker *w = arg;

	if (note_infos[id].effect != NOTE_EFFECT_NONE)
		w->lowered = true;
	if (w->notes[id]++ < LIMIT_NOTES_PER_FILE && !w->task->events)
		send_note(w, id, off, detail);
}

/* How many notes of each kind were too many. */
static void
send_more_notes(struct worker *w)
{
	const struct notes n = { .fn = on_note, .arg = w };

	for (enum note_id id = 0; id < NOTE_COUNT; id++) {
		size_t more = w->notes[id];

		if (more <= LIMIT_NOTES_PER_FILE || w->task->events)
			continue;
		more -= LIMIT_NOTES_PER_FILE;
		w->notes[id] = 0;
		note_why(&n, id, 0, "%zu more of these", more);
	}
}

static void
send_begin(struct worker *w)
{
	msg_index_put(ipc_begin(&w->out, FRAME_BEGIN), w->at);
	(void)ipc_end(&w->out);
	(void)ipc_flush(&w->out);
}

static void
send_counts(struct worker *w, enum frame_type type)
{
	msg_counts_put(ipc_begin(&w->out, type), &w->counts);
	(void)ipc_end(&w->out);
}

/* All observables that records of s can have, as a mask. */
static uint32_t
obs_of(const struct schema *s)
{
	uint32_t all = 0;

	for (size_t i = 0; i < s->nfields; i++)
		all |= 1U << s->fields[i].obs;
	return all & ~(1U << OBS_NONE);
}

static bool
has_no_reach(const struct schema *s)
{
	for (size_t i = 0; i < s->nfields; i++)
		if (s->fields[i].flags & FIELD_NO_REACH)
			return true;
	return false;
}

/* Starts the next file: everything that is kept of one is forgotten. */
static void
begin(struct worker *w, uint32_t i)
{
	w->at = i;
	w->counts = (struct msg_counts){ .first_ns = TSTAMP_NONE,
		.last_ns = TSTAMP_NONE };
	w->obs_all = obs_of(&artifacts[file_of(w, i)->artifact]->schema);
	w->has_no_reach =
	    has_no_reach(&artifacts[file_of(w, i)->artifact]->schema);
	w->lowered = false;
	memset(w->notes, 0, sizeof(w->notes));
	w->hits_sent = w->events_sent = 0;
	w->kept = w->kept_left_out = 0;
	memset(w->hits_of_level, 0, sizeof(w->hits_of_level));
	send_begin(w);
}

/* A hit that makes no finding: the record is kept for what comes later. */
static void
on_kept(struct worker *w, const struct hit *h)
{
	if (w->nhits == MSG_HITS_MAX || w->kept == LIMIT_KEPT_PER_FILE) {
		w->kept_left_out++;
		return;
	}
	w->kept++;
	w->nkept++;
	w->hits[w->nhits++] = *h;
}

static void
on_hit(void *arg, const struct hit *h)
{
	struct worker *w = arg;

	if (h->kept) {
		on_kept(w, h);
		return;
	}
	if (w->nhits == MSG_HITS_MAX || h->level > LEVEL_CRITICAL ||
	    w->hits_of_level[h->level] == LIMIT_HITS_PER_FILE) {
		w->hits_left_out++;
		return;
	}
	w->hits_of_level[h->level]++;
	w->hits[w->nhits++] = *h;
}

/* The times of r that tell how far back the records reach. */
static size_t
reaching_times(const struct record *r, int64_t ns[LIMIT_RECORD_FIELDS])
{
	const struct field *f = r->schema->fields;
	size_t n = 0;

	for (size_t i = 0; i < r->schema->nfields; i++)
		if (f[i].event != NULL && r->v[i].type == VALUE_TIME &&
		    r->v[i].t.ns != TSTAMP_NONE &&
		    (f[i].flags & FIELD_NO_REACH) == 0)
			ns[n++] = r->v[i].t.ns;
	return n;
}

/* What r adds to the counts of its artifact. */
static void
count_record(struct worker *w, const struct record *r)
{
	const struct schema *s = r->schema;
	int64_t ns[LIMIT_RECORD_FIELDS];
	size_t n = record_times(r, ns);

	w->counts.records++;
	w->counts.events += n;
	if (w->has_no_reach)
		n = reaching_times(r, ns);
	for (size_t i = 0; i < n; i++) {
		if (!tstamp_plausible(ns[i]))
			continue;
		if (w->counts.first_ns == TSTAMP_NONE ||
		    ns[i] < w->counts.first_ns)
			w->counts.first_ns = ns[i];
		if (w->counts.last_ns == TSTAMP_NONE ||
		    ns[i] > w->counts.last_ns)
			w->counts.last_ns = ns[i];
	}
	if (w->counts.obs_mask == w->obs_all)
		return; /* all that this schema can have were seen */
	for (size_t i = 0; i < s->nfields; i++)
		if (r->v[i].type != VALUE_NONE)
			w->counts.obs_mask |= 1U << s->fields[i].obs;
	w->counts.obs_mask &= ~(1U << OBS_NONE);
}

/* Sends r with its hits; one that is too long is said to be missing. */
static void
send_record(struct worker *w, const struct record *r)
{
	struct buf *b;

	buf_reset(&w->bytes);
	record_encode(r, &w->bytes);
	b = ipc_begin(&w->out, FRAME_RECORD);
	msg_hits_put(b, w->hits, w->nhits);
	buf_put(b, w->bytes.p, w->bytes.len);
	if (!ipc_end(&w->out) || w->bytes.full)
		note_why(w->ctx.notes, NOTE_READ_LIMIT, w->counts.records,
		    "record %.*s is too long to be reported",
		    (int)(r->locator.n < 200 ? r->locator.n : 200),
		    r->locator.p);
}

static void
detect(struct worker *w, const struct record *r)
{
	const struct hit_sink sink = { .fn = on_hit, .arg = w };
	size_t before = w->hits_sent;

	w->nhits = w->nkept = w->hits_left_out = 0;
	if (w->task->detect != NULL)
		detect_record(w->task->detect, r, &sink);
	w->hits_sent += w->nhits - w->nkept;
	if (w->hits_left_out > 0)
		note_why(w->ctx.notes, NOTE_READ_LIMIT, w->counts.records,
		    "too many hits: %zu of one record are left out",
		    w->hits_left_out);
	if (w->nhits == 0 && !w->task->all_records)
		return;
	send_record(w, r);
	if (w->hits_sent > before && before < EAGER_HITS)
		(void)ipc_flush(&w->out);
}

static bool
in_windows(const struct worker *w, int64_t ns)
{
	return msg_windows_meet(&w->task->windows, ns, ns);
}

static void
row_seen(struct artifact_ctx *ctx, const char *table, int64_t row,
    const int64_t span_ns[2])
{
	struct worker *w = ctx->owner;

	rowindex_add(&w->rows, table, row, span_ns);
}

static bool
rows_wanted(
    struct artifact_ctx *ctx, const char *table, int64_t from, int64_t run[2])
{
	const struct worker *w = ctx->owner;

	return rowindex_wanted(&w->rows, table, from, &w->task->windows, run);
}

static bool
wants(struct artifact_ctx *ctx, int64_t ns)
{
	return in_windows(ctx->owner, ns);
}

/* The line for the timeline; contents only when they were asked for. */
static void
describe(struct worker *w)
{
	const struct record *r = w->record;

	buf_reset(&w->bytes);
	record_describe(r, &w->bytes);
	for (size_t i = 0; w->task->content && i < r->schema->nfields; i++) {
		const struct field *f = &r->schema->fields[i];

		if (!(f->flags & FIELD_CONTENT) || r->v[i].type == VALUE_NONE ||
		    r->v[i].type == VALUE_TIME)
			continue;
		buf_printf(
		    &w->bytes, "%s%s=", w->bytes.len ? " " : "", f->name);
		value_text(&r->v[i], &w->bytes);
	}
	w->described = true;
}

static void
send_event(void *arg, int64_t ns, const char *name)
{
	struct worker *w = arg;
	struct msg_event m = { .artifact = file_of(w, w->at)->artifact,
		.ns = ns,
		.name = str_from(name),
		.path = w->record->path,
		.locator = w->record->locator };

	if (!in_windows(w, ns))
		return;
	if (!w->described)
		describe(w);
	m.text = str_sub(buf_text(&w->bytes), 0, LIMIT_EVENT_TEXT);
	msg_event_put(ipc_begin(&w->out, FRAME_EVENT), &m);
	(void)ipc_end(&w->out);
	w->events_sent++;
}

static enum err
emit_event(struct worker *w, const struct record *r)
{
	w->record = r;
	w->described = false;
	(void)record_events(r, send_event, w);
	return w->events_sent < LIMIT_TIMELINE_EVENTS ? ERR_OK : ERR_LIMIT;
}

static enum err
emit(struct artifact_ctx *ctx, const struct record *r)
{
	struct worker *w = ctx->owner;

	if (w->out.broken)
		return ERR_LIMIT;
	if (w->task->events)
		return emit_event(w, r);
	fault_strike(artifact_name(w), w->counts.records + 1, w->out.fd);
	count_record(w, r);
	detect(w, r);
	if (w->counts.records % COUNT_EVERY == 1) {
		send_counts(w, FRAME_COUNT);
		(void)ipc_flush(&w->out);
	}
	return ERR_OK;
}

static struct file *
sibling(struct artifact_ctx *ctx, const char *suffix)
{
	struct worker *w = ctx->owner;
	const char *const *v = plan_siblings(ctx->artifact);

	for (size_t i = 0; v[i] != NULL && i < SIBLINGS_MAX; i++)
		if (strcmp(v[i], suffix) == 0)
			return w->opened[w->at - w->task->from].sibling[i];
	return NULL;
}

/* What an error costs, said as a note when nobody said it yet. */
static void
note_error(struct worker *w, enum err e)
{
	static const enum note_id ids[] = {
		[ERR_OK] = NOTE_READ_IO,
		[ERR_IO] = NOTE_READ_IO,
		[ERR_LIMIT] = NOTE_FILE_LIMIT,
		[ERR_AUTH] = NOTE_FILE_KEY,
		[ERR_FORMAT] = NOTE_READ_IO,
		[ERR_ABSENT] = NOTE_FILE_ABSENT,
		[ERR_USAGE] = NOTE_READ_IO,
		[ERR_INTERNAL] = NOTE_READ_IO,
	};
	const char *detail = ids[e] == NOTE_READ_IO ? err_text(e) : NULL;

	if (!w->lowered)
		on_note(w, ids[e], 0, detail);
}

/* The path of e's sibling; see struct artifact. */
static void
sibling_path(struct buf *path, const struct entry *e, const char *suffix)
{
	size_t slash = str_rfind(e->path, '/');

	buf_reset(path);
	if (suffix[0] != '/') {
		buf_str(path, e->path);
		buf_puts(path, suffix);
	} else if (slash < e->path.n) {
		buf_str(path, str_sub(e->path, 0, slash));
		buf_puts(path, suffix);
	} else {
		buf_puts(path, suffix + 1);
	}
}

static void
open_siblings(struct worker *w, struct opened *o, const struct entry *e)
{
	struct acquisition *acq = w->task->acquisition;
	const struct artifact *a = artifacts[file_of(w, w->at)->artifact];
	const char *const *v = plan_siblings(a);
	const struct entry *s;
	struct buf path;

	buf_init(&path, LIMIT_PATH + 64);
	for (size_t i = 0; v[i] != NULL && i < SIBLINGS_MAX; i++) {
		sibling_path(&path, e, v[i]);
		s = path.full ? NULL
			      : source_find(acq->source, buf_cstr(&path));
		if (s == NULL || s == e || s->type != ENTRY_FILE)
			continue;
		if (source_open(acq->source, s, w->ctx.notes, &o->sibling[i]) !=
		    ERR_OK)
			note_why(w->ctx.notes, NOTE_READ_IO, 0,
			    "the file %s beside it", v[i]);
	}
	buf_done(&path);
}

/* Notes of opening belong to the file, so it is begun twice. */
static void
open_one(struct worker *w, uint32_t i)
{
	struct acquisition *acq = w->task->acquisition;
	const struct plan_file *f = file_of(w, i);
	struct opened *o = &w->opened[i - w->task->from];
	const struct entry *e;

	if (f->entry == PLAN_LISTING)
		return;
	begin(w, i);
	if (fault_is(artifact_name(w), FAULT_FAIL_OPEN, 0)) {
		o->err = ERR_IO;
	} else {
		e = &acq->source->entries[f->entry];
		o->err = source_open(acq->source, e, w->ctx.notes, &o->file);
		if (o->err == ERR_OK)
			open_siblings(w, o, e);
	}
	if (o->err != ERR_OK)
		note_error(w, o->err);
}

/* Said once a file: what correlations then miss, they miss of all of it. */
static void
note_kept(struct worker *w)
{
	if (w->kept_left_out > 0)
		note_why(w->ctx.notes, NOTE_READ_LIMIT, w->counts.records,
		    "too many records to be looked at together: %zu are left "
		    "out",
		    w->kept_left_out);
}

static void
send_rows(struct worker *w)
{
	if (w->ctx.row_seen == NULL || w->rows.ntables == 0)
		return;
	rowindex_put(&w->rows, ipc_begin(&w->out, FRAME_ROWS));
	(void)ipc_end(&w->out);
}

static void
read_one(struct worker *w, uint32_t i)
{
	struct acquisition *acq = w->task->acquisition;
	const struct plan_file *f = file_of(w, i);
	struct opened *o = &w->opened[i - w->task->from];
	enum err e;

	begin(w, i);
	w->ctx.artifact = artifacts[f->artifact];
	w->ctx.source = f->entry == PLAN_LISTING ? acq->source : NULL;
	w->ctx.path = f->entry == PLAN_LISTING
			  ? str_from("")
			  : acq->source->entries[f->entry].path;
	fault_strike(artifact_name(w), 0, w->out.fd);
	if (o->err == ERR_OK) {
		e = w->ctx.artifact->read(&w->ctx, o->file);
		if (e != ERR_OK)
			note_error(w, e);
		note_kept(w);
		send_more_notes(w);
		send_rows(w);
	}
	send_counts(w, FRAME_END);
	arena_reset(&w->arena);
	file_free(o->file);
	for (size_t k = 0; k < SIBLINGS_MAX; k++)
		file_free(o->sibling[k]);
	*o = (struct opened){ 0 };
}

/*
 * abort() right behind an allocation that failed finds errno as malloc() left
 * it: that tells a reader that ran out of memory from one that is broken.
 */
static void
on_abort(int sig)
{
	(void)sig;
	if (errno == ENOMEM)
		_exit(WORKER_OUT_OF_MEMORY);
}

/* Only a job of one file: those of batches are small. */
static void
set_up_rows(struct worker *w)
{
	const struct worker_task *t = w->task;

	rowindex_init(&w->rows);
	if (t->plan->jobs[t->job].nfiles != 1)
		return;
	if (!t->events)
		w->ctx.row_seen = row_seen;
	else if (t->rows.len > 0 && rowindex_get(t->rows, &w->rows))
		w->ctx.rows_wanted = rows_wanted;
}

static void
limit(const struct worker *w)
{
	const struct plan_job *j = &w->task->plan->jobs[w->task->job];
	struct sandbox_limits l = { .memory = LIMIT_WORKER_MEMORY,
		.cpu_s = LIMIT_WORKER_CPU_S +
			 LIMIT_WORKER_CPU_S_PER_MB * (j->size >> 20) };

	if (l.cpu_s > LIMIT_WORKER_CPU_S_MAX)
		l.cpu_s = LIMIT_WORKER_CPU_S_MAX;
	if (fault_hurries(artifact_name(w)))
		l.cpu_s = 1;
	(void)sandbox_limits(w->task->statm, &l);
}

_Noreturn void
worker_run(const struct worker_task *t)
{
	struct worker *w = calloc(1, sizeof(*w));
	const struct notes notes = { .fn = on_note, .arg = w };

	if (w == NULL)
		abort();
	(void)signal(SIGABRT, on_abort);
	w->task = t;
	w->at = t->from;
	w->opened = calloc(t->to - t->from, sizeof(*w->opened));
	if (w->opened == NULL)
		abort();
	ipc_out_init(&w->out, t->out);
	arena_init(&w->arena, LIMIT_ARENA);
	buf_init(&w->bytes, LIMIT_RECORD_BYTES);
	w->ctx = (struct artifact_ctx){ .kind = t->acquisition->kind->bit,
		.arena = &w->arena,
		.notes = &notes,
		.sibling = sibling,
		.emit = emit,
		.wants = t->events ? wants : NULL,
		.owner = w };
	set_up_rows(w);
	limit(w);
	for (uint32_t i = t->from; i < t->to; i++)
		open_one(w, i);
	(void)sandbox_worker(t->out, t->missing);
	for (uint32_t i = t->from; i < t->to; i++)
		read_one(w, i);
	(void)ipc_flush(&w->out);
	_exit(WORKER_OK);
}

_Noreturn void
worker_hash(const struct worker_task *t, const char *path)
{
	struct ipc_out out;
	struct msg_hash m = { 0 };
	struct why why = { .text = "" };
	uint8_t sum[SHA256_SIZE];

	ipc_out_init(&out, t->out);
	m.ok = acquisition_hash(path, t->acquisition, sum, &why) == ERR_OK;
	m.sha256 = cur_from(sum, sizeof(sum));
	m.why = str_from(why.text);
	msg_hash_put(ipc_begin(&out, FRAME_HASH), &m);
	(void)ipc_end(&out);
	(void)ipc_flush(&out);
	_exit(WORKER_OK);
}
