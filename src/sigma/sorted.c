#include "sorted.h"

#include <string.h>

#define BLOCK_FIRST 4
#define BLOCK_MAX   256

struct sorted_block {
	size_t n, cap;
	struct number *v;
};

/* The first block that ends with v or more; the last one otherwise. */
static size_t
block_of(const struct sorted *s, struct number v)
{
	size_t low = 0, high = s->n - 1;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct sorted_block *k = s->v[mid];

		if (number_cmp(k->v[k->n - 1], v) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The first number that is v or more; n when there is none. */
static size_t
place_of(const struct sorted_block *k, struct number v)
{
	size_t low = 0, high = k->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (number_cmp(k->v[mid], v) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
block_free(struct sorted_block *k, struct budget *b)
{
	budget_free(b, k->v, k->cap * sizeof(*k->v));
	budget_free(b, k, sizeof(*k));
}

static struct sorted_block *
block_new(struct budget *b, size_t cap)
{
	struct sorted_block *k = budget_alloc(b, sizeof(*k));

	if (k == NULL)
		return NULL;
	k->v = budget_alloc(b, cap * sizeof(*k->v));
	if (k->v == NULL) {
		budget_free(b, k, sizeof(*k));
		return NULL;
	}
	k->cap = cap;
	return k;
}

/* A new, empty block at place i of the list. */
static bool
block_insert(struct sorted *s, struct budget *b, size_t i, size_t cap)
{
	struct sorted_block *k;

	if (s->n == s->cap) {
		size_t more = s->cap > 0 ? 2 * s->cap : 1;
		struct sorted_block **v = budget_grow(
		    b, s->v, s->cap * sizeof(*v), more * sizeof(*v));

		if (v == NULL)
			return false;
		s->v = v;
		s->cap = more;
	}
	k = block_new(b, cap);
	if (k == NULL)
		return false;
	memmove(s->v + i + 1, s->v + i, (s->n - i) * sizeof(*s->v));
	s->v[i] = k;
	s->n++;
	return true;
}

/* Makes room for one more in block i; a full one is cut in two halves. */
static bool
block_room(struct sorted *s, struct budget *b, size_t i)
{
	struct sorted_block *k = s->v[i], *next;

	if (k->n < k->cap)
		return true;
	if (k->cap < BLOCK_MAX) {
		struct number *v = budget_grow(
		    b, k->v, k->cap * sizeof(*v), 2 * k->cap * sizeof(*v));

		if (v == NULL)
			return false;
		k->v = v;
		k->cap *= 2;
		return true;
	}
	if (!block_insert(s, b, i + 1, BLOCK_MAX))
		return false;
	next = s->v[i + 1];
	next->n = k->n / 2;
	k->n -= next->n;
	memcpy(next->v, k->v + k->n, next->n * sizeof(*k->v));
	return true;
}

bool
sorted_add(struct sorted *s, struct budget *b, struct number v)
{
	struct sorted_block *k;
	size_t i, at;

	if (s->n == 0 && !block_insert(s, b, 0, BLOCK_FIRST))
		return false;
	i = s->total > 0 ? block_of(s, v) : 0;
	if (!block_room(s, b, i))
		return false;
	k = s->v[i];
	at = place_of(k, v);
	if (at == k->n && i + 1 < s->n) /* it was cut: v is in its other half */
		at = place_of(k = s->v[i + 1], v);
	memmove(k->v + at + 1, k->v + at, (k->n - at) * sizeof(*k->v));
	k->v[at] = v;
	k->n++;
	s->total++;
	return true;
}

/* Block i + 1 goes into i when both are small, so that blocks stay few. */
static void
join(struct sorted *s, struct budget *b, size_t i)
{
	struct sorted_block *k = s->v[i], *next;

	if (i + 1 == s->n)
		return;
	next = s->v[i + 1];
	if (k->n + next->n > k->cap || k->n + next->n > BLOCK_MAX / 2)
		return;
	memcpy(k->v + k->n, next->v, next->n * sizeof(*k->v));
	k->n += next->n;
	block_free(next, b);
	s->n--;
	memmove(s->v + i + 1, s->v + i + 2, (s->n - i - 1) * sizeof(*s->v));
}

void
sorted_take(struct sorted *s, struct budget *b, struct number v)
{
	size_t i = block_of(s, v);
	struct sorted_block *k = s->v[i];
	size_t at = place_of(k, v);

	memmove(k->v + at, k->v + at + 1, (k->n - at - 1) * sizeof(*k->v));
	k->n--;
	s->total--;
	if (k->n == 0) {
		block_free(k, b);
		s->n--;
		memmove(s->v + i, s->v + i + 1, (s->n - i) * sizeof(*s->v));
		return;
	}
	join(s, b, i);
	if (i > 0)
		join(s, b, i - 1);
}

struct number
sorted_at(const struct sorted *s, size_t k)
{
	size_t i = 0;

	for (; k >= s->v[i]->n; i++)
		k -= s->v[i]->n;
	return s->v[i]->v[k];
}

void
sorted_done(struct sorted *s, struct budget *b)
{
	for (size_t i = 0; i < s->n; i++)
		block_free(s->v[i], b);
	budget_free(b, s->v, s->cap * sizeof(*s->v));
	*s = (struct sorted){ 0 };
}
