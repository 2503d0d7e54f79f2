#include <string.h>

#include "test.h"
#include "utf8.h"

/* One rule on one event by walking its tree: slow, plain, and explained. */

/* A value in a line of the explanation; longer ones are cut. */
#define SHOWN ((size_t)200)

struct walk {
	struct tester tester;
	const struct sigma_event *event;
	struct buf *out; /* or NULL */
	unsigned depth;
};

static void
put_mark(struct walk *w, bool holds)
{
	for (unsigned i = 0; i < w->depth; i++)
		buf_puts(w->out, "  ");
	buf_puts(w->out, holds ? "true   " : "false  ");
}

static void
put_text(struct buf *out, struct str s)
{
	buf_puts(out, "\"");
	utf8_put_visible(out, str_sub(s, 0, SHOWN));
	buf_puts(out, s.n > SHOWN ? "...\"" : "\"");
}

static void
put_value(struct buf *out, const struct value *v)
{
	char room[VALUE_ROOM];
	struct str s;

	if (v->type == VALUE_LIST) {
		buf_puts(out, "[");
		for (size_t i = 0; i < v->list.n && i < 10; i++) {
			buf_puts(out, i ? ", " : "");
			put_text(out, v->list.v[i]);
		}
		buf_puts(out, v->list.n > 10 ? ", ...]" : "]");
	} else if (!value_plain(v, room, &s)) {
		buf_puts(out, "null");
	} else if (v->type == VALUE_TEXT) {
		put_text(out, s);
	} else {
		buf_str(out, s);
	}
}

/* What the event holds: the field's value, or the value a keyword is in. */
static void
put_held(struct walk *w, const struct test *t, bool holds)
{
	const struct sigma_cell *c = event_cell(w->event, t->field);

	for (size_t i = 0; t->field == SIGMA_NO_FIELD && holds && c == NULL &&
			   i < w->event->n;
	     i++)
		if (tester_value(&w->tester, t, w->event->cells[i].value))
			c = &w->event->cells[i];
	if (c != NULL) {
		buf_puts(w->out, "   is ");
		put_value(w->out, c->value);
	} else if (t->field != SIGMA_NO_FIELD) {
		buf_puts(w->out, "   is not there");
	}
	if (t->kind == TEST_FIELDREF &&
	    (c = event_cell(w->event, t->other)) != NULL) {
		buf_puts(w->out, ", the other is ");
		put_value(w->out, c->value);
	}
}

static bool
walk_test(struct walk *w, const struct expr *e)
{
	const struct test *t = e->test;
	uint64_t limits = w->tester.limits;
	bool holds = tester_event(&w->tester, t, w->event);

	if (w->out == NULL)
		return holds;
	put_mark(w, holds);
	if (e->name != NULL)
		buf_printf(w->out, "%s: ", e->name);
	buf_puts(w->out, t->field_text ? t->field_text : "keyword");
	buf_puts(w->out, ": ");
	if (t->value_text != NULL)
		utf8_put_visible(w->out, str_from(t->value_text));
	put_held(w, t, holds);
	if (w->tester.limits > limits)
		buf_puts(w->out, "   (the test gave up)");
	buf_puts(w->out, "\n");
	return holds;
}

static bool walk_explained(struct walk *w, const struct expr *e);

static bool
walk_expr(struct walk *w, const struct expr *e)
{
	if (w->out != NULL && e->op != EXPR_TEST)
		return walk_explained(w, e);
	switch (e->op) {
	case EXPR_TEST:
		return walk_test(w, e);
	case EXPR_AND:
		for (size_t i = 0; i < e->nchildren; i++)
			if (!walk_expr(w, e->child[i]))
				return false;
		return true;
	case EXPR_OR:
		for (size_t i = 0; i < e->nchildren; i++)
			if (walk_expr(w, e->child[i]))
				return true;
		return false;
	case EXPR_NOT:
		return !walk_expr(w, e->child[0]);
	}
	return false;
}

