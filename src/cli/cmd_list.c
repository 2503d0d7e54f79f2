#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acquisition.h"
#include "artifact.h"
#include "cmd.h"
#include "indicators.h"
#include "jsonw.h"
#include "sink.h"
#include "tstamp.h"
#include "utf8.h"

extern const struct cmd cmd_list;

/* What was asked for; each subject prints text or JSON. */
struct list {
	bool json, fields, shipped;
	const char *subject;
	const char **files; /* -i */
	size_t nfiles;
	struct buf text;
	struct jsonw w;
};

/* A column: the text and blanks up to width, and two more. */
static void
column(struct buf *b, const char *s, int width)
{
	buf_printf(b, "%-*s  ", width, s);
}

static const char *
kind_names(unsigned kinds, struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; acquisition_kinds[i] != NULL; i++)
		if (kinds & acquisition_kinds[i]->bit)
			buf_printf(out, "%s%s", out->len ? " " : "",
			    acquisition_kinds[i]->name);
	return buf_cstr(out);
}

static unsigned
kinds_of(const struct artifact *a)
{
	unsigned kinds = 0;

	for (size_t i = 0; a->places != NULL && a->places[i].kinds != 0; i++)
		kinds |= a->places[i].kinds;
	return kinds;
}

static void
field_json(struct jsonw *w, const struct field *f)
{
	jsonw_object(w);
	jsonw_key(w, "name");
	jsonw_cstr(w, f->name);
	jsonw_key(w, "type");
	jsonw_cstr(w, value_type_name(f->type));
	jsonw_key(w, "observable");
	jsonw_cstr(w, f->obs == OBS_NONE ? NULL : obs_name(f->obs));
	jsonw_key(w, "event");
	jsonw_cstr(w, f->event);
	jsonw_key(w, "content");
	jsonw_bool(w, (f->flags & FIELD_CONTENT) != 0);
	jsonw_key(w, "doc");
	jsonw_cstr(w, f->doc);
	jsonw_object_end(w);
}

static void
artifact_json(struct list *l, const struct artifact *a)
{
	struct jsonw *w = &l->w;

	jsonw_object(w);
	jsonw_key(w, "artifact");
	jsonw_cstr(w, a->schema.name);
	jsonw_key(w, "summary");
	jsonw_cstr(w, a->summary);
	jsonw_key(w, "version");
	jsonw_uint(w, a->schema.version);
	jsonw_key(w, "role");
	jsonw_cstr(w, role_name(a->schema.role));
	jsonw_key(w, "kinds");
	jsonw_array(w);
	for (size_t i = 0; acquisition_kinds[i] != NULL; i++)
		if (kinds_of(a) & acquisition_kinds[i]->bit)
			jsonw_cstr(w, acquisition_kinds[i]->name);
	jsonw_array_end(w);
	jsonw_key(w, "globs");
	jsonw_array(w);
	for (size_t i = 0; a->places != NULL && a->places[i].kinds != 0; i++)
		jsonw_cstr(w, a->places[i].glob);
	jsonw_array_end(w);
	if (l->fields) {
		jsonw_key(w, "fields");
		jsonw_array(w);
		for (size_t i = 0; i < a->schema.nfields; i++)
			field_json(w, &a->schema.fields[i]);
		jsonw_array_end(w);
	}
	jsonw_object_end(w);
}

static void
field_text(struct buf *b, const struct field *f)
{
	buf_puts(b, "    ");
	column(b, f->name, 28);
	column(b, value_type_name(f->type), 5);
	column(b, obs_name(f->obs), 10);
	buf_printf(b, "%s%s%s\n", f->doc ? f->doc : "",
	    f->event ? "; on the timeline as " : "", f->event ? f->event : "");
}

