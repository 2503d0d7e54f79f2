#include "kept.h"

#include <stdlib.h>
#include <string.h>

struct kept_item {
	struct str bytes;
	struct str artifact, path, locator; /* in bytes */
	const struct hit *hits;
	uint32_t index; /* of the artifact */
	uint32_t nhits;
};

/* Half as much again, so that not every one that is too many is sorted. */
static size_t
room(const struct kept_store *k)
{
	return k->max_bytes + k->max_bytes / 2;
}

void
kept_init(struct kept_store *k, size_t max_bytes, size_t nartifacts)
{
	*k = (struct kept_store){ .max_bytes = max_bytes,
		.nartifacts = nartifacts };
	arena_init(&k->arena, room(k));
	k->lost = calloc(nartifacts + 1, sizeof(*k->lost));
	if (k->lost == NULL)
		abort();
}

void
kept_done(struct kept_store *k)
{
	free(k->v);
	free(k->lost);
	arena_done(&k->arena);
	*k = (struct kept_store){ 0 };
}

static int
u32_cmp(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int
hit_cmp(const struct hit *a, const struct hit *b)
{
	const uint32_t x[] = { a->detector, a->ref, a->field, a->item, a->level,
		a->role, a->how };
	const uint32_t y[] = { b->detector, b->ref, b->field, b->item, b->level,
		b->role, b->how };
	int c = 0;

	for (size_t i = 0; c == 0 && i < sizeof(x) / sizeof(x[0]); i++)
		c = u32_cmp(x[i], y[i]);
	return c;
}

static int
item_cmp(const void *pa, const void *pb)
{
	const struct kept_item *a = pa, *b = pb;
	int c;

	if ((c = str_cmp(a->artifact, b->artifact)) != 0 ||
	    (c = str_cmp(a->path, b->path)) != 0 ||
	    (c = locator_cmp(a->locator, b->locator)) != 0 ||
	    (c = str_cmp(a->bytes, b->bytes)) != 0 ||
	    (c = u32_cmp(a->nhits, b->nhits)) != 0)
		return c;
	for (uint32_t i = 0; c == 0 && i < a->nhits; i++)
		c = hit_cmp(&a->hits[i], &b->hits[i]);
	return c;
}

/* What an item takes: its bytes, its hits, and itself. */
static size_t
weight(const struct kept_item *i)
{
	return sizeof(*i) + i->bytes.n + 1 + i->nhits * sizeof(*i->hits);
}

/* A copy of i in a; false when there is no room. */
static bool
copy(struct arena *a, const struct kept_item *i, struct kept_item *out)
{
	struct kept_item c = *i;
	struct hit *hits = arena_alloc(a, i->nhits, sizeof(*hits));

	c.bytes = arena_str(a, i->bytes);
	if (hits == NULL || c.bytes.p == NULL ||
	    !record_peek(cur_from(c.bytes.p, c.bytes.n), &c.artifact, &c.path,
		&c.locator))
		return false;
	memcpy(hits, i->hits, i->nhits * sizeof(*hits));
	c.hits = hits;
	*out = c;
	return true;
}

/* What is there twice: a file whose worker crashed is read again. */
static void
drop_twins(struct kept_store *k)
{
	size_t n = 0;

	if (k->n == 0)
		return;
	qsort(k->v, k->n, sizeof(*k->v), item_cmp);
	for (size_t i = 1; i < k->n; i++)
		if (item_cmp(&k->v[n], &k->v[i]) != 0)
			k->v[++n] = k->v[i];
	k->n = n + 1;
}

/*
 * Sorts, and keeps the longest beginning that is within the limit: what is
 * left out can never come back, later ones only push further to the end.
 */
void
kept_sort(struct kept_store *k)
{
	struct arena fresh;
	size_t before = k->n, n = 0, bytes = 0;

	drop_twins(k);
	while (n < k->n && weight(&k->v[n]) <= k->max_bytes - bytes)
		bytes += weight(&k->v[n++]);
	for (size_t i = n; i < k->n; i++)
		k->lost[k->v[i].index] = true;
	if (n == before)
		return;
	k->n = 0;
	arena_init(&fresh, room(k));
	for (size_t i = 0; i < n; i++) {
		if (copy(&fresh, &k->v[i], &k->v[k->n]))
			k->n++;
		else
			k->lost[k->v[i].index] = true;
	}
	arena_done(&k->arena);
	k->arena = fresh;
}

static void
grow(struct kept_store *k)
{
	if (k->n < k->cap)
		return;
	k->cap = k->cap ? k->cap + k->cap / 2 : 64;
	k->v = realloc(k->v, k->cap * sizeof(*k->v));
	if (k->v == NULL)
		abort();
}

void
kept_add(struct kept_store *k, uint32_t artifact, struct cur bytes,
    const struct hit *hits, size_t nhits)
{
	struct kept_item i = { .bytes = cur_rest(bytes),
		.hits = hits,
		.index = artifact,
		.nhits = (uint32_t)nhits };

	if (weight(&i) <= k->max_bytes &&
	    weight(&i) > room(k) - k->arena.used - k->n * sizeof(i))
		kept_sort(k);
	grow(k);
	if (weight(&i) <= k->max_bytes && copy(&k->arena, &i, &k->v[k->n]))
		k->n++;
	else
		k->lost[artifact] = true;
}

size_t
kept_of(const struct kept_store *k, uint32_t detector, struct kept **out)
{
	size_t n = 0;

	for (size_t i = 0; i < k->n; i++)
		for (uint32_t h = 0; h < k->v[i].nhits; h++)
			n += k->v[i].hits[h].detector == detector;
	*out = calloc(n + 1, sizeof(**out));
	if (*out == NULL)
		abort();
	n = 0;
	for (size_t i = 0; i < k->n; i++)
		for (uint32_t h = 0; h < k->v[i].nhits; h++)
			if (k->v[i].hits[h].detector == detector)
				(*out)[n++] = (struct kept){
					.hit = k->v[i].hits[h],
					.record = cur_from(
					    k->v[i].bytes.p, k->v[i].bytes.n),
				};
	return n;
}
