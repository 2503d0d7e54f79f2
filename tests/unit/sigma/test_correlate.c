#include "correlate_oracle.h"

#include "exact.h"
#include "ranks.h"
#include "sorted.h"

/*
 * Random rules and streams: what the correlator finds is exactly what the
 * oracle finds by trying every window, however occurrences of one moment are
 * ordered.
 */
static uint64_t rng = 88172645463325252u;

static unsigned
any(unsigned n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (unsigned)(rng >> 33) % n;
}

enum { PLAIN = 3, RULES = 7 };
static const struct str fields[O_FIELDS] = {
	{"g",  1},
	{ "h", 1},
	{ "v", 1},
	{ "n", 1},
};

/* One random set of rules: PLAIN plain ones and correlations over them. */
struct ruleset {
	struct sigma s;
	struct rule rules[RULES];
	struct correlation c[RULES];
	uint32_t listed[RULES][3], weaker[RULES][2];
	struct group_field group[RULES][2], value[RULES][2];
	struct alias alias[RULES][2];
	char names[RULES][8];
};

static struct group_field
random_field(unsigned few)
{
	static const char *const keys[] = { "id", "name", "title", "class" };
	static const char *const pseudo[] = { "rule.id", "rule.name",
		"rule.title", "rule.class" };
	unsigned k = any(few + 1);

	if (k < few)
		return (struct group_field){ fields[k], k, NULL };
	if (any(2))
		return (struct group_field){
			{"alias", 5},
			SIGMA_NO_FIELD, NULL
		};
	k = any(4);
	return (
	    struct group_field){ str_from(pseudo[k]), SIGMA_NO_FIELD, keys[k] };
}

static void
random_bounds(struct bounds *b, enum correlation_type t)
{
	double v = any(5);

	*b = (struct bounds){ 0 };
	if (t == CORRELATE_VALUE_SUM)
		v = (double)any(24) / 4 - 2;
	if (t == CORRELATE_VALUE_AVG)
		v = (double)any(12) / 4 - 1;
	if (t == CORRELATE_VALUE_PERCENTILE)
		v = any(2) ? any(50) : (double)any(12) / 4 - 1;
	switch (any(8)) {
	case 0:
		b->has_eq = true;
		b->eq = v;
		break;
	case 1:
		b->has_neq = true;
		b->neq = v;
		break;
	case 2:
		b->has_lt = true;
		b->lt = v + 1;
		break;
	case 3:
		b->has_lte = true;
		b->lte = v;
		break;
	case 4:
		b->has_gt = true;
		b->gt = v;
		break;
	case 5:
		b->has_gt = b->has_lte = true;
		b->gt = v;
		b->lte = v + 1;
		break;
	default:
		b->has_gte = true;
		b->gte = v;
		break;
	}
}

/* Distinct rules out of those below r. */
static size_t
pick(uint32_t *out, size_t max, uint32_t r)
{
	size_t n = 1 + any((unsigned)max), k = 0;

	for (size_t tries = 0; k < n && tries < 20; tries++) {
		uint32_t x = any(2) ? any(PLAIN) : any(r);
		size_t i = 0;

		while (i < k && out[i] != x)
			i++;
		if (i == k)
			out[k++] = x;
	}
	return k;
}

