#include "json_event.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "limits.h"
#include "sigma_impl.h"
#include "tstamp.h"

static const char *const names[] = { "a", "a.b", "a.b.c", "n", "list", "x y",
	"A", "\xc3\xa9" };
#define NNAMES (sizeof(names) / sizeof(names[0]))

/* No rules but the fields above, all wanted; or one with a keyword. */
struct world {
	struct str fields[NNAMES];
	struct test test;
	struct expr expr;
	struct rule rule;
	struct sigma s;
	struct json_event *j;
};

static void
world_init(struct world *w, bool keywords)
{
	memset(w, 0, sizeof(*w));
	for (size_t i = 0; i < NNAMES; i++)
		w->fields[i] = str_from(names[i]);
	w->s.fields = w->fields;
	w->s.nfields = NNAMES;
	w->test = (struct test){ .kind = TEST_TEXT, .field = SIGMA_NO_FIELD };
	w->expr = (struct expr){ .op = EXPR_TEST, .test = &w->test };
	w->rule.condition = &w->expr;
	if (keywords) {
		w->s.rules = &w->rule;
		w->s.nrules = 1;
	}
	w->s.compiled = compile_rules(&w->s);
	w->j = json_event_new(&w->s, sigma_route(&w->s, NULL, NULL, NULL));
	for (uint32_t i = 0; !keywords && i < NNAMES; i++)
		json_event_want(w->j, i);
}

static void
world_done(struct world *w)
{
	json_event_free(w->j);
	for (size_t i = 0; i < w->s.nroutes; i++)
		route_free(w->s.routes[i]);
	free(w->s.routes);
	compiled_free(w->s.compiled);
}

/* Cells as "name=type:value;", in the order of the event. */
static void
show(const struct sigma_event *e, struct buf *out)
{
	static const char types[] = "-birstl";
	struct jsonw w;

	buf_reset(out);
	for (size_t i = 0; i < e->n; i++) {
		const struct sigma_cell *c = &e->cells[i];

		buf_printf(out, "%s%s=%c", i ? ";" : "",
		    c->field == SIGMA_NO_FIELD ? "" : names[c->field],
		    types[c->value->type]);
		jsonw_init(&w, out, NULL, false);
		value_json(c->value, &w);
	}
}

static void
event_is(struct world *w, const char *line, const char *want)
{
	struct sigma_event e;
	struct buf b;
	char *copy = strdup(line); /* so that overruns are seen */

	CHECK(copy != NULL);
	buf_init(&b, 1 << 20);
	/* Twice: the second time names are known and expected. */
	for (int i = 0; i < 2; i++) {
		CHECK(json_event_read(w->j, (struct str){ copy, strlen(line) },
			  &e) == JSON_LINE_EVENT);
		show(&e, &b);
		if (strcmp(buf_cstr(&b), want) != 0)
			fprintf(stderr, "%s: %s, not %s\n", line, buf_cstr(&b),
			    want);
		CHECK(strcmp(buf_cstr(&b), want) == 0);
	}
	buf_done(&b);
	free(copy);
}

