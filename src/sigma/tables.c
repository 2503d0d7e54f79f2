#include "tables.h"

#include <stdlib.h>
#include <string.h>

#include "compile_field.h"

static void *
alloc(struct tables *t, size_t n, size_t size)
{
	void *p = arena_alloc(&t->arena, n, size);

	if (p == NULL)
		abort();
	return p;
}

static void
take_tests(struct tables *t, const struct test_set *set)
{
	uint8_t *initial;

	t->ntests = test_set_count(set);
	t->tests = alloc(t, t->ntests, sizeof(t->tests[0]));
	t->initial = initial = alloc(t, t->ntests, 1);
	for (uint32_t i = 0; i < t->ntests; i++) {
		const struct unique_test *u = test_set_at(set, i);

		t->tests[i] = u->test;
		initial[i] = u->found_by_tables ? STATE_FALSE : STATE_UNSURE;
	}
}

/* Pairs of test and rule to a run of rules for each test. */
static void
take_wakes(struct tables *t, const struct buf *wakes)
{
	const struct wake *w = (const struct wake *)(const void *)wakes->p;
	size_t n = wakes->len / sizeof(*w);
	uint32_t *at = alloc(t, t->ntests + 1, sizeof(*at));
	uint32_t *list = alloc(t, n, sizeof(*list));

	for (size_t i = 0; i < n; i++)
		at[w[i].source]++;
	for (size_t i = 0, sum = 0; i <= t->ntests; i++) {
		sum += at[i];
		at[i] = (uint32_t)sum; /* the end; the start when filled */
	}
	for (size_t i = n; i-- > 0;)
		list[--at[w[i].source]] = w[i].rule;
	t->wakes = (struct runs){ .at = at, .list = list };
}

static void
take_steps(struct tables *t, const struct buf *steps)
{
	struct step *v = alloc(t, 1, steps->len + 1);

	if (steps->len > 0)
		memcpy(v, steps->p, steps->len);
	t->steps = v;
}

static void
compile(struct tables *t, struct rule_compiler *c, const struct sigma *s,
    const uint32_t *rules)
{
	uint32_t *starts = alloc(t, t->nrules, sizeof(*starts));
	uint64_t *always = alloc(t, t->nrules / 64 + 1, sizeof(*always));
	bool all;

	for (uint32_t i = 0; i < t->nrules; i++) {
		compile_tests(c, s->rules[rules[i]].condition);
		arena_reset(c->scratch);
	}
	for (uint32_t i = 0; i < t->nrules; i++) {
		starts[i] =
		    compile_rule(c, i, s->rules[rules[i]].condition, &all);
		always[i / 64] |= (uint64_t)all << (i % 64);
		arena_reset(c->scratch);
	}
	t->starts = starts;
	t->always = always;
	take_tests(t, c->set);
	take_wakes(t, &c->test_wakes);
	take_steps(t, &c->steps);
	compile_fields(t, c);
}

struct tables *
tables_new(const struct sigma *s, const uint32_t *rules, size_t nrules)
{
	struct tables *t = calloc(1, sizeof(*t));
	struct rule_compiler c = { .nrules = nrules };
	struct arena scratch, members;
	struct test_set set;

	if (t == NULL)
		abort();
	/* As large as the rules ask for: the loader bounds those. */
	arena_init(&t->arena, SIZE_MAX / 4);
	arena_init(&scratch, SIZE_MAX / 4);
	arena_init(&members, SIZE_MAX / 4);
	test_set_init(&set, &members);
	c.set = &set;
	c.scratch = &scratch;
	buf_init(&c.steps, SIZE_MAX / 4);
	buf_init(&c.test_wakes, SIZE_MAX / 4);
	buf_init(&c.field_wakes, SIZE_MAX / 4);
	t->nrules = nrules;
	t->nfields = s->nfields;
	compile(t, &c, s, rules);
	buf_done(&c.steps);
	buf_done(&c.test_wakes);
	buf_done(&c.field_wakes);
	test_set_done(&set);
	arena_done(&members);
	arena_done(&scratch);
	return t;
}

void
tables_free(struct tables *t)
{
	if (t == NULL)
		return;
	arena_done(&t->arena);
	free(t);
}
