#include <string.h>

#include "host.h"
#include "indicators_impl.h"
#include "limits.h"

/* "/var/tmp" is "/private/var/tmp" on the phone; so are /tmp and /etc. */
static void
norm_path(struct str s, struct buf *out)
{
	if (str_starts(s, "file://"))
		s = str_sub(s, 7, s.n);
	while (s.n > 1 && s.p[s.n - 1] == '/')
		s.n--;
	if (str_starts(s, "/var/") || str_starts(s, "/tmp/") ||
	    str_starts(s, "/etc/") || str_is(s, "/tmp"))
		buf_puts(out, "/private");
	else if (str_starts(s, "private/"))
		buf_puts(out, "/");
	buf_str(out, s);
}

static bool
norm_hex(enum obs obs, struct str s, struct buf *out)
{
	size_t want = obs == OBS_MD5 ? 32 : obs == OBS_SHA1 ? 40 : 64;

	if (s.n != want)
		return false;
	for (size_t i = 0; i < s.n; i++)
		buf_u8(out, (uint8_t)ascii_lower(s.p[i]));
	return true;
}

bool
indicators_norm(enum obs obs, struct str s, struct buf *out)
{
	uint8_t ip[16];

	if (s.n == 0 || memchr(s.p, '\0', s.n) != NULL)
		return false;
	switch (obs) {
	case OBS_DOMAIN:
		return host_norm(s, out);
	case OBS_IP:
		if (!ip_parse(s, ip))
			return false;
		buf_put(out, ip, sizeof(ip));
		return true;
	case OBS_URL:
		if (url_norm(s, out))
			return true;
		/* Published without a scheme: the web's own is meant. */
		buf_puts(out, "http://");
		buf_str(out, s);
		return true;
	case OBS_PATH:
		norm_path(s, out);
		return true;
	case OBS_MD5:
	case OBS_SHA1:
	case OBS_SHA256:
	case OBS_CERT_SHA256:
		return norm_hex(obs, s, out);
	case OBS_PHONE:
		for (size_t i = 0; i < s.n; i++)
			if (s.p[i] >= '0' && s.p[i] <= '9')
				buf_u8(out, (uint8_t)s.p[i]);
		return out->len >= 5;
	case OBS_EMAIL:
		if (str_starts(s, "mailto:"))
			s = str_sub(s, 7, s.n);
		__attribute__((fallthrough));
	case OBS_ANDROID_PROPERTY:
	case OBS_BUNDLE_ID:
	case OBS_PROFILE_ID:
		for (size_t i = 0; i < s.n; i++)
			buf_u8(out, (uint8_t)ascii_lower(s.p[i]));
		return true;
	case OBS_FILE_NAME:
	case OBS_PROCESS:
		buf_str(out, s);
		return true;
	case OBS_NONE:
	case OBS_COUNT:
		break;
	}
	return false;
}

static const char *const why_texts[] = {
	[ROLE_MENTION] = "The value stands in a text or a name. That does not "
			 "show that anything was opened or ran.",
	[ROLE_VISIT] = "A browser went there. Going there does not show that "
		       "an attack followed.",
	[ROLE_DELIVERY] = "It reached the phone in a message. That is an "
			  "attempt, not an infection.",
	[ROLE_CONTACT] = "An app was in contact with it in the background, "
			 "without a browser.",
	[ROLE_EXECUTION] = "The phone itself recorded that something of this "
			   "name ran, was installed or used its network.",
};
static const char *const title_texts[] = {
	[ROLE_MENTION] = "is mentioned",
	[ROLE_VISIT] = "was visited",
	[ROLE_DELIVERY] = "arrived in a message",
	[ROLE_CONTACT] = "was contacted",
	[ROLE_EXECUTION] = "was active on the phone",
};
static const char *const benign_texts[] = {
	"The indicator may be too broad, or its infrastructure may be shared "
	"with others.",
	"Research, news and warnings name and link such values, too.",
	NULL,
};
static const char *const next_texts[] = {
	"Do not reset or update the phone yet; keep it charged.",
	"Make a sysdiagnose and an encrypted backup, and let a specialist look "
	"at them.",
	NULL,
};
static const char *const how_texts[] = {
	[HOW_EXACT] = "",
	[HOW_SUBDOMAIN] = " (a host below the published domain)",
	[HOW_URL_HOST] = "",
	[HOW_TRUNCATED] = " (a name cut short fits it)",
	[HOW_BELOW] = " (something below the published path)",
	[HOW_PATTERN] = " (it fits the published pattern)",
	[HOW_RANGE] = " (an address in the published range)",
	[HOW_EMAIL_DOMAIN] = " (an e-mail address of that domain)",
	[HOW_ALL_TERMS] = " (all parts of the pattern hold)",
};

