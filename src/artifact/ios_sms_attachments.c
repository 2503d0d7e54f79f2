#include "address.h"
#include "idmap.h"
#include "rows.h"
#include "say.h"

/*
 * Attachments of messages: table attachment of sms.db, joined through
 * message_attachment_join to the message and its handle. File names are paths
 * on the phone ("~/Library/SMS/Attachments/..."); those of known exploits were
 * not.
 */
enum {
	FILENAME,
	FILE_NAME,
	TRANSFER_NAME,
	PHONE,
	EMAIL,
	HANDLE,
	FROM_ME,
	SERVICE,
	UTI,
	MIME,
	SIZE,
	STATE,
	MESSAGE,
	GUID,
	CREATED,
	STARTED,
	RECEIVED,
	NFIELDS,
};

static const struct field fields[] = {
	[FILENAME] =
	    FIELD("path_on_phone", TEXT, PATH, 0, "where it lies, ~ resolved"),
	[FILE_NAME] =
	    FIELD("file_name", TEXT, FILE_NAME, 0, "last part of that path"),
	[TRANSFER_NAME] = FIELD("transfer_name", TEXT, FILE_NAME, 0,
	    "name under which it was sent"),
	[PHONE] = FIELD(
	    "phone", TEXT, PHONE, 0, "number at the other end of the message"),
	[EMAIL] = FIELD(
	    "email", TEXT, EMAIL, 0, "address at the other end of the message"),
	[HANDLE] =
	    FIELD("handle", TEXT, NONE, 0, "the other end when it is neither"),
	[FROM_ME] =
	    FIELD("is_from_me", BOOL, NONE, 0, "whether the owner sent it"),
	[SERVICE] = FIELD("service", TEXT, NONE, 0, "SMS or iMessage"),
	[UTI] = FIELD("uti", TEXT, NONE, 0, "type, as Apple names it"),
	[MIME] = FIELD("mime_type", TEXT, NONE, 0, "type, as on the Internet"),
	[SIZE] = FIELD("size", INT, NONE, 0, "bytes"),
	[STATE] = FIELD("transfer_state", INT, NONE, 0, "5: complete"),
	[MESSAGE] = FIELD("message", INT, NONE, 0, "ROWID of its message"),
	[GUID] = FIELD("guid", TEXT, NONE, 0, "its own identifier"),
	[CREATED] =
	    FIELD_TIME("created", 0, "sms_attachment", "when its row was made"),
	[STARTED] = FIELD("started", TIME, NONE, 0, "when the transfer began"),
	[RECEIVED] =
	    FIELD("message_time", TIME, NONE, 0, "time of its message"),
};

static const struct column columns[] = {
	CORE("filename", TEXT, FILENAME),
	COLUMN("transfer_name", TEXT, TRANSFER_NAME),
	COLUMN("created_date", MAC_AUTO, CREATED),
	COLUMN("start_date", MAC_AUTO, STARTED),
	COLUMN("uti", TEXT, UTI),
	COLUMN("mime_type", TEXT, MIME),
	COLUMN("total_bytes", INT, SIZE),
	COLUMN("transfer_state", INT, STATE),
	COLUMN("is_outgoing", BOOL, FROM_ME),
	COLUMN("guid", TEXT, GUID),
};
static const struct table attachment_table =
    TABLE("attachment", "ROWID", columns);

enum { C_ATTACHMENT, C_MESSAGE };

static const struct column join_columns[] = {
	[C_ATTACHMENT] = CORE("attachment_id", RAW, 0),
	[C_MESSAGE] = CORE("message_id", RAW, 0),
};
static const struct table join_table =
    TABLE("message_attachment_join", "ROWID", join_columns);

/* attachment -> message, as the row of an entry whose text is empty. */
static void
read_joins(struct artifact_ctx *ctx, struct sqlro *db, struct idmap *m)
{
	struct rows x;

	if (rows_open_optional(&x, ctx, db, &join_table)) {
		x.every = true;
		while (rows_next(&x))
			idmap_add(m, rows_int(&x, C_ATTACHMENT),
			    rows_int(&x, C_MESSAGE), str_from(""));
	}
	rows_close(&x);
	idmap_sort(m);
	if (m->full)
		note_why(
		    ctx->notes, NOTE_READ_LIMIT, 0, "too many attachments");
}

enum { Q_FROM_ME, Q_SERVICE, Q_DATE, Q_HANDLE };

