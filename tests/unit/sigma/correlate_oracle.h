#ifndef TESTS_UNIT_SIGMA_CORRELATE_ORACLE_H
#define TESTS_UNIT_SIGMA_CORRELATE_ORACLE_H
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "correlate.h"
#include "sigma_impl.h"

/*
 * A second reading of docs/rules.md, section "Correlations", as slow as it is
 * plain: every pair of moments is tried as a window, and every window is
 * judged from nothing. It shares no code with correlate*.c; texts are short,
 * numbers are multiples of 1/4, so that plain sums are exact.
 */
enum {
	O_FIELDS = 4,
	O_TEXT = 24,
	O_OCC = 400,
	O_MATCHES = 200,
	O_DEPTH = 5,
	O_VIEWS = 4000,
	O_FACETS = 200,
};

/* What happened: an event that a plain rule matched. */
struct o_event {
	int64_t ns;
	uint32_t rule;
	uint64_t ref;
	struct value v[O_FIELDS];
	struct sigma_cell cells[O_FIELDS];
	char text[O_FIELDS][O_TEXT]; /* "": the field is not there */
};

/* One way to see an occurrence: its group and its value. */
struct o_facet {
	char group[4 * O_TEXT], value[4 * O_TEXT];
};

struct o_match {
	uint32_t rule;
	int64_t first_ns, last_ns;
	char group[4 * O_TEXT];
	bool weak;
	size_t members[O_OCC], nmembers; /* indices of o_side.occ */
	uint64_t total;
	uint64_t refs[O_OCC]; /* sorted by time, rule, ref */
	size_t nrefs;
};

/* An occurrence of a rule that a correlation lists. */
struct o_occ {
	int64_t ns;
	uint32_t rule, position;
	const struct o_event *event;
	const struct o_match *match;
};

/* One correlation evaluated over everything. */
struct o_side {
	uint32_t rule;
	struct o_occ occ[O_OCC];
	size_t nocc;
	struct o_match matches[O_MATCHES];
	size_t nmatches;
};

struct o_world {
	const struct sigma *s;
	const struct o_event *events;
	size_t nevents;
	struct o_side *sides; /* by rule; those of plain rules stay empty */
};

/* An occurrence seen through one of the events at its bottom. */
struct o_view {
	const struct o_occ *at[O_DEPTH]; /* outermost first */
	size_t n;
};

static inline const char *
o_rule_text(const struct sigma_rule *r, const char *key)
{
	if (strcmp(key, "id") == 0)
		return r->id;
	if (strcmp(key, "name") == 0)
		return r->name;
	return strcmp(key, "title") == 0 ? r->title : r->class;
}

/* What f of correlation c is in the view from its level on; NULL: nothing. */
static inline const char *
o_look(const struct o_world *w, uint32_t c, const struct o_view *view,
    size_t level, const struct group_field *f)
{
	const struct correlation *m = w->s->rules[c].correlation;
	const struct o_occ *o = view->at[level];
	struct group_field in = { .name = f->name, .field = f->field };
	const struct correlation *inner;

	if (f->rule_key != NULL)
		return o_rule_text(&w->s->rules[o->rule].info, f->rule_key);
	for (size_t i = 0; i < m->naliases; i++)
		if (m->aliases[i].rule == o->rule &&
		    str_eq(m->aliases[i].name, f->name)) {
			in.field = m->aliases[i].field;
			in.name = w->s->fields[in.field];
			break;
		}
	if (o->match == NULL)
		return in.field == SIGMA_NO_FIELD ||
			       o->event->text[in.field][0] == '\0'
			   ? NULL
			   : o->event->text[in.field];
	inner = w->s->rules[o->rule].correlation;
	for (size_t i = 0; i < inner->ngroup_by; i++)
		if (inner->group_by[i].rule_key == NULL &&
		    str_eq(inner->group_by[i].name, in.name))
			return o_look(
			    w, o->rule, view, level + 1, &inner->group_by[i]);
	return o_look(w, o->rule, view, level + 1, &in);
}

static inline bool
o_number(const char *text, double *out)
{
	char *end;

	*out = strtod(text, &end);
	return text[0] != '\0' && *end == '\0';
}

static inline bool
o_has_value(const struct correlation *m)
{
	return m->type != CORRELATE_EVENT_COUNT &&
	       m->type != CORRELATE_TEMPORAL &&
	       m->type != CORRELATE_TEMPORAL_ORDERED;
}

