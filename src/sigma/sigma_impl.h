#ifndef SIGMA_SIGMA_IMPL_H
#define SIGMA_SIGMA_IMPL_H
#include "arena.h"
#include "sigma.h"

/*
 * The inside of sigma/: a rule as a tree of tests. load*.c make it, evaluate.c
 * walks it, compile.c turns all of them into tables, correlate*.c follow the
 * correlations. Everything lives in struct sigma's arena.
 */

/* A text with wildcards, modifiers already applied, escapes resolved. */
enum part_kind { PART_TEXT, PART_ANY /* * */, PART_ONE /* ? */ };
struct part {
	enum part_kind kind;
	struct str text; /* folded when the test is not cased */
};

enum test_kind {
	TEST_TEXT,   /* the whole value fits `parts` */
	TEST_REGEX,  /* `text` is found in the value */
	TEST_CIDR,   /* the value is an address of the network */
	TEST_NUMBER, /* the value compares as `compare` says to `real` */
	TEST_BOOL,
	TEST_NULL,     /* the field is not there, null, or has no value */
	TEST_EXISTS,   /* the field is there (flag) or not */
	TEST_FIELDREF, /* equals (or contains, ...) the value of field `other` */
};

enum compare { CMP_EQ, CMP_LT, CMP_LTE, CMP_GT, CMP_GTE };
enum time_part {
	TIME_NONE,
	TIME_MINUTE,
	TIME_HOUR,
	TIME_DAY,
	TIME_WEEK,
	TIME_MONTH,
	TIME_YEAR
};
enum fieldref_how { REF_EQUALS, REF_CONTAINS, REF_STARTS, REF_ENDS };

enum {
	REGEX_I = 1,
	REGEX_M = 2,
	REGEX_S = 4,
};

/*
 * One test of one field against one value. Of a field with several values
 * (VALUE_LIST) one must fit. `neq` negates at the level of the expression.
 */
struct test {
	enum test_kind kind;
	uint32_t field; /* SIGMA_NO_FIELD: a keyword, any value of the event */
	bool cased;
	const struct part *parts; /* TEST_TEXT */
	size_t nparts;
	struct str text;      /* TEST_REGEX */
	unsigned flags;	      /* REGEX_* */
	void *regex;	      /* pcre2_code *, JIT-compiled when that works */
	uint8_t net[16];      /* TEST_CIDR: v4 as v4-mapped */
	unsigned prefix;      /* of 128 */
	enum compare compare; /* TEST_NUMBER */
	enum time_part time_part;
	double real;
	int64_t integer; /* when is_integer: compared exactly */
	bool is_integer;
	bool flag;	/* TEST_BOOL, TEST_EXISTS */
	uint32_t other; /* TEST_FIELDREF */
	enum fieldref_how how;

	/* For explain and messages: as it stands in the file. */
	const char *field_text; /* "Image|endswith"; NULL for a keyword */
	const char *value_text;
	unsigned line;
};

enum expr_op { EXPR_TEST, EXPR_AND, EXPR_OR, EXPR_NOT };

/* An AND of nothing is true, an OR of nothing false. */
struct expr {
	enum expr_op op;
	const struct test *test;
	const struct expr *const *child;
	size_t nchildren;
	const char *name; /* of the selection that it is, for explain; NULL */
};

enum correlation_type {
	CORRELATE_EVENT_COUNT,
	CORRELATE_VALUE_COUNT,
	CORRELATE_TEMPORAL,
	CORRELATE_TEMPORAL_ORDERED,
	CORRELATE_VALUE_SUM,
	CORRELATE_VALUE_AVG,
	CORRELATE_VALUE_PERCENTILE,
};

/* All that are set must hold. */
struct bounds {
	bool has_eq, has_neq, has_lt, has_lte, has_gt, has_gte;
	double eq, neq, lt, lte, gt, gte;
};

/* A name of the correlation that stands for a field of one rule. */
struct alias {
	struct str name;
	uint32_t rule;
	uint32_t field;
};

/* A field, or one of the pseudo-fields rule.*, or an alias. */
struct group_field {
	struct str name;
	uint32_t field;	      /* SIGMA_NO_FIELD for rule.* */
	const char *rule_key; /* "id", "name", "title", "class"; NULL */
};

struct correlation {
	enum correlation_type type;
	const uint32_t *rules; /* referred to, in the file's order */
	size_t nrules;
	const struct group_field *group_by;
	size_t ngroup_by;
	int64_t timespan_ns;
	struct bounds bounds;
	const struct group_field *fields; /* condition.field: one or more */
	size_t nfields;
	bool has_percentile;
	double percentile; /* condition.percentile; 50 when not given */
	const struct alias *aliases;
	size_t naliases;
	bool generate;
	const uint32_t *weaker; /* telassay.weaker.rules */
	size_t nweaker;
	enum sigma_level weaker_level;
	unsigned depth; /* of correlations below it, from 1 */
};

struct rule {
	struct sigma_rule info;
	const struct expr *condition;	       /* filters applied; or NULL */
	const struct correlation *correlation; /* or NULL */
};

struct compiled; /* compile.c: the tables of sigma_match */

struct sigma {
	struct arena arena;
	struct rule *rules; /* in order of file and line, once sealed */
	size_t nrules, rules_cap;
	const struct str *fields; /* names, by field number, once sealed */
	size_t nfields;
	struct loading *loading; /* load.c: documents not resolved yet */
	struct sigma_problem *problems;
	size_t nproblems, problems_cap, nerrors;
	const char **skipped;
	size_t nskipped;
	struct sigma_route **routes;
	size_t nroutes;
	struct compiled *compiled;
};

/* One test on one value; used by evaluate.c and, for the rest, match.c. */
bool test_value(const struct test *t, const struct value *v);
/* ... on an event: also null, exists, fieldref and keywords. */
bool test_event(const struct test *t, const struct sigma_event *e);

/* compile.c, called at the end of sigma_seal; compiled_free(NULL) is fine. */
struct compiled *compile_rules(struct sigma *s);
void compiled_free(struct compiled *c);
void route_free(struct sigma_route *r);
#endif
