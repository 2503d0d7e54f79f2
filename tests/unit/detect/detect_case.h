#ifndef TESTS_UNIT_DETECT_DETECT_CASE_H
#define TESTS_UNIT_DETECT_DETECT_CASE_H
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "detector.h"
#include "indicators.h"

/* Bundles out of a few lines, and records with one field, for the tests. */

/* Loads text as a file of that name; the error, or ERR_OK. */
static inline enum err
load_named(struct indicators *x, const char *name, const char *text, size_t n,
    struct why *why)
{
	char dir[] = "/tmp/telassay-test-XXXXXX", path[256];
	FILE *f;
	enum err e;

	CHECK(mkdtemp(dir) != NULL);
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	CHECK((f = fopen(path, "wbe")) != NULL);
	CHECK(fwrite(text, 1, n, f) == n);
	CHECK(fclose(f) == 0);
	e = indicators_load(x, path, false, why);
	(void)unlink(path);
	(void)rmdir(dir);
	return e;
}

static inline void
put_json(struct buf *b, const char *s)
{
	buf_u8(b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			buf_u8(b, '\\');
		buf_u8(b, (uint8_t)*s);
	}
	buf_u8(b, '"');
}

/*
 * A bundle with one malware "Spy" and one indicator a pattern, tied to it;
 * more is put into each indicator ("\"shared\":true", "").
 */
static inline void
bundle_of(struct buf *b, const char *const *patterns, const char *more)
{
	static const char head[] =
	    "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":["
	    "{\"type\":\"malware\",\"id\":\"malware--"
	    "00000000-0000-4000-8000-000000000001\",\"name\":\"Spy\"}";

	buf_puts(b, head);
	for (unsigned i = 0; patterns[i] != NULL; i++) {
		buf_printf(b,
		    ",{\"type\":\"indicator\",\"id\":\"indicator--00000000-"
		    "0000-4000-8000-%012u\",\"pattern_type\":\"stix\",%s%s"
		    "\"pattern\":",
		    i, more, more[0] ? "," : "");
		put_json(b, patterns[i]);
		buf_printf(b,
		    "},{\"type\":\"relationship\",\"id\":\"relationship--x%u\","
		    "\"source_ref\":\"indicator--00000000-0000-4000-8000-"
		    "%012u\",\"target_ref\":\"malware--00000000-0000-4000-"
		    "8000-000000000001\"}",
		    i, i);
	}
	buf_puts(b, "]}");
}

static inline struct indicators *
sealed_of(const char *const *patterns, const char *more)
{
	struct indicators *x = indicators_new();
	struct why why = { "" };
	struct buf b;

	buf_init(&b, (size_t)64 << 20);
	bundle_of(&b, patterns, more);
	if (load_named(x, "t.stix2", (const char *)b.p, b.len, &why) != ERR_OK)
		fprintf(stderr, "%s\n", why.text);
	CHECK(why.text[0] == '\0');
	buf_done(&b);
	indicators_seal(x);
	return x;
}

struct hits {
	struct hit v[64];
	size_t n;
};

static inline void
hits_add(void *arg, const struct hit *h)
{
	struct hits *all = arg;

	CHECK(all->n < 64);
	all->v[all->n++] = *h;
}

/* All hits of r. */
static inline struct hits
hits_of(const struct indicators *x, const struct record *r)
{
	struct hits all = { .n = 0 };
	struct hit_sink sink = { .fn = hits_add, .arg = &all };
	struct detect_ctx ctx = { .state = { x ? (void *)(uintptr_t)x : NULL },
		.enabled = { true } };

	detect_record(&ctx, r, &sink);
	return all;
}

/* A record with a time and one observable. */
struct one {
	struct field fields[2];
	struct schema schema;
	struct record r;
};

static inline void
one_init(struct one *o, enum obs obs, enum role role, const char *value)
{
	*o = (struct one){ 0 };
	o->fields[0] =
	    (struct field){ .name = "at", .type = VALUE_TIME, .event = "at" };
	o->fields[1] =
	    (struct field){ .name = "value", .type = VALUE_TEXT, .obs = obs };
	o->schema = (struct schema){ .name = "test.one",
		.version = 1,
		.role = role,
		.fields = o->fields,
		.nfields = 2 };
	record_init(&o->r, &o->schema, str_from("a/path"));
	o->r.locator = str_from("row 1");
	record_text(&o->r, 1, str_from(value));
}
#endif
