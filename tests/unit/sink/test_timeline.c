#include <jansson.h>
#include <string.h>

#include "rich.h"
#include "utf8.h"
#include "when.h"

#define COLUMNS 11

/* One cell of RFC 4180 at *p, which moves behind its separator. */
static char
cell(const char **p, char *out, size_t max)
{
	size_t n = 0;
	bool quoted = **p == '"';
	char end;

	for (*p += quoted; **p != '\0'; (*p)++) {
		if (quoted && **p == '"') {
			(*p)++;
			if (**p != '"')
				break;
		} else if (!quoted && (**p == ',' || **p == '\r')) {
			break;
		}
		CHECK(n + 1 < max);
		out[n++] = **p;
	}
	out[n] = '\0';
	end = **p;
	CHECK(end == ',' || end == '\r');
	(*p) += end == '\r' ? 2 : 1;
	return end;
}

/* Every row whole, no cell that a spreadsheet would run. */
static void
test_csv(void)
{
	static char v[COLUMNS][65536];
	struct report *r = rich_report(100);
	const char *p;
	size_t n, rows = 0, tagged = 0;
	char *s;

	verdict_decide(r);
	s = rich_write("timeline-csv", r, false, &n);
	CHECK(memchr(s, '\0', n) == NULL && utf8_valid((struct str){ s, n }));
	CHECK(strncmp(s, "datetime,timestamp_desc,source,", 31) == 0);
	for (p = s; *p != '\0'; rows++) {
		for (size_t i = 0; i < COLUMNS; i++) {
			CHECK((cell(&p, v[i], sizeof(v[i])) == '\r') ==
			      (i == COLUMNS - 1));
			CHECK(strchr("=+-@\t", v[i][0]) == NULL ||
			      v[i][0] == '\0' || i == 9);
			CHECK(strpbrk(v[i], "\r\n\t") == NULL);
		}
		tagged += strstr(v[7], "critical") != NULL;
		if (strcmp(v[3], "ios.safari_history") == 0 &&
		    strstr(v[4], "cmd|") != NULL) {
			CHECK(strncmp(v[4], "'=cmd|", 6) == 0);
			CHECK(strstr(v[4], "<U+202E>") != NULL);
			CHECK(strcmp(v[7], "medium") == 0);
		}
	}
	CHECK(rows == r->nevents + 1);
	CHECK(tagged == 1);
	free(s);
	report_free(r);
}

static void
test_jsonl(void)
{
	struct report *r = rich_report(100);
	size_t n, rows = 0;
	char *s, *line;

	verdict_decide(r);
	s = rich_write("timeline-jsonl", r, false, &n);
	for (line = strtok(s, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		const struct event *e = &r->events[rows++];
		json_error_t at;
		json_t *j = json_loads(line, JSON_ALLOW_NUL, &at);

		CHECK(j != NULL);
		CHECK(json_is_string(json_object_get(j, "message")));
		CHECK(json_is_string(json_object_get(j, "timestamp_desc")));
		CHECK(json_integer_value(json_object_get(j, "timestamp")) ==
		      when_us(e->ns));
		CHECK(strstr(json_string_value(json_object_get(j, "datetime")),
			  "+00:00") != NULL);
		json_decref(j);
	}
	CHECK(rows == r->nevents);
	free(s);
	report_free(r);
}

static void
test_when(void)
{
	char t[40];

	CHECK(when_us(1999) == 1 && when_us(-1) == -1 && when_us(-1000) == -1);
	CHECK(strcmp(when_offset(INT64_C(1686564000123456789), t),
		  "2023-06-12T10:00:00.123456+00:00") == 0);
	CHECK(strcmp(when_offset(INT64_C(1686564000000000999), t),
		  "2023-06-12T10:00:00+00:00") == 0);
	CHECK(strcmp(when_offset(-1, t), "1969-12-31T23:59:59.999999+00:00") ==
	      0);
	CHECK(when_offset(TSTAMP_NONE, t)[0] == '\0');
	CHECK(strlen(when_offset(INT64_MIN + 1, t)) > 6);
	CHECK(strlen(when_offset(INT64_MAX, t)) > 6);
	CHECK(strcmp(when_people(INT64_C(1686564000123456789), t),
		  "2023-06-12 10:00:00 UTC") == 0);
	CHECK(strcmp(when_people(TSTAMP_NONE, t), "undated") == 0);
}

/* A report without a timeline has a header and no row. */
static void
test_empty(void)
{
	struct report *r = rich_quiet();
	size_t n;
	char *s;

	verdict_decide(r);
	s = rich_write("timeline-csv", r, false, &n);
	CHECK(strchr(s, '\n') == s + n - 1);
	free(s);
	s = rich_write("timeline-jsonl", r, false, &n);
	CHECK(n == 0);
	free(s);
	report_free(r);
}

int
main(void)
{
	test_when();
	test_csv();
	test_jsonl();
	test_empty();
	return 0;
}
