#ifndef BASE_BUF_H
#define BASE_BUF_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * A growable byte buffer that declares its maximum when it is made. What does
 * not fit is not written and sets `full`, which stays set until buf_reset: a
 * writer may put many things and look once.
 */
struct buf {
	uint8_t *p;
	size_t len;
	size_t cap;
	size_t max;
	bool full;
};

void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b);
void buf_reset(struct buf *b);

void buf_put(struct buf *b, const void *data, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_str(struct buf *b, struct str s);
void buf_u8(struct buf *b, uint8_t v);
void buf_le32(struct buf *b, uint32_t v);
void buf_le64(struct buf *b, uint64_t v);
void buf_be32(struct buf *b, uint32_t v);
void buf_be64(struct buf *b, uint64_t v);
void buf_uleb(struct buf *b, uint64_t v);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* What stands in the buffer; borrowed until the next write. */
struct str buf_text(const struct buf *b);

/* NUL-terminated view (the NUL is not counted in len); "" when empty. */
const char *buf_cstr(struct buf *b);
#endif
