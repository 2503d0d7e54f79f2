#ifndef DETECT_PATTERN_H
#define DETECT_PATTERN_H
#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "str.h"

/*
 * A STIX pattern, resolved into alternatives: it holds for a record when all
 * terms of one alternative do. An alternative that no single record can show
 * (negations, comparisons by size, several observations in an order) carries
 * the reason instead; the others of the same pattern stay usable.
 */
enum pattern_op { PATTERN_EQ, PATTERN_LIKE, PATTERN_MATCHES, PATTERN_SUBSET };

enum pattern_constant {
	CONSTANT_STRING,
	CONSTANT_NUMBER,
	CONSTANT_BOOL,
	CONSTANT_TIME,
	CONSTANT_HEX,
	CONSTANT_BASE64,
};

struct pattern_term {
	/* "domain-name:value", "file:hashes.SHA-256": keys without quotes. */
	struct str path;
	enum pattern_op op;
	enum pattern_constant constant;
	struct str value; /* escapes resolved */
};

struct pattern_alt {
	const struct pattern_term *const *terms;
	size_t n;
	const char *why; /* not usable: the reason; n may be 0 */
};

struct pattern {
	const struct pattern_alt *alts; /* in the order written */
	size_t n;
	const char *why; /* of a false return: what is wrong, and where */
};

/* False when text is no pattern. All in a, text borrowed. */
bool pattern_parse(struct str text, struct arena *a, struct pattern *out);
#endif