static void
artifact_text(struct list *l, const struct artifact *a)
{
	struct buf kinds;

	buf_init(&kinds, 4096);
	column(&l->text, a->schema.name, 30);
	column(&l->text, role_name(a->schema.role), 9);
	buf_printf(
	    &l->text, "%s (%s)\n", a->summary, kind_names(kinds_of(a), &kinds));
	for (size_t i = 0; l->fields && i < a->schema.nfields; i++)
		field_text(&l->text, &a->schema.fields[i]);
	buf_done(&kinds);
}

static bool
list_artifacts(struct list *l)
{
	for (size_t i = 0; artifacts[i] != NULL; i++)
		if (l->json)
			artifact_json(l, artifacts[i]);
		else
			artifact_text(l, artifacts[i]);
	return true;
}

/* Name and one line, of sources and sinks. */
static void
named(struct list *l, const char *name, const char *summary)
{
	if (!l->json) {
		column(&l->text, name, 18);
		buf_printf(&l->text, "%s\n", summary);
		return;
	}
	jsonw_object(&l->w);
	jsonw_key(&l->w, "name");
	jsonw_cstr(&l->w, name);
	jsonw_key(&l->w, "summary");
	jsonw_cstr(&l->w, summary);
	jsonw_object_end(&l->w);
}

static bool
list_sources(struct list *l)
{
	for (size_t i = 0; acquisition_kinds[i] != NULL; i++)
		named(l, acquisition_kinds[i]->name,
		    acquisition_kinds[i]->summary);
	return true;
}

static bool
list_sinks(struct list *l)
{
	for (size_t i = 0; sinks[i] != NULL; i++)
		named(l, sinks[i]->name, sinks[i]->summary);
	return true;
}

/* This version has no rules; the list is there and empty. */
static bool
list_rules(struct list *l)
{
	if (!l->json)
		buf_puts(&l->text, "no rules are shipped with this version\n");
	return true;
}

static void
set_json(struct jsonw *w, const struct indicator_set *s)
{
	jsonw_object(w);
	jsonw_key(w, "name");
	jsonw_cstr(w, s->name);
	jsonw_key(w, "file");
	jsonw_cstr(w, s->file);
	jsonw_key(w, "sha256");
	jsonw_cstr(w, s->sha256);
	jsonw_key(w, "shipped");
	jsonw_bool(w, s->shipped);
	jsonw_key(w, "campaigns");
	jsonw_array(w);
	for (size_t i = 0; s->campaigns[i] != NULL; i++)
		jsonw_cstr(w, s->campaigns[i]);
	jsonw_array_end(w);
	jsonw_key(w, "loaded");
	jsonw_uint(w, s->loaded);
	jsonw_key(w, "rejected");
	jsonw_uint(w, s->rejected);
	jsonw_key(w, "partial");
	jsonw_uint(w, s->partial);
	jsonw_key(w, "types");
	jsonw_object(w);
	for (unsigned o = 1; o < OBS_COUNT; o++)
		if (s->by_obs[o] > 0) {
			jsonw_key(w, obs_name((enum obs)o));
			jsonw_uint(w, s->by_obs[o]);
		}
	jsonw_object_end(w);
	jsonw_key(w, "newest");
	jsonw_time(w, s->newest_ns);
	jsonw_key(w, "source");
	jsonw_cstr(w, s->source);
	jsonw_key(w, "licence");
	jsonw_cstr(w, s->licence);
	jsonw_object_end(w);
}

/* Names and patterns are others' texts: no control characters. */
static void
visible(struct buf *b, const char *s)
{
	utf8_put_visible(b, str_from(s));
}

