#include "regex_need.h"

#include <stdint.h>
#include <string.h>

#include "limits.h"

/* Groups in groups; deeper ones are not looked into. */
#define DEPTH 32

struct reader {
	struct str s;
	size_t at;
	struct arena *a;
	unsigned depth;
	/* A construct that is not read here: nothing is known then. */
	bool lost;
};

/* What the sequence that is being read needs, so far. */
struct sequence {
	struct regex_need best;
	size_t from, n; /* the run of plain bytes in `run` */
	char *run;
};

static bool
peek(const struct reader *r, char c)
{
	return r->at < r->s.n && r->s.p[r->at] == c;
}

static bool
take(struct reader *r, char c)
{
	if (!peek(r, c))
		return false;
	r->at++;
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

static size_t
shortest(const struct regex_need *n)
{
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < n->n; i++)
		if (n->v[i].n < least)
			least = n->v[i].n;
	return n->n ? least : 0;
}

/* Few and long texts are the best to look for. */
static void
prefer(struct regex_need *best, const struct regex_need *other)
{
	size_t a = shortest(best), b = shortest(other);

	if (b > a || (b == a && b > 0 && other->n < best->n))
		*best = *other;
}

static void
end_run(struct sequence *q)
{
	struct regex_need one = { .n = 1 };

	one.v[0] = (struct str){ .p = q->run + q->from, .n = q->n };
	if (q->n >= 2)
		prefer(&q->best, &one);
	q->from += q->n;
	q->n = 0;
}

/* The bounds of "{2,3}" and its like; false when it is a plain brace. */
static bool
braces(struct reader *r, unsigned *least)
{
	size_t at = r->at + 1, digits = at;
	unsigned v = 0;

	for (; at < r->s.n && is_digit(r->s.p[at]) && v < 100000; at++)
		v = 10 * v + (unsigned)(r->s.p[at] - '0');
	/* "{,3}" is plain in some versions and a bound in others. */
	if (at == digits) {
		r->lost = r->lost || (at < r->s.n && r->s.p[at] == ',') ||
			  (at < r->s.n && r->s.p[at] == ' ');
		return false;
	}
	if (at < r->s.n && r->s.p[at] == ',')
		for (at++; at < r->s.n && is_digit(r->s.p[at]); at++)
			;
	if (at >= r->s.n || r->s.p[at] != '}') {
		r->lost = true;
		return false;
	}
	r->at = at + 1;
	*least = v;
	return true;
}

/* How often, at least, what stands before it is there; *plain: once. */
static unsigned
quantifier(struct reader *r, bool *plain)
{
	unsigned least = 1;

	*plain = false;
	if (take(r, '?') || take(r, '*'))
		least = 0;
	else if (take(r, '+'))
		least = 1;
	else if (!peek(r, '{') || !braces(r, &least)) {
		*plain = true;
		return 1;
	}
	if (!take(r, '?'))
		(void)take(r, '+');
	return least;
}

static void
put_plain(struct reader *r, struct sequence *q, char c)
{
	bool plain;
	unsigned least = quantifier(r, &plain);

	if (least == 0) {
		end_run(q);
		return;
	}
	q->run[q->from + q->n++] = ascii_lower(c);
	if (!plain)
		end_run(q);
}

/* What stands for one of several characters, or is none. */
static void
put_other(struct reader *r, struct sequence *q)
{
	bool plain;

	end_run(q);
	(void)quantifier(r, &plain);
}

static void
skip_to(struct reader *r, char c)
{
	while (r->at < r->s.n && r->s.p[r->at] != c)
		r->at++;
	r->lost = r->lost || !take(r, c);
}

static void
read_escape(struct reader *r, struct sequence *q)
{
	char c;

	if (r->at >= r->s.n) {
		r->lost = true;
		return;
	}
	c = r->s.p[r->at++];
	if ((uint8_t)c >= 0x80 || (!is_letter(c) && !is_digit(c))) {
		if ((uint8_t)c >= 0x80)
			put_other(r, q);
		else
			put_plain(r, q, c);
	} else if (strchr("bBAzZG", c) != NULL) {
		/* Between characters: the run goes on. */
	} else if (strchr("dDwWsShHvVRNXtnrfea", c) != NULL) {
		/* \N{U+41} is a character by number. */
		r->lost = r->lost || (c == 'N' && peek(r, '{'));
		put_other(r, q);
	} else if (c == 'x') {
		if (take(r, '{'))
			skip_to(r, '}');
		else
			for (int i = 0;
			     i < 2 && r->at < r->s.n &&
			     (is_digit(r->s.p[r->at]) ||
				 strchr("abcdefABCDEF", r->s.p[r->at]) != NULL);
			     i++)
				r->at++;
		put_other(r, q);
	} else if (c == 'p' || c == 'P') {
		if (take(r, '{'))
			skip_to(r, '}');
		else
			r->at += r->at < r->s.n;
		put_other(r, q);
	} else {
		r->lost = true;
	}
}

