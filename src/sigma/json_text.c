#include "json_text.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

/*
 * This file walks over the text with an index, for speed: every access is at
 * an index below n, and nothing of the input decides how far anything is
 * copied but the length of a string that was walked over before.
 */

int
json_text_peek(struct json_text *t)
{
	while (t->at < t->n) {
		uint8_t c = t->p[t->at];

		if (c > ' ' ||
		    (c != ' ' && c != '\n' && c != '\r' && c != '\t'))
			return c;
		t->at++;
	}
	return -1;
}

bool
json_text_fail(struct json_text *t, const char *what)
{
	if (t->fault == NULL)
		t->fault = what;
	return false;
}

static bool
cut(struct json_text *t)
{
	return json_text_fail(t, "the line ends inside a value");
}

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/*
 * The index of the first byte from at on that is not plain: a quote, a
 * backslash, a control character, or not ASCII. Eight bytes at a time: a byte
 * is below n when subtracting n borrows into its high bit. The borrow may set
 * further bits above a real hit, never below: the lowest one is right.
 */
static size_t
plain(const uint8_t *p, size_t at, size_t n)
{
	while (n - at >= sizeof(uint64_t)) {
		uint64_t w, quote, slash, hit;

		memcpy(&w, p + at, sizeof(w));
		w = le64toh(w);
		quote = (w ^ EACH_BYTE('"')) - EACH_BYTE(1);
		slash = (w ^ EACH_BYTE('\\')) - EACH_BYTE(1);
		hit = (quote | slash | (w - EACH_BYTE(0x20)) | w) &
		      EACH_BYTE(0x80);
		if (hit != 0)
			return at + (size_t)__builtin_ctzll(hit) / 8;
		at += sizeof(w);
	}
	while (at < n && p[at] >= 0x20 && p[at] < 0x80 && p[at] != '"' &&
	       p[at] != '\\')
		at++;
	return at;
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX at index at; -1 when they are none. */
static int32_t
hex4(const struct json_text *t, size_t at)
{
	int32_t v = 0;

	if (t->n - at < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int d = hex_digit(t->p[at + i]);

		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

static void
put_cp(struct json_text *t, uint32_t cp)
{
	char *b = t->room + t->used;
	size_t n = 0;

	if (cp >= 0xd800 && cp <= 0xdfff)
		cp = 0xfffd;
	if (cp < 0x80) {
		b[n++] = (char)cp;
	} else if (cp < 0x800) {
		b[n++] = (char)(0xc0 | cp >> 6);
		b[n++] = (char)(0x80 | (cp & 0x3f));
	} else if (cp < 0x10000) {
		b[n++] = (char)(0xe0 | cp >> 12);
		b[n++] = (char)(0x80 | (cp >> 6 & 0x3f));
		b[n++] = (char)(0x80 | (cp & 0x3f));
	} else {
		b[n++] = (char)(0xf0 | cp >> 18);
		b[n++] = (char)(0x80 | (cp >> 12 & 0x3f));
		b[n++] = (char)(0x80 | (cp >> 6 & 0x3f));
		b[n++] = (char)(0x80 | (cp & 0x3f));
	}
	t->used += n;
}

/* A code point above U+FFFF is two \u; half of one becomes U+FFFD. */
static bool
escape_u(struct json_text *t)
{
	int32_t hi = hex4(t, t->at), lo;
	uint32_t cp;

	if (hi < 0)
		return json_text_fail(t, "\\u needs four hex digits");
	t->at += 4;
	cp = (uint32_t)hi;
	if (cp >= 0xd800 && cp < 0xdc00 && t->n - t->at >= 6 &&
	    t->p[t->at] == '\\' && t->p[t->at + 1] == 'u' &&
	    (lo = hex4(t, t->at + 2)) >= 0xdc00 && lo < 0xe000) {
		cp = 0x10000 + ((cp - 0xd800) << 10) + ((uint32_t)lo - 0xdc00);
		t->at += 6;
	}
	put_cp(t, cp);
	return true;
}

/* Behind a backslash. */
static bool
escape(struct json_text *t)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *f;
	uint8_t c;

	if (t->at >= t->n)
		return cut(t);
	c = t->p[t->at++];
	if (c == 'u')
		return escape_u(t);
	f = c != 0 ? strchr(from, c) : NULL;
	if (f == NULL)
		return json_text_fail(
		    t, "a backslash before a character that has none");
	t->room[t->used++] = to[f - from];
	return true;
}

/* What is plain up to index at goes to the room. */
static void
put_plain(struct json_text *t, size_t at)
{
	memcpy(t->room + t->used, t->p + t->at, at - t->at);
	t->used += at - t->at;
	t->at = at;
}

/*
 * A string that begins at `from` and is plain up to t->at. Nothing takes more
 * than three bytes for one, and no byte is walked over twice: room suffices.
 */
static bool
string_copied(struct json_text *t, size_t from, struct str *out)
{
	size_t begin = t->used, upto = t->at;
	struct str all = { (const char *)t->p, t->n };

	t->at = from;
	put_plain(t, upto);
	for (;;) {
		put_plain(t, plain(t->p, t->at, t->n));
		if (t->at >= t->n)
			return cut(t);
		if (t->p[t->at] == '"')
			break;
		if (t->p[t->at] >= 0x80) {
			put_cp(t, utf8_next(all, &t->at));
		} else if (t->p[t->at] == '\\') {
			t->at++;
			if (!escape(t))
				return false;
		} else {
			return json_text_fail(
			    t, "a control character in a text");
		}
	}
	t->at++;
	*out = (struct str){ t->room + begin, t->used - begin };
	return true;
}

bool
json_text_string(struct json_text *t, struct str *out)
{
	size_t from = ++t->at, before;
	struct str all = { (const char *)t->p, t->n };

	for (;;) {
		t->at = plain(t->p, t->at, t->n);
		if (t->at >= t->n)
			return cut(t);
		if (t->p[t->at] == '"')
			break;
		if (t->p[t->at] < 0x80)
			return string_copied(t, from, out);
		before = t->at;
		/* U+FFFD itself has three bytes. */
		if (utf8_next(all, &t->at) == 0xfffd && t->at - before == 1) {
			t->at = before;
			return string_copied(t, from, out);
		}
	}
	*out = (struct str){ (const char *)t->p + from, t->at - from };
	t->at++;
	return true;
}

static size_t
digits(const struct json_text *t, size_t at)
{
	while (at < t->n && t->p[at] >= '0' && t->p[at] <= '9')
		at++;
	return at;
}

/* A whole number of at most 18 digits. */
static int64_t
small_int(const uint8_t *p, size_t n)
{
	bool minus = n > 0 && p[0] == '-';
	int64_t v = 0;

	for (size_t i = minus ? 1 : 0; i < n; i++)
		v = v * 10 + (p[i] - '0');
	return minus ? -v : v;
}

/* Of more than 18 digits: as int64_t when it fits, else as it is written. */
static void
big_int(struct str raw, struct value *out)
{
	bool minus = raw.p[0] == '-';
	uint64_t v = 0, max = (uint64_t)INT64_MAX + (minus ? 1 : 0);

	for (size_t i = minus ? 1 : 0; i < raw.n; i++) {
		unsigned d = (unsigned)(raw.p[i] - '0');

		if (v > (max - d) / 10) {
			*out = (struct value){ .type = VALUE_TEXT, .s = raw };
			return;
		}
		v = v * 10 + d;
	}
	*out = (struct value){ .type = VALUE_INT,
		.i = minus ? -(int64_t)(v - 1) - 1 : (int64_t)v };
}

static void
real(struct str raw, struct value *out)
{
	char copy[64];

	/* No double needs so many; what does is kept as it is written. */
	if (raw.n >= sizeof(copy)) {
		*out = (struct value){ .type = VALUE_TEXT, .s = raw };
		return;
	}
	memcpy(copy, raw.p, raw.n);
	copy[raw.n] = '\0';
	*out = (struct value){ .type = VALUE_REAL, .real = strtod(copy, NULL) };
}

/* Behind the whole part: true when there is a fraction or an exponent. */
static bool
fraction(struct json_text *t, size_t *end, bool *ok)
{
	size_t at = *end, from;
	bool any = false;

	if (at < t->n && t->p[at] == '.') {
		from = ++at;
		at = digits(t, at);
		*ok = *ok && at > from;
		any = true;
	}
	if (at < t->n && (t->p[at] | 0x20) == 'e') {
		at++;
		if (at < t->n && (t->p[at] == '+' || t->p[at] == '-'))
			at++;
		from = at;
		at = digits(t, at);
		*ok = *ok && at > from;
		any = true;
	}
	*end = at;
	return any;
}

bool
json_text_number(struct json_text *t, struct value *out, struct str *raw)
{
	size_t from = t->at, first, end;
	bool ok, is_real;

	first = from + (t->p[from] == '-');
	end = digits(t, first);
	ok = end > first && (t->p[first] != '0' || end - first == 1);
	is_real = fraction(t, &end, &ok);
	if (!ok)
		return json_text_fail(t, "a number that is not well-formed");
	t->at = end;
	*raw = (struct str){ (const char *)t->p + from, end - from };
	if (is_real)
		real(*raw, out);
	else if (end - first > 18)
		big_int(*raw, out);
	else
		*out = (struct value){ .type = VALUE_INT,
			.i = small_int(t->p + from, end - from) };
	return true;
}

bool
json_text_literal(struct json_text *t, struct value *out)
{
	static const struct {
		const char *word;
		struct value value;
	} words[] = {
		{"true",	  { .type = VALUE_BOOL, .b = true } },
		{ "false", { .type = VALUE_BOOL, .b = false }},
		{ "null",  { .type = VALUE_NONE }		 },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i].word);

		if (t->n - t->at < n ||
		    memcmp(t->p + t->at, words[i].word, n) != 0)
			continue;
		t->at += n;
		*out = words[i].value;
		return true;
	}
	return json_text_fail(t, "not JSON: a value must stand here");
}
