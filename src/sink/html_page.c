#include <string.h>

#include "consent.h"
#include "html.h"
#include "sink.h"
#include "verdict.h"
#include "version.h"
#include "words.h"

/*
 * report.html: one file that works from a disk, without script and without
 * anything loaded from elsewhere. Sections in the order in which a person
 * needs them: verdict, what was read, what to do, findings, timeline, then
 * what an expert wants to look up.
 */

/* Bytes to base64 with padding; out has room for 4 * (n + 2) / 3 + 1. */
static void
base64(const uint8_t *p, size_t n, char *out)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t v;

	for (size_t i = 0; i < n; i += 3) {
		v = (uint32_t)p[i] << 16;
		v |= i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0;
		v |= i + 2 < n ? (uint32_t)p[i + 2] : 0;
		*out++ = digit[v >> 18];
		*out++ = digit[v >> 12 & 63];
		*out++ = i + 1 < n ? digit[v >> 6 & 63] : '=';
		*out++ = i + 2 < n ? digit[v & 63] : '=';
	}
	*out = '\0';
}

static void
put_style(struct html *h)
{
	struct sha256 *sum = sha256_new();
	uint8_t bytes[SHA256_SIZE];
	char text[4 * (SHA256_SIZE + 2) / 3 + 1];

	for (size_t i = 0; html_style[i] != NULL; i++)
		sha256_add(sum, html_style[i], strlen(html_style[i]));
	sha256_end(sum, bytes);
	sha256_free(sum);
	base64(bytes, sizeof(bytes), text);
	html_rawf(h,
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
	    "form-action 'none'\">\n<style>",
	    text);
	for (size_t i = 0; html_style[i] != NULL; i++)
		html_raw(h, html_style[i]);
	html_raw(h, "</style>\n");
}

static const char *
verdict_words(enum verdict v)
{
	static const char *const words[] = {
		[VERDICT_NO_KNOWN_TRACE] = "No known trace",
		[VERDICT_INCONCLUSIVE] = "Inconclusive",
		[VERDICT_SUSPICIOUS] = "Suspicious",
		[VERDICT_MATCH] = "Match",
		[VERDICT_INVALID_INPUT] = "Invalid input",
	};

	return words[v];
}

static const char *
label_of(const struct report *r)
{
	return r->label ? r->label : r->path ? r->path : "";
}

