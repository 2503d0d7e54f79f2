#include "dict.h"
#include "say.h"

/*
 * What a backup says of itself: Info.plist, written by the computer that made
 * it, Manifest.plist and Status.plist, written by the phone. One record for
 * each of the three; the apps that they list are ios_applications.c's. Of
 * secrets (key bag, wrapped keys) only the sizes are kept.
 */
enum {
	DEVICE_NAME,
	PRODUCT_NAME,
	PRODUCT_TYPE,
	PRODUCT_VERSION,
	BUILD,
	SERIAL,
	UDID,
	IMEI,
	IMEI2,
	MEID,
	ICCID,
	PHONE_NUMBER,
	GUID,
	TARGET_TYPE,
	ITUNES_VERSION,
	MACOS_VERSION,
	ENCRYPTED,
	PASSCODE_SET,
	KEYBAG_BYTES,
	MANIFEST_KEY_BYTES,
	FORMAT_VERSION,
	SNAPSHOT_STATE,
	BACKUP_STATE,
	FULL_BACKUP,
	MADE,
	NFIELDS,
};

static const struct field fields[] = {
	[DEVICE_NAME] = FIELD("device_name", TEXT, NONE, FIELD_CONTENT,
	    "name that the owner gave the phone"),
	[PRODUCT_NAME] =
	    FIELD("product_name", TEXT, NONE, 0, "such as iPhone 14"),
	[PRODUCT_TYPE] =
	    FIELD("product_type", TEXT, NONE, 0, "such as iPhone14,7"),
	[PRODUCT_VERSION] =
	    FIELD("product_version", TEXT, NONE, 0, "version of iOS"),
	[BUILD] = FIELD("build_version", TEXT, NONE, 0, "build of iOS"),
	[SERIAL] = FIELD("serial_number", TEXT, NONE, 0, "serial number"),
	[UDID] = FIELD("udid", TEXT, NONE, 0, "identifier of the device"),
	[IMEI] = FIELD("imei", TEXT, NONE, 0, "number of the modem"),
	[IMEI2] =
	    FIELD("imei2", TEXT, NONE, 0, "number of the modem's second line"),
	[MEID] = FIELD(
	    "meid", TEXT, NONE, 0, "number of the modem, in other networks"),
	[ICCID] = FIELD("iccid", TEXT, NONE, 0, "number of the SIM"),
	[PHONE_NUMBER] = FIELD("phone_number", TEXT, NONE, FIELD_CONTENT,
	    "the phone's own number"),
	[GUID] = FIELD("guid", TEXT, NONE, 0, "identifier of the backup"),
	[TARGET_TYPE] =
	    FIELD("target_type", TEXT, NONE, 0, "Device, as a rule"),
	[ITUNES_VERSION] = FIELD("itunes_version", TEXT, NONE, 0,
	    "version of the program that made it"),
	[MACOS_VERSION] = FIELD(
	    "macos_version", TEXT, NONE, 0, "version of the computer's system"),
	[ENCRYPTED] =
	    FIELD("is_encrypted", BOOL, NONE, 0, "whether it is encrypted"),
	[PASSCODE_SET] = FIELD("was_passcode_set", BOOL, NONE, 0,
	    "whether the phone had a passcode"),
	[KEYBAG_BYTES] =
	    FIELD("keybag_bytes", INT, NONE, 0, "size of the key bag"),
	[MANIFEST_KEY_BYTES] = FIELD(
	    "manifest_key_bytes", INT, NONE, 0, "size of the manifest's key"),
	[FORMAT_VERSION] = FIELD(
	    "format_version", TEXT, NONE, 0, "version of the file's format"),
	[SNAPSHOT_STATE] = FIELD("snapshot_state", TEXT, NONE, 0,
	    "finished, or the backup is not whole"),
	[BACKUP_STATE] = FIELD("backup_state", TEXT, NONE, 0, "new, as a rule"),
	[FULL_BACKUP] = FIELD("is_full_backup", BOOL, NONE, 0,
	    "whether it was made from scratch"),
	[MADE] =
	    FIELD_TIME("made", 0, "backup_made", "when the backup was made"),
};

