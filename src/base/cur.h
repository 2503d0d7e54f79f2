#ifndef BASE_CUR_H
#define BASE_CUR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * A read cursor over bytes that somebody else wrote and nobody vouches for.
 * It borrows: never owns, never frees, and is passed and copied by value.
 * Every getter either succeeds, writes *out and advances, or returns false
 * and touches nothing.
 */
struct cur {
	const uint8_t *p; /* next unread byte */
	size_t len;	  /* bytes left */
	size_t off;	  /* where p lies in the artifact, for messages */
};

struct cur cur_from(const void *data, size_t len);

bool cur_u8(struct cur *c, uint8_t *out);
bool cur_be16(struct cur *c, uint16_t *out);
bool cur_be32(struct cur *c, uint32_t *out);
bool cur_be64(struct cur *c, uint64_t *out);
bool cur_le16(struct cur *c, uint16_t *out);
bool cur_le32(struct cur *c, uint32_t *out);
bool cur_le64(struct cur *c, uint64_t *out);

/* A big-endian integer of 1 to 8 bytes. */
bool cur_be(struct cur *c, size_t width, uint64_t *out);

/* Unsigned LEB128 of at most 10 bytes; false also when it overflows. */
bool cur_uleb(struct cur *c, uint64_t *out);

bool cur_skip(struct cur *c, size_t n);

/* The next n bytes, as a cursor of their own. */
bool cur_take(struct cur *c, size_t n, struct cur *out);

/* The next n bytes as text, borrowed. */
bool cur_str(struct cur *c, size_t n, struct str *out);

/* n bytes at off from where c stands; c itself does not move. */
bool cur_window(const struct cur *c, size_t off, size_t n, struct cur *out);

/* The next n bytes copied to out. */
bool cur_copy(struct cur *c, size_t n, void *out);

/* True when the next bytes are those of magic, which are then skipped. */
bool cur_magic(struct cur *c, const char *magic, size_t n);

/* Up to and without the next '\n' (and '\r' before it); false at the end. */
bool cur_line(struct cur *c, struct str *out);

/* All that is left, as text, borrowed. */
struct str cur_rest(struct cur c);
#endif
