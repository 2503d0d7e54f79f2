#ifndef SIGMA_TEST_SET_H
#define SIGMA_TEST_SET_H
#include "buf.h"
#include "sigma_impl.h"

/*
 * The distinct tests of many rules, with numbers in the order in which they
 * are met first. A set of tests of which one must hold is itself a test: a
 * rule with a thousand words then looks at one state.
 */
struct unique_test {
	const struct test *test; /* NULL: a set */
	const uint32_t *members; /* of a set: numbers, ascending */
	size_t nmembers;
	uint64_t hash;
	bool found_by_tables; /* false at first, and true when found */
	bool sure;	/* found means that it holds; of a set always so */
	bool used;	/* by a program, not only as a member */
	bool waking;	/* some rule waits for it */
	uint32_t rules; /* how many times rules name it */
	double odds;	/* that it holds in an event, a guess */
};

struct test_set {
	struct arena *arena; /* of members */
	struct buf tests;    /* of struct unique_test */
	uint32_t *slots;     /* number + 1; 0: empty */
	size_t nslots;
};

void test_set_init(struct test_set *s, struct arena *arena);
void test_set_done(struct test_set *s);

size_t test_set_count(const struct test_set *s);
/* Valid until one is added. */
struct unique_test *test_set_at(const struct test_set *s, uint32_t i);

/* The number of a test, added when it is new. */
uint32_t test_set_add(struct test_set *s, const struct test *t);

/* The same for a set; members ascend. */
uint32_t test_set_add_members(
    struct test_set *s, const uint32_t *members, size_t n);
#endif
