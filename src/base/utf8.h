#ifndef BASE_UTF8_H
#define BASE_UTF8_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "str.h"

/* Unicode as phones and our outputs have it; nothing here asks the locale. */

/* Well-formed: no overlong form, no surrogate, nothing above U+10FFFF. */
bool utf8_valid(struct str s);

/*
 * The code point at s.p[*at] and *at moved behind it. An ill-formed byte
 * gives U+FFFD and moves by one. *at must be below s.n.
 */
uint32_t utf8_next(struct str s, size_t *at);

/* Appends one code point; U+FFFD for what is none. */
void utf8_put(struct buf *b, uint32_t cp);

/*
 * Appends s for a person to read: well-formed, control characters and
 * bidirectional overrides shown as <U+202E>, so that a hostile name cannot
 * rewrite the line that it stands in.
 */
void utf8_put_visible(struct buf *b, struct str s);

/* True for control characters and for those that change text direction. */
bool utf8_is_unsafe(uint32_t cp);
#endif