/* The message of an attachment, with who sent it; NULL when it is not said. */
static struct sqlro_query *
message_query(struct sqlro *db)
{
	static const char *const needed[] = { "is_from_me", "service", "date",
		"handle_id" };
	struct sqlro_query *q;

	for (size_t i = 0; i < COUNT(needed); i++)
		if (!sqlro_has_column(db, "message", needed[i]))
			return NULL;
	if (!sqlro_has_column(db, "handle", "id") ||
	    sqlro_query(db,
		"SELECT m.is_from_me, m.service, m.date, h.id FROM message m "
		"LEFT JOIN handle h ON h.ROWID = m.handle_id "
		"WHERE m.ROWID = ?1",
		&q) != ERR_OK)
		return NULL;
	return q;
}

static void
put_message(struct rows *x, struct sqlro_query *q, int64_t message)
{
	struct record *r = &x->record;
	int64_t date;

	record_int(r, MESSAGE, message);
	if (q == NULL)
		return;
	sqlro_reset(q);
	sqlro_bind_int(q, 1, message);
	if (!sqlro_step(q))
		return;
	record_bool(r, FROM_ME, sqlro_int(q, Q_FROM_ME) != 0);
	if (sqlro_is_text(q, Q_SERVICE))
		record_text(r, SERVICE, sqlro_str(q, Q_SERVICE));
	if (sqlro_is_number(q, Q_DATE)) {
		date = sqlro_int(q, Q_DATE);
		record_time(r, RECEIVED, tstamp_mac_auto(date), (double)date);
	}
	if (sqlro_is_text(q, Q_HANDLE))
		address_put(r, PHONE, sqlro_str(q, Q_HANDLE));
}

/* "~/Library" is the home folder of the phone's one user. */
static void
put_path(struct rows *x, struct buf *path)
{
	struct str name = rows_text(x, FILENAME);

	if (name.n == 0)
		return;
	record_text(&x->record, FILE_NAME, str_basename(name));
	if (!str_starts(name, "~/"))
		return;
	buf_reset(path);
	buf_puts(path, "/private/var/mobile");
	buf_str(path, str_sub(name, 1, name.n));
	if (!path->full)
		record_text(&x->record, FILENAME, buf_text(path));
}

static enum err
read_attachments(
    struct artifact_ctx *ctx, struct sqlro *db, struct sqlro *lookup)
{
	struct sqlro_query *q = message_query(lookup);
	const struct idmap_entry *join;
	struct idmap joins;
	enum err e = ERR_OK;
	struct rows x;
	struct buf path;

	idmap_init(&joins, ctx->arena);
	buf_init(&path, LIMIT_PATH);
	read_joins(ctx, db, &joins);
	if (rows_open(&x, ctx, db, &attachment_table)) {
		while (e == ERR_OK && rows_next(&x)) {
			if ((join = idmap_find(&joins, x.key)) != NULL)
				put_message(&x, q, join->row);
			put_path(&x, &path);
			x.record.deliberate = say_is(&x.record, FROM_ME);
			x.record.role_set = x.record.deliberate;
			x.record.role = ROLE_MENTION;
			e = artifact_emit(ctx, &x.record);
		}
	}
	rows_close(&x);
	sqlro_query_free(q);
	buf_done(&path);
	return e;
}

static enum err
attachments_read(struct artifact_ctx *ctx, struct file *f)
{
	struct sqlro *db = NULL, *lookup = NULL;
	/* ios.sms reads the same file, and checks it. */
	enum err e = artifact_db_unchecked(ctx, f, &db);

	if (e == ERR_OK)
		e = artifact_db_lookup(ctx, f, &lookup);
	if (e == ERR_OK)
		e = read_attachments(ctx, db, lookup);
	sqlro_free(lookup);
	sqlro_free(db);
	return e;
}

static void
attachments_describe(const void *record, struct buf *out)
{
	static const size_t who[] = { PHONE, EMAIL, HANDLE };
	static const size_t what[] = { FILE_NAME, TRANSFER_NAME };
	const struct record *r = record;

	buf_puts(out, "attachment ");
	say_first(r, what, 2, "without a name", out);
	say_field(r, MIME, " (", ")", out);
	buf_puts(out, say_is(r, FROM_ME) ? " to " : " from ");
	say_first(r, who, 3, "somebody unknown", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "HomeDomain/Library/SMS/sms.db"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/SMS/sms.db"),
	PLACES_END,
};

const struct artifact artifact_ios_sms_attachments = {
	.summary = "files that came and went with messages",
	.schema = {.name = "ios.sms_attachments",
		   .version = 1,
		   .role = ROLE_DELIVERY,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = attachments_describe},
	.places = places,
	.read = attachments_read,
};
