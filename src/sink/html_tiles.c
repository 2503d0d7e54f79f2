#include "html.h"
#include "words.h"

/*
 * What was read, at a glance: a tile for each role that findings can have,
 * because that is what coverage of a role allows to be said, and one for the
 * indicators that could apply.
 */
struct tile {
	size_t wanted; /* artifacts that are there, or must be */
	size_t read, partial;
	uint64_t records;
};

static bool
is_there(const struct coverage *c)
{
	return c->required || c->status == COVER_READ ||
	       c->status == COVER_PARTIAL || c->status == COVER_FAILED ||
	       c->status == COVER_UNKNOWN_VERSION;
}

static struct tile
tile_of(const struct report *r, enum role role)
{
	struct tile t = { 0 };

	for (size_t i = 0; i < r->ncoverage; i++) {
		const struct coverage *c = &r->coverage[i];

		if (c->role != role || !is_there(c))
			continue;
		t.wanted++;
		t.read += c->status == COVER_READ;
		t.partial += c->status == COVER_PARTIAL;
		t.records += c->records;
	}
	return t;
}

static void
put_state(struct html *h, const struct tile *t)
{
	static const char open[] =
	    "<p class=\"st\"><svg class=\"glyph\" viewBox=\"0 0 20 20\" "
	    "aria-hidden=\"true\"><circle cx=\"10\" cy=\"10\" r=\"8\"/>";

	html_raw(h, open);
	if (t->wanted == 0)
		html_raw(h, "<path d=\"M6 10h8\"/></svg>Not in this kind of "
			    "acquisition");
	else if (t->read == t->wanted)
		html_raw(h, "<circle class=\"s\" cx=\"10\" cy=\"10\" "
			    "r=\"5\"/></svg>Read in full");
	else if (t->read + t->partial > 0)
		html_raw(h, "<path class=\"s\" d=\"M10 5a5 5 0 0 0 0 10z\"/>"
			    "</svg>Read in part");
	else
		html_raw(h, "<path d=\"M6 6l8 8M14 6l-8 8\"/></svg>Not read");
	html_raw(h, "</p>");
}

static void
put_tile(struct html *h, const char *title, enum role role)
{
	struct tile t = tile_of(h->r, role);
	int64_t reach = report_reach(h->r, 1U << role);

	html_rawf(h, "<div class=\"tile\"><h3>%s</h3>", title);
	put_state(h, &t);
	if (t.wanted > 0) {
		html_raw(h, "<p>");
		html_number(h, t.read);
		html_raw(h, " of ");
		html_count(h, t.wanted, "artifact", "artifacts");
		html_raw(h, " in full, ");
		html_count(h, t.records, "record", "records");
		html_raw(h, "</p>");
	}
	if (reach != TSTAMP_NONE) {
		html_raw(h, "<p>Reaches back to ");
		html_day(h, reach);
		html_raw(h, "</p>");
	}
	html_raw(h, "</div>\n");
}

static void
put_indicators_tile(struct html *h)
{
	struct report_counts n = report_counts(h->r);
	double share =
	    n.loaded > 0 ? (double)n.applicable / (double)n.loaded : 0;

	html_raw(h, "<div class=\"tile\"><h3>Published indicators</h3>"
		    "<p class=\"big\">");
	html_number(h, n.applicable);
	html_raw(h, " of ");
	html_number(h, n.loaded);
	html_rawf(h,
	    "</p><svg class=\"meter\" viewBox=\"0 0 100 6\" "
	    "preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect "
	    "class=\"m0\" width=\"100\" height=\"6\" rx=\"2\"/><rect "
	    "class=\"m1\" width=\"%.1f\" height=\"6\" rx=\"2\"/></svg>",
	    100 * share);
	html_raw(h, "<p>loaded indicators could apply to what was read; ");
	html_count(h, n.campaigns, "campaign", "campaigns");
	if (n.newest_ns != TSTAMP_NONE) {
		html_raw(h, ", the newest set of ");
		html_day(h, n.newest_ns);
	}
	html_raw(h, "</p></div>\n");
}

void
html_tiles(struct html *h)
{
	html_raw(h, "<section id=\"read\" aria-labelledby=\"h-read\">"
		    "<h2 id=\"h-read\">What was read</h2>"
		    "<div class=\"tiles\">\n");
	put_tile(h, "Programs that ran or were installed", ROLE_EXECUTION);
	put_tile(h, "Messages and attachments", ROLE_DELIVERY);
	put_tile(h, "Browsing", ROLE_VISIT);
	put_tile(h, "Network contact of programs", ROLE_CONTACT);
	put_tile(h, "Names in files and texts", ROLE_MENTION);
	put_indicators_tile(h);
	html_raw(h, "</div></section>\n");
	out_step(&h->o);
}
