#include "shutdown_line.h"

#define CLIENT "remaining client pid:"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static struct str
trimmed(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s = str_sub(s, 0, s.n - 1);
	return s;
}

/* Takes prefix from the front of s. */
static bool
take(struct str *s, const char *prefix)
{
	if (!str_starts(*s, prefix))
		return false;
	*s = str_sub(*s, str_from(prefix).n, s->n);
	return true;
}

/* Takes up to 15 digits: no number of a log has more, and it fits a double. */
static bool
take_number(struct str *s, int64_t *out)
{
	int64_t v = 0;
	size_t n = 0;

	for (; n < s->n && n < 15 && is_digit(s->p[n]); n++)
		v = v * 10 + (s->p[n] - '0');
	if (n == 0 || (n < s->n && is_digit(s->p[n])))
		return false;
	*s = str_sub(*s, n, s->n);
	*out = v;
	return true;
}

/* "1.26" */
static bool
take_seconds(struct str *s, double *out)
{
	int64_t whole, part = 0;
	struct str rest = *s;
	double scale = 1;
	size_t left;

	if (!take_number(&rest, &whole))
		return false;
	if (take(&rest, ".")) {
		left = rest.n;
		if (!take_number(&rest, &part))
			return false;
		for (; left > rest.n; left--)
			scale *= 10;
	}
	*s = rest;
	*out = (double)whole + (double)part / scale;
	return true;
}

/* Where text stands in s, or s.n. */
static size_t
find(struct str s, const char *text)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == text[0] && str_starts(str_sub(s, i, s.n), text))
			return i;
	return s.n;
}

/* "EBFB3E7F-4CA4-3656-8E9C-8CCF5995C34A" */
static bool
is_uuid(struct str s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : !is_hex(s.p[i]))
			return false;
	}
	return true;
}

/* " 155 (/usr/libexec/nfcd/UUID)", all that is left of the line. */
static bool
take_client(struct str s, struct shutdown_line *out)
{
	struct str last;

	s = trimmed(s);
	if (!take_number(&s, &out->pid) || !take(&s, " (") || !str_ends(s, ")"))
		return false;
	s = str_sub(s, 0, s.n - 1);
	if (!str_starts(s, "/"))
		return false;
	last = str_basename(s);
	out->uuid = is_uuid(last) ? last : str_from("");
	out->path = is_uuid(last) ? str_sub(s, 0, s.n - last.n - 1) : s;
	out->has_client = true;
	return true;
}

/* "1.26s, these clients are still here:", or a client in its place. */
static enum shutdown_kind
parse_notice(struct str s, struct shutdown_line *out)
{
	if (!take_seconds(&s, &out->seconds) || !take(&s, "s,"))
		return SHUTDOWN_UNKNOWN;
	s = trimmed(s);
	if (str_is(s, "these clients are still here:") ||
	    (take(&s, CLIENT) && take_client(s, out)))
		return SHUTDOWN_NOTICE;
	return SHUTDOWN_UNKNOWN;
}

/* "[1774602168] All buffers flushed"; others have seen "... @1774602168". */
static enum shutdown_kind
parse_end(struct str s, struct shutdown_line *out)
{
	size_t at = find(s, CLIENT);
	struct str time = s;

	if (at < s.n)
		return take_client(
			   str_sub(s, at + sizeof(CLIENT) - 1, s.n), out)
			   ? SHUTDOWN_CLIENT
			   : SHUTDOWN_UNKNOWN;
	if (take(&time, "[") && take_number(&time, &out->end_s) &&
	    str_starts(time, "]"))
		return SHUTDOWN_END;
	at = find(s, " @");
	time = str_sub(s, at < s.n ? at + 2 : s.n, s.n);
	if (take_number(&time, &out->end_s))
		return SHUTDOWN_END;
	out->end_s = -1;
	return SHUTDOWN_UNKNOWN;
}

void
shutdown_line_parse(struct str s, struct shutdown_line *out)
{
	*out = (struct shutdown_line){ .end_s = -1 };
	s = trimmed(s);
	if (s.n == 0)
		out->kind = SHUTDOWN_BLANK;
	else if (take(&s, "After "))
		out->kind = parse_notice(s, out);
	else if (take(&s, CLIENT))
		out->kind =
		    take_client(s, out) ? SHUTDOWN_CLIENT : SHUTDOWN_UNKNOWN;
	else if (take(&s, "SIGTERM: "))
		out->kind = parse_end(s, out);
	else
		out->kind = SHUTDOWN_UNKNOWN;
}
