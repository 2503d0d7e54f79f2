#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "stix_read.h"
#include "tstamp.h"

static void
begin_object(struct bundle *b)
{
	b->g = (struct gather){
		.type = STIX_OTHER,
		.published_ns = TSTAMP_NONE,
		.until_ns = TSTAMP_NONE,
		.valid_until_ns = TSTAMP_NONE,
		.date_ns = TSTAMP_NONE,
	};
	b->refs.n = 0;
	buf_reset(&b->pattern);
	buf_reset(&b->name);
	buf_reset(&b->source);
	buf_reset(&b->licence);
}

/* Behind its opening brace. */
static bool
read_object(struct bundle *b)
{
	enum json_tok tok;
	struct str key;

	begin_object(b);
	while ((tok = json_next(b->js, &key)) == JSON_KEY)
		if (!bundle_read_prop(b, bundle_prop(key)))
			return false;
	return tok == JSON_OBJECT_END && bundle_end_object(b) && !b->full;
}

static bool
read_objects(struct bundle *b)
{
	struct str text;
	enum json_tok tok = json_next(b->js, &text);

	if (tok != JSON_ARRAY)
		return bundle_leave(b, tok);
	while ((tok = json_next(b->js, &text)) != JSON_ARRAY_END)
		if (tok == JSON_OBJECT ? !read_object(b)
				       : !bundle_leave(b, tok))
			return false;
	return true;
}

static bool
read_type(struct bundle *b)
{
	struct str text;
	bool is;

	if (!bundle_text(b, &text, &is))
		return false;
	b->has_type = is;
	b->is_bundle = is && str_is(text, "bundle");
	if (is && !b->is_bundle)
		bundle_keep(&b->what, str_sub(text, 0, 60));
	return true;
}

/* Source and licence may stand on the bundle itself; they go before others. */
static bool
read_bundle_text(struct bundle *b, enum prop p)
{
	struct indicator_set *set = &b->x->sets[b->set];
	struct str text;
	bool is;

	if (!bundle_text(b, &text, &is))
		return false;
	if (is && p == PROP_SOURCE)
		set->source = arena_strdup(&b->x->text, text);
	if (is && p == PROP_LICENCE)
		set->licence = arena_strdup(&b->x->text, text);
	return true;
}

static bool
read_bundle(struct bundle *b)
{
	struct str text;
	enum json_tok tok = json_next(b->js, &text);

	if (tok != JSON_OBJECT)
		return bundle_leave(b, tok) &&
		       json_next(b->js, &text) == JSON_END;
	while ((tok = json_next(b->js, &text)) == JSON_KEY) {
		enum prop p = bundle_prop(text);
		bool ok;

		if (p == PROP_TYPE)
			ok = read_type(b);
		else if (p == PROP_OBJECTS)
			ok = read_objects(b);
		else if (p == PROP_SOURCE || p == PROP_LICENCE)
			ok = read_bundle_text(b, p);
		else
			ok = json_skip(b->js);
		if (!ok)
			return false;
	}
	return tok == JSON_OBJECT_END && json_next(b->js, &text) == JSON_END;
}

static enum err
faulty(const struct bundle *b, const char *path, struct why *why)
{
	struct json_fault f = json_fault(b->js);
	const char *todo = "export it again as a STIX 2.1 bundle (JSON)";

	if (b->full || f.limit)
		return why_set(why, ERR_LIMIT,
		    "%s: %s; split the file, or leave out what is not needed",
		    path,
		    b->full ? "holds more indicators than the built-in limit"
			    : f.what);
	if (f.cut)
		todo = "it was not copied or downloaded to its end: fetch it "
		       "again";
	else if (f.what != NULL && strstr(f.what, "UTF-8") != NULL)
		todo = "convert it to UTF-8";
	if (f.io)
		return why_set(why, ERR_IO, "%s: %s (byte %llu)", path, f.what,
		    (unsigned long long)f.off);
	return why_set(why, ERR_FORMAT, "%s: %s (line %llu, byte %llu); %s",
	    path, f.what ? f.what : "not JSON", (unsigned long long)f.line,
	    (unsigned long long)f.off, todo);
}

static enum err
not_bundle(struct bundle *b, const char *path, struct why *why)
{
	if (b->has_type)
		return why_set(why, ERR_FORMAT,
		    "%s: is JSON but no STIX bundle: its \"type\" is \"%s\"; "
		    "export it as a STIX 2.1 bundle",
		    path, buf_cstr(&b->what));
	return why_set(why, ERR_FORMAT,
	    "%s: is JSON but no STIX bundle: \"type\": \"bundle\" is missing "
	    "at its top; export it as a STIX 2.1 bundle",
	    path);
}

enum err
stix_load(struct indicators *x, const char *path, const struct json_in *in,
    struct why *why)
{
	struct bundle b = { .x = x, .set = (uint32_t)x->nsets - 1 };
	enum err e = ERR_OK;

	b.js = json_stream_new(in);
	buf_init(&b.pattern, LIMIT_JSON_STRING);
	buf_init(&b.name, LIMIT_INDICATOR_NAME);
	buf_init(&b.source, LIMIT_INDICATOR_NAME);
	buf_init(&b.licence, LIMIT_INDICATOR_NAME);
	buf_init(&b.pattern_type, LIMIT_INDICATOR_NAME);
	buf_init(&b.what, LIMIT_INDICATOR_NAME);
	if (!read_bundle(&b))
		e = faulty(&b, path, why);
	else if (!b.is_bundle)
		e = not_bundle(&b, path, why);
	json_stream_free(b.js);
	buf_done(&b.pattern);
	buf_done(&b.name);
	buf_done(&b.source);
	buf_done(&b.licence);
	buf_done(&b.pattern_type);
	buf_done(&b.what);
	free(b.refs.v);
	free(b.uses.v);
	return e;
}
