#include "yaml_tree.h"

#include <string.h>
#include <time.h>

#include "buf.h"
#include "check.h"
#include "limits.h"

/* As one line: null, true, 12, 1.5, "text", [..], {"key":..}. */
static void
render(const struct yaml_node *n, struct buf *out)
{
	bool map = n->type == YAML_MAP, b;
	double real;
	int64_t i;

	if (n->type != YAML_SCALAR) {
		buf_puts(out, map ? "{" : "[");
		for (size_t k = 0; k < n->nitems; k++) {
			buf_puts(out, k == 0 ? "" : map && k % 2 ? ":" : ",");
			render(n->items[k], out);
		}
		buf_puts(out, map ? "}" : "]");
	} else if (yaml_is_null(n)) {
		buf_puts(out, "null");
	} else if (yaml_bool(n, &b)) {
		buf_puts(out, b ? "true" : "false");
	} else if (yaml_int(n, &i)) {
		buf_printf(out, "%lld", (long long)i);
	} else if (yaml_real(n, &real)) {
		buf_printf(out, "%.17g", real);
	} else {
		buf_u8(out, '"');
		buf_str(out, n->text);
		buf_u8(out, '"');
	}
}

static enum err
parse(const char *text, size_t n, struct arena *a, struct yaml_docs *docs,
    struct why *why, unsigned *line)
{
	struct str s = { .p = text, .n = n };

	arena_reset(a);
	*why = (struct why){ "" };
	*line = 4711;
	return yaml_parse(s, "t.yml", a, docs, why, line);
}

static const struct {
	const char *text, *tree;
} good[] = {
	{"",								""				 },
	{ "# nothing\n",						    ""				 },
	{ "---\n",							  ""				 },
	{ "a: b",							   "{\"a\":\"b\"}"			  },
	{ "a:\n  - 1\n  - '1'\n  - \"1\"\n",				     "{\"a\":[1,\"1\",\"1\"]}"	       },
	{ "[a, [b, {c: d}], {}]",					   "[\"a\",[\"b\",{\"c\":\"d\"}],{}]" },
	{ "a: 1\n---\nb: 2\n...\n---\nc: 3",				     "{\"a\":1} {\"b\":2} {\"c\":3}"    },
	{ "--- \n---\na: 1\n",					      "{\"a\":1}"			   },
	{ "- |\n  two\n  lines\n- >\n  one\n  line\n",
	    "[\"two\nlines\n\",\"one line\n\"]"								   },
 /* The core schema: what YAML 1.1 took for more than a text is one. */
	{ "[yes, no, on, off, y, n, 0b1, 1_000, 12:30, 2020-01-01, <<]",
	    "[\"yes\",\"no\",\"on\",\"off\",\"y\",\"n\",\"0b1\",\"1_000\","
	    "\"12:30\",\"2020-01-01\",\"<<\"]"								 },
	{ "[~, null, Null, NULL, '~', 'null', nULL, '']",
	    "[null,null,null,null,\"~\",\"null\",\"nULL\",\"\"]"							 },
	{ "[true, True, TRUE, false, False, FALSE, tRUE, 'true']",
	    "[true,true,true,false,false,false,\"tRUE\",\"true\"]"						   },
	{ "[0, 007, -1, +2, 0x1F, 0o17, 0x, 0o8, -0x1, 1-2]",
	    "[0,7,-1,2,31,15,\"0x\",\"0o8\",\"-0x1\",\"1-2\"]"						       },
	{ "[9223372036854775807, -9223372036854775808]",
	    "[9223372036854775807,-9223372036854775808]"							  },
	{ "[9223372036854775808, 18446744073709551616]",
	    "[9.2233720368547758e+18,1.8446744073709552e+19]"						      },
	{ "[1.5, -.5, 2., 1e3, 1.e-1, .inf, .nan, '.', 1e, e1, .]",
	    "[1.5,-0.5,2,1000,0.10000000000000001,\".inf\",\".nan\",\".\","
	    "\"1e\",\"e1\",\".\"]"									     },
	{ "{a: , b: }",						     "{\"a\":null,\"b\":null}"	  },
	{ "{? a : b, 'c' : d}",					     "{\"a\":\"b\",\"c\":\"d\"}"	    },
	{ "a: !!str 12\nb: !!int '12'\nc: ! 12\nd: !!seq [1]\ne: !!map {}",
	    "{\"a\":\"12\",\"b\":12,\"c\":\"12\",\"d\":[1],\"e\":{}}"					      },
	{ "a: &x [1, 2]\nb: *x\nc: &x 3\nd: *x",
	    "{\"a\":[1,2],\"b\":[1,2],\"c\":3,\"d\":3}"							   },
	{ "{&k key: &v val, *v : *k }",					"{\"key\":\"val\",\"val\":\"key\"}"},
	{ "\xef\xbb\xbf"
	  "a: \xc3\xa4\n",					 "{\"a\":\"\xc3\xa4\"}"		   },
	{ "a: b\r\nc:\r\n  - d\r\n",					"{\"a\":\"b\",\"c\":[\"d\"]}"	   },
	{ "a: 'it''s'\nb: \"\\x41\\u00e4\\t\"\n",
	    "{\"a\":\"it's\",\"b\":\"A\xc3\xa4\t\"}"							      },
};