static const struct {
	const char *line, *want;
} events[] = {
	{"{}",							 ""				       },
	{ " {\"a\":1 , \"z\":2}\r\n",				      "a=i1"				     },
	{ "{\"a\":{\"b\":\"x\"}}",				     "a.b=s\"x\";a=s\"{\\\"b\\\":\\\"x\\\"}\""},
	{ "{\"a.b\":\"x\"}",					   "a.b=s\"x\""				  },
	{ "{\"a.b\":{\"c\":null}}",				    "a.b.c=-null;a.b=s\"{\\\"c\\\":null}\""  },
	{ "{\"n\":-0}",						"n=i0"				   },
	{ "{\"n\":9223372036854775807}",				 "n=i9223372036854775807"		  },
	{ "{\"n\":-9223372036854775808}",				  "n=i-9223372036854775808"		    },
	{ "{\"n\":9223372036854775808}",				 "n=s\"9223372036854775808\""	      },
	{ "{\"n\":1.5}",					       "n=r1.5"				  },
	{ "{\"n\":2E3}",					       "n=r2000"				   },
	{ "{\"n\":true,\"a\":false}",				      "n=btrue;a=bfalse"			 },
	{ "{\"list\":[1,\"a\",null,true,2.50]}",
	    "list=l[\"1\",\"a\",\"true\",\"2.50\"]"								},
	{ "{\"list\":[]}",					     "list=l[]"				      },
	{ "{\"list\":[[1],[[2]]]}",				    "list=l[\"1\",\"2\"]"			  },
	{ "{\"a\":[{\"b\":1},{\"b\":2}]}",
	    "a.b=l[\"1\",\"2\"];a=l[\"{\\\"b\\\":1}\",\"{\\\"b\\\":2}\"]"					  },
	{ "{\"n\":1,\"n\":\"x\",\"n\":false}",			       "n=l[\"1\",\"x\",\"false\"]"		    },
	{ "{\"n\":null,\"n\":1}",				      "n=l[\"1\"]"			       },
	{ "{\"a.b\":1,\"a\":{\"b\":2}}",
	    "a.b=l[\"1\",\"2\"];a=s\"{\\\"b\\\":2}\""							      },
	{ "{\"x y\":\"\\u0041\\n\\\\\\\"\\/\\ud83d\\ude00\\ud800!\"}",
	    "x y=s\"A\\n\\\\\\\"/\xf0\x9f\x98\x80\xef\xbf\xbd!\""						  },
	{ "{\"\\u0061\":\"\\u0000\"}",				       "a=s\"\\u0000\""				},
	{ "{\"\xc3\xa9\":\"\xc3\xa9\"}",				 "\xc3\xa9=s\"\xc3\xa9\""		  },
	{ "{\"a\":\"x\xff\xc3y\"}",				    "a=s\"x\xef\xbf\xbd\xef\xbf\xbdy\""	},
	{ "{\"a\":\"\xef\xbf\xbd\"}",				      "a=s\"\xef\xbf\xbd\""		    },
	{ "{\"A\":1,\"a\":2}",					 "A=i1;a=i2"				   },
};

static void
good(void)
{
	struct world w;

	world_init(&w, false);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		event_is(&w, events[i].line, events[i].want);
	/* In the other order, so that what is expected is wrong each time. */
	for (size_t i = sizeof(events) / sizeof(events[0]); i-- > 0;)
		event_is(&w, events[i].line, events[i].want);
	world_done(&w);
	world_init(&w, true);
	event_is(&w, "{\"q\":\"x\",\"a\":{\"b\":[1,null]},\"n\":null}",
	    "=s\"x\";=i1");
	world_done(&w);
}

