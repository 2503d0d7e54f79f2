#ifndef SIGMA_COMPILE_FIELD_H
#define SIGMA_COMPILE_FIELD_H
#include "compile_rule.h"

/*
 * From the tests that programs use to the tables of each field: sets t->field,
 * v, nv, keywords and the numbers of literals. Field numbers are below
 * t->nfields.
 */
void compile_fields(struct tables *t, const struct rule_compiler *c);
#endif
