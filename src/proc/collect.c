#include "collect.h"

#include <stdlib.h>
#include <string.h>

#include "acquisition.h"
#include "artifact.h"
#include "limits.h"
#include "utf8.h"

#define TEXT_MAX ((size_t)4096)

/* Anything that grows while a check runs; aborts when out of memory. */
static void *
grow(void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	*cap = *cap ? 2 * *cap : 64;
	v = realloc(v, *cap * size);
	if (v == NULL)
		abort();
	return v;
}

void
collect_init(struct collect *c, const struct check_options *o, struct report *r)
{
	*c = (struct collect){ .options = o, .report = r };
	while (artifacts[c->nartifacts] != NULL)
		c->nartifacts++;
	c->covers = calloc(c->nartifacts + 1, sizeof(*c->covers));
	if (c->covers == NULL)
		abort();
	for (size_t i = 0; i < c->nartifacts; i++)
		cover_init(&c->covers[i]);
	timeline_init(&c->timeline);
	kept_init(&c->kept, LIMIT_KEPT_BYTES, c->nartifacts);
	buf_init(&c->text, TEXT_MAX);
	arena_init(&c->record, LIMIT_RECORD_BYTES * sizeof(struct str));
}

void
collect_done(struct collect *c)
{
	for (size_t i = 0; i < c->nartifacts; i++)
		cover_done(&c->covers[i]);
	free(c->covers);
	free(c->findings);
	free(c->notes);
	timeline_done(&c->timeline);
	kept_done(&c->kept);
	buf_done(&c->text);
	arena_done(&c->record);
}

static const char *
keep(struct collect *c, struct str s)
{
	return s.p ? arena_strdup(&c->report->arena, s) : NULL;
}

void
collect_facts(struct collect *c, const struct msg_facts *m)
{
	const struct acquisition_kind *k = acquisition_kinds[m->kind];
	struct report *r = c->report;

	c->kind = k->bit;
	r->kind = k->name;
	r->encrypted = m->encrypted;
	r->files = m->files;
	r->bytes = m->bytes;
	r->device = (struct device){
		.model = keep(c, m->text[MSG_MODEL]),
		.product = keep(c, m->text[MSG_PRODUCT]),
		.os = keep(c, m->text[MSG_OS]),
		.os_version = keep(c, m->text[MSG_OS_VERSION]),
		.build = keep(c, m->text[MSG_BUILD]),
		.name = keep(c, m->text[MSG_NAME]),
		.serial = keep(c, m->text[MSG_SERIAL]),
		.imei = keep(c, m->text[MSG_IMEI]),
		.udid = keep(c, m->text[MSG_UDID]),
		.made_ns = m->made_ns,
		.sample = m->sample,
	};
}

