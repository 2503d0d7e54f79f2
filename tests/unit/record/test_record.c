#include <string.h>

#include "check.h"
#include "record.h"

enum { F_TIME, F_OTHER, F_NAME, F_BYTES, F_SHARE, F_LINKS, F_SENT };
static const struct field fields[] = {
	[F_TIME] = {.name = "created",	.type = VALUE_TIME, .event = "M" },
	[F_OTHER] = { .name = "changed",		 .type = VALUE_TIME,		     .event = "C" },
	[F_NAME] = { .name = "process",
		    .type = VALUE_TEXT,
		    .obs = OBS_PROCESS },
	[F_BYTES] = { .name = "bytes", .type = VALUE_INT			 },
	[F_SHARE] = { .name = "share",   .type = VALUE_REAL	  },
	[F_LINKS] = { .name = "links",
		    .type = VALUE_LIST,
		    .obs = OBS_URL,
		    .flags = FIELD_CONTENT },
	[F_SENT] = { .name = "sent",   .type = VALUE_BOOL			},
};
static const struct schema schema = {
	.name = "test.artifact",
	.version = 3,
	.role = ROLE_DELIVERY,
	.fields = fields,
	.nfields = 7,
	.merge_events = true,
};
static const struct schema *const schemas[] = { &schema, NULL };

static struct record
make(const struct str *links)
{
	struct record r;

	record_init(&r, &schema, str_from("A/b.db"));
	r.locator = str_from("t.ROWID=12");
	r.deliberate = true;
	record_time(&r, F_TIME, 1000, 1.0);
	record_time(&r, F_OTHER, 1000, 2.0);
	record_text(&r, F_NAME, str_from("launchd"));
	record_int(&r, F_BYTES, -7);
	record_real(&r, F_SHARE, 0.25);
	record_list(&r, F_LINKS, links, 2);
	record_bool(&r, F_SENT, true);
	return r;
}

static void
test_round_trip(void)
{
	struct str links[] = {
		{"https://a.example/", 18},
		      { "b",		     1 }
	};
	struct record r = make(links), back;
	struct str name, path, locator;
	struct buf b, again;
	struct arena a;

	arena_init(&a, 1 << 20);
	buf_init(&b, 1 << 20);
	buf_init(&again, 1 << 20);
	record_encode(&r, &b);
	CHECK(record_decode(cur_from(b.p, b.len), schemas, &a, &back));
	CHECK(back.deliberate && record_role(&back) == ROLE_DELIVERY);
	CHECK(str_is(back.v[F_LINKS].list.v[1], "b"));
	record_encode(&back, &again);
	CHECK(str_eq(buf_text(&b), buf_text(&again)));
	CHECK(record_peek(cur_from(b.p, b.len), &name, &path, &locator));
	CHECK(str_is(name, r.schema->name) && str_eq(path, r.path));
	CHECK(str_eq(locator, r.locator));
	for (size_t n = 0; n < b.len; n++)
		CHECK(!record_decode(cur_from(b.p, n), schemas, &a, &back));
	for (size_t n = 0; n < name.n + path.n + locator.n + 4; n++)
		CHECK(!record_peek(cur_from(b.p, n), &name, &path, &locator));
	for (size_t n = 0; n < b.len * 8; n++) {
		b.p[n / 8] ^= (uint8_t)(1U << n % 8);
		(void)record_decode(cur_from(b.p, b.len), schemas, &a, &back);
		b.p[n / 8] ^= (uint8_t)(1U << n % 8);
	}
	buf_done(&b);
	buf_done(&again);
	arena_done(&a);
}

static char event_names[64];

static void
collect(void *arg, int64_t ns, const char *name)
{
	(void)arg;
	(void)ns;
	strncat(event_names, name, 30);
	strcat(event_names, " ");
}

static void
test_events(void)
{
	struct str links[] = {
		{"x",  1},
		    { "y", 1}
	};
	struct record r = make(links);
	int64_t first, last;

	CHECK(record_events(&r, collect, NULL) == 1);
	CHECK(strcmp(event_names, "MC ") == 0);
	record_time(&r, F_OTHER, 500, 0);
	event_names[0] = '\0';
	CHECK(record_events(&r, collect, NULL) == 2);
	CHECK(strcmp(event_names, "M- -C ") == 0);
	record_span(&r, &first, &last);
	CHECK(first == 500 && last == 1000);
}

static void
test_json(void)
{
	struct str links[] = {
		{"x",  1},
		    { "y", 1}
	};
	struct record r = make(links);
	struct jsonw w;
	struct buf b;

	buf_init(&b, 1 << 20);
	jsonw_init(&w, &b, NULL, false);
	record_json(&r, false, &w);
	CHECK(strcmp(buf_cstr(&b),
		  "{\"artifact\":\"test.artifact\",\"path\":\"A/b.db\","
		  "\"locator\":\"t.ROWID=12\","
		  "\"created\":\"1970-01-01T00:00:00.000001Z\","
		  "\"changed\":\"1970-01-01T00:00:00.000001Z\","
		  "\"process\":\"launchd\",\"bytes\":-7,\"share\":0.25,"
		  "\"sent\":true}") == 0);
	buf_reset(&b);
	record_describe(&r, &b);
	CHECK(strcmp(buf_cstr(&b),
		  "process=launchd bytes=-7 share=0.25 sent=yes") == 0);
	buf_done(&b);
}

static void
test_locator(void)
{
	CHECK(locator_cmp(str_from("r9"), str_from("r10")) < 0);
	CHECK(locator_cmp(str_from("r10"), str_from("r9")) > 0);
	CHECK(locator_cmp(str_from("a"), str_from("b")) < 0);
	CHECK(locator_cmp(str_from("a1"), str_from("a1b")) < 0);
	CHECK(locator_cmp(str_from("a1"), str_from("a1")) == 0);
	CHECK(locator_cmp(str_from("a01"), str_from("a1")) != 0);
}

int
main(void)
{
	enum obs o;

	test_round_trip();
	test_events();
	test_json();
	test_locator();
	CHECK(obs_from_name(str_from("file-name"), &o) && o == OBS_FILE_NAME);
	CHECK(!obs_from_name(str_from(""), &o));
	return 0;
}
