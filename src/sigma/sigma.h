#ifndef SIGMA_SIGMA_H
#define SIGMA_SIGMA_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "record.h"
#include "str.h"

/*
 * Sigma rules (specification 2.1): loaded from YAML, compiled once, read-only
 * from then on and shared by fork. An event is any set of named values: a
 * phone's record, or one line of JSON. What the engine does not support is a
 * problem with file, line and word, never a rule that silently cannot match.
 */
struct sigma;

struct sigma *sigma_new(void);
void sigma_free(struct sigma *s); /* NULL is fine */

/*
 * Adds one file, or all *.yml and *.yaml below a folder (sorted; others are
 * named in sigma_skipped). Errors only for what cannot be read; what is wrong
 * inside a file is a problem.
 */
enum err sigma_load(
    struct sigma *s, const char *path, bool shipped, struct why *why);

/* A rule set in memory, for tests and for the rule cases; name: for messages. */
enum err sigma_load_text(struct sigma *s, struct str text, const char *name,
    bool shipped, struct why *why);

/* Values of a placeholder, for `expand`: "%name%" without the signs. */
void sigma_placeholder(struct sigma *s, const char *name, struct str value);

/*
 * The fields that events of one log source have; for the checks of
 * `rules check` (unknown field, type, never true) and for routing.
 */
struct sigma_source {
	const char *product, *category, *service; /* NULL: none */
	const struct schema *schema;
};

/*
 * After the last load: resolves references and filters, checks rules against
 * sources (NULL ends; or NULL: nothing is known of any log source), compiles.
 * A rule with an error, or one that refers to it, is left out.
 */
void sigma_seal(struct sigma *s, const struct sigma_source *sources);

struct sigma_problem {
	bool error;	  /* the rule does not load; else a warning */
	const char *file; /* as it was found: folder and name */
	unsigned line;
	const char *rule; /* id or title; NULL: not known */
	const char *word; /* what was not understood; NULL */
	const char *text; /* one sentence: what is wrong, what to do */
};
/* In order of file and line. */
size_t sigma_problems(const struct sigma *s, const struct sigma_problem **out);
size_t sigma_errors(const struct sigma *s); /* how many of them are errors */
size_t sigma_skipped(const struct sigma *s, const char *const **out);

enum sigma_level {
	SIGMA_INFORMATIONAL,
	SIGMA_LOW,
	SIGMA_MEDIUM,
	SIGMA_HIGH,
	SIGMA_CRITICAL,
};

/* What a rule says of itself. Texts NULL and lists empty when not given. */
struct sigma_rule {
	const char *id, *name, *title, *status, *description, *author, *date;
	enum sigma_level level;	       /* medium when not given */
	const char *const *references; /* NULL ends; so do all lists */
	const char *const *falsepositives;
	const char *const *tags;
	const char *product, *category, *service; /* NULL for a correlation */
	const char *file;
	unsigned line;
	bool shipped;

	/* NULL, or "event_count", "temporal", ... */
	const char *correlation;

	/*
	 * True when it speaks for itself; false for a rule that is only a part
	 * of correlations (referred to, and no `generate: true`).
	 */
	bool speaks;
	bool referred; /* by a correlation */

	/* The map `telassay`, an extension that other engines ignore. */
	const char *why;	  /* why it matters, plain words */
	const char *const *next;  /* next steps */
	const char *role;	  /* "execution", ...; NULL: the record's */
	const char *statement;	  /* "observation", "inference"; NULL */
	const char *class;	  /* field rule.class of its matches */
	const char *const *times; /* fields that are its moments; see below */
	bool every_time;	  /* `times: all` */
	bool bars_clear;      /* a match bars "no-known-trace" at any level */
	int64_t low_after_ns; /* matches from then on are low; TSTAMP_NONE */
};

/* Loaded rules, correlations among them, in order of file and line. */
size_t sigma_count(const struct sigma *s);
const struct sigma_rule *sigma_rule_at(const struct sigma *s, uint32_t rule);

/*
 * Moments of a record that matched, for correlations: without `times` its
 * first event in field order, with `times: [a, b]` those fields' values, with
 * `times: all` every event.
 */

/* --- matching --- */

/* Which rules an event can match by its log source; lives as long as s. */
struct sigma_route;

/*
 * Rules whose log source fits: each part that the rule names must be equal.
 * All three NULL: every rule, whatever its log source.
 */
const struct sigma_route *sigma_route(struct sigma *s, const char *product,
    const char *category, const char *service);
size_t sigma_route_size(const struct sigma_route *r);

/* A field that some rule names; SIGMA_NO_FIELD when none does. */
#define SIGMA_NO_FIELD UINT32_MAX
uint32_t sigma_field(const struct sigma *s, struct str name);
/* True when a rule of that route names it: others need not be given. */
bool sigma_route_uses(const struct sigma_route *r, uint32_t field);
/* True when a rule of that route looks into every value (keywords). */
bool sigma_route_keywords(const struct sigma_route *r);

struct sigma_cell {
	uint32_t field;		   /* SIGMA_NO_FIELD: for keywords only */
	const struct value *value; /* VALUE_NONE: null, as in JSON */
};

struct sigma_event {
	const struct sigma_cell *cells; /* a field stands once */
	size_t n;
};

/* Scratch of one process for one route; reused from event to event. */
struct sigma_matcher;
struct sigma_matcher *sigma_matcher_new(
    const struct sigma *s, const struct sigma_route *r);
void sigma_matcher_free(struct sigma_matcher *m);

/*
 * The rules that e matches, in ascending order, correlations never among
 * them; borrowed until the next call. A regular expression that ran into its
 * step limit counts as not matching and is counted in sigma_matcher_limits.
 */
size_t sigma_match(struct sigma_matcher *m, const struct sigma_event *e,
    const uint32_t **rules);
uint64_t sigma_matcher_limits(const struct sigma_matcher *m);

/*
 * The same for one rule, test by test, with no table of the compiler: what
 * `rules explain` prints, what the tests compare sigma_match with, and what
 * the benchmark calls rule-by-rule evaluation. out may be NULL; else it gets
 * one line for each test and each part of the condition, indented.
 */
bool sigma_evaluate(const struct sigma *s, uint32_t rule,
    const struct sigma_event *e, struct buf *out);

/*
 * Which fields of the event a matching rule rests on: at most max field
 * numbers, those that a true positive test looked at, ascending.
 */
size_t sigma_rests_on(const struct sigma *s, uint32_t rule,
    const struct sigma_event *e, uint32_t *fields, size_t max);
#endif
