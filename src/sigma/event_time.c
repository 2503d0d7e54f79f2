#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json_event.h"
#include "tstamp.h"

#define NS_PER_S INT64_C(1000000000)

/*
 * As seconds 10^11 is the year 5138, and as milliseconds 1973, so that one
 * size is one unit for all that is between; likewise for the next two.
 */
static int64_t
from_int(int64_t v)
{
	int64_t size = v < 0 ? -(v + 1) : v, unit = 1;

	if (size < INT64_C(100000000000))
		return tstamp_unix_i(v);
	if (size < INT64_C(100000000000000))
		unit = 1000000;
	else if (size < INT64_C(100000000000000000))
		unit = 1000;
	return size < INT64_MAX / unit ? v * unit : TSTAMP_NONE;
}

static int64_t
from_real(double v)
{
	if (!isfinite(v))
		return TSTAMP_NONE;
	if (fabs(v) < 1e11)
		return tstamp_unix_s(v);
	return fabs(v) < 9e18 ? from_int((int64_t)v) : TSTAMP_NONE;
}

/* "+02:00", "+0200" or "+02" at the end of n bytes: their seconds, and n cut. */
static bool
zone_take(const char *s, size_t *n, int64_t *seconds)
{
	size_t at = *n, len;
	int d[4] = { 0 }, k = 0;

	while (at > 0 && s[at - 1] != '+' && s[at - 1] != '-' &&
	       s[at - 1] != 'T' && s[at - 1] != ' ')
		at--;
	len = *n - at;
	/* A date has '-', too: there must be a time of day before it. */
	if (at < 12 || (s[at - 1] != '+' && s[at - 1] != '-') ||
	    (len != 2 && len != 4 && len != 5))
		return false;
	for (size_t i = at; i < *n; i++) {
		if (i == at + 2 && len == 5 && s[i] == ':')
			continue;
		if (s[i] < '0' || s[i] > '9' || k == 4)
			return false;
		d[k++] = s[i] - '0';
	}
	*seconds = (d[0] * 10 + d[1]) * 3600 + (d[2] * 10 + d[3]) * 60;
	if (s[at - 1] == '-')
		*seconds = -*seconds;
	*n = at - 1;
	return true;
}

/* A text that is a number and nothing else. */
static bool
number_of(const char *s, int64_t *out_ns)
{
	char *end;
	double real;

	if (strspn(s, "0123456789") == strlen(s)) {
		*out_ns =
		    strlen(s) <= 18
			? from_int((int64_t)strtoll(s, NULL, 10))
			: (strlen(s) == 19 &&
				      strcmp(s, "9223372036854775807") <= 0
				  ? (int64_t)strtoll(s, NULL, 10)
				  : TSTAMP_NONE);
		return true;
	}
	if (strspn(s, "0123456789.") != strlen(s))
		return false;
	real = strtod(s, &end);
	*out_ns = from_real(real);
	return *end == '\0';
}

static int64_t
from_text(struct str s)
{
	char copy[48];
	size_t n = s.n;
	int64_t ns, zone = 0;

	while (n > 0 && s.p[n - 1] == ' ')
		n--;
	if (n == 0 || n >= sizeof(copy) || memchr(s.p, 0, n) != NULL)
		return TSTAMP_NONE;
	memcpy(copy, s.p, n);
	copy[n] = '\0';
	if (number_of(copy, &ns))
		return ns;
	if (zone_take(copy, &n, &zone))
		copy[n] = '\0';
	for (char *comma = strchr(copy, ','); comma != NULL; comma = NULL)
		*comma = '.';
	if (!tstamp_parse(copy, &ns))
		return TSTAMP_NONE;
	/* A zone has less than a day: nothing near the ends of time. */
	if (ns > INT64_MAX - 100 * 3600 * NS_PER_S ||
	    ns < INT64_MIN + 100 * 3600 * NS_PER_S)
		return TSTAMP_NONE;
	return ns - zone * NS_PER_S;
}

int64_t
event_time(const struct value *v)
{
	switch (v->type) {
	case VALUE_INT:
		return from_int(v->i);
	case VALUE_REAL:
		return from_real(v->real);
	case VALUE_TEXT:
		return from_text(v->s);
	case VALUE_TIME:
		return v->t.ns;
	case VALUE_NONE:
	case VALUE_BOOL:
	case VALUE_LIST:
		break;
	}
	return TSTAMP_NONE;
}
