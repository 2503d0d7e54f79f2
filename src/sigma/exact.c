#include "exact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Weight of the lowest bit: 2^-1088, a whole limb below 2^-1074. */
#define LOWEST 1088

/* Longest text that is taken for a number; a double needs at most 24. */
#define NUMBER_TEXT 64

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits from *at on; false when there is none. */
static bool
digits(struct str s, size_t *at)
{
	size_t from = *at;

	while (*at < s.n && is_digit(s.p[*at]))
		(*at)++;
	return *at > from;
}

/* [+-] digits [. digits] [e [+-] digits], nothing before or behind. */
static bool
is_number(struct str s, bool *is_int)
{
	size_t at = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');

	if (s.n >= NUMBER_TEXT || !digits(s, &at))
		return false;
	*is_int = at == s.n;
	if (at < s.n && s.p[at] == '.') {
		at++;
		if (!digits(s, &at))
			return false;
	}
	if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
		at++;
		at += at < s.n && (s.p[at] == '-' || s.p[at] == '+');
		if (!digits(s, &at))
			return false;
	}
	return at == s.n;
}

/* The integer that s is; false when it does not fit. */
static bool
to_int(struct str s, int64_t *out)
{
	bool minus = s.p[0] == '-';
	int64_t v = 0;

	for (size_t i = minus || s.p[0] == '+'; i < s.n; i++) {
		int digit = s.p[i] - '0';

		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, digit, &v))
			return false;
	}
	if (!minus && v == INT64_MIN)
		return false;
	*out = minus ? v : -v;
	return true;
}

/* Integral reals become integers, so that 5 and 5.0 are one number. */
static bool
from_real(double d, struct number *out)
{
	if (!isfinite(d))
		return false;
	if (d >= -0x1p63 && d < 0x1p63 && trunc(d) == d)
		*out = (struct number){ .is_int = true, .i = (int64_t)d };
	else
		*out = (struct number){ .d = d };
	return true;
}

static bool
from_text(struct str s, struct number *out)
{
	char text[NUMBER_TEXT];
	bool is_int;
	int64_t i;

	if (!is_number(s, &is_int))
		return false;
	if (is_int && to_int(s, &i)) {
		*out = (struct number){ .is_int = true, .i = i };
		return true;
	}
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return from_real(strtod(text, NULL), out);
}

bool
number_from(const struct value *v, struct number *out)
{
	if (v->type == VALUE_INT) {
		*out = (struct number){ .is_int = true, .i = v->i };
		return true;
	}
	if (v->type == VALUE_REAL)
		return from_real(v->real, out);
	return v->type == VALUE_TEXT && from_text(v->s, out);
}

static int
cmp_int_real(int64_t i, double d)
{
	int64_t whole;

	if (d >= 0x1p63)
		return -1;
	if (d < -0x1p63)
		return 1;
	whole = (int64_t)d; /* towards zero */
	if (i != whole)
		return i < whole ? -1 : 1;
	return (d < (double)whole) - (d > (double)whole);
}

int
number_cmp(struct number a, struct number b)
{
	if (a.is_int && b.is_int)
		return (a.i > b.i) - (a.i < b.i);
	if (a.is_int)
		return cmp_int_real(a.i, b.d);
	if (b.is_int)
		return -cmp_int_real(b.i, a.d);
	return (a.d > b.d) - (a.d < b.d);
}

/* Adds, or takes away, m * 2^bit of the lowest weight. */
static void
put(struct exact_sum *s, uint64_t m, unsigned bit, bool minus)
{
	size_t k = bit / 64;
	unsigned shift = bit % 64;
	uint64_t part[2] = { m << shift, shift > 0 ? m >> (64 - shift) : 0 };
	uint64_t carry = 0;

	for (size_t i = 0; k + i < EXACT_LIMBS; i++) {
		uint64_t *l = &s->limb[k + i], add = i < 2 ? part[i] : 0;
		bool first, second;

		if (i >= 2 && carry == 0)
			return;
		if (minus) {
			first = __builtin_sub_overflow(*l, add, l);
			second = __builtin_sub_overflow(*l, carry, l);
		} else {
			first = __builtin_add_overflow(*l, add, l);
			second = __builtin_add_overflow(*l, carry, l);
		}
		carry = first || second;
	}
}

/* |d| as m * 2^(bit - LOWEST). */
static uint64_t
mantissa(double d, unsigned *bit)
{
	int exp;
	uint64_t m = (uint64_t)ldexp(frexp(fabs(d), &exp), 53);

	exp -= 53;
	while (m != 0 && exp < -1074) {
		m >>= 1; /* a subnormal: the bits that go are zeros */
		exp++;
	}
	*bit = m == 0 ? 0 : (unsigned)(exp + LOWEST);
	return m;
}

static void
put_number(struct exact_sum *s, struct number v, bool minus)
{
	unsigned bit;
	uint64_t m;

	if (v.is_int) {
		m = v.i < 0 ? 0 - (uint64_t)v.i : (uint64_t)v.i;
		put(s, m, LOWEST, (v.i < 0) != minus);
	} else {
		m = mantissa(v.d, &bit);
		put(s, m, bit, (v.d < 0) != minus);
	}
}

void
exact_add(struct exact_sum *s, struct number v)
{
	put_number(s, v, false);
}

void
exact_take(struct exact_sum *s, struct number v)
{
	put_number(s, v, true);
}

int
exact_cmp(const struct exact_sum *s, double bound, uint64_t n)
{
	struct exact_sum left = *s;
	unsigned bit;
	uint64_t m;

	if (isinf(bound))
		return bound > 0 ? -1 : 1;
	m = mantissa(bound, &bit);
	for (unsigned k = 0; k < 64; k++)
		if (n >> k & 1)
			put(&left, m, bit + k, bound > 0);
	if (left.limb[EXACT_LIMBS - 1] >> 63)
		return -1;
	for (size_t i = 0; i < EXACT_LIMBS; i++)
		if (left.limb[i] != 0)
			return 1;
	return 0;
}