static void
parses(struct arena *a)
{
	struct yaml_docs docs;
	struct why why;
	struct buf b;
	unsigned line;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		buf_reset(&b);
		CHECK(parse(good[i].text, strlen(good[i].text), a, &docs, &why,
			  &line) == ERR_OK);
		CHECK(line == 4711);
		for (size_t k = 0; k < docs.n; k++) {
			buf_puts(&b, k ? " " : "");
			render(docs.v[k], &b);
		}
		if (!str_is(buf_text(&b), good[i].tree))
			fprintf(stderr, "%s\n%s\n", good[i].text, buf_cstr(&b));
		CHECK(str_is(buf_text(&b), good[i].tree));
	}
	buf_done(&b);
}

static void
refuses(struct arena *a)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *why;
	} bad[] = {
		{"a: b: c",			     1, "not YAML"	   },
		{ "a: [1,\n2",		       2, "not YAML"	     },
		{ "a: 'b",			   1, "not YAML"	 },
		{ "a:\n\tb: c",			2, "not YAML"	      },
		{ "a\nb: \xff",			2, "not YAML"	      },
		{ "a: 1\nb: \x01",		   2, "not YAML"	 },
		{ "a: 1\nb: 2\na: 3",		      3, "'a' stands twice"},
		{ "a:\n  {c: 1, d: 2,\n   'c': 3}", 3, "'c' stands twice"},
		{ "a: 1\n? [x]\n: 2",		      2, "key"	       },
		{ "{a: 1}: 2",		       1, "key"		},
		{ "x: &m {a: 1}\ny:\n  <<: *m\n",	  3, "merge"	     },
		{ "a: *nothing",			 1, "alias"	    },
		{ "&a a: 1\n---\nb: *a",		 3, "alias"	    },
		{ "a: &x\n  - *x",		   2, "inside"	       },
		{ "a: &x {b: [*x]}",		     1, "inside"		 },
		{ "a: !!binary aGk=",		      1, "tag"	       },
		{ "a: !!set {b: }",		    1, "tag"	     },
		{ "a: !mine b",			1, "tag"		 },
		{ "a: !!seq b",			1, "tag"		 },
		{ "\na: \"x\\0y\"",		    2, "NUL"	     },
	};
	struct yaml_docs docs = { 0 };
	struct why why;
	unsigned line;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum err e = parse(
		    bad[i].text, strlen(bad[i].text), a, &docs, &why, &line);

		if (e != ERR_FORMAT || line != bad[i].line ||
		    strstr(why.text, bad[i].why) == NULL)
			fprintf(stderr, "%s\n%d %u %s\n", bad[i].text, (int)e,
			    line, why.text);
		CHECK(e == ERR_FORMAT && line == bad[i].line);
		CHECK(strstr(why.text, bad[i].why) != NULL);
		CHECK(strncmp(why.text, "t.yml:", 6) == 0);
		CHECK(docs.v == NULL); /* untouched on failure */
	}
}

