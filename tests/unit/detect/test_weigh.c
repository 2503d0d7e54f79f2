#include "detect_case.h"

/* Level and role of one hit: pattern, properties, record. */
struct weighing {
	const char *pattern, *more;
	enum obs obs;
	enum role role;
	const char *value, *when; /* NULL: undated */
	bool deliberate;
	enum level level;
	enum role as;
	const char *why; /* stands in the finding's reasons */
};

#define EVIL "[domain-name:value='evil.com']"
#define ADDR "[ipv4-addr:value='1.2.3.4']"

#define CASE(p, m, o, r, v, w, d, l, a, y)                                     \
	{                                                                      \
		.pattern = (p), .more = (m), .obs = (o), .role = (r),          \
		.value = (v), .when = (w), .deliberate = (d), .level = (l),    \
		.as = (a), .why = (y)                                          \
	}

static const struct weighing cases[] = {
	CASE(EVIL, "", OBS_URL, ROLE_EXECUTION, "http://evil.com", NULL, false,
	    LEVEL_CRITICAL, ROLE_EXECUTION, NULL),
	CASE(EVIL, "", OBS_URL, ROLE_CONTACT, "http://evil.com", NULL, false,
	    LEVEL_HIGH, ROLE_CONTACT, NULL),
	CASE(EVIL, "", OBS_URL, ROLE_DELIVERY, "http://evil.com", NULL, false,
	    LEVEL_HIGH, ROLE_DELIVERY, "an attempt, not an infection"),
	CASE(EVIL, "", OBS_URL, ROLE_VISIT, "http://evil.com", NULL, false,
	    LEVEL_MEDIUM, ROLE_VISIT, NULL),
	CASE(EVIL, "", OBS_URL, ROLE_MENTION, "http://evil.com", NULL, false,
	    LEVEL_MEDIUM, ROLE_MENTION, NULL),
	/* Typed, or later than published; both together are one level. */
	CASE(EVIL, "", OBS_URL, ROLE_VISIT, "http://evil.com", NULL, true,
	    LEVEL_LOW, ROLE_VISIT, "typed"),
	CASE(EVIL, "", OBS_URL, ROLE_DELIVERY, "http://evil.com", NULL, true,
	    LEVEL_MEDIUM, ROLE_DELIVERY, "own doing"),
	CASE(EVIL, "\"published\":\"2024-05-01\"", OBS_URL, ROLE_VISIT,
	    "http://evil.com", "2024-04-30T23:59:59Z", false, LEVEL_MEDIUM,
	    ROLE_VISIT, NULL),
	CASE(EVIL, "\"published\":\"2024-05-01\"", OBS_URL, ROLE_VISIT,
	    "http://evil.com", "2024-05-02", false, LEVEL_LOW, ROLE_VISIT,
	    "2024-05-01"),
	CASE(EVIL, "\"x_published\":\"2024-05-01\"", OBS_URL, ROLE_VISIT,
	    "http://evil.com", "2024-05-02", true, LEVEL_LOW, ROLE_VISIT, NULL),
	CASE(EVIL, "\"published\":\"2024-05-01\"", OBS_URL, ROLE_VISIT,
	    "http://evil.com", NULL, false, LEVEL_MEDIUM, ROLE_VISIT, NULL),
	/* The date of publication weighs on visits only. */
	CASE(EVIL, "\"published\":\"2024-05-01\"", OBS_URL, ROLE_DELIVERY,
	    "http://evil.com", "2024-05-02", false, LEVEL_HIGH, ROLE_DELIVERY,
	    NULL),
	/* A date of generation is no date of publication. */
	CASE(EVIL, "\"valid_from\":\"2020-05-01T00:00:00Z\"", OBS_URL,
	    ROLE_VISIT, "http://evil.com", "2024-05-02", false, LEVEL_MEDIUM,
	    ROLE_VISIT, NULL),
	/* Shared and hijacked places. */
	CASE(EVIL, "\"shared\":true", OBS_URL, ROLE_CONTACT, "http://evil.com",
	    NULL, false, LEVEL_LOW, ROLE_CONTACT, "Others use"),
	CASE(EVIL, "\"x_telassay_hijacked\":true", OBS_URL, ROLE_DELIVERY,
	    "http://evil.com", NULL, false, LEVEL_LOW, ROLE_DELIVERY,
	    "taken over"),
	CASE(EVIL, "\"shared\":false", OBS_URL, ROLE_CONTACT, "http://evil.com",
	    NULL, false, LEVEL_HIGH, ROLE_CONTACT, NULL),
	CASE(EVIL,
	    "\"extensions\":{\"extension-definition--1\":{\"shared\":true}}",
	    OBS_URL, ROLE_CONTACT, "http://evil.com", NULL, false, LEVEL_LOW,
	    ROLE_CONTACT, NULL),
	/* An address after its time. */
	CASE(ADDR, "\"infrastructure_until\":\"2025-04-12\"", OBS_IP,
	    ROLE_CONTACT, "1.2.3.4", "2025-04-12T20:00:00Z", false, LEVEL_HIGH,
	    ROLE_CONTACT, NULL),
	CASE(ADDR, "\"infrastructure_until\":\"2025-04-12\"", OBS_IP,
	    ROLE_CONTACT, "1.2.3.4", "2025-04-13", false, LEVEL_INFO,
	    ROLE_CONTACT, "2025-04-12"),
	CASE(ADDR, "\"valid_until\":\"2025-04-12T00:00:00Z\"", OBS_URL,
	    ROLE_VISIT, "http://1.2.3.4/", "2025-04-13", false, LEVEL_INFO,
	    ROLE_VISIT, NULL),
	CASE(ADDR, "\"infrastructure_until\":\"2025-04-12\"", OBS_IP,
	    ROLE_CONTACT, "1.2.3.4", NULL, false, LEVEL_HIGH, ROLE_CONTACT,
	    NULL),
	/* Of a mail address only the domain: a mention. */
	CASE(EVIL, "", OBS_EMAIL, ROLE_DELIVERY, "a@evil.com", NULL, false,
	    LEVEL_LOW, ROLE_MENTION, "Only the domain"),
	CASE("[email-addr:value='a@evil.com']", "", OBS_EMAIL, ROLE_DELIVERY,
	    "a@evil.com", NULL, false, LEVEL_HIGH, ROLE_DELIVERY, NULL),
	/* How it agrees stands in the reasons. */
	CASE(EVIL, "", OBS_URL, ROLE_VISIT, "http://a.evil.com", NULL, false,
	    LEVEL_MEDIUM, ROLE_VISIT, "below the published domain"),
	CASE("[process:name='CommsCenterRootHelper']", "", OBS_PROCESS,
	    ROLE_EXECUTION, "CommsCenterRootH", NULL, false, LEVEL_CRITICAL,
	    ROLE_EXECUTION, "first letters"),
	CASE("[file:path='/a/b/']", "", OBS_PATH, ROLE_MENTION, "/a/b/c", NULL,
	    false, LEVEL_MEDIUM, ROLE_MENTION, "inside the published folder"),
	CASE("[domain-name:value='1.2.3.4']", "", OBS_IP, ROLE_CONTACT,
	    "1.2.3.4", NULL, false, LEVEL_HIGH, ROLE_CONTACT,
	    "as if it were a domain"),
	CASE("[domain-name:value MATCHES '^(a+)+$']", "", OBS_DOMAIN,
	    ROLE_CONTACT, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.", NULL,
	    false, LEVEL_HIGH, ROLE_CONTACT, "pattern"),
	CASE("[domain-name:value MATCHES '^(a+)+$']", "", OBS_DOMAIN,
	    ROLE_CONTACT, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", NULL,
	    false, LEVEL_INFO, ROLE_CONTACT, "too many steps"),
};