/* Names of the sets and the first campaign of an indicator, each once. */
static void
put_sets(const struct indicators *x, const struct ind *i, struct arena *a,
    struct finding *out)
{
	const char **v = arena_alloc(a, LIMIT_SETS_NAMED + 1, sizeof(*v));
	size_t n = 0;

	for (uint32_t m = i->members; m != NONE; m = x->members[m].next) {
		const struct member *mb = &x->members[m];
		const char *name = x->sets[mb->set].file;
		bool seen = false;
		size_t at;

		if (mb->campaign != NONE)
			out->campaign = arena_strdup(
			    a, str_from(x->campaigns[mb->campaign].name));
		for (size_t k = 0; k < n && !seen; k++)
			seen = strcmp(v[k], name) == 0;
		if (v == NULL || seen || n == LIMIT_SETS_NAMED)
			continue;
		for (at = n++; at > 0 && strcmp(v[at - 1], name) > 0; at--)
			v[at] = v[at - 1];
		v[at] = arena_strdup(a, str_from(name));
	}
	out->indicator_sets = v;
}

static struct value
copy_value(const struct value *v, struct arena *a)
{
	struct value c = *v;
	struct str *list;

	if (v->type == VALUE_TEXT) {
		c.s = arena_str(a, v->s);
	} else if (v->type == VALUE_LIST) {
		list = arena_alloc(a, v->list.n, sizeof(*list));
		for (size_t i = 0; list != NULL && i < v->list.n; i++)
			list[i] = arena_str(a, v->list.v[i]);
		c.list.v = list;
		c.list.n = list ? v->list.n : 0;
	}
	return c;
}

/* The matched field first, then the rest of the record. */
static void
put_fields(const struct hit *h, const struct record *r, struct arena *a,
    struct finding *out)
{
	const struct schema *s = r->schema;
	struct str *one = arena_alloc(a, 1, sizeof(*one));

	out->fields = arena_alloc(a, s->nfields, sizeof(*out->fields));
	if (out->fields == NULL || one == NULL)
		return;
	out->fields[0] =
	    (struct finding_field){ .name = s->fields[h->field].name,
		    .value = copy_value(&r->v[h->field], a) };
	if (r->v[h->field].type == VALUE_LIST) {
		*one = arena_str(a, r->v[h->field].list.v[h->item]);
		out->fields[0].value.list.v = one;
		out->fields[0].value.list.n = 1;
	}
	out->nfields = 1;
	for (size_t i = 0; i < s->nfields; i++) {
		if (i == h->field || r->v[i].type == VALUE_NONE)
			continue;
		out->fields[out->nfields].name = s->fields[i].name;
		out->fields[out->nfields].content =
		    (s->fields[i].flags & FIELD_CONTENT) != 0;
		out->fields[out->nfields++].value = copy_value(&r->v[i], a);
	}
}

void
indicator_finding(const void *state, const struct hit *h,
    const struct record *r, struct arena *a, struct finding *out)
{
	const struct indicators *x = state;
	const struct ind *i;
	int64_t last;
	uint8_t sum[SHA256_SIZE];

	if (h->ref >= x->ninds || h->role > ROLE_EXECUTION ||
	    h->level > LEVEL_CRITICAL || h->how > HOW_ALL_TERMS)
		return;
	i = &x->inds[h->ref];
	out->level = (enum level)h->level;
	out->kind = FINDING_INDICATOR;
	out->role = (enum role)h->role;
	out->statement = STATEMENT_MATCH;
	put_sets(x, i, a, out);
	out->indicator_type = obs_name((enum obs)i->obs);
	out->indicator_value = arena_strdup(a, str_from(x->pool + i->value));
	out->title = arena_printf(a, "The %s %s %s%s", out->indicator_type,
	    out->indicator_value, title_texts[out->role], how_texts[h->how]);
	out->why = why_texts[out->role];
	out->benign = benign_texts;
	out->next = next_texts;
	out->artifact = r->schema->name;
	out->path = arena_str(a, r->path);
	out->locator = arena_str(a, r->locator);
	record_span(r, &out->time_ns, &last);
	put_fields(h, r, a, out);
	out->records = arena_alloc(a, 1, sizeof(*out->records));
	if (out->records == NULL)
		return;
	record_hash(r, sum);
	out->records[0] = (struct finding_record){ .artifact = r->schema->name,
		.path = out->path,
		.locator = out->locator };
	(void)hex_encode(sum, sizeof(sum), out->records[0].sha256);
	out->nrecords = 1;
}
