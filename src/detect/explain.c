#include <stdlib.h>
#include <string.h>

#include "fill.h"
#include "indicator_words.h"
#include "matching.h"
#include "tstamp.h"

static void
sentence(struct buf *b, const char *s)
{
	if (s == NULL)
		return;
	if (b->len > 0)
		buf_u8(b, ' ');
	buf_puts(b, s);
}

/* "2024-05-01": the day of a date. */
static void
day(struct buf *b, int64_t ns)
{
	char iso[32];

	tstamp_iso(ns, iso);
	iso[10] = '\0';
	buf_puts(b, iso);
}

static void
why_weight(struct buf *b, const struct origin *o, const struct weight *w)
{
	if (w->late) {
		sentence(b, "The visit came after the value was published on ");
		day(b, o->published_ns);
		buf_puts(b, ", when people look such addresses up: it weighs "
			    "one level less.");
	} else if (w->typed) {
		sentence(b,
		    w->role == ROLE_VISIT
			? "The address was typed, by a person who meant to go "
			  "there: it weighs one level less."
			: "It was the owner's own doing: it weighs one level "
			  "less.");
	}
	if (w->hijacked)
		sentence(b, "The place belongs to an ordinary site that was "
			    "taken over for a time: most contacts with it are "
			    "harmless.");
	if (w->shared)
		sentence(b, "Others use this value too, for harmless things: "
			    "it weighs little by itself.");
	if (w->outside) {
		sentence(b, "The campaign used this address until ");
		day(b, o->until_ns);
		buf_puts(b, "; the record is younger, so it says nearly "
			    "nothing.");
	}
}

static const char *
why_text(const struct indicators *x, uint32_t value, enum how how,
    const struct weight *w, struct arena *a)
{
	const struct value_entry *e = &x->values.v[value];
	struct buf b;
	const char *s;

	buf_init(&b, 4096);
	sentence(&b, indicator_role(w->role, (enum obs)e->obs));
	sentence(&b, indicator_how(how));
	if (e->flags & VALUE_IP_AS_DOMAIN && how == HOW_EQUAL)
		sentence(&b, "The address was published as if it were a "
			     "domain.");
	why_weight(&b, &x->origins[w->origin], w);
	s = fill_text(a, buf_text(&b));
	buf_done(&b);
	return s;
}

static int
name_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of all sets that hold the value, sorted, each once. */
static const char *const *
sets_of(const struct indicators *x, uint32_t value, struct arena *a)
{
	static const char *const none[] = { NULL };
	uint32_t first = x->values.v[value].origin;
	const char **v;
	size_t n = 0, kept_n = 0;

	for (uint32_t i = first; i != 0; i = x->origins[i].next)
		n++;
	v = arena_alloc(a, n + 1, sizeof(*v));
	if (v == NULL)
		return none;
	n = 0;
	for (uint32_t i = first; i != 0; i = x->origins[i].next)
		v[n++] =
		    fill_text(a, str_from(x->sets[x->origins[i].set].name));
	qsort(v, n, sizeof(*v), name_cmp);
	for (size_t i = 0; i < n; i++)
		if (kept_n == 0 || strcmp(v[kept_n - 1], v[i]) != 0)
			v[kept_n++] = v[i];
	v[kept_n] = NULL;
	return v;
}

/* For several values that hold together: the fields of all of them. */
static void
add_terms(struct fill *f, const struct indicators *x, uint32_t value)
{
	const struct all_of *all = &x->alls[x->values.v[value].extra];
	struct matching m;

	matching_init(&m, x, f->r);
	matching_run(&m);
	for (uint32_t i = 0; i < all->n; i++) {
		const struct seen *s =
		    matching_seen(&m, x->terms.v[all->from + i]);

		if (s != NULL)
			fill_matched(f, s->field, s->item);
	}
	matching_done(&m);
}

static void
put_fields(struct finding *out, const struct indicators *x, const struct hit *h,
    const struct record *r, struct arena *a)
{
	struct fill f;

	fill_begin(&f, out, r, a);
	fill_matched(&f, h->field, h->item);
	if (x->values.v[h->ref].kind == KIND_ALL)
		add_terms(&f, x, h->ref);
	fill_rest(&f);
}

static const char *
title_text(
    const struct weight *w, enum obs o, const char *campaign, struct arena *a)
{
	const char *form = indicator_title(w->role, o);
	const char *at = strstr(form, "%s");
	const char *s;

	s = arena_printf(
	    a, "%.*s%s%s", (int)(at - form), form, campaign, at + 2);
	return s ? s : fill_no_room;
}

void
indicators_finding(const void *state, const struct hit *h,
    const struct record *r, struct arena *a, struct finding *out)
{
	const struct indicators *x = state;
	enum how how = h->how <= HOW_GAVE_UP ? (enum how)h->how : HOW_EQUAL;
	const struct value_entry *e;
	struct weight w;

	/* What a worker says is checked, and weighed again. */
	if (h->ref >= x->values.n || x->values.v[h->ref].origin == 0)
		return;
	*out = (struct finding){ .time_ns = TSTAMP_NONE };
	e = &x->values.v[h->ref];
	w = weigh(x, h->ref, how, r);
	out->level = w.level;
	out->role = w.role;
	out->kind = how == HOW_GAVE_UP ? FINDING_NOTE : FINDING_INDICATOR;
	out->statement =
	    how == HOW_GAVE_UP ? STATEMENT_OBSERVATION : STATEMENT_MATCH;
	out->campaign =
	    fill_text(a, str_from(x->campaigns[x->origins[w.origin].campaign]));
	out->title = how == HOW_GAVE_UP
			 ? "a published pattern could not be tried to its end"
			 : title_text(&w, (enum obs)e->obs, out->campaign, a);
	out->why = why_text(x, h->ref, how, &w, a);
	out->benign = indicator_benign(w.role, (enum obs)e->obs, how);
	out->next = indicator_next(w.role, (enum obs)e->obs);
	out->indicator_type = obs_name((enum obs)e->obs);
	out->indicator_value = fill_text(a, value_shown(&x->values, h->ref));
	out->indicator_sets = sets_of(x, h->ref, a);
	fill_record(out, r, a);
	put_fields(out, x, h, r, a);
}

const struct detector detector_indicators;
const struct detector detector_indicators = {
	.name = "indicators",
	.summary = "published values of known campaigns",
	.on = true,
	.record = indicators_record,
	.finding = indicators_finding,
};
