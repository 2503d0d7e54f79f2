#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"

/*
 * The timeline as a picture: a bar of density on top, one lane an artifact,
 * findings as pins. Everything is counted into bins first, so that the size of
 * the picture does not grow with the number of events.
 */
#define WIDTH	  1000
#define GUTTER	  200 /* names of lanes */
#define PLOT	  (WIDTH - GUTTER - 10)
#define DENSITY	  44
#define LANE	  26
#define AXIS	  38
#define BINS	  240
#define LANES_MAX 24
#define TICKS_MAX 12

struct lane {
	const char *artifact;
	uint32_t events[BINS];
	int8_t level[BINS];	 /* gravest finding, -1: none */
	uint32_t findings[BINS]; /* how many */
	const char *id[BINS];	 /* of the gravest */
};

struct plot {
	int64_t from_ns, to_ns;
	struct lane *lane;
	size_t n, skipped; /* what found no lane */
	int bottom;	   /* y of the axis */
};

static struct lane *
lane_of(struct plot *p, const char *artifact)
{
	struct lane *l;

	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->lane[i].artifact, artifact) == 0)
			return &p->lane[i];
	if (p->n == LANES_MAX) {
		p->skipped++;
		return NULL;
	}
	l = &p->lane[p->n++];
	l->artifact = artifact;
	memset(l->level, -1, sizeof(l->level));
	return l;
}

/* Where ns lies in the picture, 0 to 1; false outside. */
static bool
place(const struct plot *p, int64_t ns, double *out)
{
	if (ns == TSTAMP_NONE || ns < p->from_ns || ns > p->to_ns)
		return false;
	*out = ((double)ns - (double)p->from_ns) /
	       ((double)p->to_ns - (double)p->from_ns);
	return true;
}

static size_t
bin(double at)
{
	size_t b = (size_t)(at * BINS);

	return b < BINS ? b : BINS - 1;
}

static void
collect(struct plot *p, const struct report *r)
{
	struct lane *l;
	double at;
	size_t b;

	for (size_t i = 0; i < r->nevents; i++) {
		if (!place(p, r->events[i].ns, &at) ||
		    (l = lane_of(p, r->events[i].schema->name)) == NULL)
			continue;
		l->events[bin(at)]++;
	}
	/* Gravest first: the first one in a bin keeps its mark. */
	for (size_t i = 0; i < r->nfindings; i++) {
		const struct finding *f = &r->findings[i];

		if (!place(p, f->time_ns, &at) || f->artifact == NULL ||
		    (l = lane_of(p, f->artifact)) == NULL)
			continue;
		b = bin(at);
		if (l->level[b] < 0) {
			l->level[b] = (int8_t)f->level;
			l->id[b] = f->id;
		}
		l->findings[b]++;
	}
}

static int
lane_cmp(const void *a, const void *b)
{
	const struct lane *x = a, *y = b;

	return strcmp(x->artifact, y->artifact);
}

/* Sum over lanes, drawn by its logarithm: one event must still be seen. */
static void
put_density(struct html *h, const struct plot *p)
{
	uint32_t sum[BINS] = { 0 }, most = 0;
	double w = (double)PLOT / BINS, top;

	for (size_t b = 0; b < BINS; b++) {
		for (size_t i = 0; i < p->n; i++)
			sum[b] += p->lane[i].events[b];
		if (sum[b] > most)
			most = sum[b];
	}
	for (size_t b = 0; b < BINS; b++) {
		if (sum[b] == 0)
			continue;
		top = (DENSITY - 8) * log2(1 + sum[b]) / log2(1 + most);
		html_rawf(h,
		    "<rect class=\"dn\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		    "height=\"%.1f\"/>",
		    GUTTER + (double)b * w, DENSITY - top, w, top);
	}
	html_rawf(h, "<text class=\"ax\" x=\"0\" y=\"%d\">all events</text>\n",
	    DENSITY - 4);
}

/* Runs of equal strength are one rectangle. */
static void
put_lane_events(struct html *h, const struct lane *l, int y)
{
	double w = (double)PLOT / BINS;
	size_t end;
	int s;

	for (size_t b = 0; b < BINS; b = end) {
		s = l->events[b] == 0	? 0
		    : l->events[b] < 2	? 1
		    : l->events[b] < 6	? 2
		    : l->events[b] < 30 ? 3
					: 4;
		for (end = b + 1; end < BINS && s == 0 && l->events[end] == 0;
		     end++)
			;
		if (s == 0)
			continue;
		html_rawf(h,
		    "<rect class=\"ev e%d\" x=\"%.1f\" y=\"%d\" "
		    "width=\"%.1f\" height=\"12\"/>",
		    s, GUTTER + (double)b * w, y + 7, w);
	}
}

static void
put_pins(struct html *h, const struct lane *l, int y)
{
	double w = (double)PLOT / BINS;
	char class[32];

	for (size_t b = 0; b < BINS; b++) {
		if (l->level[b] < 0)
			continue;
		(void)snprintf(class, sizeof(class), "pin p-%s",
		    level_name((enum level)l->level[b]));
		html_rawf(h, "<a href=\"#f-%s\"><title>", l->id[b]);
		html_count(h, l->findings[b], "finding", "findings");
		html_rawf(h, ", %s, in ", level_name((enum level)l->level[b]));
		html_cstr(h, l->artifact);
		html_raw(h, "</title>");
		html_level_shape(h, (enum level)l->level[b],
		    GUTTER + ((double)b + .5) * w, y + 13, class);
		html_raw(h, "</a>\n");
	}
}

