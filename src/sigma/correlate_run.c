#include "correlate_impl.h"

#include <stdlib.h>
#include <string.h>

/* An occurrence that is about to become a part of a match. */
struct run_part {
	int64_t ns;
	uint32_t rule;
	uint64_t ref;
	const struct inner *inner;
};

static int
part_cmp(const void *a, const void *b)
{
	const struct correlator_part *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return (x->ref > y->ref) - (x->ref < y->ref);
}

/* Lists of texts, the shorter first. */
static int
carried_cmp(const struct inner *x, const struct inner *y)
{
	int c = (x->ncarried > y->ncarried) - (x->ncarried < y->ncarried);

	for (size_t i = 0; i < x->ncarried && c == 0; i++)
		c = str_cmp(x->carried[i], y->carried[i]);
	return c;
}

static int
match_cmp(const struct inner *x, const struct inner *y)
{
	int c;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	if (x->first_ns != y->first_ns)
		return x->first_ns < y->first_ns ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	c = str_cmp(x->group, y->group);
	if (c != 0)
		return c;
	if (x->total != y->total)
		return x->total < y->total ? -1 : 1;
	for (size_t i = 0; i < x->nparts && i < y->nparts && c == 0; i++)
		c = part_cmp(&x->parts[i], &y->parts[i]);
	return c != 0 ? c : carried_cmp(x, y);
}

int
inner_cmp(const void *a, const void *b)
{
	const struct inner *const *x = a, *const *y = b;

	return match_cmp(*x, *y);
}

static int
run_part_cmp(const void *a, const void *b)
{
	const struct run_part *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	if (x->inner != NULL && y->inner != NULL)
		return match_cmp(x->inner, y->inner);
	return (x->ref > y->ref) - (x->ref < y->ref);
}

struct inner *
inner_keep(struct inner *m)
{
	if (m != NULL)
		m->refs++;
	return m;
}

void
inner_free(struct correlator *c, struct inner *m)
{
	struct budget *b = &c->budget;

	if (m == NULL || --m->refs > 0)
		return;
	budget_free(b, m->parts, m->parts_cap * sizeof(*m->parts));
	budget_free(b, m->carried, m->ncarried * sizeof(*m->carried));
	budget_free(b, m->text, m->text_n);
	budget_free(b, m, sizeof(*m));
}

/* A part more, as long as there is room; the total is counted anyway. */
static void
add_part(struct stream *s, struct inner *m, const struct correlator_part *p)
{
	size_t cap = m->parts_cap > 0 ? 2 * m->parts_cap : 4;

	if (m->nparts == LIMIT_CORRELATION_PARTS)
		return;
	if (m->nparts == m->parts_cap) {
		struct correlator_part *v = budget_grow(&s->c->budget, m->parts,
		    m->parts_cap * sizeof(*v), cap * sizeof(*v));

		if (v == NULL)
			return;
		m->parts = v;
		m->parts_cap = cap;
	}
	m->parts[m->nparts++] = *p;
}

/*
 * Collects what is new in the run, until that is as much as it may store and
 * the moment is over: among those of one moment the order decides, not which
 * came first.
 */
static size_t
collect(struct stream *s, const struct group *g, size_t room)
{
	struct correlator *c = s->c;
	size_t n = 0;

	for (uint64_t i = g->run->next; i != NO_ENTRY;
	     i = entry_at(s, i)->next) {
		const struct entry *e = entry_at(s, i);
		bool inner = e->flags & ARRIVAL_INNER;

		if (e->flags & (ARRIVAL_WEAK | ARRIVAL_AGAIN))
			continue;
		if (n >= room && c->parts[n - 1].ns != e->ns)
			break;
		if (n == c->parts_cap) {
			c->parts_cap = n > 0 ? 2 * n : 64;
			c->parts =
			    realloc(c->parts, c->parts_cap * sizeof(*c->parts));
			if (c->parts == NULL)
				abort();
		}
		c->parts[n++] = (struct run_part){
			.ns = e->ns,
			.rule = e->rule,
			.ref = inner ? 0 : e->ref,
			.inner = inner ? e->inner : NULL,
		};
	}
	return n;
}

static void
add_parts(struct stream *s, struct group *g)
{
	struct inner *m = g->run->match;
	size_t room = LIMIT_CORRELATION_PARTS - m->nparts;
	struct run_part *v;
	size_t n;

	if (room == 0)
		return;
	n = collect(s, g, room);
	v = s->c->parts;
	if (n > 1)
		qsort(v, n, sizeof(*v), run_part_cmp);
	for (size_t i = 0; i < n; i++) {
		const struct inner *in = v[i].inner;
		struct correlator_part one = { v[i].ref, v[i].rule, v[i].ns };

		if (in == NULL)
			add_part(s, m, &one);
		for (size_t k = 0; in != NULL && k < in->nparts; k++)
			add_part(s, m, &in->parts[k]);
	}
}

