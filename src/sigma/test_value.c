#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "tstamp.h"

/* What a value is, seen as a text, a number, or a part of a moment. */

#define NS_PER_S   INT64_C(1000000000)
#define S_PER_DAY  INT64_C(86400)
#define TIME_CHARS 40 /* an ISO text with nanoseconds and a zone has 35 */

bool
value_plain(
    const struct value *v, char room[static VALUE_ROOM], struct str *out)
{
	switch (v->type) {
	case VALUE_TEXT:
		*out = v->s;
		return true;
	case VALUE_BOOL:
		*out = str_from(v->b ? "true" : "false");
		return true;
	case VALUE_INT:
		(void)snprintf(room, VALUE_ROOM, "%" PRId64, v->i);
		break;
	case VALUE_REAL:
		if (!isfinite(v->real))
			return false;
		/* The fewest digits that give it back, as in JSON. */
		for (int digits = 15; digits <= 17; digits++) {
			(void)snprintf(
			    room, VALUE_ROOM, "%.*g", digits, v->real);
			if (strtod(room, NULL) == v->real)
				break;
		}
		break;
	case VALUE_TIME:
		(void)tstamp_iso(v->t.ns, room);
		break;
	case VALUE_NONE:
	case VALUE_LIST:
		return false;
	}
	*out = str_from(room);
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "-12": true when nothing else stands there and it fits. */
static bool
text_integer(struct str s, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	uint64_t v = 0;

	if (s.n == minus || s.n > 19 + (size_t)minus)
		return false;
	for (size_t i = minus; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return false;
		v = v * 10 + (uint64_t)(s.p[i] - '0'); /* 19 digits fit */
	}
	if (v > INT64_MAX)
		return false;
	*out = minus ? -(int64_t)v : (int64_t)v;
	return true;
}

/* Digits with a point and an exponent, and nothing else: no hex, no inf. */
static bool
is_decimal(struct str s)
{
	size_t i = 0, digits = 0;

	i += i < s.n && s.p[i] == '-';
	for (; i < s.n && is_digit(s.p[i]); i++)
		digits++;
	if (i < s.n && s.p[i] == '.')
		for (i++; i < s.n && is_digit(s.p[i]); i++)
			digits++;
	if (digits == 0)
		return false;
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		i += i < s.n && (s.p[i] == '-' || s.p[i] == '+');
		digits = 0;
		for (; i < s.n && is_digit(s.p[i]); i++)
			digits++;
	}
	return i == s.n && digits > 0;
}

bool
text_number(struct str s, struct number *out)
{
	char copy[64];
	int64_t i;

	/* Nearly every text ends here. */
	if (s.n == 0 || s.n >= sizeof(copy) ||
	    (!is_digit(s.p[0]) && s.p[0] != '-' && s.p[0] != '.'))
		return false;
	if (text_integer(s, &i)) {
		*out = (struct number){
			.is_integer = true, .integer = i, .real = (double)i
		};
		return true;
	}
	if (!is_decimal(s))
		return false;
	memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	*out = (struct number){ .real = strtod(copy, NULL) };
	return true;
}

bool
value_number(const struct value *v, struct number *out)
{
	if (v->type == VALUE_TEXT)
		return text_number(v->s, out);
	if (v->type == VALUE_INT) {
		*out = (struct number){ .is_integer = true,
			.integer = v->i,
			.real = (double)v->i };
		return true;
	}
	if (v->type != VALUE_REAL || isnan(v->real))
		return false;
	*out = (struct number){ .real = v->real };
	return true;
}

/* "+02:00", "-0530", "+02" at the end of an ISO text, cut off; minutes. */
static int
take_zone(struct str *s)
{
	static const size_t lengths[] = { 6, 5, 3 };

	for (size_t k = 0; k < 3; k++) {
		size_t n = lengths[k];
		const char *z = s->p + (s->n - n);
		int h, m = 0;

		/* Behind the seconds, so that no date looks like a zone. */
		if (s->n < 19 + n || (z[0] != '+' && z[0] != '-') ||
		    (n == 6 && z[3] != ':') || !is_digit(z[1]) ||
		    !is_digit(z[2]))
			continue;
		if (n > 3 && (!is_digit(z[n - 2]) || !is_digit(z[n - 1])))
			continue;
		h = (z[1] - '0') * 10 + (z[2] - '0');
		if (n > 3)
			m = (z[n - 2] - '0') * 10 + (z[n - 1] - '0');
		s->n -= n;
		return (z[0] == '-' ? -1 : 1) * (h * 60 + m);
	}
	return 0;
}

static bool
text_time(struct str s, int64_t *out_ns)
{
	char copy[TIME_CHARS];
	int64_t ns, zone;

	if (s.n < 10 || s.n >= sizeof(copy) || memchr(s.p, '\0', s.n) != NULL)
		return false;
	zone = take_zone(&s);
	memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	if (!tstamp_parse(copy, &ns))
		return false;
	zone *= 60 * NS_PER_S;
	/* Years 1677 and 2262: what has no room is no moment. */
	if ((zone > 0 && ns < INT64_MIN + 1 + zone) ||
	    (zone < 0 && ns > INT64_MAX + zone))
		return false;
	*out_ns = ns - zone;
	return true;
}

/* ISO 8601: the week of a year's first Thursday is its week 1. */
static int64_t
iso_week(int64_t days, int64_t year)
{
	char jan1[16];
	int64_t ns, thursday, first;

	/* 1970-01-01 was a Thursday: days from Monday are (days + 3) mod 7. */
	thursday = days - ((days + 3) % 7 + 7) % 7 + 3;
	for (int64_t y = year + 1; y >= year - 1; y--) {
		(void)snprintf(jan1, sizeof(jan1), "%04d-01-01", (int)y);
		if (!tstamp_parse(jan1, &ns))
			continue;
		first = ns / NS_PER_S / S_PER_DAY;
		if (thursday >= first)
			return (thursday - first) / 7 + 1;
	}
	return 0;
}

bool
value_time_part(const struct value *v, enum time_part part, int64_t *out)
{
	int y, mo, d, h, mi;
	char iso[32];
	int64_t ns, s;

	if (v->type == VALUE_TIME)
		ns = v->t.ns;
	else if (v->type != VALUE_TEXT || !text_time(v->s, &ns))
		return false;
	if (ns == TSTAMP_NONE)
		return false;
	(void)tstamp_iso(ns, iso);
	y = (int)strtol(iso, NULL, 10);
	mo = (int)strtol(iso + 5, NULL, 10);
	d = (int)strtol(iso + 8, NULL, 10);
	h = (int)strtol(iso + 11, NULL, 10);
	mi = (int)strtol(iso + 14, NULL, 10);
	s = ns / NS_PER_S - (ns % NS_PER_S < 0);
	*out = part == TIME_MINUTE  ? mi
	       : part == TIME_HOUR  ? h
	       : part == TIME_DAY   ? d
	       : part == TIME_MONTH ? mo
	       : part == TIME_YEAR
		   ? y
		   : iso_week((s - (s % S_PER_DAY + S_PER_DAY) % S_PER_DAY) /
				  S_PER_DAY,
			 y);
	return true;
}
