#include "stix_read.h"

#include <string.h>

#include "tstamp.h"

#define NAME(s, p)                                                             \
	{                                                                      \
		.name = (s), .n = sizeof(s) - 1, .prop = (p)                   \
	}

static const struct prop_name {
	const char *name;
	size_t n;
	enum prop prop;
} props[] = {
	NAME("type", PROP_TYPE),
	NAME("id", PROP_ID),
	NAME("pattern", PROP_PATTERN),
	NAME("pattern_type", PROP_PATTERN_TYPE),
	NAME("name", PROP_NAME),
	NAME("valid_from", PROP_DATE),
	NAME("created", PROP_DATE),
	NAME("modified", PROP_DATE),
	NAME("valid_until", PROP_VALID_UNTIL),
	NAME("revoked", PROP_REVOKED),
	NAME("source_ref", PROP_SOURCE_REF),
	NAME("target_ref", PROP_TARGET_REF),
	NAME("object_refs", PROP_OBJECT_REFS),
	NAME("extensions", PROP_EXTENSIONS),
	NAME("objects", PROP_OBJECTS),
}, customs[] = {
	NAME("published", PROP_PUBLISHED),
	NAME("infrastructure_until", PROP_UNTIL),
	NAME("shared", PROP_SHARED),
	NAME("hijacked", PROP_HIJACKED),
}, ours[] = {
	NAME("source", PROP_SOURCE),
	NAME("licence", PROP_LICENCE),
};

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

static enum prop
find_in(struct str key, const struct prop_name *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (key.n == v[i].n && key.p[0] == v[i].name[0] &&
		    memcmp(key.p, v[i].name, key.n) == 0)
			return v[i].prop;
	return PROP_NONE;
}

enum prop
bundle_prop(struct str key)
{
	enum prop p = find_in(key, props, COUNT(props));

	if (p != PROP_NONE || key.n == 0)
		return p;
	if (str_starts(key, "x_"))
		key = str_sub(key, 2, key.n);
	if (str_starts(key, "telassay_")) {
		key = str_sub(key, 9, key.n);
		p = find_in(key, ours, COUNT(ours));
	}
	return p != PROP_NONE ? p : find_in(key, customs, COUNT(customs));
}

/* Passes over the rest of what tok opened, if it opened something. */
bool
bundle_leave(struct bundle *b, enum json_tok tok)
{
	size_t depth = tok == JSON_OBJECT || tok == JSON_ARRAY;
	struct str text;

	while (depth > 0 && tok != JSON_ERROR) {
		tok = json_next(b->js, &text);
		if (tok == JSON_OBJECT || tok == JSON_ARRAY)
			depth++;
		if (tok == JSON_OBJECT_END || tok == JSON_ARRAY_END)
			depth--;
	}
	return tok != JSON_ERROR;
}

/* The value at hand as text; *is says whether it was one. False: a fault. */
bool
bundle_text(struct bundle *b, struct str *text, bool *is)
{
	enum json_tok tok = json_next(b->js, text);

	*is = tok == JSON_STRING;
	return *is || bundle_leave(b, tok);
}

static bool
bool_value(struct bundle *b, bool *out)
{
	struct str text;
	enum json_tok tok = json_next(b->js, &text);

	*out = tok == JSON_TRUE || (tok == JSON_STRING && str_is(text, "true"));
	return bundle_leave(b, tok);
}

static int64_t
to_date(struct date *last, struct str s)
{
	if (s.n >= sizeof(last->text))
		return TSTAMP_NONE;
	if (last->n == s.n && memcmp(last->text, s.p, s.n) == 0)
		return last->ns;
	memcpy(last->text, s.p, s.n);
	last->text[s.n] = '\0';
	last->n = s.n;
	if (!tstamp_parse(last->text, &last->ns))
		last->ns = TSTAMP_NONE;
	return last->ns;
}

/* A date without a time of day means until the end of that day. */
static int64_t
to_end(struct date *last, struct str s)
{
	const int64_t day = INT64_C(86400) * 1000000000;
	int64_t ns = to_date(last, s);

	return ns != TSTAMP_NONE && s.n == 10 ? ns + day - 1 : ns;
}

void
bundle_keep(struct buf *b, struct str s)
{
	buf_reset(b);
	buf_str(b, str_sub(s, 0, b->max));
}

uint32_t
bundle_id(struct bundle *b, const struct stix_key *key)
{
	uint32_t id = stix_id(&b->x->ids, key);

	b->full = b->full || (key->set && id == UINT32_MAX);
	return id;
}

