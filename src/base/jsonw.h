#ifndef BASE_JSONW_H
#define BASE_JSONW_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "buf.h"
#include "str.h"

/*
 * Writes JSON as it goes, in the order of the calls: compact (one line) or
 * indented by one space a level. Ill-formed UTF-8 becomes U+FFFD, never an
 * invalid document. Goes to a buffer, or to a stream when one is set (the
 * buffer is then only the staging area).
 */
struct jsonw {
	struct buf *out;
	FILE *stream; /* NULL: everything stays in out */
	bool indent;
	bool error; /* the stream refused bytes */
	unsigned depth;
	bool comma; /* an item stands before the next one */
	bool after_key;
};

void jsonw_init(struct jsonw *w, struct buf *out, FILE *stream, bool indent);

/* Passes on what is buffered; false when anything was lost on the way. */
bool jsonw_flush(struct jsonw *w);

void jsonw_object(struct jsonw *w);
void jsonw_object_end(struct jsonw *w);
void jsonw_array(struct jsonw *w);
void jsonw_array_end(struct jsonw *w);
void jsonw_key(struct jsonw *w, const char *key);
void jsonw_key_str(struct jsonw *w, struct str key);

void jsonw_str(struct jsonw *w, struct str s);
void jsonw_cstr(struct jsonw *w, const char *s); /* NULL gives null */
void jsonw_int(struct jsonw *w, int64_t v);
void jsonw_uint(struct jsonw *w, uint64_t v);
void jsonw_real(struct jsonw *w, double v); /* null when not finite */
void jsonw_bool(struct jsonw *w, bool v);
void jsonw_null(struct jsonw *w);

/* ISO 8601 text, null for TSTAMP_NONE. */
void jsonw_time(struct jsonw *w, int64_t ns);
#endif
