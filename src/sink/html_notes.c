#include <inttypes.h>

#include "html.h"

/* Where the evidence is odd or damaged. */
#define NOTES_MAX 300

static const char *
effect_words(enum note_effect e)
{
	static const char *const words[] = {
		[NOTE_EFFECT_NONE] = "none",
		[NOTE_EFFECT_PARTIAL] = "read in part",
		[NOTE_EFFECT_FAILED] = "failed",
		[NOTE_EFFECT_UNKNOWN_VERSION] = "unknown version",
	};

	return words[e];
}

static void
put_note(struct html *h, const struct report_note *n)
{
	html_raw(h, "<tr><td class=\"w\">");
	html_cstr(h, n->artifact ? n->artifact : "the acquisition");
	html_raw(h, "</td><td class=\"w\">");
	html_cstr(h, n->text ? n->text : n->name);
	html_rawf(
	    h, "</td><td>%s</td><td class=\"w\">", effect_words(n->effect));
	if (n->path != NULL) {
		html_value(h, str_from(n->path));
		html_rawf(h, " at %" PRIu64, n->offset);
	}
	html_raw(h, "</td></tr>\n");
	out_step(&h->o);
}

void
html_notes(struct html *h)
{
	const struct report *r = h->r;

	html_raw(h, "<section id=\"notes\" aria-labelledby=\"h-notes\">"
		    "<h2 id=\"h-notes\">Notes</h2><div class=\"card\">");
	if (r->nnotes == 0) {
		html_raw(h, "<p>Nothing odd or damaged was met while reading."
			    "</p></div></section>\n");
		return;
	}
	html_raw(h, "<details><summary>");
	html_count(h, r->nnotes, "place", "places");
	html_raw(h, " where the evidence is odd or damaged</summary>"
		    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		    "aria-label=\"Notes\"><table><caption>Notes lower what "
		    "counts as read; they never raise a verdict</caption>"
		    "<thead><tr><th scope=\"col\">Of</th><th scope=\"col\">"
		    "What</th><th scope=\"col\">Effect</th><th scope=\"col\">"
		    "Where</th></tr></thead><tbody>");
	for (size_t i = 0; i < r->nnotes && i < NOTES_MAX; i++)
		put_note(h, &r->notes[i]);
	html_raw(h, "</tbody></table></div>");
	if (r->nnotes > NOTES_MAX) {
		html_raw(h, "<p class=\"fine\">");
		html_number(h, r->nnotes - NOTES_MAX);
		html_raw(h, " more stand in report.json.</p>");
	}
	html_raw(h, "</details></div></section>\n");
}
