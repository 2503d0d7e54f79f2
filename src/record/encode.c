#include <string.h>

#include "record.h"

/*
 * Canonical bytes of a record. Integers are unsigned LEB128 unless a width is
 * said, strings are their length and bytes:
 *
 *	schema name, schema version, path, locator,
 *	1 byte flags: 1 deliberate, 2 role set; 1 byte role,
 *	count of fields that have a value, then each in schema order:
 *	field name, 1 byte type, value:
 *	  bool 1 byte; int 8 bytes LE; real 8 bytes LE of its IEEE 754 bits;
 *	  text string; time 8 bytes LE ns, 8 bytes LE raw bits, 1 byte clock;
 *	  list count and strings
 */
enum { FLAG_DELIBERATE = 1, FLAG_ROLE = 2 };

static void
put_str(struct buf *out, struct str s)
{
	buf_uleb(out, s.n);
	buf_str(out, s);
}

static void
put_real(struct buf *out, double d)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof(bits));
	buf_le64(out, bits);
}

static void
put_value(struct buf *out, const struct value *v)
{
	buf_u8(out, (uint8_t)v->type);
	switch (v->type) {
	case VALUE_NONE:
		break;
	case VALUE_BOOL:
		buf_u8(out, v->b);
		break;
	case VALUE_INT:
		buf_le64(out, (uint64_t)v->i);
		break;
	case VALUE_REAL:
		put_real(out, v->real);
		break;
	case VALUE_TEXT:
		put_str(out, v->s);
		break;
	case VALUE_TIME:
		buf_le64(out, (uint64_t)v->t.ns);
		put_real(out, v->t.raw);
		buf_u8(out, (uint8_t)v->t.clock);
		break;
	case VALUE_LIST:
		buf_uleb(out, v->list.n);
		for (size_t i = 0; i < v->list.n; i++)
			put_str(out, v->list.v[i]);
		break;
	}
}

void
record_encode(const struct record *r, struct buf *out)
{
	const struct schema *s = r->schema;
	size_t n = 0;

	put_str(out, str_from(s->name));
	buf_uleb(out, s->version);
	put_str(out, r->path);
	put_str(out, r->locator);
	buf_u8(out, (uint8_t)((r->deliberate ? FLAG_DELIBERATE : 0) |
			      (r->role_set ? FLAG_ROLE : 0)));
	buf_u8(out, (uint8_t)record_role(r));
	for (size_t i = 0; i < s->nfields; i++)
		n += r->v[i].type != VALUE_NONE;
	buf_uleb(out, n);
	for (size_t i = 0; i < s->nfields; i++) {
		if (r->v[i].type == VALUE_NONE)
			continue;
		put_str(out, str_from(s->fields[i].name));
		put_value(out, &r->v[i]);
	}
}

static bool
get_str(struct cur *c, struct str *out)
{
	uint64_t n;

	return cur_uleb(c, &n) && n <= c->len && cur_str(c, (size_t)n, out);
}

static bool
get_real(struct cur *c, double *out)
{
	uint64_t bits;

	if (!cur_le64(c, &bits))
		return false;
	memcpy(out, &bits, sizeof(*out));
	return true;
}

static bool
get_list(struct cur *c, struct arena *a, struct value *out)
{
	uint64_t n;
	struct str *v;

	/* Each item takes one byte at least: n is bounded before it counts. */
	if (!cur_uleb(c, &n) || n > c->len)
		return false;
	v = arena_alloc(a, (size_t)n, sizeof(*v));
	if (v == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!get_str(c, &v[i]))
			return false;
	out->list.v = v;
	out->list.n = (size_t)n;
	return true;
}

static bool
get_time(struct cur *c, struct value *out)
{
	uint64_t ns;
	uint8_t clock;

	if (!cur_le64(c, &ns) || !get_real(c, &out->t.raw) ||
	    !cur_u8(c, &clock) || clock > TSTAMP_MONOTONIC)
		return false;
	out->t.ns = (int64_t)ns;
	out->t.clock = (enum tstamp_clock)clock;
	return true;
}

static bool
get_value(struct cur *c, struct arena *a, struct value *out)
{
	uint8_t type, b;
	uint64_t u;

	if (!cur_u8(c, &type) || type > VALUE_LIST)
		return false;
	out->type = (enum value_type)type;
	switch (out->type) {
	case VALUE_NONE:
		return false;
	case VALUE_BOOL:
		if (!cur_u8(c, &b) || b > 1)
			return false;
		out->b = b;
		return true;
	case VALUE_INT:
		if (!cur_le64(c, &u))
			return false;
		out->i = (int64_t)u;
		return true;
	case VALUE_REAL:
		return get_real(c, &out->real);
	case VALUE_TEXT:
		return get_str(c, &out->s);
	case VALUE_TIME:
		return get_time(c, out);
	case VALUE_LIST:
		return get_list(c, a, out);
	}
	return false;
}

static const struct schema *
find_schema(const struct schema *const *schemas, struct str name)
{
	for (; *schemas != NULL; schemas++)
		if (str_is(name, (*schemas)->name))
			return *schemas;
	return NULL;
}

static bool
get_fields(struct cur *c, struct arena *a, struct record *out)
{
	const struct schema *s = out->schema;
	struct str name;
	uint64_t n;
	size_t at = 0;

	if (!cur_uleb(c, &n) || n > s->nfields)
		return false;
	for (; n > 0; n--, at++) {
		if (!get_str(c, &name))
			return false;
		while (at < s->nfields && !str_is(name, s->fields[at].name))
			at++;
		if (at == s->nfields || !get_value(c, a, &out->v[at]) ||
		    out->v[at].type != s->fields[at].type)
			return false;
	}
	return c->len == 0;
}

/* What stands before the flags. */
static bool
get_head(struct cur *c, struct str *name, uint64_t *version, struct str *path,
    struct str *locator)
{
	return get_str(c, name) && cur_uleb(c, version) && get_str(c, path) &&
	       get_str(c, locator);
}

bool
record_peek(struct cur c, struct str *schema, struct str *path_out,
    struct str *locator_out)
{
	struct str name, path, locator;
	uint64_t version;

	if (!get_head(&c, &name, &version, &path, &locator))
		return false;
	*schema = name;
	*path_out = path;
	*locator_out = locator;
	return true;
}

bool
record_decode(struct cur c, const struct schema *const *schemas,
    struct arena *a, struct record *out)
{
	const struct schema *s;
	struct str name, path, locator;
	uint64_t version;
	uint8_t flags, role;

	if (!get_head(&c, &name, &version, &path, &locator) ||
	    (s = find_schema(schemas, name)) == NULL || version != s->version ||
	    !cur_u8(&c, &flags) || flags > (FLAG_DELIBERATE | FLAG_ROLE) ||
	    !cur_u8(&c, &role) || role > ROLE_EXECUTION)
		return false;
	record_init(out, s, path);
	out->locator = locator;
	out->deliberate = flags & FLAG_DELIBERATE;
	out->role_set = flags & FLAG_ROLE;
	out->role = (enum role)role;
	return get_fields(&c, a, out);
}

void
record_hash(const struct record *r, uint8_t out[static SHA256_SIZE])
{
	struct buf b;

	buf_init(&b, LIMIT_RECORD_BYTES);
	record_encode(r, &b);
	sha256_once(b.p, b.len, out);
	buf_done(&b);
}
