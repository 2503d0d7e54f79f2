#ifndef DETECT_INDICATOR_WORDS_H
#define DETECT_INDICATOR_WORDS_H
#include "indicators_impl.h"

/*
 * What a match means in plain words: for the person at the desk, who is no
 * specialist. Never who did it, and never that a phone is infected.
 */

/* "domain", "process name"; with its article in front when that is asked. */
const char *indicator_term(enum obs o);

/* One clause; %s is the campaign. */
const char *indicator_title(enum role r, enum obs o);

/* What a record of this role shows, and what it does not. */
const char *indicator_role(enum role r, enum obs o);

/* How the value and the record agree; NULL when they are simply equal. */
const char *indicator_how(enum how h);

/* NULL ends. */
const char *const *indicator_benign(enum role r, enum obs o, enum how h);
const char *const *indicator_next(enum role r, enum obs o);
#endif
