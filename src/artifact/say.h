#ifndef ARTIFACT_SAY_H
#define ARTIFACT_SAY_H
#include "buf.h"
#include "record.h"

/* Pieces of the one line that a record gets on the timeline. */

/* Appends before, the field's value and after; nothing when it has none. */
void say_field(const struct record *r, size_t field, const char *before,
    const char *after, struct buf *out);

/* The same for the first of the n fields that has a value, else none. */
void say_first(const struct record *r, const size_t *fields, size_t n,
    const char *none, struct buf *out);

bool say_is(const struct record *r, size_t field); /* a bool that is true */

/* ", 3 links" for a list of three; nothing for an empty one. */
void say_count(
    const struct record *r, size_t field, const char *what, struct buf *out);
#endif
