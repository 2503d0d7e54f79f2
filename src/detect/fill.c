#include "fill.h"

const char fill_no_room[] = "(no room left to say more)";

const char *
fill_text(struct arena *a, struct str s)
{
	const char *p = arena_strdup(a, s);

	return p ? p : fill_no_room;
}

struct str
fill_str(struct arena *a, struct str s)
{
	struct str c = arena_str(a, s);

	return c.p ? c : str_from(fill_no_room);
}

struct finding_record
fill_record_of(const struct record *r, struct arena *a)
{
	struct finding_record out = { .artifact = r->schema->name,
		.path = fill_str(a, r->path),
		.locator = fill_str(a, r->locator) };
	uint8_t digest[SHA256_SIZE];

	record_hash(r, digest);
	(void)hex_encode(digest, sizeof(digest), out.sha256);
	return out;
}

void
fill_record(struct finding *out, const struct record *r, struct arena *a)
{
	const struct finding_record one = fill_record_of(r, a);
	int64_t first, last;

	record_span(r, &first, &last);
	out->artifact = one.artifact;
	out->path = one.path;
	out->locator = one.locator;
	out->time_ns = first;
	out->records = arena_alloc(a, 1, sizeof(*out->records));
	if (out->records == NULL)
		return;
	out->nrecords = 1;
	out->records[0] = one;
}

void
fill_begin(struct fill *f, struct finding *out, const struct record *r,
    struct arena *a)
{
	*f = (struct fill){ .out = out, .r = r, .a = a };
	out->fields = arena_alloc(a, r->schema->nfields, sizeof(*out->fields));
}

static void
add(struct fill *f, size_t i, const struct value *v, bool content)
{
	struct value copy = *v;

	if (f->out->fields == NULL)
		return;
	if (v->type == VALUE_TEXT)
		copy.s = fill_str(f->a, v->s);
	f->out->fields[f->out->nfields++] = (struct finding_field){
		.name = f->r->schema->fields[i].name,
		.value = copy,
		.content = content,
	};
}

/* True for contents that no published value could be: a message's text. */
static bool
is_private(const struct field *f)
{
	return (f->flags & FIELD_CONTENT) != 0 && f->obs == OBS_NONE;
}

void
fill_matched(struct fill *f, size_t field, size_t item)
{
	const struct value *v;
	struct value one;

	if (field >= f->r->schema->nfields || f->matched[field])
		return;
	v = &f->r->v[field];
	one = *v;
	if (v->type == VALUE_LIST && item < v->list.n) {
		one.type = VALUE_TEXT;
		one.s = v->list.v[item];
	} else if (v->type == VALUE_NONE || v->type == VALUE_LIST) {
		return;
	}
	f->matched[field] = true;
	add(f, field, &one, is_private(&f->r->schema->fields[field]));
}

void
fill_rest(struct fill *f)
{
	const struct schema *s = f->r->schema;

	for (size_t i = 0; i < s->nfields; i++)
		if (!f->matched[i] && f->r->v[i].type != VALUE_NONE &&
		    f->r->v[i].type != VALUE_LIST)
			add(f, i, &f->r->v[i],
			    (s->fields[i].flags & FIELD_CONTENT) != 0);
}
