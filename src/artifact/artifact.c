#include "artifact.h"

#include <string.h>

#include "limits.h"
#include "utf8.h"

bool
artifact_wants(struct artifact_ctx *ctx, const int64_t *ns, size_t n)
{
	if (ctx->wants == NULL)
		return true;
	for (size_t i = 0; i < n; i++)
		if (ns[i] != TSTAMP_NONE && ctx->wants(ctx, ns[i]))
			return true;
	return false;
}

bool
artifact_wants_record(struct artifact_ctx *ctx, const struct record *r)
{
	if (ctx->wants == NULL)
		return true;
	for (size_t i = 0; i < r->schema->nfields; i++)
		if (r->schema->fields[i].event != NULL &&
		    r->v[i].type == VALUE_TIME && ctx->wants(ctx, r->v[i].t.ns))
			return true;
	return false;
}

bool
artifact_never(double raw)
{
	return raw == 0 || raw == -1 || raw == -63114076800.0 ||
	       raw == 63113904000.0;
}

/* Most texts are ASCII: eight bytes at a time until one is not, or is NUL. */
static bool
text_is_sound(struct str s)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t i = 0;
	uint64_t w;

	for (; s.n - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, s.p + i, sizeof(w));
		if (((w | (w - ones)) & high) != 0)
			break;
	}
	s = str_sub(s, i, s.n);
	return str_find(s, '\0') == s.n && utf8_valid(s);
}

/*
 * Notes about one value; the detail names the row and the field, never what
 * stands in it.
 */
static void
check_value(const struct artifact_ctx *ctx, const struct record *r, size_t i)
{
	const struct field *f = &r->schema->fields[i];
	const struct value *v = &r->v[i];
	bool sound = true;
	char iso[32];

	if (v->type == VALUE_TIME) {
		if (!tstamp_plausible(v->t.ns) &&
		    (f->flags & FIELD_FILE_TIME) == 0)
			note_why(ctx->notes, NOTE_READ_TIME, 0,
			    "%.*s: %s is %s", (int)r->locator.n, r->locator.p,
			    f->name, tstamp_iso(v->t.ns, iso));
		return;
	}
	if (v->type == VALUE_TEXT)
		sound = text_is_sound(v->s);
	else if (v->type == VALUE_LIST)
		for (size_t k = 0; sound && k < v->list.n; k++)
			sound = text_is_sound(v->list.v[k]);
	if (!sound)
		note_why(ctx->notes, NOTE_READ_TEXT, 0, "%.*s: %s",
		    (int)r->locator.n, r->locator.p, f->name);
}

enum err
artifact_emit(struct artifact_ctx *ctx, const struct record *r)
{
	for (size_t i = 0; i < r->schema->nfields; i++)
		if (r->v[i].type == VALUE_TEXT || r->v[i].type == VALUE_TIME ||
		    r->v[i].type == VALUE_LIST)
			check_value(ctx, r, i);
	return ctx->emit(ctx, r);
}

struct file *
artifact_sibling(struct artifact_ctx *ctx, const char *suffix)
{
	return ctx->sibling ? ctx->sibling(ctx, suffix) : NULL;
}

enum err
artifact_db_unchecked(
    struct artifact_ctx *ctx, struct file *f, struct sqlro **out)
{
	sqlro_note_journal(artifact_sibling(ctx, "-journal"), ctx->notes);
	return sqlro_open(f, artifact_sibling(ctx, "-wal"), ctx->notes, out);
}

enum err
artifact_db_lookup(struct artifact_ctx *ctx, struct file *f, struct sqlro **out)
{
	static const struct notes silent = { .fn = NULL };

	return sqlro_open(f, artifact_sibling(ctx, "-wal"), &silent, out);
}

enum err
artifact_db(struct artifact_ctx *ctx, struct file *f, struct sqlro **out)
{
	enum err e = artifact_db_unchecked(ctx, f, out);

	/* The second pass reads what the first one has checked. */
	if (e == ERR_OK && ctx->wants == NULL)
		sqlro_check(*out);
	return e;
}

enum err
artifact_plist(struct artifact_ctx *ctx, struct file *f, struct plist **out)
{
	struct cur bytes;
	enum err e = file_read_all(f, ctx->arena, LIMIT_FILE_IN_MEMORY, &bytes);

	if (e == ERR_LIMIT) {
		note(ctx->notes, NOTE_READ_LIMIT, LIMIT_FILE_IN_MEMORY);
		*out = NULL;
		return ERR_OK;
	}
	if (e != ERR_OK)
		return e;
	*out = plist_parse(bytes, ctx->arena, ctx->notes);
	return ERR_OK;
}