static const struct dict_key info_keys[] = {
	KEY("Device Name", TEXT, DEVICE_NAME),
	KEY("Product Name", TEXT, PRODUCT_NAME),
	KEY("Product Type", TEXT, PRODUCT_TYPE),
	KEY("Product Version", TEXT, PRODUCT_VERSION),
	KEY("Build Version", TEXT, BUILD),
	KEY("Serial Number", TEXT, SERIAL),
	KEY("Unique Identifier", TEXT, UDID),
	KEY("IMEI", TEXT, IMEI),
	KEY("IMEI 2", TEXT, IMEI2),
	KEY("MEID", TEXT, MEID),
	KEY("ICCID", TEXT, ICCID),
	KEY("Phone Number", TEXT, PHONE_NUMBER),
	KEY("GUID", TEXT, GUID),
	KEY("Target Type", TEXT, TARGET_TYPE),
	KEY("iTunes Version", TEXT, ITUNES_VERSION),
	KEY("macOS Version", TEXT, MACOS_VERSION),
	KEY("Last Backup Date", DATE, MADE),
};
static const struct dict_key manifest_keys[] = {
	KEY("IsEncrypted", BOOL, ENCRYPTED),
	KEY("WasPasscodeSet", BOOL, PASSCODE_SET),
	KEY("Version", TEXT, FORMAT_VERSION),
	KEY("Date", DATE, MADE),
};
static const struct dict_key lockdown_keys[] = {
	KEY("DeviceName", TEXT, DEVICE_NAME),
	KEY("ProductType", TEXT, PRODUCT_TYPE),
	KEY("ProductVersion", TEXT, PRODUCT_VERSION),
	KEY("BuildVersion", TEXT, BUILD),
	KEY("SerialNumber", TEXT, SERIAL),
	KEY("UniqueDeviceID", TEXT, UDID),
};
static const struct dict_key status_keys[] = {
	KEY("SnapshotState", TEXT, SNAPSHOT_STATE),
	KEY("BackupState", TEXT, BACKUP_STATE),
	KEY("IsFullBackup", BOOL, FULL_BACKUP),
	KEY("Version", TEXT, FORMAT_VERSION),
	KEY("UUID", TEXT, GUID),
	KEY("Date", DATE, MADE),
};

static void
put_size(
    const struct plist *root, const char *key, struct record *r, size_t field)
{
	struct str data;

	if (plist_data(plist_get(root, key), &data))
		record_int(r, field, (int64_t)data.n);
}

static enum err
emit_file(struct artifact_ctx *ctx, const struct plist *root)
{
	struct record r;

	record_init(&r, &ctx->artifact->schema, ctx->path);
	r.locator = str_from("backup");
	if (str_is(ctx->path, "Info.plist")) {
		dict_fields(ctx, root, info_keys, COUNT(info_keys), &r);
	} else if (str_is(ctx->path, "Status.plist")) {
		dict_fields(ctx, root, status_keys, COUNT(status_keys), &r);
	} else {
		dict_fields(ctx, root, manifest_keys, COUNT(manifest_keys), &r);
		dict_fields(ctx, plist_get(root, "Lockdown"), lockdown_keys,
		    COUNT(lockdown_keys), &r);
		put_size(root, "BackupKeyBag", &r, KEYBAG_BYTES);
		put_size(root, "ManifestKey", &r, MANIFEST_KEY_BYTES);
	}
	return artifact_wants_record(ctx, &r) ? artifact_emit(ctx, &r) : ERR_OK;
}

static enum err
backup_info_read(struct artifact_ctx *ctx, struct file *f)
{
	struct plist *root;
	enum err e = artifact_plist(ctx, f, &root);

	if (e != ERR_OK || root == NULL)
		return e;
	if (root->type != PLIST_DICT) {
		note_why(ctx->notes, NOTE_READ_VERSION, 0, "not a dictionary");
		return ERR_OK;
	}
	return emit_file(ctx, root);
}

static void
backup_info_describe(const void *record, struct buf *out)
{
	const struct record *r = record;

	buf_puts(out, "backup");
	say_field(r, PRODUCT_TYPE, " of ", "", out);
	say_field(r, PRODUCT_VERSION, " with iOS ", "", out);
	say_field(r, SNAPSHOT_STATE, ", state ", "", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "Info.plist"),
	PLACE(IN_IOS_BACKUP, "Manifest.plist"),
	PLACE(IN_IOS_BACKUP, "Status.plist"),
	PLACES_END,
};

const struct artifact artifact_ios_backup_info = {
	.summary = "the backup and its phone",
	.schema = {.name = "ios.backup_info",
		   .version = 1,
		   .role = ROLE_MENTION,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = backup_info_describe},
	.places = places,
	.read = backup_info_read,
};
