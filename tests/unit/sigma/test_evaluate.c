#include <stdio.h>

#include "model.h"
#include "tstamp.h"

/* What each kind of test means, and what explain and rests_on say. */

enum { F_A, F_B, F_C, F_COUNT };

static struct value
a_text(const char *s)
{
	return (struct value){ .type = VALUE_TEXT, .s = str_from(s) };
}

static struct value
an_int(int64_t i)
{
	return (struct value){ .type = VALUE_INT, .i = i };
}

static struct value
a_real(double r)
{
	return (struct value){ .type = VALUE_REAL, .real = r };
}

static struct value
a_bool(bool b)
{
	return (struct value){ .type = VALUE_BOOL, .b = b };
}

static struct value
a_time(const char *iso)
{
	struct value v = { .type = VALUE_TIME };

	CHECK(tstamp_parse(iso, &v.t.ns));
	return v;
}

static struct value
a_list(const struct str *v, size_t n)
{
	return (struct value){
		.type = VALUE_LIST, .list = {.v = v, .n = n}
	};
}

/* One value in F_A. */
static bool
holds(struct model *m, const struct expr *e, struct value v)
{
	struct sigma_cell cell = { .field = F_A, .value = &v };
	struct sigma_event event = { .cells = &cell, .n = 1 };
	uint32_t rule;
	bool r;

	m->s.nrules = 0;
	rule = add_rule(m, e);
	r = sigma_evaluate(&m->s, rule, &event, NULL);
	CHECK(e->op != EXPR_TEST || test_event(e->test, &event) == r);
	return r;
}

static void
texts(struct model *m)
{
	static const struct {
		const char *pattern, *value;
		bool fits;
	} v[] = {
		{"abc",		 "ABC",		true },
		{ "abc",		 "abcd",		 false},
		{ "",	      "",		  true },
		{ "",	      "a",		   false},
		{ "*",	       "",		   true },
		{ "*",	       "anything",	   true },
		{ "**",		"x",		     true },
		{ "?",	       "",		   false},
		{ "?",	       "\xc3\xa4",	   true },
		{ "?",	       "\xff",	       true },
		{ "??",		"\xc3\xa4",	    false},
		{ "*?",		"\xc3\xa4",	    true },
		{ "a*",		"Ab",		      true },
		{ "a*",		"ba",		      false},
		{ "*a",		"BA",		      true },
		{ "*a",		"ab",		      false},
		{ "*b*",		 "abc",		true },
		{ "*b*",		 "ac",	       false},
		{ "a*c",		 "abbc",		 true },
		{ "a*c",		 "ac",	       true },
		{ "aa*aa",	   "aaa",		  false},
		{ "aa*aa",	   "aaaa",		   true },
		{ "a*b*c",	   "a-c-b-c",	      true },
		{ "a*b*c",	   "a-c-b",	    false},
		{ "a?c",		 "abc",		true },
		{ "a?c",
		    "a\xc3\xa4"
		    "c",			       true },
		{ "a?c",		 "ac",	       false},
		{ "*a?c",	  "aac-abc",	     true },
		{ "*a?c*",	   "aac-ac",	     true },
		{ "*x?z*",	   "xxyxyz",	     true },
		{ "*?b",		 "ab",	       true },
		{ "*?b",		 "b",		      false},
		{ "*?b*",	  "bab",		 true },
		{ "*ab*ab*",	     "xab",		    false},
		{ "*ab*ab*",	     "abab",	     true },
		{ "*ab?",	  "xab\xe2\x82\xac",  true },
		{ "*ab??",	   "xab\xe2\x82\xac",  false},
		{ "a\\*b",	   "a*b",		  true },
		{ "a\\*b",	   "axb",		  false},
		{ "\xc3\x84rger*", "\xc3\xa4RGERLICH", true },
		{ "*\xd0\x96*",
		    "a\xd0\xb6"
		    "b",			       true },
		{ "4",	       "4",		    true },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		bool r =
		    holds(m, text(m, F_A, v[i].pattern), a_text(v[i].value));

		if (r != v[i].fits)
			fprintf(stderr, "%s on %s\n", v[i].pattern, v[i].value);
		CHECK(r == v[i].fits);
	}
	CHECK(holds(m, cased(m, F_A, "*Abc"), a_text("xAbc")));
	CHECK(!holds(m, cased(m, F_A, "*Abc"), a_text("xabc")));
	CHECK(holds(m, text(m, F_A, "4"), an_int(4)));
	CHECK(holds(m, text(m, F_A, "-4*"), an_int(-40)));
	CHECK(holds(m, text(m, F_A, "1.5"), a_real(1.5)));
	CHECK(holds(m, text(m, F_A, "TRUE"), a_bool(true)));
	CHECK(holds(m, text(m, F_A, "2020-02-*"), a_time("2020-02-29")));
	CHECK(!holds(m, text(m, F_A, "*"), (struct value){ 0 }));
}

