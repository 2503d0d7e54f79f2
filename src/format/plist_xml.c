#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "plist_impl.h"
#include "tstamp.h"
#include "utf8.h"

/*
 * The XML form (plist 1.0 DTD): <plist> around one value of <dict> <array>
 * <string> <integer> <real> <date> <data> <true/> <false/>. UTF-8 only. A
 * DOCTYPE is skipped whole: nothing that it declares is ever expanded.
 */
enum tag_kind { TAG_OPEN, TAG_CLOSE, TAG_EMPTY, TAG_END_OF_FILE };

struct tag {
	enum tag_kind kind;
	struct str name;
	size_t off;
};

struct xml {
	struct cur c;
	struct arena *a;
	const struct notes *n;
	unsigned depth;
	uint32_t nodes;
	bool cut; /* noted already */
};

static struct plist *value(struct xml *x, const struct tag *t);

/* Moves c to the first `what`, or to the end; what lies before as *out. */
static bool
until(struct cur *c, const char *what, struct str *out)
{
	struct str all = cur_rest(*c);
	size_t len = strlen(what);
	const char *f = all.n ? memmem(all.p, all.n, what, len) : NULL;
	size_t n = f ? (size_t)(f - all.p) : all.n;

	*out = str_sub(all, 0, n);
	(void)cur_skip(c, n);
	return f != NULL;
}

