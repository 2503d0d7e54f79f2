#ifndef TESTS_UNIT_SIGMA_MODEL_H
#define TESTS_UNIT_SIGMA_MODEL_H
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fold.h"
#include "ip.h"
#include "limits.h"
#include "sigma_impl.h"

/*
 * Rules made by hand, without YAML: what a test of the evaluation needs and
 * the loader has no part in. Fields are "f0", "f1", ... by their number.
 */
struct model {
	struct sigma s;
	void *regexes[4096];
	size_t nregexes;
};

#define MODEL_KEYWORD SIGMA_NO_FIELD

static inline void
model_init(struct model *m, size_t nfields, size_t max_rules)
{
	struct str *names;

	memset(m, 0, sizeof(*m));
	arena_init(&m->s.arena, LIMIT_ARENA);
	names = arena_alloc(&m->s.arena, nfields + 1, sizeof(names[0]));
	for (size_t i = 0; i < nfields; i++)
		names[i] = str_from(arena_printf(&m->s.arena, "f%zu", i));
	m->s.fields = names;
	m->s.nfields = nfields;
	m->s.rules = arena_alloc(&m->s.arena, max_rules, sizeof(struct rule));
	m->s.rules_cap = max_rules;
}

static inline void
model_done(struct model *m)
{
	for (size_t i = 0; i < m->s.nroutes; i++)
		route_free(m->s.routes[i]);
	free(m->s.routes);
	compiled_free(m->s.compiled);
	for (size_t i = 0; i < m->nregexes; i++)
		pcre2_code_free(m->regexes[i]);
	arena_done(&m->s.arena);
}

static inline struct test *
make_test(struct model *m, enum test_kind kind, uint32_t field)
{
	struct test *t = arena_alloc(&m->s.arena, 1, sizeof(*t));

	t->kind = kind;
	t->field = field;
	t->field_text = field == MODEL_KEYWORD
			    ? NULL
			    : arena_strdup(&m->s.arena, m->s.fields[field]);
	return t;
}

static inline struct expr *
make_expr(struct model *m, enum expr_op op, size_t n)
{
	struct expr *e = arena_alloc(&m->s.arena, 1, sizeof(*e));

	e->op = op;
	e->nchildren = n;
	e->child = arena_alloc(&m->s.arena, n, sizeof(e->child[0]));
	return e;
}

static inline const struct expr *
test_expr(struct model *m, const struct test *t)
{
	struct expr *e = make_expr(m, EXPR_TEST, 0);

	e->test = t;
	return e;
}

/* Children are const struct expr *. */
static inline struct expr *
group(struct model *m, enum expr_op op, size_t n, ...)
{
	struct expr *e = make_expr(m, op, n);
	const struct expr **child =
	    arena_alloc(&m->s.arena, n, sizeof(child[0]));
	va_list ap;

	va_start(ap, n);
	for (size_t i = 0; i < n; i++)
		child[i] = va_arg(ap, const struct expr *);
	va_end(ap);
	e->child = child;
	return e;
}

/* '*' and '?' are wildcards, '\\' makes the next byte plain. */
static inline struct test *
text_of(struct model *m, uint32_t field, const char *pattern, bool cased)
{
	struct test *t = make_test(m, TEST_TEXT, field);
	struct part *parts =
	    arena_alloc(&m->s.arena, strlen(pattern) + 1, sizeof(parts[0]));
	struct buf b, folded;

	buf_init(&b, 1 << 20);
	buf_init(&folded, 1 << 20);
	for (const char *p = pattern; *p != '\0';) {
		struct part *part = &parts[t->nparts++];

		if (*p == '*' || *p == '?') {
			part->kind = *p++ == '*' ? PART_ANY : PART_ONE;
			continue;
		}
		buf_reset(&b);
		buf_reset(&folded);
		for (; *p != '\0' && *p != '*' && *p != '?'; p++) {
			p += *p == '\\' && p[1] != '\0';
			buf_u8(&b, (uint8_t)*p);
		}
		sigma_fold(buf_text(&b), &folded);
		part->kind = PART_TEXT;
		part->text =
		    arena_str(&m->s.arena, buf_text(cased ? &b : &folded));
	}
	buf_done(&b);
	buf_done(&folded);
	t->parts = parts;
	t->cased = cased;
	t->value_text = arena_strdup(&m->s.arena, str_from(pattern));
	return t;
}

