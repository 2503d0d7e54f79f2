#ifndef ACQUIRE_DEVICE_H
#define ACQUIRE_DEVICE_H
#include "arena.h"
#include "plist.h"
#include "str.h"

/* Facts about a phone, as texts for people. */

/*
 * A copy of s up to a NUL or LIMIT_FACT; NULL when that is empty. Lives as
 * long as the arena.
 */
const char *device_text(struct str s, struct arena *a);

/* The same of a string in a property list; NULL when p is none. */
const char *device_fact(const struct plist *p, struct arena *a);

/* "iOS" or "iPadOS"; NULL when neither product nor version is known. */
const char *device_os(const char *product, const char *version);
#endif
