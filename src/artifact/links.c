#include "links.h"

#include <string.h>

#include "cur.h"
#include "limits.h"
#include "typedstream.h"

/* Depth of a property list's walk; real payloads stay below 10. */
#define LINKS_DEPTH 32

/* Longest link; what is behind is cut, its host stands in front. */
#define LINK_BYTES 65536

static bool
is_alpha(char c)
{
	return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_scheme_char(char c)
{
	return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

/* Of a host's name; letters beyond ASCII only where a scheme says so. */
static bool
is_host_char(char c)
{
	return is_alpha(c) || is_digit(c) || c == '-' || c == '.';
}

/*
 * Whether the character at i, which begins with byte c of two or three, ends a
 * link: spaces, quotes and full stops of other scripts, which stand next to a
 * link without a space (U+00A0 U+00AB U+00BB, U+2000..U+200F, U+2018..U+202F,
 * U+3000..U+3011, U+FF01 U+FF08 U+FF09 U+FF0C U+FF1A U+FF1B U+FF1F).
 */
static bool
is_wide_end(struct str s, size_t i)
{
	static const char full[] = "\x81\x88\x89\x8c\x9a\x9b\x9f";
	uint8_t c = (uint8_t)s.p[i], d, e;

	if (s.n - i < 2)
		return false;
	d = (uint8_t)s.p[i + 1];
	if (c == 0xc2)
		return d == 0xa0 || d == 0xab || d == 0xbb;
	if (s.n - i < 3)
		return false;
	e = (uint8_t)s.p[i + 2];
	if (c == 0xe2)
		return d == 0x80 && (e <= 0x8f || e >= 0x98);
	if (c == 0xe3)
		return d == 0x80 && e <= 0x91;
	return c == 0xef && d == 0xbc && strchr(full, (char)e) != NULL;
}

/* Whether a link ends at i: white space, controls and quotes. */
static bool
is_end(struct str s, size_t i)
{
	uint8_t c = (uint8_t)s.p[i];

	if (c >= 0x80)
		return is_wide_end(s, i);
	return c <= 0x20 || c == 0x7f || c == '"' || c == '<' || c == '>' ||
	       c == '`';
}

/* 1, 2, 3 for brackets that open, -1, -2, -3 for those that close, else 0. */
static int
bracket(char c)
{
	switch (c) {
	case '(':
		return 1;
	case '[':
		return 2;
	case '{':
		return 3;
	case ')':
		return -1;
	case ']':
		return -2;
	case '}':
		return -3;
	default:
		return 0;
	}
}

static bool
is_punctuation(char c)
{
	return c != '\0' && strchr(".,;:!?'*|\\", c) != NULL;
}

/* Without the punctuation of the sentence that the link stands in. */
static struct str
trimmed(struct str s)
{
	size_t open[4] = { 0 }, close[4] = { 0 };
	int b;

	if (s.n == 0 ||
	    (bracket(s.p[s.n - 1]) >= 0 && !is_punctuation(s.p[s.n - 1])))
		return s;
	for (size_t i = 0; i < s.n; i++) {
		b = bracket(s.p[i]);
		open[b > 0 ? b : 0]++;
		close[b < 0 ? -b : 0]++;
	}
	for (; s.n > 0; s.n--) {
		b = bracket(s.p[s.n - 1]);
		/* A bracket stays when it was opened in the link. */
		if (b < 0 && close[-b] > open[-b])
			close[-b]--;
		else if (b < 0 || !is_punctuation(s.p[s.n - 1]))
			break;
	}
	return s;
}

/* Where the link from `from` on ends. */
static size_t
link_end(struct str text, size_t from)
{
	size_t most = text.n - from > LINK_BYTES ? from + LINK_BYTES : text.n;

	while (from < most && !is_end(text, from))
		from++;
	return from;
}

/* A name with a dot, and letters or punycode behind the last one. */
static bool
is_host(struct str h)
{
	size_t dot = str_rfind(h, '.'), letters = 0;
	struct str top;

	if (dot == h.n || dot == 0)
		return false;
	top = str_sub(h, dot + 1, h.n);
	while (letters < top.n && is_alpha(top.p[letters]))
		letters++;
	return (letters == top.n && letters >= 2 && letters <= 24) ||
	       str_starts(top, "xn--");
}

struct found {
	struct str *v;
	size_t n;
	size_t max;
};

static void
add(struct found *f, struct str link)
{
	if (link.n > 0 && f->n < f->max)
		f->v[f->n++] = link;
}

/*
 * A link with a scheme whose "://" stands at `colon`. Where a host goes on in
 * letters beyond ASCII it may be a name in another script, or the rest of a
 * sentence without spaces: then what stands before them is a second link.
 */
static void
add_scheme(struct found *f, struct str text, size_t colon)
{
	size_t from = colon, i;
	struct str link, host;

	while (from > 0 && is_scheme_char(text.p[from - 1]))
		from--;
	while (from < colon && !is_alpha(text.p[from]))
		from++;
	if (from == colon)
		return;
	link = trimmed(str_sub(text, from, link_end(text, from)));
	if (link.n <= colon - from + 3)
		return;
	add(f, link);
	host = str_sub(link, colon - from + 3, link.n);
	for (i = 0; i < host.n && is_host_char(host.p[i]); i++)
		;
	if (i < host.n && (uint8_t)host.p[i] >= 0x80 &&
	    is_host(str_sub(host, 0, i)))
		add(f, str_sub(link, 0, colon - from + 3 + i));
}

/*
 * A link without a scheme around the dot at `dot`: "www." and a name, or a
 * host and a path. Returns where to look on.
 */
static size_t
add_bare(struct found *f, struct str text, size_t dot)
{
	size_t from = dot, to = dot;
	struct str host;

	while (from > 0 && is_host_char(text.p[from - 1]))
		from--;
	while (to < text.n && is_host_char(text.p[to]))
		to++;
	while (from < dot && !is_alpha(text.p[from]) && !is_digit(text.p[from]))
		from++;
	/* The rest of a URL, a mail address or a path is none by itself. */
	if (from > 0 && text.p[from - 1] != '\0' &&
	    strchr("/@:_%=&#", text.p[from - 1]) != NULL)
		return to;
	host = str_sub(text, from, to);
	if ((host.n > 4 &&
		str_eq_nocase(str_sub(host, 0, 4), str_from("www."))) ||
	    (to < text.n && text.p[to] == '/' && is_host(host)))
		add(f, trimmed(str_sub(text, from, link_end(text, from))));
	return to;
}

/* The next c at or behind at; text.n when there is none. */
static size_t
next(struct str text, size_t at, char c)
{
	return at + str_find(str_sub(text, at, text.n), c);
}

size_t
artifact_links(struct str text, struct str *v, size_t n, size_t max)
{
	struct found f = { .v = v, .n = n, .max = max };
	size_t colon = next(text, 0, ':'), dot = next(text, 0, '.');
	size_t end = 0; /* of the last link with a scheme */

	while (f.n < f.max && (colon < text.n || dot < text.n)) {
		if (dot < colon) {
			if (dot >= end)
				end = add_bare(&f, text, dot);
			dot = next(text, end > dot ? end : dot + 1, '.');
			continue;
		}
		if (text.n - colon > 3 && text.p[colon + 1] == '/' &&
		    text.p[colon + 2] == '/') {
			size_t had = f.n;

			add_scheme(&f, text, colon);
			if (f.n > had)
				end = link_end(text, colon);
		}
		/* A link inside the link, as redirectors have, counts too. */
		colon = next(text, colon + 1, ':');
	}
	return f.n;
}

void
links_init(struct links *l)
{
	l->n = 0;
	l->full = false;
}

void
links_add(struct links *l, struct str url)
{
	if (url.n == 0)
		return;
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->v[i], url))
			return;
	if (l->n == LINKS_MAX)
		l->full = true;
	else
		l->v[l->n++] = url;
}

