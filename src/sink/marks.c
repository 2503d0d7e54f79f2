#include "marks.h"

#include <stdlib.h>
#include <string.h>

static int
place_cmp(const struct finding *f, const char *artifact, struct str path,
    struct str locator)
{
	int c = strcmp(f->artifact ? f->artifact : "", artifact);

	if (c == 0)
		c = str_cmp(f->path, path);
	return c != 0 ? c : str_cmp(f->locator, locator);
}

static int
mark_cmp(const void *a, const void *b)
{
	const struct finding *const *x = a, *const *y = b;
	int c = place_cmp(*x, (*y)->artifact ? (*y)->artifact : "", (*y)->path,
	    (*y)->locator);

	/* As they stand in the report: gravest first. */
	return c != 0 ? c : (*x > *y) - (*x < *y);
}

void
marks_init(struct marks *m, const struct report *r)
{
	m->n = r->nfindings;
	m->v = calloc(m->n + 1, sizeof(*m->v));
	if (m->v == NULL)
		abort();
	for (size_t i = 0; i < m->n; i++)
		m->v[i] = &r->findings[i];
	if (m->n > 1)
		qsort(m->v, m->n, sizeof(*m->v), mark_cmp);
}

void
marks_done(struct marks *m)
{
	free(m->v);
	*m = (struct marks){ 0 };
}

const struct finding *const *
marks_at(const struct marks *m, const struct event *e, size_t *n)
{
	size_t from = 0, to = m->n, end;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (place_cmp(m->v[mid], e->schema->name, e->path, e->locator) <
		    0)
			from = mid + 1;
		else
			to = mid;
	}
	for (end = from; end < m->n && place_cmp(m->v[end], e->schema->name,
					   e->path, e->locator) == 0;
	     end++)
		;
	*n = end - from;
	return end > from ? &m->v[from] : NULL;
}
