#include "decide.h"
#include "words.h"

#define SENTENCE_MAX ((size_t)64 * 1024)

/* Sentences so far; room for all lowerings and the few of our own. */
struct list {
	struct report *r;
	const char **v;
	size_t n, max;
};

static void
put(struct list *l, struct buf *b)
{
	if (l->n < l->max)
		l->v[l->n++] = words_keep(l->r, b);
	buf_reset(b);
}

static void
put_plain(struct list *l, const char *s)
{
	if (l->n < l->max)
		l->v[l->n++] = s;
}

/* One sentence for a count that is not zero. */
static void
put_count(
    struct list *l, struct buf *b, size_t n, const char *one, const char *many)
{
	if (n == 0)
		return;
	words_count(b, n, one, many);
	put(l, b);
}

static void
why_this(struct list *l, struct buf *b, const struct tally *t)
{
	put_count(l, b, t->execution,
	    "finding shows a program that ran or was installed, at level "
	    "medium or above.",
	    "findings show programs that ran or were installed, at level "
	    "medium or above.");
	put_count(l, b, t->contact,
	    "finding shows network contact that is no browsing, at level "
	    "medium or above.",
	    "findings show network contact that is no browsing, at level "
	    "medium or above.");
	put_count(l, b, t->delivery,
	    "finding shows that a published link, sender or attachment "
	    "arrived: an attempt, not an infection.",
	    "findings show that published links, senders or attachments "
	    "arrived: attempts, not infections.");
	put_count(l, b, t->rule,
	    "finding of a rule stands at level medium or above.",
	    "findings of rules stand at level medium or above.");
	put_count(l, b, t->anomaly,
	    "anomaly stands at level medium or above; anomalies alone move "
	    "no verdict.",
	    "anomalies stand at level medium or above; anomalies alone move "
	    "no verdict.");
	put_count(l, b, t->weak, "finding of level low or info does not count.",
	    "findings of level low or info do not count.");
}

static void
why_not_higher(struct list *l, enum verdict v, const struct tally *t)
{
	if (v == VERDICT_SUSPICIOUS && t->delivery == 0 && t->rule == 0)
		put_plain(l,
		    "Two kinds of weaker traces stand together; neither alone "
		    "would be suspicious.");
	if (v == VERDICT_SUSPICIOUS)
		put_plain(l,
		    "No indicator matched a program that ran, was installed "
		    "or made contact: no match.");
	if (v == VERDICT_INCONCLUSIVE)
		put_plain(l,
		    "Nothing found reaches \"suspicious\", but too little "
		    "could be read or compared for \"no known trace\":");
}

static void
why_clear(struct list *l, struct buf *b, const struct report *r)
{
	size_t required = 0;

	for (size_t i = 0; i < r->ncoverage; i++)
		required += r->coverage[i].required;
	if (required == 0)
		return;
	buf_puts(b, required == 1 ? "The " : "All ");
	words_count(b, required, "artifact that must be there was",
	    "artifacts that must be there were");
	buf_puts(b, " read in full.");
	put(l, b);
}

static void
why_indicators(struct list *l, struct buf *b, const struct report *r)
{
	struct report_counts n = report_counts(r);

	words_number(b, n.applicable);
	buf_puts(b, " of ");
	words_count(b, n.loaded, "loaded indicator", "loaded indicators");
	buf_puts(b, " could apply to what was read.");
	put(l, b);
}

void
reasons_write(
    struct report *r, const struct tally *t, const struct lowerings *low)
{
	struct list l = { .r = r, .max = low->n + 16 };
	struct buf b;

	l.v = arena_alloc(&r->arena, l.max + 1, sizeof(*l.v));
	if (l.v == NULL)
		return;
	r->verdict_reasons = l.v;
	if (r->verdict == VERDICT_INVALID_INPUT) {
		put_plain(&l, "Nothing was read.");
		return;
	}
	buf_init(&b, SENTENCE_MAX);
	why_this(&l, &b, t);
	why_not_higher(&l, r->verdict, t);
	for (size_t i = 0; i < low->n; i++)
		put_plain(&l, low->v[i].sentence);
	if (r->verdict == VERDICT_NO_KNOWN_TRACE)
		why_clear(&l, &b, r);
	why_indicators(&l, &b, r);
	buf_done(&b);
}
