#include "json_stream.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "limits.h"
#include "utf8.h"

/*
 * This file walks over its own buffer with indexes, for speed: a token is a
 * run [start, at) of buf, and every access is at an index below end. Nothing
 * of the input decides how far anything is copied but fill(), which is
 * bounded by the buffer's own size.
 */
#define BUF_START ((size_t)256 << 10)

enum expect {
	EXPECT_VALUE,
	EXPECT_VALUE_OR_END, /* behind '[' */
	EXPECT_KEY,
	EXPECT_KEY_OR_END, /* behind '{' */
	EXPECT_COMMA,	   /* or the end of what is open */
	EXPECT_NOTHING,	   /* behind the outermost value */
};

struct json_stream {
	struct json_in in;
	uint8_t *buf;
	size_t at;    /* next byte to look at */
	size_t end;   /* of what was read */
	size_t cap;   /* of buf */
	size_t start; /* of the token at hand: fill() keeps it */
	bool eof;
	bool skipping; /* nobody wants the bytes of this string */
	bool begun;
	enum expect expect;
	uint64_t base;	/* offset of buf[0] in the input */
	uint64_t lines; /* newlines before buf[0] */
	size_t depth;
	bool is_object[LIMIT_JSON_DEPTH];
	struct buf scratch; /* a string whose escapes were resolved */
	struct json_fault fault;
};

struct json_stream *
json_stream_new(const struct json_in *in)
{
	struct json_stream *js = calloc(1, sizeof(*js));

	if (js == NULL || (js->buf = malloc(BUF_START)) == NULL)
		abort();
	js->in = *in;
	js->cap = BUF_START;
	buf_init(&js->scratch, LIMIT_JSON_STRING);
	return js;
}

void
json_stream_free(struct json_stream *js)
{
	if (js == NULL)
		return;
	buf_done(&js->scratch);
	free(js->buf);
	free(js);
}

static uint64_t
count_lines(const uint8_t *p, size_t n)
{
	uint64_t lines = 0;
	size_t at = 0;
	const uint8_t *f;

	while (at < n && (f = memchr(p + at, '\n', n - at)) != NULL) {
		at = (size_t)(f - p) + 1;
		lines++;
	}
	return lines;
}

static bool
fail(struct json_stream *js, const char *what)
{
	if (js->fault.what != NULL)
		return false;
	js->fault.what = what;
	js->fault.off = js->base + js->at;
	js->fault.line = js->lines + count_lines(js->buf, js->at) + 1;
	return false;
}

static bool
fail_cut(struct json_stream *js)
{
	js->fault.cut = js->fault.what == NULL;
	return fail(js, "the file ends too early");
}

/* Room behind end: moves the token at hand to the front, or grows. */
static bool
make_room(struct json_stream *js)
{
	uint8_t *p;

	if (js->start > 0) {
		js->lines += count_lines(js->buf, js->start);
		memmove(js->buf, js->buf + js->start, js->end - js->start);
		js->base += js->start;
		js->at -= js->start;
		js->end -= js->start;
		js->start = 0;
	}
	if (js->end < js->cap)
		return true;
	if (js->cap >= LIMIT_JSON_STRING) {
		js->fault.limit = js->fault.what == NULL;
		return fail(js, "a text is longer than the built-in limit");
	}
	if ((p = realloc(js->buf, js->cap * 2)) == NULL)
		abort();
	js->buf = p;
	js->cap *= 2;
	return true;
}

/* Reads more; false at the end of the input and on faults. */
static bool
fill(struct json_stream *js)
{
	ptrdiff_t n;

	if (js->eof || js->fault.what != NULL)
		return false;
	if (js->skipping)
		js->start = js->at;
	if (!make_room(js))
		return false;
	n = js->in.read(js->in.arg, js->buf + js->end, js->cap - js->end);
	if (n < 0) {
		js->fault.io = true;
		return fail(js, "cannot be read any further");
	}
	js->eof = n == 0;
	js->end += (size_t)n;
	return n > 0;
}

/* The next byte that is no white space, not consumed; -1 at the end. */
static int
peek(struct json_stream *js)
{
	for (;;) {
		while (js->at < js->end) {
			uint8_t c = js->buf[js->at];

			if (c > ' ' ||
			    (c != ' ' && c != '\n' && c != '\r' && c != '\t'))
				return c;
			js->at++;
		}
		js->start = js->at;
		if (!fill(js))
			return -1;
	}
}

