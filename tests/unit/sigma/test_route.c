#include "model.h"

/* Which rules an event of a log source can match, and what they look at. */

enum { F_A, F_B, F_C, F_D, F_COUNT };

static uint32_t
rule_for(struct model *m, const char *product, const char *category,
    const char *service, const struct expr *e)
{
	uint32_t rule = add_rule(m, e);

	m->s.rules[rule].info.product = product;
	m->s.rules[rule].info.category = category;
	m->s.rules[rule].info.service = service;
	return rule;
}

static void
check_match(struct model *m, const struct sigma_route *r, const uint32_t *want,
    size_t n)
{
	struct sigma_matcher *match = sigma_matcher_new(&m->s, r);
	struct sigma_cell cell = { .field = F_A,
		.value = value_of_text(m, "X") };
	struct sigma_event e = { .cells = &cell, .n = 1 };
	const uint32_t *rules;

	for (int i = 0; i < 2; i++) {
		CHECK(sigma_match(match, &e, &rules) == n);
		for (size_t k = 0; k < n; k++)
			CHECK(rules[k] == want[k]);
	}
	CHECK(sigma_matcher_limits(match) == 0);
	sigma_matcher_free(match);
}

static void
routes(struct model *m)
{
	const struct sigma_route *all, *ios, *sms, *none;
	const struct expr *x = text(m, F_A, "x");

	(void)rule_for(m, "ios", NULL, NULL, x);
	(void)rule_for(
	    m, "ios", NULL, "sms", fieldref(m, F_A, REF_EQUALS, F_C));
	(void)rule_for(m, "windows", "process_creation", NULL, x);
	(void)rule_for(m, NULL, NULL, NULL, negated(m, text(m, F_B, "y")));
	(void)rule_for(m, NULL, "process_creation", NULL, x);
	(void)rule_for(m, "ios", NULL, "sms", text(m, MODEL_KEYWORD, "x*"));
	(void)rule_for(m, "ios", NULL, "sms", NULL); /* a correlation */
	m->s.compiled = compile_rules(&m->s);
	all = sigma_route(&m->s, NULL, NULL, NULL);
	ios = sigma_route(&m->s, "IOS", NULL, "calls");
	sms = sigma_route(&m->s, "ios", NULL, "sms");
	none = sigma_route(&m->s, "linux", NULL, NULL);
	CHECK(sms == sigma_route(&m->s, "ios", NULL, "SMS"));
	CHECK(all == sigma_route(&m->s, NULL, NULL, NULL));
	CHECK(sigma_route_size(all) == 6 && sigma_route_size(ios) == 2);
	CHECK(sigma_route_size(sms) == 4 && sigma_route_size(none) == 1);
	CHECK(sigma_route_uses(ios, F_A) && sigma_route_uses(ios, F_B));
	CHECK(!sigma_route_uses(ios, F_C) && sigma_route_uses(sms, F_C));
	CHECK(!sigma_route_uses(sms, F_D));
	CHECK(!sigma_route_uses(sms, SIGMA_NO_FIELD));
	CHECK(sigma_route_keywords(sms) && !sigma_route_keywords(ios));
	check_match(m, all, (const uint32_t[]){ 0, 2, 3, 4, 5 }, 5);
	check_match(m, ios, (const uint32_t[]){ 0, 3 }, 2);
	check_match(m, sms, (const uint32_t[]){ 0, 3, 5 }, 3);
	check_match(m, none, (const uint32_t[]){ 3 }, 1);
}

static void
fields(struct model *m)
{
	CHECK(sigma_field(&m->s, str_from("f0")) == F_A);
	CHECK(sigma_field(&m->s, str_from("f3")) == F_D);
	CHECK(sigma_field(&m->s, str_from("F3")) == SIGMA_NO_FIELD);
	CHECK(sigma_field(&m->s, str_from("")) == SIGMA_NO_FIELD);
}

int
main(void)
{
	static struct model m;

	model_init(&m, F_COUNT, 8);
	routes(&m);
	fields(&m);
	model_done(&m);
	return 0;
}
