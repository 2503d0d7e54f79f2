#ifndef TESTS_UNIT_SINK_RICH_H
#define TESTS_UNIT_SINK_RICH_H
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "consent.h"
#include "sets.h"
#include "sink.h"
#include "verdict.h"

/*
 * A report with something of everything, made by hand: all levels, kinds and
 * roles, hostile text in every place that evidence can reach, undated rows.
 */
#define NS	  INT64_C(1000000000)
#define DAY	  (86400 * NS)
#define RICH_BASE (INT64_C(1686564000) * NS) /* 2023-06-12T10:00:00Z */

/* NUL, quotes, markup, bidi override, bad UTF-8, a line end, a formula. */
static const char rich_evil_bytes[] =
    "=cmd|' /C calc'!A0\"</script><b onload=x>&amp;\xe2\x80\xae"
    "gpj.exe\xff\xc0\x80\0\r\nverdict: no-known-trace - all well";
#define RICH_EVIL ((struct str){ rich_evil_bytes, sizeof(rich_evil_bytes) - 1 })

static const struct field rich_fields[] = {
	{.name = "process", .type = VALUE_TEXT, .obs = OBS_PROCESS},
};
static const struct schema rich_schemas[] = {
	{.name = "ios.datausage",
	    .version = 1,
	    .role = ROLE_EXECUTION,
	    .fields = rich_fields,
	    .nfields = 1},
	{ .name = "ios.sms",
	    .version = 2,
	    .role = ROLE_DELIVERY,
	    .fields = rich_fields,
	    .nfields = 1},
	{ .name = "ios.safari_history",
	    .version = 1,
	    .role = ROLE_VISIT,
	    .fields = rich_fields,
	    .nfields = 1},
	{ .name = "ios.manifest",
	    .version = 1,
	    .role = ROLE_MENTION,
	    .fields = rich_fields,
	    .nfields = 1},
};

static inline struct value
rich_text(struct str s)
{
	return (struct value){ .type = VALUE_TEXT, .s = s };
}

/* n strings in a row as a list that ends with NULL; live in r's arena. */
static inline const char **
rich_list(struct report *r, const char *a, const char *b)
{
	const char **v = arena_alloc(&r->arena, 3, sizeof(*v));

	v[0] = a;
	v[a != NULL ? 1 : 0] = b;
	return v;
}

static inline void
rich_field(struct report *r, struct finding *f, const char *name,
    struct value v, bool content)
{
	if (f->fields == NULL)
		f->fields = arena_alloc(&r->arena, 8, sizeof(*f->fields));
	f->fields[f->nfields++] = (struct finding_field){
		.name = name, .value = v, .content = content
	};
}

static inline struct finding *
rich_finding(struct report *r, enum level level, enum role role)
{
	struct finding *f = &r->findings[r->nfindings++];

	*f = (struct finding){ .level = level,
		.kind = FINDING_INDICATOR,
		.role = role,
		.statement = STATEMENT_MATCH,
		.artifact = rich_schemas[ROLE_EXECUTION - role < 3
					     ? ROLE_EXECUTION - role
					     : 3]
				.name,
		.time_ns = RICH_BASE + (int64_t)r->nfindings * 61 * NS };
	(void)snprintf(f->id, sizeof(f->id), "%016zx",
	    (size_t)0xfeed000000000000u + r->nfindings);
	f->records = arena_alloc(&r->arena, 1, sizeof(*f->records));
	f->nrecords = 1;
	memset(f->records[0].sha256, 'a', 64);
	return f;
}

/* Where f was found: also in its record. */
static inline void
rich_place(struct finding *f, const char *artifact, const char *path,
    const char *locator)
{
	f->artifact = artifact;
	f->path = str_from(path);
	f->locator = str_from(locator);
	f->records[0].artifact = artifact;
	f->records[0].path = f->path;
	f->records[0].locator = f->locator;
}

