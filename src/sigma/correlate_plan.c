#include "correlate_impl.h"

#include <stdlib.h>
#include <string.h>

/*
 * Which columns each correlation needs, and where each of its rules has them.
 * Made from the outermost correlations inwards, because what these ask of a
 * match is what the inner one must carry along.
 */

static const struct measure *const measures[] = {
	[CORRELATE_EVENT_COUNT] = &measure_event_count,
	[CORRELATE_VALUE_COUNT] = &measure_value_count,
	[CORRELATE_TEMPORAL] = &measure_temporal,
	[CORRELATE_TEMPORAL_ORDERED] = &measure_ordered,
	[CORRELATE_VALUE_SUM] = &measure_sum,
	[CORRELATE_VALUE_AVG] = &measure_avg,
	[CORRELATE_VALUE_PERCENTILE] = &measure_percentile,
};

/* Rule files are bounded, so is what is made of them. */
static void *
must(struct arena *a, size_t n, size_t size)
{
	void *p = arena_alloc(a, n > 0 ? n : 1, size);

	if (p == NULL)
		abort();
	return p;
}

static struct plan *
plan_of(const struct plans *p, uint32_t rule, unsigned below)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].rule == rule && p->v[i].model->depth < below)
			return &p->v[i];
	return NULL;
}

static int
plan_cmp(const void *a, const void *b)
{
	const struct plan *x = a, *y = b;

	if (x->model->depth != y->model->depth)
		return x->model->depth < y->model->depth ? -1 : 1;
	return (x->rule > y->rule) - (x->rule < y->rule);
}

static void
add_columns(struct plan *p, const struct group_field *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p->columns[p->ncolumns++] = (struct column){
			.name = v[i].name,
			.field = v[i].field,
			.rule_key = v[i].rule_key,
		};
}

static void
add_input(struct plans *all, struct plan *p, uint32_t rule, uint32_t position)
{
	p->inputs[p->ninputs++] = (struct input){
		.rule = rule,
		.position = position,
		.inner = plan_of(all, rule, p->model->depth),
	};
}

/* Its own columns and inputs; positions of distinct rules, as listed. */
static void
plan_start(struct plans *all, struct plan *p)
{
	const struct correlation *m = p->model;

	p->measure = measures[m->type];
	p->wants = p->measure->wants;
	if (p->wants == WANTS_EITHER && m->has_percentile)
		p->wants = WANTS_NUMBER;
	p->columns =
	    must(&all->arena, m->ngroup_by + m->nfields, sizeof(*p->columns));
	add_columns(p, m->group_by, m->ngroup_by);
	p->ngroup = p->ncolumns;
	if (p->wants == WANTS_NAME)
		add_columns(p, m->fields, m->nfields);
	else if (p->wants != WANTS_NOTHING)
		add_columns(p, m->fields, m->nfields > 0);
	p->nvalue = p->ncolumns - p->ngroup;
	p->group_names = must(&all->arena, p->ngroup, sizeof(*p->group_names));
	for (size_t i = 0; i < p->ngroup; i++)
		p->group_names[i] = p->columns[i].name;
	p->inputs =
	    must(&all->arena, m->nrules + m->nweaker, sizeof(*p->inputs));
	for (size_t i = 0; i < m->nrules; i++) {
		size_t k = 0;

		while (k < p->ninputs && p->inputs[k].rule != m->rules[i])
			k++;
		if (k == p->ninputs)
			add_input(all, p, m->rules[i], (uint32_t)k);
	}
	p->npositions = p->ninputs;
	for (size_t i = 0; i < m->nweaker; i++)
		add_input(all, p, m->weaker[i], (uint32_t)p->npositions);
}

/* What a rule says of itself; FROM_NOWHERE when it does not. */
static struct source
from_rule(const struct sigma_rule *r, const char *key)
{
	const char *text = strcmp(key, "id") == 0      ? r->id
			   : strcmp(key, "name") == 0  ? r->name
			   : strcmp(key, "title") == 0 ? r->title
						       : r->class;

	if (text == NULL)
		return (struct source){ .from = FROM_NOWHERE };
	return (struct source){ .from = FROM_RULE, .text = str_from(text) };
}

/* Asks a match of p for the field of that name. */
static struct source
from_match(struct plans *all, struct plan *p, struct str name, uint32_t field)
{
	size_t own = p->ngroup + p->nvalue;
	struct column *more;

	for (size_t i = 0; i < p->ngroup; i++)
		if (p->columns[i].rule_key == NULL &&
		    str_eq(p->columns[i].name, name))
			return (
			    struct source){ FROM_GROUP, (uint32_t)i, { 0 } };
	for (size_t i = own; i < p->ncolumns; i++)
		if (str_eq(p->columns[i].name, name))
			return (struct source){ FROM_CARRIED,
				(uint32_t)(i - own), { 0 } };
	more = must(&all->arena, p->ncolumns + 1, sizeof(*more));
	memcpy(more, p->columns, p->ncolumns * sizeof(*more));
	more[p->ncolumns] = (struct column){ .name = name, .field = field };
	p->columns = more;
	return (struct source){ FROM_CARRIED, (uint32_t)(p->ncolumns++ - own),
		{ 0 } };
}