/* The same by trying every way, on short texts over a small alphabet. */
static bool
slow_fits(const char *p, const char *s)
{
	if (*p == '\0')
		return *s == '\0';
	if (*p == '*')
		return slow_fits(p + 1, s) ||
		       (*s != '\0' && slow_fits(p, s + 1));
	return *s != '\0' && (*p == '?' || *p == *s) && slow_fits(p + 1, s + 1);
}

static void
wildcards(struct model *m)
{
	static const char alphabet[] = "ab*?";
	char p[6], s[9];

	for (unsigned i = 0; i < 4096; i++) {
		const struct expr *e;
		size_t n = i % 6;

		for (size_t k = 0; k < n; k++)
			p[k] = alphabet[(i * 2654435761U >> (2 * k + 3)) & 3];
		p[n] = '\0';
		e = text(m, F_A, p);
		for (unsigned j = 0; j < 60; j++) {
			size_t len = j % 9;

			for (size_t k = 0; k < len; k++)
				s[k] = "ab"[(i * 31 + j * 40503U) >> k & 1];
			s[len] = '\0';
			CHECK(holds(m, e, a_text(s)) == slow_fits(p, s));
		}
	}
}

static void
numbers(struct model *m)
{
	const struct expr *four = integer(m, F_A, CMP_EQ, 4);
	const struct expr *big = integer(m, F_A, CMP_EQ, INT64_MAX);
	const struct expr *less = integer(m, F_A, CMP_LT, 10);

	CHECK(holds(m, four, an_int(4)));
	CHECK(holds(m, four, a_text("4")));
	CHECK(holds(m, four, a_text("4.0")));
	CHECK(holds(m, four, a_real(4)));
	CHECK(!holds(m, four, a_text("4 ")));
	CHECK(!holds(m, four, a_text("")));
	CHECK(!holds(m, four, a_text("0x4")));
	CHECK(!holds(m, four, a_text("-")));
	CHECK(!holds(m, four, a_text("nan")));
	CHECK(!holds(m, four, a_bool(true)));
	CHECK(!holds(m, four, a_time("2020-01-01")));
	CHECK(holds(m, big, an_int(INT64_MAX)));
	CHECK(holds(m, big, a_text("9223372036854775807")));
	CHECK(!holds(m, big, an_int(INT64_MAX - 1)));
	CHECK(!holds(m, big, a_text("9223372036854775806")));
	CHECK(holds(m, less, an_int(-5)));
	CHECK(holds(m, less, a_text("9.99")));
	CHECK(holds(m, less, a_text("-1e30")));
	CHECK(!holds(m, less, a_text("1e30")));
	CHECK(!holds(m, less, an_int(10)));
	CHECK(holds(m, integer(m, F_A, CMP_LTE, 10), an_int(10)));
	CHECK(holds(m, integer(m, F_A, CMP_GT, -10), an_int(-9)));
	CHECK(!holds(m, integer(m, F_A, CMP_GT, -10), an_int(-10)));
	CHECK(holds(m, integer(m, F_A, CMP_GTE, -10), a_text("-10")));
	CHECK(holds(m, real(m, F_A, CMP_EQ, 0.5), a_text(".5")));
	CHECK(holds(m, real(m, F_A, CMP_GT, 0.5), an_int(1)));
}

static void
moments(struct model *m)
{
	static const struct {
		const char *text;
		enum time_part part;
		int64_t is;
	} v[] = {
		{"2025-10-25T13:21:33.116889Z",	 TIME_MINUTE, 21	 },
		{ "2025-10-25T13:21:33.116889Z", TIME_HOUR,   13  },
		{ "2025-10-25T13:21:33.116889Z", TIME_DAY,	   25  },
		{ "2025-10-25T13:21:33.116889Z", TIME_WEEK,   43  },
		{ "2025-10-25T13:21:33.116889Z", TIME_MONTH,  10	},
		{ "2025-10-25T13:21:33.116889Z", TIME_YEAR,   2025},
		{ "2025-10-25 13:21:33.111",     TIME_HOUR,	13  },
		{ "2025-10-25T23:21:33-05:30",   TIME_HOUR,	  4   },
		{ "2025-10-25T23:21:33-0530",    TIME_DAY,	26  },
		{ "2025-01-01T00:21:33+02",	    TIME_YEAR,   2024},
		{ "2021-01-03",			TIME_WEEK,   53  },
		{ "2021-01-04",			TIME_WEEK,   1   },
		{ "2018-12-31",			TIME_WEEK,   1   },
		{ "1969-12-31T23:59:59Z",	  TIME_YEAR,   1969},
		{ "1969-12-28",			TIME_WEEK,   52  },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		CHECK(holds(
		    m, moment(m, F_A, v[i].part, v[i].is), a_text(v[i].text)));
		CHECK(!holds(m, moment(m, F_A, v[i].part, v[i].is + 1),
		    a_text(v[i].text)));
	}
	CHECK(holds(
	    m, moment(m, F_A, TIME_HOUR, 7), a_time("2023-01-01T07:00:00Z")));
	CHECK(!holds(m, moment(m, F_A, TIME_HOUR, 7), a_text("7")));
	CHECK(!holds(m, moment(m, F_A, TIME_HOUR, 7), an_int(7)));
	CHECK(!holds(m, moment(m, F_A, TIME_HOUR, 0), a_text("2023-13-01")));
}

