#include <float.h>
#include <math.h>
#include <string.h>

#include "check.h"
#include "correlate_impl.h"
#include "ranks.h"
#include "sorted.h"

/* What correlations are made of, and their limits. */

static uint64_t rng = 4101842887655102017u;

static unsigned
any(unsigned n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (unsigned)(rng >> 33) % n;
}

static struct number
real(double d)
{
	struct number n;
	struct value v = { .type = VALUE_REAL, .real = d };

	CHECK(number_from(&v, &n));
	return n;
}

static struct number
integer(int64_t i)
{
	return (struct number){ .is_int = true, .i = i };
}

static bool
text_is(const char *s, struct number *out)
{
	struct value v = { .type = VALUE_TEXT, .s = str_from(s) };

	return number_from(&v, out);
}

static void
numbers(void)
{
	static const char *const none[] = { "", "-", "+", ".5", "5.", "1e",
		"0x1", " 1", "1 ", "1e+", "inf", "nan", "1.2.3", "--1", "1,5",
		"1e999" };
	struct number n;

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CHECK(!text_is(none[i], &n));
	CHECK(text_is("-9223372036854775808", &n) && n.is_int &&
	      n.i == INT64_MIN);
	CHECK(
	    text_is("9223372036854775807", &n) && n.is_int && n.i == INT64_MAX);
	CHECK(text_is("9223372036854775808", &n) && !n.is_int);
	CHECK(text_is("+12.50e1", &n) && n.is_int && n.i == 125);
	CHECK(text_is("-0", &n) && n.is_int && n.i == 0);
	CHECK(number_cmp(integer(INT64_MAX), real(0x1p63)) < 0);
	CHECK(number_cmp(integer(INT64_MAX), real(0x1p62)) > 0);
	/* Two integers that one double lies between. */
	CHECK(number_cmp(integer((1ll << 53) + 1), real(0x1p53)) > 0);
	CHECK(number_cmp(integer(-3), real(-2.5)) < 0);
	CHECK(number_cmp(real(-2.5), integer(-2)) < 0);
	CHECK(number_cmp(integer(INT64_MIN), real(-0x1p63)) == 0);
	CHECK(number_cmp(integer(INT64_MIN), real(-0x1p64)) > 0);
}

static void
sums(void)
{
	static const double odd[] = { DBL_MAX, -DBL_MAX, DBL_TRUE_MIN,
		-DBL_TRUE_MIN, DBL_MIN, 0.1, -0.3, 1e300, -1e-300, 0, 0x1p63,
		1e16 + 2 };
	enum { N = sizeof(odd) / sizeof(odd[0]) };
	struct exact_sum s = { 0 };

	CHECK(exact_cmp(&s, 0, 1) == 0 && exact_cmp(&s, -1, 7) > 0);
	for (int round = 0; round < 200; round++) {
		struct number v[40];
		size_t n = 1 + any(40);

		for (size_t i = 0; i < n; i++) {
			v[i] =
			    any(3) ? real(odd[any(N)]) : integer((int64_t)rng);
			exact_add(&s, v[i]);
		}
		for (size_t i = n; i > 0; i--) { /* in any order away */
			size_t k = any((unsigned)i);

			exact_take(&s, v[k]);
			v[k] = v[i - 1];
		}
		for (size_t i = 0; i < EXACT_LIMBS; i++)
			CHECK(s.limb[i] == 0);
	}
	exact_add(&s, real(1e300));
	exact_add(&s, real(1));
	exact_take(&s, real(1e300));
	CHECK(exact_cmp(&s, 1, 1) == 0 && exact_cmp(&s, 0.5, 2) == 0);
	CHECK(exact_cmp(&s, 1, 2) < 0 && exact_cmp(&s, -INFINITY, 1) > 0);
	exact_take(&s, integer(INT64_MIN));
	CHECK(exact_cmp(&s, 0x1p63, 1) > 0 && exact_cmp(&s, INFINITY, 3) < 0);
	exact_add(&s, integer(INT64_MIN));
	exact_add(&s, real(DBL_MAX));
	exact_add(&s, real(DBL_MAX));
	CHECK(exact_cmp(&s, DBL_MAX, 2) > 0 && exact_cmp(&s, DBL_MAX, 3) < 0);
	/* A tenth is no tenth: ten of them are not one. */
	s = (struct exact_sum){ 0 };
	for (int i = 0; i < 10; i++)
		exact_add(&s, real(0.1));
	CHECK(exact_cmp(&s, 1, 1) > 0 && exact_cmp(&s, 0.1, 10) == 0);
}

static int
by_value(const void *a, const void *b)
{
	return number_cmp(*(const struct number *)a, *(const struct number *)b);
}

