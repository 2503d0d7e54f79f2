#include "route.h"

#include <stdlib.h>
#include <string.h>

static void *
alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (p == NULL)
		abort();
	return p;
}

static bool
part_fits(const char *rule, const char *event)
{
	return rule == NULL || (event != NULL && str_eq_nocase(str_from(rule),
						     str_from(event)));
}

static bool
rule_fits(const struct sigma_route *r, const struct rule *rule)
{
	const struct sigma_rule *i = &rule->info;

	if (rule->condition == NULL)
		return false;
	if (r->product == NULL && r->category == NULL && r->service == NULL)
		return true;
	return part_fits(i->product, r->product) &&
	       part_fits(i->category, r->category) &&
	       part_fits(i->service, r->service);
}

static void
note_field(struct sigma_route *r, uint32_t field)
{
	if (field == SIGMA_NO_FIELD)
		r->keywords = true;
	else if (field < r->nfields)
		r->uses[field] = true;
}

static void
note_fields(struct sigma_route *r, const struct expr *e)
{
	if (e->op == EXPR_TEST) {
		note_field(r, e->test->field);
		if (e->test->kind == TEST_FIELDREF)
			note_field(r, e->test->other);
		return;
	}
	for (size_t i = 0; i < e->nchildren; i++)
		note_fields(r, e->child[i]);
}

static char *
copy(const char *s)
{
	char *p = s ? strdup(s) : NULL;

	if (s != NULL && p == NULL)
		abort();
	return p;
}

static struct sigma_route *
route_new(const struct sigma *s, const char *product, const char *category,
    const char *service)
{
	struct sigma_route *r = alloc(1, sizeof(*r));

	r->product = copy(product);
	r->category = copy(category);
	r->service = copy(service);
	r->rules = alloc(s->nrules, sizeof(r->rules[0]));
	r->nfields = s->nfields;
	r->uses = alloc(s->nfields, sizeof(r->uses[0]));
	for (uint32_t i = 0; i < s->nrules; i++) {
		if (!rule_fits(r, &s->rules[i]))
			continue;
		r->rules[r->nrules++] = i;
		note_fields(r, s->rules[i].condition);
	}
	r->tables = tables_new(s, r->rules, r->nrules);
	return r;
}

void
route_free(struct sigma_route *r)
{
	if (r == NULL)
		return;
	free(r->product);
	free(r->category);
	free(r->service);
	free(r->rules);
	free(r->uses);
	tables_free(r->tables);
	free(r);
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b
				      : str_eq_nocase(str_from(a), str_from(b));
}

const struct sigma_route *
sigma_route(struct sigma *s, const char *product, const char *category,
    const char *service)
{
	struct sigma_route **more;

	for (size_t i = 0; i < s->nroutes; i++)
		if (same(s->routes[i]->product, product) &&
		    same(s->routes[i]->category, category) &&
		    same(s->routes[i]->service, service))
			return s->routes[i];
	/* A power of two is the number at which the array is full. */
	if ((s->nroutes & (s->nroutes - 1)) == 0) {
		more = realloc(s->routes,
		    (s->nroutes ? 2 * s->nroutes : 1) * sizeof(*more));
		if (more == NULL)
			abort();
		s->routes = more;
	}
	s->routes[s->nroutes] = route_new(s, product, category, service);
	return s->routes[s->nroutes++];
}

size_t
sigma_route_size(const struct sigma_route *r)
{
	return r->nrules;
}

bool
sigma_route_uses(const struct sigma_route *r, uint32_t field)
{
	return field < r->nfields && r->uses[field];
}

bool
sigma_route_keywords(const struct sigma_route *r)
{
	return r->keywords;
}
