#include "tstamp.h"

#include <math.h>
#include <stdio.h>

#define NS_PER_S       INT64_C(1000000000)
#define MAC_EPOCH_S    INT64_C(978307200)    /* 2001-01-01 */
#define WEBKIT_EPOCH_S INT64_C(-11644473600) /* 1601-01-01 */
#define YEAR_2100_S    INT64_C(4102444800)
#define MAX_S	       (INT64_MAX / NS_PER_S - 1)

/* Whole seconds and nanoseconds since 1970 to one number, if they fit. */
static int64_t
from_parts(int64_t s, int64_t ns)
{
	if (s > MAX_S || s < -MAX_S)
		return TSTAMP_NONE;
	return s * NS_PER_S + ns;
}

static int64_t
from_double(double s, int64_t epoch)
{
	double whole;

	if (!isfinite(s) || fabs(s) > (double)MAX_S / 2)
		return TSTAMP_NONE;
	whole = floor(s);
	/* A double of today's seconds holds about a tenth of a microsecond. */
	return from_parts((int64_t)whole + epoch,
	    (int64_t)(floor((s - whole) * 1e6 + 0.5)) * 1000);
}

int64_t
tstamp_unix_s(double s)
{
	return from_double(s, 0);
}

int64_t
tstamp_unix_i(int64_t s)
{
	return from_parts(s, 0);
}

int64_t
tstamp_mac_s(double s)
{
	return from_double(s, MAC_EPOCH_S);
}

int64_t
tstamp_mac_ns(int64_t ns)
{
	if (ns > INT64_MAX - MAC_EPOCH_S * NS_PER_S)
		return TSTAMP_NONE;
	return ns + MAC_EPOCH_S * NS_PER_S;
}

int64_t
tstamp_webkit_us(int64_t us)
{
	int64_t s = us / 1000000, rest = us % 1000000;

	if (us <= 0)
		return TSTAMP_NONE;
	return from_parts(s + WEBKIT_EPOCH_S, rest * 1000);
}

int64_t
tstamp_mac_auto(int64_t v)
{
	/* As seconds 10^11 is the year 5169, as nanoseconds 100 s after 2001. */
	const int64_t seconds_end = INT64_C(100000000000);

	if (v == 0)
		return TSTAMP_NONE;
	if (v > -seconds_end && v < seconds_end)
		return from_parts(v + MAC_EPOCH_S, 0);
	return tstamp_mac_ns(v);
}

bool
tstamp_plausible(int64_t ns)
{
	return ns >= MAC_EPOCH_S * NS_PER_S && ns < YEAR_2100_S * NS_PER_S;
}

/* Days since 1970-01-01 to a date of the Gregorian calendar, and back. */
static void
civil_from_days(int64_t z, int64_t *y, unsigned *m, unsigned *d)
{
	int64_t era, yoe;
	unsigned doe, doy, mp;

	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = (unsigned)(z - era * 146097);
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (unsigned)(365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = yoe + era * 400 + (*m <= 2);
}

static int64_t
days_from_civil(int64_t y, unsigned m, unsigned d)
{
	int64_t era, yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * ((int64_t)m + (m > 2 ? -3 : 9)) + 2) / 5 + (int64_t)d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

char *
tstamp_iso(int64_t ns, char out[static 32])
{
	int64_t s, frac, days, y;
	unsigned m, d, t;
	int n;

	if (ns == TSTAMP_NONE) {
		out[0] = '\0';
		return out;
	}
	s = ns / NS_PER_S;
	frac = ns % NS_PER_S;
	if (frac < 0) {
		frac += NS_PER_S;
		s--;
	}
	days = s / 86400;
	if (s % 86400 < 0)
		days--;
	t = (unsigned)(s - days * 86400);
	civil_from_days(days, &y, &m, &d);
	n = snprintf(out, 32, "%04d-%02u-%02uT%02u:%02u:%02u", (int)y, m, d,
	    t / 3600, t / 60 % 60, t % 60);
	if (frac == 0)
		(void)snprintf(out + n, 32 - (size_t)n, "Z");
	else if (frac % 1000000 == 0)
		(void)snprintf(
		    out + n, 32 - (size_t)n, ".%03dZ", (int)(frac / 1000000));
	else if (frac % 1000 == 0)
		(void)snprintf(
		    out + n, 32 - (size_t)n, ".%06dZ", (int)(frac / 1000));
	else
		(void)snprintf(out + n, 32 - (size_t)n, ".%09dZ", (int)frac);
	return out;
}

/* n digits at *s, which moves behind them; -1 when there are fewer. */
static int
digits(const char **s, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++, (*s)++) {
		if (**s < '0' || **s > '9')
			return -1;
		v = v * 10 + (**s - '0');
	}
	return v;
}

/* ".123": the nanoseconds, with s behind it; 0 when there is no point. */
static int64_t
fraction(const char **s)
{
	int64_t ns = 0, unit = NS_PER_S / 10;

	if (**s != '.')
		return 0;
	for ((*s)++; **s >= '0' && **s <= '9'; (*s)++, unit /= 10)
		ns += (**s - '0') * unit;
	return ns;
}

bool
tstamp_parse(const char *s, int64_t *out_ns)
{
	static const int month_days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30,
		31, 30, 31 };
	int y, mo, d, h = 0, mi = 0, sec = 0;
	int64_t frac = 0;

	if ((y = digits(&s, 4)) < 0 || *s++ != '-' ||
	    (mo = digits(&s, 2)) < 1 || mo > 12 || *s++ != '-' ||
	    (d = digits(&s, 2)) < 1 || d > month_days[mo - 1])
		return false;
	if (*s == 'T' || *s == ' ') {
		s++;
		if ((h = digits(&s, 2)) < 0 || h > 23 || *s++ != ':' ||
		    (mi = digits(&s, 2)) < 0 || mi > 59 || *s++ != ':' ||
		    (sec = digits(&s, 2)) < 0 || sec > 60)
			return false;
		frac = fraction(&s);
		if (*s == 'Z')
			s++;
	}
	if (*s != '\0')
		return false;
	*out_ns =
	    from_parts(days_from_civil(y, (unsigned)mo, (unsigned)d) * 86400 +
			   h * 3600 + mi * 60 + sec,
		frac);
	return *out_ns != TSTAMP_NONE;
}
