#ifndef SAMPLE_ATTRTEXT_H
#define SAMPLE_ATTRTEXT_H
#include "buf.h"
#include "str.h"

/*
 * Appends text as Messages archives it in message.attributedBody. link: a
 * URL that stands only in the attributes, as for a tappable word; or empty.
 */
void attrtext_put(struct buf *b, struct str text, struct str link);
#endif
