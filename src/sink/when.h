#ifndef SINK_WHEN_H
#define SINK_WHEN_H
#include <stdint.h>

/* Times as timelines and people want them; all UTC, no locale, no zone. */

/* "2026-01-01T12:00:00.123456+00:00" (decimals: none, 3 or 6); cut, not rounded. */
char *when_offset(int64_t ns, char out[static 40]);

/* Microseconds since 1970, rounded down. */
int64_t when_us(int64_t ns);

/* "2026-01-01 12:00:00 UTC"; "undated" for TSTAMP_NONE. */
char *when_people(int64_t ns, char out[static 40]);
#endif
