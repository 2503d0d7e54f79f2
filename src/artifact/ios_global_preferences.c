#include "dict.h"
#include "jsonw.h"
#include "say.h"

/*
 * .GlobalPreferences.plist: one record an entry, its value as JSON. Lockdown
 * Mode, which closes most ways in, stands here as LDMGlobalEnabled.
 */
enum { ENTRY, VALUE, LOCKDOWN, NFIELDS };

static const struct field fields[] = {
	[ENTRY] = FIELD("entry", TEXT, NONE, 0, "name of the setting"),
	[VALUE] = FIELD("value", TEXT, NONE, FIELD_CONTENT,
	    "its value as JSON; data as its size"),
	[LOCKDOWN] = FIELD("lockdown_mode", BOOL, NONE, 0,
	    "whether Lockdown Mode is on (entry LDMGlobalEnabled)"),
};

/* Nesting of settings stays below 10. */
#define DEPTH_MAX 32

static void
put_json(const struct plist *p, struct jsonw *w, unsigned depth)
{
	struct buf size;

	switch (depth > 0 ? p->type : PLIST_NULL) {
	case PLIST_NULL:
		jsonw_null(w);
		break;
	case PLIST_BOOL:
		jsonw_bool(w, p->b);
		break;
	case PLIST_INT:
		jsonw_int(w, p->i);
		break;
	case PLIST_UINT:
	case PLIST_UID:
		jsonw_uint(w, p->u);
		break;
	case PLIST_REAL:
		jsonw_real(w, p->real);
		break;
	case PLIST_DATE:
		jsonw_time(w, p->date.ns);
		break;
	case PLIST_STRING:
		jsonw_str(w, p->s);
		break;
	case PLIST_DATA:
		buf_init(&size, 64);
		buf_printf(&size, "%zu bytes", p->s.n);
		jsonw_str(w, buf_text(&size));
		buf_done(&size);
		break;
	case PLIST_ARRAY:
		jsonw_array(w);
		for (size_t i = 0; i < p->array.n; i++)
			put_json(p->array.v[i], w, depth - 1);
		jsonw_array_end(w);
		break;
	case PLIST_DICT:
		jsonw_object(w);
		for (size_t i = 0; i < p->dict.n; i++) {
			jsonw_key_str(w, p->dict.v[i].key);
			put_json(p->dict.v[i].value, w, depth - 1);
		}
		jsonw_object_end(w);
		break;
	}
}

static enum err
emit_entry(struct artifact_ctx *ctx, const struct plist_pair *pair)
{
	struct record r;
	struct buf value;
	struct jsonw w;
	bool on;
	enum err e;

	record_init(&r, &ctx->artifact->schema, ctx->path);
	buf_init(&value, LIMIT_RECORD_BYTES / 2);
	jsonw_init(&w, &value, NULL, false);
	put_json(pair->value, &w, DEPTH_MAX);
	if (value.full)
		note_why(ctx->notes, NOTE_READ_LIMIT, pair->value->off,
		    "a value is too long");
	r.locator = dict_locator(ctx, "", pair->key);
	record_text(&r, ENTRY, pair->key);
	record_text(&r, VALUE, buf_text(&value));
	if (str_is(pair->key, "LDMGlobalEnabled") &&
	    plist_bool(pair->value, &on))
		record_bool(&r, LOCKDOWN, on);
	e = artifact_emit(ctx, &r);
	buf_done(&value);
	return e;
}

static enum err
preferences_read(struct artifact_ctx *ctx, struct file *f)
{
	struct plist *root;
	enum err e = artifact_plist(ctx, f, &root);

	if (e != ERR_OK || root == NULL)
		return e;
	/* Settings have no times. */
	if (ctx->wants != NULL)
		return ERR_OK;
	if (root->type != PLIST_DICT)
		note_why(ctx->notes, NOTE_READ_VERSION, 0,
		    "not a dictionary of settings");
	for (size_t i = 0;
	     e == ERR_OK && root->type == PLIST_DICT && i < root->dict.n; i++)
		e = emit_entry(ctx, &root->dict.v[i]);
	return e;
}

static void
preferences_describe(const void *record, struct buf *out)
{
	const struct record *r = record;

	say_field(r, ENTRY, "setting ", "", out);
	say_field(r, LOCKDOWN, ", Lockdown Mode on: ", "", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP,
	    "HomeDomain/Library/Preferences/.GlobalPreferences.plist"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/Preferences/"
			 ".GlobalPreferences.plist"),
	PLACES_END,
};

const struct artifact artifact_ios_global_preferences = {
	.summary = "settings of the whole phone, Lockdown Mode among them",
	.schema = {.name = "ios.global_preferences",
		   .version = 1,
		   .role = ROLE_MENTION,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = preferences_describe},
	.places = places,
	.read = preferences_read,
};
