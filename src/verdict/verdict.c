#include "verdict.h"

#include <string.h>

#include "decide.h"

const char *
verdict_name(enum verdict v)
{
	static const char *const names[] = {
		[VERDICT_NO_KNOWN_TRACE] = "no-known-trace",
		[VERDICT_INCONCLUSIVE] = "inconclusive",
		[VERDICT_SUSPICIOUS] = "suspicious",
		[VERDICT_MATCH] = "match",
		[VERDICT_INVALID_INPUT] = "invalid-input",
	};

	return (size_t)v < sizeof(names) / sizeof(names[0]) ? names[v] : "";
}

int
verdict_exit_code(enum verdict v)
{
	static const int codes[] = {
		[VERDICT_NO_KNOWN_TRACE] = 0,
		[VERDICT_INCONCLUSIVE] = 3,
		[VERDICT_SUSPICIOUS] = 5,
		[VERDICT_MATCH] = 1,
		[VERDICT_INVALID_INPUT] = 4,
	};

	return (size_t)v < sizeof(codes) / sizeof(codes[0]) ? codes[v] : 2;
}

const char *
cover_name(enum cover c)
{
	static const char *const names[] = {
		[COVER_READ] = "read",
		[COVER_PARTIAL] = "partial",
		[COVER_ABSENT] = "absent",
		[COVER_FAILED] = "failed",
		[COVER_UNKNOWN_VERSION] = "unknown-version",
		[COVER_NOT_APPLICABLE] = "not-applicable",
		[COVER_NOT_IN_THIS_KIND] = "not-in-this-kind",
	};

	return (size_t)c < sizeof(names) / sizeof(names[0]) ? names[c] : "";
}

static struct coverage *
coverage_of(struct report *r, const char *artifact)
{
	for (size_t i = 0; i < r->ncoverage; i++)
		if (strcmp(r->coverage[i].artifact, artifact) == 0)
			return &r->coverage[i];
	return NULL;
}

/* Marks what is required; what nobody spoke of is absent, not forgotten. */
static void
complete_coverage(struct report *r)
{
	struct coverage *more;
	const char *name;
	size_t missing = 0;

	for (size_t i = 0; i < r->ncoverage; i++)
		r->coverage[i].required =
		    verdict_required(r->kind, r->device.os_version,
			r->encrypted, r->coverage[i].artifact);
	for (size_t i = 0; (name = verdict_required_at(i, r->kind,
				r->device.os_version, r->encrypted)) != NULL;
	     i++)
		missing += coverage_of(r, name) == NULL;
	if (missing == 0)
		return;
	more = arena_alloc(
	    &r->arena, r->ncoverage + missing, sizeof(r->coverage[0]));
	if (more == NULL)
		return;
	for (size_t i = 0; i < r->ncoverage; i++)
		more[i] = r->coverage[i];
	missing = r->ncoverage;
	for (size_t i = 0; (name = verdict_required_at(i, r->kind,
				r->device.os_version, r->encrypted)) != NULL;
	     i++)
		if (coverage_of(r, name) == NULL)
			more[missing++] = (struct coverage){ .artifact = name,
				.status = COVER_ABSENT,
				.required = true,
				.first_ns = TSTAMP_NONE,
				.last_ns = TSTAMP_NONE };
	r->coverage = more;
	r->ncoverage = missing;
}

/* An artifact that a note lowers cannot count as read in full. */
static void
apply_notes(struct report *r)
{
	for (size_t i = 0; i < r->nnotes; i++) {
		const struct report_note *n = &r->notes[i];
		struct coverage *c;
		const char **why;

		if (n->artifact == NULL || n->effect == NOTE_EFFECT_NONE ||
		    (c = coverage_of(r, n->artifact)) == NULL ||
		    c->status != COVER_READ)
			continue;
		c->status = n->effect == NOTE_EFFECT_UNKNOWN_VERSION
				? COVER_UNKNOWN_VERSION
				: COVER_PARTIAL;
		if (c->reasons == NULL &&
		    (why = arena_alloc(&r->arena, 2, sizeof(*why))) != NULL) {
			why[0] = n->text;
			c->reasons = why;
		}
	}
}

/* DESIGN section 3, in its order: match, suspicious, inconclusive. */
static enum verdict
decide(const struct tally *t, const struct lowerings *l)
{
	if (t->execution > 0 || t->contact > 0)
		return VERDICT_MATCH;
	if (t->delivery > 0 || t->rule > 0 || tally_classes(t) >= 2)
		return VERDICT_SUSPICIOUS;
	return l->n > 0 ? VERDICT_INCONCLUSIVE : VERDICT_NO_KNOWN_TRACE;
}

void
verdict_decide(struct report *r)
{
	struct lowerings l = { 0 };
	struct tally t;

	if (r->kind != NULL)
		complete_coverage(r);
	report_sort(r);
	apply_notes(r);
	report_applicable(r);
	t = tally_of(r);
	if (r->kind == NULL) {
		r->verdict = VERDICT_INVALID_INPUT;
	} else {
		lowerings_find(r, &t, &l);
		r->verdict = decide(&t, &l);
		r->summary = NULL;
	}
	summary_write(r, &t, &l);
	reasons_write(r, &t, &l);
	next_write(r, &t, &l);
}

const char *const *
verdict_next_steps(const struct report *r)
{
	static const char *const none[] = { NULL };

	return r->next != NULL ? (const char *const *)r->next : none;
}
