#ifndef FORMAT_CLEANTEXT_H
#define FORMAT_CLEANTEXT_H
#include "str.h"

/*
 * Well-formed UTF-8 without NUL, as every text is that a phone writes:
 * zeroed and garbled bytes are not. Fast on what is ASCII.
 */
bool text_is_clean(struct str s);
#endif