void
links_text(struct links *l, struct str text)
{
	struct str v[LINKS_MAX];
	size_t n = artifact_links(text, v, 0, LINKS_MAX);

	for (size_t i = 0; i < n; i++)
		links_add(l, v[i]);
	if (n == LINKS_MAX)
		l->full = true;
}

static void
links_typedstream(
    struct links *l, struct str data, struct arena *a, const struct notes *n)
{
	struct typedstream_text t;

	if (!typedstream_parse(cur_from(data.p, data.n), a, n, &t))
		return;
	links_text(l, t.text);
	for (size_t i = 0; i < t.nlinks; i++)
		links_add(l, t.links[i]);
}

static bool
is_typedstream(struct str data)
{
	return str_starts(str_sub(data, 1, data.n), "\x0bstreamtyped");
}

static void
walk(struct links *l, const struct plist *p, struct arena *a,
    const struct notes *n, unsigned depth)
{
	if (p == NULL || depth == 0 || l->full)
		return;
	if (p->type == PLIST_STRING) {
		links_text(l, p->s);
	} else if (p->type == PLIST_DATA && is_typedstream(p->s)) {
		links_typedstream(l, p->s, a, n);
	} else if (p->type == PLIST_ARRAY) {
		for (size_t i = 0; i < p->array.n; i++)
			walk(l, p->array.v[i], a, n, depth - 1);
	} else if (p->type == PLIST_DICT) {
		for (size_t i = 0; i < p->dict.n; i++)
			walk(l, p->dict.v[i].value, a, n, depth - 1);
	}
}

void
links_plist(struct links *l, const struct plist *p, struct arena *a,
    const struct notes *n)
{
	walk(l, p, a, n, LINKS_DEPTH);
}

void
links_blob(
    struct links *l, struct str blob, struct arena *a, const struct notes *n)
{
	if (str_starts(blob, "bplist00"))
		links_plist(
		    l, plist_parse(cur_from(blob.p, blob.n), a, n), a, n);
	else if (is_typedstream(blob))
		links_typedstream(l, blob, a, n);
	else
		links_text(l, blob);
}

void
links_put(const struct links *l, struct artifact_ctx *ctx, struct record *r,
    size_t field)
{
	if (l->full)
		note_why(ctx->notes, NOTE_READ_LIMIT, 0,
		    "%.*s: more than %d links", (int)r->locator.n, r->locator.p,
		    LINKS_MAX);
	record_list(r, field, l->v, l->n);
}
