#include <string.h>

#include "host.h"
#include "indicators_impl.h"
#include "limits.h"

/* Runs the tables over one record. */
struct matcher {
	const struct indicators *x;
	const struct record *r;
	const struct hit_sink *sink;
	uint32_t field, item;
	int64_t first_ns;
};

static enum level
role_level(enum role r)
{
	switch (r) {
	case ROLE_EXECUTION:
		return LEVEL_CRITICAL;
	case ROLE_CONTACT:
	case ROLE_DELIVERY:
		return LEVEL_HIGH;
	case ROLE_VISIT:
	case ROLE_MENTION:
		break;
	}
	return LEVEL_MEDIUM;
}

/* The weights of DESIGN section 3 and of what the indicator says of itself. */
static void
say(const struct matcher *m, uint32_t i, enum how how)
{
	const struct ind *ind = &m->x->inds[i];
	const struct attrs *at =
	    ind->attrs != NONE ? &m->x->attrs[ind->attrs] : NULL;
	enum role role = record_role(m->r);
	int level;

	if (how == HOW_EMAIL_DOMAIN)
		role = ROLE_MENTION;
	level = (int)role_level(role);
	if (m->r->deliberate ||
	    (role == ROLE_VISIT && at != NULL &&
		at->published_ns != TSTAMP_NONE && m->first_ns != TSTAMP_NONE &&
		m->first_ns > at->published_ns))
		level--;
	if ((ind->flags & (IND_SHARED | IND_HIJACKED)) != 0 ||
	    how == HOW_EMAIL_DOMAIN)
		level = level < LEVEL_LOW ? level : LEVEL_LOW;
	if (ind->obs == OBS_IP && at != NULL && at->until_ns != TSTAMP_NONE &&
	    m->first_ns != TSTAMP_NONE && m->first_ns > at->until_ns)
		level = LEVEL_INFO;
	m->sink->fn(m->sink->arg, &(struct hit){ .ref = i,
				      .field = m->field,
				      .item = m->item,
				      .level = (uint8_t)level,
				      .role = (uint8_t)role,
				      .how = (uint8_t)how });
}

static bool
has(const struct matcher *m, enum obs o)
{
	return (m->x->obs_mask & 1U << o) != 0;
}

static void
exact(const struct matcher *m, enum obs o, struct str key, enum how how)
{
	uint32_t i;

	if (!has(m, o))
		return;
	i = indicators_find(m->x, o, key, indicators_hash(o, key));
	if (i != NONE)
		say(m, i, how);
}

/* The host itself and each domain above it, at label boundaries. */
static void
domains(const struct matcher *m, struct str host, enum how how)
{
	uint64_t h = indicators_hash_start(OBS_DOMAIN);
	uint32_t i;

	for (size_t at = host.n; has(m, OBS_DOMAIN) && at > 0; at--) {
		h = indicators_hash_step(h, host.p[at - 1]);
		if (at > 1 && host.p[at - 2] != '.')
			continue;
		i = indicators_find(m->x, OBS_DOMAIN,
		    str_sub(host, at - 1, host.n), indicators_hash_end(h));
		if (i != NONE)
			say(m, i,
			    at > 1 && how == HOW_EXACT ? HOW_SUBDOMAIN : how);
	}
}

static void
host(const struct matcher *m, struct str s, enum how how)
{
	uint8_t ip[16];
	struct buf b;

	if (ip_parse(s, ip)) {
		exact(m, OBS_IP, (struct str){ .p = (const char *)ip, .n = 16 },
		    how);
		return;
	}
	buf_init(&b, LIMIT_PATH);
	if (host_norm(s, &b))
		domains(m, buf_text(&b), how);
	buf_done(&b);
}

static void
url(const struct matcher *m, struct str s)
{
	struct url u;
	struct buf b;

	if (!url_split(s, &u)) {
		host(m, str_sub(s, 0, str_find(s, '/')), HOW_URL_HOST);
		return;
	}
	host(m, u.host, HOW_URL_HOST);
	if (!has(m, OBS_URL))
		return;
	buf_init(&b, LIMIT_JSON_STRING);
	if (url_norm(s, &b))
		exact(m, OBS_URL, buf_text(&b), HOW_EXACT);
	buf_done(&b);
}

