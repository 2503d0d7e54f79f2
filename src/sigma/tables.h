#ifndef SIGMA_TABLES_H
#define SIGMA_TABLES_H
#include "arena.h"
#include "literals.h"
#include "sigma_impl.h"

/*
 * What the rules of one route are compiled to, read-only. Equal tests of
 * different rules are one test with a number. Each field that rules look at
 * has tables that say at one pass over its value which of its tests hold. A
 * rule waits for tests of which one must hold if it is to match: when one
 * does, it wakes, and its condition is decided by a short program over the
 * tests' states.
 */
enum test_state {
	STATE_FALSE,
	STATE_TRUE,
	STATE_UNSURE, /* to be tried when it matters */
};

/* What a literal tells: a test, and whether that is certain. */
#define TARGET_UNSURE	   1U
#define TARGET(test, sure) ((test) << 1 | ((sure) ? 0U : TARGET_UNSURE))

/* One test of a rule's program, and where it goes on. */
struct step {
	uint32_t test;
	uint32_t on_true, on_false; /* a step, or one of these: */
};
#define STEP_YES (UINT32_MAX - 1)
#define STEP_NO	 UINT32_MAX

/* Runs of numbers: those of i are list[at[i]] to list[at[i + 1]]. */
struct runs {
	const uint32_t *at;
	const uint32_t *list;
};

/* Integers that tests compare with, by a hash table. */
struct integer_slot {
	int64_t integer;
	uint32_t target; /* + 1; 0: empty; an integer may stand twice */
};

static inline uint32_t
integer_hash(int64_t v)
{
	uint64_t h = (uint64_t)v * UINT64_C(0x9e3779b97f4a7c15);

	return (uint32_t)(h >> 40);
}

struct field_table {
	struct literals texts;		     /* n is 0: none */
	const struct integer_slot *integers; /* NULL: none */
	uint32_t integers_mask;
	/* Rules that wake when the field is there, whatever its value. */
	const uint32_t *wakes;
	size_t nwakes;
	/* Targets of tests that any text may fit ("*"). */
	const uint32_t *any;
	size_t nany;
	/* Targets of tests whose literals speak for ASCII only. */
	const uint32_t *ascii_only;
	size_t nascii_only;
};

struct tables {
	struct arena arena;
	const struct test **tests; /* NULL: a set of tests */
	const uint8_t *initial;	   /* states before an event */
	size_t ntests;
	struct runs wakes; /* test to rules, by their place in the route */
	const struct step *steps;
	const uint32_t *starts; /* by rule */
	const uint64_t *always; /* rules that wait for nothing, one bit each */
	size_t nrules;
	/* By field number, then one for keywords. */
	const uint32_t *field; /* of field_table, + 1; 0: none */
	size_t nfields;
	const struct field_table *v;
	size_t nv;
	const struct field_table *keywords; /* NULL: none */
	size_t nliterals;		    /* of all fields */
	size_t most_literals;		    /* of one field */
};

/* rules: numbers in s, all with a condition. */
struct tables *tables_new(
    const struct sigma *s, const uint32_t *rules, size_t nrules);
void tables_free(struct tables *t); /* NULL is fine */
#endif
