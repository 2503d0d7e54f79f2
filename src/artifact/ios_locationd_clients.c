#include "dict.h"
#include "say.h"

/*
 * clients.plist of locationd: who has asked where the phone is. Keys are
 * bundle identifiers ("com.example.app"), since iOS 16 with a letter in front
 * and a colon behind ("icom.example.app:"), or paths of bundles of the system
 * ("com.apple.locationd.bundle-/System/Library/.../X.bundle"). All times are
 * seconds since 2001.
 */
enum {
	KEY,
	BUNDLE_ID,
	PROCESSES,
	PATHS,
	EXECUTABLE,
	BUNDLE_PATH,
	REGISTERED,
	AUTHORIZATION,
	CONSUMPTION,
	RECEIVING,
	VISIT,
	LOCATION,
	BACKGROUND,
	SIGNIFICANT,
	NON_PERSISTENT,
	FENCE,
	BEACON,
	NFIELDS,
};

static const struct field fields[] = {
	[KEY] = FIELD("client", TEXT, NONE, 0, "key of the client"),
	[BUNDLE_ID] =
	    FIELD("bundle_id", TEXT, BUNDLE_ID, 0, "its bundle identifier"),
	[PROCESSES] = FIELD("processes", LIST, PROCESS, 0,
	    "names it goes by: last part of its key, identifier and "
	    "executable"),
	[PATHS] =
	    FIELD("paths", LIST, PATH, 0, "all paths named, for matching"),
	[EXECUTABLE] =
	    FIELD("executable", TEXT, NONE, 0, "path of the program"),
	[BUNDLE_PATH] =
	    FIELD("bundle_path", TEXT, NONE, 0, "path of its bundle"),
	[REGISTERED] =
	    FIELD("registered", TEXT, NONE, 0, "path that it registered with"),
	[AUTHORIZATION] = FIELD("authorization", INT, NONE, 0,
	    "0 not asked, 2 denied, 3 always, 4 when in use"),
	[CONSUMPTION] = FIELD_TIME("consumption_period_begin", 0,
	    "location_consumption", "start of the period of use"),
	[RECEIVING] = FIELD_TIME("receiving_stopped", 0, "location_received",
	    "when it last stopped receiving"),
	[VISIT] = FIELD_TIME("visit_stopped", 0, "location_visit_stopped",
	    "when it stopped watching visits"),
	[LOCATION] = FIELD_TIME("location_stopped", 0, "location_stopped",
	    "when it stopped asking for locations"),
	[BACKGROUND] =
	    FIELD_TIME("background_stopped", 0, "location_background_stopped",
		"when it stopped asking in the background"),
	[SIGNIFICANT] =
	    FIELD_TIME("significant_stopped", 0, "location_significant_stopped",
		"when it stopped watching large moves"),
	[NON_PERSISTENT] = FIELD_TIME("non_persistent_significant_stopped", 0,
	    "location_non_persistent_stopped",
	    "the same, for a watch that does not outlive a restart"),
	[FENCE] = FIELD_TIME("fence_stopped", 0, "location_fence_stopped",
	    "when it stopped watching a region"),
	[BEACON] = FIELD_TIME("beacon_stopped", 0, "location_beacon_stopped",
	    "when it stopped watching a beacon"),
};

static const struct dict_key keys[] = {
	KEY("BundleId", TEXT, BUNDLE_ID),
	KEY("Executable", TEXT, EXECUTABLE),
	KEY("BundlePath", TEXT, BUNDLE_PATH),
	KEY("Registered", TEXT_OR_BOOL, REGISTERED),
	KEY("Authorization", INT, AUTHORIZATION),
	KEY("ConsumptionPeriodBegin", DATE, CONSUMPTION),
	KEY("ReceivingLocationInformationTimeStopped", DATE, RECEIVING),
	KEY("VisitTimeStopped", DATE, VISIT),
	KEY("LocationTimeStopped", DATE, LOCATION),
	KEY("BackgroundLocationTimeStopped", DATE, BACKGROUND),
	KEY("SignificantTimeStopped", DATE, SIGNIFICANT),
	KEY("NonPersistentSignificantTimeStopped", DATE, NON_PERSISTENT),
	KEY("FenceTimeStopped", DATE, FENCE),
	KEY("BeaconRegionTimeStopped", DATE, BEACON),
};