static void
sorted_numbers(void)
{
	static struct number v[3000], w[3000];
	struct budget b = { 0, SIZE_MAX };
	struct sorted s = { 0 };
	size_t n = 0;

	for (int step = 0; step < 30000; step++) {
		bool grow = step / 6000 % 2 ? any(3) == 0 : any(3) > 0;

		if (n == 0 || (grow && n < 3000)) {
			v[n] = any(2) ? integer(any(500))
				      : real((double)any(4000) / 8);
			CHECK(sorted_add(&s, &b, v[n++]));
		} else {
			size_t k = any((unsigned)n);

			sorted_take(&s, &b, v[k]);
			v[k] = v[--n];
		}
		CHECK(s.total == n);
		if (n == 0 || step % 200 > 0)
			continue;
		memcpy(w, v, n * sizeof(w[0]));
		qsort(w, n, sizeof(w[0]), by_value);
		for (size_t k = 0; k < n; k++)
			CHECK(number_cmp(sorted_at(&s, k), w[k]) == 0);
		CHECK(s.n <= 2 + n / 64); /* blocks are joined again */
	}
	sorted_done(&s, &b);
	CHECK(b.used == 0);
	b.max = 200;
	for (n = 0; sorted_add(&s, &b, integer((int64_t)n)); n++)
		;
	CHECK(n > 0 && s.total == n && b.used <= b.max);
	sorted_done(&s, &b);
}

static void
counted_texts(void)
{
	static const uint64_t key[2] = { 1, 2 };
	struct budget budget = { 0, SIZE_MAX };
	struct bag_item *kept[2000], *i;
	uint64_t count[50] = { 0 };
	struct ranks r = { 0 };
	size_t n = 0, total;
	struct bag bag;
	char text[16];

	bag_init(&bag, &budget, key);
	for (int step = 0; step < 20000; step++) {
		unsigned k = any(50) * any(50) / 50;

		if (n < 2000 && (n == 0 || any(2))) {
			snprintf(text, sizeof(text), "text %u", k);
			i = bag_add(&bag, &budget, str_from(text));
			CHECK(i != NULL && ranks_up(&r, &budget, i));
			kept[n++] = i;
			count[k]++;
			CHECK(i->count == count[k]);
		} else {
			k = any((unsigned)n);
			i = kept[k];
			kept[k] = kept[--n];
			CHECK(sscanf(i->text, "text %u", &k) == 1);
			count[k]--;
			ranks_down(&r, &budget, i);
			bag_take(&bag, i);
		}
		total = 0;
		for (const struct rank *x = r.lowest; x; x = x->higher) {
			uint64_t texts = 0;

			for (size_t c = 0; c < 50; c++)
				texts += count[c] == x->count;
			CHECK(texts == x->texts && texts > 0);
			CHECK(!x->higher || x->higher->count > x->count);
			total += x->count * x->texts;
		}
		CHECK(total == n);
	}
	/* The same text of another owner is another item. */
	i = bag_add(&bag, &bag, str_from("text 0"));
	CHECK(i != NULL && i->count == 1);
	ranks_done(&r, &budget);
	bag_done(&bag);
	CHECK(budget.used == 0);
}

/* One rule "a", and a correlation over it, by hand. */
struct one {
	struct sigma s;
	struct rule rules[3];
	struct correlation c, outer;
	struct group_field group, value;
	uint32_t listed[2];
};
static const struct str fields[] = {
	{"host",  4},
	       { "size", 4}
};

static void
one_make(struct one *x, enum correlation_type t)
{
	*x = (struct one){
		.s = {.fields = fields,	 .nfields = 2, .nrules = 2},
		.c = { .type = t,
		      .nrules = 1,
		      .ngroup_by = 1,
		      .nfields = 1,
		      .timespan_ns = 10,
		      .percentile = 50,
		      .depth = 1 },
		.group = { fields[0], 0,		 NULL				      },
		.value = { fields[1],	      1,			 NULL	      },
	};
	x->s.rules = x->rules;
	x->c.rules = x->listed;
	x->c.group_by = &x->group;
	x->c.fields = &x->value;
	x->rules[1].correlation = &x->c;
	x->rules[1].info.speaks = true;
}

struct seen {
	size_t n, parts;
	uint64_t total;
	int64_t first_ns, last_ns;
	uint64_t last_ref;
};

static void
on_match(void *arg, const struct correlator_match *m)
{
	struct seen *s = arg;

	s->n++;
	s->parts = m->nparts;
	s->total = m->total;
	s->first_ns = m->first_ns;
	s->last_ns = m->last_ns;
	s->last_ref = m->nparts > 0 ? m->parts[m->nparts - 1].ref : 0;
}

static void
feed(struct correlator *c, int64_t ns, const char *host, int64_t size)
{
	struct value v[2] = {
		{.type = VALUE_TEXT, .s = str_from(host)},
		{ .type = VALUE_INT, .i = size	       }
	};
	struct sigma_cell cells[2] = {
		{0,  &v[0]},
		      { 1, &v[1]}
	};

	correlator_feed(
	    c, ns, 0, &(struct sigma_event){ cells, 2 }, (uint64_t)size);
}