static inline void
rich_process(struct report *r)
{
	struct finding *f = rich_finding(r, LEVEL_CRITICAL, ROLE_EXECUTION);

	rich_place(f, "ios.datausage",
	    "WirelessDomain/Library/Databases/DataUsage.sqlite",
	    "ZPROCESS.Z_PK=41");
	f->title = "a process with the published name \"BackupAgent\" used "
		   "the network";
	f->why = "Operation Triangulation's implant ran under this name. The "
		 "program of that name that lies on every phone has not used "
		 "the network for years.";
	f->benign = rich_list(r,
	    "a developer or a researcher ran a test program of this name",
	    "the database was restored from a phone on which it ran");
	f->next = rich_list(r,
	    "look at the hour around it: message attachments without a "
	    "message are typical",
	    "make a sysdiagnose and look for the process in it");
	f->campaign = "Operation Triangulation";
	f->indicator_type = "process";
	f->indicator_value = "BackupAgent";
	f->indicator_sets = rich_list(
	    r, "operation_triangulation.stix2", "another \"set\".json");
	rich_field(r, f, "process", rich_text(str_from("BackupAgent")), false);
	rich_field(r, f, "wwan_in",
	    (struct value){ .type = VALUE_INT, .i = 81920 }, false);
	rich_field(r, f, "share",
	    (struct value){ .type = VALUE_REAL, .real = 0.1 }, false);
	rich_field(r, f, "first",
	    (struct value){
		.type = VALUE_TIME,
		.t = {.ns = f->time_ns, .raw = 708256861.5}
	      },
	    false);
}

static inline void
rich_link(struct report *r)
{
	static const struct str links[] = {
		{"https://backuprabbit.com/x?<a>", 30},
		{ "https://example.org/",	  20},
	};
	struct finding *f = rich_finding(r, LEVEL_HIGH, ROLE_DELIVERY);

	rich_place(
	    f, "ios.sms", "HomeDomain/Library/SMS/sms.db", "message.ROWID=12");
	f->title = "a message carried a link to a published domain";
	f->why = "Links like this one were sent to people who were attacked.";
	f->next = rich_list(r, "do not open the link", NULL);
	f->campaign = "Operation Triangulation";
	f->indicator_type = "domain";
	f->indicator_value = "backuprabbit.com";
	f->indicator_sets = rich_list(r, "operation_triangulation.stix2", NULL);
	rich_field(r, f, "links",
	    (struct value){
		.type = VALUE_LIST, .list = {.v = links, .n = 2}
	   },
	    false);
	rich_field(r, f, "text",
	    rich_text(str_from("SECRET body of the message")), true);
}

/* Everything that evidence can say is hostile. */
static inline void
rich_hostile(struct report *r)
{
	struct finding *f = rich_finding(r, LEVEL_MEDIUM, ROLE_VISIT);
	char *copy = arena_strdup(&r->arena, RICH_EVIL);

	rich_place(f, "ios.safari_history", "", "");
	f->path = RICH_EVIL;
	f->locator = RICH_EVIL;
	f->records[0].path = RICH_EVIL;
	f->records[0].locator = RICH_EVIL;
	f->title = copy;
	f->why = copy;
	f->benign = rich_list(r, copy, NULL);
	f->next = rich_list(r, copy, NULL);
	f->campaign = copy;
	f->indicator_type = "url";
	f->indicator_value = copy;
	f->indicator_sets = rich_list(r, copy, NULL);
	rich_field(r, f, "url", rich_text(RICH_EVIL), false);
}

static inline void
rich_others(struct report *r)
{
	struct finding *f = rich_finding(r, LEVEL_MEDIUM, ROLE_MENTION);

	rich_place(f, "ios.manifest", "Manifest.db", "Files.ROWID=3");
	f->kind = FINDING_ANOMALY;
	f->statement = STATEMENT_INFERENCE;
	f->title = "attachment folders changed without an attachment";
	f->why = "In the hour of a delivery this is typical.";
	rich_field(r, f, "folder",
	    rich_text(str_from("Library/SMS/Attachments/65/05")), false);

	f = rich_finding(r, LEVEL_HIGH, ROLE_EXECUTION);
	rich_place(f, "ios.datausage", "WirelessDomain/DataUsage.sqlite",
	    "ZPROCESS.Z_PK=44");
	f->kind = FINDING_RULE;
	f->statement = STATEMENT_INFERENCE;
	f->rule_id = "7e5a3f0c";
	f->rule_title = "Several ordinary processes within five minutes";
	f->title = "rule: several ordinary processes within five minutes";
	f->time_ns = TSTAMP_NONE;

	f = rich_finding(r, LEVEL_INFO, ROLE_MENTION);
	rich_place(f, "ios.manifest", "Manifest.db", "Files.ROWID=9");
	f->kind = FINDING_NOTE;
	f->statement = STATEMENT_OBSERVATION;
	f->title = "a row was removed from a table";
	f = rich_finding(r, LEVEL_LOW, ROLE_VISIT);
	rich_place(f, "ios.safari_history",
	    "AppDomain-com.apple.mobilesafari/Library/Safari/History.db",
	    "history_visits.id=88");
	f->title = "a visit to a domain that was shared with others";
	f->campaign = "DarkSword";
	f->indicator_type = "domain";
	f->indicator_value = "novosti.dn.ua";
	f->indicator_sets = rich_list(r, "darksword.stix2", NULL);
	rich_field(r, f, "url",
	    rich_text(str_from("https://user@novosti.dn.ua:443/a")), false);
}

