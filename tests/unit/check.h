#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H
#include <stdio.h>
#include <stdlib.h>

/*
 * The one assertion of the unit tests: says where and what, and stops. A test
 * that lacks the real data of ../shared says which and returns TEST_SKIP.
 */
#define TEST_SKIP 77
#define CHECK(cond)                                                            \
	do {                                                                   \
		if (!(cond)) {                                                 \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,       \
			    __LINE__, #cond);                                  \
			exit(1);                                               \
		}                                                              \
	} while (0)
#endif