static void
random_correlation(struct ruleset *x, uint32_t r)
{
	struct correlation *c = &x->c[r];

	*c = (struct correlation){
		.type = (enum correlation_type)any(7),
		.rules = x->listed[r],
		.group_by = x->group[r],
		.fields = x->value[r],
		.aliases = x->alias[r],
		.weaker = x->weaker[r],
		.timespan_ns = any(9),
		.percentile = 50,
		.weaker_level = SIGMA_LOW,
		.depth = 1,
	};
	c->nrules = pick(x->listed[r], 3, r);
	if (any(3) == 0)
		c->nweaker = pick(x->weaker[r], 2, r);
	c->ngroup_by = any(3);
	for (size_t i = 0; i < c->ngroup_by; i++)
		x->group[r][i] = random_field(2);
	c->nfields = c->type == CORRELATE_VALUE_COUNT ? 1 + any(2) : 1;
	for (size_t i = 0; i < c->nfields; i++)
		x->value[r][i] =
		    c->type == CORRELATE_VALUE_COUNT ||
			    c->type == CORRELATE_VALUE_PERCENTILE
			? random_field(4)
			: (struct group_field){ fields[3], 3, NULL };
	c->naliases = any(3);
	for (size_t i = 0; i < c->naliases; i++)
		x->alias[r][i] = (struct alias){
			{"alias", 5},
			x->listed[r][any((unsigned)c->nrules)],
			any(O_FIELDS)
		};
	if ((c->type != CORRELATE_TEMPORAL &&
		c->type != CORRELATE_TEMPORAL_ORDERED) ||
	    any(2))
		random_bounds(&c->bounds, c->type);
	if (c->type == CORRELATE_VALUE_PERCENTILE && any(2)) {
		c->has_percentile = true;
		c->percentile = any(101);
	}
	for (size_t i = 0; i < c->nrules + c->nweaker; i++) {
		uint32_t in = i < c->nrules ? x->listed[r][i]
					    : x->weaker[r][i - c->nrules];

		if (in >= PLAIN && x->c[in].depth >= c->depth)
			c->depth = x->c[in].depth + 1;
	}
}

static void
random_rules(struct ruleset *x)
{
	memset(x, 0, sizeof(*x));
	x->s.rules = x->rules;
	x->s.nrules = RULES;
	x->s.fields = fields;
	x->s.nfields = O_FIELDS;
	for (uint32_t r = 0; r < RULES; r++) {
		struct sigma_rule *info = &x->rules[r].info;

		snprintf(x->names[r], sizeof(x->names[r]), "r%u", r);
		info->id = info->name = x->names[r];
		info->title = r % 2 ? "odd" : "even";
		info->class = r % 3 ? "some" : NULL;
		info->speaks = true;
		if (r < PLAIN)
			continue;
		random_correlation(x, r);
		x->rules[r].correlation = &x->c[r];
	}
}

/* A value in a form of its own: 1, 1.0 and "1" are the same to the rules. */
static void
random_value(struct o_event *e, uint32_t f)
{
	static const char *const names[] = { "", "a", "b", "c" };
	double d = (double)any(12) / 4 - 1;

	e->cells[f] = (struct sigma_cell){ f, &e->v[f] };
	if (f == 3 ? any(6) > 0 : f == 2 && any(2)) {
		snprintf(e->text[f], O_TEXT, "%g", d);
		e->v[f].type = VALUE_REAL;
		e->v[f].real = d;
		if (any(2)) {
			e->v[f].type = VALUE_TEXT;
			e->v[f].s = str_from(e->text[f]);
		} else if (any(2) && d == (double)(int)d) {
			e->v[f].type = VALUE_INT;
			e->v[f].i = (int)d;
		}
		return;
	}
	strcpy(e->text[f], names[any(f < 2 ? 3 : 4)]);
	if (e->text[f][0] != '\0') {
		e->v[f].type = VALUE_TEXT;
		e->v[f].s = str_from(e->text[f]);
	}
}

struct found {
	struct o_match v[O_MATCHES * RULES];
	size_t n;
};

static void
on_match(void *arg, const struct correlator_match *m)
{
	struct found *f = arg;
	struct o_match *x = &f->v[f->n++];

	CHECK(f->n < O_MATCHES * RULES);
	*x = (struct o_match){
		.rule = m->rule,
		.first_ns = m->first_ns,
		.last_ns = m->last_ns,
		.weak = m->weaker,
		.total = m->total,
		.nrefs = m->nparts,
	};
	for (size_t i = 0; i < m->ngroup; i++) {
		strncat(x->group, m->group_values[i].p, m->group_values[i].n);
		strcat(x->group, "|");
	}
	CHECK(m->nparts == m->total);
	for (size_t i = 0; i < m->nparts; i++)
		x->refs[i] = m->parts[i].ref;
}

static bool
same(const struct o_match *a, const struct o_match *b)
{
	if (a->rule != b->rule || a->first_ns != b->first_ns ||
	    a->last_ns != b->last_ns || a->weak != b->weak ||
	    strcmp(a->group, b->group) != 0 || a->nrefs != b->nrefs)
		return false;
	return memcmp(a->refs, b->refs, a->nrefs * sizeof(a->refs[0])) == 0;
}

