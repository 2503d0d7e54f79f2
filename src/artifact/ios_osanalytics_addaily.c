#include "dict.h"
#include "process_pair.h"
#include "say.h"

/*
 * netUsageBaseline of com.apple.osanalytics.addaily.plist: per process a
 * date and the bytes that it has moved since:
 *
 *	{ "process[/bundle]": [date, wifi in, wifi out, wwan in, wwan out] }
 */
enum {
	PROCESS,
	PROCESS_NAME,
	PROCESS_BUNDLE,
	WIFI_IN,
	WIFI_OUT,
	WWAN_IN,
	WWAN_OUT,
	TIME,
	NFIELDS,
};

static const struct field fields[] = {
	[PROCESS] = FIELD("process", TEXT, PROCESS, FIELD_PROCESS_PAIR,
	    "name of the process, or process/bundle"),
	PROCESS_PAIR_FIELDS(PROCESS_NAME),
	[WIFI_IN] = FIELD("wifi_in", INT, NONE, 0, "bytes received over Wi-Fi"),
	[WIFI_OUT] = FIELD("wifi_out", INT, NONE, 0, "bytes sent over Wi-Fi"),
	[WWAN_IN] = FIELD(
	    "wwan_in", INT, NONE, 0, "bytes received over the mobile network"),
	[WWAN_OUT] = FIELD(
	    "wwan_out", INT, NONE, 0, "bytes sent over the mobile network"),
	[TIME] = FIELD_TIME(
	    "time", 0, "network_usage", "since when the bytes are counted"),
};

static const struct dict_key since = KEY("netUsageBaseline", DATE, TIME);

static enum err
emit_process(struct artifact_ctx *ctx, const struct plist_pair *pair)
{
	struct record r;
	double raw = 0;
	int64_t v;

	record_init(&r, &ctx->artifact->schema, ctx->path);
	if (pair->value->type != PLIST_ARRAY)
		note_why(ctx->notes, NOTE_READ_SCHEMA, pair->value->off,
		    "an entry of netUsageBaseline is no array");
	v = dict_time(ctx, plist_at(pair->value, 0), &since, &raw);
	record_time(&r, TIME, v, raw);
	if (!artifact_wants(ctx, &v, 1))
		return ERR_OK;
	record_text(&r, PROCESS, pair->key);
	process_pair_put(&r, PROCESS_NAME, pair->key);
	for (unsigned i = 0; i < 4; i++)
		if (plist_int(plist_at(pair->value, i + 1), &v))
			record_int(&r, WIFI_IN + i, v);
	r.locator = dict_locator(ctx, "netUsageBaseline", pair->key);
	return artifact_emit(ctx, &r);
}

static enum err
addaily_read(struct artifact_ctx *ctx, struct file *f)
{
	struct plist *root, *usage;
	enum err e = artifact_plist(ctx, f, &root);

	if (e != ERR_OK || root == NULL)
		return e;
	usage = plist_get(root, "netUsageBaseline");
	if (usage == NULL || usage->type != PLIST_DICT) {
		note_why(ctx->notes, NOTE_READ_VERSION, 0,
		    "no dictionary netUsageBaseline");
		return ERR_OK;
	}
	for (size_t i = 0; e == ERR_OK && i < usage->dict.n; i++)
		e = emit_process(ctx, &usage->dict.v[i]);
	return e;
}

static void
addaily_describe(const void *record, struct buf *out)
{
	const struct record *r = record;

	say_field(r, PROCESS, "", " used the network", out);
	say_field(r, WIFI_IN, ": Wi-Fi in ", "", out);
	say_field(r, WIFI_OUT, " out ", "", out);
	say_field(r, WWAN_IN, ", mobile in ", "", out);
	say_field(r, WWAN_OUT, " out ", "", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "HomeDomain/Library/Preferences/"
			     "com.apple.osanalytics.addaily.plist"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/Preferences/"
			 "com.apple.osanalytics.addaily.plist"),
	PLACES_END,
};

const struct artifact artifact_ios_osanalytics_addaily = {
	.summary = "network use of processes, as counted for analytics",
	.schema = {.name = "ios.osanalytics_addaily",
		   .version = 1,
		   .role = ROLE_EXECUTION,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = addaily_describe},
	.places = places,
	.read = addaily_read,
};
