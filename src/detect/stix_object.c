#include "stix_read.h"

#include <stdlib.h>

#include "limits.h"
#include "tstamp.h"

/* The number of a fact; the last few are looked at, most are alike. */
static uint32_t
fact_of(struct indicators *x, const struct fact *f)
{
	for (size_t i = 0; i < 8 && i < x->nfacts; i++) {
		const struct fact *o = &x->facts[x->nfacts - 1 - i];

		if (o->published_ns == f->published_ns &&
		    o->until_ns == f->until_ns && o->set == f->set &&
		    o->flags == f->flags)
			return (uint32_t)(x->nfacts - 1 - i);
	}
	if (x->nfacts == x->facts_cap) {
		x->facts_cap = x->facts_cap ? 2 * x->facts_cap : 16;
		x->facts = realloc(x->facts, x->facts_cap * sizeof(*x->facts));
		if (x->facts == NULL)
			abort();
	}
	x->facts[x->nfacts] = *f;
	return (uint32_t)x->nfacts++;
}

static void
add_object(struct bundle *b, const struct vec32 *uses)
{
	struct indicators *x = b->x;
	struct fact f = { .published_ns = b->g.published_ns,
		.until_ns = b->g.until_ns,
		.set = b->set,
		.flags = b->g.flags };
	struct object o = { .id = bundle_id(b, &b->g.id), .use = uses->v[0] };

	if (f.until_ns == TSTAMP_NONE)
		f.until_ns = b->g.valid_until_ns;
	o.fact = fact_of(x, &f);
	if (uses->n > 1) {
		o.use = OBJECT_MANY | (uint32_t)x->uses.n;
		vec32_add(&x->uses, (uint32_t)uses->n);
		for (size_t i = 0; i < uses->n; i++)
			vec32_add(&x->uses, uses->v[i]);
	}
	if (x->nobjects == x->objects_cap) {
		x->objects_cap =
		    x->objects_cap ? x->objects_cap + x->objects_cap / 2 : 256;
		x->objects =
		    realloc(x->objects, x->objects_cap * sizeof(*x->objects));
		if (x->objects == NULL)
			abort();
	}
	x->objects[x->nobjects++] = o;
}

static void
count_reach(struct set_more *m, const struct reach *r)
{
	struct reach *last = m->reach;

	for (size_t i = 0; i < m->nreach; i++) {
		last = &m->reach[m->nreach - 1 - i];
		if (last->any == r->any && last->any_run == r->any_run &&
		    last->all[0] == r->all[0] && last->all[1] == r->all[1]) {
			last->count++;
			return;
		}
	}
	if (m->nreach == LIMIT_INDICATOR_SHAPES) {
		last->count++;
		return;
	}
	m->reach = realloc(m->reach, (m->nreach + 1) * sizeof(*m->reach));
	if (m->reach == NULL)
		abort();
	m->reach[m->nreach] = *r;
	m->reach[m->nreach++].count = 1;
}

static bool
add_indicator(struct bundle *b)
{
	struct indicators *x = b->x;
	struct indicator_set *set = &x->sets[b->set];
	struct str pattern = buf_text(&b->pattern);
	struct vec32 *uses = &b->uses;
	struct reach reach = { 0 };
	const char *why = NULL;
	int64_t newest =
	    b->g.published_ns != TSTAMP_NONE ? b->g.published_ns : b->g.date_ns;

	uses->n = 0;
	if (!b->g.has_pattern)
		why = "the indicator has no pattern";
	else if (b->g.revoked)
		why = "its publisher has revoked it";
	else if (b->g.other_pattern)
		why = arena_printf(&x->scratch,
		    "pattern type %.40s is not supported, only stix",
		    buf_cstr(&b->pattern_type));
	else if (!compile_pattern(x, pattern, uses, &reach, &why))
		b->full = true;
	if (newest > set->newest_ns && uses->n > 0)
		set->newest_ns = newest;
	if (uses->n > 0) {
		set->loaded++;
		set->by_obs[x->values.v[uses->v[0]].obs]++;
		count_reach(&x->more[b->set], &reach);
		add_object(b, uses);
		if (why != NULL)
			set->partial++;
	} else {
		set->rejected++;
	}
	if (why != NULL)
		indicators_reject(x, set->file, pattern,
		    uses->n == 0
			? why
			: arena_printf(&x->scratch, "used in part: %s", why));
	arena_reset(&x->scratch);
	return !b->full;
}

static const char *
kept(struct bundle *b, struct buf *text)
{
	return text->len > 0 ? arena_strdup(&b->x->text, buf_text(text)) : NULL;
}

/* A malware, campaign or report; its number is what ids are tied to. */
static void
add_named(struct bundle *b)
{
	struct indicators *x = b->x;
	struct indicator_set *set = &x->sets[b->set];
	struct named n = { .name = kept(b, &b->name),
		.source = kept(b, &b->source),
		.licence = kept(b, &b->licence),
		.published_ns = b->g.published_ns,
		.until_ns = b->g.until_ns,
		.set = b->set,
		.flags = b->g.flags };
	uint32_t id;

	if (set->source == NULL)
		set->source = n.source;
	if (set->licence == NULL)
		set->licence = n.licence;
	if (n.name == NULL || (id = bundle_id(b, &b->g.id)) == UINT32_MAX)
		return;
	if (x->nnamed == x->named_cap) {
		x->named_cap = x->named_cap ? 2 * x->named_cap : 16;
		x->named = realloc(x->named, x->named_cap * sizeof(*x->named));
		if (x->named == NULL)
			abort();
	}
	x->named[x->nnamed++] = n;
	x->ids.v[id].link = (uint32_t)x->nnamed;
	for (size_t i = 0; i < b->refs.n; i++)
		stix_id_tie(&x->ids, b->refs.v[i], id);
}

bool
bundle_end_object(struct bundle *b)
{
	struct stix_ids *ids = &b->x->ids;
	uint32_t source, target;

	switch (b->g.type) {
	case STIX_INDICATOR:
		return add_indicator(b);
	case STIX_RELATIONSHIP:
		source = bundle_id(b, &b->g.source_ref);
		target = bundle_id(b, &b->g.target_ref);
		stix_id_tie(ids, source, target);
		stix_id_tie(ids, target, source);
		return true;
	case STIX_REPORT:
	case STIX_CAMPAIGN:
	case STIX_MALWARE:
	case STIX_TOOL:
	case STIX_INTRUSION_SET:
	case STIX_THREAT_ACTOR:
		add_named(b);
		return true;
	case STIX_NAMED:
	case STIX_OTHER:
		return true;
	}
	return true;
}
