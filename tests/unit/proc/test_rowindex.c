/* Rows that the second pass jumps over are never rows with a wanted time. */
#include "rowindex.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tstamp.h"

#define S ((int64_t)1000000000)
enum { ROWS = 5000 };

/* Row i of the sample: numbers with gaps, times that mostly rise. */
static int64_t
row_of(size_t i)
{
	return (int64_t)i * 3 - 20;
}

static int64_t
time_of(size_t i)
{
	return i % 7 == 3 ? TSTAMP_NONE
			  : ((int64_t)(i * 60) + (int64_t)(i * 37 % 600)) * S;
}

static void
make(struct rowindex *x, struct buf *b)
{
	struct rowindex made;

	rowindex_init(&made);
	for (size_t i = 0; i < ROWS; i++) {
		int64_t t = time_of(i);

		rowindex_add(&made, "message", row_of(i), (int64_t[]){ t, t });
	}
	rowindex_add(&made, "one", 7, (int64_t[]){ 5 * S, 9 * S });
	/* Not in order: then nothing may be skipped. */
	rowindex_add(&made, "odd", 2, (int64_t[]){ S, S });
	rowindex_add(&made, "odd", 1, (int64_t[]){ S, S });
	buf_init(b, 1 << 20);
	rowindex_put(&made, b);
	rowindex_done(&made);
	CHECK(rowindex_get(cur_from(b->p, b->len), x));
	CHECK(x->ntables == 2);
}

/* Reads as rows.c does: which of all rows are looked at. */
static size_t
scan(const struct rowindex *x, const struct msg_windows *w, bool *looked)
{
	int64_t run[2] = { INT64_MIN, INT64_MIN };
	size_t n = 0;

	memset(looked, 0, ROWS);
	for (size_t i = 0; i < ROWS; i++) {
		int64_t row = row_of(i);

		if (row > run[1] && !rowindex_wanted(x, "message", row, w, run))
			break;
		if (row >= run[0]) {
			looked[i] = true;
			n++;
		}
	}
	return n;
}

static void
test_scan(void)
{
	static bool looked[ROWS];
	struct rowindex x;
	struct buf b;
	size_t n;

	make(&x, &b);
	for (int64_t from = 0; from < 310000; from += 9973) {
		const struct msg_window v[] = {
			{from * S,	    (from + 3600) * S },
			{ (from + 50000) * S, (from + 50010) * S},
		};
		const struct msg_windows w = { .v = v, .n = 2 };

		n = scan(&x, &w, looked);
		CHECK(n < ROWS / 4);
		for (size_t i = 0; i < ROWS; i++)
			CHECK(looked[i] || time_of(i) == TSTAMP_NONE ||
			      !msg_windows_meet(&w, time_of(i), time_of(i)));
	}
	rowindex_done(&x);
	buf_done(&b);
}

static void
test_others(void)
{
	const struct msg_window v[] = {
		{6 * S, 7 * S}
	};
	const struct msg_windows w = { .v = v, .n = 1 };
	struct rowindex x;
	struct buf b;
	int64_t run[2];

	make(&x, &b);
	CHECK(rowindex_wanted(&x, "one", INT64_MIN, &w, run));
	CHECK(run[0] == 7 && run[1] == 7);
	CHECK(!rowindex_wanted(&x, "one", 8, &w, run));
	CHECK(rowindex_wanted(&x, "odd", 1, &w, run));
	CHECK(run[0] == 1 && run[1] == INT64_MAX);
	CHECK(rowindex_wanted(&x, "other", -5, &w, run));
	CHECK(run[0] == -5 && run[1] == INT64_MAX);
	rowindex_done(&x);
	buf_done(&b);
}

/* It comes from a worker: cut or changed it is refused or harmless. */
static void
test_damage(void)
{
	const struct msg_window v[] = {
		{0, INT64_MAX}
	};
	const struct msg_windows w = { .v = v, .n = 1 };
	struct rowindex x, bad;
	struct buf b;
	int64_t run[2];

	make(&x, &b);
	rowindex_done(&x);
	for (size_t n = 0; n < b.len; n += n < 300 ? 1 : 97) {
		uint8_t *cut = malloc(n ? n : 1);

		CHECK(cut != NULL);
		memcpy(cut, b.p, n);
		if (rowindex_get(cur_from(cut, n), &bad))
			CHECK(n == 0 || bad.ntables == 1);
		rowindex_done(&bad);
		free(cut);
	}
	for (size_t i = 0; i < 8 * 400; i++) {
		b.p[i / 8] ^= (uint8_t)(1U << i % 8);
		if (rowindex_get(cur_from(b.p, b.len), &bad))
			(void)rowindex_wanted(&bad, "message", 0, &w, run);
		rowindex_done(&bad);
		b.p[i / 8] ^= (uint8_t)(1U << i % 8);
	}
	buf_done(&b);
}

int
main(void)
{
	test_scan();
	test_others();
	test_damage();
	return 0;
}
