#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"
#include "utf8.h"
#include "verdict.h"

/*
 * The input as every string that evidence can put into a report, through all
 * sinks: whatever it is, outputs stay well-formed and hold no character that
 * could rewrite a line or open a tag.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
inspect(const struct sink *s, struct str text)
{
	uint32_t cp;

	if (!utf8_valid(text))
		abort();
	/* JSON may carry what it quotes. */
	if (strstr(s->name, "json") != NULL)
		return;
	for (size_t i = 0; i < text.n;) {
		cp = utf8_next(text, &i);
		if (utf8_is_unsafe(cp) && cp != '\n' &&
		    (cp != '\r' || strcmp(s->name, "timeline-csv") != 0))
			abort();
	}
	if (strcmp(s->name, "html") == 0 &&
	    memmem(text.p, text.n, "<script", 7) != NULL)
		abort();
}

static void
write_all(const struct report *r)
{
	const struct sink_options o = { .content = true };
	char *text;
	size_t n;

	for (size_t i = 0; sinks[i] != NULL; i++) {
		FILE *f = open_memstream(&text, &n);

		if (f == NULL || sinks[i]->write(r, &o, f) != ERR_OK)
			abort();
		(void)fclose(f);
		inspect(sinks[i], (struct str){ text, n });
		free(text);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct schema schema = { .name = "ios.sms" };
	struct str s = { .p = (const char *)data, .n = size };
	struct report *r = report_new();
	const char *text = arena_strdup(&r->arena, s);
	const char *list[] = { text, NULL };
	struct finding_field field = {
		.name = "url", .value = {.type = VALUE_TEXT, .s = s}
	};
	struct finding f = { .id = "0123456789abcdef",
		.level = LEVEL_MEDIUM,
		.title = text,
		.why = text,
		.benign = list,
		.next = list,
		.campaign = text,
		.indicator_type = "url",
		.indicator_value = text,
		.indicator_sets = list,
		.artifact = "ios.sms",
		.path = s,
		.locator = s,
		.time_ns = (int64_t)size,
		.fields = &field,
		.nfields = 1 };
	struct event e = { .ns = (int64_t)size,
		.schema = &schema,
		.name = s,
		.text = s,
		.path = s,
		.locator = s };
	struct report_note n = {
		.name = "read.io", .text = text, .path = text
	};

	r->kind = "ios-backup";
	r->path = r->label = r->group = text;
	r->device.model = r->device.serial = r->device.os_version = text;
	r->findings = &f;
	r->nfindings = 1;
	r->events = &e;
	r->nevents = 1;
	r->notes = &n;
	r->nnotes = 1;
	verdict_decide(r);
	write_all(r);
	report_free(r);
	return 0;
}
