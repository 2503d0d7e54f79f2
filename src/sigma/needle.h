#ifndef SIGMA_NEEDLE_H
#define SIGMA_NEEDLE_H
#include "literals.h"
#include "regex_need.h"
#include "sigma_impl.h"

/*
 * How the tables of a field find a test: by texts of which one stands in every
 * value that fits, by an integer, or not at all.
 */
enum needle_kind {
	NEEDLE_NONE, /* it must be tried */
	NEEDLE_ANY,  /* any text may fit */
	NEEDLE_TEXTS,
	NEEDLE_INTEGER,
};

struct needle {
	enum needle_kind kind;
	enum literal_where where;
	struct regex_need texts; /* folded */
	bool sure;		 /* found means that the test holds */
	bool ascii_only;	 /* in other values it may hold unfound */
};

/* Texts point into t or live in a. */
void needle_of(const struct test *t, struct arena *a, struct needle *out);
#endif
