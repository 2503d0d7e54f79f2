#ifndef DETECT_MATCHING_H
#define DETECT_MATCHING_H
#include "indicators_impl.h"

/*
 * One record against all indicators: what was seen so far. The parts of the
 * matching (match_*.c) say found() for every value that agrees; match.c
 * keeps the best of each at the end.
 */
struct seen {
	uint32_t value;
	uint32_t field;
	uint32_t item;
	uint8_t how;
	uint8_t level; /* of the weight, for the choice between fields */
};

struct matching {
	const struct indicators *x;
	const struct record *r;
	bool execution; /* processes are compared */
	uint32_t field; /* at hand */
	uint32_t item;
	struct seen few[16];
	struct seen *v; /* few, or on the heap */
	size_t n, cap;
};

/*
 * All that agrees in r, the best of each value, sorted by value; to be freed
 * by matching_done.
 */
void matching_init(
    struct matching *m, const struct indicators *x, const struct record *r);
void matching_run(struct matching *m);
void matching_done(struct matching *m);
const struct seen *matching_seen(const struct matching *m, uint32_t value);

void found(struct matching *m, uint32_t value, enum how how);

/* The value that equals key, if there is one. */
void match_key(struct matching *m, enum kind k, struct str key, enum how how);

/* Fields of these kinds, as they stand in the record. */
void match_domain(struct matching *m, struct str v);
void match_url(struct matching *m, struct str v);
void match_ip(struct matching *m, struct str v);
void match_handle(struct matching *m, struct str v); /* mail or telephone */
void match_path(struct matching *m, struct str v);
void match_file_name(struct matching *m, struct str v);
void match_process(struct matching *m, struct str v, bool pair);
void match_bundle_id(struct matching *m, struct str v);

/* A key in lower case: identifiers and hashes. */
void match_folded(struct matching *m, enum kind k, enum obs o, struct str v);

/* LIKE and MATCHES of the observable on v, which is in its normal form. */
void match_fuzzy(struct matching *m, enum obs o, struct str v);

/* LIKE as in SQL: '%' any run, '_' one character. */
bool like_match(struct str pattern, struct str text);
#endif