static void
bad(void)
{
	static const struct {
		const char *line, *what;
		unsigned column;
	} cases[] = {
		{"[1]",		 "'{'",		1},
		{ "1",		       "'{'",	      1},
		{ "nonsense",	      "'{'",	     1},
		{ "{",		       "name in quotes", 2},
		{ "{\"a\"",	    "':'",		   5},
		{ "{\"a\":",	     "ends",	     6},
		{ "{\"a\":1",	      "ends",	      7},
		{ "{\"a\":1,}",	"name in quotes", 8},
		{ "{\"a\":1]",	       "',' or '}'",     7},
		{ "{\"a\":[1}",	"',' or ']'",     8},
		{ "{\"a\":[1,]}",	  "value",	   9},
		{ "{\"a\":01}",	"number",	  6},
		{ "{\"a\":-}",	       "number",	 6},
		{ "{\"a\":1.}",	"number",	  6},
		{ "{\"a\":1e}",	"number",	  6},
		{ "{\"a\":+1}",	"value",		 6},
		{ "{\"a\":tru}",	 "value",	  6},
		{ "{\"a\":nan}",	 "value",	  6},
		{ "{\"a\":\"x",	"ends",		8},
		{ "{\"a\":\"\t\"}",    "control",	       7},
		{ "{\"a\":\"\\x\"}",   "backslash",	  9},
		{ "{\"a\":\"\\u12\"}", "hex",	      9},
		{ "{\"a\":\"\\",	 "ends",		 8},
		{ "{\"a\":1} {",	 "more text",      9},
	};
	struct sigma_event e;
	struct world w;

	world_init(&w, false);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json_line_fault f;

		CHECK(json_event_read(w.j, str_from(cases[i].line), &e) ==
		      JSON_LINE_BAD);
		f = json_event_fault(w.j);
		if (strstr(f.what, cases[i].what) == NULL ||
		    f.column != cases[i].column)
			fprintf(stderr, "%s: %s at %zu\n", cases[i].line,
			    f.what, f.column);
		CHECK(strstr(f.what, cases[i].what) != NULL);
		CHECK(f.column == cases[i].column);
	}
	CHECK(json_event_read(w.j, str_from(" \t\r"), &e) == JSON_LINE_BLANK);
	event_is(&w, "{\"a\":1}", "a=i1");
	world_done(&w);
}

/* Every cut of every line is no event; no flip reads beyond it. */
static void
damaged(void)
{
	struct sigma_event e;
	struct world w;
	struct buf b;

	world_init(&w, false);
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		struct str line = str_from(events[i].line);

		while (line.p[line.n - 1] != '}')
			line.n--;
		for (size_t n = 1; n < line.n; n++) {
			char *p = malloc(n);

			CHECK(p != NULL);
			memcpy(p, line.p, n);
			CHECK(json_event_read(w.j, (struct str){ p, n }, &e) !=
			      JSON_LINE_EVENT);
			free(p);
		}
		for (size_t bit = 0; bit < 8 * line.n; bit++) {
			char *p = malloc(line.n);

			CHECK(p != NULL);
			memcpy(p, line.p, line.n);
			p[bit / 8] = (char)(p[bit / 8] ^ 1 << bit % 8);
			if (json_event_read(w.j, (struct str){ p, line.n },
				&e) == JSON_LINE_EVENT)
				show(&e, &b);
			free(p);
		}
	}
	buf_done(&b);
	world_done(&w);
}

static void
limits(void)
{
	struct sigma_event e;
	struct world w;
	struct buf b;

	world_init(&w, true);
	buf_init(&b, (size_t)64 << 20);
	for (size_t i = 0; i < LIMIT_JSON_DEPTH + 10; i++)
		buf_puts(&b, "{\"a\":");
	CHECK(json_event_read(w.j, buf_text(&b), &e) == JSON_LINE_BAD);
	CHECK(strstr(json_event_fault(w.j).what, "nested") != NULL);

	buf_reset(&b);
	for (size_t i = 0; i < LIMIT_EVENT_NAMES; i++)
		buf_printf(&b, "%c\"k%zu\":1", i ? ',' : '{', i);
	CHECK(json_event_read(w.j, buf_text(&b), &e) == JSON_LINE_BAD);
	CHECK(strstr(json_event_fault(w.j).what, "names") != NULL);
	/* What it left is forgotten. */
	CHECK(json_event_read(w.j, str_from("{\"a\":1,\"q\":2}"), &e) ==
	      JSON_LINE_EVENT);
	CHECK(e.n == 2);

	buf_reset(&b);
	buf_puts(&b, "{\"a\":[0");
	for (size_t i = 0; i < LIMIT_EVENT_VALUES; i++)
		buf_puts(&b, ",1");
	buf_puts(&b, "]}");
	CHECK(json_event_read(w.j, buf_text(&b), &e) == JSON_LINE_BAD);
	CHECK(strstr(json_event_fault(w.j).what, "values") != NULL);

	buf_reset(&b);
	buf_puts(&b, "{\"a\":\"");
	while (b.len < LIMIT_EVENT_LINE)
		buf_puts(&b, "0123456789abcdef");
	buf_puts(&b, "\"}");
	CHECK(json_event_read(w.j, buf_text(&b), &e) == JSON_LINE_BAD);
	CHECK(strstr(json_event_fault(w.j).what, "longer") != NULL);
	buf_done(&b);
	world_done(&w);
}

