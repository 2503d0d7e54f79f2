#ifndef DETECT_JSON_STREAM_H
#define DETECT_JSON_STREAM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "hash.h"
#include "str.h"

/*
 * JSON of any size, token by token, from a descriptor, through one window of
 * memory; the bytes are hashed in passing. Own code for speed:
 * sets of a million indicators are read at every check.
 * RFC 8259, but for the checking of numbers, which nobody here uses.
 */
enum json_token {
	JSON_ERROR, /* json_stream_why() says what and where */
	JSON_END,
	JSON_OBJECT,
	JSON_OBJECT_END,
	JSON_ARRAY,
	JSON_ARRAY_END,
	JSON_KEY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

struct json_stream;

/* Borrows fd until json_stream_free. */
struct json_stream *json_stream_new(int fd);
void json_stream_free(struct json_stream *j); /* NULL is fine */

/* *text (may be NULL) is borrowed until the next call. */
enum json_token json_next(struct json_stream *j, struct str *text);

/* After a key, or any opening token was taken: skips that value. */
bool json_skip(struct json_stream *j, enum json_token first);

/* How deep the next token stands: 0 outside everything. */
unsigned json_depth(const struct json_stream *j);

/* What is wrong, with line and byte; after JSON_ERROR only. */
const char *json_stream_why(struct json_stream *j);

/* SHA-256 of all bytes, once JSON_END or JSON_ERROR came (reads the rest). */
void json_stream_hash(struct json_stream *j, uint8_t out[static SHA256_SIZE]);
#endif
