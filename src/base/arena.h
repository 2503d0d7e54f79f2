#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/*
 * Memory that is freed all at once: one arena a file that is read, or one a
 * report. Sizes that come from input are allocated only here, because the
 * multiply is checked and the total is capped.
 */
struct arena_chunk;
struct arena {
	struct arena_chunk *head;
	size_t max;  /* cap on the bytes handed out */
	size_t used; /* bytes handed out since the last reset */
};

void arena_init(struct arena *a, size_t max);

/* Frees everything; the arena may be used again. */
void arena_done(struct arena *a);

/* Forgets everything but keeps one chunk for the next round. */
void arena_reset(struct arena *a);

/*
 * n objects of size bytes, zeroed, aligned for any type; NULL when n * size
 * overflows or the arena's cap is reached. Aborts when the system is out of
 * memory: workers are disposable.
 */
void *arena_alloc(struct arena *a, size_t n, size_t size);

/* A NUL-terminated copy of s; NULL at the cap. */
char *arena_strdup(struct arena *a, struct str s);

/* The same as a str; {NULL, 0} at the cap. */
struct str arena_str(struct arena *a, struct str s);

/* Formatted, NUL-terminated; NULL at the cap. */
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
#endif