/* A long run: all are counted, the first ones are named. */
static void
long_runs(void)
{
	struct seen seen = { 0 };
	struct correlator *c;
	struct one x;

	one_make(&x, CORRELATE_EVENT_COUNT);
	x.c.bounds = (struct bounds){ .has_gte = true, .gte = 1 };
	c = correlator_new(&x.s, on_match, &seen);
	for (int i = 0; i < 100000; i++)
		feed(c, i, "h", i);
	CHECK(seen.n == 0 && c->streams[0].next - c->streams[0].first <= 11);
	CHECK(c->budget.used < 100000);
	feed(c, 200000, "h", 1);
	CHECK(seen.n == 1 && seen.total == 100000);
	CHECK(seen.parts == LIMIT_CORRELATION_PARTS &&
	      seen.last_ref == LIMIT_CORRELATION_PARTS - 1);
	CHECK(seen.first_ns == 0 && seen.last_ns == 99999);
	correlator_end(c);
	CHECK(seen.n == 2 && seen.total == 1 && correlator_lost(c) == 0);
	correlator_free(c);

	/* All in one moment, fed backwards: still the smallest are named. */
	c = correlator_new(&x.s, on_match, &seen);
	for (int i = 5000; i > 0; i--)
		feed(c, 0, "h", i);
	correlator_end(c);
	CHECK(seen.total == 5000 && seen.parts == LIMIT_CORRELATION_PARTS &&
	      seen.last_ref == LIMIT_CORRELATION_PARTS);
	correlator_free(c);
}

/* With too little memory something is lost, and said to be. */
static void
memory_runs_out(void)
{
	static const enum correlation_type types[] = { CORRELATE_EVENT_COUNT,
		CORRELATE_VALUE_COUNT, CORRELATE_VALUE_PERCENTILE,
		CORRELATE_TEMPORAL_ORDERED, CORRELATE_VALUE_SUM };
	char host[16];

	for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++)
		for (size_t max = 0; max < 60000; max += 1777) {
			struct seen seen = { 0 };
			struct correlator *c;
			struct one x;

			one_make(&x, types[t]);
			x.s.nrules = 3;
			x.outer = x.c;
			x.outer.depth = 2;
			x.listed[1] = 1;
			x.outer.rules = &x.listed[1];
			x.outer.group_by = &x.value;
			x.rules[2].correlation = &x.outer;
			x.rules[2].info.speaks = true;
			x.outer.type = CORRELATE_EVENT_COUNT;
			x.c.bounds = x.outer.bounds =
			    (struct bounds){ .has_gte = true, .gte = -1 };
			c = correlator_new(&x.s, on_match, &seen);
			c->budget.max = max;
			for (int i = 0; i < 2000; i++) {
				snprintf(
				    host, sizeof(host), "host %u", any(300));
				feed(c, i / 200, host, i);
			}
			correlator_end(c);
			CHECK(correlator_lost(c) > 0);
			correlator_free(c);
		}
}

static void
times(void)
{
	struct seen seen = { 0 };
	struct correlator *c;
	struct one x;

	one_make(&x, CORRELATE_EVENT_COUNT);
	x.c.bounds = (struct bounds){ .has_gte = true, .gte = 2 };
	c = correlator_new(&x.s, on_match, &seen);
	feed(c, TSTAMP_NONE, "h", 0);
	CHECK(correlator_lost(c) == 1);
	feed(c, INT64_MIN + 1, "h", 1);
	feed(c, INT64_MIN + 11, "h", 2);
	feed(c, INT64_MAX - 10, "h", 3);
	CHECK(seen.n == 1 && seen.last_ns == INT64_MIN + 11);
	feed(c, INT64_MAX, "h", 4);
	feed(c, INT64_MAX - 1, "h", 5); /* back in time */
	CHECK(correlator_lost(c) == 2);
	correlator_end(c);
	CHECK(seen.n == 2 && seen.total == 2 && seen.last_ns == INT64_MAX);
	correlator_free(c);
	/* Longer than all time there is. */
	x.c.timespan_ns = INT64_MAX;
	seen = (struct seen){ 0 };
	c = correlator_new(&x.s, on_match, &seen);
	feed(c, -5, "h", 1);
	feed(c, INT64_MAX - 5, "h", 1);
	feed(c, INT64_MAX - 4, "h", 1);
	correlator_end(c);
	CHECK(seen.n == 1 && seen.total == 3);
	correlator_free(c);
}

static void
asks(void)
{
	uint32_t f[2] = { 9, 9 };
	struct one x;

	one_make(&x, CORRELATE_VALUE_COUNT);
	x.s.nrules = 3;
	CHECK(correlator_wants(&x.s, 0) && !correlator_wants(&x.s, 1));
	CHECK(correlator_fields(&x.s, 0, f, 2) == 2 && f[0] == 0 && f[1] == 1);
	f[1] = 9;
	CHECK(correlator_fields(&x.s, 0, f, 1) == 2 && f[1] == 9);
	CHECK(correlator_fields(&x.s, 2, f, 2) == 0);
	x.c.nweaker = 1;
	x.c.weaker = &(uint32_t){ 2 };
	CHECK(correlator_wants(&x.s, 2));
	CHECK(correlator_fields(&x.s, 2, f, 2) == 1 && f[0] == 0);
}

int
main(void)
{
	numbers();
	sums();
	sorted_numbers();
	counted_texts();
	long_runs();
	memory_runs_out();
	times();
	asks();
	return 0;
}