static void
show(const struct ruleset *x, const char *who, const struct o_match *m)
{
	const struct correlation *c = &x->c[m->rule];

	fprintf(stderr,
	    "%s: rule %u type %d span %d: %d..%d group %s weak %d parts", who,
	    m->rule, c->type, (int)c->timespan_ns, (int)m->first_ns,
	    (int)m->last_ns, m->group, m->weak);
	for (size_t i = 0; i < m->nrefs; i++)
		fprintf(stderr, " %d", (int)m->refs[i]);
	fprintf(stderr, "\n");
}

/* Each match of the one is one of the other. */
static void
compare(const struct ruleset *x, const struct o_world *w, const struct found *f)
{
	size_t n = 0;

	for (uint32_t r = PLAIN; r < RULES; r++)
		for (size_t i = 0; i < w->sides[r].nmatches; i++, n++) {
			const struct o_match *m = &w->sides[r].matches[i];
			size_t k = 0;

			while (k < f->n && !same(m, &f->v[k]))
				k++;
			if (k < f->n)
				continue;
			show(x, "missed", m);
			for (k = 0; k < f->n; k++)
				if (f->v[k].rule == r)
					show(x, "found", &f->v[k]);
			exit(1);
		}
	CHECK(n == f->n);
}

static void
swap_ties(const struct o_event **order, size_t n)
{
	for (size_t k = 0; k < 4 * n; k++) {
		size_t i = any((unsigned)n - 1);
		const struct o_event *e = order[i];

		if (e->ns == order[i + 1]->ns) {
			order[i] = order[i + 1];
			order[i + 1] = e;
		}
	}
}

static void
feed_all(const struct ruleset *x, const struct o_event **order, size_t n,
    struct found *f)
{
	struct correlator *c = correlator_new(&x->s, on_match, f);

	f->n = 0;
	for (size_t i = 0; i < n; i++) {
		struct sigma_event e = { order[i]->cells, O_FIELDS };

		correlator_feed(
		    c, order[i]->ns, order[i]->rule, &e, order[i]->ref);
	}
	correlator_end(c);
	CHECK(correlator_lost(c) == 0);
	correlator_free(c);
}

static size_t
random_streams(unsigned trials)
{
	static struct ruleset x;
	static struct o_event events[40];
	static const struct o_event *order[40];
	static struct found f;
	static size_t of_type[7];
	struct o_side *sides = calloc(RULES, sizeof(*sides));
	size_t matches = 0;

	CHECK(sides != NULL);
	for (unsigned t = 0; t < trials; t++) {
		unsigned n = 2 + any(22), span = 1 + any(30);
		struct o_world w = { &x.s, events, n, sides };
		int64_t ns = (int64_t)any(3) * 1000 - 1000;

		random_rules(&x);
		memset(events, 0, sizeof(events));
		for (unsigned i = 0; i < n; i++) {
			ns += any(3) ? 0 : any(span);
			events[i].ns = ns;
			events[i].rule = any(PLAIN);
			events[i].ref = i + 1;
			order[i] = &events[i];
			for (uint32_t k = 0; k < O_FIELDS; k++)
				random_value(&events[i], k);
		}
		memset(sides, 0, RULES * sizeof(*sides));
		for (uint32_t r = PLAIN; r < RULES; r++) {
			o_evaluate(&w, r);
			matches += sides[r].nmatches;
			of_type[x.c[r].type] += sides[r].nmatches;
		}
		for (int k = 0; k < 3; k++) {
			feed_all(&x, order, n, &f);
			compare(&x, &w, &f);
			swap_ties(order, n);
		}
	}
	for (int i = 0; i < 7; i++)
		CHECK(of_type[i] > trials / 20);
	free(sides);
	return matches;
}

int
main(int argc, char **argv)
{
	unsigned trials = argc > 1 ? (unsigned)atoi(argv[1]) : 6000;

	printf("%zu matches as the oracle has them\n", random_streams(trials));
	return 0;
}