/* Round steps of time; what is longer than a month goes by the calendar. */
static const struct {
	int64_t seconds;
	unsigned months;
} steps[] = {
	{60,	      0	},
	{ 300,       0	 },
	{ 900,       0	 },
	{ 1800,	0  },
	{ 3600,	0  },
	{ 10800,	 0  },
	{ 21600,	 0  },
	{ 43200,	 0  },
	{ 86400,	 0  },
	{ 172800,	  0  },
	{ 604800,	  0  },
	{ 1209600,   0  },
	{ 2629746,   1  },
	{ 7889238,   3  },
	{ 15778476,  6  },
	{ 31556952,  12 },
	{ 63113904,  24 },
	{ 157784760, 60 },
	{ 315569520, 120},
};

/* A line with its label below it, and a second label where day is not NULL. */
static void
put_tick(struct html *h, const struct plot *p, int64_t ns, const char *label,
    const char *day)
{
	const char *anchor;
	double at, x;

	if (!place(p, ns, &at))
		return;
	x = GUTTER + at * PLOT;
	anchor = at > .97 ? "end" : "middle";
	html_rawf(h,
	    "<path class=\"gr\" d=\"M%.1f 0v%d\"/><text class=\"ax\" "
	    "x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>",
	    x, p->bottom, x, p->bottom + 16, anchor, label);
	if (day != NULL)
		html_rawf(h,
		    "<text class=\"ax\" x=\"%.1f\" y=\"%d\" "
		    "text-anchor=\"%s\">%.10s</text>",
		    x, p->bottom + 31, anchor, day);
	html_raw(h, "\n");
}

static void
put_clock_ticks(struct html *h, const struct plot *p, int64_t step)
{
	const int64_t day_ns = INT64_C(86400) * 1000000000;
	int64_t ns = p->from_ns - p->from_ns % step, day = -1;
	char iso[32], label[32];

	if (ns < p->from_ns)
		ns += step;
	for (; ns <= p->to_ns; ns += step) {
		(void)tstamp_iso(ns, iso);
		if (step >= day_ns)
			(void)snprintf(label, sizeof(label), "%.10s", iso);
		else
			(void)snprintf(label, sizeof(label), "%.5s", iso + 11);
		put_tick(h, p, ns, label,
		    step < day_ns && ns / day_ns != day ? iso : NULL);
		day = ns / day_ns;
	}
}

/* int64_t nanoseconds reach from 1677 to 2262: years have four digits. */
static unsigned
digits(const char *s, size_t n)
{
	unsigned v = 0;

	for (size_t i = 0; i < n; i++)
		v = v * 10 + (unsigned)(s[i] - '0');
	return v;
}

static void
put_calendar_ticks(struct html *h, const struct plot *p, unsigned months)
{
	unsigned from, month;
	char iso[32], label[32];
	int64_t ns;

	(void)tstamp_iso(p->from_ns, iso);
	from = digits(iso, 4) * 12 + digits(iso + 5, 2) - 1;
	from -= from % months;
	for (month = from; month < from + months * (TICKS_MAX + 4);
	     month += months) {
		(void)snprintf(label, sizeof(label), "%04u-%02u-01", month / 12,
		    month % 12 + 1);
		if (!tstamp_parse(label, &ns))
			break;
		label[months % 12 == 0 ? 4 : 7] = '\0';
		put_tick(h, p, ns, label, NULL);
	}
}

static void
put_axis(struct html *h, const struct plot *p)
{
	double span = ((double)p->to_ns - (double)p->from_ns) / 1e9;
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(steps[0]) &&
	       span / (double)steps[i].seconds > TICKS_MAX)
		i++;
	if (steps[i].months == 0)
		put_clock_ticks(h, p, steps[i].seconds * INT64_C(1000000000));
	else
		put_calendar_ticks(h, p, steps[i].months);
}

void
html_plot(struct html *h, int64_t from_ns, int64_t to_ns, const char *says)
{
	struct plot p = { .from_ns = from_ns, .to_ns = to_ns };
	if (p.to_ns <= p.from_ns)
		return;
	p.lane = calloc(LANES_MAX, sizeof(*p.lane));
	if (p.lane == NULL)
		abort();
	collect(&p, h->r);
	if (p.n > 1)
		qsort(p.lane, p.n, sizeof(*p.lane), lane_cmp);
	p.bottom = DENSITY + 4 + (int)p.n * LANE;
	html_rawf(h,
	    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"%s\"><svg class=\"plot\" viewBox=\"0 0 %d %d\" "
	    "role=\"group\" aria-label=\"%s\">\n",
	    says, WIDTH, p.bottom + AXIS, says);
	put_axis(h, &p);
	put_density(h, &p);
	for (size_t i = 0; i < p.n; i++) {
		int y = DENSITY + 4 + (int)i * LANE;

		html_rawf(h,
		    "<path class=\"ln\" d=\"M0 %dh%d\"/><text x=\"0\" "
		    "y=\"%d\">",
		    y, WIDTH - 10, y + 17);
		html_cstr(h, p.lane[i].artifact);
		html_raw(h, "</text>");
		put_lane_events(h, &p.lane[i], y);
		put_pins(h, &p.lane[i], y);
	}
	html_raw(h, "</svg></div>\n");
	if (p.skipped > 0)
		html_raw(h, "<p class=\"fine\">More artifacts than lanes: "
			    "the rest stands in timeline.csv.</p>\n");
	free(p.lane);
	out_step(&h->o);
}
