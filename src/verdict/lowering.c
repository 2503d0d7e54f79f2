#include <string.h>

#include "decide.h"
#include "words.h"

#define LINE_MAX_BYTES ((size_t)64 * 1024)

static void
add(struct report *r, struct lowerings *l, enum lowering_what what,
    struct buf *clause, struct buf *sentence)
{
	struct lowering *v;

	if (l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 16;
		v = arena_alloc(&r->arena, l->cap, sizeof(*v));
		if (v == NULL)
			return;
		for (size_t i = 0; i < l->n; i++)
			v[i] = l->v[i];
		l->v = v;
	}
	l->v[l->n++] = (struct lowering){ .what = what,
		.clause = words_keep(r, clause),
		.sentence = words_keep(r, sentence) };
	buf_reset(clause);
	buf_reset(sentence);
}

bool
lowerings_have(const struct lowerings *l, enum lowering_what what)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].what == what)
			return true;
	return false;
}

static bool
is_trace(const struct finding *f)
{
	return f->kind == FINDING_INDICATOR && f->level >= LEVEL_MEDIUM &&
	       (f->role == ROLE_VISIT || f->role == ROLE_MENTION);
}

/* A visit or a mention shows exposure at most, but it is no "nothing". */
static void
find_traces(
    struct report *r, const struct tally *t, struct buf *c, struct buf *s)
{
	size_t n = t->browsing + t->file;

	buf_puts(c, t->visits == n   ? "a visit to "
		    : t->visits == 0 ? "a mention of "
				     : "visits to and mentions of ");
	summary_campaigns(r, c, is_trace);
	words_count(s, n, "finding shows ", "findings show ");
	buf_str(s, buf_text(c));
	buf_puts(s, ": exposure at most, which alone is no suspicion, but "
		    "the answer stays open.");
}

#define TITLES_IN_A_ROW 3

/* The titles of the findings that bar an all-clear, each once. */
static void
find_bars(struct report *r, const struct tally *t, struct buf *c, struct buf *s)
{
	const char *v[TITLES_IN_A_ROW + 1];
	size_t n = 0;

	for (size_t i = 0; i < r->nfindings && n <= TITLES_IN_A_ROW; i++) {
		const char *title = r->findings[i].title;
		size_t k = 0;

		if (!r->findings[i].bars_clear || title == NULL)
			continue;
		while (k < n && strcmp(v[k], title) != 0)
			k++;
		if (k == n)
			v[n++] = title;
	}
	words_count(s, t->bars,
	    "finding keeps the answer open, whatever its level: ",
	    "findings keep the answer open, whatever their level: ");
	buf_puts(c, "a finding asks for a closer look: ");
	words_list(c, v, n, TITLES_IN_A_ROW);
	words_list(s, v, n, TITLES_IN_A_ROW);
	buf_u8(s, '.');
}

static const char *
status_words(enum cover c)
{
	static const char *const words[] = {
		[COVER_READ] = "was read",
		[COVER_PARTIAL] = "was read only in part",
		[COVER_ABSENT] = "is absent",
		[COVER_FAILED] = "could not be read",
		[COVER_UNKNOWN_VERSION] = "has a format version that is not "
					  "known",
		[COVER_NOT_APPLICABLE] = "does not apply here",
		[COVER_NOT_IN_THIS_KIND] = "is not in this kind of acquisition",
	};

	return (size_t)c < sizeof(words) / sizeof(words[0]) ? words[c] : "";
}

static bool
is_damaged(enum cover c)
{
	return c == COVER_PARTIAL || c == COVER_FAILED ||
	       c == COVER_UNKNOWN_VERSION;
}

static void
find_artifacts(struct report *r, struct lowerings *l, bool required,
    struct buf *c, struct buf *s)
{
	for (size_t i = 0; i < r->ncoverage; i++) {
		const struct coverage *v = &r->coverage[i];

		if (v->required != required ||
		    (required ? v->status == COVER_READ
			      : !is_damaged(v->status)))
			continue;
		buf_printf(c, "%s %s", v->artifact, status_words(v->status));
		buf_printf(s, "%s%s %s", v->artifact,
		    required ? ", which must be there," : "",
		    status_words(v->status));
		for (size_t k = 0; v->reasons != NULL && v->reasons[k] != NULL;
		     k++)
			buf_printf(s, "%s%s", k ? "; " : ": ", v->reasons[k]);
		buf_u8(s, '.');
		add(r, l, LOW_ARTIFACT, c, s);
	}
}

