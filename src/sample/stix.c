#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "jsonw.h"
#include "sample.h"

/* When the samples' indicators are said to have been published. */
static const char published[] = "2025-06-01T00:00:00.000Z";

/* The object path of STIX, with the dialect that published sets use. */
static const char *
path_of(const struct sample_plant *x)
{
	struct str v = str_from(x->value);
	size_t digits = 0;

	switch (sample_form_of(x)->value) {
	case SAMPLE_PROCESS:
		return "process:name";
	case SAMPLE_EMAIL:
		return str_find(v, '@') < v.n ? "email-addr:value" : NULL;
	case SAMPLE_PROFILE:
		return "configuration-profile:id";
	case SAMPLE_APP:
		return "app:id";
	case SAMPLE_FILE:
		return str_find(v, '/') < v.n ? "file:path" : "file:name";
	case SAMPLE_DOMAIN:
		for (size_t i = 0; i < v.n; i++)
			digits += strchr("0123456789.", v.p[i]) != NULL;
		if (strstr(x->value, "://") != NULL)
			return "url:value";
		return digits == v.n ? "ipv4-addr:value" : "domain-name:value";
	case SAMPLE_OTHER:
	case SAMPLE_SIGN:
		break;
	}
	return NULL;
}

/* "indicator--" and a UUID of version 4 form that follows from the text. */
static void
put_id(struct jsonw *w, const char *key, const char *type, const char *text)
{
	uint8_t d[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1], id[96];

	sha256_once(text, strlen(text), d);
	d[6] = (uint8_t)((d[6] & 0x0f) | 0x40);
	d[8] = (uint8_t)((d[8] & 0x3f) | 0x80);
	(void)hex_encode(d, sizeof(d), hex);
	(void)snprintf(id, sizeof(id), "%s--%.8s-%.4s-%.4s-%.4s-%.12s", type,
	    hex, hex + 8, hex + 12, hex + 16, hex + 20);
	jsonw_key(w, key);
	jsonw_cstr(w, id);
}

static void
put_field(struct jsonw *w, const char *key, const char *value)
{
	jsonw_key(w, key);
	jsonw_cstr(w, value);
}

static void
put_head(struct jsonw *w, const char *type, const char *text)
{
	jsonw_object(w);
	put_field(w, "type", type);
	put_field(w, "spec_version", "2.1");
	put_id(w, "id", type, text);
	put_field(w, "created", published);
	put_field(w, "modified", published);
}

/* [process:name='value'], with quote and backslash escaped. */
static void
pattern_of(const struct sample_plant *x, struct buf *b)
{
	buf_printf(b, "[%s='", path_of(x));
	for (const char *s = x->value; *s != '\0'; s++) {
		if (*s == '\'' || *s == '\\')
			buf_u8(b, '\\');
		buf_put(b, s, 1);
	}
	buf_puts(b, "']");
}

static void
put_indicator(struct jsonw *w, const char *pattern)
{
	put_head(w, "indicator", pattern);
	jsonw_key(w, "indicator_types");
	jsonw_array(w);
	jsonw_cstr(w, "malicious-activity");
	jsonw_array_end(w);
	put_field(w, "pattern", pattern);
	put_field(w, "pattern_type", "stix");
	put_field(w, "pattern_version", "2.1");
	put_field(w, "valid_from", published);
	jsonw_object_end(w);

	put_head(w, "relationship", pattern);
	put_field(w, "relationship_type", "indicates");
	put_id(w, "source_ref", "indicator", pattern);
	put_id(w, "target_ref", "malware", SAMPLE_CAMPAIGN);
	jsonw_object_end(w);
}

/* The same value planted twice is one indicator. */
static bool
is_first(const struct sample_options *o, size_t at)
{
	const struct sample_plant *x = &o->plants[at];

	for (size_t i = 0; i < at; i++)
		if (!o->plants[i].decoy &&
		    strcmp(o->plants[i].value, x->value) == 0 &&
		    path_of(&o->plants[i]) == path_of(x))
			return false;
	return true;
}

static void
put_bundle(struct jsonw *w, const struct sample_options *o)
{
	struct buf pattern;

	buf_init(&pattern, 1 << 16);
	jsonw_object(w);
	put_field(w, "type", "bundle");
	put_id(w, "id", "bundle", "telassay sample bundle");
	jsonw_key(w, "objects");
	jsonw_array(w);
	put_head(w, "malware", SAMPLE_CAMPAIGN);
	put_field(w, "name", SAMPLE_CAMPAIGN);
	put_field(w, "description",
	    "Values that were planted in a sample phone; no real campaign.");
	jsonw_key(w, "is_family");
	jsonw_bool(w, false);
	jsonw_object_end(w);
	for (size_t i = 0; i < o->nplants; i++) {
		const struct sample_plant *x = &o->plants[i];

		if (x->decoy || path_of(x) == NULL || !is_first(o, i))
			continue;
		buf_reset(&pattern);
		pattern_of(x, &pattern);
		put_indicator(w, buf_cstr(&pattern));
	}
	jsonw_array_end(w);
	jsonw_object_end(w);
	buf_done(&pattern);
}

enum err
sample_stix(const char *path, const struct sample_options *o, struct why *why)
{
	struct jsonw w;
	struct buf b, name;
	FILE *f = NULL;
	enum err e = ERR_OK;

	for (size_t i = 0; i < o->nplants; i++)
		if (sample_form_of(&o->plants[i]) == NULL)
			return why_set(why, ERR_USAGE,
			    "%s has no such form of a trace",
			    o->plants[i].artifact);
	buf_init(&b, (size_t)64 << 20);
	buf_init(&name, 4096);
	buf_printf(&name, "%s.new", path);
	jsonw_init(&w, &b, NULL, true);
	put_bundle(&w, o);
	buf_u8(&b, '\n');
	f = fopen(buf_cstr(&name), "we");
	if (f == NULL || fwrite(b.p, 1, b.len, f) != b.len || fflush(f) != 0 ||
	    fsync(fileno(f)) != 0 || rename(buf_cstr(&name), path) != 0)
		e = why_set(why, ERR_IO, "%s cannot be written: %s", path,
		    strerror(errno));
	if (f != NULL)
		(void)fclose(f);
	buf_done(&b);
	buf_done(&name);
	return e;
}