/* Three names and three paths at most; each once. */
struct names {
	struct str v[4];
	size_t n;
};

static void
names_add(struct names *l, struct str s)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->v[i], s))
			return;
	if (s.n > 0)
		l->v[l->n++] = s;
}

/* The key without the letter and the colon that iOS 16 puts around it. */
static struct str
bare_key(struct str key, struct str bundle_id)
{
	if (str_ends(key, ":"))
		key = str_sub(key, 0, key.n - 1);
	if (key.n == bundle_id.n + 1 &&
	    str_eq(str_sub(key, 1, key.n), bundle_id))
		return bundle_id;
	return key;
}

static struct str
text_of(const struct record *r, size_t field)
{
	return r->v[field].type == VALUE_TEXT ? r->v[field].s : str_from("");
}

static enum err
emit_client(struct artifact_ctx *ctx, const struct plist_pair *pair)
{
	struct names processes = { 0 }, paths = { 0 };
	struct record r;
	struct str key;
	size_t slash;

	record_init(&r, &ctx->artifact->schema, ctx->path);
	if (pair->value->type != PLIST_DICT)
		note_why(ctx->notes, NOTE_READ_SCHEMA, pair->value->off,
		    "a client is no dictionary");
	dict_fields(ctx, pair->value, keys, COUNT(keys), &r);
	if (!artifact_wants_record(ctx, &r))
		return ERR_OK;
	record_text(&r, KEY, pair->key);
	key = bare_key(pair->key, text_of(&r, BUNDLE_ID));
	names_add(&processes, str_basename(key));
	names_add(&processes, text_of(&r, BUNDLE_ID));
	names_add(&processes, str_basename(text_of(&r, EXECUTABLE)));
	record_list(&r, PROCESSES, processes.v, processes.n);
	names_add(&paths, text_of(&r, EXECUTABLE));
	names_add(&paths, text_of(&r, BUNDLE_PATH));
	names_add(&paths, text_of(&r, REGISTERED));
	if ((slash = str_find(key, '/')) < key.n)
		names_add(&paths, str_sub(key, slash, key.n));
	record_list(&r, PATHS, paths.v, paths.n);
	r.locator = dict_locator(ctx, "", pair->key);
	return artifact_emit(ctx, &r);
}

static enum err
clients_read(struct artifact_ctx *ctx, struct file *f)
{
	struct plist *root;
	enum err e = artifact_plist(ctx, f, &root);

	if (e != ERR_OK || root == NULL)
		return e;
	if (root->type != PLIST_DICT) {
		note_why(ctx->notes, NOTE_READ_VERSION, 0,
		    "not a dictionary of clients");
		return ERR_OK;
	}
	for (size_t i = 0; e == ERR_OK && i < root->dict.n; i++)
		e = emit_client(ctx, &root->dict.v[i]);
	return e;
}

static void
clients_describe(const void *record, struct buf *out)
{
	static const size_t who[] = { BUNDLE_ID, KEY };

	say_first(record, who, 2, "a client", out);
	say_field(record, EXECUTABLE, " (", ")", out);
	buf_puts(out, " used the location");
}

static const struct artifact_place places[] = {
	PLACE(
	    IN_IOS_BACKUP, "RootDomain/Library/Caches/locationd/clients.plist"),
	PLACE(
	    IN_IOS_BACKUP, "HomeDomain/Library/Caches/locationd/clients.plist"),
	PLACE(IN_IOS_FS,
	    "private/var/root/Library/Caches/locationd/clients.plist"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/Caches/locationd/"
			 "clients.plist"),
	PLACES_END,
};

const struct artifact artifact_ios_locationd_clients = {
	.summary = "programs that have asked for the phone's location",
	.schema = {.name = "ios.locationd_clients",
		   .version = 1,
		   .role = ROLE_EXECUTION,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = clients_describe},
	.places = places,
	.read = clients_read,
};
