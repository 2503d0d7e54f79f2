#include "json_stream.h"

#include <string.h>

#include "buf.h"
#include "check.h"
#include "limits.h"

struct input {
	const char *p;
	size_t n;
	size_t step; /* bytes that one read gives */
};

static ptrdiff_t
input_read(void *arg, void *buf, size_t n)
{
	struct input *in = arg;

	if (n > in->step)
		n = in->step;
	if (n > in->n)
		n = in->n;
	memcpy(buf, in->p, n);
	in->p += n;
	in->n -= n;
	return (ptrdiff_t)n;
}

/* All tokens as a line of text; the fault's words when there is one. */
static struct json_fault
tokens(const char *p, size_t n, size_t step, struct buf *out)
{
	static const char mark[] = "!$OoAaKSNtfn";
	struct input input = { .p = p, .n = n, .step = step };
	struct json_in in = { .read = input_read, .arg = &input };
	struct json_stream *js = json_stream_new(&in);
	struct json_fault fault;
	enum json_tok t;
	struct str text;

	buf_reset(out);
	do {
		t = json_next(js, &text);
		buf_u8(out, (uint8_t)mark[t]);
		buf_str(out, text);
		buf_u8(out, ' ');
	} while (t != JSON_ERROR && t != JSON_END);
	fault = json_fault(js);
	CHECK((fault.what != NULL) == (t == JSON_ERROR));
	json_stream_free(js);
	return fault;
}

static const char sample[] =
    "\xef\xbb\xbf{ \"a\" : [1, -2.5e+3, true,false ,null, \"\"],\n"
    "\"\\u00e9\\ud83d\\ude00\\n\":\"x\\\"y\\\\z\\/\\ud800\", \"\xc3\xa9\" "
    ":\t{}\n"
    ", \"b\":[[],[{}]]}\n";

static void
good(void)
{
	struct buf whole, piece;

	buf_init(&whole, 1 << 16);
	buf_init(&piece, 1 << 16);
	CHECK(tokens(sample, sizeof(sample) - 1, 1 << 20, &whole).what == NULL);
	CHECK(str_is(buf_text(&whole),
	    "O Ka A N1 N-2.5e+3 t f n S a "
	    "K\xc3\xa9\xf0\x9f\x98\x80\n Sx\"y\\z/\xef\xbf\xbd "
	    "K\xc3\xa9 O o Kb A A a A O o a a o $ "));
	for (size_t step = 1; step < 40; step++) {
		CHECK(tokens(sample, sizeof(sample) - 1, step, &piece).what ==
		      NULL);
		CHECK(str_eq(buf_text(&whole), buf_text(&piece)));
	}
	buf_done(&whole);
	buf_done(&piece);
}

static void
bad(void)
{
	static const struct {
		const char *text, *what;
		unsigned off, line;
	} cases[] = {
		{"",		      "empty",	       0, 1},
		{ " \n ",		  "too early",      3, 2},
		{ "{",		       "too early",	    1, 1},
		{ "[1,\n2",		    "too early",	 5, 2},
		{ "[1,\n2;",	     "',' or ']'",	   5, 2},
		{ "{\"a\"\n}",	       "':'",	      5, 2},
		{ "{\"a\":1,}",		"name in quotes", 7, 1},
		{ "[1,]",		  "value",	   3, 1},
		{ "{\"a\":1]",	       "',' or '}'",     6, 1},
		{ "[01]",		  "number",	    1, 1},
		{ "[1.]",		  "number",	    1, 1},
		{ "[-]",		 "number",	   1, 1},
		{ "[1e+]",		   "number",	     1, 1},
		{ "[tru]",		   "not JSON",       1, 1},
		{ "[nul",		  "too early",      1, 1},
		{ "[\"a\nb\"]",		"control",	   3, 1},
		{ "[\"\\x\"]",	       "backslash",	    3, 1},
		{ "[\"\\u12g4\"]",	   "hex",		  4, 1},
		{ "[\"\xe9t\xe9\"]",    "UTF-8",	      2, 1},
		{ "[\"\xed\xa0\x80\"]", "UTF-8",		 2, 1},
		{ "[\"\xc3",	     "UTF-8",	      2, 1},
		{ "[] []",		   "more text",	3, 1},
		{ "<html>",		    "value",	     0, 1},
		{ "\xff\xfe{",	       "UTF-16",	 0, 1},
	};
	struct buf out;

	buf_init(&out, 1 << 16);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t step = 1; step < 9; step++) {
			struct json_fault f = tokens(
			    cases[i].text, strlen(cases[i].text), step, &out);

			CHECK(f.what != NULL);
			CHECK(strstr(f.what, cases[i].what) != NULL);
			CHECK(f.line == cases[i].line);
			CHECK(f.off == cases[i].off);
		}
	buf_done(&out);
}