static void
places(struct arena *a)
{
	static const char text[] = "# x\na:\n  b: 1\n  c:\n    - d\n    - e\n";
	const struct yaml_node *b, *c;
	struct yaml_docs docs;
	struct why why;
	unsigned line;
	int64_t i = 5;
	double real = 5;
	bool yes = true;

	CHECK(parse(text, sizeof(text) - 1, a, &docs, &why, &line) == ERR_OK);
	CHECK(docs.n == 1 && docs.v[0]->line == 2 && docs.v[0]->column == 1);
	b = yaml_get(yaml_get(docs.v[0], "a"), "b");
	c = yaml_get(yaml_get(docs.v[0], "a"), "c");
	CHECK(b != NULL && b->line == 3 && b->column == 6);
	CHECK(c != NULL && c->items[1]->line == 6 && c->items[1]->column == 7);
	CHECK(strcmp(yaml_text(c->items[1], a), "e") == 0);
	/* What is not there, or of another kind. */
	CHECK(yaml_get(NULL, "a") == NULL && yaml_get(c, "a") == NULL);
	CHECK(yaml_get(docs.v[0], "b") == NULL);
	CHECK(yaml_text(NULL, a) == NULL && yaml_text(c, a) == NULL);
	CHECK(!yaml_is_null(NULL) && !yaml_is_null(c));
	CHECK(!yaml_int(NULL, &i) && !yaml_int(c, &i) && i == 5);
	CHECK(!yaml_real(NULL, &real) && !yaml_real(c, &real) && real == 5.0);
	CHECK(!yaml_bool(NULL, &yes) && !yaml_bool(b, &yes) && yes);
	CHECK(yaml_int(b, &i) && i == 1);
}

/* Each cut and each flipped bit ends one way or the other, and says why. */
static void
damaged(struct arena *a)
{
	static const char text[] =
	    "title: &t 'a ''b'' c'\nlist:\n  - \"q\\x41\" # why\n  - |\n"
	    "    lines\n  - {k: *t, l: [1, 0x2, 3.5]}\n? key\n: !!str 1\n"
	    "---\nnext: ~\n";
	char copy[sizeof(text)];
	struct yaml_docs docs;
	struct why why;
	unsigned line;

	for (size_t i = 0; i < sizeof(text); i++) {
		char *cut = malloc(i ? i : 1);
		enum err e;

		CHECK(cut != NULL);
		memcpy(cut, text, i);
		e = parse(cut, i, a, &docs, &why, &line);
		CHECK(e == ERR_OK || (e == ERR_FORMAT && why.text[0] != '\0'));
		free(cut);
	}
	for (size_t i = 0; i < 8 * (sizeof(text) - 1); i++) {
		enum err e;

		memcpy(copy, text, sizeof(text));
		copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
		e = parse(copy, sizeof(text) - 1, a, &docs, &why, &line);
		CHECK(e == ERR_OK || (e == ERR_FORMAT && why.text[0] != '\0'));
	}
}

/* Refused as too much, within seconds and with little memory. */
static void
too_much(struct buf *b, const char *word, size_t most, struct arena *a)
{
	clock_t from = clock();
	struct yaml_docs docs;
	struct why why;
	unsigned line;
	enum err e;

	CHECK(!b->full);
	e = parse((const char *)b->p, b->len, a, &docs, &why, &line);
	if (e != ERR_LIMIT || strstr(why.text, word) == NULL)
		fprintf(stderr, "%d %s\n", (int)e, why.text);
	CHECK(e == ERR_LIMIT && strstr(why.text, word) != NULL);
	CHECK(a->used <= most);
	CHECK(clock() - from < 5 * CLOCKS_PER_SEC);
	buf_reset(b);
}

/* Nine lists of nine aliases each, a billion values, in 10 MB. */
static void
billion_laughs(struct buf *b)
{
	buf_puts(b, "a0: &a0 lol\n");
	for (unsigned i = 1; i < 10; i++) {
		buf_printf(b, "a%u: &a%u [", i, i);
		for (unsigned k = 0; k < 9; k++)
			buf_printf(b, "%s*a%u", k ? "," : "", i - 1);
		buf_puts(b, "]\n");
	}
	while (b->len < (size_t)10 << 20)
		buf_puts(b, "# ha ha ha ha ha ha ha ha ha ha ha ha ha ha\n");
}

