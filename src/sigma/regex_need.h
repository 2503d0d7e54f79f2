#ifndef SIGMA_REGEX_NEED_H
#define SIGMA_REGEX_NEED_H
#include "arena.h"
#include "str.h"

/*
 * Texts of which one must stand in whatever a regular expression is found in,
 * so that it need not run where none does. They are folded, at least two bytes
 * long, ASCII, and speak for ASCII subjects only: beyond, case has rules that
 * differ from ours. Read: the syntax of PCRE2 without its x option.
 */
#define REGEX_NEED_MAX 64
struct regex_need {
	struct str v[REGEX_NEED_MAX];
	size_t n; /* 0: nothing is known of it */
};

/* Texts live in a. */
void regex_need(struct str regex, struct arena *a, struct regex_need *out);
#endif
