#include "compile_rule.h"

#include <stdlib.h>
#include <string.h>

#include "needle.h"

/* This many tests of which one must hold are looked at as one. */
#define SET_LEAST 6

/* Guesses; literal_odds makes those of texts. */
#define ODDS_PRESENT 0.5  /* an event has a field */
#define ODDS_INTEGER 0.02 /* a field has just that number */
#define ODDS_TRIED   0.3  /* what no table finds */

/* A condition with its negations moved down to the tests. */
struct node {
	enum expr_op op; /* EXPR_TEST, EXPR_AND, EXPR_OR */
	bool negated;	 /* of a test */
	bool slow;	 /* something in it may have to be tried */
	uint32_t test;
	double odds; /* that it is true */
	struct node **child;
	size_t n;
};

/* What a rule waits for, and how often that comes. */
struct need {
	bool known;
	double odds;
	const struct wake_list *list;
};

/* One source, or two lists in one. */
struct wake_list {
	bool is_field;
	uint32_t source;
	const struct wake_list *a, *b; /* both NULL: a source */
};

static void *
scratch(const struct rule_compiler *c, size_t n, size_t size)
{
	void *p = arena_alloc(c->scratch, n, size);

	if (p == NULL)
		abort();
	return p;
}

static double
text_odds(const struct needle *n)
{
	double odds = 0;

	for (size_t i = 0; i < n->texts.n; i++)
		odds += literal_odds(n->texts.v[i], n->where);
	return odds < 1 ? odds : 1;
}

static void
describe_test(struct rule_compiler *c, struct unique_test *u)
{
	struct needle n;

	needle_of(u->test, c->scratch, &n);
	u->found_by_tables = n.kind != NEEDLE_NONE;
	u->sure = n.sure;
	u->odds = n.kind == NEEDLE_TEXTS     ? text_odds(&n)
		  : n.kind == NEEDLE_ANY     ? ODDS_PRESENT
		  : n.kind == NEEDLE_INTEGER ? ODDS_INTEGER
					     : ODDS_TRIED;
}

void
compile_tests(struct rule_compiler *c, const struct expr *e)
{
	size_t before = test_set_count(c->set);
	struct unique_test *u;

	if (e->op != EXPR_TEST) {
		for (size_t i = 0; i < e->nchildren; i++)
			compile_tests(c, e->child[i]);
		return;
	}
	u = test_set_at(c->set, test_set_add(c->set, e->test));
	if (test_set_count(c->set) > before)
		describe_test(c, u);
	u->rules++;
}

/* What many rules look for, events often have: that is why. */
static double
test_odds(const struct rule_compiler *c, const struct unique_test *u)
{
	double odds = u->odds + 3.0 * u->rules / (double)(c->nrules + 100);

	return odds < 0.95 ? odds : 0.95;
}

/* --- the tree --- */

static struct node *
test_node(const struct rule_compiler *c, uint32_t test, bool negated)
{
	struct unique_test *u = test_set_at(c->set, test);
	struct node *n = scratch(c, 1, sizeof(*n));
	double odds = test_odds(c, u);

	n->op = EXPR_TEST;
	n->test = test;
	n->negated = negated;
	n->slow = !u->found_by_tables || !u->sure;
	n->odds = negated ? 1 - odds : odds;
	return n;
}

static struct node *node_of(
    struct rule_compiler *c, const struct expr *e, bool positive);

/* How many children there are when those of the same kind are lifted. */
static void
put_child(struct buf *out, struct node *parent, struct node *child)
{
	if (child->op != parent->op) {
		buf_put(out, &child, sizeof(struct node *));
		return;
	}
	for (size_t i = 0; i < child->n; i++)
		buf_put(out, &child->child[i], sizeof(struct node *));
}

/*
 * A test that may join others in a set: one that the tables find. In an OR
 * the set stands for "one holds", in an AND, negated, for "none holds".
 */
static bool
may_join(const struct node *parent, const struct node *child)
{
	return child->op == EXPR_TEST && !child->slow &&
	       child->negated == (parent->op == EXPR_AND);
}

