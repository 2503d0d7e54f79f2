#include <inttypes.h>
#include <string.h>

#include "consent.h"
#include "out.h"
#include "sink.h"
#include "utf8.h"
#include "verdict.h"
#include "version.h"
#include "when.h"
#include "words.h"

/*
 * The report for a terminal, 80 columns wide but for values of the evidence,
 * which stay in one piece. Its last line is a contract:
 * "verdict: WORD - SENTENCE".
 */
#define WIDTH	    79
#define FULL_MAX    40 /* findings shown with all that belongs to them */
#define SHORT_MAX   60 /* one line each */
#define NOTES_MAX   40
#define REASONS_MAX 6 /* of one artifact */
#define BOLD	    "\033[1m"
#define PLAIN	    "\033[0m"

struct text {
	struct out o;
	const struct report *r;
	bool content, colour;
	const char *last_why; /* of the finding before */
};

static void
visible(struct text *t, const char *s)
{
	utf8_put_visible(&t->o.b, str_from(s));
}

/*
 * s in lines of WIDTH, each indented; the first one is already started at
 * column `at`. Breaks at spaces only.
 */
static void
wrap(struct text *t, const char *s, size_t indent, size_t at)
{
	struct buf v;
	struct str all, word;
	size_t i = 0, columns;

	buf_init(&v, (size_t)1 << 20);
	utf8_put_visible(&v, str_from(s));
	all = buf_text(&v);
	while (i < all.n) {
		size_t end = i + str_find(str_sub(all, i, all.n), ' ');

		word = str_sub(all, i, end);
		columns = 0;
		for (size_t k = 0; k < word.n; k++)
			columns += ((uint8_t)word.p[k] & 0xc0) != 0x80;
		if (at > indent && at + 1 + columns > WIDTH) {
			buf_printf(&t->o.b, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			buf_u8(&t->o.b, ' ');
			at++;
		}
		buf_str(&t->o.b, word);
		at += columns;
		i = end + 1;
	}
	buf_u8(&t->o.b, '\n');
	buf_done(&v);
}

/* "  label       s", wrapped below itself. */
static void
entry(struct text *t, const char *label, const char *s)
{
	buf_printf(&t->o.b, "  %-12s", label);
	wrap(t, s, 14, 14);
}

static void
heading(struct text *t, const char *s)
{
	buf_printf(&t->o.b, "\n%s%s%s\n", t->colour ? BOLD : "", s,
	    t->colour ? PLAIN : "");
}

static void
put_band(struct text *t)
{
	static const struct {
		const char *sign, *word, *colour;
	} bands[] = {
		[VERDICT_NO_KNOWN_TRACE] = {"[--]",  "NO KNOWN TRACE",
					    "\033[1;30;46m"			    },
		[VERDICT_INCONCLUSIVE] = { "[??]", "INCONCLUSIVE",
					    "\033[1;30;47m"			    },
		[VERDICT_SUSPICIOUS] = { "[! ]", "SUSPICIOUS",
					    "\033[1;30;43m"			    },
		[VERDICT_MATCH] = { "[!!]", "MATCH",	     "\033[1;37;41m"},
		[VERDICT_INVALID_INPUT] = { "[xx]", "INVALID INPUT",
					    "\033[1;30;47m"			    },
	};

	buf_printf(&t->o.b, "\n%s%s %s%s\n  ",
	    t->colour ? bands[t->r->verdict].colour : "",
	    bands[t->r->verdict].sign, bands[t->r->verdict].word,
	    t->colour ? PLAIN : "");
	wrap(t, t->r->summary ? t->r->summary : "", 2, 2);
}

static void
put_phone(struct text *t)
{
	const struct device *d = &t->r->device;
	char when[40];
	struct buf b;

	buf_init(&b, (size_t)64 << 10);
	buf_printf(&b, "%s, %s %s (%s)", d->model ? d->model : "unknown model",
	    d->os ? d->os : "iOS", d->os_version ? d->os_version : "unknown",
	    d->build ? d->build : "unknown build");
	if (d->serial != NULL)
		buf_printf(&b, ", serial %s", d->serial);
	entry(t, "phone", buf_cstr(&b));
	if (d->made_ns != TSTAMP_NONE)
		entry(t, "made", when_people(d->made_ns, when));
	buf_reset(&b);
	words_count(&b, t->r->files, "file", "files");
	buf_puts(&b, ", ");
	words_count(&b, t->r->bytes, "byte", "bytes");
	entry(t, "content", buf_cstr(&b));
	if (t->r->sha256[0] != '\0')
		entry(t, "sha256", t->r->sha256);
	if (d->sample)
		entry(t, "note",
		    "a sample phone made by this program: no evidence");
	buf_done(&b);
}

static void
put_consent(struct text *t)
{
	const struct consent *c = t->r->consent_record;
	struct buf b;

	if (c == NULL)
		return;
	buf_init(&b, (size_t)64 << 10);
	buf_printf(&b, "%s:", c->subject);
	for (unsigned i = 0; i < CONSENT_SCOPE_COUNT; i++)
		if (c->scopes & 1U << i)
			buf_printf(&b, " %s",
			    consent_scope_name((enum consent_scope)i));
	entry(t, "consent", buf_cstr(&b));
	buf_done(&b);
}

static void
put_indicators(struct text *t)
{
	struct report_counts n = report_counts(t->r);
	struct buf b;

	buf_init(&b, 4096);
	words_number(&b, n.applicable);
	buf_puts(&b, " of ");
	words_count(&b, n.loaded, "loaded indicator", "loaded indicators");
	buf_puts(&b, " could apply to what was read; ");
	words_count(&b, n.campaigns, "campaign", "campaigns");
	if (n.newest_ns != TSTAMP_NONE) {
		buf_puts(&b, ", newest of ");
		words_date(&b, n.newest_ns);
	}
	if (n.rejected > 0) {
		buf_puts(&b, "; ");
		words_number(&b, n.rejected);
		buf_puts(&b, " could not be used (report.json names them)");
	}
	entry(t, "indicators", buf_cstr(&b));
	buf_done(&b);
}

static void
put_head(struct text *t)
{
	buf_printf(
	    &t->o.b, "Telassay %s (%s): ", TELASSAY_VERSION, TELASSAY_COMMIT);
	buf_puts(&t->o.b, words_kind(t->r));
	buf_u8(&t->o.b, ' ');
	visible(t, t->r->label ? t->r->label : t->r->path ? t->r->path : "");
	buf_u8(&t->o.b, '\n');
	put_band(t);
	buf_u8(&t->o.b, '\n');
	if (t->r->verdict == VERDICT_INVALID_INPUT)
		return;
	put_phone(t);
	put_consent(t);
	put_indicators(t);
}

/* "from to" as days, with "-" for what is undated. */
static void
put_days(struct buf *b, int64_t from_ns, int64_t to_ns)
{
	char from[32], to[32];

	(void)tstamp_iso(from_ns, from);
	(void)tstamp_iso(to_ns, to);
	buf_printf(b, " %-10.10s %.10s\n", from[0] != '\0' ? from : "-",
	    to[0] != '\0' ? to : "-");
}

static void
put_cover(struct text *t, const struct coverage *c)
{
	struct buf *b = &t->o.b;

	buf_printf(b, "%c %-27s %-15s %9" PRIu64, c->required ? '*' : ' ',
	    c->artifact, cover_name(c->status), c->records);
	put_days(b, c->first_ns, c->last_ns);
	for (size_t i = 0; c->reasons != NULL && c->reasons[i] != NULL; i++) {
		if (i == REASONS_MAX) {
			buf_puts(b, "      ... more in report.json\n");
			break;
		}
		buf_puts(b, "      ");
		wrap(t, c->reasons[i], 6, 6);
	}
}

static void
put_coverage(struct text *t)
{
	size_t elsewhere = 0;

	heading(t, "What was read");
	buf_printf(&t->o.b, "  %-27s %-15s %9s %-10s %s\n", "artifact",
	    "status", "records", "from", "to");
	for (size_t i = 0; i < t->r->ncoverage; i++) {
		const struct coverage *c = &t->r->coverage[i];

		if (c->status == COVER_NOT_IN_THIS_KIND && !c->required) {
			elsewhere++;
			continue;
		}
		put_cover(t, c);
		out_step(&t->o);
	}
	buf_puts(&t->o.b, "  * must be read in full for \"no known trace\"\n");
	if (elsewhere == 0)
		return;
	buf_puts(&t->o.b, "  ");
	words_count(&t->o.b, elsewhere, "artifact stands", "artifacts stand");
	buf_puts(&t->o.b, " in other kinds of acquisition only\n");
}

static void
put_fields(struct text *t, const struct finding *f)
{
	size_t hidden = 0;

	for (size_t i = 0; i < f->nfields; i++) {
		if (f->fields[i].value.type == VALUE_NONE)
			continue;
		if (f->fields[i].content && !t->content) {
			hidden++;
			continue;
		}
		buf_printf(&t->o.b, "      %-14s ", f->fields[i].name);
		value_text(&f->fields[i].value, &t->o.b);
		buf_u8(&t->o.b, '\n');
	}
	if (hidden > 0)
		buf_puts(&t->o.b,
		    "      (contents left out; --include-content shows "
		    "them)\n");
}

static void
put_list(struct text *t, const char *label, const char *const *v)
{
	for (size_t i = 0; v != NULL && v[i] != NULL; i++) {
		buf_printf(&t->o.b, "      %-14s ", i == 0 ? label : "");
		wrap(t, v[i], 21, 21);
	}
}

static void
put_indicator(struct text *t, const struct finding *f)
{
	if (f->indicator_value != NULL) {
		buf_printf(&t->o.b, "      %-14s %s ", "indicator",
		    f->indicator_type ? f->indicator_type : "");
		visible(t, f->indicator_value);
		if (f->campaign != NULL) {
			buf_puts(&t->o.b, ", published for ");
			visible(t, f->campaign);
		}
		buf_u8(&t->o.b, '\n');
		put_list(t, "in set", f->indicator_sets);
	}
	if (f->rule_title != NULL || f->rule_id != NULL) {
		buf_printf(&t->o.b, "      %-14s ", "rule");
		visible(t, f->rule_title ? f->rule_title : f->rule_id);
		buf_u8(&t->o.b, '\n');
	}
}

/* Level, role and title: what stands in the lists as well. */
static void
put_title(struct text *t, const struct finding *f)
{
	buf_printf(&t->o.b, "  [%s] ", level_name(f->level));
	visible(t, f->title ? f->title : "");
	buf_u8(&t->o.b, '\n');
}

static void
put_finding(struct text *t, const struct finding *f)
{
	char when[40];
	bool again = f->why != NULL && t->last_why != NULL &&
		     strcmp(f->why, t->last_why) == 0;

	put_title(t, f);
	buf_printf(
	    &t->o.b, "      %-14s %s\n", "when", when_people(f->time_ns, when));
	buf_printf(&t->o.b, "      %-14s ", "where");
	utf8_put_visible(&t->o.b, f->path);
	buf_puts(&t->o.b, "  ");
	utf8_put_visible(&t->o.b, f->locator);
	buf_printf(&t->o.b, "\n      %-14s %s: %s\n", "what it shows",
	    role_name(f->role), words_role(f->role));
	put_indicator(t, f);
	put_fields(t, f);
	if (again) {
		buf_puts(&t->o.b, "      (why and next steps as above)\n");
	} else {
		put_list(t, "why", (const char *const[]){ f->why, NULL });
		put_list(t, "harmless when", f->benign);
		put_list(t, "next", f->next);
	}
	t->last_why = f->why;
	out_step(&t->o);
}

static void
put_findings(struct text *t)
{
	const struct report *r = t->r;
	size_t n = 0, lines = 0;

	buf_printf(&t->o.b, "\n%s", t->colour ? BOLD : "");
	words_count(&t->o.b, r->nfindings, "finding", "findings");
	buf_printf(&t->o.b, "%s\n", t->colour ? PLAIN : "");
	for (; n < r->nfindings && n < FULL_MAX; n++) {
		if (r->findings[n].level < LEVEL_MEDIUM)
			break;
		put_finding(t, &r->findings[n]);
	}
	for (; n < r->nfindings && lines < SHORT_MAX; n++, lines++) {
		char when[40];

		put_title(t, &r->findings[n]);
		buf_printf(&t->o.b, "      %s  %s  ",
		    when_people(r->findings[n].time_ns, when),
		    r->findings[n].artifact ? r->findings[n].artifact : "");
		utf8_put_visible(&t->o.b, r->findings[n].locator);
		buf_u8(&t->o.b, '\n');
		out_step(&t->o);
	}
	if (n == r->nfindings)
		return;
	buf_puts(&t->o.b, "  ... ");
	words_count(&t->o.b, r->nfindings - n, "more finding", "more findings");
	buf_puts(&t->o.b, " in report.json (-o DIR)\n");
}

static void
put_notes(struct text *t)
{
	const struct report *r = t->r;

	if (r->nnotes == 0)
		return;
	heading(t, "Notes: what is odd or damaged in the evidence");
	for (size_t i = 0; i < r->nnotes && i < NOTES_MAX; i++) {
		const struct report_note *n = &r->notes[i];

		buf_printf(&t->o.b,
		    "  %s: ", n->artifact ? n->artifact : "acquisition");
		visible(t, n->text ? n->text : n->name);
		if (n->path != NULL) {
			buf_puts(&t->o.b, "\n      ");
			visible(t, n->path);
			buf_printf(&t->o.b, " at %" PRIu64, n->offset);
		}
		buf_u8(&t->o.b, '\n');
		out_step(&t->o);
	}
	if (r->nnotes <= NOTES_MAX)
		return;
	buf_puts(&t->o.b, "  ... ");
	words_count(&t->o.b, r->nnotes - NOTES_MAX, "more note", "more notes");
	buf_puts(&t->o.b, " in report.json (-o DIR)\n");
}

static void
put_sentences(
    struct text *t, const char *title, const char *const *v, bool numbered)
{
	if (v == NULL || v[0] == NULL)
		return;
	heading(t, title);
	for (size_t i = 0; v[i] != NULL; i++) {
		if (numbered)
			buf_printf(&t->o.b, "  %zu. ", i + 1);
		else
			buf_puts(&t->o.b, "  -  ");
		wrap(t, v[i], 5, 5);
	}
}

static enum err
text_write(const struct report *r, const struct sink_options *o, FILE *out)
{
	struct text t = { .r = r, .content = o->content, .colour = o->colour };

	out_init(&t.o, out);
	put_head(&t);
	if (r->verdict != VERDICT_INVALID_INPUT) {
		put_sentences(&t, "Why this verdict",
		    (const char *const *)r->verdict_reasons, false);
		put_coverage(&t);
		put_findings(&t);
		put_notes(&t);
		put_sentences(&t, "Limits of this run",
		    (const char *const *)r->limits, false);
	}
	put_sentences(&t, "What to do next", verdict_next_steps(r), true);
	buf_printf(&t.o.b, "\nverdict: %s - ", verdict_name(r->verdict));
	visible(&t, r->summary ? r->summary : "");
	buf_u8(&t.o.b, '\n');
	return out_done(&t.o);
}

const struct sink sink_text = {
	.name = "text",
	.summary = "for a terminal; the last line is the verdict",
	.write = text_write,
};
