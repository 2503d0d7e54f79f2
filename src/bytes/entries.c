#include "entries.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"

/* Names are packed into pieces of this size: little is lost at the ends. */
#define NAMES_CHUNK ((size_t)256 << 10)

void
entries_init(struct entries *l)
{
	*l = (struct entries){ 0 };
	arena_init(&l->names, LIMIT_ENTRY_NAMES);
}

void
entries_done(struct entries *l)
{
	free(l->v);
	arena_done(&l->names);
	entries_init(l);
}

/* s in the packed store, with a NUL behind it. */
static bool
names_add(struct entries *l, struct str s, struct str *out)
{
	char *p;

	if (s.n + 1 > l->left) {
		if ((p = arena_alloc(&l->names, NAMES_CHUNK, 1)) == NULL)
			return false;
		l->room = p;
		l->left = NAMES_CHUNK;
	}
	p = l->room;
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	l->room += s.n + 1;
	l->left -= s.n + 1;
	*out = (struct str){ p, s.n };
	return true;
}

bool
entries_add_borrowed(struct entries *l, const struct entry *e)
{
	struct entry *v;
	size_t cap;

	if (l->count >= LIMIT_ENTRIES)
		return false;
	if (l->count == l->cap) {
		cap = l->cap == 0 ? 256 : l->cap + l->cap / 2;
		if ((v = realloc(l->v, cap * sizeof(*v))) == NULL)
			abort();
		l->v = v;
		l->cap = cap;
	}
	l->v[l->count++] = *e;
	return true;
}

bool
entries_add(struct entries *l, const struct entry *e)
{
	struct entry copy = *e;

	if (e->path.n > LIMIT_PATH || l->count >= LIMIT_ENTRIES)
		return false;
	if (!names_add(l, e->path, &copy.path))
		return false;
	return entries_add_borrowed(l, &copy);
}

/*
 * A merge sort that never swaps equals: what was added later under the same
 * name stands later. Already sorted halves, the common case, cost one compare.
 */
static void
merge_sort(struct entry *v, struct entry *tmp, size_t n)
{
	size_t half = n / 2, i = 0, j = half, k = 0;

	if (n < 2)
		return;
	merge_sort(v, tmp, half);
	merge_sort(v + half, tmp, n - half);
	if (str_cmp(v[half - 1].path, v[half].path) <= 0)
		return;
	memcpy(tmp, v, half * sizeof(*v));
	while (i < half && j < n) {
		if (str_cmp(tmp[i].path, v[j].path) <= 0)
			v[k++] = tmp[i++];
		else
			v[k++] = v[j++];
	}
	memcpy(v + k, tmp + i, (half - i) * sizeof(*v));
}

void
entries_sort(struct entries *l)
{
	struct entry *tmp;

	if (l->count < 2)
		return;
	if ((tmp = malloc((l->count / 2 + 1) * sizeof(*tmp))) == NULL)
		abort();
	merge_sort(l->v, tmp, l->count);
	free(tmp);
}

void
entries_give(struct entries *l, struct source *s, struct arena *names)
{
	struct entry *v;

	entries_sort(l);
	if (l->count > 0) {
		v = realloc(l->v, l->count * sizeof(*v));
		s->entries = v != NULL ? v : l->v;
	} else {
		free(l->v);
		s->entries = NULL;
	}
	s->count = l->count;
	s->bytes = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->entries[i];

		if (e->type == ENTRY_FILE && e->size <= UINT64_MAX - s->bytes &&
		    e->size != ENTRY_SIZE_UNKNOWN)
			s->bytes += e->size;
	}
	*names = l->names;
	entries_init(l);
}