/* Group and value of a view; false when it is kept out of c. */
static inline bool
o_facet(const struct o_world *w, uint32_t c, const struct o_view *view,
    size_t level, struct o_facet *f)
{
	const struct correlation *m = w->s->rules[c].correlation;
	bool value = o_has_value(m) && view->at[level]->position < m->nrules;
	bool number =
	    m->type != CORRELATE_VALUE_COUNT &&
	    (m->type != CORRELATE_VALUE_PERCENTILE || m->has_percentile);
	double d;

	*f = (struct o_facet){ 0 };
	for (size_t k = 0; k < m->ngroup_by; k++) {
		const char *t = o_look(w, c, view, level, &m->group_by[k]);

		if (t == NULL)
			return false;
		strcat(strcat(f->group, t), "|");
	}
	for (size_t k = 0; value && k < m->nfields; k++) {
		const char *t = o_look(w, c, view, level, &m->fields[k]);

		if (t == NULL || (number && !o_number(t, &d)))
			return false;
		strcat(strcat(f->value, k > 0 ? "|" : ""), t);
	}
	return true;
}

/* All views of o, appended to those that end with v. */
static inline void
o_views(const struct o_world *w, const struct o_occ *o, struct o_view v,
    struct o_view *out, size_t *n)
{
	struct o_facet f;
	size_t level = v.n;

	v.at[v.n++] = o;
	if (o->match == NULL) {
		CHECK(*n < O_VIEWS);
		out[(*n)++] = v;
		return;
	}
	for (size_t i = 0; i < o->match->nmembers; i++) {
		size_t from = *n, kept = *n;

		o_views(
		    w, &w->sides[o->rule].occ[o->match->members[i]], v, out, n);
		for (size_t k = from; k < *n; k++)
			if (o_facet(w, o->rule, &out[k], level + 1, &f) &&
			    strcmp(f.group, o->match->group) == 0)
				out[kept++] = out[k];
		*n = kept;
	}
}

/* The distinct facets of an occurrence of c. */
static inline size_t
o_facets(const struct o_world *w, uint32_t c, const struct o_occ *o,
    struct o_facet *out)
{
	static struct o_view views[O_VIEWS];
	size_t nviews = 0, n = 0;

	o_views(w, o, (struct o_view){ .n = 0 }, views, &nviews);
	for (size_t i = 0; i < nviews; i++) {
		size_t k = 0;

		if (!o_facet(w, c, &views[i], 0, &out[n]))
			continue;
		while (strcmp(out[k].group, out[n].group) != 0 ||
		       strcmp(out[k].value, out[n].value) != 0)
			k++;
		n += k == n;
		CHECK(n < O_FACETS);
	}
	return n;
}

static inline bool
o_bounds(const struct bounds *b, double v)
{
	return (!b->has_eq || v == b->eq) && (!b->has_neq || v != b->neq) &&
	       (!b->has_lt || v < b->lt) && (!b->has_lte || v <= b->lte) &&
	       (!b->has_gt || v > b->gt) && (!b->has_gte || v >= b->gte);
}

static inline bool
o_bounded(const struct bounds *b)
{
	return b->has_eq || b->has_neq || b->has_lt || b->has_lte ||
	       b->has_gt || b->has_gte;
}

/* The longest chain from position p on, not before ns. */
static inline size_t
o_chain(const struct o_occ *const *v, size_t n, uint32_t p, int64_t ns)
{
	size_t best = 0;

	for (size_t i = 0; i < n; i++)
		if (v[i]->position >= p && v[i]->ns >= ns) {
			size_t l =
			    1 + o_chain(v, n, v[i]->position + 1, v[i]->ns);

			if (l > best)
				best = l;
		}
	return best;
}