/* One for each kind of note on the acquisition as a whole. */
static void
find_acquisition_notes(
    struct report *r, struct lowerings *l, struct buf *c, struct buf *s)
{
	for (size_t k = 0; k < NOTE_COUNT; k++) {
		size_t n = 0;

		for (size_t i = 0; i < r->nnotes; i++)
			n += r->notes[i].artifact == NULL &&
			     r->notes[i].effect != NOTE_EFFECT_NONE &&
			     strcmp(r->notes[i].name, note_infos[k].name) == 0;
		if (n == 0)
			continue;
		buf_puts(c, note_infos[k].text);
		buf_printf(s, "The acquisition itself: %s", note_infos[k].text);
		if (n > 1) {
			buf_puts(s, " (");
			words_count(s, n, "place", "places");
			buf_u8(s, ')');
		}
		buf_u8(s, '.');
		add(r, l, LOW_ACQUISITION, c, s);
	}
}

static bool
read_nothing(const struct report *r)
{
	for (size_t i = 0; i < r->ncoverage; i++)
		if (r->coverage[i].status == COVER_READ ||
		    r->coverage[i].status == COVER_PARTIAL)
			return false;
	return true;
}

/* What may be wrong with the indicators; NULL: nothing. */
static const char *
indicators_fault(const struct report *r)
{
	struct report_counts n = report_counts(r);

	if (n.loaded == 0)
		return "no indicators were loaded";
	if (!r->default_indicators)
		return "the default indicator sets were not used";
	if (n.applicable == 0)
		return "none of the loaded indicators could apply to what "
		       "was read";
	return NULL;
}

static void
add_plain(struct report *r, struct lowerings *l, enum lowering_what what,
    const char *clause)
{
	struct buf c, s;

	buf_init(&c, LINE_MAX_BYTES);
	buf_init(&s, LINE_MAX_BYTES);
	buf_puts(&c, clause);
	buf_puts(&s, clause);
	if (s.len > 0 && s.p[0] >= 'a' && s.p[0] <= 'z')
		s.p[0] = (uint8_t)(s.p[0] - 'a' + 'A');
	buf_u8(&s, '.');
	add(r, l, what, &c, &s);
	buf_done(&c);
	buf_done(&s);
}

void
lowerings_find(struct report *r, const struct tally *t, struct lowerings *out)
{
	struct buf c, s;
	const char *fault;

	buf_init(&c, LINE_MAX_BYTES);
	buf_init(&s, LINE_MAX_BYTES);
	if (t->browsing + t->file > 0) {
		find_traces(r, t, &c, &s);
		add(r, out, LOW_TRACE, &c, &s);
	}
	if (t->bars > 0) {
		find_bars(r, t, &c, &s);
		add(r, out, LOW_BARS, &c, &s);
	}
	if (t->note > 0)
		add_plain(r, out, LOW_NOTE,
		    "findings say that evidence is missing or was changed");
	if (read_nothing(r)) {
		buf_printf(
		    &c, "this version read nothing in this %s", words_kind(r));
		buf_printf(
		    &s, "This version read nothing in this %s.", words_kind(r));
		add(r, out, LOW_NOTHING, &c, &s);
	} else if (r->kind != NULL && strcmp(r->kind, "ios-sysdiagnose") == 0) {
		add_plain(r, out, LOW_NOTHING,
		    "this version reads no more than the shutdown logs of an "
		    "iPhone sysdiagnose");
	}
	if (r->kind != NULL && strcmp(r->kind, "ios-backup") == 0 &&
	    !r->encrypted)
		add_plain(r, out, LOW_UNENCRYPTED,
		    "an unencrypted backup leaves out calls, Safari history "
		    "and more: make an encrypted one and check that");
	find_artifacts(r, out, true, &c, &s);
	find_artifacts(r, out, false, &c, &s);
	find_acquisition_notes(r, out, &c, &s);
	if ((fault = indicators_fault(r)) != NULL)
		add_plain(r, out, LOW_INDICATORS, fault);
	if (r->selection)
		add_plain(r, out, LOW_SELECTION,
		    "only some artifacts were asked for (--artifact)");
	buf_done(&c);
	buf_done(&s);
}