/* At least n bytes from at on are in the buffer. */
static bool
have(struct json_stream *js, size_t n)
{
	while (js->end - js->at < n)
		if (!fill(js))
			return false;
	return true;
}

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/*
 * Moves at to the first byte of a string that is not plain: a quote, a
 * backslash, a control character, or not ASCII. Eight bytes at a time: a byte
 * is below n when subtracting n borrows into its high bit. The borrow may set
 * further bits above a real hit, never below: the lowest one is right.
 */
static void
plain(struct json_stream *js)
{
	const uint8_t *buf = js->buf;
	size_t at = js->at, end = js->end;

	while (end - at >= sizeof(uint64_t)) {
		uint64_t w, quote, slash, hit;

		memcpy(&w, buf + at, sizeof(w));
		w = le64toh(w);
		quote = (w ^ EACH_BYTE('"')) - EACH_BYTE(1);
		slash = (w ^ EACH_BYTE('\\')) - EACH_BYTE(1);
		hit = (quote | slash | (w - EACH_BYTE(0x20)) | w) &
		      EACH_BYTE(0x80);
		if (hit != 0) {
			js->at = at + (size_t)__builtin_ctzll(hit) / 8;
			return;
		}
		at += sizeof(w);
	}
	while (at < end && buf[at] >= 0x20 && buf[at] < 0x80 &&
	       buf[at] != '"' && buf[at] != '\\')
		at++;
	js->at = at;
}

/* One character that is not ASCII. */
static bool
wide(struct json_stream *js)
{
	struct str s;
	size_t n = 0;

	(void)have(js, 4); /* fewer at the end of the input: ill-formed then */
	if (js->fault.what != NULL)
		return false;
	s.p = (const char *)js->buf + js->at;
	s.n = js->end - js->at;
	if (utf8_next(s, &n) == 0xfffd && n == 1)
		return fail(js, "a byte that is not valid UTF-8");
	js->at += n;
	return true;
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX. */
static bool
hex4(struct json_stream *js, uint32_t *out)
{
	uint32_t v = 0;

	if (!have(js, 4))
		return fail_cut(js);
	for (size_t i = 0; i < 4; i++) {
		int d = hex_digit(js->buf[js->at + i]);

		if (d < 0)
			return fail(js, "\\u needs four hex digits");
		v = v << 4 | (uint32_t)d;
	}
	js->at += 4;
	*out = v;
	return true;
}

/* A code point above U+FFFF is two \u; half of one becomes U+FFFD. */
static bool
escape_u(struct json_stream *js)
{
	uint32_t cp, low;

	if (!hex4(js, &cp))
		return false;
	if (cp >= 0xd800 && cp < 0xdc00 && have(js, 6) &&
	    js->buf[js->at] == '\\' && js->buf[js->at + 1] == 'u') {
		size_t back = js->at - js->start;

		js->at += 2;
		if (!hex4(js, &low))
			return false;
		if (low >= 0xdc00 && low < 0xe000)
			cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
		else
			js->at = js->start + back;
	}
	if (js->fault.what != NULL)
		return false;
	utf8_put(&js->scratch, cp);
	return true;
}

/* Behind a backslash. */
static bool
escape(struct json_stream *js)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *f;
	uint8_t c;

	if (!have(js, 1))
		return fail_cut(js);
	c = js->buf[js->at];
	if (c == 'u') {
		js->at++;
		return escape_u(js);
	}
	f = c != 0 ? strchr(from, c) : NULL;
	if (f == NULL)
		return fail(js, "a backslash before a character that has none");
	js->at++;
	buf_u8(&js->scratch, (uint8_t)to[f - from]);
	return true;
}

/*
 * A string, at behind its opening quote. Without escapes it is borrowed from
 * the buffer; with them it is put together in scratch, piece by piece.
 */
