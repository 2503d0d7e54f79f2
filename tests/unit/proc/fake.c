#include "fake.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../check.h"
#include "acquisition.h"
#include "artifact.h"
#include "detector.h"

enum { LINE_TIME, LINE_TEXT, LINE_FIELDS };

static const struct field line_fields[LINE_FIELDS] = {
	[LINE_TIME] = {.name = "time",	.type = VALUE_TIME, .event = "line"},
	[LINE_TEXT] = { .name = "text",
		       .type = VALUE_TEXT,
		       .obs = OBS_PROCESS				  },
};

/* Every line is a record; one without a number is a note. */
static enum err
lines_read(struct artifact_ctx *ctx, struct file *f)
{
	struct record r;
	struct cur c;
	struct str line;
	enum err e = file_read_all(f, ctx->arena, 1 << 20, &c);
	char locator[32];

	for (size_t row = 1; e == ERR_OK && cur_line(&c, &line); row++) {
		size_t space = str_find(line, ' ');
		int64_t t = atoll(line.p);

		if (t == 0) {
			note_why(
			    ctx->notes, NOTE_READ_SCHEMA, row, "line %zu", row);
			continue;
		}
		(void)snprintf(locator, sizeof(locator), "line=%zu", row);
		record_init(&r, &ctx->artifact->schema, ctx->path);
		r.locator = str_from(locator);
		record_time(&r, LINE_TIME, tstamp_unix_i(t), (double)t);
		record_text(&r, LINE_TEXT, str_sub(line, space + 1, line.n));
		e = artifact_emit(ctx, &r);
	}
	return e;
}

static enum err
list_read(struct artifact_ctx *ctx, struct file *f)
{
	struct record r;
	enum err e = ERR_OK;

	CHECK(f == NULL && ctx->source != NULL);
	for (size_t i = 0; e == ERR_OK && i < ctx->source->count; i++) {
		if (ctx->source->entries[i].type != ENTRY_FILE)
			continue;
		record_init(&r, &ctx->artifact->schema, str_from("list"));
		r.locator = ctx->source->entries[i].path;
		record_text(&r, LINE_TEXT, ctx->source->entries[i].path);
		e = artifact_emit(ctx, &r);
	}
	return e;
}

#define PLACE(kind, glob_)                                                     \
	(const struct artifact_place[])                                        \
	{                                                                      \
		{ .kinds = (kind), .glob = (glob_) },                          \
		{                                                              \
			.kinds = 0                                             \
		}                                                              \
	}
#define SCHEMA(name_, role_)                                                   \
	{                                                                      \
		.name = (name_), .version = 1, .role = (role_),                \
		.fields = line_fields, .nfields = LINE_FIELDS                  \
	}

static const struct artifact test_app = {
	.schema = SCHEMA("test.app", ROLE_DELIVERY),
	.places = PLACE(IN_IOS_BACKUP, "app/*"),
	.app_bundle_id = "org.example.app",
	.read = lines_read,
};
static const struct artifact test_gone = {
	.schema = SCHEMA("test.gone", ROLE_MENTION),
	.places = PLACE(IN_IOS_BACKUP, "gone/*"),
	.read = lines_read,
};
static const struct artifact test_lines = {
	.schema = SCHEMA("test.lines", ROLE_EXECUTION),
	.places = PLACE(IN_IOS_BACKUP, "lines/*.txt"),
	.read = lines_read,
};
static const struct artifact test_list = {
	.schema = SCHEMA("test.list", ROLE_MENTION),
	.places = PLACE(IN_IOS_BACKUP, ""),
	.listing = true,
	.read = list_read,
};
static const struct artifact test_many = {
	.schema = SCHEMA("test.many", ROLE_EXECUTION),
	.places = PLACE(IN_IOS_BACKUP, "many/*.txt"),
	.read = lines_read,
};
static const struct artifact test_other = {
	.schema = SCHEMA("test.other", ROLE_EXECUTION),
	.places = PLACE(IN_IOS_FS, "other/*"),
	.read = lines_read,
};

const struct artifact *const artifacts[] = { &test_app, &test_gone, &test_lines,
	&test_list, &test_many, &test_other, NULL };

const struct artifact *
artifact_by_name(const char *name)
{
	for (size_t i = 0; artifacts[i] != NULL; i++)
		if (strcmp(artifacts[i]->schema.name, name) == 0)
			return artifacts[i];
	return NULL;
}

static int
folder_probe(const struct source *s)
{
	return s->count > 0 ? 100 : 0;
}

static enum err
folder_open(struct acquisition *a, struct source *outer,
    const struct acquire_options *o, const struct notes *n, struct why *why)
{
	(void)n;
	if (source_find(outer, "locked") != NULL &&
	    (o->password_len != 4 || memcmp(o->password, "word", 4) != 0))
		return why_set(why, ERR_AUTH, "needs its password");
	a->source = outer;
	a->os_version = "1.0";
	return ERR_OK;
}

static const struct acquisition_kind kind_folder = {
	.name = "ios-backup",
	.summary = "a folder of lines",
	.bit = IN_IOS_BACKUP,
	.probe = folder_probe,
	.open = folder_open,
};
const struct acquisition_kind *const acquisition_kinds[] = { &kind_folder,
	NULL };