static void
others(struct model *m)
{
	struct str two[] = { str_from("x"), str_from("Y9") };
	struct str ips[] = { str_from("no"), str_from("10.1.2.3") };

	CHECK(holds(m, regex(m, F_A, "b.d", 0), a_text("abcd")));
	CHECK(!holds(m, regex(m, F_A, "b.d", 0), a_text("aBcD")));
	CHECK(holds(m, regex(m, F_A, "b.d", REGEX_I), a_text("aBcD")));
	CHECK(!holds(m, regex(m, F_A, "^b", 0), a_text("a\nb")));
	CHECK(holds(m, regex(m, F_A, "^b", REGEX_M), a_text("a\nb")));
	CHECK(holds(m, regex(m, F_A, "a.b", REGEX_S), a_text("a\nb")));
	CHECK(holds(
	    m, regex(m, F_A, "^$", 0), (struct value){ .type = VALUE_TEXT }));
	CHECK(holds(m, regex(m, F_A, "^4[0-9]$", 0), an_int(47)));
	CHECK(holds(m, regex(m, F_A, "y", REGEX_I), a_list(two, 2)));
	CHECK(holds(m, cidr(m, F_A, "10.0.0.0/8"), a_text("10.200.1.1")));
	CHECK(!holds(m, cidr(m, F_A, "10.0.0.0/8"), a_text("11.0.0.1")));
	CHECK(!holds(m, cidr(m, F_A, "0.0.0.0/0"), a_text("::1")));
	CHECK(holds(m, cidr(m, F_A, "fe80::/10"), a_text("FE80::1")));
	CHECK(!holds(m, cidr(m, F_A, "fe80::/10"), a_text("not an address")));
	CHECK(holds(m, cidr(m, F_A, "10.0.0.0/8"), a_list(ips, 2)));
	CHECK(holds(m, flagged(m, TEST_BOOL, F_A, true), a_bool(true)));
	CHECK(!holds(m, flagged(m, TEST_BOOL, F_A, true), a_bool(false)));
	CHECK(holds(m, flagged(m, TEST_BOOL, F_A, false), a_text("False")));
	CHECK(!holds(m, flagged(m, TEST_BOOL, F_A, true), a_text("1")));
	CHECK(!holds(m, flagged(m, TEST_BOOL, F_A, true), an_int(1)));
	CHECK(holds(m, text(m, F_A, "y?"), a_list(two, 2)));
	CHECK(!holds(m, text(m, F_A, "z"), a_list(two, 2)));
	CHECK(!holds(m, text(m, F_A, "*"), a_list(two, 0)));
}

static void
absence(struct model *m)
{
	struct str none[1] = { str_from("") };

	CHECK(holds(m, flagged(m, TEST_NULL, F_A, false), (struct value){ 0 }));
	CHECK(holds(m, flagged(m, TEST_NULL, F_A, false), a_list(none, 0)));
	CHECK(!holds(m, flagged(m, TEST_NULL, F_A, false), a_text("")));
	CHECK(holds(m, flagged(m, TEST_NULL, F_B, false), a_text("")));
	CHECK(holds(m, flagged(m, TEST_EXISTS, F_A, true), a_text("")));
	CHECK(
	    holds(m, flagged(m, TEST_EXISTS, F_A, true), (struct value){ 0 }));
	CHECK(!holds(m, flagged(m, TEST_EXISTS, F_A, false), a_text("")));
	CHECK(holds(m, flagged(m, TEST_EXISTS, F_B, false), a_text("")));
	CHECK(!holds(m, flagged(m, TEST_EXISTS, F_B, true), a_text("")));
	CHECK(!holds(m, text(m, F_B, "*"), a_text("")));
	CHECK(holds(m, negated(m, text(m, F_B, "*")), a_text("")));
	CHECK(holds(m, group(m, EXPR_AND, 0), a_text("")));
	CHECK(!holds(m, group(m, EXPR_OR, 0), a_text("")));
}

