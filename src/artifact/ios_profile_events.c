#include "dict.h"
#include "say.h"

/*
 * MCProfileEvents.plist: when configuration profiles were installed and
 * removed, and by which process.
 *
 *	{ "ProfileEvents": [ { PROFILE ID: { "timestamp": date,
 *	    "Operation": text, "Process": text, ... } } ] }
 */
enum { PROFILE, OPERATION, PROCESS, TIME, NFIELDS };

static const struct field fields[] = {
	[PROFILE] = FIELD(
	    "profile_id", TEXT, PROFILE_ID, 0, "identifier of the profile"),
	[OPERATION] =
	    FIELD("operation", TEXT, NONE, 0, "what was done with it"),
	[PROCESS] = FIELD("process", TEXT, PROCESS, 0, "process that did it"),
	[TIME] = FIELD_TIME("time", 0, "profile_operation", "when"),
};

static const struct dict_key keys[] = {
	KEY("Operation", TEXT, OPERATION),
	KEY("Process", TEXT, PROCESS),
	{"timestamp", KEY_DATE, TIME},
};

static enum err
emit_event(struct artifact_ctx *ctx, const struct plist_pair *pair, size_t at)
{
	struct record r;
	char where[48];

	record_init(&r, &ctx->artifact->schema, ctx->path);
	if (pair->value->type != PLIST_DICT)
		note_why(ctx->notes, NOTE_READ_SCHEMA, pair->value->off,
		    "an event is no dictionary");
	dict_fields(ctx, pair->value, keys, COUNT(keys), &r);
	if (!artifact_wants_record(ctx, &r))
		return ERR_OK;
	record_text(&r, PROFILE, pair->key);
	(void)snprintf(where, sizeof(where), "ProfileEvents[%zu]", at);
	r.locator = dict_locator(ctx, where, pair->key);
	return artifact_emit(ctx, &r);
}

static enum err
events_read(struct artifact_ctx *ctx, struct file *f)
{
	struct plist *root, *events, *event;
	enum err e = artifact_plist(ctx, f, &root);

	if (e != ERR_OK || root == NULL)
		return e;
	events = plist_get(root, "ProfileEvents");
	if (events == NULL || events->type != PLIST_ARRAY) {
		note_why(
		    ctx->notes, NOTE_READ_VERSION, 0, "no array ProfileEvents");
		return ERR_OK;
	}
	for (size_t i = 0; e == ERR_OK && i < events->array.n; i++) {
		event = events->array.v[i];
		if (event->type != PLIST_DICT) {
			note_why(ctx->notes, NOTE_READ_SCHEMA, event->off,
			    "an event is no dictionary");
			continue;
		}
		for (size_t k = 0; e == ERR_OK && k < event->dict.n; k++)
			e = emit_event(ctx, &event->dict.v[k], i);
	}
	return e;
}

static void
events_describe(const void *record, struct buf *out)
{
	say_field(record, PROFILE, "profile ", "", out);
	say_field(record, OPERATION, ": ", "", out);
	say_field(record, PROCESS, " by ", "", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP,
	    "*/Library/ConfigurationProfiles/MCProfileEvents.plist"),
	PLACE(IN_IOS_FS, "private/var/containers/Shared/SystemGroup/*/Library/"
			 "ConfigurationProfiles/MCProfileEvents.plist"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/ConfigurationProfiles/"
			 "MCProfileEvents.plist"),
	PLACES_END,
};

const struct artifact artifact_ios_profile_events = {
	.summary = "installations and removals of configuration profiles",
	.schema = {.name = "ios.profile_events",
		   .version = 1,
		   .role = ROLE_EXECUTION,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = events_describe},
	.places = places,
	.read = events_read,
};
