#include "rows.h"
#include "say.h"

/*
 * Transparency, Consent and Control: which program may use the microphone,
 * the camera, contacts and so on. Table access, three versions seen:
 *
 *	up to iOS 11	service, client, client_type, allowed, prompt_count
 *	iOS 12, 13	the same and last_modified
 *	since iOS 14	auth_value, auth_reason in place of allowed
 *
 * Table expired holds grants that have been taken back.
 */
enum {
	SERVICE,
	CLIENT,
	PROCESS,
	CLIENT_PATH,
	CLIENT_TYPE,
	ALLOWED,
	AUTH_VALUE,
	AUTH_REASON,
	PROMPTS,
	OBJECT,
	MODIFIED,
	EXPIRED,
	NFIELDS,
};

static const struct field fields[] = {
	[SERVICE] = FIELD("service", TEXT, NONE, 0,
	    "what may be used, such as kTCCServiceMicrophone"),
	[CLIENT] = FIELD("client", TEXT, BUNDLE_ID, 0,
	    "the program: a bundle identifier or a path"),
	[PROCESS] =
	    FIELD("process", TEXT, PROCESS, 0, "the client as a process name"),
	[CLIENT_PATH] = FIELD("client_path", TEXT, PATH, 0,
	    "the client when it is named by its path"),
	[CLIENT_TYPE] =
	    FIELD("client_type", TEXT, NONE, 0, "bundle_id or absolute_path"),
	[ALLOWED] = FIELD("allowed", BOOL, NONE, 0,
	    "whether the use is allowed, in full or in part"),
	[AUTH_VALUE] = FIELD(
	    "auth_value", TEXT, NONE, 0, "denied, unknown, allowed or limited"),
	[AUTH_REASON] = FIELD("auth_reason", TEXT, NONE, 0,
	    "who decided, such as user_consent or system_set"),
	[PROMPTS] = FIELD(
	    "prompt_count", INT, NONE, 0, "how often the owner was asked"),
	[OBJECT] = FIELD("object", TEXT, NONE, 0,
	    "the other program, where the use is of a program"),
	[MODIFIED] = FIELD_TIME("last_modified", 0, "access_changed",
	    "when the decision was last changed"),
	[EXPIRED] = FIELD_TIME(
	    "expired", 0, "access_expired", "when the decision was taken back"),
};

/* Columns of both tables that the reader looks at by their place. */
enum { C_CLIENT, C_TYPE, C_ALLOWED, C_AUTH_VALUE, C_AUTH_REASON, C_OBJECT };

static const struct column access_columns[] = {
	[C_CLIENT] = CORE("client", TEXT, CLIENT),
	[C_TYPE] = COLUMN("client_type", RAW, CLIENT_TYPE),
	[C_ALLOWED] = COLUMN("allowed", RAW, ALLOWED),
	[C_AUTH_VALUE] = COLUMN("auth_value", RAW, AUTH_VALUE),
	[C_AUTH_REASON] = COLUMN("auth_reason", RAW, AUTH_REASON),
	[C_OBJECT] = COLUMN("indirect_object_identifier", RAW, OBJECT),
	CORE("service", TEXT, SERVICE),
	COLUMN("prompt_count", INT, PROMPTS),
	COLUMN("last_modified", UNIX_S, MODIFIED),
};
static const struct table access_table =
    TABLE("access", "ROWID", access_columns);

static const struct column expired_columns[] = {
	[C_CLIENT] = CORE("client", TEXT, CLIENT),
	[C_TYPE] = COLUMN("client_type", RAW, CLIENT_TYPE),
	CORE("service", TEXT, SERVICE),
	COLUMN("last_modified", UNIX_S, MODIFIED),
	COLUMN("expired_at", UNIX_S, EXPIRED),
};
static const struct table expired_table =
    TABLE("expired", "ROWID", expired_columns);

/* Source: observed on iOS 14; the names are those that analysts use. */
static const char *const auth_values[] = { "denied", "unknown", "allowed",
	"limited" };