static void
set_text(struct buf *b, const struct indicator_set *s)
{
	char day[32] = "no date";

	if (s->newest_ns != TSTAMP_NONE)
		tstamp_iso(s->newest_ns, day)[10] = '\0';
	visible(b, s->name);
	buf_printf(b, "\n    %zu indicators", s->loaded);
	for (unsigned o = 1; o < OBS_COUNT; o++)
		if (s->by_obs[o] > 0)
			buf_printf(
			    b, ", %zu %s", s->by_obs[o], obs_name((enum obs)o));
	if (s->rejected > 0)
		buf_printf(b, "; %zu rejected", s->rejected);
	buf_printf(b, "\n    newest %s, ", day);
	visible(b, s->file);
	buf_puts(b, s->shipped ? " (shipped)\n" : "\n");
	if (s->campaigns[0] != NULL && s->campaigns[1] != NULL) {
		buf_puts(b, "    campaigns: ");
		for (size_t i = 0; s->campaigns[i] != NULL; i++) {
			buf_puts(b, i ? ", " : "");
			visible(b, s->campaigns[i]);
		}
		buf_puts(b, "\n");
	}
	if (s->source != NULL) {
		buf_puts(b, "    values from ");
		visible(b, s->source);
		if (s->licence != NULL) {
			buf_puts(b, " (");
			visible(b, s->licence);
			buf_puts(b, ")");
		}
		buf_puts(b, "\n");
	}
}

static void
sets_text(struct buf *b, const struct indicators *x)
{
	const struct indicator_rejected *r;
	const struct indicator_set *sets;
	size_t n = indicators_sets(x, &sets), nrejected;
	int64_t newest = TSTAMP_NONE;
	char day[32];

	for (size_t i = 0; i < n; i++) {
		set_text(b, &sets[i]);
		if (sets[i].newest_ns > newest)
			newest = sets[i].newest_ns;
	}
	nrejected = indicators_rejected(x, &r);
	if (nrejected > 0)
		buf_puts(b, "not used, or used in part:\n");
	for (size_t i = 0; i < nrejected; i++) {
		buf_puts(b, "    ");
		visible(b, r[i].set);
		buf_puts(b, ": ");
		visible(b, r[i].pattern);
		buf_puts(b, ": ");
		visible(b, r[i].why);
		buf_puts(b, "\n");
	}
	tstamp_iso(newest, day);
	day[newest == TSTAMP_NONE ? 0 : 10] = '\0';
	buf_printf(b,
	    "%zu distinct values of %zu campaigns in %zu sets; newest %s\n",
	    indicators_count(x), indicators_campaigns(x), n,
	    day[0] ? day : "without date");
}

/* The array of sets is open; that of rejected ones stays open instead. */
static void
sets_json(struct jsonw *w, const struct indicators *x)
{
	const struct indicator_rejected *r;
	const struct indicator_set *sets;
	size_t n = indicators_sets(x, &sets);

	for (size_t i = 0; i < n; i++)
		set_json(w, &sets[i]);
	jsonw_array_end(w);
	n = indicators_rejected(x, &r);
	jsonw_key(w, "rejected");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++) {
		jsonw_object(w);
		jsonw_key(w, "set");
		jsonw_cstr(w, r[i].set);
		jsonw_key(w, "pattern");
		jsonw_cstr(w, r[i].pattern);
		jsonw_key(w, "why");
		jsonw_cstr(w, r[i].why);
		jsonw_object_end(w);
	}
}

static bool
load_all(const struct list *l, struct indicators *x)
{
	const char *const *skipped;
	struct why why;
	size_t n;

	if (l->shipped && indicators_load_shipped(x, &why) != ERR_OK) {
		cmd_error(&cmd_list, "%s", why.text);
		return false;
	}
	for (size_t i = 0; i < l->nfiles; i++)
		if (indicators_load(x, l->files[i], false, &why) != ERR_OK) {
			cmd_error(&cmd_list, "%s", why.text);
			return false;
		}
	n = indicators_skipped(x, &skipped);
	for (size_t i = 0; i < n; i++)
		cmd_error(&cmd_list, "skipped, not *.json *.stix *.stix2: %s",
		    skipped[i]);
	return true;
}

static bool
list_indicators(struct list *l)
{
	struct indicators *x = indicators_new();
	bool ok = load_all(l, x);

	if (ok) {
		indicators_seal(x);
		if (l->json)
			sets_json(&l->w, x);
		else
			sets_text(&l->text, x);
	}
	/* The texts are in the buffer by now; JSON may be staged still. */
	ok = (!l->json || jsonw_flush(&l->w)) && ok;
	indicators_free(x);
	return ok;
}

