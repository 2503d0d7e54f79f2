#include "record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const obs_names[OBS_COUNT] = {
	[OBS_NONE] = "",
#define OBS(sym, name) [OBS_##sym] = (name),
#include "obs.def"
#undef OBS
};

const char *
obs_name(enum obs o)
{
	return obs_names[o];
}

bool
obs_from_name(struct str name, enum obs *out)
{
	for (enum obs o = OBS_NONE + 1; o < OBS_COUNT; o++) {
		if (str_is(name, obs_names[o])) {
			*out = o;
			return true;
		}
	}
	return false;
}

static const char *const role_names[] = {
	[ROLE_MENTION] = "mention",
	[ROLE_VISIT] = "visit",
	[ROLE_DELIVERY] = "delivery",
	[ROLE_CONTACT] = "contact",
	[ROLE_EXECUTION] = "execution",
};

const char *
role_name(enum role r)
{
	return role_names[r];
}

const char *
value_type_name(enum value_type t)
{
	static const char *const names[] = {
		[VALUE_NONE] = "none",
		[VALUE_BOOL] = "bool",
		[VALUE_INT] = "int",
		[VALUE_REAL] = "real",
		[VALUE_TEXT] = "text",
		[VALUE_TIME] = "time",
		[VALUE_LIST] = "list",
	};

	return names[t];
}

void
record_init(struct record *r, const struct schema *s, struct str path)
{
	r->schema = s;
	r->path = path;
	r->locator = str_from("");
	r->deliberate = false;
	r->role_set = false;
	r->role = s->role;
	memset(r->v, 0, s->nfields * sizeof(r->v[0]));
}

enum role
record_role(const struct record *r)
{
	return r->role_set ? r->role : r->schema->role;
}

void
record_text(struct record *r, size_t field, struct str s)
{
	r->v[field] = (struct value){ .type = VALUE_TEXT, .s = s };
}

void
record_int(struct record *r, size_t field, int64_t v)
{
	r->v[field] = (struct value){ .type = VALUE_INT, .i = v };
}

void
record_real(struct record *r, size_t field, double v)
{
	r->v[field] = (struct value){ .type = VALUE_REAL, .real = v };
}

void
record_bool(struct record *r, size_t field, bool v)
{
	r->v[field] = (struct value){ .type = VALUE_BOOL, .b = v };
}

void
record_time(struct record *r, size_t field, int64_t ns, double raw)
{
	if (ns == TSTAMP_NONE)
		return;
	r->v[field] = (struct value){
		.type = VALUE_TIME,
		.t = {.ns = ns, .raw = raw, .clock = TSTAMP_UTC}
	};
}

void
record_list(struct record *r, size_t field, const struct str *v, size_t n)
{
	if (n == 0)
		return;
	r->v[field] = (struct value){
		.type = VALUE_LIST, .list = {.v = v, .n = n}
	};
}
