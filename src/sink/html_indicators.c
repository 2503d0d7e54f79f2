#include "html.h"

/* What was compared: the sets, and what in them could not be used. */
#define REJECTED_MAX 200

static void
put_set(struct html *h, const struct indicator_set *s, size_t applicable)
{
	html_raw(h, "<tr><th scope=\"row\" class=\"w\">");
	html_cstr(h, s->name);
	html_raw(h, "<div class=\"fine\">");
	html_cstr(h, s->file);
	html_rawf(h, ", SHA-256 %.16s…</div></th><td class=\"n\">", s->sha256);
	html_number(h, applicable);
	html_raw(h, "</td><td class=\"n\">");
	html_number(h, s->loaded);
	html_raw(h, "</td><td class=\"n\">");
	html_number(h, s->rejected);
	html_raw(h, "</td><td class=\"t\">");
	html_day(h, s->newest_ns);
	html_raw(h, "</td><td class=\"w\">");
	html_cstr(h, s->source);
	if (s->licence != NULL) {
		html_raw(h, " (");
		html_cstr(h, s->licence);
		html_raw(h, ")");
	}
	html_raw(h, "</td></tr>\n");
	out_step(&h->o);
}

static void
put_rejected(struct html *h)
{
	const struct indicator_rejected *v = NULL;
	size_t n = h->r->indicators != NULL
		       ? indicators_rejected(h->r->indicators, &v)
		       : 0;

	if (n == 0)
		return;
	html_raw(h, "<details><summary>");
	html_count(h, n, "indicator", "indicators");
	html_raw(h, " could not be used</summary><div class=\"scroll\" "
		    "tabindex=\"0\" role=\"region\" aria-label=\"Rejected\">"
		    "<table><caption>Indicators that could not be used, and "
		    "why</caption><thead><tr><th scope=\"col\">Set</th>"
		    "<th scope=\"col\">Pattern</th><th scope=\"col\">Why</th>"
		    "</tr></thead><tbody>");
	for (size_t i = 0; i < n && i < REJECTED_MAX; i++) {
		html_raw(h, "<tr><td class=\"w\">");
		html_cstr(h, v[i].set);
		html_raw(h, "</td><td class=\"w\">");
		html_value(h, str_from(v[i].pattern));
		html_raw(h, "</td><td class=\"w\">");
		html_cstr(h, v[i].why);
		html_raw(h, "</td></tr>\n");
		out_step(&h->o);
	}
	html_raw(h, "</tbody></table></div>");
	if (n > REJECTED_MAX) {
		html_raw(h, "<p class=\"fine\">");
		html_number(h, n - REJECTED_MAX);
		html_raw(h, " more stand in report.json.</p>");
	}
	html_raw(h, "</details>\n");
}

void
html_indicators(struct html *h)
{
	const struct indicator_set *s = NULL;
	const struct report *r = h->r;
	size_t n =
	    r->indicators != NULL ? indicators_sets(r->indicators, &s) : 0;

	html_raw(h, "<section id=\"indicators\" aria-labelledby=\"h-ind\">"
		    "<h2 id=\"h-ind\">Indicators</h2><div class=\"card\">");
	if (n == 0) {
		html_raw(h, "<p>No indicators were loaded.</p></div>"
			    "</section>\n");
		return;
	}
	html_raw(h, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		    "aria-label=\"Indicator sets\"><table><caption>Published "
		    "sets that were compared. How many were loaded says "
		    "nothing about the phone; how many could apply says how "
		    "much was asked.</caption><thead><tr><th scope=\"col\">"
		    "Set</th><th scope=\"col\" class=\"n\">Could apply</th>"
		    "<th scope=\"col\" class=\"n\">Loaded</th><th "
		    "scope=\"col\" class=\"n\">Not usable</th><th "
		    "scope=\"col\">Newest</th><th scope=\"col\">Source"
		    "</th></tr></thead><tbody>");
	for (size_t i = 0; i < n; i++)
		put_set(h, &s[i], r->applicable ? r->applicable[i] : 0);
	html_raw(h, "</tbody></table></div>");
	put_rejected(h);
	html_raw(h, "</div></section>\n");
}
