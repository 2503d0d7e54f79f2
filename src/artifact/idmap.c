#include "idmap.h"

#include <stdlib.h>

void
idmap_init(struct idmap *m, struct arena *a)
{
	*m = (struct idmap){ .arena = a };
}

static bool
grow(struct idmap *m)
{
	size_t cap = m->cap ? m->cap * 2 : 256;
	struct idmap_entry *v = arena_alloc(m->arena, cap, sizeof(*v));

	if (v == NULL)
		return false;
	for (size_t i = 0; i < m->n; i++)
		v[i] = m->v[i];
	m->v = v;
	m->cap = cap;
	return true;
}

void
idmap_add(struct idmap *m, int64_t id, int64_t row, struct str text)
{
	struct str copy = arena_str(m->arena, text);

	if (copy.p == NULL || (m->n == m->cap && !grow(m))) {
		m->full = true;
		return;
	}
	if (m->n > 0 && m->v[m->n - 1].id > id)
		m->unsorted = true;
	m->v[m->n++] =
	    (struct idmap_entry){ .id = id, .row = row, .text = copy };
}

static int
entry_cmp(const void *pa, const void *pb)
{
	const struct idmap_entry *a = pa, *b = pb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

void
idmap_sort(struct idmap *m)
{
	/* Most tables are scanned in the order of their ids already. */
	if (m->unsorted)
		qsort(m->v, m->n, sizeof(*m->v), entry_cmp);
	m->unsorted = false;
}

struct idmap_entry *
idmap_find(const struct idmap *m, int64_t id)
{
	size_t from = 0, to = m->n, mid;

	while (from < to) {
		mid = from + (to - from) / 2;
		if (m->v[mid].id < id)
			from = mid + 1;
		else
			to = mid;
	}
	return from < m->n && m->v[from].id == id ? &m->v[from] : NULL;
}

struct idmap_entry *
idmap_next(const struct idmap *m, const struct idmap_entry *e)
{
	size_t at = (size_t)(e - m->v) + 1;

	return at < m->n && m->v[at].id == e->id ? &m->v[at] : NULL;
}
