#define PCRE2_CODE_UNIT_WIDTH 8
#include "test.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "ip.h"
#include "limits.h"
#include "wildcard.h"

void
tester_init(struct tester *t)
{
	buf_init(&t->text, SIZE_MAX / 4);
	buf_init(&t->other, SIZE_MAX / 4);
	t->match_data = NULL;
	t->match_context = NULL;
	t->limits = 0;
}

void
tester_done(struct tester *t)
{
	buf_done(&t->text);
	buf_done(&t->other);
	pcre2_match_data_free(t->match_data);
	pcre2_match_context_free(t->match_context);
}

/* s folded, or s itself for a cased test; borrowed until the next call. */
static struct str
folded(struct tester *t, bool cased, struct str s)
{
	size_t i;

	if (cased)
		return s;
	for (i = 0; i < s.n && i < sizeof(t->small); i++) {
		if ((unsigned char)s.p[i] >= 0x80)
			break;
		t->small[i] = ascii_lower(s.p[i]);
	}
	if (i == s.n)
		return (struct str){ .p = t->small, .n = s.n };
	buf_reset(&t->text);
	sigma_fold(s, &t->text);
	return buf_text(&t->text);
}

/* Made once: a search then allocates nothing but the stack of a deep one. */
static void
regex_ready(struct tester *t)
{
	if (t->match_data != NULL)
		return;
	t->match_data = pcre2_match_data_create(1, NULL);
	t->match_context = pcre2_match_context_create(NULL);
	if (t->match_data == NULL || t->match_context == NULL)
		abort();
	(void)pcre2_set_match_limit(t->match_context, LIMIT_REGEX_STEPS);
	(void)pcre2_set_depth_limit(t->match_context, LIMIT_REGEX_DEPTH);
	(void)pcre2_set_heap_limit(t->match_context, LIMIT_REGEX_HEAP_KB);
}

static bool
regex_found(struct tester *t, const struct test *test, struct str s)
{
	PCRE2_SPTR p = (PCRE2_SPTR)(s.n > 0 ? s.p : "");
	int r;

	if (test->regex == NULL)
		return false;
	regex_ready(t);
	r = pcre2_match(
	    test->regex, p, s.n, 0, 0, t->match_data, t->match_context);
	/* Compiled code has a small stack; the interpreter has the heap. */
	if (r == PCRE2_ERROR_JIT_STACKLIMIT)
		r = pcre2_match(test->regex, p, s.n, 0, PCRE2_NO_JIT,
		    t->match_data, t->match_context);
	if (r < 0 && r != PCRE2_ERROR_NOMATCH)
		t->limits++;
	return r >= 0;
}

static bool
in_network(const struct test *test, struct str s)
{
	struct ip ip;

	if (!ip_parse(s, &ip))
		return false;
	ip_mask(&ip, test->prefix);
	return memcmp(ip.b, test->net, sizeof(ip.b)) == 0;
}

static bool
number_fits(const struct test *test, const struct value *v)
{
	struct number n;
	int order;

	if (test->time_part != TIME_NONE) {
		if (!value_time_part(v, test->time_part, &n.integer))
			return false;
		n.is_integer = true;
		n.real = (double)n.integer;
	} else if (!value_number(v, &n)) {
		return false;
	}
	if (n.is_integer && test->is_integer)
		order =
		    n.integer < test->integer ? -1 : n.integer > test->integer;
	else
		order = n.real < test->real ? -1 : n.real > test->real;
	switch (test->compare) {
	case CMP_EQ:
		return order == 0;
	case CMP_LT:
		return order < 0;
	case CMP_LTE:
		return order <= 0;
	case CMP_GT:
		return order > 0;
	case CMP_GTE:
		return order >= 0;
	}
	return false;
}

static bool
bool_fits(const struct test *test, const struct value *v)
{
	if (v->type == VALUE_BOOL)
		return v->b == test->flag;
	return v->type == VALUE_TEXT &&
	       str_eq_nocase(v->s, str_from(test->flag ? "true" : "false"));
}

static bool
is_null(const struct value *v)
{
	return v->type == VALUE_NONE ||
	       (v->type == VALUE_LIST && v->list.n == 0);
}

/* A value that is no list. */
static bool
single_fits(struct tester *t, const struct test *test, const struct value *v)
{
	char room[VALUE_ROOM];
	struct str s;

	switch (test->kind) {
	case TEST_NUMBER:
		return number_fits(test, v);
	case TEST_BOOL:
		return bool_fits(test, v);
	case TEST_CIDR:
		return v->type == VALUE_TEXT && in_network(test, v->s);
	case TEST_TEXT:
		return value_plain(v, room, &s) &&
		       wildcard_fits(test->parts, test->nparts,
			   folded(t, test->cased, s));
	case TEST_REGEX:
		return value_plain(v, room, &s) && regex_found(t, test, s);
	case TEST_NULL:
	case TEST_EXISTS:
	case TEST_FIELDREF:
		break;
	}
	return false;
}

