#ifndef SIGMA_COMPILE_RULE_H
#define SIGMA_COMPILE_RULE_H
#include "tables.h"
#include "test_set.h"

/* Tests of all rules of a route become one set, conditions become programs. */
struct rule_compiler {
	struct test_set *set;
	struct arena *scratch; /* emptied by the caller between rules */
	size_t nrules;	       /* of the route */
	struct buf steps;      /* struct step */
	struct buf test_wakes, field_wakes; /* struct wake */
};

/* A rule, by its place in the route, waits for a test or a field. */
struct wake {
	uint32_t source, rule;
};

/* First of all: counts who uses which test. */
void compile_tests(struct rule_compiler *c, const struct expr *e);

/* Where its program starts; *always: it waits for nothing. */
uint32_t compile_rule(
    struct rule_compiler *c, uint32_t rule, const struct expr *e, bool *always);
#endif
