#include "glob.h"

#include <stdint.h>

/*
 * Both texts are walked component by component. A component of two stars
 * remembers where it stood; after a mismatch it swallows one component more
 * and matching starts again behind it. Only the last such place is kept: what
 * stands before it has matched as early as it can, and an earlier match never
 * leaves fewer chances to the rest. Inside a component '*' works the same way.
 */

/* One component of a text: [at, end), and whether another follows. */
struct part {
	size_t at;
	size_t end;
};

static bool
part_next(struct str s, size_t at, struct part *out)
{
	if (at > s.n)
		return false;
	out->at = at;
	while (at < s.n && s.p[at] != '/')
		at++;
	out->end = at;
	return true;
}

static bool
part_match(struct str g, struct str s)
{
	size_t gi = 0, si = 0, star = SIZE_MAX, mark = 0;

	while (si < s.n) {
		if (gi < g.n && g.p[gi] == '*') {
			star = ++gi;
			mark = si;
		} else if (gi < g.n && (g.p[gi] == '?' || g.p[gi] == s.p[si])) {
			gi++;
			si++;
		} else if (star != SIZE_MAX) {
			gi = star;
			si = ++mark;
		} else {
			return false;
		}
	}
	while (gi < g.n && g.p[gi] == '*')
		gi++;
	return gi == g.n;
}

bool
glob_match(const char *glob, struct str path)
{
	struct str g = str_from(glob);
	size_t gi = 0, pi = 0, star = SIZE_MAX, mark = 0;
	struct part gp, pp;

	for (;;) {
		if (!part_next(g, gi, &gp)) {
			if (pi > path.n)
				return true;
		} else if (str_is(str_sub(g, gp.at, gp.end), "**")) {
			star = gi = gp.end + 1;
			mark = pi;
			continue;
		} else if (!part_next(path, pi, &pp)) {
			return false;
		} else if (part_match(str_sub(g, gp.at, gp.end),
			       str_sub(path, pp.at, pp.end))) {
			gi = gp.end + 1;
			pi = pp.end + 1;
			continue;
		}
		if (star == SIZE_MAX || !part_next(path, mark, &pp))
			return false;
		gi = star;
		pi = mark = pp.end + 1;
	}
}

size_t
glob_prefix(const char *glob)
{
	size_t n = 0;

	while (glob[n] != '\0' && glob[n] != '*' && glob[n] != '?')
		n++;
	/* "a/" followed by two stars matches "a" too. */
	if (n > 0 && glob[n] == '*' && glob[n - 1] == '/')
		n--;
	return n;
}
