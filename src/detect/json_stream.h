#ifndef DETECT_JSON_STREAM_H
#define DETECT_JSON_STREAM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * Reads JSON (RFC 8259, strict, UTF-8) of any size token by token in constant
 * memory: only the token at hand is held. It exists because indicator files
 * have hundreds of megabytes, nearly all of it strings that nobody asks for.
 */
enum json_tok {
	JSON_ERROR, /* see json_fault; every later call says so again */
	JSON_END,   /* one whole value was read, and nothing follows */
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

/* Up to n bytes into buf; 0 at the end, -1 when they cannot be read. */
struct json_in {
	ptrdiff_t (*read)(void *arg, void *buf, size_t n);
	void *arg;
};

struct json_stream;
struct json_stream *json_stream_new(const struct json_in *in);
void json_stream_free(struct json_stream *js); /* NULL is fine */

/*
 * The next token. text is set for keys and strings (escapes resolved) and for
 * numbers (as written), and is borrowed until the next call.
 */
enum json_tok json_next(struct json_stream *js, struct str *text);

/* Passes over one whole value; false on a fault. To be called at a value. */
bool json_skip(struct json_stream *js);

struct json_fault {
	const char *what; /* one clause; NULL: no fault */
	uint64_t off;	  /* byte in the input */
	uint64_t line;	  /* from 1 */
	bool io;	  /* the input could not be read */
	bool limit;	  /* a built-in limit was reached */
	bool cut;	  /* the input ended inside a value */
};
struct json_fault json_fault(const struct json_stream *js);
#endif
