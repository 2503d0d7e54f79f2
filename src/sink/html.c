#include "html.h"

#include <stdarg.h>
#include <string.h>

#include "utf8.h"
#include "when.h"
#include "words.h"

void
html_raw(struct html *h, const char *markup)
{
	buf_puts(&h->o.b, markup);
}

void
html_rawf(struct html *h, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(line))
		h->o.error = true;
	else
		buf_puts(&h->o.b, line);
}

static void
put_escaped(struct buf *b, uint32_t cp)
{
	if (utf8_is_unsafe(cp))
		buf_printf(b, "&lt;U+%04X&gt;", (unsigned)cp);
	else if (cp == '&')
		buf_puts(b, "&amp;");
	else if (cp == '<')
		buf_puts(b, "&lt;");
	else if (cp == '>')
		buf_puts(b, "&gt;");
	else if (cp == '"')
		buf_puts(b, "&quot;");
	else if (cp == '\'')
		buf_puts(b, "&#39;");
	else
		utf8_put(b, cp);
}

void
html_text(struct html *h, struct str s)
{
	for (size_t i = 0; i < s.n;)
		put_escaped(&h->o.b, utf8_next(s, &i));
}

void
html_cstr(struct html *h, const char *s)
{
	html_text(h, str_from(s));
}

void
html_value(struct html *h, struct str s)
{
	html_raw(h, "<bdi class=\"v\">");
	html_text(h, s);
	html_raw(h, "</bdi>");
}

/* "ios.sms was read": a name keeps its case. */
static bool
is_name(struct str s)
{
	struct str word = str_sub(s, 0, str_find(s, ' '));

	return str_find(word, '.') + 1 < word.n || str_find(word, '_') < word.n;
}

void
html_sentence(struct html *h, const char *s)
{
	struct str t = str_from(s);

	if (t.n == 0)
		return;
	if (t.p[0] >= 'a' && t.p[0] <= 'z' && !is_name(t))
		buf_u8(&h->o.b, (uint8_t)(t.p[0] - 'a' + 'A'));
	else
		html_text(h, str_sub(t, 0, 1));
	html_text(h, str_sub(t, 1, t.n));
	if (strchr(".:!?", t.p[t.n - 1]) == NULL)
		buf_u8(&h->o.b, '.');
}

void
html_number(struct html *h, uint64_t n)
{
	words_number(&h->o.b, n);
}

void
html_count(struct html *h, uint64_t n, const char *one, const char *many)
{
	words_count(&h->o.b, n, one, many);
}

void
html_time(struct html *h, int64_t ns)
{
	char iso[32], people[40];

	if (ns == TSTAMP_NONE) {
		html_raw(h, "undated");
		return;
	}
	html_rawf(h, "<time datetime=\"%s\">%s</time>", tstamp_iso(ns, iso),
	    when_people(ns, people));
}

void
html_day(struct html *h, int64_t ns)
{
	char iso[32];

	(void)tstamp_iso(ns, iso);
	if (ns == TSTAMP_NONE)
		html_raw(h, "<span title=\"undated\">–</span>");
	else
		html_rawf(h, "<time datetime=\"%s\">%.10s</time>", iso, iso);
}

/*
 * Shapes in a box of 16 by 16 around (x, y), one for each level: they differ
 * without colour.
 */
void
html_level_shape(
    struct html *h, enum level l, double x, double y, const char *extra_class)
{
	static const char *const path[] = {
		[LEVEL_INFO] = "M-2-6h4v12h-4z",
		[LEVEL_LOW] = "M-5-5h10v10h-10z",
		[LEVEL_MEDIUM] = "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",
		[LEVEL_HIGH] = "M0-7l7 13h-14z",
		[LEVEL_CRITICAL] = "M0-8l8 8l-8 8l-8-8z",
	};

	html_rawf(h,
	    "<path class=\"%s\" transform=\"translate(%.1f %.1f)\" "
	    "d=\"%s\"/>",
	    extra_class, x, y, path[l]);
}

void
html_badge(struct html *h, enum level l)
{
	html_rawf(h,
	    "<span class=\"badge l-%s\"><svg viewBox=\"-8 -8 16 16\" "
	    "aria-hidden=\"true\">",
	    level_name(l));
	html_level_shape(h, l, 0, 0, "");
	html_rawf(h, "</svg>%s</span>", level_name(l));
}
