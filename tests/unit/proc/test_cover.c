/* Coverage and timeline come out the same whatever order files come in. */
#include "cover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake.c"
#include "timeline.h"

static const struct msg_counts nothing = { .first_ns = TSTAMP_NONE,
	.last_ns = TSTAMP_NONE };

static enum cover
status_of(struct cover_sum *s, size_t artifact)
{
	static struct cover_sum all[6];
	struct report *r = report_new();
	enum cover c;

	for (size_t i = 0; i < 6; i++)
		cover_init(&all[i]);
	all[artifact] = *s;
	r->kind = "ios-backup";
	cover_report(all, IN_IOS_BACKUP, NULL, r);
	CHECK(r->ncoverage == 6);
	c = r->coverage[artifact].status;
	report_free(r);
	return c;
}

static void
test_status(void)
{
	struct msg_counts some = { .records = 5 };
	struct cover_sum s;

	cover_init(&s);
	CHECK(status_of(&s, 0) == COVER_NOT_APPLICABLE); /* an app's */
	s.app_present = true;
	CHECK(status_of(&s, 0) == COVER_ABSENT);
	CHECK(status_of(&s, 1) == COVER_ABSENT);
	CHECK(status_of(&s, 5) == COVER_NOT_IN_THIS_KIND);
	cover_file(&s, &nothing, 0); /* an empty file is read, too */
	CHECK(status_of(&s, 2) == COVER_READ);
	cover_file(&s, &some, 1U << NOTE_EFFECT_NONE);
	CHECK(status_of(&s, 2) == COVER_READ);
	cover_file(&s, &nothing, 1U << NOTE_EFFECT_FAILED);
	CHECK(status_of(&s, 2) == COVER_PARTIAL);
	cover_file(&s, &some, 1U << NOTE_EFFECT_UNKNOWN_VERSION);
	CHECK(status_of(&s, 2) == COVER_UNKNOWN_VERSION);
	cover_init(&s);
	cover_file(&s, &nothing, 1U << NOTE_EFFECT_FAILED);
	CHECK(status_of(&s, 2) == COVER_FAILED);
	cover_init(&s);
	cover_file(&s, &some, 1U << NOTE_EFFECT_FAILED);
	CHECK(status_of(&s, 2) == COVER_PARTIAL);
}

/* Of many reasons the first in byte order, in either direction of arrival. */
static void
test_reasons(void)
{
	struct cover_sum up, down;
	char text[16];

	cover_init(&up);
	cover_init(&down);
	for (int i = 0; i < 40; i++) {
		(void)snprintf(text, sizeof(text), "r%02d", i / 2);
		cover_reason(&up, text);
		(void)snprintf(text, sizeof(text), "r%02d", (39 - i) / 2);
		cover_reason(&down, text);
	}
	CHECK(up.nreasons == LIMIT_REASONS && down.nreasons == up.nreasons);
	CHECK(up.more_reasons && down.more_reasons);
	for (size_t i = 0; i < up.nreasons; i++) {
		(void)snprintf(text, sizeof(text), "r%02zu", i);
		CHECK(strcmp(up.reasons[i], text) == 0);
		CHECK(strcmp(down.reasons[i], text) == 0);
	}
	cover_done(&up);
	cover_done(&down);
}

#define S ((int64_t)1000000000)

static void
test_windows(void)
{
	/* 10 s apart: one window; an hour and a bit: two; one has no time. */
	static struct finding f[] = { { .time_ns = 1700000010 * S },
		{ .time_ns = TSTAMP_NONE }, { .time_ns = 1700000000 * S },
		{ .time_ns = 1700003700 * S }, { .time_ns = 5 * S } };
	struct report r = { .findings = f, .nfindings = 5 };
	struct timeline t;

	timeline_init(&t);
	timeline_around(&t, &r);
	CHECK(t.nwindows == 2);
	CHECK(t.windows[0].from_ns == (1700000000 - 1800) * S);
	CHECK(t.windows[0].to_ns == (1700000010 + 1800) * S);
	CHECK(timeline_touches(&t, 0, (1700000000 - 1800) * S));
	CHECK(!timeline_touches(&t, 0, (1700000000 - 1801) * S));
	CHECK(timeline_touches(&t, 0, INT64_MAX));
	CHECK(!timeline_touches(&t, 1700001850 * S, 1700001860 * S));
	timeline_everything(&t);
	CHECK(timeline_touches(&t, INT64_MIN + 1, INT64_MIN + 1));
	timeline_done(&t);
}

static void
add(struct timeline *t, int64_t i)
{
	const char text[] = "something happened here";

	timeline_add(t, &(struct msg_event){ .ns = 1700000000 * S + i,
			    .artifact = 2,
			    .name = str_from("line"),
			    .text = str_from(text),
			    .path = str_from("lines/a.txt"),
			    .locator = str_from("line=1") });
}

/* Of too many events the earliest stay, in either direction of arrival. */
static void
test_too_many(void)
{
	const int64_t n = 2 * (int64_t)LIMIT_TIMELINE_EVENTS + 50000;
	struct timeline up, down;
	struct report *r = report_new();

	timeline_init(&up);
	timeline_init(&down);
	for (int64_t i = 0; i < n; i++) {
		add(&up, i);
		add(&down, n - 1 - i);
	}
	timeline_report(&up, r);
	CHECK(up.cut && r->nevents == up.n);
	CHECK(r->nevents == LIMIT_TIMELINE_EVENTS);
	CHECK(r->events[r->nevents - 1].ns ==
	      1700000000 * S + (int64_t)LIMIT_TIMELINE_EVENTS - 1);
	CHECK(str_is(r->events[0].path, "lines/a.txt"));
	report_free(r);
	r = report_new();
	timeline_report(&down, r);
	CHECK(down.cut && r->nevents == LIMIT_TIMELINE_EVENTS);
	CHECK(r->events[0].ns == 1700000000 * S);
	report_free(r);
	timeline_done(&up);
	timeline_done(&down);
}

int
main(void)
{
	test_status();
	test_reasons();
	test_windows();
	test_too_many();
	return 0;
}
