#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "plist_impl.h"
#include "tstamp.h"
#include "xmlscan.h"

/*
 * The XML form (plist 1.0 DTD): <plist> around one value of <dict> <array>
 * <string> <integer> <real> <date> <data> <true/> <false/>.
 */
static struct plist *value(struct xml *x, const struct tag *t);

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
			good &= xml_is_space(s.p[i]) || s.p[i] == '=';
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
	struct str s = xml_text(x, t);

	if (p != NULL && !read(p, xml_trim(s))) {
		note(x->n, NOTE_PLIST_OBJECT, t->off);
		p->type = PLIST_NULL;
	}
	return p;
}

static struct plist *
string(struct xml *x, const struct tag *t)
{
	struct plist *p = node(x, PLIST_STRING, t->off);
	struct str s = xml_text(x, t);

	if (p != NULL)
		p->s = s;
	return p;
}

static struct plist *
data(struct xml *x, const struct tag *t)
{
	struct plist *p = node(x, PLIST_DATA, t->off);
	struct str s = xml_text(x, t);

	if (p != NULL && !base64(x, s, &p->s))
		note(x->n, NOTE_PLIST_OBJECT, t->off);
	return p;
}

static struct plist *
boolean(struct xml *x, const struct tag *t)
{
	struct plist *p = node(x, PLIST_BOOL, t->off);

	if (xml_trim(xml_text(x, t)).n > 0)
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

		xml_tag(x, out);
		if (out->kind == TAG_END_OF_FILE) {
			xml_cut(x);
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
			key = xml_text(x, &item);
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

	xml_tag(&x, &t);
	if (t.kind == TAG_OPEN && str_is(t.name, "plist"))
		xml_tag(&x, &t);
	else if (t.kind != TAG_END_OF_FILE && !str_is(t.name, "plist"))
		note(n, NOTE_PLIST_XML, t.off);
	p = t.kind == TAG_OPEN || t.kind == TAG_EMPTY ? value(&x, &t) : NULL;
	if (p == NULL) {
		note(n, NOTE_PLIST_KIND, file.off);
		return NULL;
	}
	xml_tag(&x, &t);
	if (t.kind != TAG_CLOSE || !str_is(t.name, "plist"))
		xml_cut(&x);
	return p;
}
