#include "when.h"

#include <stdio.h>
#include <string.h>

#include "tstamp.h"

int64_t
when_us(int64_t ns)
{
	return ns / 1000 - (ns % 1000 < 0);
}

char *
when_offset(int64_t ns, char out[static 40])
{
	char iso[32];

	out[0] = '\0';
	if (ns == TSTAMP_NONE)
		return out;
	if (when_us(ns) > INT64_MIN / 1000)
		(void)tstamp_iso(when_us(ns) * 1000, iso);
	else
		(void)tstamp_iso(ns, iso);
	(void)snprintf(out, 40, "%.*s+00:00", (int)strcspn(iso, "Z"), iso);
	return out;
}

char *
when_people(int64_t ns, char out[static 40])
{
	char iso[32];

	if (ns == TSTAMP_NONE) {
		(void)snprintf(out, 40, "undated");
		return out;
	}
	(void)tstamp_iso(ns, iso);
	(void)snprintf(out, 40, "%.10s %.*s UTC", iso,
	    (int)strcspn(iso + 11, ".Z"), iso + 11);
	return out;
}