/* A set of carried columns that is new in the run. */
static void
add_carried(struct stream *s, struct run *r, struct bag_item *item)
{
	struct bag_item **v;
	size_t cap = r->carried_cap > 0 ? 2 * r->carried_cap : 4;

	if (item == NULL || item->mark == r->id)
		return;
	if (r->ncarried == LIMIT_CORRELATION_CARRIED) {
		s->c->lost++;
		return;
	}
	if (r->ncarried == r->carried_cap) {
		v = budget_grow(&s->c->budget, r->carried,
		    r->carried_cap * sizeof(struct bag_item *),
		    cap * sizeof(struct bag_item *));
		if (v == NULL) {
			s->c->lost++;
			return;
		}
		r->carried = v;
		r->carried_cap = cap;
	}
	item->mark = r->id;
	item->count++;
	r->carried[r->ncarried++] = item;
}

static struct run *
run_new(struct stream *s, const struct group *g, int64_t first_ns)
{
	struct budget *b = &s->c->budget;
	struct run *r = budget_must(b, sizeof(*r));

	r->match = budget_must(b, sizeof(*r->match));
	r->match->refs = 1;
	r->match->rule = s->plan->rule;
	r->match->first_ns = first_ns;
	r->id = ++s->runs;
	r->next = g->first;
	return r;
}

void
run_extend(struct stream *s, struct group *g, int64_t first_ns)
{
	struct inner *m;
	struct run *r;

	if (g->run == NULL)
		g->run = run_new(s, g, first_ns);
	r = g->run;
	m = r->match;
	m->ns = g->last_ns;
	m->weak = m->weak || g->weak > 0 || g->weak_before_ns >= first_ns;
	add_parts(s, g);
	for (uint64_t i = r->next; i != NO_ENTRY; i = entry_at(s, i)->next) {
		const struct entry *e = entry_at(s, i);

		if (e->flags & ARRIVAL_WEAK)
			continue;
		r->live++;
		add_carried(s, r, e->carried);
		if (!(e->flags & ARRIVAL_AGAIN))
			m->total +=
			    e->flags & ARRIVAL_INNER ? e->inner->total : 1;
	}
	r->next = NO_ENTRY;
}

void
run_free(struct stream *s, struct run *r)
{
	struct budget *b = &s->c->budget;

	if (r == NULL)
		return;
	for (size_t i = 0; i < r->ncarried; i++)
		bag_take(&s->carried, r->carried[i]);
	budget_free(b, r->carried, r->carried_cap * sizeof(struct bag_item *));
	inner_free(s->c, r->match);
	budget_free(b, r, sizeof(*r));
}

static int
text_cmp(const void *a, const void *b)
{
	const struct str *x = a, *y = b;

	return str_cmp(*x, *y);
}

static struct str
keep_text(struct inner *m, size_t *at, struct str s)
{
	struct str kept = { m->text + *at, s.n };

	if (s.n > 0)
		memcpy(m->text + *at, s.p, s.n);
	*at += s.n;
	return kept;
}

/* Group and carried columns as texts of its own. */
static void
keep_texts(struct stream *s, const struct group *g)
{
	const struct run *r = g->run;
	struct inner *m = r->match;
	size_t at = 0;

	m->text_n = g->key->n;
	for (size_t i = 0; i < r->ncarried; i++)
		m->text_n += r->carried[i]->n;
	m->text = budget_must(&s->c->budget, m->text_n);
	m->group = keep_text(m, &at, bag_text(g->key));
	m->carried =
	    budget_must(&s->c->budget, r->ncarried * sizeof(*m->carried));
	m->ncarried = r->ncarried;
	for (size_t i = 0; i < r->ncarried; i++)
		m->carried[i] = keep_text(m, &at, bag_text(r->carried[i]));
	if (m->ncarried > 1)
		qsort(m->carried, m->ncarried, sizeof(*m->carried), text_cmp);
}

void
run_close(struct stream *s, struct group *g)
{
	struct inner *m = g->run->match;

	if (m->nparts > 1)
		qsort(m->parts, m->nparts, sizeof(*m->parts), part_cmp);
	keep_texts(s, g);
	if (s->nclosed == s->closed_cap) {
		s->closed_cap = s->closed_cap > 0 ? 2 * s->closed_cap : 16;
		s->closed =
		    realloc(s->closed, s->closed_cap * sizeof(struct inner *));
		if (s->closed == NULL)
			abort();
	}
	s->closed[s->nclosed++] = inner_keep(m);
	run_free(s, g->run);
	g->run = NULL;
}
