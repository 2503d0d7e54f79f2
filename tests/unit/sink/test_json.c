#include <jansson.h>
#include <string.h>

#include "rich.h"
#include "utf8.h"

static struct indicators *sets;

static json_t *
parse(const char *text, size_t n)
{
	json_error_t at;
	json_t *j =
	    json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &at);

	if (j == NULL)
		fprintf(stderr, "line %d: %s\n", at.line, at.text);
	CHECK(j != NULL);
	return j;
}

static const char *
text_of(json_t *o, const char *key)
{
	CHECK(json_is_string(json_object_get(o, key)));
	return json_string_value(json_object_get(o, key));
}

/* Evidence comes out as it is, well-formed, in one document. */
static void
test_hostile(void)
{
	struct report *r = rich_report(20);
	json_t *j, *f, *v;
	size_t n;
	char *s;

	r->indicators = sets;
	verdict_decide(r);
	s = rich_write("json", r, false, &n);
	j = parse(s, n);
	CHECK(utf8_valid((struct str){ s, n }));
	CHECK(strcmp(text_of(j, "schema"), "telassay.report/1") == 0);
	CHECK(strcmp(text_of(j, "verdict"), "match") == 0);
	f = NULL;
	for (size_t i = 0; i < json_array_size(json_object_get(j, "findings"));
	     i++) {
		f = json_array_get(json_object_get(j, "findings"), i);
		if (strcmp(text_of(f, "role"), "visit") == 0)
			break;
	}
	v = json_object_get(json_object_get(f, "fields"), "url");
	CHECK(json_string_length(v) > sizeof(rich_evil_bytes) - 1);
	CHECK(memcmp(json_string_value(v), rich_evil_bytes, 40) == 0);
	CHECK(memchr(json_string_value(v), '\0', json_string_length(v)));
	json_decref(j);
	free(s);
	report_free(r);
}

/* Contents stay out unless asked for; the matched link stays in. */
static void
test_privacy(void)
{
	struct report *r = rich_report(20);
	size_t n;
	char *s;

	r->indicators = sets;
	verdict_decide(r);
	s = rich_write("json", r, false, &n);
	CHECK(strstr(s, "SECRET") == NULL);
	CHECK(strstr(s, "https://backuprabbit.com/x?<a>") != NULL);
	CHECK(strstr(s, "\"content_withheld\": true") != NULL);
	free(s);
	s = rich_write("json", r, true, &n);
	CHECK(strstr(s, "SECRET body of the message") != NULL);
	CHECK(strstr(s, "SECRET owner's phone") != NULL);
	CHECK(strstr(s, "\"content_withheld\": true") == NULL);
	free(s);
	report_free(r);
}

/* Same input, same bytes; the run is the only part that may differ. */
static void
test_stable(void)
{
	struct report *a = rich_report(20), *b = rich_report(20);
	struct finding f;
	char *s, *t;
	size_t n, m;

	a->indicators = b->indicators = sets;
	for (size_t i = 0; i < b->nfindings / 2; i++) {
		f = b->findings[i];
		b->findings[i] = b->findings[b->nfindings - 1 - i];
		b->findings[b->nfindings - 1 - i] = f;
	}
	b->started_ns += 12345;
	b->seconds *= 3;
	b->workers = 7;
	verdict_decide(a);
	verdict_decide(b);
	s = rich_write("json", a, false, &n);
	t = rich_write("json", b, false, &m);
	CHECK(strstr(s, "\n \"run\": {") != NULL);
	*strstr(s, "\n \"run\": {") = '\0';
	*strstr(t, "\n \"run\": {") = '\0';
	CHECK(strcmp(s, t) == 0);
	free(s);
	free(t);
	report_free(a);
	report_free(b);
}

static void
test_consent(void)
{
	struct consent c = { .by = "SECRET name",
		.subject = "owl-17",
		.scopes = 1U << CONSENT_CHECK | 1U << CONSENT_KEEP,
		.until_ns = TSTAMP_NONE };
	struct report *r = rich_quiet();
	json_t *j, *v;
	size_t n;
	char *s;

	memset(c.sha256, 'c', 64);
	r->indicators = sets;
	r->consent = true;
	r->consent_record = &c;
	verdict_decide(r);
	CHECK(r->verdict == VERDICT_NO_KNOWN_TRACE);
	s = rich_write("json", r, true, &n);
	CHECK(strstr(s, "SECRET name") == NULL);
	j = parse(s, n);
	v = json_object_get(j, "consent");
	CHECK(strcmp(text_of(v, "subject"), "owl-17") == 0);
	CHECK(json_array_size(json_object_get(v, "scopes")) == 2);
	CHECK(json_is_null(json_object_get(v, "ends")));
	json_decref(j);
	free(s);
	report_free(r);
}

int
main(void)
{
	sets = sets_load();
	test_hostile();
	test_privacy();
	test_stable();
	test_consent();
	indicators_free(sets);
	return 0;
}
