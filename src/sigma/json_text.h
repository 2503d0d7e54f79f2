#ifndef SIGMA_JSON_TEXT_H
#define SIGMA_JSON_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"
#include "str.h"

/*
 * The words of one JSON text (RFC 8259) that lies in memory whole, for lines
 * of events: nothing is copied but what has escapes. Strict but for one
 * thing: bytes that are not UTF-8 become U+FFFD, because a log that has one
 * such byte must not hide its event.
 */
struct json_text {
	const uint8_t *p;
	size_t n;
	size_t at;	   /* next byte to look at */
	const char *fault; /* one clause; NULL: none yet */
	/* For texts with escapes: three times n bytes; none takes more. */
	char *room;
	size_t used;
};

/* The next byte that is no white space, not consumed; -1 at the end. */
int json_text_peek(struct json_text *t);

/* False, and the fault set unless there is one. */
bool json_text_fail(struct json_text *t, const char *what);

/* A string, at its opening quote; borrowed from the text or from room. */
bool json_text_string(struct json_text *t, struct str *out);

/*
 * A number: VALUE_INT when it is whole and fits, VALUE_TEXT (as written) when
 * it is whole and does not, else VALUE_REAL. raw is the number as written.
 */
bool json_text_number(struct json_text *t, struct value *out, struct str *raw);

/* true, false or null, at its first letter. */
bool json_text_literal(struct json_text *t, struct value *out);
#endif
