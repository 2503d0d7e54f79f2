#include "value_table.h"

#include <string.h>

#include "check.h"

static struct str
number(unsigned n, char text[16])
{
	(void)snprintf(text, 16, "n%u", n);
	return str_from(text);
}

/* Many values: each is found under its kind, and no other is. */
static void
many(void)
{
	struct value_table t;
	char text[16];

	value_table_init(&t);
	CHECK(value_find(&t, KIND_DOMAIN, str_from("x")) == VALUE_NOT_THERE);
	for (unsigned i = 0; i < 100000; i++)
		CHECK(value_add(&t, KIND_DOMAIN, OBS_DOMAIN, number(i, text),
			  number(i, text)) == i);
	value_table_trim(&t);
	CHECK(t.n == 100000 && t.by_kind[KIND_DOMAIN] == 100000);
	for (unsigned i = 0; i < 100000; i++) {
		CHECK(value_find(&t, KIND_DOMAIN, number(i, text)) == i);
		CHECK(str_is(value_shown(&t, i), text));
	}
	for (unsigned i = 100000; i < 200000; i++)
		CHECK(value_find(&t, KIND_DOMAIN, number(i, text)) ==
		      VALUE_NOT_THERE);
	CHECK(value_add(&t, KIND_PATH, OBS_PATH, str_from("n1"),
		  str_from("N1")) == 100000);
	CHECK(value_find(&t, KIND_PATH, str_from("n1")) == 100000);
	CHECK(value_find(&t, KIND_DOMAIN, str_from("n1")) == 1);
	CHECK(str_is(value_key(&t, 100000), "n1"));
	CHECK(str_is(value_shown(&t, 100000), "N1"));
	/* The first spelling stays. */
	CHECK(value_add(&t, KIND_PATH, OBS_PATH, str_from("n1"),
		  str_from("nn")) == 100000);
	CHECK(str_is(value_shown(&t, 100000), "N1"));
	value_table_done(&t);
}

/* Long keys, empty ones, and bytes that are no text. */
static void
odd(void)
{
	static char big[100000];
	struct value_table t;
	struct str s = { .p = big, .n = sizeof(big) };

	memset(big, 'x', sizeof(big));
	value_table_init(&t);
	CHECK(value_add(&t, KIND_LIKE, OBS_URL, s, str_from("")) == 0);
	CHECK(value_find(&t, KIND_LIKE, s) == 0);
	CHECK(value_shown(&t, 0).n == 0);
	s.n--;
	CHECK(value_find(&t, KIND_LIKE, s) == VALUE_NOT_THERE);
	CHECK(value_add(&t, KIND_LIKE, OBS_URL, str_from(""), s) == 1);
	CHECK(value_shown(&t, 1).n == s.n);
	s.n = 3;
	big[1] = '\0';
	CHECK(value_add(&t, KIND_IP, OBS_IP, s, s) == 2);
	big[1] = '\1';
	CHECK(value_find(&t, KIND_IP, s) == VALUE_NOT_THERE);
	value_table_done(&t);
}

/*
 * Whoever writes indicators does not know the seed: the longest run of taken
 * places stays short for values that differ in one byte only.
 */
static void
spread(void)
{
	size_t longest = 0, run = 0;
	struct value_table t;
	char text[16];

	value_table_init(&t);
	for (unsigned i = 0; i < 50000; i++)
		CHECK(value_add(&t, KIND_DOMAIN, OBS_DOMAIN, number(i, text),
			  number(i, text)) == i);
	for (size_t i = 0; i <= t.mask; i++) {
		run = t.tag[i] != 0 ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	CHECK(longest < 400);
	value_table_done(&t);
}

int
main(void)
{
	many();
	odd();
	spread();
	return 0;
}