static void
put_head(struct html *h)
{
	html_raw(h,
	    "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	html_raw(h, verdict_words(h->r->verdict));
	html_raw(h, ": ");
	html_cstr(h, label_of(h->r));
	html_raw(h, " (Telassay report)</title>\n");
	put_style(h);
	html_raw(h,
	    "</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the "
	    "verdict</a>\n<div class=\"page\">\n<header class=\"top\">"
	    "<p class=\"brand\">Telassay <span>phone check report</span></p>"
	    "<p>");
	html_value(h, str_from(label_of(h->r)));
	if (h->r->group != NULL) {
		html_raw(h, ", group ");
		html_value(h, str_from(h->r->group));
	}
	html_raw(h, "</p></header>\n<main id=\"main\">\n");
}

/* Each verdict has a shape of its own: the word never stands on colour alone. */
static const char *
verdict_shape(enum verdict v)
{
	static const char *const svg[] = {
		/* a lens that shows nothing */
		[VERDICT_NO_KNOWN_TRACE] =
		    "<circle cx=\"27\" cy=\"27\" r=\"17\"/>"
		    "<path d=\"M40 40l15 15M19 27h16\"/>",
		/* a question in a ring */
		[VERDICT_INCONCLUSIVE] =
		    "<circle cx=\"32\" cy=\"32\" r=\"26\"/>"
		    "<path d=\"M24 25a8 8 0 1 1 11 8c-2 1-3 2-3 5M32 45v1\"/>",
		/* a warning triangle */
		[VERDICT_SUSPICIOUS] =
		    "<path d=\"M32 7l27 48h-54zM32 24v15M32 46v1\"/>",
		/* a stop sign */
		[VERDICT_MATCH] =
		    "<path d=\"M21 5h22l16 16v22l-16 16h-22l-16-16v-22z"
		    "M32 17v19M32 45v2\"/>",
		/* a sheet that is crossed out */
		[VERDICT_INVALID_INPUT] =
		    "<path d=\"M14 6h24l12 12v40h-36zM24 30l16 16M40 30l-16 "
		    "16\"/>",
	};

	return svg[v];
}

static void
put_band(struct html *h)
{
	const struct report *r = h->r;

	if (r->device.sample)
		html_raw(h,
		    "<p class=\"sample\">This is a sample phone that Telassay "
		    "made itself. It is no evidence.</p>\n");
	html_rawf(h,
	    "<div class=\"band v-%s\" role=\"region\" "
	    "aria-labelledby=\"verdict\"><svg viewBox=\"0 0 64 64\" "
	    "aria-hidden=\"true\" fill=\"none\" stroke=\"currentColor\" "
	    "stroke-width=\"4.5\" stroke-linecap=\"round\" "
	    "stroke-linejoin=\"round\">%s</svg><div><p class=\"eyebrow\">"
	    "Verdict on this ",
	    verdict_name(r->verdict), verdict_shape(r->verdict));
	html_cstr(h, words_kind(r));
	html_rawf(h, "</p><h1 id=\"verdict\">%s</h1><p class=\"says\">",
	    verdict_words(r->verdict));
	html_sentence(h, r->summary);
	html_raw(h, "</p></div></div>\n");
}

static void
meta(struct html *h, const char *term)
{
	html_rawf(h, "<div><dt>%s</dt><dd>", term);
}

static void
put_phone(struct html *h)
{
	const struct device *d = &h->r->device;

	meta(h, "Phone");
	html_cstr(h, d->model ? d->model : "unknown model");
	html_raw(h, "</dd></div>");
	meta(h, "System");
	html_cstr(h, d->os ? d->os : "iOS");
	html_raw(h, " ");
	html_cstr(h, d->os_version ? d->os_version : "of unknown version");
	if (d->build != NULL) {
		html_raw(h, " (");
		html_cstr(h, d->build);
		html_raw(h, ")");
	}
	html_raw(h, "</dd></div>");
	if (d->serial != NULL) {
		meta(h, "Serial number");
		html_value(h, str_from(d->serial));
		html_raw(h, "</dd></div>");
	}
	meta(h, "Made");
	html_time(h, d->made_ns);
	html_raw(h, "</dd></div>");
}

static void
put_meta(struct html *h)
{
	const struct report *r = h->r;
	const struct consent *c = r->consent_record;

	html_raw(h, "<dl class=\"meta\">");
	put_phone(h);
	meta(h, "Content");
	html_count(h, r->files, "file", "files");
	html_raw(h, ", ");
	words_bytes(&h->o.b, r->bytes);
	html_raw(h, "</dd></div>");
	if (r->started_ns != TSTAMP_NONE) {
		meta(h, "Checked");
		html_time(h, r->started_ns);
		html_raw(h, "</dd></div>");
	}
	if (c != NULL) {
		meta(h, "Consent");
		html_value(h, str_from(c->subject));
		html_raw(h, ":");
		for (unsigned i = 0; i < CONSENT_SCOPE_COUNT; i++)
			if (c->scopes & 1U << i)
				html_rawf(h, " %s",
				    consent_scope_name((enum consent_scope)i));
		html_raw(h, "</dd></div>");
	}
	html_raw(h, "</dl>\n<nav aria-label=\"Sections\"><ul>"
		    "<li><a href=\"#read\">What was read</a></li>"
		    "<li><a href=\"#next\">What to do next</a></li>"
		    "<li><a href=\"#findings\">Findings</a></li>"
		    "<li><a href=\"#timeline\">Timeline</a></li>"
		    "<li><a href=\"#coverage\">Coverage</a></li>"
		    "<li><a href=\"#indicators\">Indicators</a></li>"
		    "<li><a href=\"#notes\">Notes</a></li>"
		    "</ul></nav>\n");
}

static void
put_list(struct html *h, const char *class, const char *const *v, bool ordered)
{
	html_rawf(h, "<%s class=\"%s\">", ordered ? "ol" : "ul", class);
	for (size_t i = 0; v != NULL && v[i] != NULL; i++) {
		html_raw(h, "<li><span>");
		html_sentence(h, v[i]);
		html_raw(h, "</span></li>");
	}
	html_rawf(h, "</%s>\n", ordered ? "ol" : "ul");
}

static void
put_next(struct html *h)
{
	const struct report *r = h->r;

	html_raw(h, "<section id=\"next\" aria-labelledby=\"h-next\">"
		    "<h2 id=\"h-next\">What to do next, in this order</h2>"
		    "<div class=\"card\">");
	put_list(h, "steps", verdict_next_steps(r), true);
	if (r->verdict_reasons != NULL && r->verdict_reasons[0] != NULL) {
		html_raw(h, "<h3>Why this verdict and no other</h3>");
		put_list(h, "why-list", (const char *const *)r->verdict_reasons,
		    false);
	}
	html_raw(h, "</div></section>\n");
}

/* What no check of this kind can say, and what this run could not do. */
static void
put_limits(struct html *h)
{
	static const char *const always[] = {
		"Only what is published can be recognised, and only where it "
		"leaves records in this kind of acquisition.",
		"A value that equals a published one shows that it is there. "
		"It does not show who put it there.",
		"Records that the phone has deleted or overwritten before the "
		"acquisition was made cannot be seen.",
		NULL,
	};

	html_raw(h, "<section id=\"limits\" aria-labelledby=\"h-limits\">"
		    "<h2 id=\"h-limits\">What this report cannot say</h2>"
		    "<div class=\"card\">");
	put_list(h, "why-list", always, false);
	if (h->r->limits != NULL && h->r->limits[0] != NULL) {
		html_raw(h, "<h3>Limits of this run</h3>");
		put_list(
		    h, "why-list", (const char *const *)h->r->limits, false);
	}
	html_raw(h, "</div></section>\n");
}

static void
put_foot(struct html *h)
{
	const struct report *r = h->r;

	html_raw(h,
	    "</main>\n<div class=\"sign\" aria-hidden=\"true\">"
	    "<p>Checked by</p><p>Place and date</p><p>Signature</p></div>\n"
	    "<footer><dl><dt>Acquisition</dt><dd>");
	html_value(h, str_from(r->path));
	html_raw(h, "</dd><dt>SHA-256 of it</dt><dd>");
	if (r->sha256[0] != '\0')
		html_value(h, str_from(r->sha256));
	else
		html_raw(h, "not computed");
	html_rawf(h, "</dd><dt>Made by</dt><dd>Telassay %s, commit %s",
	    TELASSAY_VERSION, TELASSAY_COMMIT);
	html_raw(h, "</dd><dt>Run</dt><dd>");
	html_time(h, r->started_ns);
	html_rawf(h, ", %.1f seconds, ", r->seconds);
	html_count(h, r->workers, "worker", "workers");
	html_raw(h, "</dd></dl></footer>\n</div>\n</body>\n</html>\n");
}

static enum err
html_write(const struct report *r, const struct sink_options *o, FILE *out)
{
	struct html h = { .r = r, .content = o->content };

	out_init(&h.o, out);
	put_head(&h);
	put_band(&h);
	if (r->verdict != VERDICT_INVALID_INPUT) {
		put_meta(&h);
		html_tiles(&h);
		put_next(&h);
		html_findings(&h);
		html_timeline(&h);
		html_coverage(&h);
		html_indicators(&h);
		html_notes(&h);
		put_limits(&h);
	} else {
		put_next(&h);
	}
	put_foot(&h);
	return out_done(&h.o);
}

const struct sink sink_html = {
	.name = "html",
	.file = "report.html",
	.summary = "for people: one file, no script, light, dark and print",
	.write = html_write,
};