static const char *const auth_reasons[] = { "", "error", "user_consent",
	"user_set", "system_set", "service_policy", "mdm_policy",
	"override_policy", "missing_usage_string", "prompt_timeout",
	"preflight_unknown", "entitled", "app_type_policy" };

/* The name of a number; the number itself when later versions added it. */
static void
put_name(struct rows *x, unsigned column, size_t field,
    const char *const *names, size_t n)
{
	int64_t v = rows_int(x, column);
	const char *text;

	if (!rows_is_number(x, column))
		return;
	text = v >= 0 && (uint64_t)v < n
		   ? names[v]
		   : arena_printf(x->ctx->arena, "%lld", (long long)v);
	if (text != NULL && text[0] != '\0')
		record_text(&x->record, field, str_from(text));
}

static void
put_client(struct rows *x)
{
	struct record *r = &x->record;
	struct str client = rows_text(x, CLIENT);
	bool path = rows_int(x, C_TYPE) == 1 || str_starts(client, "/");

	record_text(r, PROCESS, str_basename(client));
	if (rows_is_number(x, C_TYPE))
		record_text(r, CLIENT_TYPE,
		    str_from(path ? "absolute_path" : "bundle_id"));
	if (path)
		record_text(r, CLIENT_PATH, client);
}

static void
put_decision(struct rows *x)
{
	struct record *r = &x->record;
	struct str object = rows_str(x, C_OBJECT);

	put_name(x, C_AUTH_VALUE, AUTH_VALUE, auth_values, COUNT(auth_values));
	put_name(
	    x, C_AUTH_REASON, AUTH_REASON, auth_reasons, COUNT(auth_reasons));
	if (rows_is_number(x, C_AUTH_VALUE))
		record_bool(r, ALLOWED, rows_int(x, C_AUTH_VALUE) >= 2);
	else if (rows_is_number(x, C_ALLOWED))
		record_bool(r, ALLOWED, rows_int(x, C_ALLOWED) != 0);
	if (object.n > 0 && !str_is(object, "UNUSED"))
		record_text(r, OBJECT, object);
}

static enum err
read_table(struct artifact_ctx *ctx, struct sqlro *db, const struct table *t)
{
	bool access = t == &access_table;
	enum err e = ERR_OK;
	struct rows x;

	if (access ? rows_open(&x, ctx, db, t)
		   : rows_open_optional(&x, ctx, db, t)) {
		while (e == ERR_OK && rows_next(&x)) {
			put_client(&x);
			if (access)
				put_decision(&x);
			e = artifact_emit(ctx, &x.record);
		}
	}
	rows_close(&x);
	return e;
}

static enum err
tcc_read(struct artifact_ctx *ctx, struct file *f)
{
	struct sqlro *db = NULL;
	enum err e = artifact_db(ctx, f, &db);

	if (e == ERR_OK)
		e = read_table(ctx, db, &access_table);
	if (e == ERR_OK)
		e = read_table(ctx, db, &expired_table);
	sqlro_free(db);
	return e;
}

static void
tcc_describe(const void *record, struct buf *out)
{
	const struct record *r = record;

	say_field(r, CLIENT, "", "", out);
	if (r->v[EXPIRED].type != VALUE_NONE)
		buf_puts(out, " no longer has a say on");
	else
		buf_puts(out, say_is(r, ALLOWED) ? " may use" : " may not use");
	say_field(r, SERVICE, " ", "", out);
	say_field(r, AUTH_REASON, " (", ")", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "HomeDomain/Library/TCC/TCC.db"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/TCC/TCC.db"),
	PLACES_END,
};

const struct artifact artifact_ios_tcc = {
	.summary = "which programs may use microphone, camera, contacts, ...",
	.schema = {.name = "ios.tcc",
		   .version = 1,
		   .role = ROLE_EXECUTION,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = tcc_describe},
	.places = places,
	.read = tcc_read,
};
