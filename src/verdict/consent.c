#include "consent.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "limits.h"
#include "tstamp.h"
#include "utf8.h"

#define SCHEMA	  "telassay.consent/1"
#define DAY_NS	  (INT64_C(86400) * 1000000000)
#define FIELD_MAX 16384

static const char *const scope_names[CONSENT_SCOPE_COUNT] = {
	[CONSENT_CHECK] = "check",
	[CONSENT_KEEP] = "keep",
	[CONSENT_FLEET] = "fleet",
	[CONSENT_HUNT] = "hunt",
	[CONSENT_SEAL] = "seal",
	[CONSENT_DISCLOSE] = "disclose",
	[CONSENT_POLICY] = "policy",
};

const char *
consent_scope_name(enum consent_scope s)
{
	return s < CONSENT_SCOPE_COUNT ? scope_names[s] : "";
}

bool
consent_scope_from_name(const char *name, enum consent_scope *out)
{
	for (unsigned i = 0; i < CONSENT_SCOPE_COUNT; i++)
		if (strcmp(scope_names[i], name) == 0) {
			*out = (enum consent_scope)i;
			return true;
		}
	return false;
}

/* A name or a text that can stand in a report without rewriting its line. */
static bool
is_plain(const char *s, bool lines)
{
	struct str t = str_from(s);

	if (!utf8_valid(t) || t.n > FIELD_MAX)
		return false;
	for (size_t i = 0; i < t.n;) {
		uint32_t cp = utf8_next(t, &i);

		if (utf8_is_unsafe(cp) && !(lines && cp == '\n'))
			return false;
	}
	return true;
}

bool
consent_check(const struct consent *c, struct why *why)
{
	const char *const name[] = { c->by, c->subject };
	const char *const what[] = { "by", "subject" };

	for (size_t i = 0; i < 2; i++) {
		if (name[i] == NULL || name[i][strspn(name[i], " ")] == '\0') {
			(void)why_set(why, ERR_FORMAT,
			    "the consent record says nothing in \"%s\"",
			    what[i]);
			return false;
		}
		if (!is_plain(name[i], false)) {
			(void)why_set(why, ERR_FORMAT,
			    "\"%s\" of the consent record is too long or holds "
			    "characters that do not belong in a name",
			    what[i]);
			return false;
		}
	}
	if (c->text != NULL && !is_plain(c->text, true)) {
		(void)why_set(why, ERR_FORMAT,
		    "\"text\" of the consent record is too long or holds "
		    "control characters");
		return false;
	}
	if (c->scopes == 0) {
		(void)why_set(why, ERR_FORMAT,
		    "the consent record allows nothing: it names no scope");
		return false;
	}
	return true;
}

void
consent_json(const struct consent *c, struct jsonw *w)
{
	char iso[32];
	int64_t last_day;

	jsonw_object(w);
	jsonw_key(w, "schema");
	jsonw_cstr(w, SCHEMA);
	jsonw_key(w, "by");
	jsonw_cstr(w, c->by);
	jsonw_key(w, "subject");
	jsonw_cstr(w, c->subject);
	jsonw_key(w, "scopes");
	jsonw_array(w);
	for (unsigned i = 0; i < CONSENT_SCOPE_COUNT; i++)
		if (c->scopes & 1U << i)
			jsonw_cstr(w, scope_names[i]);
	jsonw_array_end(w);
	jsonw_key(w, "created");
	jsonw_time(w, c->created_ns);
	jsonw_key(w, "until");
	if (c->until_ns == TSTAMP_NONE) {
		jsonw_null(w);
	} else {
		last_day = c->until_ns - DAY_NS;
		(void)tstamp_iso(last_day, iso);
		jsonw_str(w, str_sub(str_from(iso), 0, strlen("2026-01-01")));
	}
	jsonw_key(w, "text");
	jsonw_cstr(w, c->text);
	jsonw_object_end(w);
}

/* A text of the object, copied; NULL when it is not there or null. */
static bool
get_text(json_t *root, const char *key, struct arena *a, const char **out)
{
	json_t *v = json_object_get(root, key);

	*out = NULL;
	if (v == NULL || json_is_null(v))
		return true;
	if (!json_is_string(v))
		return false;
	*out = arena_strdup(a, (struct str){ .p = json_string_value(v),
				   .n = json_string_length(v) });
	return *out != NULL && strlen(*out) == json_string_length(v);
}

static bool
get_scopes(json_t *root, const char *name, unsigned *out, struct why *why)
{
	json_t *v = json_object_get(root, "scopes");
	enum consent_scope s;

	*out = 0;
	if (!json_is_array(v)) {
		(void)why_set(why, ERR_FORMAT,
		    "%s: \"scopes\" of the consent record is no list", name);
		return false;
	}
	for (size_t i = 0; i < json_array_size(v); i++) {
		const char *t = json_string_value(json_array_get(v, i));

		if (t == NULL || !consent_scope_from_name(t, &s)) {
			(void)why_set(why, ERR_FORMAT,
			    "%s: scope %zu of the consent record is not one "
			    "of check, keep, fleet, hunt, seal, disclose, "
			    "policy",
			    name, i + 1);
			return false;
		}
		*out |= 1U << s;
	}
	return true;
}

