#ifndef TESTS_UNIT_ARTIFACT_RUN_H
#define TESTS_UNIT_ARTIFACT_RUN_H
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "artifact.h"
#include "check.h"

/*
 * Runs one artifact's reader over one file in memory and writes down all that
 * it says, one JSON object a line: records, each followed by its events as the
 * timeline shows them, then notes, then the error when there was one.
 */
struct run {
	struct artifact_ctx ctx;
	struct arena arena;
	struct notes notes_to;
	struct file *wal;     /* lent to the reader as "-wal" */
	struct file *journal; /* and as "-journal" */
	struct file *beside;  /* and as the file beside it of that name */
	char beside_name[128];
	struct buf out; /* the lines */
	bool quiet;	/* count only */
	enum err err;
	size_t records, events, notes;
	size_t noted[NOTE_COUNT];
	/* Looks at each record when set. */
	void (*look)(struct run *run, const struct record *r);
	int64_t want_from, want_to; /* for wants, when set */
};

static inline struct file *
run_sibling(struct artifact_ctx *ctx, const char *suffix)
{
	struct run *run = ctx->owner;

	if (strcmp(suffix, "-journal") == 0)
		return run->journal;
	if (suffix[0] == '/' && strcmp(suffix + 1, run->beside_name) == 0)
		return run->beside;
	return strcmp(suffix, "-wal") == 0 ? run->wal : NULL;
}

static inline void
run_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	struct run *run = arg;
	struct jsonw w;

	run->notes++;
	run->noted[id]++;
	if (run->quiet || run->noted[id] > LIMIT_NOTES_PER_FILE)
		return;
	jsonw_init(&w, &run->out, NULL, false);
	jsonw_object(&w);
	jsonw_key(&w, "note");
	jsonw_cstr(&w, note_infos[id].name);
	jsonw_key(&w, "at");
	jsonw_uint(&w, off);
	if (detail != NULL) {
		jsonw_key(&w, "detail");
		jsonw_cstr(&w, detail);
	}
	jsonw_object_end(&w);
	buf_puts(&run->out, "\n");
}

struct run_event {
	struct run *run;
	const struct record *r;
};

static inline void
run_event(void *arg, int64_t ns, const char *name)
{
	struct run_event *e = arg;
	struct jsonw w;
	struct buf text;

	e->run->events++;
	if (e->run->quiet)
		return;
	buf_init(&text, LIMIT_RECORD_BYTES);
	record_describe(e->r, &text);
	jsonw_init(&w, &e->run->out, NULL, false);
	jsonw_object(&w);
	jsonw_key(&w, "time");
	jsonw_time(&w, ns);
	jsonw_key(&w, "event");
	jsonw_cstr(&w, name);
	jsonw_key(&w, "text");
	jsonw_str(&w, buf_text(&text));
	jsonw_object_end(&w);
	buf_puts(&e->run->out, "\n");
	buf_done(&text);
}

static inline enum err
run_emit(struct artifact_ctx *ctx, const struct record *r)
{
	struct run *run = ctx->owner;
	struct run_event e = { run, r };
	struct jsonw w;

	run->records++;
	if (!run->quiet) {
		jsonw_init(&w, &run->out, NULL, false);
		jsonw_object(&w);
		jsonw_key(&w, "record");
		record_json(r, true, &w);
		if (r->deliberate || r->role_set) {
			jsonw_key(&w, "role");
			jsonw_cstr(&w, role_name(record_role(r)));
			jsonw_key(&w, "deliberate");
			jsonw_bool(&w, r->deliberate);
		}
		jsonw_object_end(&w);
		buf_puts(&run->out, "\n");
	}
	(void)record_events(r, run_event, &e);
	if (run->look != NULL)
		run->look(run, r);
	return ERR_OK;
}

static inline bool
run_wants(struct artifact_ctx *ctx, int64_t ns)
{
	struct run *run = ctx->owner;

	return ns >= run->want_from && ns < run->want_to;
}

/* The kind of its first place: every artifact has one. */
static inline void
run_init(struct run *run, const struct artifact *a, const char *path)
{
	*run = (struct run){ .notes_to = { .fn = run_note } };
	run->notes_to.arg = run;
	arena_init(&run->arena, LIMIT_ARENA);
	buf_init(&run->out, (size_t)1 << 30);
	run->ctx = (struct artifact_ctx){
		.artifact = a,
		.kind = a->places[0].kinds,
		.arena = &run->arena,
		.notes = &run->notes_to,
		.path = str_from(path),
		.sibling = run_sibling,
		.emit = run_emit,
		.owner = run,
	};
}

static inline void
run_bytes(struct run *run, const void *data, size_t len)
{
	struct file *f = file_mem_new(run->ctx.path.p, data, len);

	run->err = run->ctx.artifact->read(&run->ctx, f);
	if (run->err != ERR_OK && !run->quiet)
		buf_printf(
		    &run->out, "{\"error\":\"%s\"}\n", err_text(run->err));
	file_free(f);
}

static inline void
run_done(struct run *run)
{
	arena_done(&run->arena);
	buf_done(&run->out);
}

/* A whole file in memory; NULL when there is none. */
static inline char *
run_slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rbe");
	size_t cap = 1 << 16, n;
	char *p;

	if (f == NULL)
		return NULL;
	p = malloc(cap + 1);
	CHECK(p != NULL);
	*len = 0;
	while ((n = fread(p + *len, 1, cap - *len, f)) > 0) {
		*len += n;
		if (*len == cap) {
			cap *= 2;
			p = realloc(p, cap + 1);
			CHECK(p != NULL);
		}
	}
	p[*len] = '\0';
	fclose(f);
	return p;
}

/* The database that an SQL script makes, as bytes; sqlite3_free it. */
static inline unsigned char *
run_sql(const char *sql, size_t *len)
{
	sqlite3_int64 size = 0;
	unsigned char *bytes;
	sqlite3 *db;
	char *why = NULL;

	CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
		fprintf(stderr, "%s\n", why);
		exit(1);
	}
	bytes = sqlite3_serialize(db, "main", &size, 0);
	CHECK(bytes != NULL);
	sqlite3_close(db);
	*len = (size_t)size;
	return bytes;
}
#endif