static void
damaged(void)
{
	char copy[sizeof(sample)];
	size_t n = sizeof(sample) - 2; /* without the last newline */
	struct buf out;

	buf_init(&out, 1 << 16);
	for (size_t i = 0; i < n; i++)
		CHECK(tokens(sample, i, 7, &out).what != NULL);
	for (size_t i = 0; i < n; i++)
		for (int bit = 0; bit < 8; bit++) {
			memcpy(copy, sample, sizeof(sample));
			copy[i] = (char)(copy[i] ^ (1 << bit));
			(void)tokens(copy, n, 5, &out);
		}
	buf_done(&out);
}

/* A value of n bytes made of unit; skipped, then read on. */
static void
skips(const char *head, const char *unit, size_t n, const char *tail)
{
	struct buf text;
	struct input input;
	struct json_in in = { .read = input_read, .arg = &input };
	struct json_stream *js = json_stream_new(&in);
	struct str s;

	buf_init(&text, (size_t)200 << 20);
	buf_puts(&text, "{\"big\":");
	buf_puts(&text, head);
	while (text.len < n)
		buf_puts(&text, unit);
	buf_puts(&text, tail);
	buf_puts(&text, ",\"after\":1}");
	input = (struct input){
		.p = (const char *)text.p, .n = text.len, .step = 1 << 16
	};
	CHECK(json_next(js, &s) == JSON_OBJECT);
	CHECK(json_next(js, &s) == JSON_KEY && str_is(s, "big"));
	CHECK(json_skip(js));
	CHECK(json_next(js, &s) == JSON_KEY && str_is(s, "after"));
	CHECK(json_skip(js));
	CHECK(json_next(js, &s) == JSON_OBJECT_END);
	CHECK(json_next(js, &s) == JSON_END);
	json_stream_free(js);
	buf_done(&text);
}

static void
limits(void)
{
	struct buf text, out;
	struct json_fault f;

	buf_init(&text, (size_t)200 << 20);
	buf_init(&out, (size_t)200 << 20);
	for (size_t i = 0; i < LIMIT_JSON_DEPTH + 1; i++)
		buf_puts(&text, "[");
	f = tokens((const char *)text.p, text.len, 1 << 20, &out);
	CHECK(f.limit && strstr(f.what, "nested") != NULL);

	/* A long text that is wanted is read; one beyond the limit is not. */
	buf_reset(&text);
	buf_u8(&text, '"');
	while (text.len < (size_t)10 << 20)
		buf_puts(&text, "0123456789\\n");
	buf_u8(&text, '"');
	CHECK(
	    tokens((const char *)text.p, text.len, 1 << 16, &out).what == NULL);
	text.len--;
	while (text.len <= LIMIT_JSON_STRING)
		buf_puts(&text, "0123456789abcdef");
	f = tokens((const char *)text.p, text.len, 1 << 16, &out);
	CHECK(f.limit && strstr(f.what, "longer") != NULL);
	buf_done(&text);
	buf_done(&out);
}

int
main(void)
{
	good();
	bad();
	damaged();
	skips("\"", "skipped \\\" \\u00e9 \xc3\xa9 ", (size_t)100 << 20, "\"");
	skips("[1", ",2.5,{\"k\":[\"v\"]}", (size_t)4 << 20, "]");
	limits();
	return 0;
}
