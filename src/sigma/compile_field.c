#include "compile_field.h"

#include <stdlib.h>

#include "needle.h"

/* What stands in the tables of some field, before they are made. */
struct entry {
	uint32_t field; /* the number of fields: keywords */
	uint32_t target;
	struct str text;
	enum literal_where where;
	int64_t integer;
};

struct collector {
	const struct test_set *set;
	uint32_t nfields;
	struct arena *scratch;
	struct buf texts, integers, any, ascii_only, wakes; /* struct entry */
};

static void
put_entry(struct buf *b, struct entry e)
{
	buf_put(b, &e, sizeof(e));
}

/* What a test tells its field to look for; target: whom to tell. */
static void
collect_needle(
    struct collector *c, const struct test *t, uint32_t target, bool set)
{
	struct entry e = { .field = t->field, .target = target };
	struct needle n;

	needle_of(t, c->scratch, &n);
	if (e.field == SIGMA_NO_FIELD)
		e.field = c->nfields;
	if (!set)
		e.target = TARGET(target, n.sure);
	e.where = n.where;
	e.integer = t->integer;
	if (n.kind == NEEDLE_ANY)
		put_entry(&c->any, e);
	if (n.kind == NEEDLE_INTEGER)
		put_entry(&c->integers, e);
	if (n.kind != NEEDLE_TEXTS)
		return;
	for (size_t i = 0; i < n.texts.n; i++) {
		e.text = n.texts.v[i];
		put_entry(&c->texts, e);
	}
	if (n.ascii_only)
		put_entry(&c->ascii_only, e);
}

static void
collect_test(struct collector *c, uint32_t i)
{
	const struct unique_test *u = test_set_at(c->set, i);

	if (!u->used && !u->waking)
		return;
	if (u->test != NULL) {
		collect_needle(c, u->test, i, false);
		return;
	}
	for (size_t k = 0; k < u->nmembers; k++)
		collect_needle(c, test_set_at(c->set, u->members[k])->test,
		    TARGET(i, true), true);
}

static int
entry_cmp(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	return x->target < y->target ? -1 : x->target > y->target;
}

static size_t
entries(const struct buf *b)
{
	return b->len / sizeof(struct entry);
}

/* Those of one field, in a buffer sorted by field, from *at on. */
static const struct entry *
take_field(const struct buf *b, size_t *at, uint32_t field, size_t *n)
{
	const struct entry *v = (const struct entry *)(const void *)b->p;
	size_t from = *at;

	while (*at < entries(b) && v[*at].field == field)
		++*at;
	*n = *at - from;
	return *n > 0 ? v + from : NULL;
}

static void *
alloc(struct arena *a, size_t n, size_t size)
{
	void *p = arena_alloc(a, n, size);

	if (p == NULL)
		abort();
	return p;
}

static const uint32_t *
targets_of(struct tables *t, const struct entry *e, size_t n)
{
	uint32_t *v;

	if (n == 0)
		return NULL;
	v = alloc(&t->arena, n, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = e[i].target;
	return v;
}

static void
make_integers(
    struct tables *t, struct field_table *f, const struct entry *e, size_t n)
{
	struct integer_slot *slots;
	size_t nslots = 4;

	if (n == 0)
		return;
	while (nslots < 2 * n)
		nslots *= 2;
	slots = alloc(&t->arena, nslots, sizeof(*slots));
	f->integers_mask = (uint32_t)(nslots - 1);
	for (size_t i = 0; i < n; i++) {
		uint32_t at = integer_hash(e[i].integer) & f->integers_mask;

		while (slots[at].target != 0)
			at = (at + 1) & f->integers_mask;
		slots[at].integer = e[i].integer;
		slots[at].target = e[i].target + 1;
	}
	f->integers = slots;
}

static void
make_texts(struct tables *t, struct field_table *f, const struct entry *e,
    size_t n, struct arena *scratch)
{
	struct literal_in *v;

	if (n == 0)
		return;
	v = alloc(scratch, n, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct literal_in){ .text = e[i].text,
			.where = e[i].where,
			.target = e[i].target };
	if (!literals_make(&f->texts, v, n, &t->arena, scratch))
		abort();
	f->texts.base = (uint32_t)t->nliterals;
	t->nliterals += f->texts.n;
	if (f->texts.n > t->most_literals)
		t->most_literals = f->texts.n;
}

static void
collect(struct collector *c, const struct rule_compiler *rules)
{
	const struct wake *w =
	    (const struct wake *)(const void *)rules->field_wakes.p;

	for (uint32_t i = 0; i < test_set_count(c->set); i++)
		collect_test(c, i);
	for (size_t i = 0; i < rules->field_wakes.len / sizeof(*w); i++)
		put_entry(&c->wakes, (struct entry){ .field = w[i].source,
					 .target = w[i].rule });
}

static void
make_fields(struct tables *t, struct collector *c)
{
	struct buf *all[] = { &c->texts, &c->integers, &c->any, &c->ascii_only,
		&c->wakes };
	size_t at[5] = { 0 }, n[5];
	struct field_table *v = alloc(&t->arena, t->nfields + 1, sizeof(*v));
	uint32_t *of = alloc(&t->arena, t->nfields + 1, sizeof(*of));
	struct arena scratch;

	for (size_t i = 0; i < 5; i++)
		if (entries(all[i]) > 0)
			qsort(all[i]->p, entries(all[i]), sizeof(struct entry),
			    entry_cmp);
	arena_init(&scratch, SIZE_MAX / 4);
	for (uint32_t field = 0; field <= t->nfields; field++) {
		struct field_table *f = &v[t->nv];
		const struct entry *e[5];
		size_t sum = 0;

		for (size_t i = 0; i < 5; i++) {
			e[i] = take_field(all[i], &at[i], field, &n[i]);
			sum += n[i];
		}
		if (sum == 0)
			continue;
		make_texts(t, f, e[0], n[0], &scratch);
		make_integers(t, f, e[1], n[1]);
		f->any = targets_of(t, e[2], f->nany = n[2]);
		f->ascii_only = targets_of(t, e[3], f->nascii_only = n[3]);
		f->wakes = targets_of(t, e[4], f->nwakes = n[4]);
		of[field] = (uint32_t)++t->nv;
		arena_reset(&scratch);
	}
	arena_done(&scratch);
	t->v = v;
	t->field = of;
	if (of[t->nfields] != 0)
		t->keywords = &v[of[t->nfields] - 1];
}

void
compile_fields(struct tables *t, const struct rule_compiler *rules)
{
	struct collector c = { .set = rules->set,
		.nfields = (uint32_t)t->nfields };
	struct arena scratch;

	arena_init(&scratch, SIZE_MAX / 4);
	c.scratch = &scratch;
	buf_init(&c.texts, SIZE_MAX / 4);
	buf_init(&c.integers, SIZE_MAX / 4);
	buf_init(&c.any, SIZE_MAX / 4);
	buf_init(&c.ascii_only, SIZE_MAX / 4);
	buf_init(&c.wakes, SIZE_MAX / 4);
	collect(&c, rules);
	make_fields(t, &c);
	buf_done(&c.texts);
	buf_done(&c.integers);
	buf_done(&c.any);
	buf_done(&c.ascii_only);
	buf_done(&c.wakes);
	arena_done(&scratch);
}
