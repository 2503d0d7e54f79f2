#ifndef SIGMA_WILDCARD_H
#define SIGMA_WILDCARD_H
#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct part;

/*
 * The whole of s fits the parts: texts byte by byte, `?` one code point (or
 * one byte where the text is no UTF-8), `*` anything. Time is linear in s for
 * texts between stars, and s times the parts at worst.
 */
bool wildcard_fits(const struct part *parts, size_t n, struct str s);
#endif