static void
weights(void)
{
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct weighing *c = &cases[i];
		const char *patterns[] = { c->pattern, NULL };
		struct indicators *x = sealed_of(patterns, c->more);
		struct finding f = { .time_ns = TSTAMP_NONE };
		struct hits all;
		struct one o;
		int64_t ns;

		one_init(&o, c->obs, c->role, c->value);
		o.r.deliberate = c->deliberate;
		if (c->when != NULL) {
			CHECK(tstamp_parse(c->when, &ns));
			record_time(&o.r, 0, ns, 0);
		}
		all = hits_of(x, &o.r);
		if (all.n != 1 || all.v[0].level != c->level)
			fprintf(stderr, "case %zu: %zu hits, level %u\n", i,
			    all.n, all.n ? all.v[0].level : 0);
		CHECK(all.n == 1);
		CHECK(all.v[0].level == c->level && all.v[0].role == c->as);
		detectors[0]->finding(x, &all.v[0], &o.r, &a, &f);
		CHECK(f.level == c->level && f.role == c->as);
		if (c->why != NULL && strstr(f.why, c->why) == NULL)
			fprintf(stderr, "case %zu: %s\n", i, f.why);
		CHECK(c->why == NULL || strstr(f.why, c->why) != NULL);
		CHECK(f.benign[0] != NULL && f.next[0] != NULL);
		CHECK(strstr(f.title, "%s") == NULL);
		indicators_free(x);
		arena_reset(&a);
	}
	arena_done(&a);
}

