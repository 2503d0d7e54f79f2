#ifndef BYTES_GLOB_H
#define BYTES_GLOB_H
#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/*
 * Path patterns: '*' any run without '/', '?' one byte but '/', a component
 * of two stars any number of whole components, none included; anything else
 * itself. Time is linear in pattern times path, whatever the pattern.
 */
bool glob_match(const char *glob, struct str path);

/* How many bytes at the front of glob every path that matches begins with. */
size_t glob_prefix(const char *glob);
#endif
