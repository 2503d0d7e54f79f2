#ifndef SIGMA_JSON_NAMES_H
#define SIGMA_JSON_NAMES_H
#include "arena.h"
#include "sigma.h"

/*
 * The names of a JSON stream, each place of nested objects once: which field
 * it is, and how early it stands in the list of names that can hold the
 * event's time. Lines of one stream mostly have the same names in the same
 * order, so a name is first compared with the one that followed last time.
 */
struct json_name {
	struct str key;
	uint32_t parent;
	uint32_t field;	 /* SIGMA_NO_FIELD: nobody asks for it */
	uint32_t time;	 /* rank among the names of times; UINT32_MAX */
	uint32_t first;	 /* its first name last time; 0: not known */
	uint32_t follow; /* what stood behind it last time; 0 */
	uint32_t next;	 /* with the same hash; 0 ends */
};

#define JSON_ROOT 1U /* the line itself; 0 is no name */

struct json_names {
	const struct sigma *sigma;
	const bool *wanted; /* by field number */
	const char *const *times;
	bool times_anywhere;
	struct arena arena; /* of keys */
	struct json_name *v;
	size_t n, cap;
	uint32_t *table;
	size_t mask;
	uint64_t seed;
};

/*
 * wanted and times (NULL ends; or NULL) stay the caller's. anywhere: a name
 * of a time also counts when it is the last part of a longer one, then after
 * all that are whole.
 */
void json_names_init(struct json_names *x, const struct sigma *s,
    const bool *wanted, const char *const *times, bool anywhere);
void json_names_done(struct json_names *x);

/* Forgets them when there are so many that they must be forgotten. */
void json_names_tidy(struct json_names *x);

/* The name `key` below parent; 0 when there are too many. */
uint32_t json_names_find(struct json_names *x, uint32_t parent, struct str key);
#endif
