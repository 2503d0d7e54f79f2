#include "json_stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "limits.h"

#define WINDOW ((size_t)256 << 10)

struct json_stream {
	int fd;
	struct sha256 *sum;
	char *buf;
	size_t cap, len, at;
	uint64_t base;	/* offset in the file of buf[0] */
	uint64_t lines; /* newlines before buf[0] */
	bool eof;

	unsigned depth;
	bool object[LIMIT_JSON_DEPTH]; /* is the container at that depth one */
	bool want_value, want_comma, any;
	char why[160];
};

struct json_stream *
json_stream_new(int fd)
{
	struct json_stream *j = calloc(1, sizeof(*j));

	if (j == NULL || (j->buf = malloc(WINDOW + 1)) == NULL)
		abort();
	j->fd = fd;
	j->cap = WINDOW;
	j->sum = sha256_new();
	return j;
}

void
json_stream_free(struct json_stream *j)
{
	if (j == NULL)
		return;
	sha256_free(j->sum);
	free(j->buf);
	free(j);
}

unsigned
json_depth(const struct json_stream *j)
{
	return j->depth;
}

static enum json_token
fail(struct json_stream *j, const char *what)
{
	uint64_t line = j->lines + 1;

	for (size_t i = 0; i < j->at && i < j->len; i++)
		line += j->buf[i] == '\n';
	if (j->why[0] == '\0')
		(void)snprintf(j->why, sizeof(j->why),
		    "%s at line %llu, byte %llu", what,
		    (unsigned long long)line,
		    (unsigned long long)(j->base + j->at));
	return JSON_ERROR;
}

const char *
json_stream_why(struct json_stream *j)
{
	return j->why;
}

/* Moves what stands from `keep` on to the front and reads behind it. */
static bool
refill(struct json_stream *j, size_t keep)
{
	ssize_t n;

	if (j->eof)
		return false;
	for (const char *p = j->buf;
	     (p = memchr(p, '\n', (size_t)(j->buf + keep - p))) != NULL; p++)
		j->lines++;
	memmove(j->buf, j->buf + keep, j->len - keep);
	j->len -= keep;
	j->at -= keep;
	j->base += keep;
	if (j->len == j->cap) {
		if (j->cap >= LIMIT_JSON_STRING)
			return false;
		j->cap *= 2;
		if ((j->buf = realloc(j->buf, j->cap + 1)) == NULL)
			abort();
	}
	do
		n = read(j->fd, j->buf + j->len, j->cap - j->len);
	while (n < 0 && errno == EINTR);
	if (n <= 0) {
		j->eof = true;
		if (n < 0)
			(void)fail(j, "cannot be read");
		return false;
	}
	sha256_add(j->sum, j->buf + j->len, (size_t)n);
	j->len += (size_t)n;
	return true;
}

/* The next byte that is no white space, not taken; -1 at the end. */
static int
peek(struct json_stream *j)
{
	for (;;) {
		while (j->at < j->len) {
			char c = j->buf[j->at];

			if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
				return (unsigned char)c;
			j->at++;
		}
		if (!refill(j, j->at))
			return -1;
	}
}

static int
hex4(const char *p)
{
	int v = 0;

	for (int i = 0; i < 4; i++) {
		char c = ascii_lower(p[i]);

		if (c >= '0' && c <= '9')
			v = v * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v * 16 + (c - 'a' + 10);
		else
			return -1;
	}
	return v;
}

