#include <string.h>

#include "rich.h"
#include "utf8.h"

static struct indicators *sets;

/* The report that tests/unit/sink/small.txt shows, line by line. */
static struct report *
small(void)
{
	struct report *r = rich_quiet();

	r->findings = arena_alloc(&r->arena, 4, sizeof(*r->findings));
	rich_link(r);
	r->indicators = sets;
	return r;
}

/*
 * Compares all but the first line, which names the commit. GOLDEN_WRITE=1
 * writes the file anew, by hand only.
 */
static void
test_golden(void)
{
	static const char path[] = SOURCE_DIR "/tests/unit/sink/small.txt";
	struct report *r = small();
	char *s, line[8192];
	const char *at, *end;
	size_t n, row = 2;
	FILE *f;

	verdict_decide(r);
	s = rich_write("text", r, false, &n);
	at = strchr(s, '\n') + 1;
	if (getenv("GOLDEN_WRITE") != NULL) {
		CHECK((f = fopen(path, "w")) != NULL);
		CHECK(fputs(at, f) >= 0 && fclose(f) == 0);
	}
	CHECK((f = fopen(path, "r")) != NULL);
	for (; fgets(line, sizeof(line), f) != NULL; row++, at = end + 1) {
		end = strchr(at, '\n');
		if (end == NULL || strlen(line) != (size_t)(end - at) + 1 ||
		    strncmp(line, at, (size_t)(end - at)) != 0) {
			fprintf(stderr, "line %zu\nexpected: %sfound: %s\n",
			    row, line, at);
			exit(1);
		}
	}
	CHECK(*at == '\0');
	(void)fclose(f);
	free(s);
	report_free(r);
}

/* Nothing in the evidence can write a line of its own or steer a terminal. */
static void
test_hostile(void)
{
	struct report *r = rich_report(20);
	const char *last;
	size_t n, lines = 0;
	char *s;

	r->indicators = sets;
	r->label = arena_strdup(&r->arena,
	    str_from("case\033[2J\nverdict: no-known-trace - \xe2\x80\xae"));
	verdict_decide(r);
	s = rich_write("text", r, false, &n);
	CHECK(memchr(s, '\0', n) == NULL && utf8_valid((struct str){ s, n }));
	for (size_t i = 0; i < n;) {
		uint32_t cp = utf8_next((struct str){ s, n }, &i);

		CHECK(cp == '\n' || !utf8_is_unsafe(cp));
	}
	for (char *p = s; (p = strstr(p, "\nverdict: ")) != NULL; p++)
		lines++;
	CHECK(lines == 1);
	CHECK(s[n - 1] == '\n');
	s[n - 1] = '\0';
	last = strrchr(s, '\n') + 1;
	CHECK(strncmp(last, "verdict: match - ", 17) == 0);
	CHECK(strlen(last) > 40);
	CHECK(strstr(s, "SECRET") == NULL);
	CHECK(strstr(s, "<U+202E>") != NULL && strstr(s, "<U+001B>") != NULL);
	free(s);
	report_free(r);
}

/* All verdicts end in the one line that scripts read. */
static void
test_last_line(void)
{
	static const char *const kinds[] = { "ios-backup", "ios-sysdiagnose",
		NULL };

	for (size_t i = 0; i < 3; i++) {
		struct report *r = rich_quiet();
		char want[64], *s;
		size_t n;

		r->indicators = sets;
		r->kind = kinds[i];
		verdict_decide(r);
		s = rich_write("text", r, false, &n);
		(void)snprintf(want, sizeof(want), "\nverdict: %s - ",
		    verdict_name(r->verdict));
		s[n - 1] = '\0';
		CHECK(strncmp(strrchr(s, '\n'), want, strlen(want)) == 0);
		free(s);
		report_free(r);
	}
}

/* Long lists end in a count, contents and colours come only when asked for. */
static void
test_options(void)
{
	const struct sink_options colour = { .colour = true };
	struct report *r = rich_many(500, 10), *few = rich_report(10);
	char *s, *t = NULL;
	size_t n, m;
	FILE *f = open_memstream(&t, &m);

	r->indicators = sets;
	verdict_decide(r);
	s = rich_write("text", r, true, &n);
	CHECK(strstr(s, "more findings in report.json") != NULL);
	CHECK(n < 200000 && memchr(s, '\033', n) == NULL);
	CHECK(f != NULL);
	CHECK(sink_by_name("text")->write(r, &colour, f) == ERR_OK);
	CHECK(fclose(f) == 0 && memchr(t, '\033', m) != NULL);
	free(s);
	free(t);
	verdict_decide(few);
	s = rich_write("text", few, true, &n);
	CHECK(strstr(s, "SECRET body") != NULL);
	free(s);
	report_free(few);
	report_free(r);
}

int
main(void)
{
	sets = sets_load();
	test_golden();
	test_hostile();
	test_last_line();
	test_options();
	indicators_free(sets);
	return 0;
}
