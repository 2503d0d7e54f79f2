#include <stdlib.h>
#include <string.h>

#include "route.h"
#include "test.h"
#include "text_fold.h"

/*
 * An event against all rules of a route: each value goes once through its
 * field's tables, which set tests' states and wake rules; then the programs of
 * the rules that woke, and of those that always do, run over the states.
 */
struct sigma_matcher {
	const struct sigma_route *route;
	const struct tables *t;
	const struct sigma_event *event;
	struct tester tester;
	struct text_fold fold;
	struct literal_hits hits;
	uint8_t *states;
	uint32_t *touched; /* tests whose states differ from the initial */
	size_t ntouched;
	uint64_t *awake; /* rules, one bit each */
	uint32_t *found;
};

static void *
alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (p == NULL)
		abort();
	return p;
}

struct sigma_matcher *
sigma_matcher_new(const struct sigma *s, const struct sigma_route *r)
{
	struct sigma_matcher *m = alloc(1, sizeof(*m));
	const struct tables *t = r->tables;

	(void)s;
	m->route = r;
	m->t = t;
	tester_init(&m->tester);
	text_fold_init(&m->fold);
	m->hits.seen = alloc(t->nliterals, sizeof(m->hits.seen[0]));
	m->hits.list = alloc(t->most_literals, sizeof(m->hits.list[0]));
	m->states = alloc(t->ntests, 1);
	if (t->ntests > 0)
		memcpy(m->states, t->initial, t->ntests);
	m->touched = alloc(t->ntests, sizeof(m->touched[0]));
	m->awake = alloc(t->nrules / 64 + 1, sizeof(m->awake[0]));
	m->found = alloc(t->nrules, sizeof(m->found[0]));
	return m;
}

void
sigma_matcher_free(struct sigma_matcher *m)
{
	if (m == NULL)
		return;
	tester_done(&m->tester);
	text_fold_done(&m->fold);
	free(m->hits.seen);
	free(m->hits.list);
	free(m->states);
	free(m->touched);
	free(m->awake);
	free(m->found);
	free(m);
}

uint64_t
sigma_matcher_limits(const struct sigma_matcher *m)
{
	return m->tester.limits;
}

static void
wake(struct sigma_matcher *m, uint32_t rule)
{
	m->awake[rule / 64] |= UINT64_C(1) << (rule % 64);
}

/* Something was found that a test waits for. */
static void
touch(struct sigma_matcher *m, uint32_t target)
{
	uint32_t test = target >> 1;
	const uint32_t *at = m->t->wakes.at + test;

	if (m->states[test] == STATE_FALSE) {
		m->touched[m->ntouched++] = test;
		for (uint32_t i = at[0]; i < at[1]; i++)
			wake(m, m->t->wakes.list[i]);
	} else if (target & TARGET_UNSURE) {
		return;
	}
	m->states[test] = target & TARGET_UNSURE ? STATE_UNSURE : STATE_TRUE;
}

static void
take_hits(struct sigma_matcher *m, const struct literals *l)
{
	for (size_t i = 0; i < m->hits.n; i++) {
		const struct literal *v = &l->v[m->hits.list[i]];

		for (uint32_t k = 0; k < v->ntargets; k++)
			touch(m, l->targets[v->targets + k]);
	}
	m->hits.n = 0;
}

/* A folded text in the tables of one field. */
static void
look_up(struct sigma_matcher *m, const struct field_table *f, struct str s,
    bool ascii)
{
	const struct literals *l = &f->texts;

	if (l->whole.lengths != 0)
		literals_whole(l, s, &m->hits);
	if (l->head.lengths != 0)
		literals_head(l, s, &m->hits);
	if (l->tail.lengths != 0)
		literals_tail(l, s, &m->hits);
	literals_inside(l, s, &m->hits);
	take_hits(m, l);
	for (size_t i = 0; i < f->nany; i++)
		touch(m, f->any[i]);
	for (size_t i = 0; !ascii && i < f->nascii_only; i++)
		touch(m, f->ascii_only[i]);
}

/*
 * The same where only the ends of a long text matter; false when it must be
 * looked at whole. Folding makes a text shorter, but never to a third: so it
 * is longer than all that is looked for as a whole.
 */
static bool
look_up_ends(struct sigma_matcher *m, const struct field_table *f, struct str s)
{
	const struct literals *l = &f->texts;
	size_t n = l->head.longest > l->tail.longest ? l->head.longest
						     : l->tail.longest;
	struct str head, tail;

	if (l->quads.bits != NULL || l->pairs.bits != NULL || f->nany > 0 ||
	    s.n < 32 || s.n / 4 <= n || s.n / 4 <= l->whole.longest)
		return false;
	if (n == 0)
		return true;
	if (!text_fold_ends(&m->fold, s, n, &head, &tail))
		return false;
	if (l->head.lengths != 0)
		literals_head(l, head, &m->hits);
	if (l->tail.lengths != 0)
		literals_tail(l, tail, &m->hits);
	take_hits(m, l);
	return true;
}