static bool
get_times(json_t *root, const char *name, struct consent *c, struct why *why)
{
	const char *created, *until;

	if (!get_text(root, "created", &c->arena, &created) ||
	    created == NULL || !tstamp_parse(created, &c->created_ns)) {
		(void)why_set(why, ERR_FORMAT,
		    "%s: \"created\" of the consent record is no time such as "
		    "2026-01-31T12:00:00Z",
		    name);
		return false;
	}
	c->until_ns = TSTAMP_NONE;
	if (!get_text(root, "until", &c->arena, &until) ||
	    (until != NULL && (strlen(until) != strlen("2026-01-31") ||
				  !tstamp_parse(until, &c->until_ns)))) {
		(void)why_set(why, ERR_FORMAT,
		    "%s: \"until\" of the consent record is no date such as "
		    "2026-01-31",
		    name);
		return false;
	}
	if (c->until_ns != TSTAMP_NONE)
		c->until_ns += DAY_NS;
	return true;
}

static enum err
from_object(json_t *root, const char *name, struct consent *c, struct why *why)
{
	const char *schema;
	struct why inner;

	if (!json_is_object(root) ||
	    !get_text(root, "schema", &c->arena, &schema) || schema == NULL ||
	    strcmp(schema, SCHEMA) != 0)
		return why_set(why, ERR_FORMAT,
		    "%s is no consent record: its \"schema\" is not \"%s\" "
		    "(`telassay consent new` writes one)",
		    name, SCHEMA);
	if (!get_text(root, "by", &c->arena, &c->by) ||
	    !get_text(root, "subject", &c->arena, &c->subject) ||
	    !get_text(root, "text", &c->arena, &c->text))
		return why_set(why, ERR_FORMAT,
		    "%s: \"by\", \"subject\" and \"text\" of a consent record "
		    "are texts",
		    name);
	if (!get_scopes(root, name, &c->scopes, why) ||
	    !get_times(root, name, c, why))
		return ERR_FORMAT;
	if (!consent_check(c, &inner))
		return why_set(why, ERR_FORMAT, "%s: %s", name, inner.text);
	return ERR_OK;
}

enum err
consent_parse(
    struct str bytes, const char *name, struct consent *out, struct why *why)
{
	uint8_t sum[SHA256_SIZE];
	json_error_t at;
	json_t *root;
	enum err e;

	*out = (struct consent){ .until_ns = TSTAMP_NONE };
	arena_init(&out->arena, 4 * LIMIT_CONSENT);
	if (bytes.n > LIMIT_CONSENT)
		return why_set(why, ERR_FORMAT,
		    "%s is no consent record: it is too large", name);
	sha256_once(bytes.p, bytes.n, sum);
	(void)hex_encode(sum, sizeof(sum), out->sha256);
	root = json_loadb(bytes.p, bytes.n, JSON_REJECT_DUPLICATES, &at);
	if (root == NULL)
		return why_set(why, ERR_FORMAT,
		    "%s is no consent record: not JSON at line %d, column %d",
		    name, at.line, at.column);
	e = from_object(root, name, out, why);
	json_decref(root);
	return e;
}

/* Up to LIMIT_CONSENT + 1 bytes, so that a file too large is seen to be so. */
static bool
read_all(int fd, struct buf *out)
{
	uint8_t piece[4096];
	ssize_t got;

	while (out->len <= LIMIT_CONSENT) {
		got = read(fd, piece, sizeof(piece));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0;
		buf_put(out, piece, (size_t)got);
	}
	return true;
}

enum err
consent_load(const char *path, struct consent *out, struct why *why)
{
	struct buf bytes;
	enum err e;
	int fd;

	*out = (struct consent){ .until_ns = TSTAMP_NONE };
	fd = open(path, O_RDONLY | O_CLOEXEC);
	buf_init(&bytes, 2 * LIMIT_CONSENT);
	if (fd < 0 || !read_all(fd, &bytes))
		e = why_set(why, ERR_IO, "consent record %s: %s", path,
		    strerror(errno));
	else
		e = consent_parse(buf_text(&bytes), path, out, why);
	buf_done(&bytes);
	if (fd >= 0)
		(void)close(fd);
	return e;
}

void
consent_done(struct consent *c)
{
	arena_done(&c->arena);
	*c = (struct consent){ .until_ns = TSTAMP_NONE };
}

bool
consent_allows(const struct consent *c, enum consent_scope scope,
    int64_t now_ns, struct why *why)
{
	char iso[32];

	if ((c->scopes & 1U << scope) == 0) {
		(void)why_set(why, ERR_USAGE,
		    "the consent record of %s lacks the scope \"%s\"",
		    c->subject, consent_scope_name(scope));
		return false;
	}
	if (c->until_ns != TSTAMP_NONE && now_ns >= c->until_ns) {
		(void)tstamp_iso(c->until_ns - DAY_NS, iso);
		(void)why_set(why, ERR_USAGE,
		    "the consent record of %s ended with %.10s: ask its owner "
		    "for a new one",
		    c->subject, iso);
		return false;
	}
	/* A day of grace for clocks and time zones. */
	if (c->created_ns > now_ns && c->created_ns - now_ns > DAY_NS) {
		(void)tstamp_iso(c->created_ns, iso);
		(void)why_set(why, ERR_USAGE,
		    "the consent record of %s was made at %s, which lies in "
		    "the future: look at the clock of this computer",
		    c->subject, iso);
		return false;
	}
	return true;
}
