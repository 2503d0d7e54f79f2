#include "glob.h"

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

int
main(void)
{
	test_plain();
	test_star();
	test_components();
	test_time();
	test_prefix();
	return EXIT_SUCCESS;
}
