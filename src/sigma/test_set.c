#include "test_set.h"

#include <stdlib.h>
#include <string.h>

void
test_set_init(struct test_set *s, struct arena *arena)
{
	*s = (struct test_set){ .arena = arena };
	buf_init(&s->tests, SIZE_MAX / 4);
}

void
test_set_done(struct test_set *s)
{
	buf_done(&s->tests);
	free(s->slots);
}

size_t
test_set_count(const struct test_set *s)
{
	return s->tests.len / sizeof(struct unique_test);
}

struct unique_test *
test_set_at(const struct test_set *s, uint32_t i)
{
	return (struct unique_test *)(void *)s->tests.p + i;
}

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static uint64_t
mix_text(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.p[i]) * UINT64_C(0x100000001b3);
	return mix(h, s.n);
}

static uint64_t
test_hash(const struct test *t)
{
	uint64_t h = mix((uint64_t)t->kind, t->field);

	for (size_t i = 0; i < t->nparts; i++)
		h = mix_text(
		    mix(h, (uint64_t)t->parts[i].kind), t->parts[i].text);
	h = mix_text(h, t->text);
	h = mix(h, (uint64_t)t->integer);
	return mix(h, t->net[3] | (uint64_t)t->net[15] << 8);
}

static bool
same_parts(const struct test *a, const struct test *b)
{
	if (a->nparts != b->nparts)
		return false;
	for (size_t i = 0; i < a->nparts; i++)
		if (a->parts[i].kind != b->parts[i].kind ||
		    !str_eq(a->parts[i].text, b->parts[i].text))
			return false;
	return true;
}

static bool
same_number(const struct test *a, const struct test *b)
{
	if (a->compare != b->compare || a->time_part != b->time_part ||
	    a->is_integer != b->is_integer)
		return false;
	return a->is_integer ? a->integer == b->integer
			     : memcmp(&a->real, &b->real, sizeof(a->real)) == 0;
}

/* The two hold for the same events. */
static bool
same_test(const struct test *a, const struct test *b)
{
	if (a->kind != b->kind || a->field != b->field)
		return false;
	switch (a->kind) {
	case TEST_TEXT:
		return a->cased == b->cased && same_parts(a, b);
	case TEST_REGEX:
		return a->flags == b->flags && str_eq(a->text, b->text);
	case TEST_CIDR:
		return a->prefix == b->prefix &&
		       memcmp(a->net, b->net, sizeof(a->net)) == 0;
	case TEST_NUMBER:
		return same_number(a, b);
	case TEST_BOOL:
	case TEST_EXISTS:
		return a->flag == b->flag;
	case TEST_NULL:
		return true;
	case TEST_FIELDREF:
		return a->other == b->other && a->how == b->how &&
		       a->cased == b->cased;
	}
	return false;
}

static bool
same_unique(const struct unique_test *a, const struct unique_test *b)
{
	if (a->hash != b->hash || (a->test == NULL) != (b->test == NULL))
		return false;
	if (a->test != NULL)
		return same_test(a->test, b->test);
	return a->nmembers == b->nmembers &&
	       memcmp(a->members, b->members,
		   a->nmembers * sizeof(a->members[0])) == 0;
}

static void
grow(struct test_set *s)
{
	free(s->slots);
	s->nslots = s->nslots ? 2 * s->nslots : 1024;
	s->slots = calloc(s->nslots, sizeof(s->slots[0]));
	if (s->slots == NULL)
		abort();
	for (uint32_t i = 0; i < test_set_count(s); i++) {
		size_t at = test_set_at(s, i)->hash & (s->nslots - 1);

		while (s->slots[at] != 0)
			at = (at + 1) & (s->nslots - 1);
		s->slots[at] = i + 1;
	}
}

static uint32_t
add(struct test_set *s, const struct unique_test *t)
{
	size_t at;

	if (s->nslots < 2 * (test_set_count(s) + 1))
		grow(s);
	at = t->hash & (s->nslots - 1);
	for (; s->slots[at] != 0; at = (at + 1) & (s->nslots - 1))
		if (same_unique(t, test_set_at(s, s->slots[at] - 1)))
			return s->slots[at] - 1;
	buf_put(&s->tests, t, sizeof(*t));
	s->slots[at] = (uint32_t)test_set_count(s);
	return s->slots[at] - 1;
}

uint32_t
test_set_add(struct test_set *s, const struct test *t)
{
	struct unique_test u = { .test = t, .hash = test_hash(t) };

	return add(s, &u);
}

uint32_t
test_set_add_members(struct test_set *s, const uint32_t *members, size_t n)
{
	struct unique_test u = { .members = members, .nmembers = n };
	uint32_t *own;
	uint32_t before = (uint32_t)test_set_count(s), i;

	for (size_t k = 0; k < n; k++)
		u.hash = mix(u.hash, members[k]);
	i = add(s, &u);
	if (i < before)
		return i;
	own = arena_alloc(s->arena, n, sizeof(own[0]));
	if (own == NULL)
		abort();
	memcpy(own, members, n * sizeof(own[0]));
	test_set_at(s, i)->members = own;
	return i;
}