static int
number_cmp(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* The tests of v, those of sets one by one; sorted, each once. */
static size_t
take_members(
    const struct rule_compiler *c, struct node **v, size_t n, uint32_t **out)
{
	size_t all = 0, k = 0;
	uint32_t *members;

	for (size_t i = 0; i < n; i++)
		all += 1 + test_set_at(c->set, v[i]->test)->nmembers;
	members = scratch(c, all, sizeof(members[0]));
	all = 0;
	for (size_t i = 0; i < n; i++) {
		const struct unique_test *u = test_set_at(c->set, v[i]->test);

		if (u->test != NULL)
			members[all++] = v[i]->test;
		for (size_t j = 0; j < u->nmembers; j++)
			members[all++] = u->members[j];
	}
	qsort(members, all, sizeof(members[0]), number_cmp);
	for (size_t i = 0; i < all; i++)
		if (i == 0 || members[i] != members[i - 1])
			members[k++] = members[i];
	*out = members;
	return k;
}

static uint32_t
add_set(struct rule_compiler *c, struct node **v, size_t n)
{
	uint32_t *members, set;
	size_t k = take_members(c, v, n, &members);
	struct unique_test *u;
	double odds = 0;

	for (size_t i = 0; i < k; i++)
		odds += test_odds(c, test_set_at(c->set, members[i]));
	set = test_set_add_members(c->set, members, k);
	u = test_set_at(c->set, set);
	u->odds = odds;
	u->found_by_tables = true;
	u->sure = true;
	u->rules++;
	return set;
}

static void
join_children(struct rule_compiler *c, struct node *n)
{
	struct node **join = scratch(c, n->n, sizeof(struct node *));
	size_t njoin = 0, rest = 0;

	for (size_t i = 0; i < n->n; i++)
		if (may_join(n, n->child[i]))
			join[njoin++] = n->child[i];
	if (njoin < SET_LEAST)
		return;
	for (size_t i = 0; i < n->n; i++)
		if (!may_join(n, n->child[i]))
			n->child[rest++] = n->child[i];
	n->child[rest++] =
	    test_node(c, add_set(c, join, njoin), n->op == EXPR_AND);
	n->n = rest;
}

/* What is decided soonest comes first. */
static int
and_order(const void *a, const void *b)
{
	const struct node *x = *(struct node *const *)a;
	const struct node *y = *(struct node *const *)b;

	if (x->slow != y->slow)
		return x->slow ? 1 : -1;
	return x->odds < y->odds ? -1 : x->odds > y->odds;
}

static int
or_order(const void *a, const void *b)
{
	const struct node *x = *(struct node *const *)a;
	const struct node *y = *(struct node *const *)b;

	if (x->slow != y->slow)
		return x->slow ? 1 : -1;
	return x->odds > y->odds ? -1 : x->odds < y->odds;
}

static void
weigh_children(struct node *n)
{
	double odds = n->op == EXPR_AND ? 1 : 0;

	qsort(n->child, n->n, sizeof(n->child[0]),
	    n->op == EXPR_AND ? and_order : or_order);
	for (size_t i = 0; i < n->n; i++) {
		n->slow = n->slow || n->child[i]->slow;
		odds = n->op == EXPR_AND ? odds * n->child[i]->odds
					 : odds + n->child[i]->odds;
	}
	n->odds = odds < 1 ? odds : 1;
}

static struct node *
node_of(struct rule_compiler *c, const struct expr *e, bool positive)
{
	struct node *n;
	struct buf children;

	if (e->op == EXPR_TEST)
		return test_node(c, test_set_add(c->set, e->test), !positive);
	if (e->op == EXPR_NOT)
		return node_of(c, e->child[0], !positive);
	n = scratch(c, 1, sizeof(*n));
	n->op = (e->op == EXPR_AND) == positive ? EXPR_AND : EXPR_OR;
	buf_init(&children, SIZE_MAX / 4);
	for (size_t i = 0; i < e->nchildren; i++)
		put_child(&children, n, node_of(c, e->child[i], positive));
	n->n = children.len / sizeof(struct node *);
	n->child = scratch(c, n->n, sizeof(struct node *));
	if (n->n > 0)
		memcpy(n->child, children.p, children.len);
	buf_done(&children);
	join_children(c, n);
	weigh_children(n);
	return n->n == 1 ? n->child[0] : n;
}

/* --- what it waits for --- */

static struct need
wait_for(
    const struct rule_compiler *c, bool is_field, uint32_t source, double odds)
{
	struct wake_list *l = scratch(c, 1, sizeof(*l));

	l->is_field = is_field;
	l->source = source;
	return (struct need){ .known = true, .odds = odds, .list = l };
}

/* What must be so for a test to hold, or not to. */
static struct need
need_of_test(const struct rule_compiler *c, const struct node *n)
{
	const struct unique_test *u = test_set_at(c->set, n->test);
	const struct test *t = u->test;
	bool present;

	if (u->found_by_tables && !n->negated)
		return wait_for(
		    c, false, n->test, n->odds * (u->sure ? 1 : 1.5));
	if (t == NULL || t->field == SIGMA_NO_FIELD)
		return (struct need){ 0 };
	present = t->kind == TEST_NULL	   ? n->negated
		  : t->kind == TEST_EXISTS ? t->flag != n->negated
					   : !n->negated;
	if (!present)
		return (struct need){ 0 };
	return wait_for(c, true, t->field, ODDS_PRESENT);
}

/* Waits for either. */
static struct need
need_either(
    const struct rule_compiler *c, const struct need *a, const struct need *b)
{
	struct wake_list *both;

	/* No list: it never holds. */
	if (a->list == NULL || b->list == NULL)
		return a->list == NULL ? *b : *a;
	both = scratch(c, 1, sizeof(*both));
	both->a = a->list;
	both->b = b->list;
	return (struct need){
		.known = true, .odds = a->odds + b->odds, .list = both
	};
}

static struct need
need_of(const struct rule_compiler *c, const struct node *n)
{
	struct need all = { .known = n->op == EXPR_OR };

	if (n->op == EXPR_TEST)
		return need_of_test(c, n);
	for (size_t i = 0; i < n->n; i++) {
		struct need one = need_of(c, n->child[i]);

		if (n->op == EXPR_OR && !one.known)
			return one;
		if (n->op == EXPR_OR)
			all = need_either(c, &all, &one);
		else if (one.known && (!all.known || one.odds < all.odds))
			all = one;
	}
	return all;
}

static void
put_wakes(struct rule_compiler *c, const struct wake_list *l, uint32_t rule)
{
	struct wake w = { .rule = rule };

	/* Lists grow at a. */
	for (; l != NULL && l->a != NULL; l = l->a)
		put_wakes(c, l->b, rule);
	if (l == NULL)
		return;
	w.source = l->source;
	if (!l->is_field)
		test_set_at(c->set, l->source)->waking = true;
	buf_put(l->is_field ? &c->field_wakes : &c->test_wakes, &w, sizeof(w));
}

/* --- the program --- */

/* Backwards, so that each step knows where to go on; returns the first. */
static uint32_t
emit(struct rule_compiler *c, const struct node *n, uint32_t yes, uint32_t no)
{
	struct step s = { .test = n->test };
	uint32_t next = n->op == EXPR_AND ? yes : no;

	if (n->op == EXPR_TEST) {
		s.on_true = n->negated ? no : yes;
		s.on_false = n->negated ? yes : no;
		test_set_at(c->set, n->test)->used = true;
		buf_put(&c->steps, &s, sizeof(s));
		return (uint32_t)(c->steps.len / sizeof(s)) - 1;
	}
	for (size_t i = n->n; i-- > 0;)
		next = n->op == EXPR_AND ? emit(c, n->child[i], next, no)
					 : emit(c, n->child[i], yes, next);
	return next;
}

uint32_t
compile_rule(
    struct rule_compiler *c, uint32_t rule, const struct expr *e, bool *always)
{
	const struct node *n = node_of(c, e, true);
	struct need need = need_of(c, n);

	put_wakes(c, need.list, rule);
	*always = !need.known;
	return emit(c, n, STEP_YES, STEP_NO);
}
