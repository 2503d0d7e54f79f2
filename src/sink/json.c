#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "consent.h"
#include "sink.h"
#include "version.h"

/*
 * report.json, schema "telassay.report/1": docs/schema/report-1.schema.json
 * says the same for machines. Everything but `run` depends on the input, the
 * program, the indicators and the options only.
 */
#define STAGE_MAX ((size_t)64 << 20)

static void
put_text(struct jsonw *w, const char *key, const char *s)
{
	jsonw_key(w, key);
	jsonw_cstr(w, s);
}

static void
put_time(struct jsonw *w, const char *key, int64_t ns)
{
	jsonw_key(w, key);
	jsonw_time(w, ns);
}

static void
put_uint(struct jsonw *w, const char *key, uint64_t n)
{
	jsonw_key(w, key);
	jsonw_uint(w, n);
}

static void
put_bool(struct jsonw *w, const char *key, bool v)
{
	jsonw_key(w, key);
	jsonw_bool(w, v);
}

static void
put_texts(struct jsonw *w, const char *key, const char *const *v)
{
	jsonw_key(w, key);
	jsonw_array(w);
	for (size_t i = 0; v != NULL && v[i] != NULL; i++)
		jsonw_cstr(w, v[i]);
	jsonw_array_end(w);
}

static void
put_device(struct jsonw *w, const struct report *r, bool content)
{
	const struct device *d = &r->device;

	jsonw_key(w, "device");
	jsonw_object(w);
	put_text(w, "model", d->model);
	put_text(w, "product", d->product);
	put_text(w, "os", d->os);
	put_text(w, "os_version", d->os_version);
	put_text(w, "build", d->build);
	put_text(w, "serial", d->serial);
	put_text(w, "imei", d->imei);
	put_text(w, "udid", d->udid);
	/* People give phones their own names. */
	if (content)
		put_text(w, "name", d->name);
	jsonw_object_end(w);
}

static void
put_acquisition(struct jsonw *w, const struct report *r, bool content)
{
	jsonw_key(w, "acquisition");
	jsonw_object(w);
	put_text(w, "path", r->path);
	put_text(w, "label", r->label);
	put_text(w, "group", r->group);
	put_text(w, "kind", r->kind);
	put_bool(w, "encrypted", r->encrypted);
	put_uint(w, "files", r->files);
	put_uint(w, "bytes", r->bytes);
	put_text(w, "sha256", r->sha256[0] != '\0' ? r->sha256 : NULL);
	put_time(w, "made", r->device.made_ns);
	put_bool(w, "sample", r->device.sample);
	put_device(w, r, content);
	jsonw_object_end(w);
}