/* Of two publications the gravest counts. */
static void
gravest(void)
{
	static const char shared[] =
	    "{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\","
	    "\"pattern\":\"" EVIL "\",\"shared\":true}]}";
	static const char plain[] =
	    "{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\","
	    "\"pattern\":\"" EVIL "\"}]}";
	struct indicators *x = indicators_new();
	struct why why;
	struct hits all;
	struct one o;

	CHECK(load_named(x, "a.json", shared, sizeof(shared) - 1, &why) ==
	      ERR_OK);
	CHECK(
	    load_named(x, "b.json", plain, sizeof(plain) - 1, &why) == ERR_OK);
	indicators_seal(x);
	one_init(&o, OBS_URL, ROLE_CONTACT, "http://evil.com");
	all = hits_of(x, &o.r);
	CHECK(all.n == 1 && all.v[0].level == LEVEL_HIGH);
	indicators_free(x);
}

/* A message: a body, a list of links, a sender. */
#define FIELD(n, t, o, f, e)                                                   \
	{                                                                      \
		.name = (n), .type = (t), .obs = (o), .flags = (f),            \
		.event = (e)                                                   \
	}
static const struct field message_fields[] = {
	FIELD("body", VALUE_TEXT, OBS_NONE, FIELD_CONTENT, NULL),
	FIELD("links", VALUE_LIST, OBS_URL, 0, NULL),
	FIELD("sender", VALUE_TEXT, OBS_EMAIL, 0, NULL),
	FIELD("sent", VALUE_TIME, OBS_NONE, 0, "sent"),
	FIELD("count", VALUE_INT, OBS_NONE, 0, NULL),
	FIELD("title", VALUE_TEXT, OBS_DOMAIN, FIELD_CONTENT, NULL),
};

static const struct schema message = {
	.name = "test.message",
	.version = 1,
	.role = ROLE_DELIVERY,
	.fields = message_fields,
	.nfields = 6,
};

static void
message_init(struct record *r, const struct str links[2])
{
	record_init(r, &message, str_from("sms.db"));
	r->locator = str_from("message.ROWID=7");
	record_text(r, 0, str_from("look at this"));
	record_list(r, 1, links, 2);
	record_text(r, 2, str_from("x@mail.evil.com"));
	record_time(r, 3, INT64_C(1700000000000000000), 0);
	record_int(r, 4, 2);
}