static bool
refers(struct model *m, struct value a, struct value b, enum fieldref_how how)
{
	struct sigma_cell cells[] = {
		{.field = F_B,	.value = &b},
		{ .field = F_A, .value = &a},
	};
	struct sigma_event e = { .cells = cells, .n = 2 };

	return test_event(fieldref(m, F_A, how, F_B)->test, &e);
}

static void
references(struct model *m)
{
	struct str two[] = { str_from("x"), str_from("Y9") };
	static struct str many[2000];
	struct value long_list;

	CHECK(refers(m, a_text("Ab"), a_text("aB"), REF_EQUALS));
	CHECK(!refers(m, a_text("Ab"), a_text("abc"), REF_EQUALS));
	CHECK(refers(m, a_text("xAbx"), a_text("aB"), REF_CONTAINS));
	CHECK(refers(m, a_text("x"), a_text(""), REF_CONTAINS));
	CHECK(refers(m, a_text("Abx"), a_text("aB"), REF_STARTS));
	CHECK(!refers(m, a_text("xAb"), a_text("aB"), REF_STARTS));
	CHECK(refers(m, a_text("xAb"), a_text("aB"), REF_ENDS));
	CHECK(!refers(m, a_text("b"), a_text("aB"), REF_ENDS));
	CHECK(refers(m, a_text("4"), an_int(4), REF_EQUALS));
	CHECK(refers(m, a_list(two, 2), a_text("y9"), REF_EQUALS));
	CHECK(refers(m, a_text("y9"), a_list(two, 2), REF_EQUALS));
	CHECK(!refers(m, (struct value){ 0 }, (struct value){ 0 }, REF_EQUALS));
	for (size_t i = 0; i < 2000; i++)
		many[i] = str_from("same");
	long_list = a_list(many, 2000);
	CHECK(!refers(m, long_list, long_list, REF_EQUALS));
}

static void
gives_up(struct model *m)
{
	static char as[2001];

	memset(as, 'a', sizeof(as) - 1);
	CHECK(!holds(m, regex(m, F_A, "^(a|a|aa)+$!", 0), a_text(as)));
}

static const char explained[] = "true   all of\n"
				"  true   selection: all of\n"
				"    true   f0: *.exe   is \"C:\\x.exe\"\n"
				"    true   f1: 4   is 4\n"
				"  true   not\n"
				"    false  filter: f2: *   is not there\n"
				"  true   one of\n"
				"    true   keyword: *x.e*   is \"C:\\x.exe\"\n"
				"    false  keyword: *zz*\n";

static void
explains(struct model *m)
{
	struct value a = a_text("C:\\x.exe"), b = an_int(4);
	struct sigma_cell cells[] = {
		{.field = F_B,	.value = &b},
		{ .field = F_A, .value = &a},
	};
	struct sigma_event e = { .cells = cells, .n = 2 };
	struct expr *selection =
	    group(m, EXPR_AND, 2, text(m, F_A, "*.exe"), text(m, F_B, "4"));
	struct expr *filter = group(m, EXPR_TEST, 0);
	uint32_t rule, fields[3] = { 9, 9, 9 };
	struct buf out;

	selection->name = "selection";
	filter->test = text_of(m, F_C, "*", false);
	filter->name = "filter";
	m->s.nrules = 0;
	rule = add_rule(
	    m, group(m, EXPR_AND, 3, selection, negated(m, filter),
		   group(m, EXPR_OR, 2, text(m, MODEL_KEYWORD, "*x.e*"),
		       text(m, MODEL_KEYWORD, "*zz*"))));
	buf_init(&out, 1 << 16);
	CHECK(sigma_evaluate(&m->s, rule, &e, &out));
	if (!str_is(buf_text(&out), explained))
		fprintf(stderr, "%s", buf_cstr(&out));
	CHECK(str_is(buf_text(&out), explained));
	buf_done(&out);
	CHECK(sigma_rests_on(&m->s, rule, &e, fields, 3) == 2);
	CHECK(fields[0] == F_A && fields[1] == F_B && fields[2] == 9);
	CHECK(sigma_rests_on(&m->s, rule, &e, fields, 1) == 1);
	CHECK(fields[0] == F_A);
	e.n = 1;
	CHECK(!sigma_evaluate(&m->s, rule, &e, NULL));
	CHECK(sigma_rests_on(&m->s, rule, &e, fields, 3) == 0);
}

int
main(void)
{
	static struct model m;

	model_init(&m, F_COUNT, 1);
	texts(&m);
	wildcards(&m);
	numbers(&m);
	moments(&m);
	others(&m);
	absence(&m);
	references(&m);
	gives_up(&m);
	explains(&m);
	model_done(&m);
	return 0;
}
