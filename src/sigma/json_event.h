#ifndef SIGMA_JSON_EVENT_H
#define SIGMA_JSON_EVENT_H
#include "sigma.h"

/*
 * One line of JSON as an event of a route. Nested objects are dotted fields:
 * {"a":{"b":1}} and {"a.b":1} are the same field a.b. A field that stands
 * several times (an array, objects in an array, a name that is repeated) has
 * several values. An object or an array with objects that a rule names itself
 * is the text of its JSON. Numbers are numbers; null is a field without value.
 */
struct json_event;

/* s and r must outlive it. */
struct json_event *json_event_new(
    const struct sigma *s, const struct sigma_route *r);
void json_event_free(struct json_event *j); /* NULL is fine */

/* A field that is given besides those that rules of the route name. */
void json_event_want(struct json_event *j, uint32_t field);

/*
 * Names of fields that can hold the time of an event (NULL ends), the first
 * that does decides; anywhere: they may be last parts of longer names, too.
 * To be called before the first line; names stay the caller's.
 */
void json_event_time(
    struct json_event *j, const char *const *names, bool anywhere);

enum json_line {
	JSON_LINE_EVENT,
	JSON_LINE_BLANK,
	JSON_LINE_BAD, /* see json_event_fault */
};

/* out is borrowed, from j and from the line, until the next call. */
enum json_line json_event_read(
    struct json_event *j, struct str line, struct sigma_event *out);

/* Of the last line; TSTAMP_NONE when it has none that can be read. */
int64_t json_event_ns(const struct json_event *j);

struct json_line_fault {
	const char *what; /* one clause */
	size_t column;	  /* byte in the line, from 1 */
};
struct json_line_fault json_event_fault(const struct json_event *j);

/*
 * A value as a time: ISO 8601 with or without zone (then UTC), with a blank
 * instead of the T; or a number since 1970 in seconds, milli-, micro- or
 * nanoseconds, told apart by size. TSTAMP_NONE when it is neither.
 */
int64_t event_time(const struct value *v);
#endif