static void
iso(const char *s, const char *want)
{
	struct value v = { .type = VALUE_TEXT, .s = str_from(s) };
	char buf[32];

	tstamp_iso(event_time(&v), buf);
	if (strcmp(buf, want) != 0)
		fprintf(stderr, "%s: %s, not %s\n", s, buf, want);
	CHECK(strcmp(buf, want) == 0);
}

static void
times(void)
{
	struct value v = { .type = VALUE_REAL, .real = 1700000000.5 };
	char buf[32];

	iso("2025-10-25 13:21:33.111", "2025-10-25T13:21:33.111Z");
	iso("2025-10-25T13:21:33,5", "2025-10-25T13:21:33.500Z");
	iso("2025-10-25T13:21:33+02:00", "2025-10-25T11:21:33Z");
	iso("2025-10-25T13:21:33.25-0130", "2025-10-25T14:51:33.250Z");
	iso("2025-10-25T13:21:33+02", "2025-10-25T11:21:33Z");
	iso("2025-10-25", "2025-10-25T00:00:00Z");
	iso("2025-10-25T13:21:33 +02:00", "");
	iso("1700000000", "2023-11-14T22:13:20Z");
	iso("1700000000123", "2023-11-14T22:13:20.123Z");
	iso("1700000000123456", "2023-11-14T22:13:20.123456Z");
	iso("1700000000123456789", "2023-11-14T22:13:20.123456789Z");
	iso("1700000000.25", "2023-11-14T22:13:20.250Z");
	iso("99999999999999999999", "");
	iso("9999-99-99", "");
	iso("now", "");
	iso("", "");
	iso("1.2.3", "");
	CHECK(strcmp(tstamp_iso(event_time(&v), buf),
		  "2023-11-14T22:13:20.500Z") == 0);
	v = (struct value){ .type = VALUE_INT, .i = INT64_MIN };
	(void)event_time(&v);
	v = (struct value){ .type = VALUE_REAL, .real = -1e300 };
	CHECK(event_time(&v) == TSTAMP_NONE);
}

static int64_t
ns_of(struct world *w, const char *line)
{
	struct sigma_event e;

	CHECK(json_event_read(w->j, str_from(line), &e) == JSON_LINE_EVENT);
	return json_event_ns(w->j);
}

static void
time_names(void)
{
	static const char *const in_order[] = { "ts", "time", NULL };
	struct world w;

	world_init(&w, false);
	json_event_time(w.j, in_order, true);
	CHECK(ns_of(&w, "{\"time\":2,\"ts\":1}") == 1000000000);
	CHECK(ns_of(&w, "{\"time\":2,\"ts\":\"never\"}") == 2000000000);
	CHECK(ns_of(&w, "{\"x\":{\"ts\":3},\"time\":2}") == 2000000000);
	CHECK(ns_of(&w, "{\"x\":{\"time\":[4]}}") == 4000000000);
	CHECK(ns_of(&w, "{\"q\":1}") == TSTAMP_NONE);
	world_done(&w);
	world_init(&w, false);
	json_event_time(w.j, in_order, false);
	CHECK(ns_of(&w, "{\"x\":{\"ts\":3}}") == TSTAMP_NONE);
	world_done(&w);
}

int
main(void)
{
	good();
	bad();
	damaged();
	limits();
	times();
	time_names();
	return 0;
}
