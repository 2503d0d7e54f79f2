#include "correlate_impl.h"

#include <stdlib.h>
#include <string.h>

/*
 * A match is one occurrence for the correlation above it, in each group of
 * that one in which something of the match was: the outer group-by need not
 * be a part of the inner one. So each distinct set of the columns that the
 * match carries is looked at; those of one outer group are the same
 * occurrence, seen again with another value.
 */
struct facet {
	struct str group, value, carried;
};

static int
facet_cmp(const void *a, const void *b)
{
	const struct facet *x = a, *y = b;
	int c = str_cmp(x->group, y->group);

	if (c == 0)
		c = str_cmp(x->value, y->value);
	return c != 0 ? c : str_cmp(x->carried, y->carried);
}

/* The k-th column of a packed text. */
static bool
column_at(struct str packed, uint32_t k, struct str *out)
{
	for (; k > 0; k--)
		unpack(&packed, out);
	return unpack(&packed, out);
}

static bool
of_match(const struct source *from, const struct inner *m, struct str carried,
    struct str *out)
{
	switch (from->from) {
	case FROM_RULE:
		*out = from->text;
		return true;
	case FROM_GROUP:
		return column_at(m->group, from->index, out);
	case FROM_CARRIED:
		return column_at(carried, from->index, out);
	case FROM_FIELD:
	case FROM_NOWHERE:
		break;
	}
	return false;
}

/* Appends n columns; false when one of them must be there and is not. */
static bool
pack_match(struct buf *out, const struct source *from, size_t n,
    const struct inner *m, struct str carried, bool must)
{
	struct str text;

	for (size_t i = 0; i < n; i++)
		if (of_match(&from[i], m, carried, &text))
			pack_text(out, text);
		else if (must)
			return false;
		else
			pack_none(out);
	return true;
}

/* Where a facet's three texts end in the buffer, before it may move. */
struct ends {
	size_t start, group, value, carried;
};

static bool
facet_pack(struct stream *s, const struct input *in, const struct inner *m,
    struct str carried, struct ends *out)
{
	const struct plan *p = s->plan;
	struct buf *b = &s->c->value;
	size_t own = p->ngroup + p->nvalue;
	bool weak = in->position == p->npositions;

	out->start = b->len;
	if (!pack_match(b, in->sources, p->ngroup, m, carried, true))
		return false;
	out->group = out->value = out->carried = b->len;
	if (weak)
		return true;
	if (!pack_match(
		b, in->sources + p->ngroup, p->nvalue, m, carried, true))
		return false;
	out->value = b->len;
	pack_match(b, in->sources + own, p->ncolumns - own, m, carried, false);
	out->carried = b->len;
	return true;
}

/* All facets of m, sorted; their texts are in the scratch buffer. */
static size_t
facets_of(struct stream *s, const struct input *in, const struct inner *m,
    struct facet *out)
{
	size_t tuples = m->ncarried > 0 ? m->ncarried : 1, n = 0;
	struct ends *ends = calloc(tuples, sizeof(*ends));
	struct str all;

	if (ends == NULL)
		abort();
	buf_reset(&s->c->value);
	for (size_t i = 0; i < tuples; i++) {
		struct str carried = { 0 };

		if (m->ncarried > 0)
			carried = m->carried[i];
		n += facet_pack(s, in, m, carried, &ends[n]);
	}
	if (s->c->value.full) {
		s->c->lost++;
		n = 0;
	}
	all = buf_text(&s->c->value);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct facet){
			str_sub(all, ends[i].start, ends[i].group),
			str_sub(all, ends[i].group, ends[i].value),
			str_sub(all, ends[i].value, ends[i].carried),
		};
	free(ends);
	if (n > 1)
		qsort(out, n, sizeof(*out), facet_cmp);
	return n;
}

/* The value of one facet; false when it is of no use. */
static bool
facet_value(const struct plan *p, const struct facet *f, struct arrival *a)
{
	struct str packed = f->value;
	struct value v = { .type = VALUE_TEXT };

	a->flags &= ~(unsigned)ARRIVAL_NAME;
	if (p->nvalue == 0)
		return true;
	if (p->nvalue > 1) {
		a->value = f->value;
		a->flags |= ARRIVAL_NAME;
		return true;
	}
	if (!unpack(&packed, &v.s))
		return false;
	if (p->wants != WANTS_NAME && number_from(&v, &a->number))
		return true;
	a->value = v.s;
	a->flags |= ARRIVAL_NAME;
	return p->wants != WANTS_NUMBER;
}

