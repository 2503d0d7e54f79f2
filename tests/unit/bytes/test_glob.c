#include "glob.h"

#include <stdint.h>
#include <string.h>

#include "check.h"

static bool
m(const char *glob, const char *path)
{
	return glob_match(glob, str_from(path));
}

static void
test_plain(void)
{
	CHECK(m("a/b", "a/b"));
	CHECK(!m("a/b", "a/bc"));
	CHECK(!m("a/b", "a"));
	CHECK(!m("a", "a/b"));
	CHECK(m("a/?", "a/b"));
	CHECK(!m("a?b", "a/b"));
	CHECK(m("", ""));
	CHECK(!m("", "a"));
}

static void
test_star(void)
{
	CHECK(m("*.db", "sms.db"));
	CHECK(m("*.db", ".db"));
	CHECK(!m("*.db", "x/sms.db"));
	CHECK(m("*/sms.db", "x/sms.db"));
	CHECK(m("a*b*c", "a1b2b3c"));
	CHECK(!m("a*b*c", "a1b2b3"));
	CHECK(m("AppDomain*/x", "AppDomain-a.b/x"));
	CHECK(m("a**b", "axxb"));
	CHECK(!m("a**b", "ax/xb"));
	CHECK(m("*", "x"));
	CHECK(!m("*", "x/y"));
}

static void
test_components(void)
{
	CHECK(m("**", "x"));
	CHECK(m("**", "x/y/z"));
	CHECK(m("**/x", "x"));
	CHECK(m("**/x", "a/b/x"));
	CHECK(!m("**/x", "a/bx"));
	CHECK(m("a/**", "a"));
	CHECK(m("a/**", "a/b/c"));
	CHECK(!m("a/**", "ab/c"));
	CHECK(m("a/**/z", "a/z"));
	CHECK(m("a/**/z", "a/b/c/z"));
	CHECK(!m("a/**/z", "a/b/c/z/y"));
	CHECK(m("a/**/m/**/z", "a/m/m/z/z"));
	CHECK(m("a/**/m/*/z", "a/m/x/y/m/q/z"));
	CHECK(!m("a/**/m/*/z", "a/m/x/y/m/q/r/z"));
	CHECK(m("**/b/*.plist", "a/b/b/c.plist"));
	CHECK(m("**/**/x", "x"));
}

/* Linear: 4,000 stars over 40,000 bytes end at once. */
static void
test_time(void)
{
	static char glob[8001], path[40001];

	for (size_t i = 0; i < 8000; i += 2)
		memcpy(glob + i, "a*", 2);
	memset(path, 'a', 40000);
	path[39999] = 'b';
	glob[7999] = 'c';
	CHECK(!m(glob, path));
	for (size_t i = 0; i + 5 < 8000; i += 5)
		memcpy(glob + i, "**/a/", 5);
	for (size_t i = 0; i < 40000; i++)
		path[i] = i % 2 == 0 ? 'a' : '/';
	path[39999] = 'b';
	glob[7999] = 'c';
	CHECK(!m(glob, path));
}

static void
test_prefix(void)
{
	CHECK(glob_prefix("a/b") == 3);
	CHECK(glob_prefix("a/**") == 1);
	CHECK(glob_prefix("a/*/x") == 1);
	CHECK(glob_prefix("a?b") == 1);
	CHECK(glob_prefix("**/x") == 0);
	CHECK(glob_prefix("*") == 0);
	CHECK(glob_prefix("abc*") == 3);
}

/* The definition, word for word and slow, on one component and on many. */
static bool
slow_part(const char *g, size_t gn, const char *s, size_t sn)
{
	if (gn == 0)
		return sn == 0;
	if (*g == '*')
		return slow_part(g + 1, gn - 1, s, sn) ||
		       (sn > 0 && slow_part(g, gn, s + 1, sn - 1));
	return sn > 0 && (*g == '?' || *g == *s) &&
	       slow_part(g + 1, gn - 1, s + 1, sn - 1);
}

static bool
slow(const char *g, const char *s)
{
	size_t gn, sn;

	if (g == NULL || s == NULL)
		return g == NULL
			   ? s == NULL
			   : strcmp(g, "**") == 0 ||
				 (strncmp(g, "**/", 3) == 0 && slow(g + 3, s));
	gn = strcspn(g, "/");
	sn = strcspn(s, "/");
	if (gn == 2 && g[0] == '*' && g[1] == '*')
		return slow(g[2] == '/' ? g + 3 : NULL, s) ||
		       slow(g, s[sn] == '/' ? s + sn + 1 : NULL);
	return slow_part(g, gn, s, sn) && slow(g[gn] == '/' ? g + gn + 1 : NULL,
					      s[sn] == '/' ? s + sn + 1 : NULL);
}

static void
test_against_slow(void)
{
	uint32_t x = 1;
	size_t hits = 0;

	for (size_t round = 0; round < 300000; round++) {
		char g[12], s[12];
		size_t gn, sn;

		x = x * 1664525 + 1013904223;
		gn = 1 + (x >> 16) % 9;
		sn = 1 + (x >> 24) % 9;
		for (size_t i = 0; i < gn; i++) {
			x = x * 1664525 + 1013904223;
			g[i] = "ab/**?"[(x >> 16) % 6];
		}
		for (size_t i = 0; i < sn; i++) {
			x = x * 1664525 + 1013904223;
			s[i] = "ab/"[(x >> 16) % 3];
		}
		g[gn] = s[sn] = '\0';
		CHECK(m(g, s) == slow(g, s));
		hits += m(g, s);
	}
	CHECK(hits > 3000);
}

int
main(void)
{
	test_plain();
	test_star();
	test_components();
	test_time();
	test_prefix();
	test_against_slow();
	return EXIT_SUCCESS;
}