static struct source
find_source(const struct sigma *s, struct plans *all, const struct plan *p,
    const struct input *in, const struct column *col)
{
	struct str name = col->name;
	uint32_t field = col->field;

	if (col->rule_key != NULL)
		return from_rule(&s->rules[in->rule].info, col->rule_key);
	for (size_t i = 0; i < p->model->naliases; i++) {
		const struct alias *a = &p->model->aliases[i];

		if (a->rule == in->rule && str_eq(a->name, col->name)) {
			field = a->field;
			name = s->fields[field];
			break;
		}
	}
	if (s->rules[in->rule].correlation != NULL) {
		struct plan *inner = plan_of(all, in->rule, p->model->depth);

		if (inner == NULL)
			return (struct source){ .from = FROM_NOWHERE };
		return from_match(all, inner, name, field);
	}
	if (field == SIGMA_NO_FIELD)
		return (struct source){ .from = FROM_NOWHERE };
	return (struct source){ FROM_FIELD, field, { 0 } };
}

/* Of a correlation whose outer ones have all asked for what they want. */
static void
plan_sources(const struct sigma *s, struct plans *all, struct plan *p)
{
	for (size_t i = 0; i < p->ninputs; i++) {
		struct input *in = &p->inputs[i];
		bool weak = in->position == p->npositions;
		size_t n = weak ? p->ngroup : p->ncolumns;

		in->sources =
		    must(&all->arena, p->ncolumns, sizeof(*in->sources));
		for (size_t k = 0; k < n; k++)
			in->sources[k] =
			    find_source(s, all, p, in, &p->columns[k]);
	}
}

static int64_t
sum_capped(int64_t a, int64_t b)
{
	return b > INT64_MAX - a ? INT64_MAX : a + b;
}

static void
plan_delay(struct plans *all, struct plan *p)
{
	for (size_t i = 0; i < p->ninputs; i++) {
		struct plan *inner =
		    plan_of(all, p->inputs[i].rule, p->model->depth);
		int64_t d;

		if (inner == NULL)
			continue;
		p->waits = true;
		d = sum_capped(inner->delay, inner->model->timespan_ns);
		if (d > p->delay)
			p->delay = d;
	}
}

void
plans_init(struct plans *p, const struct sigma *s)
{
	*p = (struct plans){ 0 };
	arena_init(&p->arena, SIZE_MAX);
	for (size_t i = 0; i < s->nrules; i++)
		p->n += s->rules[i].correlation != NULL;
	p->v = must(&p->arena, p->n, sizeof(*p->v));
	p->n = 0;
	for (size_t i = 0; i < s->nrules; i++)
		if (s->rules[i].correlation != NULL) {
			p->v[p->n].rule = (uint32_t)i;
			p->v[p->n++].model = s->rules[i].correlation;
		}
	if (p->n > 1)
		qsort(p->v, p->n, sizeof(*p->v), plan_cmp);
	for (size_t i = 0; i < p->n; i++) {
		plan_start(p, &p->v[i]);
		plan_delay(p, &p->v[i]);
	}
	for (size_t i = p->n; i > 0; i--)
		plan_sources(s, p, &p->v[i - 1]);
}

void
plans_done(struct plans *p)
{
	arena_done(&p->arena);
	*p = (struct plans){ 0 };
}

bool
correlator_wants(const struct sigma *s, uint32_t rule)
{
	for (size_t i = 0; i < s->nrules; i++) {
		const struct correlation *m = s->rules[i].correlation;

		if (m == NULL)
			continue;
		for (size_t k = 0; k < m->nrules; k++)
			if (m->rules[k] == rule)
				return true;
		for (size_t k = 0; k < m->nweaker; k++)
			if (m->weaker[k] == rule)
				return true;
	}
	return false;
}

/* Into the ascending list of n fields, of which it keeps the first max. */
static size_t
field_insert(uint32_t *fields, size_t n, uint32_t f)
{
	size_t at = 0;

	while (at < n && fields[at] < f)
		at++;
	if (at < n && fields[at] == f)
		return n;
	memmove(fields + at + 1, fields + at, (n - at) * sizeof(*fields));
	fields[at] = f;
	return n + 1;
}

size_t
correlator_fields(
    const struct sigma *s, uint32_t rule, uint32_t *fields, size_t max)
{
	struct plans p;
	uint32_t *all;
	size_t n = 0, room = 0;

	if (!correlator_wants(s, rule))
		return 0;
	plans_init(&p, s);
	for (size_t i = 0; i < p.n; i++)
		room += p.v[i].ncolumns * p.v[i].ninputs;
	all = must(&p.arena, room + 1, sizeof(*all));
	for (size_t i = 0; i < p.n; i++)
		for (size_t k = 0; k < p.v[i].ninputs; k++) {
			const struct input *in = &p.v[i].inputs[k];

			for (size_t c = 0;
			     in->rule == rule && c < p.v[i].ncolumns; c++)
				if (in->sources[c].from == FROM_FIELD)
					n = field_insert(
					    all, n, in->sources[c].index);
		}
	for (size_t i = 0; i < n && i < max; i++)
		fields[i] = all[i];
	plans_done(&p);
	return n;
}