static inline void
rich_cover(struct report *r, const char *artifact, enum cover status,
    enum role role, uint64_t records)
{
	struct coverage *c = &r->coverage[r->ncoverage++];

	*c = (struct coverage){ .artifact = artifact,
		.status = status,
		.role = role,
		.files = records > 0,
		.records = records,
		.events = 2 * records,
		.first_ns = TSTAMP_NONE,
		.last_ns = TSTAMP_NONE };
	if (records == 0)
		return;
	c->first_ns = RICH_BASE - (int64_t)(records % 900 + 100) * DAY;
	c->last_ns = RICH_BASE + DAY;
	c->obs_mask = 1U << OBS_DOMAIN | 1U << OBS_URL | 1U << OBS_PROCESS;
}

static inline void
rich_coverage(struct report *r)
{
	r->coverage = arena_alloc(&r->arena, 32, sizeof(*r->coverage));
	rich_cover(r, "ios.whatsapp", COVER_NOT_APPLICABLE, ROLE_DELIVERY, 0);
	rich_cover(r, "ios.manifest", COVER_READ, ROLE_MENTION, 100251);
	rich_cover(r, "ios.backup_info", COVER_READ, ROLE_MENTION, 1);
	rich_cover(r, "ios.sms", COVER_READ, ROLE_DELIVERY, 300120);
	rich_cover(r, "ios.sms_attachments", COVER_READ, ROLE_DELIVERY, 4122);
	rich_cover(r, "ios.calls", COVER_READ, ROLE_DELIVERY, 991);
	rich_cover(r, "ios.safari_history", COVER_PARTIAL, ROLE_VISIT, 200410);
	r->coverage[r->ncoverage - 1].reasons =
	    rich_list(r, "2 pages of the database are damaged",
		arena_strdup(&r->arena, RICH_EVIL));
	rich_cover(r, "ios.datausage", COVER_READ, ROLE_EXECUTION, 412);
	rich_cover(
	    r, "ios.osanalytics_addaily", COVER_READ, ROLE_EXECUTION, 217);
	rich_cover(r, "ios.locationd_clients", COVER_FAILED, ROLE_EXECUTION, 0);
	rich_cover(r, "ios.tcc", COVER_READ, ROLE_EXECUTION, 61);
	rich_cover(
	    r, "ios.configuration_profiles", COVER_ABSENT, ROLE_EXECUTION, 0);
	rich_cover(
	    r, "ios.crash_reports", COVER_UNKNOWN_VERSION, ROLE_EXECUTION, 12);
	rich_cover(
	    r, "ios.shutdown_log", COVER_NOT_IN_THIS_KIND, ROLE_EXECUTION, 0);
}

static inline void
rich_notes(struct report *r)
{
	r->notes = arena_alloc(&r->arena, 8, sizeof(*r->notes));
	r->notes[r->nnotes++] = (struct report_note){ .name = "read.text",
		.text = "text that is not valid UTF-8",
		.artifact = "ios.sms",
		.path = "HomeDomain/Library/SMS/sms.db",
		.offset = 77,
		.effect = NOTE_EFFECT_NONE };
	r->notes[r->nnotes++] = (struct report_note){ .name = "read.io",
		.text = arena_strdup(&r->arena, RICH_EVIL),
		.artifact = "ios.locationd_clients",
		.path = arena_strdup(&r->arena, RICH_EVIL),
		.effect = NOTE_EFFECT_FAILED };
	r->notes[r->nnotes++] = r->notes[0]; /* a twin */
	r->notes[r->nnotes++] = (struct report_note){ .name = "worker.sandbox",
		.text = "this system lacks a part of the sandbox",
		.effect = NOTE_EFFECT_PARTIAL };
}

