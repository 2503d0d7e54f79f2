#ifndef BASE_STR_H
#define BASE_STR_H
#include <stdbool.h>
#include <stddef.h>

/*
 * A borrowed run of bytes that is meant to be text: not NUL-terminated, may
 * hold any byte, belongs to whoever lent it. By value.
 */
struct str {
	const char *p;
	size_t n;
};

/* A string literal, or a C string; NULL gives the empty string. */
struct str str_from(const char *s);

bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *s);
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);

/* ASCII only, whatever the locale. */
bool str_eq_nocase(struct str a, struct str b);

/* Byte order, shorter first among equals; for sorting. */
int str_cmp(struct str a, struct str b);

/* The first c in s as an index, or s.n. */
size_t str_find(struct str s, char c);
size_t str_rfind(struct str s, char c);

/* From byte `from` (at most s.n) up to `to` (at most s.n). */
struct str str_sub(struct str s, size_t from, size_t to);

/* What follows the last '/', the whole when there is none. */
struct str str_basename(struct str path);

/* ASCII tolower of one byte, whatever the locale. */
char ascii_lower(char c);
#endif