static void
bombs(struct arena *a)
{
	struct buf b;

	buf_init(&b, (size_t)64 << 20);
	billion_laughs(&b);
	too_much(&b, "too many values", 1 << 20, a);
	/* Ten MB of aliases of one big list, and of one long text. */
	buf_puts(&b, "x: &x [");
	for (unsigned i = 0; i < 1000; i++)
		buf_puts(&b, "1,");
	buf_puts(&b, "]\ny: [");
	while (b.len < (size_t)10 << 20)
		buf_puts(&b, "*x,");
	buf_puts(&b, "]\n");
	too_much(&b, "too many values", 1 << 20, a);
	buf_puts(&b, "x: &x '");
	while (b.len < (size_t)1 << 20)
		buf_puts(&b, "0123456789");
	buf_puts(&b, "'\ny: [");
	while (b.len < (size_t)10 << 20)
		buf_puts(&b, "*x,");
	buf_puts(&b, "]\n");
	too_much(&b, "too many values", 4 << 20, a);
	/* Aliases that grow in depth, not in number. */
	buf_puts(&b, "a0: &a0 [1]\n");
	for (unsigned i = 1; i < 200; i++)
		buf_printf(&b, "a%u: &a%u [*a%u]\n", i, i, i - 1);
	too_much(&b, "nested", 1 << 20, a);
	for (unsigned i = 0; i < 300; i++)
		buf_printf(&b, "- &b%u 1\n", i);
	too_much(&b, "anchors", 1 << 20, a);
	/* Without any alias. */
	while (b.len < (size_t)10 << 20)
		buf_puts(&b, "- 1\n");
	too_much(&b, "too many values", (size_t)128 << 20, a);
	while (b.len <= LIMIT_YAML_BYTES)
		buf_puts(&b, "- one line of a very long file of such lines\n");
	too_much(&b, "longer than", 0, a);
	buf_done(&b);
}

static void
nesting(struct arena *a)
{
	static const char *const open[] = { "[", "{a: ", "- ", "? ",
		"[{a: ", "{? " };
	struct buf b;

	buf_init(&b, (size_t)64 << 20);
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		while (b.len < (size_t)10 << 20)
			buf_puts(&b, open[i]);
		/* A map as a key is refused before it is too deep. */
		if (strchr(open[i], '?') == NULL) {
			too_much(&b, "nested", 1 << 20, a);
		} else {
			struct yaml_docs docs;
			struct why why;
			unsigned line;

			CHECK(parse((const char *)b.p, b.len, a, &docs, &why,
				  &line) == ERR_FORMAT);
			CHECK(strstr(why.text, "key") != NULL);
			buf_reset(&b);
		}
	}
	buf_done(&b);
}

/* A map of many keys: looking for doubles is not quadratic. */
static void
many_keys(struct arena *a)
{
	clock_t from = clock();
	struct yaml_docs docs;
	struct why why;
	unsigned line;
	struct buf b;

	buf_init(&b, (size_t)64 << 20);
	for (unsigned i = 0; i < 200000; i++)
		buf_printf(&b, "k%u: v\n", i);
	CHECK(parse((const char *)b.p, b.len, a, &docs, &why, &line) == ERR_OK);
	CHECK(docs.n == 1 && docs.v[0]->nitems == 400000);
	buf_puts(&b, "k77777: v\n");
	CHECK(parse((const char *)b.p, b.len, a, &docs, &why, &line) ==
	      ERR_FORMAT);
	CHECK(line == 200001 && strstr(why.text, "77778") != NULL);
	CHECK(clock() - from < 10 * CLOCKS_PER_SEC);
	buf_done(&b);
}

/* The arena's own limit is an error like any other. */
static void
small_arena(void)
{
	static const char text[] = "a: [b, c, &d d, *d]\ne: {f: g}\n";
	struct yaml_docs docs;
	struct why why;
	unsigned line;
	enum err e = ERR_LIMIT;

	for (size_t max = 0; e != ERR_OK; max += 16) {
		struct arena a;

		arena_init(&a, max);
		e = parse(text, sizeof(text) - 1, &a, &docs, &why, &line);
		CHECK(e == ERR_OK || e == ERR_LIMIT);
		CHECK(e == ERR_OK || strstr(why.text, "memory") != NULL);
		CHECK(max < 1 << 16);
		arena_done(&a);
	}
}

int
main(void)
{
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	parses(&a);
	refuses(&a);
	places(&a);
	damaged(&a);
	bombs(&a);
	nesting(&a);
	many_keys(&a);
	arena_done(&a);
	small_arena();
	return 0;
}
