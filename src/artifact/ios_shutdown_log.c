#include <stdlib.h>

#include "artifact.h"
#include "fields.h"
#include "limits.h"
#include "say.h"
#include "shutdown_line.h"

/*
 * shutdown.log, and shutdown.N.log since iOS 26: when a phone shuts down, logd
 * lists again and again who is still there ("clients"), and at the end the
 * time. Implants have held shutdowns up. One record for each client of a
 * shutdown, however often it is listed; one for a shutdown without any; one
 * for a log that is empty. Delays start again from low with each shutdown, so
 * that one whose end was never written is told from the next.
 */
enum {
	PATH,
	PROCESS,
	UUID,
	PID,
	TIMES,
	SECONDS,
	SHUTDOWN,
	SHUTDOWN_ID,
	NOTICES,
	LONGEST,
	STATE,
	TIME,
	NFIELDS,
};

static const struct field fields[] = {
	[PATH] = FIELD("path_on_phone", TEXT, PATH, 0,
	    "program that was still running, as the log has it"),
	[PROCESS] =
	    FIELD("process", TEXT, PROCESS, 0, "last part of that path"),
	[UUID] = FIELD("image_uuid", TEXT, NONE, 0,
	    "identifier of the program's code, which stands behind the path"),
	[PID] = FIELD("pid", INT, NONE, 0, "number of the process"),
	[TIMES] = FIELD("times_delayed", INT, NONE, 0,
	    "in how many delay notices of the shutdown it stands"),
	[SECONDS] = FIELD("seconds", REAL, NONE, 0,
	    "how long into the shutdown it was last listed"),
	[SHUTDOWN] = FIELD("shutdown", INT, NONE, 0,
	    "number of the shutdown in this log, from 1"),
	[SHUTDOWN_ID] = FIELD("shutdown_id", TEXT, NONE, 0,
	    "the same for all records of one shutdown, also in another copy of "
	    "the log: its time in seconds since 1970; without one, the log's "
	    "name and the number"),
	[NOTICES] =
	    FIELD("notices", INT, NONE, 0, "delay notices of the shutdown"),
	[LONGEST] = FIELD("shutdown_seconds", REAL, NONE, 0,
	    "how long into the shutdown the last notice came"),
	[STATE] = FIELD("state", TEXT, NONE, 0,
	    "unfinished: no end was written; no-client: nobody was left; "
	    "empty: a log that tells of no shutdown; else absent"),
	[TIME] =
	    FIELD_TIME("time", 0, "shutdown", "when the shutdown was over"),
};

/* One line that lists a client. */
struct client {
	struct str path, uuid;
	int64_t pid;
	uint64_t line;
	uint64_t notice; /* 0: before any */
	double seconds;
	uint64_t times;
};

struct log {
	struct artifact_ctx *ctx;
	struct client *v; /* of the shutdown at hand */
	size_t n, cap;
	uint64_t line, number, notices;
	double seconds; /* of its last notice */
	bool bare;	/* the last notice has listed nobody yet */
};