/* Writes one code point as UTF-8, returns its length. */
static size_t
put_utf8(char *o, uint32_t cp)
{
	if (cp < 0x80) {
		o[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		o[0] = (char)(0xc0 | cp >> 6);
		o[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		o[0] = (char)(0xe0 | cp >> 12);
		o[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		o[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	o[0] = (char)(0xf0 | cp >> 18);
	o[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	o[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	o[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

/* \uXXXX (and its second half) at s[i]; *i moves behind it. */
static bool
unescape_u(const char *s, size_t n, size_t *i, uint32_t *out)
{
	int hi, lo;

	if (n - *i < 6 || (hi = hex4(s + *i + 2)) < 0)
		return false;
	*i += 6;
	*out = (uint32_t)hi;
	if (hi < 0xd800 || hi > 0xdfff)
		return true;
	*out = 0xfffd;
	if (hi > 0xdbff || n - *i < 6 || s[*i] != '\\' || s[*i + 1] != 'u' ||
	    (lo = hex4(s + *i + 2)) < 0xdc00 || lo > 0xdfff)
		return true;
	*i += 6;
	*out =
	    0x10000 + ((uint32_t)(hi - 0xd800) << 10) + (uint32_t)(lo - 0xdc00);
	return true;
}

/* Takes the escapes out of s in place; false when one is none. */
static bool
unescape(char *s, size_t *len)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	size_t n = *len, o = 0, i = 0;
	const char *at;
	uint32_t cp;

	while (i < n) {
		if (s[i] != '\\') {
			s[o++] = s[i++];
			continue;
		}
		if (i + 1 >= n)
			return false;
		if (s[i + 1] == 'u') {
			if (!unescape_u(s, n, &i, &cp))
				return false;
			o += put_utf8(s + o, cp);
			continue;
		}
		at = memchr(from, s[i + 1], sizeof(from) - 1);
		if (at == NULL)
			return false;
		s[o++] = to[at - from];
		i += 2;
	}
	*len = o;
	return true;
}

/* True when the quote at buf[q] is behind an odd number of backslashes. */
static bool
escaped(const struct json_stream *j, size_t start, size_t q)
{
	size_t n = 0;

	while (q > start && j->buf[q - 1] == '\\') {
		n++;
		q--;
	}
	return n % 2 == 1;
}

/* at stands on the opening quote. */
static bool
string(struct json_stream *j, struct str *out)
{
	size_t start = j->at + 1, from = start, n;
	char *q;

	for (;;) {
		q = from < j->len ? memchr(j->buf + from, '"', j->len - from)
				  : NULL;
		if (q == NULL) {
			size_t done = j->len - j->at;

			if (!refill(j, j->at)) {
				(void)fail(
				    j, j->eof ? "a string without its end"
					      : "a string that is too long");
				return false;
			}
			start = j->at + 1;
			from = j->at + (done > 1 ? done : 1);
			continue;
		}
		from = (size_t)(q - j->buf);
		if (!escaped(j, start, from))
			break;
		from++;
	}
	n = from - start;
	if (memchr(j->buf + start, '\\', n) != NULL &&
	    !unescape(j->buf + start, &n)) {
		(void)fail(j, "a string with an unknown escape");
		return false;
	}
	*out = (struct str){ .p = j->buf + start, .n = n };
	j->at = from + 1;
	return true;
}

/* A literal or number: all up to a delimiter. */
static enum json_token
word(struct json_stream *j, struct str *out)
{
	size_t end = j->at;

	for (;;) {
		while (
		    end < j->len && strchr(",]} \t\r\n:", j->buf[end]) == NULL)
			end++;
		if (end < j->len)
			break;
		size_t done = end - j->at;

		bool more = refill(j, j->at);

		end = j->at + done;
		if (!more)
			break;
	}
	*out = (struct str){ .p = j->buf + j->at, .n = end - j->at };
	if (out->n > 0 &&
	    (out->p[0] == '-' || (out->p[0] >= '0' && out->p[0] <= '9'))) {
		j->at = end;
		return JSON_NUMBER;
	}
	if (!str_is(*out, "true") && !str_is(*out, "false") &&
	    !str_is(*out, "null"))
		return fail(j, "not JSON");
	j->at = end;
	return out->p[0] == 't'	  ? JSON_TRUE
	       : out->p[0] == 'f' ? JSON_FALSE
				  : JSON_NULL;
}

static enum json_token
open_container(struct json_stream *j, bool object)
{
	if (j->depth == LIMIT_JSON_DEPTH)
		return fail(j, "nested too deeply");
	j->at++;
	j->object[j->depth++] = object;
	j->want_comma = j->want_value = false;
	return object ? JSON_OBJECT : JSON_ARRAY;
}

static enum json_token
close_container(struct json_stream *j, bool object)
{
	if (j->depth == 0 || j->object[j->depth - 1] != object || j->want_value)
		return fail(j, "a bracket that closes nothing");
	j->at++;
	j->depth--;
	j->want_comma = true;
	return object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

/* A key and the colon behind it. */
static enum json_token
key(struct json_stream *j, struct str *out)
{
	size_t start;

	if (!string(j, out))
		return JSON_ERROR;
	/* The window must not move under the key: look before peeking. */
	while (j->at < j->len && strchr(" \t\r\n", j->buf[j->at]) != NULL)
		j->at++;
	if (j->at == j->len) {
		start = (size_t)(out->p - j->buf);
		size_t back = j->at - start;

		if (refill(j, start)) {
			out->p = j->buf;
			j->at = back;
		}
		while (
		    j->at < j->len && strchr(" \t\r\n", j->buf[j->at]) != NULL)
			j->at++;
	}
	if (j->at == j->len || j->buf[j->at] != ':')
		return fail(j, "a key without a colon");
	j->at++;
	j->want_value = true;
	j->want_comma = false;
	return JSON_KEY;
}

static enum json_token
value(struct json_stream *j, int c, struct str *out)
{
	enum json_token t;

	if (c == '{')
		return open_container(j, true);
	if (c == '[')
		return open_container(j, false);
	if (c == '"')
		t = string(j, out) ? JSON_STRING : JSON_ERROR;
	else
		t = word(j, out);
	j->want_comma = true;
	j->want_value = false;
	return t;
}

enum json_token
json_next(struct json_stream *j, struct str *text)
{
	struct str unused;
	int c;

	if (text == NULL)
		text = &unused;
	if (j->why[0] != '\0')
		return JSON_ERROR;
	c = peek(j);
	if (!j->any && c == 0xef) { /* a byte order mark */
		j->at += j->len - j->at < 3 ? j->len - j->at : 3;
		c = peek(j);
	}
	if (j->depth == 0 && j->any)
		return c < 0 && j->why[0] == '\0'
			   ? JSON_END
			   : fail(j, "something stands behind the end");
	j->any = true;
	if (c < 0)
		return fail(j, "the file ends too early");
	if (c == '}' || c == ']')
		return close_container(j, c == '}');
	if (j->want_comma && j->depth > 0) {
		if (c != ',')
			return fail(j, "a comma is missing");
		j->at++;
		j->want_comma = false;
		if ((c = peek(j)) < 0 || c == '}' || c == ']')
			return fail(j, "nothing stands behind a comma");
	}
	if (j->depth > 0 && j->object[j->depth - 1] && !j->want_value)
		return c == '"' ? key(j, text) : fail(j, "a key is missing");
	return value(j, c, text);
}

bool
json_skip(struct json_stream *j, enum json_token first)
{
	unsigned depth;

	if (first == JSON_KEY)
		first = json_next(j, NULL);
	if (first != JSON_OBJECT && first != JSON_ARRAY)
		return first != JSON_ERROR && first != JSON_END;
	depth = j->depth;
	while (j->depth >= depth) {
		enum json_token t = json_next(j, NULL);

		if (t == JSON_ERROR || t == JSON_END)
			return false;
	}
	return true;
}

void
json_stream_hash(struct json_stream *j, uint8_t out[static SHA256_SIZE])
{
	do
		j->at = j->len;
	while (refill(j, j->len));
	sha256_end(j->sum, out);
}
