#ifndef SIGMA_TEXT_FOLD_H
#define SIGMA_TEXT_FOLD_H
#include "buf.h"
#include "literals.h"

/*
 * One value's text, folded, with the padding that literals want. Room grows to
 * the longest text seen and stays.
 */
struct text_fold {
	char *room;
	size_t cap;
	struct buf wide; /* folded texts that are not ASCII */
};

void text_fold_init(struct text_fold *f);
void text_fold_done(struct text_fold *f);

/* *ascii: all of s is. Borrowed until the next call. */
struct str text_fold(struct text_fold *f, struct str s, bool *ascii);

/*
 * Only the first and the last n bytes of s, which is longer than both; false
 * when they are not all ASCII.
 */
bool text_fold_ends(struct text_fold *f, struct str s, size_t n,
    struct str *head, struct str *tail);
#endif
