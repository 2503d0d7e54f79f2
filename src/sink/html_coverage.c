#include "html.h"

/* What was read of each artifact, and how far back it reaches. */
#define REASONS_MAX 8

/* Shape and word of a status. */
static void
put_status(struct html *h, enum cover c)
{
	static const char *const shape[] = {
		[COVER_READ] = "<circle class=\"s\" cx=\"10\" cy=\"10\" "
			       "r=\"5\"/>",
		[COVER_PARTIAL] = "<path class=\"s\" d=\"M10 5a5 5 0 0 0 0 "
				  "10z\"/>",
		[COVER_ABSENT] = "",
		[COVER_FAILED] = "<path d=\"M6 6l8 8M14 6l-8 8\"/>",
		[COVER_UNKNOWN_VERSION] = "<path d=\"M10 5v6M10 14v1\"/>",
		[COVER_NOT_APPLICABLE] = "<path d=\"M6 10h8\"/>",
		[COVER_NOT_IN_THIS_KIND] = "<path d=\"M6 10h8\"/>",
	};
	static const char *const words[] = {
		[COVER_READ] = "read",
		[COVER_PARTIAL] = "partly read",
		[COVER_ABSENT] = "absent",
		[COVER_FAILED] = "failed",
		[COVER_UNKNOWN_VERSION] = "unknown version",
		[COVER_NOT_APPLICABLE] = "not applicable",
		[COVER_NOT_IN_THIS_KIND] = "not in this kind",
	};

	html_rawf(h,
	    "<span class=\"st\"><svg class=\"glyph\" viewBox=\"0 0 20 20\" "
	    "aria-hidden=\"true\"><circle cx=\"10\" cy=\"10\" r=\"8\"/>%s"
	    "</svg>%s</span>",
	    shape[c], words[c]);
}

/* Where [first, last] lies in what the whole acquisition reaches. */
struct axis {
	int64_t from_ns, to_ns;
};

static struct axis
axis_of(const struct report *r)
{
	struct axis a = { TSTAMP_NONE, TSTAMP_NONE };

	for (size_t i = 0; i < r->ncoverage; i++) {
		const struct coverage *c = &r->coverage[i];

		if (tstamp_plausible(c->first_ns) &&
		    (a.from_ns == TSTAMP_NONE || c->first_ns < a.from_ns))
			a.from_ns = c->first_ns;
		if (tstamp_plausible(c->last_ns) && c->last_ns > a.to_ns)
			a.to_ns = c->last_ns;
	}
	return a;
}

static void
put_reach(struct html *h, const struct axis *a, const struct coverage *c)
{
	double span = (double)a->to_ns - (double)a->from_ns, x, w;

	if (!tstamp_plausible(c->first_ns) || !tstamp_plausible(c->last_ns) ||
	    a->from_ns == TSTAMP_NONE || span <= 0)
		return;
	x = ((double)c->first_ns - (double)a->from_ns) / span * 100;
	w = ((double)c->last_ns - (double)c->first_ns) / span * 100;
	if (w < 1.5)
		w = 1.5;
	if (x > 100 - w)
		x = 100 - w;
	html_rawf(h,
	    "<svg class=\"reach\" viewBox=\"0 0 100 8\" "
	    "preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect "
	    "class=\"m0\" y=\"3\" width=\"100\" height=\"2\"/><rect "
	    "class=\"m1\" x=\"%.1f\" y=\"1\" width=\"%.1f\" height=\"6\"/>"
	    "</svg>",
	    x, w);
}

static void
put_reasons(struct html *h, const char *const *v)
{
	html_raw(h, "<tr><td colspan=\"8\"><ul class=\"reasons\">");
	for (size_t i = 0; v[i] != NULL; i++) {
		if (i == REASONS_MAX) {
			html_raw(h, "<li>more in report.json</li>");
			break;
		}
		html_raw(h, "<li>");
		html_cstr(h, v[i]);
		html_raw(h, "</li>");
	}
	html_raw(h, "</ul></td></tr>\n");
}

static void
put_cover(struct html *h, const struct axis *a, const struct coverage *c)
{
	bool has_reasons = c->reasons != NULL && c->reasons[0] != NULL;

	html_raw(h, has_reasons ? "<tr class=\"open\">" : "<tr>");
	html_raw(h, "<th scope=\"row\">");
	html_cstr(h, c->artifact);
	html_raw(h, "</th><td>");
	put_status(h, c->status);
	html_rawf(
	    h, "</td><td>%s</td><td class=\"n\">", c->required ? "yes" : "no");
	html_number(h, c->records);
	html_raw(h, "</td><td class=\"n\">");
	html_number(h, c->events);
	html_raw(h, "</td><td class=\"t\">");
	html_day(h, c->first_ns);
	html_raw(h, "</td><td class=\"t\">");
	html_day(h, c->last_ns);
	html_raw(h, "</td><td>");
	put_reach(h, a, c);
	html_raw(h, "</td></tr>\n");
	if (has_reasons)
		put_reasons(h, (const char *const *)c->reasons);
}

void
html_coverage(struct html *h)
{
	const struct report *r = h->r;
	struct axis a = axis_of(r);
	size_t elsewhere = 0;

	html_raw(h, "<section id=\"coverage\" aria-labelledby=\"h-cover\">"
		    "<h2 id=\"h-cover\">Coverage</h2><div class=\"card\">"
		    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		    "aria-label=\"Coverage\"><table><caption>What was read of "
		    "each artifact, and how far back it reaches. Those that "
		    "are required must be read in full before \"no known "
		    "trace\" can be said.</caption><thead><tr>"
		    "<th scope=\"col\">Artifact</th><th scope=\"col\">Status"
		    "</th><th scope=\"col\">Required</th><th scope=\"col\" "
		    "class=\"n\">Records</th><th scope=\"col\" class=\"n\">"
		    "Events</th><th scope=\"col\">From</th><th scope=\"col\">"
		    "To</th><th scope=\"col\">Reach</th></tr></thead><tbody>");
	for (size_t i = 0; i < r->ncoverage; i++) {
		if (r->coverage[i].status == COVER_NOT_IN_THIS_KIND &&
		    !r->coverage[i].required) {
			elsewhere++;
			continue;
		}
		put_cover(h, &a, &r->coverage[i]);
		out_step(&h->o);
	}
	html_raw(h, "</tbody></table></div>");
	if (elsewhere > 0) {
		html_raw(h, "<p class=\"fine\">");
		html_count(h, elsewhere,
		    "other artifact that this version "
		    "reads stands",
		    "other artifacts that this version reads stand");
		html_raw(h, " in other kinds of acquisition only.</p>");
	}
	html_raw(h, "</div></section>\n");
}
