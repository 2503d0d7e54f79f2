#ifndef SINK_HTML_H
#define SINK_HTML_H
#include "out.h"
#include "report.h"

/*
 * report.html is written piece by piece: markup of ours as it is, everything
 * else through html_text. Nobody but the html files of sink/ needs this.
 */
struct html {
	struct out o;
	const struct report *r;
	bool content; /* --include-content */
};

extern const char *const html_style[]; /* NULL ends */

/* Markup of ours, as it is. */
void html_raw(struct html *h, const char *markup);
void html_rawf(struct html *h, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Text of any origin, for element content and quoted attributes: escaped,
 * well-formed, control and bidi characters shown as <U+202E>.
 */
void html_text(struct html *h, struct str s);
void html_cstr(struct html *h, const char *s); /* NULL: nothing */

/* The same isolated from the direction of the line around it, monospaced. */
void html_value(struct html *h, struct str s);

/* Text with a capital first letter and a full stop. */
void html_sentence(struct html *h, const char *s);

/* 12,345; "1 record" or "12,345 records". */
void html_number(struct html *h, uint64_t n);
void html_count(struct html *h, uint64_t n, const char *one, const char *many);

/* <time datetime=..>2026-01-01 12:00:00 UTC</time>, or "undated"; by day. */
void html_time(struct html *h, int64_t ns);
void html_day(struct html *h, int64_t ns);

/* The mark of a level: its own shape and its word. */
void html_badge(struct html *h, enum level l);
void html_level_shape(
    struct html *h, enum level l, double x, double y, const char *extra_class);

/* Sections of the page. */
void html_tiles(struct html *h);
void html_findings(struct html *h);
void html_timeline(struct html *h);
void html_coverage(struct html *h);
void html_indicators(struct html *h);
void html_notes(struct html *h);

/* One picture of [from_ns, to_ns]: density, a lane an artifact, pins. */
void html_plot(
    struct html *h, int64_t from_ns, int64_t to_ns, const char *says);
#endif