bool
tester_value(struct tester *t, const struct test *test, const struct value *v)
{
	if (test->kind == TEST_NULL)
		return is_null(v);
	if (test->kind == TEST_EXISTS)
		return test->flag;
	if (v->type != VALUE_LIST)
		return single_fits(t, test, v);
	for (size_t i = 0; i < v->list.n; i++) {
		struct value item = { .type = VALUE_TEXT, .s = v->list.v[i] };

		if (single_fits(t, test, &item))
			return true;
	}
	return false;
}

const struct sigma_cell *
event_cell(const struct sigma_event *e, uint32_t field)
{
	for (size_t i = 0; i < e->n && field != SIGMA_NO_FIELD; i++)
		if (e->cells[i].field == field)
			return &e->cells[i];
	return NULL;
}

static bool
texts_fit(enum fieldref_how how, struct str a, struct str b)
{
	switch (how) {
	case REF_EQUALS:
		return str_eq(a, b);
	case REF_CONTAINS:
		return b.n == 0 || memmem(a.p, a.n, b.p, b.n) != NULL;
	case REF_STARTS:
		return a.n >= b.n && str_eq(str_sub(a, 0, b.n), b);
	case REF_ENDS:
		return a.n >= b.n && str_eq(str_sub(a, a.n - b.n, a.n), b);
	}
	return false;
}

/* How many texts a value has, and each of them. */
static size_t
value_texts(const struct value *v)
{
	return v->type == VALUE_LIST ? v->list.n : v->type != VALUE_NONE;
}

static bool
value_text_at(const struct value *v, size_t i, char room[static VALUE_ROOM],
    struct str *out)
{
	if (v->type != VALUE_LIST)
		return value_plain(v, room, out);
	*out = v->list.v[i];
	return true;
}

/* Some value of the one field fits some value of the other. */
static bool
fieldref_fits(struct tester *t, const struct test *test, const struct value *a,
    const struct value *b)
{
	char room_a[VALUE_ROOM], room_b[VALUE_ROOM];
	struct str sa, sb;

	if (value_texts(a) > LIMIT_FIELDREF_PAIRS / (value_texts(b) + 1)) {
		t->limits++;
		return false;
	}
	for (size_t i = 0; i < value_texts(b); i++) {
		if (!value_text_at(b, i, room_b, &sb))
			continue;
		if (!test->cased) {
			buf_reset(&t->other);
			sigma_fold(sb, &t->other);
			sb = buf_text(&t->other);
		}
		for (size_t k = 0; k < value_texts(a); k++)
			if (value_text_at(a, k, room_a, &sa) &&
			    texts_fit(
				test->how, folded(t, test->cased, sa), sb))
				return true;
	}
	return false;
}

/* A keyword: some value of the event fits. */
static bool
any_fits(struct tester *t, const struct test *test, const struct sigma_event *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (tester_value(t, test, e->cells[i].value))
			return true;
	return false;
}

bool
tester_event(
    struct tester *t, const struct test *test, const struct sigma_event *e)
{
	const struct sigma_cell *cell, *other;

	if (test->field == SIGMA_NO_FIELD)
		return any_fits(t, test, e);
	cell = event_cell(e, test->field);
	switch (test->kind) {
	case TEST_NULL:
		return cell == NULL || is_null(cell->value);
	case TEST_EXISTS:
		return (cell != NULL) == test->flag;
	case TEST_FIELDREF:
		other = event_cell(e, test->other);
		return cell != NULL && other != NULL &&
		       fieldref_fits(t, test, cell->value, other->value);
	case TEST_TEXT:
	case TEST_REGEX:
	case TEST_CIDR:
	case TEST_NUMBER:
	case TEST_BOOL:
		return cell != NULL && tester_value(t, test, cell->value);
	}
	return false;
}

bool
test_value(const struct test *t, const struct value *v)
{
	struct tester scratch;
	bool fits;

	tester_init(&scratch);
	fits = tester_value(&scratch, t, v);
	tester_done(&scratch);
	return fits;
}

bool
test_event(const struct test *t, const struct sigma_event *e)
{
	struct tester scratch;
	bool fits;

	tester_init(&scratch);
	fits = tester_event(&scratch, t, e);
	tester_done(&scratch);
	return fits;
}
