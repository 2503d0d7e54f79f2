#ifndef SIGMA_EXACT_H
#define SIGMA_EXACT_H
#include <stdbool.h>
#include <stdint.h>

#include "record.h"

/*
 * Numbers as events hold them, compared and summed without rounding: a sum
 * from which as much was taken away as was added is the same as before, and
 * no order of adding changes it. Floating point alone promises neither.
 */
struct number {
	bool is_int;
	union {
		int64_t i;
		double d; /* finite */
	};
};

/* An integer, a finite real, or a text that is wholly a decimal number. */
bool number_from(const struct value *v, struct number *out);

/* <0, 0, >0, exact for any two. */
int number_cmp(struct number a, struct number b);

/*
 * Fixed point, two's complement: from the last bit of the smallest double to
 * 2^63 times the largest.
 */
#define EXACT_LIMBS 35
struct exact_sum {
	uint64_t limb[EXACT_LIMBS]; /* the lowest first */
};

void exact_add(struct exact_sum *s, struct number v);
void exact_take(struct exact_sum *s, struct number v);

/* s compared with bound * n; bound is not NaN. */
int exact_cmp(const struct exact_sum *s, double bound, uint64_t n);
#endif