static bool
client_add(struct log *l, const struct shutdown_line *s)
{
	size_t cap = l->cap ? l->cap * 2 : 64;
	struct client *v;

	if (l->n == l->cap) {
		v = arena_alloc(l->ctx->arena, cap, sizeof(*v));
		if (v == NULL) {
			note_why(l->ctx->notes, NOTE_READ_LIMIT, l->line,
			    "too many clients in one shutdown");
			return false;
		}
		for (size_t i = 0; i < l->n; i++)
			v[i] = l->v[i];
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = (struct client){ .path = s->path,
		.uuid = s->uuid,
		.pid = s->pid,
		.line = l->line,
		.notice = l->notices,
		.seconds = l->seconds,
		.times = l->notices > 0 };
	l->bare = false;
	return true;
}

static int
client_cmp(const void *pa, const void *pb)
{
	const struct client *a = pa, *b = pb;
	int c = str_cmp(a->path, b->path);

	if (c == 0)
		c = str_cmp(a->uuid, b->uuid);
	if (c != 0 || a->pid != b->pid)
		return c != 0 ? c : a->pid < b->pid ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

static int
line_cmp(const void *pa, const void *pb)
{
	const struct client *a = pa, *b = pb;

	return a->line < b->line ? -1 : a->line > b->line;
}

/* The lines of one client become one, in place of the first. */
static void
merge_clients(struct log *l)
{
	size_t n = 0;

	if (l->n < 2)
		return;
	qsort(l->v, l->n, sizeof(*l->v), client_cmp);
	for (size_t i = 1; i < l->n; i++) {
		struct client *at = &l->v[n];
		const struct client *c = &l->v[i];

		if (!str_eq(at->path, c->path) || !str_eq(at->uuid, c->uuid) ||
		    at->pid != c->pid) {
			l->v[++n] = *c;
			continue;
		}
		at->times += c->notice != at->notice;
		at->notice = c->notice;
		at->seconds = c->seconds;
	}
	l->n = n + 1;
	qsort(l->v, l->n, sizeof(*l->v), line_cmp);
}

static enum err
emit(struct log *l, struct record *r, uint64_t line)
{
	char where[32];

	if (!artifact_wants_record(l->ctx, r))
		return ERR_OK;
	(void)snprintf(
	    where, sizeof(where), "line=%llu", (unsigned long long)line);
	r->locator = str_from(where);
	return artifact_emit(l->ctx, r);
}

/* What all records of the shutdown at hand say. */
static void
put_shutdown(const struct log *l, int64_t end_s, char *id, struct record *r)
{
	record_init(r, &l->ctx->artifact->schema, l->ctx->path);
	record_int(r, SHUTDOWN, (int64_t)l->number);
	if (id != NULL)
		record_text(r, SHUTDOWN_ID, str_from(id));
	record_int(r, NOTICES, (int64_t)l->notices);
	if (l->notices > 0)
		record_real(r, LONGEST, l->seconds);
	if (end_s < 0)
		record_text(r, STATE, str_from("unfinished"));
	else
		record_time(r, TIME, tstamp_unix_i(end_s), (double)end_s);
}

static void
put_client(const struct client *c, struct record *r)
{
	if (c->path.n > 0) {
		record_text(r, PATH, c->path);
		record_text(r, PROCESS, str_basename(c->path));
	}
	if (c->uuid.n > 0)
		record_text(r, UUID, c->uuid);
	record_int(r, PID, c->pid);
	record_int(r, TIMES, (int64_t)c->times);
	if (c->notice > 0)
		record_real(r, SECONDS, c->seconds);
}

static char *
shutdown_id(const struct log *l, int64_t end_s)
{
	struct str name = str_basename(l->ctx->path);

	if (end_s >= 0)
		return arena_printf(l->ctx->arena, "%lld", (long long)end_s);
	return arena_printf(l->ctx->arena, "%.*s#%llu", (int)name.n, name.p,
	    (unsigned long long)l->number);
}

static void
note_bare(struct log *l)
{
	if (l->bare)
		note_why(l->ctx->notes, NOTE_READ_SCHEMA, l->line,
		    "the notice before line %llu lists nobody",
		    (unsigned long long)l->line);
	l->bare = false;
}

/* end_s: its time; -1 when no end was written. */
static enum err
close_shutdown(struct log *l, int64_t end_s)
{
	enum err e = ERR_OK;
	struct record r;
	char *id;

	note_bare(l);
	if (l->n == 0 && l->notices == 0 && end_s < 0)
		return ERR_OK;
	l->number++;
	id = shutdown_id(l, end_s);
	merge_clients(l);
	for (size_t i = 0; e == ERR_OK && i < l->n; i++) {
		put_shutdown(l, end_s, id, &r);
		put_client(&l->v[i], &r);
		e = emit(l, &r, l->v[i].line);
	}
	if (l->n == 0) {
		put_shutdown(l, end_s, id, &r);
		record_text(&r, STATE, str_from("no-client"));
		r.role_set = true;
		r.role = ROLE_MENTION;
		e = emit(l, &r, l->line);
	}
	l->n = 0;
	l->notices = 0;
	l->seconds = 0;
	return e;
}

static enum err
take_line(struct log *l, const struct shutdown_line *s)
{
	enum err e = ERR_OK;

	if (s->kind == SHUTDOWN_END)
		return close_shutdown(l, s->end_s);
	if (s->kind == SHUTDOWN_NOTICE) {
		if (l->notices > 0 && s->seconds < l->seconds)
			e = close_shutdown(l, -1);
		note_bare(l);
		/* The one-line form says it again for each client. */
		l->notices += !s->has_client || l->notices == 0 ||
			      s->seconds > l->seconds;
		l->seconds = s->seconds;
		l->bare = true;
	}
	if (s->has_client && !client_add(l, s))
		return ERR_LIMIT;
	return e;
}

/* A log of nothing but blanks: there is something to say of that, too. */
static enum err
emit_empty(struct log *l)
{
	struct record r;

	record_init(&r, &l->ctx->artifact->schema, l->ctx->path);
	record_text(&r, STATE, str_from("empty"));
	r.role_set = true;
	r.role = ROLE_MENTION;
	return emit(l, &r, 0);
}

static enum err
read_lines(struct log *l, struct cur c)
{
	struct artifact_ctx *ctx = l->ctx;
	bool known = false, unknown = false;
	bool cut = c.len > 0 && !str_ends(cur_rest(c), "\n");
	struct shutdown_line s;
	enum err e = ERR_OK;
	struct str text;
	size_t off = c.off;

	for (; e == ERR_OK && cur_line(&c, &text); off = c.off) {
		l->line++;
		shutdown_line_parse(text, &s);
		known = known || (s.kind != SHUTDOWN_BLANK &&
				     s.kind != SHUTDOWN_UNKNOWN);
		if (s.kind == SHUTDOWN_UNKNOWN) {
			unknown = true;
			note_why(ctx->notes, NOTE_READ_SCHEMA, off,
			    "line %llu is of no known kind",
			    (unsigned long long)l->line);
		}
		e = take_line(l, &s);
	}
	if (cut)
		note(ctx->notes, NOTE_READ_CUT, off);
	if (e == ERR_OK)
		e = close_shutdown(l, -1);
	if (unknown && !known)
		note_why(ctx->notes, NOTE_READ_VERSION, 0,
		    "no line of a shutdown log");
	else if (e == ERR_OK && !known)
		e = emit_empty(l);
	return e;
}

static enum err
shutdown_read(struct artifact_ctx *ctx, struct file *f)
{
	struct log l = { .ctx = ctx };
	struct cur bytes;
	enum err e = file_read_all(f, ctx->arena, LIMIT_FILE_IN_MEMORY, &bytes);

	if (e == ERR_LIMIT) {
		note(ctx->notes, NOTE_READ_LIMIT, LIMIT_FILE_IN_MEMORY);
		return ERR_OK;
	}
	return e == ERR_OK ? read_lines(&l, bytes) : e;
}

static void
shutdown_describe(const void *record, struct buf *out)
{
	static const size_t who[] = { PATH, UUID };
	const struct record *r = record;

	if (r->v[PID].type == VALUE_NONE) {
		buf_puts(out, "shut down");
		return;
	}
	say_first(r, who, 2, "a program without a path", out);
	say_field(r, PID, " (pid ", ")", out);
	buf_puts(out, " was still there when the phone shut down");
	say_field(r, SECONDS, ", after ", " s", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_FS, "private/var/db/diagnostics/shutdown.log"),
	PLACE(IN_IOS_FS, "private/var/db/diagnostics/shutdown.*.log"),
	PLACE(IN_IOS_SYSDIAGNOSE, "**/shutdown.log"),
	PLACE(IN_IOS_SYSDIAGNOSE, "**/shutdown.*.log"),
	PLACES_END,
};

const struct artifact artifact_ios_shutdown_log = {
	.summary = "programs that were still running when the phone shut down",
	.schema = {.name = "ios.shutdown_log",
		   .version = 1,
		   .role = ROLE_EXECUTION,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = shutdown_describe},
	.places = places,
	.read = shutdown_read,
};