static bool
string(struct json_stream *js, struct str *text)
{
	bool escaped = false;
	size_t piece; /* from start: where the plain run began */

	js->start = js->at;
	piece = 0;
	for (;;) {
		plain(js);
		if (js->at == js->end) {
			if (!fill(js))
				return fail_cut(js);
			continue;
		}
		if (js->buf[js->at] == '"')
			break;
		if (js->buf[js->at] >= 0x80) {
			if (!wide(js))
				return false;
			continue;
		}
		if (js->buf[js->at] != '\\')
			return fail(js, "a control character in a text");
		if (!escaped)
			buf_reset(&js->scratch);
		escaped = true;
		if (!js->skipping)
			buf_put(&js->scratch, js->buf + js->start + piece,
			    js->at - js->start - piece);
		js->at++;
		if (!escape(js))
			return false;
		piece = js->at - js->start;
		if (js->skipping)
			buf_reset(&js->scratch);
	}
	text->p = (const char *)js->buf + js->start;
	text->n = js->at - js->start;
	if (escaped && !js->skipping) {
		buf_put(&js->scratch, js->buf + js->start + piece,
		    js->at - js->start - piece);
		*text = buf_text(&js->scratch);
	}
	js->at++;
	return true;
}

static size_t
digits(const struct json_stream *js, size_t at)
{
	while (at < js->end && js->buf[at] >= '0' && js->buf[at] <= '9')
		at++;
	return at;
}

/* -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)? from start on. */
static bool
is_number(const struct json_stream *js, size_t *end)
{
	size_t at = js->start, from;

	if (at < js->end && js->buf[at] == '-')
		at++;
	from = at;
	at = digits(js, at);
	if (at == from || (js->buf[from] == '0' && at - from > 1))
		return false;
	if (at < js->end && js->buf[at] == '.') {
		from = ++at;
		if ((at = digits(js, at)) == from)
			return false;
	}
	if (at < js->end && (js->buf[at] | 0x20) == 'e') {
		at++;
		if (at < js->end && (js->buf[at] == '+' || js->buf[at] == '-'))
			at++;
		from = at;
		if ((at = digits(js, at)) == from)
			return false;
	}
	*end = at;
	return true;
}

static bool
number(struct json_stream *js, struct str *text)
{
	bool skipping = js->skipping;
	size_t end;

	/* Looked at twice, so it must stay in the buffer. */
	js->skipping = false;
	js->start = js->at;
	/* All that can belong to a number, then whether it is one. */
	for (;; js->at++) {
		if (js->at == js->end && !fill(js))
			break;
		if (memchr("+-.eE0123456789", js->buf[js->at], 15) == NULL)
			break;
	}
	js->skipping = skipping;
	if (js->fault.what != NULL)
		return false;
	end = js->at;
	js->at = js->start;
	if (!is_number(js, &js->at) || js->at != end)
		return fail(js, "a number that is not well-formed");
	text->p = (const char *)js->buf + js->start;
	text->n = end - js->start;
	return true;
}

static bool
literal(struct json_stream *js, const char *word, size_t n)
{
	js->start = js->at;
	if (!have(js, n)) {
		if (js->fault.what == NULL &&
		    memcmp(js->buf + js->at, word, js->end - js->at) == 0)
			return fail_cut(js);
		return fail(js, "not JSON");
	}
	if (memcmp(js->buf + js->at, word, n) != 0)
		return fail(js, "not JSON");
	js->at += n;
	return true;
}

/* What the file begins with: a byte order mark is passed over. */
static bool
begin(struct json_stream *js)
{
	js->begun = true;
	(void)have(js, 3);
	if (js->fault.what != NULL)
		return false;
	if (js->end == 0)
		return fail(js, "the file is empty");
	if (js->end >= 3 && memcmp(js->buf, "\xef\xbb\xbf", 3) == 0)
		js->at = 3;
	else if (js->end >= 2 && (memcmp(js->buf, "\xff\xfe", 2) == 0 ||
				     memcmp(js->buf, "\xfe\xff", 2) == 0 ||
				     js->buf[0] == 0 || js->buf[1] == 0))
		return fail(js, "the text is UTF-16 or UTF-32, not UTF-8");
	return true;
}

static void
behind_value(struct json_stream *js)
{
	js->expect = js->depth > 0 ? EXPECT_COMMA : EXPECT_NOTHING;
}

static enum json_tok
open_with(struct json_stream *js, bool object)
{
	if (js->depth >= LIMIT_JSON_DEPTH) {
		js->fault.limit = js->fault.what == NULL;
		fail(js, "nested deeper than the built-in limit");
		return JSON_ERROR;
	}
	js->at++;
	js->is_object[js->depth++] = object;
	js->expect = object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
	return object ? JSON_OBJECT : JSON_ARRAY;
}

