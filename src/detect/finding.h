#ifndef DETECT_FINDING_H
#define DETECT_FINDING_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

/* What a detector says, with the records that it rests on. */

enum level { LEVEL_INFO, LEVEL_LOW, LEVEL_MEDIUM, LEVEL_HIGH, LEVEL_CRITICAL };
enum finding_kind {
	FINDING_INDICATOR,
	FINDING_RULE,
	FINDING_ANOMALY,
	FINDING_NOTE
};
enum statement { STATEMENT_OBSERVATION, STATEMENT_MATCH, STATEMENT_INFERENCE };

const char *level_name(enum level l);
const char *finding_kind_name(enum finding_kind k);
const char *statement_name(enum statement s);

/* A value of the record that the finding rests on, as in the evidence. */
struct finding_field {
	const char *name;
	struct value value;
	/* Of a FIELD_CONTENT field: out of reports without --include-content. */
	bool content;
};

/* A record that the finding rests on. */
struct finding_record {
	const char *artifact;
	struct str path;
	struct str locator;
	char sha256[2 * SHA256_SIZE + 1]; /* of its canonical bytes */
};

/* All strings live as long as the report that holds the finding. */
struct finding {
	char id[17]; /* hex, hash of what identifies it: stable over runs */
	enum level level;
	enum finding_kind kind;
	enum role role;
	enum statement statement;
	const char *title;	   /* one clause: what was seen */
	const char *why;	   /* why it matters, in plain words */
	const char *const *benign; /* harmless explanations, NULL ends */
	const char *const *next;   /* next steps, NULL ends */

	/* An indicator's; NULL when it rests on none. Published values. */
	const char *campaign;
	const char *indicator_type;
	const char *indicator_value;
	const char *const *indicator_sets; /* names, sorted, NULL ends */

	/* A rule's; NULL. */
	const char *rule_id;
	const char *rule_title;
	const char *const *references; /* where it is explained, NULL ends */

	/* It bars "no-known-trace" whatever its level. */
	bool bars_clear;
	/* "clear", "green", "amber", "amber+strict", "red"; NULL: not marked */
	const char *tlp;

	const char *artifact;
	struct str path;
	struct str locator;
	int64_t time_ns; /* the record's first event; TSTAMP_NONE */
	struct finding_field *fields; /* the matched ones first */
	size_t nfields;
	struct finding_record *records;
	size_t nrecords;
};

/*
 * Gravest first, then time (undated last), artifact, path, locator,
 * indicator, id.
 */
int finding_cmp(const void *a, const void *b);
#endif