static bool
has_texts(const struct field_table *f)
{
	return f != NULL && (f->texts.n > 0 || f->nany > 0);
}

static void
match_text(struct sigma_matcher *m, const struct field_table *f, struct str s)
{
	const struct field_table *keywords = m->t->keywords;
	bool ascii;

	if (!has_texts(keywords)) {
		if (!has_texts(f) || look_up_ends(m, f, s))
			return;
		keywords = NULL;
	}
	s = text_fold(&m->fold, s, &ascii);
	if (has_texts(f))
		look_up(m, f, s, ascii);
	if (keywords != NULL)
		look_up(m, keywords, s, ascii);
}

static void
match_integer(struct sigma_matcher *m, const struct field_table *f, int64_t v)
{
	uint32_t at = integer_hash(v) & f->integers_mask;

	for (; f->integers[at].target != 0; at = (at + 1) & f->integers_mask)
		if (f->integers[at].integer == v)
			touch(m, f->integers[at].target - 1);
}

/* Only integers that doubles hold are looked for: others are no match. */
static void
match_number(
    struct sigma_matcher *m, const struct field_table *f, const struct value *v)
{
	struct number n;

	if (f == NULL || f->integers == NULL || !value_number(v, &n))
		return;
	if (!n.is_integer) {
		if (!(n.real > -1e18 && n.real < 1e18))
			return;
		n.integer = (int64_t)n.real;
		if ((double)n.integer != n.real)
			return;
	}
	match_integer(m, f, n.integer);
}

static void
match_single(
    struct sigma_matcher *m, const struct field_table *f, const struct value *v)
{
	char room[VALUE_ROOM];
	struct str s;

	match_number(m, f, v);
	match_number(m, m->t->keywords, v);
	if ((has_texts(f) || has_texts(m->t->keywords)) &&
	    value_plain(v, room, &s))
		match_text(m, f, s);
}

static void
match_cell(struct sigma_matcher *m, const struct sigma_cell *c)
{
	uint32_t at = c->field < m->t->nfields ? m->t->field[c->field] : 0;
	const struct field_table *f = at != 0 ? &m->t->v[at - 1] : NULL;
	const struct value *v = c->value;

	if (f == NULL && m->t->keywords == NULL)
		return;
	for (size_t i = 0; f != NULL && i < f->nwakes; i++)
		wake(m, f->wakes[i]);
	if (v->type != VALUE_LIST) {
		match_single(m, f, v);
		return;
	}
	for (size_t i = 0; i < v->list.n; i++) {
		struct value item = { .type = VALUE_TEXT, .s = v->list.v[i] };

		match_single(m, f, &item);
	}
}

/* A test that no table decides; the answer stays for this event. */
static bool
try_test(struct sigma_matcher *m, uint32_t test)
{
	bool holds = tester_event(&m->tester, m->t->tests[test], m->event);

	/* What a table found stands there already. */
	if (m->t->initial[test] == STATE_UNSURE)
		m->touched[m->ntouched++] = test;
	m->states[test] = holds ? STATE_TRUE : STATE_FALSE;
	return holds;
}

static bool
run(struct sigma_matcher *m, uint32_t at)
{
	while (at < STEP_YES) {
		const struct step *s = &m->t->steps[at];
		uint8_t state = m->states[s->test];
		bool holds = state == STATE_UNSURE ? try_test(m, s->test)
						   : state == STATE_TRUE;

		at = holds ? s->on_true : s->on_false;
	}
	return at == STEP_YES;
}

static size_t
run_awake(struct sigma_matcher *m)
{
	size_t n = 0;

	for (size_t w = 0; w <= m->t->nrules / 64; w++) {
		uint64_t bits = m->awake[w] | m->t->always[w];

		m->awake[w] = 0;
		for (; bits != 0; bits &= bits - 1) {
			uint32_t rule = (uint32_t)(64 * w) +
					(uint32_t)__builtin_ctzll(bits);

			if (run(m, m->t->starts[rule]))
				m->found[n++] = m->route->rules[rule];
		}
	}
	return n;
}

/* A literal counts once in an event: rounds tell events apart. */
static void
next_round(struct sigma_matcher *m)
{
	if (++m->hits.round != 0)
		return;
	if (m->t->nliterals > 0)
		memset(
		    m->hits.seen, 0, m->t->nliterals * sizeof(m->hits.seen[0]));
	m->hits.round = 1;
}

size_t
sigma_match(struct sigma_matcher *m, const struct sigma_event *e,
    const uint32_t **rules)
{
	size_t n;

	m->event = e;
	next_round(m);
	for (size_t i = 0; i < e->n; i++)
		match_cell(m, &e->cells[i]);
	n = run_awake(m);
	for (size_t i = 0; i < m->ntouched; i++)
		m->states[m->touched[i]] = m->t->initial[m->touched[i]];
	m->ntouched = 0;
	m->event = NULL;
	*rules = m->found;
	return n;
}
