#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "words.h"

/*
 * Findings that say the same about the same artifact share a card, so that a
 * value seen five hundred times is one card with a table. Cards stand in the
 * order of their gravest finding; low and info are folded.
 */
#define OPEN_MAX	8  /* cards that stand open; what follows is folded */
#define CARDS_MAX	40 /* the rest of the groups goes into a table */
#define OCCURRENCES_MAX 100
#define TABLE_ROWS_MAX	500
#define VALUE_BYTES_MAX 4096 /* longer values are cut, report.json has them */

struct group {
	const struct finding **v; /* in order of the report */
	size_t n;
	size_t first; /* index of v[0] in the report */
};

static int
text_cmp(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
same_cmp(const struct finding *x, const struct finding *y)
{
	int c = (int)y->level - (int)x->level;

	if (c == 0)
		c = (int)x->kind - (int)y->kind;
	if (c == 0)
		c = (int)x->role - (int)y->role;
	if (c == 0)
		c = text_cmp(x->artifact, y->artifact);
	if (c == 0)
		c = text_cmp(x->indicator_type, y->indicator_type);
	if (c == 0)
		c = text_cmp(x->indicator_value, y->indicator_value);
	if (c == 0)
		c = text_cmp(x->rule_id, y->rule_id);
	return c != 0 ? c : text_cmp(x->title, y->title);
}

static int
group_sort_cmp(const void *a, const void *b)
{
	const struct finding *const *x = a, *const *y = b;
	int c = same_cmp(*x, *y);

	return c != 0 ? c : (*x > *y) - (*x < *y);
}

static int
group_order_cmp(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

/* Groups of the first n findings; *store is theirs, the caller frees both. */
static size_t
group_findings(const struct report *r, size_t n, struct group **out,
    const struct finding ***store)
{
	struct group *g = calloc(n + 1, sizeof(*g));
	const struct finding **v = calloc(n + 1, sizeof(*v));
	size_t k = 0;

	if (g == NULL || v == NULL)
		abort();
	for (size_t i = 0; i < n; i++)
		v[i] = &r->findings[i];
	if (n > 1)
		qsort(v, n, sizeof(*v), group_sort_cmp);
	for (size_t i = 0; i < n; i++) {
		if (k == 0 || same_cmp(g[k - 1].v[0], v[i]) != 0)
			g[k++] = (struct group){ .v = &v[i],
				.first = (size_t)(v[i] - r->findings) };
		g[k - 1].n++;
	}
	if (k > 1)
		qsort(g, k, sizeof(*g), group_order_cmp);
	*out = g;
	*store = v;
	return k;
}

static void
term(struct html *h, const char *name)
{
	html_rawf(h, "<dt>%s</dt><dd>", name);
}

static void
put_cut_value(struct html *h, const struct value *v)
{
	struct buf b;
	struct str s;

	buf_init(&b, (size_t)32 << 20);
	value_text(v, &b);
	s = buf_text(&b);
	html_text(
	    h, str_sub(s, 0, s.n > VALUE_BYTES_MAX ? VALUE_BYTES_MAX : s.n));
	if (s.n > VALUE_BYTES_MAX)
		html_raw(h, "… (cut; report.json has it whole)");
	buf_done(&b);
}

/* The first field is the one that matched. */
static void
put_fields(struct html *h, const struct finding *f)
{
	size_t hidden = 0;

	for (size_t i = 0; i < f->nfields; i++) {
		if (f->fields[i].value.type == VALUE_NONE)
			continue;
		if (f->fields[i].content && !h->content) {
			hidden++;
			continue;
		}
		html_raw(h, "<dt>");
		html_cstr(h, f->fields[i].name);
		html_rawf(h, "</dt><dd><bdi class=\"v%s\">",
		    i == 0 && f->kind == FINDING_INDICATOR ? " hit" : "");
		put_cut_value(h, &f->fields[i].value);
		html_raw(h, "</bdi></dd>");
	}
	if (hidden > 0)
		html_raw(h, "<dt>contents</dt><dd>left out of this report to "
			    "protect privacy</dd>");
}

static void
put_source(struct html *h, const struct finding *f)
{
	html_value(h, f->path);
	if (f->locator.n > 0) {
		html_raw(h, ", ");
		html_value(h, f->locator);
	}
}

static void
put_indicator(struct html *h, const struct finding *f)
{
	if (f->campaign != NULL) {
		term(h, "Published for");
		html_cstr(h, f->campaign);
		html_raw(h, "</dd>");
	}
	if (f->indicator_value != NULL) {
		term(h, "Published value");
		html_cstr(h, f->indicator_type);
		html_raw(h, " ");
		html_value(h, str_from(f->indicator_value));
		for (size_t i = 0;
		     f->indicator_sets != NULL && f->indicator_sets[i] != NULL;
		     i++) {
			html_raw(h, i == 0 ? " in " : ", ");
			html_cstr(h, f->indicator_sets[i]);
		}
		html_raw(h, "</dd>");
	}
	if (f->rule_title != NULL || f->rule_id != NULL) {
		term(h, "Rule");
		html_cstr(h, f->rule_title ? f->rule_title : f->rule_id);
		html_raw(h, "</dd>");
	}
}

static const char *
statement_words(enum statement s)
{
	static const char *const words[] = {
		[STATEMENT_OBSERVATION] = "Observation: it is there",
		[STATEMENT_MATCH] = "Match: it equals a published value",
		[STATEMENT_INFERENCE] = "Inference: a rule or a statistic says "
					"so",
	};

	return words[s];
}

static void
put_bullets(struct html *h, const char *title, const char *const *v)
{
	if (v == NULL || v[0] == NULL)
		return;
	html_rawf(h, "<div><h4>%s</h4><ul>", title);
	for (size_t i = 0; v[i] != NULL; i++) {
		html_raw(h, "<li>");
		html_sentence(h, v[i]);
		html_raw(h, "</li>");
	}
	html_raw(h, "</ul></div>");
}

/* The value that matched, for one cell. */
static void
put_key_value(struct html *h, const struct finding *f)
{
	if (f->nfields == 0 || (f->fields[0].content && !h->content))
		return;
	html_raw(h, "<bdi class=\"v\">");
	put_cut_value(h, &f->fields[0].value);
	html_raw(h, "</bdi>");
}

static void
put_occurrences(struct html *h, const struct group *g)
{
	if (g->n < 2)
		return;
	html_raw(h, "<details><summary>Seen ");
	html_count(h, g->n, "time", "times");
	html_raw(h, "</summary><div class=\"scroll\" tabindex=\"0\" "
		    "role=\"region\" aria-label=\"Occurrences\"><table>"
		    "<caption>Every occurrence, by time</caption><thead><tr>"
		    "<th scope=\"col\">When</th><th scope=\"col\">Value</th>"
		    "<th scope=\"col\">Where</th></tr></thead><tbody>");
	for (size_t i = 0; i < g->n && i < OCCURRENCES_MAX; i++) {
		/* The card has the id of the first. */
		if (i == 0)
			html_raw(h, "<tr><td class=\"t\">");
		else
			html_rawf(
			    h, "<tr id=\"f-%s\"><td class=\"t\">", g->v[i]->id);
		html_time(h, g->v[i]->time_ns);
		html_raw(h, "</td><td class=\"w\">");
		put_key_value(h, g->v[i]);
		html_raw(h, "</td><td class=\"w\">");
		put_source(h, g->v[i]);
		html_raw(h, "</td></tr>\n");
	}
	html_raw(h, "</tbody></table></div>");
	if (g->n > OCCURRENCES_MAX) {
		html_raw(h, "<p class=\"fine\">");
		html_number(h, g->n - OCCURRENCES_MAX);
		html_raw(h, " more stand in report.json.</p>");
	}
	html_raw(h, "</details>");
}

static void
put_when(struct html *h, const struct group *g)
{
	const struct finding *last = g->v[g->n - 1];

	term(h, "When");
	html_time(h, g->v[0]->time_ns);
	if (g->n > 1 && last->time_ns != TSTAMP_NONE &&
	    last->time_ns != g->v[0]->time_ns) {
		html_raw(h, " to ");
		html_time(h, last->time_ns);
		html_raw(h, ", ");
		html_count(h, g->n, "time", "times");
	}
	html_raw(h, "</dd>");
}

static void
put_fine(struct html *h, const struct finding *f)
{
	html_rawf(h, "<p class=\"fine\">Finding %s", f->id);
	if (f->nrecords > 0)
		html_rawf(h, ", record SHA-256 %s", f->records[0].sha256);
	if (f->nrecords > 1) {
		html_raw(h, " and ");
		html_count(h, f->nrecords - 1, "other record", "other records");
	}
	html_raw(h, "</p>");
}

static void
put_head(struct html *h, const struct finding *f)
{
	html_raw(h, "<div class=\"head\">");
	html_badge(h, f->level);
	html_rawf(
	    h, "<span>%s</span></div><h3>", statement_words(f->statement));
	html_sentence(h, f->title);
	html_raw(h, "</h3>");
}

static void
put_body(struct html *h, const struct group *g)
{
	const struct finding *f = g->v[0];

	html_raw(h, "<dl class=\"facts\">");
	put_when(h, g);
	term(h, "Where");
	html_cstr(h, f->artifact);
	html_raw(h, ": ");
	put_source(h, f);
	html_raw(h, "</dd>");
	term(h, "Shows");
	html_rawf(h, "%s (%s)</dd>", role_name(f->role), words_role(f->role));
	put_indicator(h, f);
	put_fields(h, f);
	html_raw(h, "</dl>");
	if (f->why != NULL) {
		html_raw(h, "<div class=\"why\"><h4>Why it matters</h4><p>");
		html_sentence(h, f->why);
		html_raw(h, "</p></div>");
	}
	html_raw(h, "<div class=\"two\">");
	put_bullets(h, "Harmless explanations", f->benign);
	put_bullets(h, "Next steps", f->next);
	html_raw(h, "</div>");
	put_occurrences(h, g);
	put_fine(h, f);
}

static void
put_card(struct html *h, const struct group *g, bool folded)
{
	const struct finding *f = g->v[0];

	html_rawf(h, "<article class=\"finding%s\" id=\"f-%s\">",
	    folded ? " slim" : "", f->id);
	if (folded)
		html_raw(h, "<details class=\"fold\"><summary>");
	put_head(h, f);
	if (folded) {
		put_key_value(h, f);
		html_raw(h, "</summary>");
	}
	put_body(h, g);
	html_raw(h, folded ? "</details></article>\n" : "</article>\n");
	out_step(&h->o);
}

/* Findings that get no card, one line each. */
static void
put_table(
    struct html *h, const char *title, const struct finding *const *v, size_t n)
{
	if (n == 0)
		return;
	html_raw(h, "<details class=\"card\"><summary>");
	html_number(h, n);
	html_rawf(h,
	    " %s</summary><div class=\"scroll\" tabindex=\"0\" "
	    "role=\"region\" aria-label=\"%s\"><table><caption>%s"
	    "</caption><thead><tr><th scope=\"col\">Level</th>"
	    "<th scope=\"col\">When</th><th scope=\"col\">What</th>"
	    "<th scope=\"col\">Value</th><th scope=\"col\">Where</th>"
	    "</tr></thead><tbody>",
	    title, title, title);
	for (size_t i = 0; i < n && i < TABLE_ROWS_MAX; i++) {
		html_rawf(h, "<tr id=\"f-%s\"><td>", v[i]->id);
		html_badge(h, v[i]->level);
		html_raw(h, "</td><td class=\"t\">");
		html_time(h, v[i]->time_ns);
		html_raw(h, "</td><td class=\"w\">");
		html_sentence(h, v[i]->title);
		html_raw(h, "</td><td class=\"w\">");
		put_key_value(h, v[i]);
		html_raw(h, "</td><td class=\"w\">");
		put_source(h, v[i]);
		html_raw(h, "</td></tr>\n");
		out_step(&h->o);
	}
	html_raw(h, "</tbody></table></div>");
	if (n > TABLE_ROWS_MAX) {
		html_raw(h, "<p class=\"fine\">");
		html_number(h, n - TABLE_ROWS_MAX);
		html_raw(h, " more stand in report.json.</p>");
	}
	html_raw(h, "</details>\n");
}

static void
put_chips(struct html *h)
{
	size_t n[LEVEL_CRITICAL + 1] = { 0 };

	for (size_t i = 0; i < h->r->nfindings; i++)
		n[h->r->findings[i].level]++;
	html_raw(h, "<ul class=\"chips\">");
	for (int l = LEVEL_CRITICAL; l >= LEVEL_INFO; l--) {
		if (n[l] == 0)
			continue;
		html_raw(h, "<li>");
		html_number(h, n[l]);
		html_raw(h, " ");
		html_badge(h, (enum level)l);
		html_raw(h, "</li>");
	}
	html_raw(h, "</ul>\n");
}

void
html_findings(struct html *h)
{
	const struct finding **store, **rest;
	struct group *g;
	size_t strong = 0, n, nrest = 0;

	html_raw(h, "<section id=\"findings\" aria-labelledby=\"h-findings\">"
		    "<h2 id=\"h-findings\">Findings</h2>\n");
	if (h->r->nfindings == 0)
		html_raw(h, "<p class=\"card\">Nothing that was read equals a "
			    "published value, and no rule fired.</p>\n");
	put_chips(h);
	while (strong < h->r->nfindings &&
	       h->r->findings[strong].level >= LEVEL_MEDIUM)
		strong++;
	n = group_findings(h->r, strong, &g, &store);
	rest = calloc(h->r->nfindings + 1, sizeof(*rest));
	if (rest == NULL)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (i < CARDS_MAX) {
			put_card(h, &g[i], i >= OPEN_MAX);
			continue;
		}
		for (size_t k = 0; k < g[i].n; k++)
			rest[nrest++] = g[i].v[k];
	}
	put_table(h, "more findings of level medium or above", rest, nrest);
	for (nrest = 0; strong + nrest < h->r->nfindings; nrest++)
		rest[nrest] = &h->r->findings[strong + nrest];
	put_table(h, "findings of level low or info, which move no verdict",
	    rest, nrest);
	free(rest);
	free(g);
	free(store);
	html_raw(h, "</section>\n");
}
