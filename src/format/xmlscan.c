#include "xmlscan.h"

#include <string.h>

#include "buf.h"
#include "utf8.h"

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

bool
xml_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
xml_trim(struct str s)
{
	while (s.n > 0 && xml_is_space(s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && xml_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

void
xml_cut(struct xml *x)
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
	while (n < s.n && !xml_is_space(s.p[n]))
		n++;
	out->name = str_sub(s, 0, n);
	return true;
}

void
xml_tag(struct xml *x, struct tag *out)
{
	struct str between;
	bool skipped;

	*out = (struct tag){ .kind = TAG_END_OF_FILE, .name = str_from("") };
	for (;;) {
		size_t off = x->c.off;
		bool more = until(&x->c, "<", &between);

		if (xml_trim(between).n > 0)
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
				xml_cut(x);
		} else if (!skip_markup(x, &skipped)) {
			xml_cut(x);
			return;
		} else if (!skipped) {
			return;
		}
	}
	put_text(b, piece, odd);
	xml_cut(x);
}

struct str
xml_text(struct xml *x, const struct tag *open)
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
	xml_tag(x, &t);
	if (t.kind == TAG_END_OF_FILE) {
		xml_cut(x);
	} else if (t.kind != TAG_CLOSE || !str_eq(t.name, open->name)) {
		note(x->n, NOTE_PLIST_XML, t.off);
		/* An opening tag here starts the next value: leave it. */
		if (t.kind != TAG_CLOSE)
			x->c = start;
	}
	return s;
}