static const struct subject {
	const char *name;
	bool (*print)(struct list *l);
} subjects[] = {
	{"artifacts",   list_artifacts },
	{ "indicators", list_indicators},
	{ "rules",	   list_rules     },
	{ "sources",    list_sources	  },
	{ "sinks",	   list_sinks     },
};

static int
print_list(struct list *l, const struct subject *s)
{
	bool ok;

	if (!l->json) {
		ok = s->print(l);
		if (ok)
			fwrite(l->text.p, 1, l->text.len, stdout);
	} else {
		jsonw_init(&l->w, &l->text, stdout, true);
		jsonw_object(&l->w);
		jsonw_key(&l->w, s->name);
		jsonw_array(&l->w);
		ok = s->print(l);
		if (ok) {
			jsonw_array_end(&l->w);
			jsonw_object_end(&l->w);
			ok = jsonw_flush(&l->w);
			fputc('\n', stdout);
		}
	}
	return ok && fflush(stdout) == 0 ? 0 : EXIT_USAGE;
}

static int
run_subject(struct list *l)
{
	int code;

	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		if (strcmp(subjects[i].name, l->subject) != 0)
			continue;
		buf_init(&l->text, (size_t)256 << 20);
		code = print_list(l, &subjects[i]);
		buf_done(&l->text);
		return code;
	}
	cmd_error(&cmd_list,
	    "\"%s\" is none of artifacts, indicators, rules, sources, sinks",
	    l->subject);
	return EXIT_USAGE;
}

static bool
take_format(struct list *l, const char *arg)
{
	l->json = strcmp(arg, "json") == 0;
	if (l->json || strcmp(arg, "text") == 0)
		return true;
	cmd_error(&cmd_list, "the format is text or json, not \"%s\"", arg);
	return false;
}

static bool
parse(struct list *l, int argc, char **argv)
{
	const struct cmd_option *o;
	struct cmd_args a;
	const char *arg;

	cmd_args_init(&a, &cmd_list, argc, argv);
	while ((o = cmd_next(&a, &arg)) != NULL || arg != NULL) {
		if (o == NULL && l->subject != NULL) {
			cmd_error(&cmd_list, "one list at a time: %s", arg);
			return false;
		}
		if (o == NULL)
			l->subject = arg;
		else if (strcmp(o->name, "fields") == 0)
			l->fields = true;
		else if (strcmp(o->name, "no-default-indicators") == 0)
			l->shipped = false;
		else if (strcmp(o->name, "indicators") == 0)
			l->files[l->nfiles++] = arg;
		else if (!take_format(l, arg))
			return false;
	}
	if (l->subject == NULL)
		cmd_error(&cmd_list, "say what: artifacts, indicators, rules, "
				     "sources or sinks");
	return l->subject != NULL;
}

static int
list_run(int argc, char **argv)
{
	struct list l = { .shipped = true };
	int code;

	l.files = calloc((size_t)argc + 1, sizeof(*l.files));
	if (l.files == NULL)
		abort();
	code = parse(&l, argc, argv) ? run_subject(&l) : EXIT_USAGE;
	free(l.files);
	return code;
}

const struct cmd cmd_list = {
	.name = "list",
	.usage = "artifacts|indicators|rules|sources|sinks [-f text|json]",
	.summary = "what this version knows",
	.options =
	    (const struct cmd_option[]){
					{ 'f', "format", "FORMAT", "text (default) or json" },
					{ 0, "fields", NULL, "artifacts: with the fields of records" },
					{ 'i', "indicators", "FILE|DIR", "indicators: more sets" },
					{ 0, "no-default-indicators", NULL,
		    "indicators: without the shipped ones" },
					{ 0, NULL, NULL, NULL },
					},
	.run = list_run,
};
