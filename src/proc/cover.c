#include "cover.h"

#include <stdlib.h>
#include <string.h>

#include "artifact.h"
#include "plan.h"
#include "verdict.h"

void
cover_init(struct cover_sum *s)
{
	*s = (struct cover_sum){
		.counts = {.first_ns = TSTAMP_NONE, .last_ns = TSTAMP_NONE}
	};
}

void
cover_done(struct cover_sum *s)
{
	for (size_t i = 0; i < s->nreasons; i++)
		free(s->reasons[i]);
	s->nreasons = 0;
}

/* Keeps the first LIMIT_REASONS in byte order of all that ever came. */
void
cover_reason(struct cover_sum *s, const char *text)
{
	size_t at = 0;
	char *copy;
	int c = 1;

	while (at < s->nreasons && (c = strcmp(s->reasons[at], text)) < 0)
		at++;
	if (at < s->nreasons && c == 0)
		return;
	if (s->nreasons == LIMIT_REASONS) {
		s->more_reasons = true;
		if (at == s->nreasons)
			return;
		free(s->reasons[--s->nreasons]);
	}
	copy = strdup(text);
	if (copy == NULL)
		abort();
	memmove(s->reasons + at + 1, s->reasons + at,
	    (s->nreasons - at) * sizeof(s->reasons[0]));
	s->reasons[at] = copy;
	s->nreasons++;
}

void
cover_file(
    struct cover_sum *s, const struct msg_counts *counts, unsigned effects)
{
	s->files++;
	s->effects |= effects;
	if ((effects & 1U << NOTE_EFFECT_FAILED) && counts->records == 0)
		s->lost++;
	msg_counts_add(&s->counts, counts);
}

static enum cover
status(const struct cover_sum *s, const struct artifact *a, unsigned kind,
    const char *const *only)
{
	const unsigned partial =
	    1U << NOTE_EFFECT_PARTIAL | 1U << NOTE_EFFECT_FAILED;

	if (!plan_in_kind(a, kind))
		return COVER_NOT_IN_THIS_KIND;
	if (s->files == 0)
		return a->app_bundle_id != NULL && !s->app_present &&
			       plan_is_wanted(a, only)
			   ? COVER_NOT_APPLICABLE
			   : COVER_ABSENT;
	if (s->lost == s->files)
		return COVER_FAILED;
	if (s->effects & 1U << NOTE_EFFECT_UNKNOWN_VERSION)
		return COVER_UNKNOWN_VERSION;
	return s->effects & partial ? COVER_PARTIAL : COVER_READ;
}

/* A list with room for what is always said last; NULL: none. */
static const char **
reasons(const struct cover_sum *s, struct arena *a, const char *last)
{
	size_t n = 0;
	const char **v;

	if (s->nreasons == 0 && last == NULL)
		return NULL;
	v = arena_alloc(a, s->nreasons + 3, sizeof(*v));
	if (v == NULL)
		return NULL;
	for (size_t i = 0; i < s->nreasons; i++)
		if ((v[n] = arena_strdup(a, str_from(s->reasons[i]))) != NULL)
			n++;
	if (s->more_reasons)
		v[n++] = "more reasons: see the notes";
	if (last != NULL)
		v[n++] = last;
	return v;
}

void
cover_report(const struct cover_sum *sums, unsigned kind,
    const char *const *only, struct report *r)
{
	size_t n = 0;

	while (artifacts[n] != NULL)
		n++;
	r->ncoverage = 0;
	r->coverage = arena_alloc(&r->arena, n, sizeof(*r->coverage));
	if (r->coverage == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct artifact *a = artifacts[i];
		const struct cover_sum *s = &sums[i];
		struct coverage *c = &r->coverage[r->ncoverage++];

		*c = (struct coverage){
			.artifact = a->schema.name,
			.status = status(s, a, kind, only),
			.required =
			    r->kind != NULL &&
			    verdict_required(r->kind, r->device.os_version,
				r->encrypted, a->schema.name),
			.role = a->schema.role,
			.files = s->files,
			.records = s->counts.records,
			.events = s->counts.events,
			.first_ns = s->counts.first_ns,
			.last_ns = s->counts.last_ns,
			.obs_mask = s->counts.obs_mask,
		};
		c->reasons = reasons(s, &r->arena,
		    plan_is_wanted(a, only) ? NULL : "left out by --artifact");
	}
}
