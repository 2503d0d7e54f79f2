#ifndef DETECT_PATTERN_H
#define DETECT_PATTERN_H
#include <stdbool.h>

#include "arena.h"
#include "record.h"

/*
 * STIX 2.1 patterns (OASIS STIX 2.1, section 9), as far as one record can
 * decide them: comparisons joined by AND and OR inside one observation, and
 * observations joined by OR. Written out to a list of alternatives, each of
 * which is met when all of its terms are.
 */
enum term_op { TERM_EQUAL, TERM_LIKE, TERM_MATCHES };

struct term {
	enum obs obs;
	enum term_op op;
	bool directory;	  /* directory:path: what lies below it */
	struct str value; /* unescaped */
	struct str path;  /* "domain-name:value", as written */
};

struct alternative {
	struct term *terms;
	size_t n;
};

struct pattern {
	struct alternative *alts;
	size_t n;
};

/*
 * Parses text; all that out holds lives in a or borrows text. False when it
 * cannot be used: *why (static or in a) says why, in a plain clause.
 */
bool pattern_parse(
    struct str text, struct arena *a, struct pattern *out, const char **why);
#endif