static int
note_cmp(const void *pa, const void *pb)
{
	const struct report_note *a = pa, *b = pb;
	const char *const x[] = { a->artifact, a->path, a->name, a->text };
	const char *const y[] = { b->artifact, b->path, b->name, b->text };

	for (size_t i = 0; i < 4; i++) {
		int c = strcmp(x[i] ? x[i] : "", y[i] ? y[i] : "");

		if (c != 0)
			return c;
	}
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* Sorts, drops what is there twice, and keeps the first of too many. */
static void
prune_notes(struct collect *c)
{
	size_t n = 0;

	if (c->nnotes == 0)
		return;
	qsort(c->notes, c->nnotes, sizeof(*c->notes), note_cmp);
	for (size_t i = 1; i < c->nnotes; i++)
		if (note_cmp(&c->notes[n], &c->notes[i]) != 0)
			c->notes[++n] = c->notes[i];
	c->nnotes = n + 1;
	if (c->nnotes > LIMIT_REPORT_NOTES) {
		c->nnotes = LIMIT_REPORT_NOTES;
		c->notes_cut = true;
	}
}

unsigned
collect_note(struct collect *c, uint32_t artifact, const char *path,
    const struct msg_note *m)
{
	const struct note_info *info = &note_infos[m->id];
	struct report_note n = { .name = info->name,
		.path = path,
		.offset = m->off,
		.effect = info->effect };

	buf_reset(&c->text);
	buf_puts(&c->text, info->text);
	if (m->detail.p != NULL) {
		buf_puts(&c->text, ": ");
		utf8_put_visible(&c->text, m->detail);
	}
	n.text = keep(c, buf_text(&c->text));
	if (artifact != COLLECT_ACQUISITION) {
		n.artifact = artifacts[artifact]->schema.name;
		if (info->effect != NOTE_EFFECT_NONE)
			cover_reason(&c->covers[artifact], buf_cstr(&c->text));
	}
	if (c->nnotes == 2 * LIMIT_REPORT_NOTES)
		prune_notes(c);
	c->notes = grow(c->notes, c->nnotes, &c->notes_cap, sizeof(*c->notes));
	c->notes[c->nnotes++] = n;
	return 1U << info->effect;
}

static void
hash_text(struct sha256 *h, const char *s)
{
	sha256_add(h, s ? s : "", s ? strlen(s) + 1 : 1);
}

static void
hash_str(struct sha256 *h, struct str s)
{
	const uint8_t end = 0;

	sha256_add(h, s.p, s.n);
	sha256_add(h, &end, 1);
}

/* The same finding has the same id on every machine and in every run. */
static void
identify(struct collect *c, const struct hit *h, const struct record *r,
    struct finding *f)
{
	const struct value *v = &r->v[h->field];
	struct sha256 *sum = sha256_new();
	uint8_t out[SHA256_SIZE];
	struct str value;

	buf_reset(&c->text);
	if (v->type != VALUE_LIST && v->type != VALUE_TEXT)
		value_text(v, &c->text);
	if (v->type == VALUE_TEXT)
		value = v->s;
	else
		value = v->type == VALUE_LIST ? v->list.v[h->item]
					      : buf_text(&c->text);
	hash_text(sum, detectors[h->detector]->name);
	hash_text(sum, f->indicator_type);
	hash_text(sum, f->indicator_value);
	hash_text(sum, f->rule_id);
	hash_text(sum, f->artifact);
	hash_str(sum, f->path);
	hash_str(sum, f->locator);
	hash_text(sum, r->schema->fields[h->field].name);
	hash_str(sum, value);
	sha256_end(sum, out);
	sha256_free(sum);
	(void)hex_encode(out, 8, f->id);
}

/* Gravest first; the same finding may have come twice. */
static void
prune_findings(struct collect *c)
{
	size_t n = 0;

	if (c->nfindings == 0)
		return;
	qsort(c->findings, c->nfindings, sizeof(*c->findings), finding_cmp);
	for (size_t i = 1; i < c->nfindings; i++)
		if (finding_cmp(&c->findings[n], &c->findings[i]) != 0)
			c->findings[++n] = c->findings[i];
	c->nfindings = n + 1;
	if (c->nfindings > LIMIT_FINDINGS) {
		c->nfindings = LIMIT_FINDINGS;
		c->findings_cut = true;
	}
}

/* A hit comes from a worker: it must fit the record that it came with. */
static bool
hit_fits(const struct collect *c, const struct hit *h, const struct record *r)
{
	const struct detect_ctx *d = c->options->detect;
	size_t n = 0;

	while (detectors[n] != NULL)
		n++;
	if (d == NULL || h->detector >= n || !d->enabled[h->detector] ||
	    h->field >= r->schema->nfields ||
	    (h->kept && detectors[h->detector]->finish == NULL))
		return false;
	switch (r->v[h->field].type) {
	case VALUE_NONE:
		return false;
	case VALUE_LIST:
		return h->item < r->v[h->field].list.n;
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_REAL:
	case VALUE_TEXT:
	case VALUE_TIME:
		break;
	}
	return h->item == 0;
}

static void
push_finding(struct collect *c, const struct finding *f)
{
	if (c->nfindings == 2 * LIMIT_FINDINGS)
		prune_findings(c);
	c->findings = grow(
	    c->findings, c->nfindings, &c->findings_cap, sizeof(*c->findings));
	c->findings[c->nfindings++] = *f;
}

static bool
add_finding(struct collect *c, const struct hit *h, const struct record *r)
{
	const struct detector *d = detectors[h->detector];
	struct finding f = { .time_ns = TSTAMP_NONE };

	d->finding(c->options->detect->state[h->detector], h, r,
	    &c->report->arena, &f);
	if (f.title == NULL)
		return false; /* no such indicator or rule */
	identify(c, h, r, &f);
	push_finding(c, &f);
	return true;
}

/* One finding for each indicator or rule: of several hits the gravest. */
static bool
is_best(const struct msg_record *m, size_t at)
{
	const struct hit *h = &m->hits[at];

	for (size_t i = 0; i < m->nhits; i++) {
		const struct hit *o = &m->hits[i];

		if (i == at || o->kept || o->detector != h->detector ||
		    o->ref != h->ref)
			continue;
		if (o->level > h->level || (o->level == h->level && i < at))
			return false;
	}
	return true;
}

/* The record with those of its hits that wait for the others. */
static void
keep_record(struct collect *c, uint32_t artifact, const struct msg_record *m)
{
	struct hit kept[MSG_HITS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < m->nhits && !c->finished; i++)
		if (m->hits[i].kept)
			kept[n++] = m->hits[i];
	if (n > 0)
		kept_add(&c->kept, artifact, m->bytes, kept, n);
}

bool
collect_record(struct collect *c, uint32_t artifact, const struct msg_record *m)
{
	const struct schema *const schema[] = { &artifacts[artifact]->schema,
		NULL };
	struct record r;

	arena_reset(&c->record);
	if (!record_decode(m->bytes, schema, &c->record, &r))
		return false;
	if (c->options->on_record != NULL && c->stopped == ERR_OK)
		c->stopped =
		    c->options->on_record(c->options->on_record_arg, &r);
	for (size_t i = 0; i < m->nhits; i++)
		if (!hit_fits(c, &m->hits[i], &r))
			return false;
	keep_record(c, artifact, m);
	for (size_t i = 0; i < m->nhits; i++)
		if (!m->hits[i].kept && is_best(m, i) &&
		    !add_finding(c, &m->hits[i], &r))
			return false;
	return true;
}

/* The same, of a finding that rests on several records. */
static void
identify_finished(const struct detector *d, struct finding *f)
{
	struct sha256 *sum = sha256_new();
	uint8_t out[SHA256_SIZE], ns[8];

	hash_text(sum, d->name);
	hash_text(sum, f->indicator_type);
	hash_text(sum, f->indicator_value);
	hash_text(sum, f->rule_id);
	hash_text(sum, f->artifact);
	hash_str(sum, f->path);
	hash_str(sum, f->locator);
	for (size_t i = 0; i < sizeof(ns); i++)
		ns[i] = (uint8_t)((uint64_t)f->time_ns >> (56 - 8 * i) & 0xff);
	sha256_add(sum, ns, sizeof(ns));
	for (size_t i = 0; i < f->nrecords; i++)
		hash_text(sum, f->records[i].sha256);
	sha256_end(sum, out);
	sha256_free(sum);
	(void)hex_encode(out, 8, f->id);
}

struct finishing {
	struct collect *c;
	const struct detector *d;
};

static void
on_finished(void *arg, const struct finding *in)
{
	const struct finishing *g = arg;
	struct finding f = *in;

	if (f.title == NULL)
		return;
	identify_finished(g->d, &f);
	push_finding(g->c, &f);
}

/* Of too many records those that were left out lower their artifact. */
static void
note_lost(struct collect *c)
{
	const struct msg_note m = { .id = NOTE_READ_LIMIT,
		.detail = str_from("too many records to be looked at "
				   "together: some are left out") };

	for (uint32_t i = 0; i < c->nartifacts; i++)
		if (c->kept.lost[i])
			c->covers[i].effects |= collect_note(c, i, NULL, &m);
}

void
collect_finish(struct collect *c)
{
	const struct detect_ctx *ctx = c->options->detect;
	const struct schema **schemas;
	struct kept_records k = { .os_version = c->report->device.os_version,
		.made_ns = c->report->device.made_ns };
	struct kept *v;

	if (c->finished || ctx == NULL)
		return;
	c->finished = true;
	kept_sort(&c->kept);
	note_lost(c);
	schemas = calloc(c->nartifacts + 1, sizeof(const struct schema *));
	if (schemas == NULL)
		abort();
	for (size_t i = 0; i < c->nartifacts; i++)
		schemas[i] = &artifacts[i]->schema;
	k.schemas = schemas;
	for (uint32_t i = 0; detectors[i] != NULL; i++) {
		struct finishing g = { .c = c, .d = detectors[i] };
		struct finding_sink sink = { .fn = on_finished, .arg = &g };

		if (!ctx->enabled[i] || detectors[i]->finish == NULL)
			continue;
		k.n = kept_of(&c->kept, i, &v);
		k.v = v;
		detectors[i]->finish(
		    ctx->state[i], &k, &c->report->arena, &sink);
		free(v);
	}
	free(schemas);
	kept_done(&c->kept);
}

void
collect_findings(struct collect *c)
{
	prune_findings(c);
	c->report->findings = c->findings;
	c->report->nfindings = c->nfindings;
}

/* Room for all sentences that there can be, and the NULL at the end. */
#define LIMITS_MAX 8

void
collect_limit(struct collect *c, const char *text)
{
	struct report *r = c->report;

	if (r->limits != NULL && text != NULL && c->nlimits + 1 < LIMITS_MAX)
		r->limits[c->nlimits++] = text;
}

/* What this run left out, in plain sentences. */
static void
add_limits(struct collect *c)
{
	struct arena *a = &c->report->arena;

	c->report->limits = arena_alloc(a, LIMITS_MAX, sizeof(const char *));
	if (c->findings_cut)
		collect_limit(c,
		    arena_printf(a, "Only the %zu gravest findings are listed.",
			LIMIT_FINDINGS));
	if (c->notes_cut)
		collect_limit(c, arena_printf(a, "Only %zu notes are listed.",
				     LIMIT_REPORT_NOTES));
	if (c->timeline.cut)
		collect_limit(
		    c, arena_printf(a,
			   "The timeline ends after its first %zu events.",
			   c->timeline.n));
}

void
collect_report(struct collect *c)
{
	struct report *r = c->report;

	prune_notes(c);
	prune_findings(c);
	cover_report(c->covers, c->kind, c->options->artifacts, r);
	r->findings =
	    arena_alloc(&r->arena, c->nfindings, sizeof(*c->findings));
	r->nfindings = r->findings ? c->nfindings : 0;
	if (r->nfindings > 0)
		memcpy(r->findings, c->findings,
		    r->nfindings * sizeof(*c->findings));
	r->notes = arena_alloc(&r->arena, c->nnotes, sizeof(*c->notes));
	r->nnotes = r->notes ? c->nnotes : 0;
	if (r->nnotes > 0)
		memcpy(r->notes, c->notes, r->nnotes * sizeof(*c->notes));
	timeline_report(&c->timeline, r);
	add_limits(c);
}