static inline const struct expr *
text(struct model *m, uint32_t field, const char *pattern)
{
	return test_expr(m, text_of(m, field, pattern, false));
}

static inline const struct expr *
cased(struct model *m, uint32_t field, const char *pattern)
{
	return test_expr(m, text_of(m, field, pattern, true));
}

static inline const struct expr *
regex(struct model *m, uint32_t field, const char *pattern, unsigned flags)
{
	struct test *t = make_test(m, TEST_REGEX, field);
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
	PCRE2_SIZE at;
	int error;

	t->text = str_from(arena_strdup(&m->s.arena, str_from(pattern)));
	t->value_text = t->text.p;
	t->flags = flags;
	options |= flags & REGEX_I ? PCRE2_CASELESS : 0;
	options |= flags & REGEX_M ? PCRE2_MULTILINE : 0;
	options |= flags & REGEX_S ? PCRE2_DOTALL : 0;
	t->regex = pcre2_compile(
	    (PCRE2_SPTR)t->text.p, t->text.n, options, &error, &at, NULL);
	CHECK(t->regex != NULL);
	(void)pcre2_jit_compile(t->regex, PCRE2_JIT_COMPLETE);
	CHECK(m->nregexes < sizeof(m->regexes) / sizeof(m->regexes[0]));
	m->regexes[m->nregexes++] = t->regex;
	return test_expr(m, t);
}

static inline const struct expr *
cidr(struct model *m, uint32_t field, const char *net)
{
	struct test *t = make_test(m, TEST_CIDR, field);
	struct ip ip;

	CHECK(ip_net_parse(str_from(net), &ip, &t->prefix));
	memcpy(t->net, ip.b, sizeof(t->net));
	return test_expr(m, t);
}

static inline const struct expr *
integer(struct model *m, uint32_t field, enum compare compare, int64_t v)
{
	struct test *t = make_test(m, TEST_NUMBER, field);

	t->compare = compare;
	t->is_integer = true;
	t->integer = v;
	t->real = (double)v;
	return test_expr(m, t);
}

static inline const struct expr *
real(struct model *m, uint32_t field, enum compare compare, double v)
{
	struct test *t = make_test(m, TEST_NUMBER, field);

	t->compare = compare;
	t->real = v;
	return test_expr(m, t);
}

static inline const struct expr *
moment(struct model *m, uint32_t field, enum time_part part, int64_t v)
{
	const struct expr *e = integer(m, field, CMP_EQ, v);
	struct test *t = make_test(m, TEST_NUMBER, field);

	*t = *e->test;
	t->time_part = part;
	return test_expr(m, t);
}

/* TEST_BOOL, TEST_EXISTS with their flag; TEST_NULL. */
static inline const struct expr *
flagged(struct model *m, enum test_kind kind, uint32_t field, bool flag)
{
	struct test *t = make_test(m, kind, field);

	t->flag = flag;
	return test_expr(m, t);
}

static inline const struct expr *
fieldref(struct model *m, uint32_t field, enum fieldref_how how, uint32_t other)
{
	struct test *t = make_test(m, TEST_FIELDREF, field);

	t->how = how;
	t->other = other;
	return test_expr(m, t);
}

static inline const struct expr *
negated(struct model *m, const struct expr *e)
{
	return group(m, EXPR_NOT, 1, e);
}

static inline uint32_t
add_rule(struct model *m, const struct expr *condition)
{
	struct rule *r = &m->s.rules[m->s.nrules];

	CHECK(m->s.nrules < m->s.rules_cap);
	r->condition = condition;
	r->info.title = arena_printf(&m->s.arena, "rule %zu", m->s.nrules);
	return (uint32_t)m->s.nrules++;
}

static inline const struct value *
value_of_text(struct model *m, const char *s)
{
	struct value *v = arena_alloc(&m->s.arena, 1, sizeof(*v));

	*v = (struct value){ .type = VALUE_TEXT, .s = str_from(s) };
	return v;
}

static inline const struct value *
value_of_int(struct model *m, int64_t i)
{
	struct value *v = arena_alloc(&m->s.arena, 1, sizeof(*v));

	*v = (struct value){ .type = VALUE_INT, .i = i };
	return v;
}
#endif
