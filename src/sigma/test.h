#ifndef SIGMA_TEST_H
#define SIGMA_TEST_H
#include "buf.h"
#include "sigma_impl.h"

/*
 * Tests one by one: what a test means stands here and nowhere else. A tester
 * is the scratch that one process reuses from test to test.
 */
struct tester {
	char small[1024]; /* folded ASCII values, nearly all of them */
	struct buf text;  /* ... and the others */
	struct buf other; /* of a field reference, the other side */
	void *match_data; /* of PCRE2, made when first needed */
	void *match_context;
	uint64_t limits; /* regular expressions that gave up */
};

void tester_init(struct tester *t);
void tester_done(struct tester *t);

bool tester_value(
    struct tester *t, const struct test *test, const struct value *v);
bool tester_event(
    struct tester *t, const struct test *test, const struct sigma_event *e);

/* The cell of a field; NULL when the event has none. */
const struct sigma_cell *event_cell(
    const struct sigma_event *e, uint32_t field);

/*
 * A single value as the text that text tests see: numbers in decimal, times
 * in ISO form, true and false. room: where it may be written to. False for
 * what has none (null, a list).
 */
#define VALUE_ROOM 40
bool value_plain(
    const struct value *v, char room[static VALUE_ROOM], struct str *out);

/* A number as events hold it: an integer where it is one and fits. */
struct number {
	bool is_integer;
	int64_t integer;
	double real;
};

/* Of an int, a real, or a text that is nothing but a decimal number. */
bool value_number(const struct value *v, struct number *out);
bool text_number(struct str s, struct number *out);

/* A part of a moment in UTC; weeks are those of ISO 8601. */
bool value_time_part(const struct value *v, enum time_part part, int64_t *out);
#endif
