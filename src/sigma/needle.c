#include "needle.h"

#include <string.h>

#include "fold.h"

/* Beyond, a double does not tell integers apart. */
#define EXACT (INT64_C(1) << 53)

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((uint8_t)s.p[i] >= 0x80)
			return false;
	return true;
}

static struct str
lowered(struct str s, struct arena *a)
{
	char *p = arena_strdup(a, s);

	for (size_t i = 0; p != NULL && i < s.n; i++)
		p[i] = ascii_lower(p[i]);
	return (struct str){ .p = p, .n = p ? s.n : 0 };
}

static enum literal_where
place_of(const struct test *t, size_t part)
{
	if (t->nparts == 1)
		return IN_WHOLE;
	return part == 0	       ? IN_HEAD
	       : part == t->nparts - 1 ? IN_TAIL
				       : IN_INSIDE;
}

/* The parts are a text and stars around it. */
static bool
is_simple(const struct test *t)
{
	size_t texts = 0;

	for (size_t i = 0; i < t->nparts; i++) {
		if (t->parts[i].kind == PART_ONE)
			return false;
		texts += t->parts[i].kind == PART_TEXT;
	}
	return texts <= 1;
}

/* The longest text that a value must hold; NULL when there is none. */
static const struct part *
longest_part(const struct test *t)
{
	const struct part *best = NULL;

	for (size_t i = 0; i < t->nparts; i++) {
		const struct part *p = &t->parts[i];

		if (p->kind != PART_TEXT || p->text.n == 0 ||
		    (t->cased && !is_ascii(p->text)))
			continue;
		if (best == NULL || p->text.n > best->text.n)
			best = p;
	}
	return best;
}

static void
text_needle(const struct test *t, struct arena *a, struct needle *n)
{
	const struct part *best = longest_part(t);
	bool plain = true, empty = true;

	for (size_t i = 0; i < t->nparts; i++) {
		plain = plain && t->parts[i].kind != PART_ONE;
		empty = empty && t->parts[i].kind == PART_TEXT &&
			t->parts[i].text.n == 0;
	}
	if (empty) { /* the empty value */
		n->kind = NEEDLE_TEXTS;
		n->where = IN_WHOLE;
		n->texts.n = 1;
		n->texts.v[0] = str_from("");
		n->sure = true;
		return;
	}
	if (best == NULL) {
		n->kind = NEEDLE_ANY;
		n->sure = plain;
		for (size_t i = 0; i < t->nparts; i++)
			n->sure = n->sure && t->parts[i].kind == PART_ANY;
		return;
	}
	n->kind = NEEDLE_TEXTS;
	n->where = place_of(t, (size_t)(best - t->parts));
	n->texts.n = 1;
	n->texts.v[0] = t->cased ? lowered(best->text, a) : best->text;
	n->sure = is_simple(t) && !t->cased;
	n->ascii_only = t->cased;
}

void
needle_of(const struct test *t, struct arena *a, struct needle *out)
{
	*out = (struct needle){ .kind = NEEDLE_NONE };
	if (t->kind == TEST_TEXT) {
		text_needle(t, a, out);
	} else if (t->kind == TEST_REGEX) {
		regex_need(t->text, a, &out->texts);
		out->kind = out->texts.n > 0 ? NEEDLE_TEXTS : NEEDLE_NONE;
		out->where = IN_INSIDE;
		out->ascii_only = true;
	} else if (t->kind == TEST_NUMBER && t->compare == CMP_EQ &&
		   t->is_integer && t->time_part == TIME_NONE &&
		   t->integer >= -EXACT && t->integer <= EXACT) {
		out->kind = NEEDLE_INTEGER;
		out->sure = true;
	}
}