/* One finding for each indicator; the best field wins, values verbatim. */
static void
best_field(void)
{
	const char *patterns[] = { EVIL, "[domain-name:value='b.evil.com']",
		NULL };
	struct str links[2] = { str_from("https://ok.example/"),
		str_from("https://user:pw@B.evil.com:443/x?y#z") };
	struct indicators *x = sealed_of(patterns, "");
	struct finding f = { .time_ns = TSTAMP_NONE };
	struct record r;
	struct hits all;
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	message_init(&r, links);
	all = hits_of(x, &r);
	CHECK(all.n == 2);
	CHECK(all.v[0].field == 1 && all.v[0].item == 1);
	CHECK(all.v[0].level == LEVEL_HIGH);
	CHECK(all.v[0].role == ROLE_DELIVERY);
	detectors[0]->finding(x, &all.v[0], &r, &a, &f);
	CHECK(strcmp(f.fields[0].name, "links") == 0);
	CHECK(f.fields[0].value.type == VALUE_TEXT);
	CHECK(str_eq(f.fields[0].value.s, links[1]));
	CHECK(!f.fields[0].content);
	CHECK(f.nfields == 5);
	CHECK(strcmp(f.fields[1].name, "body") == 0 && f.fields[1].content);
	CHECK(strcmp(f.fields[2].name, "sender") == 0);
	CHECK(f.time_ns == INT64_C(1700000000000000000));
	CHECK(strcmp(f.artifact, "test.message") == 0);
	CHECK(str_is(f.path, "sms.db") && str_is(f.locator, "message.ROWID=7"));
	CHECK(f.nrecords == 1 && strlen(f.records[0].sha256) == 64);
	CHECK(f.kind == FINDING_INDICATOR && f.statement == STATEMENT_MATCH);
	CHECK(strcmp(f.campaign, "Spy") == 0);
	CHECK(strcmp(f.indicator_sets[0], "Spy") == 0);
	/* What matched is shown, even out of a field of contents. */
	links[1] = links[0];
	message_init(&r, links);
	record_text(&r, 2, str_from("x@ok.example"));
	record_text(&r, 5, str_from("evil.com"));
	all = hits_of(x, &r);
	CHECK(all.n == 1 && all.v[0].field == 5);
	detectors[0]->finding(x, &all.v[0], &r, &a, &f);
	CHECK(strcmp(f.fields[0].name, "title") == 0);
	CHECK(!f.fields[0].content);
	arena_done(&a);
	indicators_free(x);
}

/* Terms that must hold together: in one record, in any of its fields. */
static void
together(void)
{
	static const char both[] = "[domain-name:value='evil.com' AND "
				   "email-addr:value='x@mail.evil.com']";
	const char *patterns[] = { both,
		"[domain-name:value='evil.com' AND email-addr:value='no@x.y']",
		"[domain-name:value='ok.example' AND (file:name='a' OR "
		"domain-name:value LIKE '%evil%')]",
		NULL };
	struct str links[2] = { str_from("https://ok.example/"),
		str_from("https://evil.com/") };
	struct indicators *x = sealed_of(patterns, "");
	struct finding f = { .time_ns = TSTAMP_NONE };
	struct record r;
	struct hits all;
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	message_init(&r, links);
	all = hits_of(x, &r);
	CHECK(all.n == 2);
	detectors[0]->finding(x, &all.v[0], &r, &a, &f);
	CHECK(strcmp(f.indicator_value, both) == 0);
	CHECK(strcmp(f.fields[0].name, "links") == 0);
	CHECK(strcmp(f.fields[1].name, "sender") == 0);
	CHECK(strstr(f.why, "Several published values") != NULL);
	links[1] = links[0];
	message_init(&r, links);
	CHECK(hits_of(x, &r).n == 0);
	arena_done(&a);
	indicators_free(x);
}

/* A hit comes from a worker that may have been taken over. */
static void
lying_hits(void)
{
	const char *patterns[] = { EVIL, NULL };
	struct indicators *x = sealed_of(patterns, "");
	struct finding f = { .time_ns = TSTAMP_NONE };
	struct hit h = { .ref = 0, .field = 1, .how = 255, .level = 4 };
	struct arena a;
	struct one o;

	arena_init(&a, LIMIT_ARENA);
	one_init(&o, OBS_URL, ROLE_VISIT, "http://evil.com/");
	h.ref = 99;
	detectors[0]->finding(x, &h, &o.r, &a, &f);
	CHECK(f.title == NULL);
	h.ref = 0;
	h.field = 77;
	h.item = 77;
	detectors[0]->finding(x, &h, &o.r, &a, &f);
	CHECK(f.title != NULL && f.level == LEVEL_MEDIUM);
	arena_done(&a);
	indicators_free(x);
}

int
main(void)
{
	weights();
	gravest();
	best_field();
	together();
	lying_hits();
	return 0;
}
