#include <ctype.h>
#include <string.h>

#include "artifact.h"
#include "check.h"

/* What lists, man page, rules and the timeline take for granted. */
static void
check_field(const struct field *f)
{
	CHECK(f->name != NULL && f->name[0] != '\0');
	CHECK(f->doc != NULL && f->doc[0] != '\0');
	CHECK(f->doc[strlen(f->doc) - 1] != '.');
	CHECK(f->type != VALUE_NONE);
	for (const char *p = f->name; *p != '\0'; p++)
		CHECK(islower((unsigned char)*p) ||
		      isdigit((unsigned char)*p) || *p == '_');
	if (f->obs != OBS_NONE)
		CHECK(f->type == VALUE_TEXT || f->type == VALUE_LIST);
	if (f->event != NULL ||
	    (f->flags & (FIELD_FILE_TIME | FIELD_NO_REACH)) != 0)
		CHECK(f->type == VALUE_TIME);
	if ((f->flags & FIELD_PROCESS_PAIR) != 0)
		CHECK(f->obs == OBS_PROCESS);
}

static void
check_artifact(const struct artifact *a)
{
	const struct schema *s = &a->schema;

	CHECK(a->summary != NULL && a->read != NULL);
	CHECK(s->name != NULL && s->version > 0);
	CHECK(s->nfields > 0 && s->nfields <= LIMIT_RECORD_FIELDS);
	CHECK(s->describe != NULL);
	CHECK(a->places != NULL && a->places[0].kinds != 0);
	CHECK(artifact_by_name(s->name) == a);
	for (size_t i = 0; i < s->nfields; i++) {
		check_field(&s->fields[i]);
		for (size_t k = 0; k < i; k++)
			CHECK(
			    strcmp(s->fields[i].name, s->fields[k].name) != 0);
	}
}

/* A record without any value is described without a crash. */
static void
check_describe(const struct artifact *a)
{
	struct record r;
	struct buf b;

	buf_init(&b, 1 << 16);
	record_init(&r, &a->schema, str_from("x"));
	record_describe(&r, &b);
	CHECK(!b.full);
	buf_done(&b);
}

int
main(void)
{
	size_t n = 0;

	for (; artifacts[n] != NULL; n++) {
		check_artifact(artifacts[n]);
		check_describe(artifacts[n]);
		if (n > 0)
			CHECK(strcmp(artifacts[n - 1]->schema.name,
				  artifacts[n]->schema.name) < 0);
	}
	CHECK(n >= 17);
	CHECK(artifact_by_name("ios.none") == NULL);
	return 0;
}
