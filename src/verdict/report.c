#include "report.h"

#include <stdlib.h>
#include <string.h>

struct report *
report_new(void)
{
	struct report *r = calloc(1, sizeof(*r));

	if (r == NULL)
		abort();
	arena_init(&r->arena, LIMIT_REPORT);
	r->device.made_ns = TSTAMP_NONE;
	r->started_ns = TSTAMP_NONE;
	r->timeline = "findings";
	return r;
}

void
report_free(struct report *r)
{
	if (r == NULL)
		return;
	arena_done(&r->arena);
	free(r);
}

static int
text_cmp(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
coverage_cmp(const void *a, const void *b)
{
	const struct coverage *x = a, *y = b;

	return text_cmp(x->artifact, y->artifact);
}

/* What concerns the acquisition as a whole comes first. */
static int
note_cmp(const void *a, const void *b)
{
	const struct report_note *x = a, *y = b;
	int c = text_cmp(x->artifact, y->artifact);

	if (c == 0)
		c = text_cmp(x->path, y->path);
	if (c == 0)
		c = (x->offset > y->offset) - (x->offset < y->offset);
	if (c == 0)
		c = text_cmp(x->name, y->name);
	return c != 0 ? c : text_cmp(x->text, y->text);
}

static void
note_identify(struct report_note *n)
{
	const char *const part[] = { n->name, n->artifact, n->path, n->text };
	struct sha256 *h = sha256_new();
	uint8_t sum[SHA256_SIZE], off[8];

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		sha256_add(h, part[i] ? part[i] : "",
		    part[i] ? strlen(part[i]) + 1 : 1);
	for (size_t i = 0; i < sizeof(off); i++)
		off[i] = (uint8_t)(n->offset >> (56 - 8 * i) & 0xff);
	sha256_add(h, off, sizeof(off));
	sha256_end(h, sum);
	sha256_free(h);
	(void)hex_encode(sum, 8, n->id);
}

static void
sort(void *v, size_t n, size_t size, int (*cmp)(const void *, const void *))
{
	if (n > 1)
		qsort(v, n, size, cmp);
}

/* By id, then as they stand in the report. */
static int
twin_cmp(const void *a, const void *b)
{
	const struct finding *const *x = a, *const *y = b;
	int c = strcmp((*x)->id, (*y)->id);

	return c != 0 ? c : (*x > *y) - (*x < *y);
}

/* Of findings with the same id the first in order stays. */
static void
sort_findings(struct report *r)
{
	struct finding **byid;
	size_t n = 0;

	sort(r->findings, r->nfindings, sizeof(r->findings[0]), finding_cmp);
	byid = calloc(r->nfindings + 1, sizeof(struct finding *));
	if (byid == NULL)
		abort();
	for (size_t i = 0; i < r->nfindings; i++)
		byid[i] = &r->findings[i];
	sort(byid, r->nfindings, sizeof(struct finding *), twin_cmp);
	for (size_t i = r->nfindings; i-- > 1;)
		if (byid[i]->id[0] != '\0' &&
		    strcmp(byid[i]->id, byid[i - 1]->id) == 0)
			byid[i]->nrecords = SIZE_MAX; /* marks a twin */
	free(byid);
	for (size_t i = 0; i < r->nfindings; i++)
		if (r->findings[i].nrecords != SIZE_MAX)
			r->findings[n++] = r->findings[i];
	r->nfindings = n;
}

void
report_sort(struct report *r)
{
	size_t n = 0;

	sort(r->coverage, r->ncoverage, sizeof(r->coverage[0]), coverage_cmp);
	sort_findings(r);
	sort(r->notes, r->nnotes, sizeof(r->notes[0]), note_cmp);
	for (size_t i = 0; i < r->nnotes; i++) {
		if (n > 0 && note_cmp(&r->notes[n - 1], &r->notes[i]) == 0)
			continue;
		r->notes[n] = r->notes[i];
		note_identify(&r->notes[n++]);
	}
	r->nnotes = n;
	sort(r->events, r->nevents, sizeof(r->events[0]), event_cmp);
	n = 0;
	for (size_t i = 0; i < r->nevents; i++)
		if (n == 0 || event_cmp(&r->events[n - 1], &r->events[i]) != 0)
			r->events[n++] = r->events[i];
	r->nevents = n;
}

void
report_applicable(struct report *r)
{
	const struct indicator_set *sets;
	bool execution = false;
	uint32_t mask = 0;
	size_t n, *out;

	r->applicable = NULL;
	if (r->indicators == NULL)
		return;
	for (size_t i = 0; i < r->ncoverage; i++) {
		mask |= r->coverage[i].obs_mask;
		if (r->coverage[i].role == ROLE_EXECUTION &&
		    r->coverage[i].records > 0)
			execution = true;
	}
	n = indicators_sets(r->indicators, &sets);
	out = arena_alloc(&r->arena, n ? n : 1, sizeof(*out));
	if (out == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		out[i] =
		    indicators_applicable(r->indicators, i, mask, execution);
	r->applicable = out;
}

struct report_counts
report_counts(const struct report *r)
{
	struct report_counts c = { .newest_ns = TSTAMP_NONE };
	const struct indicator_set *sets;

	if (r->indicators == NULL)
		return c;
	c.sets = indicators_sets(r->indicators, &sets);
	c.campaigns = indicators_campaigns(r->indicators);
	for (size_t i = 0; i < c.sets; i++) {
		c.loaded += sets[i].loaded;
		c.rejected += sets[i].rejected;
		if (r->applicable != NULL)
			c.applicable += r->applicable[i];
		if (sets[i].newest_ns > c.newest_ns)
			c.newest_ns = sets[i].newest_ns;
	}
	return c;
}

int64_t
report_reach(const struct report *r, unsigned roles)
{
	int64_t first = TSTAMP_NONE;

	for (size_t i = 0; i < r->ncoverage; i++) {
		const struct coverage *c = &r->coverage[i];

		if ((roles & 1U << c->role) == 0 ||
		    !tstamp_plausible(c->first_ns))
			continue;
		if (first == TSTAMP_NONE || c->first_ns < first)
			first = c->first_ns;
	}
	return first;
}
