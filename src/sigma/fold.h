#ifndef SIGMA_FOLD_H
#define SIGMA_FOLD_H
#include "buf.h"
#include "str.h"

/*
 * Case folding, the same for what rules say and for what events hold: each
 * code point becomes its simple lower case as Unicode has it, whatever the
 * locale. Bytes that are no UTF-8 stay as they are, so that folding is
 * idempotent and distinct bytes never meet by accident.
 */

/* Appends the folded form of s to out, which is not reset. */
void sigma_fold(struct str s, struct buf *out);
#endif
