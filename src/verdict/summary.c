#include <stdlib.h>
#include <string.h>

#include "decide.h"
#include "words.h"

#define SENTENCE_MAX   ((size_t)64 * 1024)
#define NAMES_IN_A_ROW 3
#define CLAUSES_SHOWN  2

static int
name_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Distinct names, sorted in place; returns how many. */
static size_t
distinct(const char **v, size_t n)
{
	size_t k = 0;

	if (n > 1)
		qsort(v, n, sizeof(*v), name_cmp);
	for (size_t i = 0; i < n; i++)
		if (k == 0 || strcmp(v[k - 1], v[i]) != 0)
			v[k++] = v[i];
	return k;
}

void
summary_campaigns(
    struct report *r, struct buf *b, bool (*fits)(const struct finding *f))
{
	const char **v = arena_alloc(&r->arena, r->nfindings + 1, sizeof(*v));
	size_t n = 0;

	buf_puts(b, "values published for ");
	for (size_t i = 0; v != NULL && i < r->nfindings; i++)
		if (fits(&r->findings[i]) && r->findings[i].campaign != NULL)
			v[n++] = r->findings[i].campaign;
	n = distinct(v, n);
	if (n == 0)
		buf_puts(b, "an unnamed campaign");
	else
		words_list(b, v, n, NAMES_IN_A_ROW);
}

/* What was compared, and how far back could be seen. */
static void
put_context(struct buf *b, const struct report *r)
{
	const unsigned dated = 1U << ROLE_EXECUTION | 1U << ROLE_CONTACT |
			       1U << ROLE_DELIVERY | 1U << ROLE_VISIT;
	struct report_counts n = report_counts(r);
	int64_t all = report_reach(r, dated),
		ran = report_reach(r, 1U << ROLE_EXECUTION);

	if (all == TSTAMP_NONE)
		all = report_reach(r, 1U << ROLE_MENTION);
	words_count(b, n.campaigns, "campaign was", "campaigns were");
	buf_puts(b, " checked for");
	if (n.newest_ns != TSTAMP_NONE) {
		buf_puts(b, " (newest indicators of ");
		words_date(b, n.newest_ns);
		buf_u8(b, ')');
	}
	if (all == TSTAMP_NONE) {
		buf_puts(b, ", and no record read carries a date");
		return;
	}
	buf_puts(b, ", and the records reach back to ");
	words_date(b, all);
	if (ran != TSTAMP_NONE && ran != all) {
		buf_puts(b, " (those of programs that ran, to ");
		words_date(b, ran);
		buf_u8(b, ')');
	}
}

static bool
is_delivery(const struct finding *f)
{
	return f->kind == FINDING_INDICATOR && f->level >= LEVEL_MEDIUM &&
	       f->role == ROLE_DELIVERY;
}

static void
put_match(struct buf *b, struct report *r, const struct tally *t)
{
	buf_printf(b, "records in this %s match ", words_kind(r));
	summary_campaigns(r, b, tally_is_match);
	buf_puts(b, " (");
	if (t->execution > 0)
		words_count(b, t->execution,
		    "finding of a program that ran or was installed",
		    "findings of programs that ran or were installed");
	if (t->execution > 0 && t->contact > 0)
		buf_puts(b, ", ");
	if (t->contact > 0)
		words_count(b, t->contact, "finding of network contact",
		    "findings of network contact");
	buf_puts(b, "): let a specialist look at it; ");
}

/* Which kinds of weaker traces stand together. */
static void
put_classes(struct buf *b, const struct tally *t)
{
	const char *v[3];
	size_t n = 0;

	if (t->browsing > 0)
		v[n++] = "visited or mentioned addresses";
	if (t->file > 0)
		v[n++] = "file or program names";
	if (t->anomaly > 0)
		v[n++] = "anomalies";
	words_list(b, v, n, n);
}

/* What stands beside a delivery: the link may have been followed. */
static void
put_besides(struct buf *b, const struct tally *t)
{
	const char *v[4];
	size_t n = 0;

	if (t->visits > 0)
		v[n++] = "visits to published addresses";
	if (t->browsing > t->visits || t->file > 0)
		v[n++] = "mentions of published values";
	if (t->rule > 0)
		v[n++] = "findings of rules";
	if (t->anomaly > 0)
		v[n++] = "anomalies";
	if (n == 0)
		return;
	buf_puts(b, ", but there are also ");
	words_list(b, v, n, n);
}

static void
put_suspicious(struct buf *b, struct report *r, const struct tally *t)
{
	if (t->delivery > 0) {
		buf_puts(b, "messages or attachments that carry ");
		summary_campaigns(r, b, is_delivery);
		buf_printf(b,
		    " arrived in this %s: an attempt, not an "
		    "infection",
		    words_kind(r));
		put_besides(b, t);
	} else if (t->rule > 0) {
		buf_printf(b, "in this %s ", words_kind(r));
		words_count(b, t->rule, "finding", "findings");
		buf_puts(b, " of rules for suspicious behaviour must be "
			    "looked at by a specialist");
	} else {
		buf_printf(b,
		    "weaker traces of two kinds stand together in "
		    "this %s (",
		    words_kind(r));
		put_classes(b, t);
		buf_puts(b, ") and must be looked at by a specialist");
	}
	buf_puts(b, "; ");
}

/*
 * The gravest clauses, and always the one on encryption: what it asks for is
 * what the reader can do at once.
 */
static void
put_clauses(struct buf *b, const struct lowerings *l, size_t from)
{
	size_t shown = 0, left = 0;

	for (size_t i = from; i < l->n; i++) {
		if (shown >= CLAUSES_SHOWN && l->v[i].what != LOW_UNENCRYPTED) {
			left++;
			continue;
		}
		if (shown++ > 0)
			buf_puts(b, "; ");
		buf_puts(b, l->v[i].clause);
	}
	if (left > 0) {
		buf_puts(b, "; and ");
		words_count(b, left, "more reason", "more reasons");
	}
}

static void
put_inconclusive(
    struct buf *b, const struct report *r, const struct lowerings *l)
{
	if (l->n > 0 && l->v[0].what == LOW_TRACE) {
		buf_printf(b,
		    "this %s holds %s: exposure at most, but the "
		    "answer stays open",
		    words_kind(r), l->v[0].clause);
		if (l->n > 1) {
			buf_puts(b, "; besides, ");
			put_clauses(b, l, 1);
		}
	} else {
		buf_printf(b,
		    "no known trace was found in what could be read "
		    "of this %s, but ",
		    words_kind(r));
		put_clauses(b, l, 0);
	}
	buf_puts(b, "; ");
}

void
summary_write(
    struct report *r, const struct tally *t, const struct lowerings *l)
{
	struct buf b;

	if (r->verdict == VERDICT_INVALID_INPUT) {
		if (r->summary == NULL)
			r->summary =
			    "this is no acquisition that can be checked";
		return;
	}
	buf_init(&b, SENTENCE_MAX);
	if (r->verdict == VERDICT_MATCH)
		put_match(&b, r, t);
	else if (r->verdict == VERDICT_SUSPICIOUS)
		put_suspicious(&b, r, t);
	else if (r->verdict == VERDICT_INCONCLUSIVE)
		put_inconclusive(&b, r, l);
	else
		buf_printf(&b,
		    "no trace of a published campaign was found in this %s, "
		    "which does not prove that there is none; ",
		    words_kind(r));
	put_context(&b, r);
	r->summary = words_keep(r, &b);
	buf_done(&b);
}