static bool
skip_past(struct xml *x, const char *what)
{
	struct str gone;

	return until(&x->c, what, &gone) && cur_skip(&x->c, strlen(what));
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct str
trim(struct str s)
{
	while (s.n > 0 && is_space(s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

static void
cut(struct xml *x)
{
	if (!x->cut)
		note(x->n, NOTE_PLIST_CUT, x->c.off);
	x->cut = true;
}

/* <!DOCTYPE ...>, which may hold declarations between [ and ]. */
static bool
skip_doctype(struct xml *x)
{
	struct str before;
	struct cur w = x->c;

	if (until(&w, ">", &before) && str_find(before, '[') < before.n)
		return skip_past(x, "]") && skip_past(x, ">");
	return skip_past(x, ">");
}

/* Comments, instructions and declarations that stand at the cursor. */
static bool
skip_markup(struct xml *x, bool *skipped)
{
	*skipped = true;
	if (cur_magic(&x->c, "<!--", 4))
		return skip_past(x, "-->");
	if (cur_magic(&x->c, "<?", 2))
		return skip_past(x, "?>");
	if (cur_magic(&x->c, "<!DOCTYPE", 9))
		return skip_doctype(x);
	*skipped = false;
	return true;
}

/* "<name attributes>", "</name>" or "<name/>" at the cursor. */
static bool
read_tag(struct xml *x, struct tag *out)
{
	struct str s;
	size_t n = 0;

	out->off = x->c.off;
	out->kind = TAG_OPEN;
	(void)cur_skip(&x->c, 1);
	if (!until(&x->c, ">", &s))
		return false;
	(void)cur_skip(&x->c, 1);
	if (s.n > 0 && s.p[0] == '/') {
		out->kind = TAG_CLOSE;
		s = str_sub(s, 1, s.n);
	} else if (s.n > 0 && s.p[s.n - 1] == '/') {
		out->kind = TAG_EMPTY;
		s.n--;
	}
	while (n < s.n && !is_space(s.p[n]))
		n++;
	out->name = str_sub(s, 0, n);
	return true;
}

/* The next tag; text on the way that is not white space is noted. */
static void
next_tag(struct xml *x, struct tag *out)
{
	struct str between;
	bool skipped;

	*out = (struct tag){ .kind = TAG_END_OF_FILE, .name = str_from("") };
	for (;;) {
		size_t off = x->c.off;
		bool more = until(&x->c, "<", &between);

		if (trim(between).n > 0)
			note(x->n, NOTE_PLIST_XML, off);
		if (!more)
			return;
		if (!skip_markup(x, &skipped))
			return;
		if (!skipped)
			break;
	}
	if (!read_tag(x, out))
		out->kind = TAG_END_OF_FILE;
}

static struct plist *
node(struct xml *x, enum plist_type type, size_t off)
{
	if (x->nodes >= LIMIT_PLIST_NODES) {
		note(x->n, NOTE_READ_LIMIT, off);
		return NULL;
	}
	x->nodes++;
	return plist_node(x->a, x->n, type, off);
}

/* "#38", "#x26" or a name, without & and ;. */
static bool
entity(struct str s, uint32_t *out)
{
	static const struct {
		const char *name;
		uint32_t cp;
	} names[] = {
		{"lt",	'<' },
		       { "gt",   '>' },
		      { "amp",  '&' },
		      { "quot", '"' },
		{ "apos", '\''}
	};
	bool hex = str_starts(s, "#x");
	uint32_t v = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(s, names[i].name)) {
			*out = names[i].cp;
			return true;
		}
	if (!str_starts(s, "#") || s.n > 10 || s.n < (hex ? 3U : 2U))
		return false;
	for (size_t i = hex ? 2 : 1; i < s.n; i++) {
		char c = ascii_lower(s.p[i]);
		uint32_t d = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
			     : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
						    : 99;

		if (d >= (hex ? 16U : 10U))
			return false;
		v = v * (hex ? 16U : 10U) + d;
	}
	*out = v;
	return v != 0 && v <= 0x10ffff && (v < 0xd800 || v > 0xdfff);
}

/* Character data with its entities replaced; *odd when some cannot be. */
static void
put_text(struct buf *out, struct str s, bool *odd)
{
	uint32_t cp = 0;

	while (s.n > 0) {
		size_t amp = str_find(s, '&'), end;

		buf_str(out, str_sub(s, 0, amp));
		if (amp == s.n)
			return;
		s = str_sub(s, amp + 1, s.n);
		end = str_find(str_sub(s, 0, 12), ';');
		if (end < s.n && s.p[end] == ';' &&
		    entity(str_sub(s, 0, end), &cp)) {
			utf8_put(out, cp);
			s = str_sub(s, end + 1, s.n);
		} else {
			buf_u8(out, '&');
			*odd = true;
		}
	}
}

/*
 * Well-formed text without NUL, copied when it has to be; noted when it was
 * not so.
 */
static struct str
checked(struct xml *x, struct str s, size_t off)
{
	bool nul = str_find(s, '\0') < s.n;
	struct buf b;
	struct str out;

	if (nul || !utf8_valid(s))
		note(x->n, NOTE_PLIST_TEXT, off);
	if (utf8_valid(s))
		return s;
	buf_init(&b, s.n * 3);
	for (size_t i = 0; i < s.n;)
		utf8_put(&b, utf8_next(s, &i));
	out = arena_str(x->a, buf_text(&b));
	buf_done(&b);
	if (out.p == NULL)
		note(x->n, NOTE_READ_LIMIT, off);
	return out.p ? out : str_from("");
}

/* What stands before the closing tag, in pieces, into b. */
static void
gather(struct xml *x, struct buf *b, bool *odd)
{
	struct str piece;
	bool skipped;

	while (until(&x->c, "<", &piece)) {
		put_text(b, piece, odd);
		if (cur_magic(&x->c, "<![CDATA[", 9)) {
			(void)until(&x->c, "]]>", &piece);
			buf_str(b, piece);
			if (!cur_skip(&x->c, 3))
				cut(x);
		} else if (!skip_markup(x, &skipped)) {
			cut(x);
			return;
		} else if (!skipped) {
			return;
		}
	}
	put_text(b, piece, odd);
	cut(x);
}

/*
 * The text of a scalar up to the closing tag, which is consumed. Borrowed
 * when it is one plain run, as nearly always.
 */
static struct str
scalar_text(struct xml *x, const struct tag *open)
{
	struct cur start = x->c;
	struct str s;
	struct tag t;
	struct buf b;
	bool odd = false;

	if (open->kind == TAG_EMPTY)
		return str_from("");
	if (until(&x->c, "<", &s) && x->c.len > 1 && x->c.p[1] == '/' &&
	    str_find(s, '&') == s.n) {
		s = checked(x, s, start.off);
	} else {
		x->c = start;
		buf_init(&b, start.len + 16);
		gather(x, &b, &odd);
		s = arena_str(x->a, buf_text(&b));
		buf_done(&b);
		if (s.p == NULL) {
			note(x->n, NOTE_READ_LIMIT, start.off);
			s = str_from("");
		}
		s = checked(x, s, start.off);
		if (odd)
			note(x->n, NOTE_PLIST_XML, start.off);
	}
	if (x->c.len == 0)
		return s;
	start = x->c;
	next_tag(x, &t);
	if (t.kind == TAG_END_OF_FILE) {
		cut(x);
	} else if (t.kind != TAG_CLOSE || !str_eq(t.name, open->name)) {
		note(x->n, NOTE_PLIST_XML, t.off);
		/* An opening tag here starts the next value: leave it. */
		if (t.kind != TAG_CLOSE)
			x->c = start;
	}
	return s;
}

/* Short text as a C string; false when it is too long to be a number. */
static bool
cstring(struct str s, char out[static 64])
{
	struct cur c = cur_from(s.p, s.n);

	if (s.n == 0 || s.n > 63 || str_find(s, '\0') < s.n)
		return false;
	out[s.n] = '\0';
	return cur_copy(&c, s.n, out);
}

static bool
integer(struct plist *p, struct str s)
{
	bool minus = str_starts(s, "-");
	struct str body = minus || str_starts(s, "+") ? str_sub(s, 1, s.n) : s;
	bool hex = str_starts(body, "0x") || str_starts(body, "0X");
	char text[64], *end;
	uint64_t v;

	if (!cstring(body, text) || text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	v = strtoull(text, &end, hex ? 16 : 10);
	if (*end != '\0' || errno != 0 || (minus && v > (uint64_t)1 << 63))
		return false;
	if (!minus && v > INT64_MAX) {
		p->type = PLIST_UINT;
		p->u = v;
	} else {
		p->i = (int64_t)(minus ? 0 - v : v);
	}
	return true;
}

static bool
real(struct plist *p, struct str s)
{
	char text[64], *end;

	if (!cstring(s, text))
		return false;
	p->real = strtod(text, &end);
	return *end == '\0';
}

/*
 * ISO 8601 in UTC. What CoreFoundation calls the distant past (year 1) is a
 * well-formed date that we cannot hold: TSTAMP_NONE without a note.
 */
static bool
date(struct plist *p, struct str s)
{
	char text[64];

	p->date.ns = TSTAMP_NONE;
	if (!cstring(s, text))
		return false;
	if (!tstamp_parse(text, &p->date.ns))
		return strncmp(text, "000", 3) == 0 ||
		       strncmp(text, "4001-", 5) == 0;
	p->date.raw = (double)p->date.ns / 1e9 - 978307200.0;
	return true;
}

static int
base64_digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";
	const char *f = c != '\0' ? strchr(digits, c) : NULL;

	return f ? (int)(f - digits) : -1;
}

static bool
base64(struct xml *x, struct str s, struct str *out)
{
	char *p = arena_alloc(x->a, s.n / 4 * 3 + 3, 1);
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;
	bool good = true;

	*out = str_from("");
	if (p == NULL)
		return note(x->n, NOTE_READ_LIMIT, x->c.off);
	for (size_t i = 0; i < s.n; i++) {
		int d = base64_digit(s.p[i]);

		if (d < 0) {
			good &= is_space(s.p[i]) || s.p[i] == '=';
			continue;
		}
		bits = bits << 6 | (uint32_t)d;
		if ((have += 6) >= 8) {
			have -= 8;
			p[n++] = (char)(bits >> have & 0xff);
		}
	}
	*out = (struct str){ .p = p, .n = n };
	return good;
}

/* A number or date that is none becomes a null object. */
static struct plist *
scalar(struct xml *x, const struct tag *t, enum plist_type type,
    bool (*read)(struct plist *, struct str))
{
	struct plist *p = node(x, type, t->off);
	struct str s = scalar_text(x, t);

	if (p != NULL && !read(p, trim(s))) {
		note(x->n, NOTE_PLIST_OBJECT, t->off);
		p->type = PLIST_NULL;
	}
	return p;
}

static struct plist *
string(struct xml *x, const struct tag *t)
{
	struct plist *p = node(x, PLIST_STRING, t->off);
	struct str s = scalar_text(x, t);

	if (p != NULL)
		p->s = s;
	return p;
}

static struct plist *
data(struct xml *x, const struct tag *t)
{
	struct plist *p = node(x, PLIST_DATA, t->off);
	struct str s = scalar_text(x, t);

	if (p != NULL && !base64(x, s, &p->s))
		note(x->n, NOTE_PLIST_OBJECT, t->off);
	return p;
}

static struct plist *
boolean(struct xml *x, const struct tag *t)
{
	struct plist *p = node(x, PLIST_BOOL, t->off);

	if (trim(scalar_text(x, t)).n > 0)
		note(x->n, NOTE_PLIST_XML, t->off);
	if (p != NULL)
		p->b = str_is(t->name, "true");
	return p;
}

/* Grows by doubling inside the arena; what is outgrown stays there unused. */
static void *
grown(struct xml *x, void *old, size_t n, size_t *cap, size_t size)
{
	size_t want = *cap ? *cap * 2 : 8;
	void *p;

	if (n < *cap)
		return old;
	if ((p = arena_alloc(x->a, want, size)) == NULL) {
		note(x->n, NOTE_READ_LIMIT, x->c.off);
		return NULL;
	}
	if (n > 0)
		memcpy(p, old, n * size);
	*cap = want;
	return p;
}

/*
 * The next child of a container; false at its closing tag, at the end of the
 * file, and at the closing tag of something that encloses it.
 */
static bool
child(struct xml *x, const struct tag *parent, struct tag *out)
{
	for (;;) {
		struct cur before = x->c;

		next_tag(x, out);
		if (out->kind == TAG_END_OF_FILE) {
			cut(x);
			return false;
		}
		if (out->kind != TAG_CLOSE)
			return true;
		if (str_eq(out->name, parent->name))
			return false;
		note(x->n, NOTE_PLIST_XML, out->off);
		if (str_is(out->name, "dict") || str_is(out->name, "array") ||
		    str_is(out->name, "plist")) {
			x->c = before;
			return false;
		}
	}
}

static struct plist *
array(struct xml *x, const struct tag *t)
{
	struct plist *p = node(x, PLIST_ARRAY, t->off), *v;
	struct tag item;
	size_t cap = 0;
	void *room;

	while (p != NULL && t->kind == TAG_OPEN && child(x, t, &item)) {
		if ((v = value(x, &item)) == NULL)
			continue;
		if ((room = grown(x, p->array.v, p->array.n, &cap,
			 sizeof(*p->array.v))) == NULL)
			break;
		p->array.v = room;
		p->array.v[p->array.n++] = v;
	}
	return p;
}

static struct plist *
dict(struct xml *x, const struct tag *t)
{
	struct plist *p = node(x, PLIST_DICT, t->off), *v;
	struct str key = { NULL, 0 };
	struct tag item;
	size_t cap = 0;
	void *room;

	while (p != NULL && t->kind == TAG_OPEN && child(x, t, &item)) {
		if (str_is(item.name, "key")) {
			if (key.p != NULL)
				note(x->n, NOTE_PLIST_KEY, item.off);
			key = scalar_text(x, &item);
			continue;
		}
		v = value(x, &item);
		if (key.p == NULL)
			note(x->n, NOTE_PLIST_KEY, item.off);
		if (v == NULL || key.p == NULL)
			continue;
		if ((room = grown(x, p->dict.v, p->dict.n, &cap,
			 sizeof(*p->dict.v))) == NULL)
			break;
		p->dict.v = room;
		p->dict.v[p->dict.n++] =
		    (struct plist_pair){ .key = key, .value = v };
		key.p = NULL;
	}
	if (key.p != NULL && !x->cut)
		note(x->n, NOTE_PLIST_KEY, t->off);
	return p;
}

/* NULL when the tag is no value's; it is then noted and stepped into. */
static struct plist *
value(struct xml *x, const struct tag *t)
{
	static const struct {
		const char *name;
		struct plist *(*read)(struct xml *, const struct tag *);
	} forms[] = {
		{"string", string },
		      { "data",	data   },
		{ "true",  boolean},
		{ "false", boolean},
		      { "array", array  },
		  { "dict",  dict	 }
	};
	struct plist *p;

	if (str_is(t->name, "integer"))
		return scalar(x, t, PLIST_INT, integer);
	if (str_is(t->name, "real"))
		return scalar(x, t, PLIST_REAL, real);
	if (str_is(t->name, "date"))
		return scalar(x, t, PLIST_DATE, date);
	if (x->depth >= LIMIT_PLIST_DEPTH) {
		note(x->n, NOTE_READ_LIMIT, t->off);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (str_is(t->name, forms[i].name)) {
			x->depth++;
			p = forms[i].read(x, t);
			x->depth--;
			return p;
		}
	note(x->n, NOTE_PLIST_XML, t->off);
	return NULL;
}

struct plist *
plist_xml_parse(struct cur file, struct arena *a, const struct notes *n)
{
	struct xml x = { .c = file, .a = a, .n = n };
	struct plist *p;
	struct tag t;

	next_tag(&x, &t);
	if (t.kind == TAG_OPEN && str_is(t.name, "plist"))
		next_tag(&x, &t);
	else if (t.kind != TAG_END_OF_FILE && !str_is(t.name, "plist"))
		note(n, NOTE_PLIST_XML, t.off);
	p = t.kind == TAG_OPEN || t.kind == TAG_EMPTY ? value(&x, &t) : NULL;
	if (p == NULL) {
		note(n, NOTE_PLIST_KIND, file.off);
		return NULL;
	}
	next_tag(&x, &t);
	if (t.kind != TAG_CLOSE || !str_is(t.name, "plist"))
		cut(&x);
	return p;
}
