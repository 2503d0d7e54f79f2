#include "dict.h"

#include "limits.h"

static void
note_key(struct artifact_ctx *ctx, const struct plist *v, const char *name)
{
	note_why(ctx->notes, NOTE_READ_SCHEMA, v->off,
	    "%s is not of the type it must have", name);
}

int64_t
dict_time(struct artifact_ctx *ctx, const struct plist *v,
    const struct dict_key *k, double *raw_out)
{
	int64_t ns = TSTAMP_NONE;
	double raw;

	if (v == NULL)
		return TSTAMP_NONE;
	if (v->type == PLIST_DATE) {
		raw = v->date.raw;
		ns = v->date.ns;
	} else if (plist_real(v, &raw)) {
		if (artifact_never(raw))
			return TSTAMP_NONE;
		ns = k->kind == KEY_UNIX_DATE ? tstamp_unix_s(raw)
					      : tstamp_mac_s(raw);
	} else {
		note_key(ctx, v, k->name);
		return TSTAMP_NONE;
	}
	if (ns == TSTAMP_NONE)
		note_why(ctx->notes, NOTE_READ_TIME, v->off, "%s", k->name);
	*raw_out = raw;
	return ns;
}

struct str
dict_locator(struct artifact_ctx *ctx, const char *dict, struct str key)
{
	struct buf b;
	struct str s;

	buf_init(&b, LIMIT_PATH);
	buf_puts(&b, dict);
	buf_puts(&b, "[");
	/* A key that is longer than any path is cut. */
	buf_str(&b, str_sub(key, 0, LIMIT_PATH / 2));
	buf_puts(&b, "]");
	s = arena_str(ctx->arena, buf_text(&b));
	buf_done(&b);
	return s.p ? s : str_from(dict);
}

size_t
dict_list(struct artifact_ctx *ctx, const struct plist *array, const char *name,
    struct str **out)
{
	struct str *v;
	size_t n = 0;

	*out = NULL;
	if (array == NULL)
		return 0;
	if (array->type != PLIST_ARRAY) {
		note_key(ctx, array, name);
		return 0;
	}
	v = arena_alloc(ctx->arena, array->array.n, sizeof(*v));
	if (v == NULL) {
		note(ctx->notes, NOTE_READ_LIMIT, array->off);
		return 0;
	}
	for (size_t i = 0; i < array->array.n; i++) {
		if (plist_string(array->array.v[i], &v[n]))
			n++;
		else
			note_key(ctx, array->array.v[i], name);
	}
	*out = v;
	return n;
}

static void
put_key(struct artifact_ctx *ctx, const struct plist *v,
    const struct dict_key *k, struct record *r)
{
	struct str s, *list;
	int64_t i;
	double raw = 0;
	bool b, ok = true;

	switch (k->kind) {
	case KEY_TEXT:
	case KEY_TEXT_OR_BOOL:
		if (plist_string(v, &s))
			record_text(r, k->field, s);
		else
			ok = k->kind == KEY_TEXT_OR_BOOL && plist_bool(v, &b);
		break;
	case KEY_INT:
		if ((ok = plist_int(v, &i)))
			record_int(r, k->field, i);
		break;
	case KEY_BOOL:
		if ((ok = plist_bool(v, &b)))
			record_bool(r, k->field, b);
		break;
	case KEY_DATE:
	case KEY_UNIX_DATE:
		i = dict_time(ctx, v, k, &raw);
		record_time(r, k->field, i, raw);
		break;
	case KEY_LIST:
		i = (int64_t)dict_list(ctx, v, k->name, &list);
		record_list(r, k->field, list, (size_t)i);
		break;
	}
	if (!ok)
		note_key(ctx, v, k->name);
}

void
dict_fields(struct artifact_ctx *ctx, const struct plist *dict,
    const struct dict_key *keys, size_t nkeys, struct record *r)
{
	const struct plist *v;

	for (size_t i = 0; i < nkeys; i++)
		if ((v = plist_get(dict, keys[i].name)) != NULL)
			put_key(ctx, v, &keys[i], r);
}