/* The ids of object_refs; those of other objects than reports are not kept. */
static bool
read_refs(struct bundle *b)
{
	struct str text;
	enum json_tok tok = json_next(b->js, &text);

	if (tok != JSON_ARRAY || (b->g.has_type && b->g.type != STIX_REPORT))
		return bundle_leave(b, tok);
	while ((tok = json_next(b->js, &text)) != JSON_ARRAY_END) {
		struct stix_key key;

		if (tok == JSON_STRING) {
			key = stix_key(&b->x->ids, text);
			vec32_add(&b->refs, bundle_id(b, &key));
		} else if (!bundle_leave(b, tok)) {
			return false;
		}
	}
	return true;
}

static void
take_text(struct bundle *b, enum prop p, struct str text)
{
	struct gather *g = &b->g;
	int64_t ns;

	switch (p) {
	case PROP_TYPE:
		g->type = stix_type_of(text);
		g->has_type = true;
		break;
	case PROP_ID:
		/* Nothing refers to a relationship. */
		if (g->type == STIX_RELATIONSHIP)
			break;
		g->id = stix_key(&b->x->ids, text);
		break;
	case PROP_PATTERN:
		g->has_pattern = true;
		bundle_keep(&b->pattern, text);
		break;
	case PROP_PATTERN_TYPE:
		g->other_pattern = !str_is(text, "stix");
		if (g->other_pattern)
			bundle_keep(&b->pattern_type, text);
		break;
	case PROP_NAME:
		bundle_keep(&b->name, text);
		break;
	case PROP_DATE:
		/* Of a million relationships nobody wants to know. */
		if (g->has_type && g->type != STIX_INDICATOR)
			break;
		ns = to_date(&b->date, text);
		if (ns > g->date_ns)
			g->date_ns = ns;
		break;
	case PROP_VALID_UNTIL:
		g->valid_until_ns = to_end(&b->date, text);
		break;
	case PROP_SOURCE_REF:
		g->source_ref = stix_key(&b->x->ids, text);
		break;
	case PROP_TARGET_REF:
		g->target_ref = stix_key(&b->x->ids, text);
		break;
	case PROP_PUBLISHED:
		g->published_ns = to_date(&b->date, text);
		break;
	case PROP_UNTIL:
		g->until_ns = to_end(&b->date, text);
		break;
	case PROP_SOURCE:
		bundle_keep(&b->source, text);
		break;
	case PROP_LICENCE:
		bundle_keep(&b->licence, text);
		break;
	case PROP_NONE:
	case PROP_REVOKED:
	case PROP_OBJECT_REFS:
	case PROP_EXTENSIONS:
	case PROP_OBJECTS:
	case PROP_SHARED:
	case PROP_HIJACKED:
		break;
	}
}

static bool read_extensions(struct bundle *b);

bool
bundle_read_prop(struct bundle *b, enum prop p)
{
	struct str text;
	bool is;

	switch (p) {
	case PROP_NONE:
	case PROP_OBJECTS:
		return json_skip(b->js);
	case PROP_OBJECT_REFS:
		return read_refs(b);
	case PROP_EXTENSIONS:
		return read_extensions(b);
	case PROP_REVOKED:
		return bool_value(b, &b->g.revoked);
	case PROP_SHARED:
	case PROP_HIJACKED:
		if (!bool_value(b, &is))
			return false;
		if (is)
			b->g.flags |=
			    p == PROP_SHARED ? ORIGIN_SHARED : ORIGIN_HIJACKED;
		return true;
	case PROP_TYPE:
	case PROP_ID:
	case PROP_PATTERN:
	case PROP_PATTERN_TYPE:
	case PROP_NAME:
	case PROP_DATE:
	case PROP_VALID_UNTIL:
	case PROP_SOURCE_REF:
	case PROP_TARGET_REF:
	case PROP_PUBLISHED:
	case PROP_UNTIL:
	case PROP_SOURCE:
	case PROP_LICENCE:
		if (!bundle_text(b, &text, &is))
			return false;
		if (is)
			take_text(b, p, text);
		return true;
	}
	return false;
}

/* {"extension-definition--...": {custom properties}, ...} */
static bool
read_extensions(struct bundle *b)
{
	enum json_tok tok;
	struct str text;

	if ((tok = json_next(b->js, &text)) != JSON_OBJECT)
		return bundle_leave(b, tok);
	while ((tok = json_next(b->js, &text)) == JSON_KEY) {
		tok = json_next(b->js, &text);
		if (tok != JSON_OBJECT) {
			if (!bundle_leave(b, tok))
				return false;
			continue;
		}
		while ((tok = json_next(b->js, &text)) == JSON_KEY) {
			enum prop p = bundle_prop(text);

			if (p < PROP_PUBLISHED ? !json_skip(b->js)
					       : !bundle_read_prop(b, p))
				return false;
		}
		if (tok != JSON_OBJECT_END)
			return false;
	}
	return tok == JSON_OBJECT_END;
}