void
arrive_match(
    struct stream *s, const struct input *in, struct inner *m, arrive_fn fn)
{
	const struct plan *p = s->plan;
	struct facet *v = calloc(m->ncarried > 0 ? m->ncarried : 1, sizeof(*v));
	bool weak = in->position == p->npositions, again = false;
	const struct facet *last = NULL;
	size_t n;

	if (v == NULL)
		abort();
	n = facets_of(s, in, m, v);
	for (size_t i = 0; i < n; i++) {
		struct arrival a = {
			.ns = m->ns,
			.inner = m,
			.rule = in->rule,
			.position = in->position,
			.group = v[i].group,
			.carried = v[i].carried,
			.flags = weak ? ARRIVAL_WEAK : 0,
		};
		bool group = last != NULL && str_eq(last->group, a.group);

		if (last != NULL && facet_cmp(last, &v[i]) == 0)
			continue;
		if (group && str_eq(last->value, v[i].value))
			a.flags |= ARRIVAL_MUTE;
		again = again && group;
		last = &v[i];
		if (!weak && !facet_value(p, &v[i], &a))
			continue;
		if (again)
			a.flags |= ARRIVAL_AGAIN;
		again = true;
		fn(s, &a);
	}
	free(v);
}

/* What arrived and must wait, a binary heap by time. */
struct waiting {
	struct arrival a;
	size_t n;
	char text[];
};

static struct str
put_text(struct waiting *w, struct str s)
{
	char *at = w->text + w->n;

	if (s.n > 0)
		memcpy(at, s.p, s.n);
	w->n += s.n;
	return (struct str){ at, s.n };
}

static struct waiting *
waiting_new(struct stream *s, const struct arrival *a)
{
	size_t n = a->group.n + a->value.n + a->carried.n;
	struct waiting *w = budget_alloc(&s->c->budget, sizeof(*w) + n);

	if (w == NULL)
		return NULL;
	w->a = *a;
	w->a.group = put_text(w, a->group);
	w->a.value = put_text(w, a->value);
	w->a.carried = put_text(w, a->carried);
	inner_keep(w->a.inner);
	return w;
}

void
wait_free(struct stream *s, struct waiting *w)
{
	inner_free(s->c, w->a.inner);
	budget_free(&s->c->budget, w, sizeof(*w) + w->n);
}

const struct arrival *
wait_arrival(const struct waiting *w)
{
	return &w->a;
}

int64_t
wait_first_ns(const struct stream *s)
{
	return s->heap[0]->a.ns;
}

static bool
heap_room(struct stream *s)
{
	size_t cap = s->heap_cap > 0 ? 2 * s->heap_cap : 16;
	struct waiting **v;

	if (s->nheap < s->heap_cap)
		return true;
	v = budget_grow(&s->c->budget, s->heap,
	    s->heap_cap * sizeof(struct waiting *),
	    cap * sizeof(struct waiting *));
	if (v == NULL)
		return false;
	s->heap = v;
	s->heap_cap = cap;
	return true;
}

void
wait_put(struct stream *s, const struct arrival *a)
{
	struct waiting *w = heap_room(s) ? waiting_new(s, a) : NULL;
	size_t at = s->nheap;

	if (w == NULL) {
		s->c->lost++;
		return;
	}
	s->nheap++;
	for (; at > 0 && s->heap[(at - 1) / 2]->a.ns > a->ns; at = (at - 1) / 2)
		s->heap[at] = s->heap[(at - 1) / 2];
	s->heap[at] = w;
}

struct waiting *
wait_take(struct stream *s, int64_t before, bool any)
{
	struct waiting *first, *last;
	size_t at = 0, child;

	if (s->nheap == 0 || (!any && s->heap[0]->a.ns >= before))
		return NULL;
	first = s->heap[0];
	last = s->heap[--s->nheap];
	while ((child = 2 * at + 1) < s->nheap) {
		if (child + 1 < s->nheap &&
		    s->heap[child + 1]->a.ns < s->heap[child]->a.ns)
			child++;
		if (s->heap[child]->a.ns >= last->a.ns)
			break;
		s->heap[at] = s->heap[child];
		at = child;
	}
	if (s->nheap > 0)
		s->heap[at] = last;
	return first;
}