static const char *const words[] = { "evil", "odd" };

static void
words_record(
    const void *state, const struct record *r, const struct hit_sink *sink)
{
	struct str text = r->v[LINE_TEXT].s;

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		struct hit h = { .ref = i,
			.field = LINE_TEXT,
			.level = i == 0 ? LEVEL_HIGH : LEVEL_LOW,
			.role = (uint8_t)record_role(r) };

		if (str_starts(text, words[i]))
			sink->fn(sink->arg, &h);
	}
}

static void
words_finding(const void *state, const struct hit *h, const struct record *r,
    struct arena *a, struct finding *out)
{
	int64_t last;

	(void)state;
	if (h->ref > 1)
		return;
	*out = (struct finding){ .level = (enum level)h->level,
		.kind = FINDING_INDICATOR,
		.role = (enum role)h->role,
		.statement = STATEMENT_MATCH,
		.title = words[h->ref],
		.why = "",
		.indicator_type = "process",
		.indicator_value = words[h->ref],
		.artifact = r->schema->name,
		.path = arena_str(a, r->path),
		.locator = arena_str(a, r->locator) };
	record_span(r, &out->time_ns, &last);
}

static const struct detector detector_words = {
	.name = "words",
	.summary = "two words",
	.on = true,
	.record = words_record,
	.finding = words_finding,
};
/* Keeps what begins with "keep", and speaks of all of it together. */
static void
together_record(
    const void *state, const struct record *r, const struct hit_sink *sink)
{
	struct hit h = { .ref = 7,
		.field = LINE_TEXT,
		.role = (uint8_t)record_role(r),
		.kept = true };

	(void)state;
	if (str_starts(r->v[LINE_TEXT].s, "keep"))
		sink->fn(sink->arg, &h);
}

static void
together_finding(const void *state, const struct hit *h, const struct record *r,
    struct arena *a, struct finding *out)
{
	(void)state;
	(void)h;
	(void)r;
	(void)a;
	(void)out;
}

static void
together_finish(const void *state, const struct kept_records *k,
    struct arena *a, const struct finding_sink *sink)
{
	struct finding f = { .level = LEVEL_MEDIUM,
		.kind = FINDING_RULE,
		.role = ROLE_EXECUTION,
		.statement = STATEMENT_INFERENCE,
		.title = "together",
		.why = k->os_version,
		.rule_id = "together",
		.nrecords = k->n };
	struct record r;
	int64_t last;

	(void)state;
	f.records = arena_alloc(a, k->n, sizeof(*f.records));
	for (size_t i = 0; i < k->n; i++) {
		CHECK(k->v[i].hit.kept && k->v[i].hit.ref == 7);
		CHECK(record_decode(k->v[i].record, k->schemas, a, &r));
		f.records[i] =
		    (struct finding_record){ .artifact = r.schema->name,
			    .path = arena_str(a, r.path),
			    .locator = arena_str(a, r.locator) };
		if (i == 0)
			record_span(&r, &f.time_ns, &last);
	}
	if (k->n == 0)
		return;
	f.artifact = f.records[0].artifact;
	f.path = f.records[0].path;
	f.locator = f.records[0].locator;
	sink->fn(sink->arg, &f);
}

static const struct detector detector_together = {
	.name = "together",
	.summary = "what is kept",
	.on = true,
	.record = together_record,
	.finding = together_finding,
	.finish = together_finish,
};
const struct detector *const detectors[] = { &detector_words,
	&detector_together, NULL };

char *
fake_folder(char template[])
{
	CHECK(mkdtemp(template) != NULL);
	return template;
}

void
fake_file(const char *dir, const char *name, const char *text)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (char *p = path + strlen(dir) + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		(void)mkdir(path, 0700);
		*p = '/';
	}
	f = fopen(path, "we");
	CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
fake_remove(const char *dir)
{
	CHECK(nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

struct report *
fake_check_with(
    const char *dir, struct check_options *o, enum err want, struct why *why)
{
	const struct detect_ctx detect = {
		.enabled = {true, true}
	};
	struct report *r = report_new();
	enum err e;

	o->path = dir;
	o->detect = &detect;
	e = check_run(o, r, why);
	if (e != want)
		fprintf(stderr, "check_run: %d, %s\n", (int)e, why->text);
	CHECK(e == want);
	report_sort(r);
	return r;
}

struct report *
fake_check(const char *dir, unsigned workers, enum check_timeline timeline)
{
	struct check_options o = { .workers = workers, .timeline = timeline };
	struct why why = { .text = "" };

	return fake_check_with(dir, &o, ERR_OK, &why);
}

const struct coverage *
fake_cover(const struct report *r, const char *name)
{
	for (size_t i = 0; i < r->ncoverage; i++)
		if (strcmp(r->coverage[i].artifact, name) == 0)
			return &r->coverage[i];
	fprintf(stderr, "%s: coverage does not name it\n", name);
	exit(1);
}

bool
fake_reason(const struct coverage *c, const char *text)
{
	for (size_t i = 0; c->reasons != NULL && c->reasons[i] != NULL; i++)
		if (strstr(c->reasons[i], text) != NULL)
			return true;
	return false;
}