static void
put_coverage(struct jsonw *w, const struct report *r)
{
	jsonw_key(w, "coverage");
	jsonw_array(w);
	for (size_t i = 0; i < r->ncoverage; i++) {
		const struct coverage *c = &r->coverage[i];

		jsonw_object(w);
		put_text(w, "artifact", c->artifact);
		put_text(w, "status", cover_name(c->status));
		put_bool(w, "required", c->required);
		put_text(w, "role", role_name(c->role));
		put_uint(w, "files", c->files);
		put_uint(w, "records", c->records);
		put_uint(w, "events", c->events);
		put_time(w, "first", c->first_ns);
		put_time(w, "last", c->last_ns);
		put_texts(w, "reasons", (const char *const *)c->reasons);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
put_set(struct jsonw *w, const struct indicator_set *s, size_t applicable)
{
	jsonw_object(w);
	put_text(w, "name", s->name);
	put_text(w, "file", s->file);
	put_text(w, "sha256", s->sha256);
	put_uint(w, "loaded", s->loaded);
	put_uint(w, "rejected", s->rejected);
	put_uint(w, "applicable", applicable);
	put_time(w, "newest", s->newest_ns);
	put_bool(w, "shipped", s->shipped);
	put_texts(w, "campaigns", s->campaigns);
	put_text(w, "source", s->source);
	put_text(w, "licence", s->licence);
	jsonw_object_end(w);
}

static void
put_rejected(struct jsonw *w, const struct indicators *x)
{
	const struct indicator_rejected *v = NULL;
	const char *const *names = NULL;
	size_t n = x != NULL ? indicators_rejected(x, &v) : 0;

	jsonw_key(w, "rejected");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++) {
		jsonw_object(w);
		put_text(w, "set", v[i].set);
		put_text(w, "pattern", v[i].pattern);
		put_text(w, "why", v[i].why);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
	n = x != NULL ? indicators_skipped(x, &names) : 0;
	jsonw_key(w, "skipped");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		jsonw_cstr(w, names[i]);
	jsonw_array_end(w);
}

static void
put_indicators(struct jsonw *w, const struct report *r)
{
	const struct indicator_set *sets = NULL;
	struct report_counts n = report_counts(r);

	if (r->indicators != NULL)
		(void)indicators_sets(r->indicators, &sets);
	jsonw_key(w, "indicators");
	jsonw_object(w);
	put_uint(w, "campaigns", n.campaigns);
	put_uint(w, "loaded", n.loaded);
	put_uint(w, "applicable", n.applicable);
	put_time(w, "newest", n.newest_ns);
	put_bool(w, "default", r->default_indicators);
	jsonw_key(w, "sets");
	jsonw_array(w);
	for (size_t i = 0; i < n.sets; i++)
		put_set(w, &sets[i], r->applicable ? r->applicable[i] : 0);
	jsonw_array_end(w);
	put_rejected(w, r->indicators);
	jsonw_object_end(w);
}

static void
put_indicator(struct jsonw *w, const struct finding *f)
{
	struct buf b;

	jsonw_key(w, "indicator");
	if (f->indicator_value == NULL) {
		jsonw_null(w);
		return;
	}
	buf_init(&b, STAGE_MAX);
	for (size_t i = 0;
	     f->indicator_sets != NULL && f->indicator_sets[i] != NULL; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", f->indicator_sets[i]);
	jsonw_object(w);
	put_text(w, "type", f->indicator_type);
	put_text(w, "value", f->indicator_value);
	jsonw_key(w, "set");
	jsonw_str(w, buf_text(&b));
	put_texts(w, "sets", f->indicator_sets);
	jsonw_object_end(w);
	buf_done(&b);
}

static void
put_rule(struct jsonw *w, const struct finding *f)
{
	jsonw_key(w, "rule");
	if (f->rule_id == NULL && f->rule_title == NULL) {
		jsonw_null(w);
		return;
	}
	jsonw_object(w);
	put_text(w, "id", f->rule_id);
	put_text(w, "title", f->rule_title);
	jsonw_object_end(w);
}

/* True when a field of that name stands before the k-th already. */
static bool
is_repeated(const struct finding *f, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (strcmp(f->fields[i].name, f->fields[k].name) == 0)
			return true;
	return false;
}

static void
put_fields(struct jsonw *w, const struct finding *f, bool content)
{
	bool withheld = false;

	jsonw_key(w, "fields");
	jsonw_object(w);
	for (size_t i = 0; i < f->nfields; i++) {
		if (f->fields[i].value.type == VALUE_NONE || is_repeated(f, i))
			continue;
		if (f->fields[i].content && !content) {
			withheld = true;
			continue;
		}
		jsonw_key(w, f->fields[i].name);
		value_json(&f->fields[i].value, w);
	}
	jsonw_object_end(w);
	put_bool(w, "content_withheld", withheld);
}

static void
put_records(struct jsonw *w, const struct finding *f)
{
	jsonw_key(w, "records");
	jsonw_array(w);
	for (size_t i = 0; i < f->nrecords; i++) {
		jsonw_object(w);
		put_text(w, "artifact", f->records[i].artifact);
		jsonw_key(w, "path");
		jsonw_str(w, f->records[i].path);
		jsonw_key(w, "locator");
		jsonw_str(w, f->records[i].locator);
		put_text(w, "sha256", f->records[i].sha256);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
put_finding(struct jsonw *w, const struct finding *f, bool content)
{
	jsonw_object(w);
	put_text(w, "id", f->id);
	put_text(w, "level", level_name(f->level));
	put_text(w, "kind", finding_kind_name(f->kind));
	put_text(w, "role", role_name(f->role));
	put_text(w, "statement", statement_name(f->statement));
	put_text(w, "title", f->title);
	put_text(w, "why", f->why);
	put_texts(w, "benign", f->benign);
	put_texts(w, "next", f->next);
	put_text(w, "campaign", f->campaign);
	put_indicator(w, f);
	put_rule(w, f);
	put_text(w, "artifact", f->artifact);
	jsonw_key(w, "source");
	jsonw_object(w);
	jsonw_key(w, "path");
	jsonw_str(w, f->path);
	jsonw_key(w, "locator");
	jsonw_str(w, f->locator);
	jsonw_object_end(w);
	put_time(w, "time", f->time_ns);
	put_fields(w, f, content);
	put_records(w, f);
	jsonw_object_end(w);
}

static void
put_findings(struct jsonw *w, const struct report *r, bool content)
{
	jsonw_key(w, "findings");
	jsonw_array(w);
	for (size_t i = 0; i < r->nfindings; i++)
		put_finding(w, &r->findings[i], content);
	jsonw_array_end(w);
}

static void
put_notes(struct jsonw *w, const struct report *r)
{
	static const char *const effects[] = {
		[NOTE_EFFECT_NONE] = "none",
		[NOTE_EFFECT_PARTIAL] = "partial",
		[NOTE_EFFECT_FAILED] = "failed",
		[NOTE_EFFECT_UNKNOWN_VERSION] = "unknown-version",
	};

	jsonw_key(w, "notes");
	jsonw_array(w);
	for (size_t i = 0; i < r->nnotes; i++) {
		const struct report_note *n = &r->notes[i];

		jsonw_object(w);
		put_text(w, "id", n->id);
		put_text(w, "name", n->name);
		put_text(w, "effect", effects[n->effect]);
		put_text(w, "artifact", n->artifact);
		put_text(w, "path", n->path);
		put_uint(w, "offset", n->offset);
		put_text(w, "text", n->text);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

/* Who consented stays out: the record itself says it, the hash names it. */
static void
put_consent(struct jsonw *w, const struct report *r)
{
	const struct consent *c = r->consent_record;

	jsonw_key(w, "consent");
	if (c == NULL) {
		jsonw_null(w);
		return;
	}
	jsonw_object(w);
	put_text(w, "subject", c->subject);
	jsonw_key(w, "scopes");
	jsonw_array(w);
	for (unsigned i = 0; i < CONSENT_SCOPE_COUNT; i++)
		if (c->scopes & 1U << i)
			jsonw_cstr(
			    w, consent_scope_name((enum consent_scope)i));
	jsonw_array_end(w);
	put_time(w, "ends", c->until_ns);
	put_text(w, "sha256", c->sha256);
	jsonw_object_end(w);
}

static void
put_run(struct jsonw *w, const struct report *r)
{
	jsonw_key(w, "run");
	jsonw_object(w);
	put_time(w, "started", r->started_ns);
	jsonw_key(w, "seconds");
	jsonw_real(w, round(r->seconds * 1000) / 1000);
	put_uint(w, "workers", r->workers);
	jsonw_object_end(w);
}

static enum err
json_write(const struct report *r, const struct sink_options *o, FILE *out)
{
	struct jsonw w;
	struct buf b;
	bool ok;

	buf_init(&b, STAGE_MAX);
	jsonw_init(&w, &b, out, true);
	jsonw_object(&w);
	put_text(&w, "schema", "telassay.report/1");
	jsonw_key(&w, "tool");
	jsonw_object(&w);
	put_text(&w, "name", "telassay");
	put_text(&w, "version", TELASSAY_VERSION);
	put_text(&w, "commit", TELASSAY_COMMIT);
	jsonw_object_end(&w);
	put_acquisition(&w, r, o->content);
	put_consent(&w, r);
	put_text(&w, "verdict", verdict_name(r->verdict));
	put_text(&w, "summary", r->summary);
	put_texts(
	    &w, "verdict_reasons", (const char *const *)r->verdict_reasons);
	put_texts(&w, "next", (const char *const *)r->next);
	put_coverage(&w, r);
	put_indicators(&w, r);
	put_findings(&w, r, o->content);
	put_notes(&w, r);
	put_texts(&w, "limits", (const char *const *)r->limits);
	jsonw_key(&w, "timeline");
	jsonw_object(&w);
	put_text(&w, "scope", r->timeline);
	put_uint(&w, "events", r->nevents);
	jsonw_object_end(&w);
	put_run(&w, r);
	jsonw_object_end(&w);
	buf_u8(&b, '\n');
	ok = jsonw_flush(&w) && fflush(out) == 0 && !ferror(out);
	buf_done(&b);
	return ok ? ERR_OK : ERR_IO;
}

const struct sink sink_json = {
	.name = "json",
	.file = "report.json",
	.summary = "the whole report for machines (docs/schema)",
	.write = json_write,
};
