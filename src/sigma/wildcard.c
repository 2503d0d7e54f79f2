#include "wildcard.h"

#include <string.h>

#include "sigma_impl.h"
#include "utf8.h"

/* Parts without a star: they match from where they start, or do not. */
struct segment {
	const struct part *v;
	size_t n;
};

/* Matches g from *at on; *at moves behind it. */
static bool
match_forward(struct segment g, struct str s, size_t *at)
{
	size_t i = *at;

	for (size_t k = 0; k < g.n; k++) {
		struct str t = g.v[k].text;

		if (g.v[k].kind == PART_ONE) {
			if (i >= s.n)
				return false;
			(void)utf8_next(s, &i);
		} else {
			if (t.n > s.n - i ||
			    (t.n > 0 && memcmp(s.p + i, t.p, t.n) != 0))
				return false;
			i += t.n;
		}
	}
	*at = i;
	return true;
}

/* Where the code point starts that ends before byte end, end > 0. */
static size_t
step_back(struct str s, size_t end)
{
	for (size_t n = 2; n <= 4 && n <= end; n++) {
		size_t at = end - n;

		(void)utf8_next(s, &at);
		if (at == end)
			return end - n;
	}
	return end - 1;
}

/* Matches g so that it ends at *end; *end moves to where it starts. */
static bool
match_backward(struct segment g, struct str s, size_t *end)
{
	size_t i = *end;

	for (size_t k = g.n; k-- > 0;) {
		struct str t = g.v[k].text;

		if (g.v[k].kind == PART_ONE) {
			if (i == 0)
				return false;
			i = step_back(s, i);
		} else {
			if (t.n > i ||
			    (t.n > 0 && memcmp(s.p + i - t.n, t.p, t.n) != 0))
				return false;
			i -= t.n;
		}
	}
	*end = i;
	return true;
}

/* The leftmost match of g in s from *at on; *at moves behind it. */
static bool
find_segment(struct segment g, struct str s, size_t *at)
{
	size_t i = *at, end;

	if (g.n == 0)
		return true;
	while (i < s.n) {
		if (g.v[0].kind == PART_TEXT && g.v[0].text.n > 0) {
			const char *f = memmem(
			    s.p + i, s.n - i, g.v[0].text.p, g.v[0].text.n);

			if (f == NULL)
				return false;
			i = (size_t)(f - s.p);
		}
		end = i;
		if (match_forward(g, s, &end)) {
			*at = end;
			return true;
		}
		(void)utf8_next(s, &i);
	}
	/* Only what has no bytes is found at the end. */
	return match_forward(g, s, at);
}

static struct segment
take_segment(const struct part *parts, size_t n, size_t from)
{
	struct segment g = { .v = parts + from };

	while (from + g.n < n && parts[from + g.n].kind != PART_ANY)
		g.n++;
	return g;
}

bool
wildcard_fits(const struct part *parts, size_t n, struct str s)
{
	struct segment g;
	size_t at = 0, k, last, end = s.n;

	if (n == 0)
		return s.n == 0;
	g = take_segment(parts, n, 0);
	if (!match_forward(g, s, &at))
		return false;
	if (g.n == n)
		return at == s.n;
	for (last = n; parts[last - 1].kind != PART_ANY; last--)
		;
	g = (struct segment){ .v = parts + last, .n = n - last };
	if (!match_backward(g, s, &end) || end < at)
		return false;
	s.n = end;
	for (k = take_segment(parts, n, 0).n; k < last; k++) {
		g = take_segment(parts, last, k);
		if (!find_segment(g, s, &at))
			return false;
		k += g.n;
	}
	return true;
}