/* The same of all children, below the line of the whole. */
static bool
walk_explained(struct walk *w, const struct expr *e)
{
	static const char *const names[] = {
		[EXPR_TEST] = "",
		[EXPR_AND] = "all of",
		[EXPR_OR] = "one of",
		[EXPR_NOT] = "not",
	};
	struct buf below, *out = w->out;
	bool holds = e->op == EXPR_AND;

	buf_init(&below, out->max);
	w->out = &below;
	w->depth++;
	for (size_t i = 0; i < e->nchildren; i++) {
		bool child = walk_expr(w, e->child[i]);

		holds = e->op == EXPR_AND  ? holds && child
			: e->op == EXPR_OR ? holds || child
					   : !child;
	}
	w->depth--;
	w->out = out;
	put_mark(w, holds);
	if (e->name != NULL)
		buf_printf(out, "%s: ", e->name);
	buf_printf(out, "%s\n", names[e->op]);
	buf_str(out, buf_text(&below));
	out->full = out->full || below.full;
	buf_done(&below);
	return holds;
}

bool
sigma_evaluate(const struct sigma *s, uint32_t rule,
    const struct sigma_event *e, struct buf *out)
{
	const struct expr *condition = s->rules[rule].condition;
	struct walk w;
	bool holds;

	if (condition == NULL)
		return false;
	w.event = e;
	w.out = out;
	w.depth = 0;
	tester_init(&w.tester);
	holds = walk_expr(&w, condition);
	tester_done(&w.tester);
	return holds;
}

/* The fields that a rule rests on, so far. */
struct rests {
	struct walk walk;
	uint32_t *fields;
	size_t n, max;
};

static void
rest_on(struct rests *r, uint32_t field)
{
	size_t i = 0;

	/* A finding cannot show what the event does not hold. */
	if (event_cell(r->walk.event, field) == NULL)
		return;
	while (i < r->n && r->fields[i] < field)
		i++;
	if ((i < r->n && r->fields[i] == field) || i >= r->max)
		return;
	if (r->n < r->max)
		r->n++;
	memmove(&r->fields[i + 1], &r->fields[i],
	    (r->n - 1 - i) * sizeof(r->fields[0]));
	r->fields[i] = field;
}

static void
rest_on_test(struct rests *r, const struct test *t)
{
	const struct sigma_event *e = r->walk.event;

	if (!tester_event(&r->walk.tester, t, e))
		return;
	if (t->field != SIGMA_NO_FIELD) {
		rest_on(r, t->field);
		if (t->kind == TEST_FIELDREF)
			rest_on(r, t->other);
		return;
	}
	for (size_t i = 0; i < e->n; i++)
		if (tester_value(&r->walk.tester, t, e->cells[i].value))
			rest_on(r, e->cells[i].field);
}

/*
 * e makes the rule true by being `holds`. Only what is there speaks for a
 * match: tests that had to fail are passed over.
 */
static void
rest_on_expr(struct rests *r, const struct expr *e, bool holds)
{
	if (e->op == EXPR_TEST) {
		if (holds)
			rest_on_test(r, e->test);
		return;
	}
	for (size_t i = 0; i < e->nchildren; i++) {
		bool child = holds != (e->op == EXPR_NOT);

		if (walk_expr(&r->walk, e->child[i]) == child)
			rest_on_expr(r, e->child[i], child);
	}
}

size_t
sigma_rests_on(const struct sigma *s, uint32_t rule,
    const struct sigma_event *e, uint32_t *fields, size_t max)
{
	struct rests r = { .fields = fields, .max = max };

	if (s->rules[rule].condition == NULL)
		return 0;
	r.walk.event = e;
	tester_init(&r.walk.tester);
	if (walk_expr(&r.walk, s->rules[rule].condition))
		rest_on_expr(&r, s->rules[rule].condition, true);
	tester_done(&r.walk.tester);
	return r.n;
}