/* n events around the findings and one hostile one. */
static inline void
rich_events(struct report *r, size_t n)
{
	r->events = arena_alloc(&r->arena, n + 2, sizeof(*r->events));
	for (size_t i = 0; i < n; i++)
		r->events[i] = (struct event){
			.ns = RICH_BASE +
			      ((int64_t)(i * 7919 % 7200) - 3600) * NS +
			      (int64_t)i,
			.schema = &rich_schemas[i % 4],
			.name = str_from(i % 4 == 1 ? "received" : "first"),
			.text = str_from("something happened, then \"more\""),
			.path = str_from("HomeDomain/Library/SMS/sms.db"),
			.locator = str_from(
			    arena_printf(&r->arena, "message.ROWID=%zu", i)),
		};
	r->events[n] = (struct event){ .ns = RICH_BASE + 61 * NS,
		.schema = &rich_schemas[0],
		.name = str_from("first"),
		.text = str_from("BackupAgent 81,920 bytes"),
		.path = str_from(
		    "WirelessDomain/Library/Databases/DataUsage.sqlite"),
		.locator = str_from("ZPROCESS.Z_PK=41") };
	r->events[n + 1] = (struct event){ .ns = RICH_BASE + 183 * NS + 999,
		.schema = &rich_schemas[2],
		.name = RICH_EVIL,
		.text = RICH_EVIL,
		.path = RICH_EVIL,
		.locator = RICH_EVIL };
	r->nevents = n + 2;
}

/* Everything but findings and the verdict. */
static inline struct report *
rich_base(void)
{
	struct report *r = report_new();

	r->path = "/cases/backup";
	r->label = "case-0042";
	r->kind = "ios-backup";
	r->encrypted = true;
	r->files = 100251;
	r->bytes = 351234567;
	memset(r->sha256, 'b', 64);
	r->device = (struct device){ .model = "iPhone 12 mini",
		.product = "iPhone13,1",
		.os = "iOS",
		.os_version = "16.4.1",
		.build = "20E252",
		.name = "SECRET owner's phone",
		.serial = "F2LX0000000",
		.imei = "350000000000000",
		.udid = "00008101-000000000000001E",
		.made_ns = RICH_BASE + DAY };
	r->default_indicators = true;
	r->started_ns = RICH_BASE + 2 * DAY;
	r->seconds = 2.3459;
	r->workers = 2;
	rich_coverage(r);
	return r;
}

static inline struct report *
rich_report(size_t nevents)
{
	struct report *r = rich_base();

	r->group = "mission <a>";
	r->findings = arena_alloc(&r->arena, 16, sizeof(*r->findings));
	rich_process(r);
	rich_link(r);
	rich_hostile(r);
	rich_others(r);
	rich_notes(r);
	rich_events(r, nevents);
	r->limits = rich_list(
	    r, "one member of the archive was larger than the limit", NULL);
	return r;
}

/* As much of a rich report as a long-used phone gives: n findings. */
static inline struct report *
rich_many(size_t nfindings, size_t nevents)
{
	struct report *r = rich_report(nevents);
	struct finding *f =
	    arena_alloc(&r->arena, nfindings + r->nfindings, sizeof(*f));
	size_t old = r->nfindings;

	for (size_t i = 0; i < old + nfindings; i++) {
		f[i] = r->findings[i < old ? i : i % 3];
		if (i < old)
			continue;
		(void)snprintf(f[i].id, sizeof(f[i].id), "%016zx", i);
		f[i].time_ns += (int64_t)i * DAY / 3;
		if (i % 2 == 0)
			f[i].indicator_value =
			    arena_printf(&r->arena, "d%zu.example", i);
		if (i % 5 == 0)
			f[i].level = LEVEL_LOW;
	}
	r->findings = f;
	r->nfindings = old + nfindings;
	return r;
}

/* A backup in which nothing was found and from which everything was read. */
static inline struct report *
rich_quiet(void)
{
	struct report *r = rich_base();

	for (size_t i = 0; i < r->ncoverage; i++) {
		if (r->coverage[i].status != COVER_PARTIAL &&
		    r->coverage[i].status != COVER_FAILED &&
		    r->coverage[i].status != COVER_UNKNOWN_VERSION)
			continue;
		r->coverage[i].status = COVER_READ;
		r->coverage[i].reasons = NULL;
	}
	return r;
}

/* What a sink writes, in one piece that the caller frees. */
static inline char *
rich_write(const char *sink, const struct report *r, bool content, size_t *n)
{
	const struct sink_options o = { .content = content };
	/* Static, so that compilers do not take the stream to outlive it. */
	static char *text;
	FILE *f = open_memstream(&text, n);

	CHECK(f != NULL && sink_by_name(sink) != NULL);
	CHECK(sink_by_name(sink)->write(r, &o, f) == ERR_OK);
	CHECK(fclose(f) == 0);
	return text;
}
#endif
