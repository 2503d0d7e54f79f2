#ifndef VERDICT_WORDS_H
#define VERDICT_WORDS_H
#include <stdint.h>

#include "buf.h"
#include "report.h"

/*
 * Plain words that sentences and sinks share, so that all say the same thing
 * in the same way. English; a translation would start here.
 */

/* "1 finding", "12,345 findings" (many = "findings"). */
void words_count(struct buf *b, uint64_t n, const char *one, const char *many);

/* "12,345" */
void words_number(struct buf *b, uint64_t n);

/* "351 MB", "12 bytes": for people, in powers of ten. */
void words_bytes(struct buf *b, uint64_t n);

/* "2023-06-01"; "an unknown date" for TSTAMP_NONE. */
void words_date(struct buf *b, int64_t ns);

/* "encrypted iPhone backup", "file-system dump"; "acquisition" when unknown. */
const char *words_kind(const struct report *r);

/*
 * The names joined as "a, b and 3 more", max of them spelled out; nothing is
 * appended for n = 0.
 */
void words_list(struct buf *b, const char *const *v, size_t n, size_t max);

/* What a role shows, for people: "programs that ran or were installed". */
const char *words_role(enum role role);

/* What b holds, copied to the report's arena; "" when that is full. */
const char *words_keep(struct report *r, struct buf *b);
#endif