/* The path and each folder above it. */
static void
path(const struct matcher *m, struct str s)
{
	uint64_t h = indicators_hash_start(OBS_PATH);
	struct buf b;
	struct str p;
	uint32_t i;

	exact(m, OBS_FILE_NAME, str_basename(s), HOW_EXACT);
	buf_init(&b, LIMIT_JSON_STRING);
	if (has(m, OBS_PATH) && indicators_norm(OBS_PATH, s, &b)) {
		p = buf_text(&b);
		for (size_t at = 0; at < p.n; at++) {
			h = indicators_hash_step(h, p.p[at]);
			if (at + 1 < p.n && p.p[at + 1] != '/')
				continue;
			i = indicators_find(m->x, OBS_PATH,
			    str_sub(p, 0, at + 1), indicators_hash_end(h));
			if (i != NONE)
				say(m, i, at + 1 < p.n ? HOW_BELOW : HOW_EXACT);
		}
	}
	buf_done(&b);
}

static const char *const apple_prefixes[] = { "com.apple.",
	"com.apple.rappor" };

/* Kernels cut names at these lengths: an indicator may begin with this one. */
static void
truncated(const struct matcher *m, struct str s)
{
	const struct indicators *x = m->x;
	size_t lo = 0, hi = x->nprocesses;

	if (s.n != 15 && s.n != 16 && s.n != 31 && s.n != 32)
		return;
	if (str_starts(s, apple_prefixes[0]))
		return; /* Apple's own names share these prefixes */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		struct str v =
		    str_from(x->pool + x->inds[x->processes[mid]].norm);

		if (str_cmp(v, s) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < x->nprocesses; lo++) {
		struct str v =
		    str_from(x->pool + x->inds[x->processes[lo]].norm);

		if (v.n < s.n || !str_eq(str_sub(v, 0, s.n), s))
			break;
		if (v.n > s.n)
			say(m, x->processes[lo], HOW_TRUNCATED);
	}
}

static void
process(const struct matcher *m, struct str s, bool pair)
{
	size_t slash = str_find(s, '/');

	if (record_role(m->r) != ROLE_EXECUTION || !has(m, OBS_PROCESS))
		return;
	if (pair && slash < s.n && slash > 0) {
		exact(m, OBS_PROCESS, str_sub(s, slash + 1, s.n), HOW_EXACT);
		s = str_sub(s, 0, slash);
	} else {
		s = str_basename(s);
	}
	exact(m, OBS_PROCESS, s, HOW_EXACT);
	truncated(m, s);
}

static void
email(const struct matcher *m, struct str s)
{
	size_t at = str_rfind(s, '@');

	if (at < s.n)
		host(m, str_sub(s, at + 1, s.n), HOW_EMAIL_DOMAIN);
}

static bool
in_range(const struct slow *s, struct str v)
{
	uint8_t ip[16];
	struct url u;
	unsigned bytes = s->bits / 8, rest = s->bits % 8;

	if (url_split(v, &u))
		v = u.host;
	return ip_parse(v, ip) && memcmp(ip, s->net, bytes) == 0 &&
	       (rest == 0 || (ip[bytes] ^ s->net[bytes]) >> (8 - rest) == 0);
}

/* What a term on `want` is compared with, in a field of kind `have`. */
static bool
term_value(enum obs want, enum obs have, struct str s, struct buf *out)
{
	struct url u;

	buf_reset(out);
	if (want == OBS_DOMAIN && have == OBS_URL)
		return url_split(s, &u) && host_norm(u.host, out);
	if (want == OBS_FILE_NAME && have == OBS_PATH) {
		buf_str(out, str_basename(s));
		return true;
	}
	if (want != have)
		return false;
	if (want == OBS_URL || want == OBS_PROCESS) {
		buf_str(out, s);
		return true;
	}
	return indicators_norm(want, s, out);
}

static void
slow_ones(const struct matcher *m, enum obs o, struct str s)
{
	struct buf b;

	buf_init(&b, LIMIT_JSON_STRING);
	for (size_t i = 0; i < m->x->nslow; i++) {
		const struct slow *w = &m->x->slow[i];

		if (w->obs == OBS_PROCESS &&
		    record_role(m->r) != ROLE_EXECUTION)
			continue;
		if (w->code == NULL) {
			if ((o == OBS_IP || o == OBS_URL) && in_range(w, s))
				say(m, w->ind, HOW_RANGE);
		} else if (term_value(w->obs, o, s, &b) &&
			   indicators_regex(m->x, w->code, buf_text(&b))) {
			say(m, w->ind, HOW_PATTERN);
		}
	}
	buf_done(&b);
}