static inline int
o_real_cmp(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Values of the window: numbers, and names with their counts. */
static inline bool
o_judge_values(
    const struct correlation *m, char (*values)[4 * O_TEXT], size_t n)
{
	static double nums[O_OCC * 8];
	size_t nnum = 0, names = 0;
	double sum = 0;
	bool holds = false;

	for (size_t i = 0; i < n; i++)
		if (o_number(values[i], &nums[nnum]))
			sum += nums[nnum++];
		else
			names++;
	if (m->type == CORRELATE_VALUE_SUM)
		return o_bounds(&m->bounds, sum);
	if (m->type == CORRELATE_VALUE_AVG) /* numbers and bounds are small */
		return o_bounds(&m->bounds, sum / (double)nnum);
	qsort(nums, nnum, sizeof(nums[0]), o_real_cmp);
	if (nnum > 0) {
		size_t rank = 1;

		while ((double)rank < m->percentile * (double)nnum / 100)
			rank++;
		holds = o_bounds(&m->bounds, nums[rank - 1]);
	}
	for (size_t i = 0; i < n; i++) {
		size_t same = 0;
		double d;

		if (o_number(values[i], &d))
			continue;
		for (size_t k = 0; k < n; k++)
			same += strcmp(values[i], values[k]) == 0;
		holds = holds || o_bounds(&m->bounds,
				     100 * (double)same / (double)names);
	}
	return holds;
}

/* Members of one window that have that group; judged. */
static inline bool
o_judge(const struct o_world *w, uint32_t c, const struct o_occ *const *v,
    size_t n, const char *group)
{
	const struct correlation *m = w->s->rules[c].correlation;
	static char values[O_OCC * 8][4 * O_TEXT];
	static struct o_facet f[O_FACETS];
	size_t nvalues = 0, distinct = 0;
	uint64_t seen = 0;

	for (size_t i = 0; i < n; i++)
		seen |= 1ull << v[i]->position;
	switch (m->type) {
	case CORRELATE_EVENT_COUNT:
		return o_bounds(&m->bounds, (double)n);
	case CORRELATE_TEMPORAL:
		distinct = (size_t)__builtin_popcountll(seen);
		return o_bounded(&m->bounds)
			   ? o_bounds(&m->bounds, (double)distinct)
			   : distinct == m->nrules;
	case CORRELATE_TEMPORAL_ORDERED:
		distinct = o_chain(v, n, 0, INT64_MIN);
		return o_bounded(&m->bounds)
			   ? o_bounds(&m->bounds, (double)distinct)
			   : distinct == m->nrules;
	case CORRELATE_VALUE_COUNT:
	case CORRELATE_VALUE_SUM:
	case CORRELATE_VALUE_AVG:
	case CORRELATE_VALUE_PERCENTILE:
		break;
	}
	for (size_t i = 0; i < n; i++) {
		size_t nf = o_facets(w, c, v[i], f);

		for (size_t k = 0; k < nf; k++)
			if (strcmp(f[k].group, group) == 0)
				strcpy(values[nvalues++], f[k].value);
	}
	if (m->type != CORRELATE_VALUE_COUNT)
		return o_judge_values(m, values, nvalues);
	for (size_t i = 0; i < nvalues; i++) {
		size_t k = 0;

		while (strcmp(values[k], values[i]) != 0)
			k++;
		distinct += k == i;
	}
	return o_bounds(&m->bounds, (double)distinct);
}

static inline int
o_part_cmp(const void *a, const void *b)
{
	const struct o_event *const *x = a, *const *y = b;

	if ((*x)->ns != (*y)->ns)
		return (*x)->ns < (*y)->ns ? -1 : 1;
	if ((*x)->rule != (*y)->rule)
		return (*x)->rule < (*y)->rule ? -1 : 1;
	return ((*x)->ref > (*y)->ref) - ((*x)->ref < (*y)->ref);
}

/* Joins b's members to a: they overlap. */
static inline void
o_join(struct o_match *a, const struct o_match *b)
{
	if (b->first_ns < a->first_ns)
		a->first_ns = b->first_ns;
	if (b->last_ns > a->last_ns)
		a->last_ns = b->last_ns;
	a->weak = a->weak || b->weak;
	for (size_t i = 0; i < b->nmembers; i++) {
		size_t k = 0;

		while (k < a->nmembers && a->members[k] != b->members[i])
			k++;
		if (k == a->nmembers)
			a->members[a->nmembers++] = b->members[i];
	}
}

/* Every window of one group that holds, joined where they overlap. */
static inline void
o_group(const struct o_world *w, struct o_side *side, const char *group,
    const size_t *in, size_t nin)
{
	const struct correlation *m = w->s->rules[side->rule].correlation;
	static const struct o_occ *v[O_OCC];
	size_t start = side->nmatches;

	for (size_t i = 0; i < nin; i++)
		for (size_t j = 0; j < nin; j++) {
			const struct o_occ *a = &side->occ[in[i]];
			const struct o_occ *b = &side->occ[in[j]];
			struct o_match x = { .rule = side->rule,
				.first_ns = a->ns,
				.last_ns = b->ns };
			bool maximal = true;
			size_t n = 0;

			if (b->ns < a->ns || b->ns - a->ns > m->timespan_ns ||
			    a->position == m->nrules ||
			    b->position == m->nrules)
				continue;
			for (size_t k = 0; k < nin; k++) {
				const struct o_occ *o = &side->occ[in[k]];
				bool weak = o->position == m->nrules;

				if (weak) {
					x.weak =
					    x.weak || (o->ns >= a->ns &&
							  o->ns - a->ns <=
							      m->timespan_ns);
				} else if (o->ns >= a->ns && o->ns <= b->ns) {
					x.members[x.nmembers++] = in[k];
					v[n++] = o;
				} else if ((o->ns < a->ns &&
					       b->ns - o->ns <=
						   m->timespan_ns) ||
					   (o->ns > b->ns &&
					       o->ns - a->ns <=
						   m->timespan_ns)) {
					maximal = false;
				}
			}
			if (!maximal || !o_judge(w, side->rule, v, n, group))
				continue;
			strcpy(x.group, group);
			for (size_t k = start; k < side->nmatches;) {
				struct o_match *y = &side->matches[k];

				if (y->first_ns > x.last_ns ||
				    x.first_ns > y->last_ns) {
					k++;
					continue;
				}
				o_join(&x, y);
				*y = side->matches[--side->nmatches];
			}
			CHECK(side->nmatches < O_MATCHES);
			side->matches[side->nmatches++] = x;
		}
}

/* The parts of a match, those of its inner matches among them. */
static inline void
o_parts(const struct o_world *w, const struct o_side *side, struct o_match *x)
{
	static const struct o_event *parts[O_OCC];
	size_t n = 0;

	for (size_t i = 0; i < x->nmembers; i++) {
		const struct o_occ *o = &side->occ[x->members[i]];

		if (o->match == NULL)
			parts[n++] = o->event;
		for (size_t k = 0; o->match && k < o->match->nrefs; k++)
			for (size_t e = 0; e < w->nevents; e++)
				if (w->events[e].ref == o->match->refs[k])
					parts[n++] = &w->events[e];
		CHECK(n < O_OCC / 2);
	}
	qsort(parts, n, sizeof(parts[0]), o_part_cmp);
	for (size_t i = 0; i < n; i++)
		x->refs[x->nrefs++] = parts[i]->ref;
}

/* Occurrences of one rule of the list. */
static inline void
o_occurrences(const struct o_world *w, struct o_side *side, uint32_t rule,
    uint32_t position)
{
	const struct o_side *inner = &w->sides[rule];

	for (size_t i = 0; i < w->nevents; i++)
		if (w->events[i].rule == rule)
			side->occ[side->nocc++] =
			    (struct o_occ){ w->events[i].ns, rule, position,
				    &w->events[i], NULL };
	for (size_t i = 0; i < inner->nmatches; i++)
		side->occ[side->nocc++] =
		    (struct o_occ){ inner->matches[i].last_ns, rule, position,
			    NULL, &inner->matches[i] };
	CHECK(side->nocc < O_OCC);
}

/* Evaluates a correlation whose inner ones are evaluated. */
static inline void
o_evaluate(struct o_world *w, uint32_t rule)
{
	const struct correlation *m = w->s->rules[rule].correlation;
	struct o_side *side = &w->sides[rule];
	static char groups[O_OCC * 4][4 * O_TEXT];
	static struct o_facet f[O_FACETS];
	static size_t in[O_OCC];
	size_t ngroups = 0;

	side->rule = rule;
	for (size_t i = 0; i < m->nrules; i++)
		o_occurrences(w, side, m->rules[i], (uint32_t)i);
	for (size_t i = 0; i < m->nweaker; i++)
		o_occurrences(w, side, m->weaker[i], (uint32_t)m->nrules);
	for (size_t i = 0; i < side->nocc; i++) {
		size_t n = o_facets(w, rule, &side->occ[i], f);

		for (size_t k = 0; k < n; k++) {
			size_t g = 0;

			while (g < ngroups && strcmp(groups[g], f[k].group))
				g++;
			if (g == ngroups)
				strcpy(groups[ngroups++], f[k].group);
		}
	}
	for (size_t g = 0; g < ngroups; g++) {
		size_t n = 0;

		for (size_t i = 0; i < side->nocc; i++) {
			size_t nf = o_facets(w, rule, &side->occ[i], f);
			bool of = false;

			for (size_t k = 0; k < nf; k++)
				of = of || !strcmp(f[k].group, groups[g]);
			if (of)
				in[n++] = i;
		}
		o_group(w, side, groups[g], in, n);
	}
	for (size_t i = 0; i < side->nmatches; i++)
		o_parts(w, side, &side->matches[i]);
}
#endif
