#include <string.h>

#include "rich.h"
#include "utf8.h"

static struct indicators *sets;

static size_t
count(const char *s, const char *what)
{
	size_t n = 0;

	for (; (s = strstr(s, what)) != NULL; s++)
		n++;
	return n;
}

/*
 * Evidence stays text in every place that it reaches. tests/cli/check_html.py
 * reads the whole page as a parser does; this is the short form.
 */
static void
test_hostile(void)
{
	struct report *r = rich_report(50);
	size_t n;
	char *s;

	r->indicators = sets;
	r->label = "\"><script>alert(1)</script>";
	verdict_decide(r);
	s = rich_write("html", r, false, &n);
	CHECK(memchr(s, '\0', n) == NULL && utf8_valid((struct str){ s, n }));
	CHECK(strstr(s, "<script") == NULL);
	CHECK(strstr(s, "<b onload") == NULL);
	CHECK(strstr(s, " style=") == NULL);
	CHECK(strstr(s, "http://") == NULL);
	CHECK(count(s, "href=\"") == count(s, "href=\"#"));
	CHECK(strstr(s, "src=") == NULL);
	CHECK(strstr(s, "SECRET") == NULL);
	CHECK(strstr(s, "\xe2\x80\xae") == NULL);
	CHECK(strstr(s, "&lt;U+202E&gt;") != NULL);
	CHECK(strstr(s, "https://backuprabbit.com/x?&lt;a&gt;") != NULL);
	free(s);
	s = rich_write("html", r, true, &n);
	CHECK(strstr(s, "SECRET body of the message") != NULL);
	free(s);
	report_free(r);
}

/* Long reports stay usable: folded, capped, and saying so. */
static void
test_many(void)
{
	struct report *r = rich_many(5000, 30000);
	size_t n;
	char *s;

	r->indicators = sets;
	verdict_decide(r);
	s = rich_write("html", r, false, &n);
	CHECK(n < (size_t)3 << 20);
	CHECK(count(s, "<article") <= 40);
	CHECK(strstr(s, "more stand in report.json") != NULL);
	CHECK(strstr(s, "more stand in timeline.csv") != NULL);
	free(s);
	report_free(r);
}

/* Every verdict makes a page with its word and its sentence. */
static void
test_verdicts(void)
{
	struct report *r = rich_quiet();
	size_t n;
	char *s;

	r->indicators = sets;
	r->device.sample = true;
	verdict_decide(r);
	s = rich_write("html", r, false, &n);
	CHECK(strstr(s, ">No known trace</h1>") != NULL);
	CHECK(strstr(s, "no evidence") != NULL);
	CHECK(strstr(s, "1 campaign was checked for") != NULL);
	free(s);
	report_free(r);

	r = rich_quiet();
	r->kind = NULL;
	verdict_decide(r);
	s = rich_write("html", r, false, &n);
	CHECK(strstr(s, ">Invalid input</h1>") != NULL);
	free(s);
	report_free(r);
}

/* Times that no clock gives must not stretch or break the picture. */
static void
test_times(void)
{
	static const int64_t odd[] = { INT64_MIN + 1, INT64_MAX, 0, -1,
		INT64_C(4102444799) * NS, INT64_C(978307200) * NS };
	struct report *r = rich_report(10);
	size_t n;
	char *s;

	r->indicators = sets;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		r->events[i].ns = odd[i];
		r->findings[i].time_ns = odd[i];
		r->coverage[i].first_ns = odd[i];
		r->coverage[i].last_ns = odd[5 - i];
	}
	verdict_decide(r);
	s = rich_write("html", r, false, &n);
	CHECK(strstr(s, "nan") == NULL && strstr(s, "inf\"") == NULL);
	free(s);
	report_free(r);
}

int
main(void)
{
	sets = sets_load();
	test_hostile();
	test_many();
	test_verdicts();
	test_times();
	indicators_free(sets);
	return 0;
}