static void
observable(const struct matcher *m, const struct field *f, struct str s)
{
	struct buf b;

	switch (f->obs) {
	case OBS_NONE:
	case OBS_COUNT:
		return;
	case OBS_URL:
		url(m, s);
		break;
	case OBS_DOMAIN:
	case OBS_IP:
		host(m, s, HOW_EXACT);
		break;
	case OBS_PATH:
		path(m, s);
		break;
	case OBS_PROCESS:
		process(m, s, (f->flags & FIELD_PROCESS_PAIR) != 0);
		break;
	case OBS_EMAIL:
		email(m, s);
		__attribute__((fallthrough));
	case OBS_ANDROID_PROPERTY:
	case OBS_BUNDLE_ID:
	case OBS_CERT_SHA256:
	case OBS_FILE_NAME:
	case OBS_MD5:
	case OBS_PHONE:
	case OBS_PROFILE_ID:
	case OBS_SHA1:
	case OBS_SHA256:
		if (!has(m, f->obs))
			break;
		buf_init(&b, LIMIT_JSON_STRING);
		if (indicators_norm(f->obs, s, &b))
			exact(m, f->obs, buf_text(&b), HOW_EXACT);
		buf_done(&b);
		break;
	}
	if (m->x->nslow > 0)
		slow_ones(m, f->obs, s);
}

/* Calls fn for each text of a field that can be matched. */
static bool
term_holds(struct matcher *m, const struct conj *c, size_t t, struct buf *b,
    struct buf *want)
{
	const struct schema *s = m->r->schema;
	const struct term *term = &c->alt->terms[t];

	buf_reset(want);
	if (c->code[t] == NULL && term->obs != OBS_URL &&
	    term->obs != OBS_PROCESS) {
		if (!indicators_norm(term->obs, term->value, want))
			return false;
	} else {
		buf_str(want, term->value);
	}
	for (uint32_t i = 0; i < s->nfields; i++) {
		const struct value *v = &m->r->v[i];
		size_t n =
		    v->type == VALUE_LIST ? v->list.n : v->type == VALUE_TEXT;

		for (uint32_t k = 0; k < n; k++) {
			if (!term_value(term->obs, s->fields[i].obs,
				v->type == VALUE_LIST ? v->list.v[k] : v->s, b))
				continue;
			if (c->code[t] != NULL
				? !indicators_regex(
				      m->x, c->code[t], buf_text(b))
				: !str_eq(buf_text(b), buf_text(want)))
				continue;
			m->field = i;
			m->item = k;
			return true;
		}
	}
	return false;
}

static void
all_terms(struct matcher *m)
{
	struct buf b, want;

	buf_init(&b, LIMIT_JSON_STRING);
	buf_init(&want, LIMIT_JSON_STRING);
	for (size_t i = 0; i < m->x->nconjs; i++) {
		const struct conj *c = &m->x->conjs[i];
		bool all = true;

		for (size_t t = c->alt->n; all && t > 0; t--)
			all = (c->alt->terms[t - 1].obs != OBS_PROCESS ||
				  record_role(m->r) == ROLE_EXECUTION) &&
			      term_holds(m, c, t - 1, &b, &want);
		if (all)
			say(m, c->ind, HOW_ALL_TERMS);
	}
	buf_done(&b);
	buf_done(&want);
}

static void
indicators_record(
    const void *state, const struct record *r, const struct hit_sink *sink)
{
	const struct schema *s = r->schema;
	struct matcher m = { .x = state, .r = r, .sink = sink };
	int64_t last;

	if (m.x == NULL)
		return;
	record_span(r, &m.first_ns, &last);
	for (m.field = 0; m.field < s->nfields; m.field++) {
		const struct value *v = &r->v[m.field];

		m.item = 0;
		if (s->fields[m.field].obs == OBS_NONE)
			continue;
		if (v->type == VALUE_TEXT)
			observable(&m, &s->fields[m.field], v->s);
		else if (v->type == VALUE_LIST)
			for (; m.item < v->list.n; m.item++)
				observable(
				    &m, &s->fields[m.field], v->list.v[m.item]);
	}
	if (m.x->nconjs > 0)
		all_terms(&m);
}

const struct detector detector_indicators = {
	.name = "indicators",
	.summary = "values that were published for a campaign",
	.on = true,
	.record = indicators_record,
	.finding = indicator_finding,
};
