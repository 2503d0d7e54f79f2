#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "marks.h"
#include "words.h"

/*
 * One picture of all that is dated, then close-ups of the hours around the
 * findings, each with its events as a table; and a table that says the same
 * as the picture.
 */
#define HOUR_NS	    (INT64_C(3600) * 1000000000)
#define WINDOWS_MAX 6
#define ROWS_MAX    200
#define LANES_MAX   64

struct window {
	int64_t from_ns, to_ns;
	size_t findings;
	size_t rank; /* of its gravest finding */
};

/* Least and greatest of events and dated findings; false: nothing dated. */
static bool
span_of(const struct report *r, int64_t *from, int64_t *to)
{
	bool any = false;

	for (size_t i = 0; i < r->nevents + r->nfindings; i++) {
		int64_t ns = i < r->nevents
				 ? r->events[i].ns
				 : r->findings[i - r->nevents].time_ns;

		if (!tstamp_plausible(ns))
			continue;
		if (!any || ns < *from)
			*from = ns;
		if (!any || ns > *to)
			*to = ns;
		any = true;
	}
	return any;
}

static int
time_cmp(const void *a, const void *b)
{
	const struct window *x = a, *y = b;

	return (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

static int
rank_cmp(const void *a, const void *b)
{
	const struct window *x = a, *y = b;

	return (x->rank > y->rank) - (x->rank < y->rank);
}

/*
 * One hour around each finding of level medium or above (all of them when
 * there is none), those that touch joined; at most WINDOWS_MAX, those with
 * the gravest findings. By time.
 */
static size_t
find_windows(const struct report *r, struct window *out, size_t *all)
{
	struct window *w = calloc(r->nfindings + 1, sizeof(*w));
	enum level least =
	    r->nfindings > 0 && r->findings[0].level >= LEVEL_MEDIUM
		? LEVEL_MEDIUM
		: LEVEL_INFO;
	size_t n = 0, k = 0;

	if (w == NULL)
		abort();
	for (size_t i = 0; i < r->nfindings; i++)
		if (r->findings[i].level >= least &&
		    tstamp_plausible(r->findings[i].time_ns))
			w[n++] = (struct window){
				.from_ns = r->findings[i].time_ns - HOUR_NS,
				.to_ns = r->findings[i].time_ns + HOUR_NS,
				.findings = 1,
				.rank = i,
			};
	if (n > 1)
		qsort(w, n, sizeof(*w), time_cmp);
	for (size_t i = 0; i < n; i++) {
		if (k == 0 || w[i].from_ns > w[k - 1].to_ns) {
			w[k++] = w[i];
			continue;
		}
		w[k - 1].to_ns = w[i].to_ns;
		w[k - 1].findings++;
		if (w[i].rank < w[k - 1].rank)
			w[k - 1].rank = w[i].rank;
	}
	*all = k;
	if (k > WINDOWS_MAX) {
		qsort(w, k, sizeof(*w), rank_cmp);
		k = WINDOWS_MAX;
		qsort(w, k, sizeof(*w), time_cmp);
	}
	for (size_t i = 0; i < k; i++)
		out[i] = w[i];
	free(w);
	return k;
}

static bool
is_short(const struct report *r)
{
	int64_t from = 0, to = 0;

	return !span_of(r, &from, &to) || to - from <= 4 * HOUR_NS;
}

static void
put_legend(struct html *h)
{
	char class[32];

	html_raw(h, "<ul class=\"legend\" aria-label=\"Pins\">");
	for (int l = LEVEL_CRITICAL; l >= LEVEL_INFO; l--) {
		(void)snprintf(
		    class, sizeof(class), "p-%s", level_name((enum level)l));
		html_raw(h, "<li><svg viewBox=\"-8 -8 16 16\" "
			    "aria-hidden=\"true\">");
		html_level_shape(h, (enum level)l, 0, 0, class);
		html_rawf(h, "</svg>%s</li>", level_name((enum level)l));
	}
	html_raw(h, "</ul>\n");
}

/* The events of one window, from its first one on. */
static void
put_events(struct html *h, const struct window *w, const struct marks *m)
{
	const struct report *r = h->r;
	size_t first = 0, n = 0, found;

	while (first < r->nevents && r->events[first].ns < w->from_ns)
		first++;
	while (first + n < r->nevents && r->events[first + n].ns <= w->to_ns)
		n++;
	if (n == 0)
		return;
	html_raw(h, "<details><summary>");
	html_count(h, n, "event", "events");
	html_raw(h, " in these hours</summary><div class=\"scroll\" "
		    "tabindex=\"0\" role=\"region\" aria-label=\"Events\">"
		    "<table><caption>Events by time, in UTC; those that a "
		    "finding rests on are marked</caption><thead><tr>"
		    "<th scope=\"col\">When</th><th scope=\"col\">Event</th>"
		    "<th scope=\"col\">What</th><th scope=\"col\">Finding</th>"
		    "</tr></thead><tbody>");
	for (size_t i = first; i < first + n && i < first + ROWS_MAX; i++) {
		const struct event *e = &r->events[i];
		const struct finding *const *f = marks_at(m, e, &found);

		html_rawf(h, "<tr%s><td class=\"t\">",
		    found > 0 ? " class=\"marked\"" : "");
		html_time(h, e->ns);
		html_raw(h, "</td><td class=\"w\">");
		html_text(h, e->name);
		html_raw(h, "</td><td class=\"w\">");
		html_value(h, e->text);
		html_raw(h, "</td><td>");
		if (found > 0)
			html_badge(h, f[0]->level);
		html_raw(h, "</td></tr>\n");
		out_step(&h->o);
	}
	html_raw(h, "</tbody></table></div>");
	if (n > ROWS_MAX) {
		html_raw(h, "<p class=\"fine\">");
		html_number(h, n - ROWS_MAX);
		html_raw(h, " more stand in timeline.csv.</p>");
	}
	html_raw(h, "</details>\n");
}

static void
put_windows(struct html *h, const struct window *w, size_t n, size_t all)
{
	/* A single short window is the whole picture already. */
	bool pictures = n > 1 || (h->r->nevents > 0 && !is_short(h->r));

	struct marks m;

	marks_init(&m, h->r);
	for (size_t i = 0; i < n; i++) {
		if (pictures) {
			html_raw(h, "<h3>From ");
			html_time(h, w[i].from_ns);
			html_raw(h, " to ");
			html_time(h, w[i].to_ns);
			html_raw(h, ": ");
			html_count(h, w[i].findings, "finding", "findings");
			html_raw(h, "</h3><figure>");
			html_plot(h, w[i].from_ns, w[i].to_ns, "Close-up");
			html_raw(h, "</figure>");
		}
		put_events(h, &w[i], &m);
	}
	if (all > n) {
		html_raw(h, "<p class=\"fine\">");
		html_count(
		    h, all - n, "other close-up is", "other close-ups are");
		html_raw(h, " not drawn; timeline.csv has their events.</p>");
	}
	marks_done(&m);
}

struct lane {
	const char *artifact;
	uint64_t events, findings;
	int64_t first_ns, last_ns;
};

static void
lane_add(
    struct lane *v, size_t *n, const char *artifact, int64_t ns, bool finding)
{
	size_t i = 0;

	while (i < *n && strcmp(v[i].artifact, artifact) != 0)
		i++;
	if (i == LANES_MAX)
		return;
	if (i == *n)
		v[(*n)++] = (struct lane){
			.artifact = artifact, .first_ns = ns, .last_ns = ns
		};
	v[i].events += !finding;
	v[i].findings += finding;
	if (ns < v[i].first_ns)
		v[i].first_ns = ns;
	if (ns > v[i].last_ns)
		v[i].last_ns = ns;
}

static int
lane_cmp(const void *a, const void *b)
{
	const struct lane *x = a, *y = b;

	return strcmp(x->artifact, y->artifact);
}

/* The picture in words. */
static void
put_lanes(struct html *h)
{
	const struct report *r = h->r;
	struct lane v[LANES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < r->nevents; i++)
		if (tstamp_plausible(r->events[i].ns))
			lane_add(v, &n, r->events[i].schema->name,
			    r->events[i].ns, false);
	for (size_t i = 0; i < r->nfindings; i++)
		if (tstamp_plausible(r->findings[i].time_ns) &&
		    r->findings[i].artifact != NULL)
			lane_add(v, &n, r->findings[i].artifact,
			    r->findings[i].time_ns, true);
	if (n > 1)
		qsort(v, n, sizeof(v[0]), lane_cmp);
	html_raw(h, "<details><summary>The picture as a table</summary>"
		    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		    "aria-label=\"Timeline as a table\"><table><caption>Dated "
		    "events and findings of each artifact</caption><thead><tr>"
		    "<th scope=\"col\">Artifact</th><th scope=\"col\" "
		    "class=\"n\">Events</th><th scope=\"col\" class=\"n\">"
		    "Findings</th><th scope=\"col\">First</th>"
		    "<th scope=\"col\">Last</th></tr></thead><tbody>");
	for (size_t i = 0; i < n; i++) {
		html_raw(h, "<tr><th scope=\"row\">");
		html_cstr(h, v[i].artifact);
		html_raw(h, "</th><td class=\"n\">");
		html_number(h, v[i].events);
		html_raw(h, "</td><td class=\"n\">");
		html_number(h, v[i].findings);
		html_raw(h, "</td><td class=\"t\">");
		html_time(h, v[i].first_ns);
		html_raw(h, "</td><td class=\"t\">");
		html_time(h, v[i].last_ns);
		html_raw(h, "</td></tr>\n");
	}
	html_raw(h, "</tbody></table></div></details>\n");
}

static void
put_caption(struct html *h)
{
	const struct report *r = h->r;
	size_t undated = 0;

	for (size_t i = 0; i < r->nfindings; i++)
		undated += !tstamp_plausible(r->findings[i].time_ns);
	html_raw(h, "<figcaption>");
	html_count(h, r->nevents, "event", "events");
	html_raw(h, r->timeline != NULL && strcmp(r->timeline, "full") == 0
			? " (the whole timeline)"
			: " (one hour around each finding)");
	html_raw(h, ", all times in UTC; the darker, the more events.");
	if (undated > 0) {
		html_raw(h, " ");
		html_count(h, undated, "finding has", "findings have");
		html_raw(h, " no usable date and cannot be drawn.");
	}
	html_raw(h, "</figcaption>\n");
}

void
html_timeline(struct html *h)
{
	struct window w[WINDOWS_MAX];
	int64_t from = 0, to = 0, pad;
	size_t n, all;

	html_raw(h, "<section id=\"timeline\" aria-labelledby=\"h-time\">"
		    "<h2 id=\"h-time\">Timeline</h2><div class=\"card\">\n");
	if (!span_of(h->r, &from, &to)) {
		html_raw(h, "<p>Nothing dated belongs to this report.</p>"
			    "</div></section>\n");
		return;
	}
	pad = (to - from) / 50;
	if (pad < HOUR_NS)
		pad = HOUR_NS;
	put_legend(h);
	html_raw(h, "<figure>");
	html_plot(h, from - pad, to + pad, "Timeline of events and findings");
	put_caption(h);
	html_raw(h, "</figure>\n");
	put_lanes(h);
	n = find_windows(h->r, w, &all);
	put_windows(h, w, n, all);
	html_raw(h, "</div></section>\n");
	out_step(&h->o);
}