static void
read_class(struct reader *r, struct sequence *q)
{
	(void)take(r, '^');
	(void)take(r, ']'); /* the first one is a member */
	while (r->at < r->s.n && !peek(r, ']')) {
		if (peek(r, '[') && r->at + 1 < r->s.n &&
		    strchr(":.=", r->s.p[r->at + 1]) != NULL) {
			char kind = r->s.p[r->at + 1];

			/* "[:alpha:]", where it is one. */
			for (size_t i = r->at + 2; i + 1 < r->s.n; i++) {
				if (r->s.p[i] == kind && r->s.p[i + 1] == ']') {
					r->at = i + 1;
					break;
				}
				if (!is_letter(r->s.p[i]) && r->s.p[i] != '^')
					break;
			}
		} else if (peek(r, '\\')) {
			/* \Q quotes brackets, too. */
			r->at++;
			r->lost = r->lost || peek(r, 'Q');
		}
		r->at += r->at < r->s.n;
	}
	r->lost = r->lost || !take(r, ']');
	put_other(r, q);
}

static void read_alternatives(struct reader *r, struct regex_need *out);

/*
 * Behind "(?": the letters of options, then ':' or ')'. False: it ended here
 * and is no group.
 */
static bool
read_options(struct reader *r)
{
	while (r->at < r->s.n && strchr("ims-", r->s.p[r->at]) != NULL)
		r->at++;
	if (take(r, ':'))
		return true;
	r->lost = r->lost || !take(r, ')');
	return false;
}

/* What a group is; *counts: what it needs is needed. False: it is none. */
static bool
group_kind(struct reader *r, bool *counts)
{
	*counts = true;
	r->lost = r->lost || peek(r, '*');
	if (!take(r, '?'))
		return true;
	if (take(r, '#')) {
		skip_to(r, ')');
		return false;
	}
	if (take(r, '!')) {
		*counts = false;
		return true;
	}
	if (take(r, ':') || take(r, '>') || take(r, '='))
		return true;
	(void)take(r, 'P');
	if (take(r, '<')) {
		if (take(r, '!'))
			*counts = false;
		else if (!take(r, '='))
			skip_to(r, '>');
		return true;
	}
	if (take(r, '\'')) {
		skip_to(r, '\'');
		return true;
	}
	return read_options(r);
}

static void
read_group(struct reader *r, struct sequence *q)
{
	struct regex_need *inner = arena_alloc(r->a, 1, sizeof(*inner));
	bool counts, plain;
	unsigned least;

	end_run(q);
	if (inner == NULL || ++r->depth > DEPTH) {
		r->lost = true;
		return;
	}
	if (group_kind(r, &counts) && !r->lost) {
		read_alternatives(r, inner);
		r->lost = r->lost || !take(r, ')');
	}
	r->depth--;
	least = quantifier(r, &plain);
	if (counts && least > 0)
		prefer(&q->best, inner);
}

/* Up to a '|' or ')' or the end. */
static void
read_sequence(struct reader *r, struct sequence *q)
{
	while (!r->lost && r->at < r->s.n && !peek(r, '|') && !peek(r, ')')) {
		char c = r->s.p[r->at++];

		if (c == '\\')
			read_escape(r, q);
		else if (c == '[')
			read_class(r, q);
		else if (c == '(')
			read_group(r, q);
		else if (c == '.' || (uint8_t)c >= 0x80)
			put_other(r, q);
		else if (strchr("*+?", c) != NULL ||
			 (c == '{' && r->at < r->s.n &&
			     strchr(", 0123456789", r->s.p[r->at]) != NULL))
			r->lost = true; /* of an assertion, or twice */
		else if (c != '^' && c != '$')
			put_plain(r, q, c);
	}
	end_run(q);
}

static void
read_alternatives(struct reader *r, struct regex_need *out)
{
	struct sequence *q = arena_alloc(r->a, 1, sizeof(*q));
	bool known = true;

	*out = (struct regex_need){ 0 };
	/* No run is longer than what it is made of. */
	if (q == NULL || (q->run = arena_alloc(r->a, r->s.n + 1, 1)) == NULL) {
		r->lost = true;
		return;
	}
	do {
		q->best = (struct regex_need){ 0 };
		read_sequence(r, q);
		if (q->best.n == 0 || q->best.n > REGEX_NEED_MAX - out->n)
			known = false;
		for (size_t i = 0; known && i < q->best.n; i++)
			out->v[out->n++] = q->best.v[i];
	} while (!r->lost && take(r, '|'));
	if (!known)
		out->n = 0;
}

void
regex_need(struct str regex, struct arena *a, struct regex_need *out)
{
	struct reader r = { .s = regex };
	struct arena own;

	/* Groups cost their number times the length: a bound for odd ones. */
	arena_init(&own, LIMIT_REGEX_NEED);
	r.a = &own;
	read_alternatives(&r, out);
	if (r.lost || r.at < r.s.n)
		out->n = 0;
	for (size_t i = 0; i < out->n; i++)
		out->v[i] = arena_str(a, out->v[i]);
	arena_done(&own);
}