static enum json_tok
close_with(struct json_stream *js)
{
	bool object = js->is_object[js->depth - 1];

	js->at++;
	js->depth--;
	behind_value(js);
	return object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

static enum json_tok
value(struct json_stream *js, int c, struct str *text)
{
	enum json_tok t;
	bool ok;

	switch (c) {
	case '{':
	case '[':
		return open_with(js, c == '{');
	case '"':
		js->at++;
		ok = string(js, text);
		t = JSON_STRING;
		break;
	case 't':
		ok = literal(js, "true", 4);
		t = JSON_TRUE;
		break;
	case 'f':
		ok = literal(js, "false", 5);
		t = JSON_FALSE;
		break;
	case 'n':
		ok = literal(js, "null", 4);
		t = JSON_NULL;
		break;
	default:
		if (c != '-' && (c < '0' || c > '9')) {
			fail(js, "not JSON: a value must stand here");
			return JSON_ERROR;
		}
		ok = number(js, text);
		t = JSON_NUMBER;
	}
	behind_value(js);
	return ok ? t : JSON_ERROR;
}

static enum json_tok
key(struct json_stream *js, int c, struct str *text)
{
	if (c != '"') {
		fail(js, "not JSON: a name in quotes must stand here");
		return JSON_ERROR;
	}
	js->at++;
	if (!string(js, text))
		return JSON_ERROR;
	/*
	 * The colon must not cost the name: without white space and in the
	 * same buffer, which is nearly always so, nothing moves; else the
	 * name goes to scratch first.
	 */
	if (js->at < js->end && js->buf[js->at] == ':') {
		js->at++;
	} else {
		if ((const uint8_t *)text->p != js->scratch.p) {
			buf_reset(&js->scratch);
			buf_str(&js->scratch, *text);
		}
		*text = buf_text(&js->scratch);
		if ((c = peek(js)) != ':') {
			(void)(c < 0
				   ? fail_cut(js)
				   : fail(js, "not JSON: ':' must stand here"));
			return JSON_ERROR;
		}
		js->at++;
	}
	js->expect = EXPECT_VALUE;
	return JSON_KEY;
}

/* Between values: a comma, which is passed over, or the end. */
static bool
comma(struct json_stream *js, int *c)
{
	bool object = js->is_object[js->depth - 1];

	if (*c != ',') {
		if (*c == (object ? '}' : ']'))
			return true;
		return fail(js, object
				    ? "not JSON: ',' or '}' must stand here"
				    : "not JSON: ',' or ']' must stand here");
	}
	js->at++;
	js->expect = object ? EXPECT_KEY : EXPECT_VALUE;
	*c = peek(js);
	return *c >= 0 ? true : fail_cut(js);
}

enum json_tok
json_next(struct json_stream *js, struct str *text)
{
	int c;

	*text = (struct str){ .p = "", .n = 0 };
	if (js->fault.what != NULL || (!js->begun && !begin(js)))
		return JSON_ERROR;
	c = peek(js);
	if (js->fault.what != NULL)
		return JSON_ERROR;
	if (js->expect == EXPECT_NOTHING) {
		if (c < 0)
			return JSON_END;
		fail(js, "more text behind the end of the JSON value");
		return JSON_ERROR;
	}
	if (c < 0) {
		fail_cut(js);
		return JSON_ERROR;
	}
	if (js->expect == EXPECT_COMMA && !comma(js, &c))
		return JSON_ERROR;
	if ((js->expect == EXPECT_COMMA) ||
	    (js->expect == EXPECT_KEY_OR_END && c == '}') ||
	    (js->expect == EXPECT_VALUE_OR_END && c == ']'))
		return close_with(js);
	if (js->expect == EXPECT_KEY || js->expect == EXPECT_KEY_OR_END)
		return key(js, c, text);
	return value(js, c, text);
}

bool
json_skip(struct json_stream *js)
{
	size_t depth = js->depth;
	enum json_tok t;
	struct str text;

	js->skipping = true;
	do
		t = json_next(js, &text);
	while (t != JSON_ERROR && t != JSON_END &&
	       (js->depth > depth || t == JSON_KEY));
	js->skipping = false;
	return t != JSON_ERROR;
}

struct json_fault
json_fault(const struct json_stream *js)
{
	return js->fault;
}
