#ifndef BASE_TSTAMP_H
#define BASE_TSTAMP_H
#include <stdbool.h>
#include <stdint.h>

/*
 * The one time type of the program: int64_t nanoseconds since 1970-01-01 UTC,
 * in variables that end in _ns. Every clock that phones use is converted here
 * and nowhere else. Undated is TSTAMP_NONE, never 1970 and never now.
 */
#define TSTAMP_NONE INT64_MIN

/* Which clock a raw value was read from. */
enum tstamp_clock {
	TSTAMP_UTC,	     /* counts from a fixed point in UTC */
	TSTAMP_DEVICE_LOCAL, /* wall time of the phone, zone not recorded */
	TSTAMP_MONOTONIC,    /* counts from a boot */
};

/* Each gives TSTAMP_NONE when the value does not fit or is not finite. */
int64_t tstamp_unix_s(double s);
int64_t tstamp_unix_i(int64_t s);
int64_t tstamp_mac_s(double s);	      /* seconds since 2001-01-01 UTC */
int64_t tstamp_mac_ns(int64_t ns);    /* nanoseconds since 2001-01-01 UTC */
int64_t tstamp_webkit_us(int64_t us); /* microseconds since 1601-01-01 UTC */

/*
 * Apple's message databases: seconds since 2001 up to iOS 10, nanoseconds
 * since; told apart by size. 0 is "never" and gives TSTAMP_NONE.
 */
int64_t tstamp_mac_auto(int64_t v);

/* False for what no phone can have written: before 2001 or after 2100. */
bool tstamp_plausible(int64_t ns);

/*
 * "2026-01-01T12:00:00.123456789Z" with only as many decimals (0, 3, 6 or 9)
 * as are needed; "" for TSTAMP_NONE. out has room for 32 bytes.
 */
char *tstamp_iso(int64_t ns, char out[static 32]);

/* Reads that form, or a date alone; false when it is neither. */
bool tstamp_parse(const char *s, int64_t *out_ns);
#endif
