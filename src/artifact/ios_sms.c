#include "address.h"
#include "idmap.h"
#include "links.h"
#include "rows.h"
#include "say.h"
#include "typedstream.h"

/*
 * Messages (SMS, MMS, iMessage): table message of sms.db, with handle for who
 * is at the other end. Times are seconds since 2001 up to iOS 10, nanoseconds
 * since. Since iOS 14 the text may stand only in attributedBody, a typed
 * stream; link previews stand in payload_data, earlier versions of edited
 * messages in message_summary_info. Row numbers (AUTOINCREMENT) are given in
 * order and not given again: a number without a row is a message that was
 * removed, by the owner as a rule.
 */
enum {
	PHONE,
	EMAIL,
	HANDLE,
	FROM_ME,
	SERVICE,
	URLS,
	TEXT,
	SUBJECT,
	BALLOON,
	GUID,
	BEFORE,
	AFTER,
	REMOVED,
	RECEIVED,
	SENT,
	DELIVERED,
	READ,
	PLAYED,
	EDITED,
	RETRACTED,
	NFIELDS,
};

static const struct field fields[] = {
	[PHONE] = FIELD("phone", TEXT, PHONE, 0, "number at the other end"),
	[EMAIL] = FIELD("email", TEXT, EMAIL, 0, "address at the other end"),
	[HANDLE] = FIELD("handle", TEXT, NONE, 0,
	    "the other end when it is neither, such as a short code"),
	[FROM_ME] =
	    FIELD("is_from_me", BOOL, NONE, 0, "whether the owner sent it"),
	[SERVICE] = FIELD("service", TEXT, NONE, 0, "SMS or iMessage"),
	[URLS] = FIELD("urls", LIST, URL, 0,
	    "links in text, rich text, subject, preview and earlier versions"),
	[TEXT] = FIELD("text", TEXT, NONE, FIELD_CONTENT, "what it says"),
	[SUBJECT] = FIELD("subject", TEXT, NONE, FIELD_CONTENT, "its subject"),
	[BALLOON] = FIELD("balloon", TEXT, NONE, 0,
	    "extension that shows it, such as the one for links"),
	[GUID] = FIELD("guid", TEXT, NONE, 0, "its own identifier"),
	[BEFORE] = FIELD("missing_before", INT, NONE, 0,
	    "row numbers just below its own that have no row"),
	[AFTER] = FIELD("missing_after", INT, NONE, 0,
	    "of the last message: row numbers above its own that were given "
	    "out and have no row"),
	[REMOVED] = FIELD("removed_messages", INT, NONE, 0,
	    "of the last message: all row numbers that have no row"),
	[RECEIVED] =
	    FIELD_TIME("received", 0, "sms_received", "when it came in"),
	[SENT] = FIELD_TIME("sent", 0, "sms_sent", "when the owner sent it"),
	[DELIVERED] = FIELD_TIME("delivered", 0, "sms_delivered",
	    "when the other end, or this phone, had it"),
	[READ] = FIELD_TIME("read", 0, "sms_read", "when it was read"),
	[PLAYED] = FIELD_TIME("played", 0, "sms_played", "when it was played"),
	[EDITED] = FIELD_TIME("edited", 0, "sms_edited", "when it was changed"),
	[RETRACTED] = FIELD_TIME(
	    "retracted", 0, "sms_retracted", "when it was taken back"),
};

enum {
	C_DATE,
	C_FROM_ME,
	C_HANDLE,
	C_BODY,
	C_PAYLOAD,
	C_SUMMARY,
};

static const struct column columns[] = {
	[C_DATE] = CORE("date", MAC_AUTO, RECEIVED),
	[C_FROM_ME] = CORE("is_from_me", BOOL, FROM_ME),
	[C_HANDLE] = CORE("handle_id", RAW, HANDLE),
	[C_BODY] = COLUMN("attributedBody", RAW, TEXT),
	[C_PAYLOAD] = COLUMN("payload_data", RAW, URLS),
	[C_SUMMARY] = COLUMN("message_summary_info", RAW, URLS),
	CORE("text", TEXT, TEXT),
	COLUMN("subject", TEXT, SUBJECT),
	COLUMN("date_delivered", MAC_AUTO, DELIVERED),
	COLUMN("date_read", MAC_AUTO, READ),
	COLUMN("date_played", MAC_AUTO, PLAYED),
	COLUMN("date_edited", MAC_AUTO, EDITED),
	COLUMN("date_retracted", MAC_AUTO, RETRACTED),
	COLUMN("service", TEXT, SERVICE),
	COLUMN("balloon_bundle_id", TEXT, BALLOON),
	COLUMN("guid", TEXT, GUID),
};
static const struct table message_table = TABLE("message", "ROWID", columns);

static const struct column handle_columns[] = {
	CORE("id", RAW, 0),
};
static const struct table handle_table =
    TABLE("handle", "ROWID", handle_columns);

/* All handles: a few thousand on phones that are used a lot. */
static void
read_handles(struct artifact_ctx *ctx, struct sqlro *db, struct idmap *m)
{
	struct rows x;

	if (rows_open(&x, ctx, db, &handle_table)) {
		x.every = true;
		while (rows_next(&x))
			idmap_add(m, x.key, x.key, rows_str(&x, 0));
	}
	rows_close(&x);
	idmap_sort(m);
	if (m->full)
		note_why(ctx->notes, NOTE_READ_LIMIT, 0, "too many handles");
}

static void
put_body(struct rows *x, struct links *l, struct arena *a)
{
	struct str body = rows_str(x, C_BODY);
	struct typedstream_text t;

	/* The same text and no link beside it, as a rule. */
	if (body.n == 0 ||
	    typedstream_says(cur_from(body.p, body.n), rows_text(x, TEXT)) ||
	    !typedstream_parse(cur_from(body.p, body.n), a, x->ctx->notes, &t))
		return;
	/* The same text, as a rule: then its links are known already. */
	if (!str_eq(t.text, rows_text(x, TEXT)))
		links_text(l, t.text);
	if (x->record.v[TEXT].type == VALUE_NONE)
		record_text(&x->record, TEXT, t.text);
	for (size_t i = 0; i < t.nlinks; i++)
		links_add(l, t.links[i]);
}

static void
put_links(struct rows *x, struct links *l, struct arena *a)
{
	const struct notes *n = x->ctx->notes;

	arena_reset(a);
	links_init(l);
	links_text(l, rows_text(x, TEXT));
	put_body(x, l, a);
	links_text(l, rows_text(x, SUBJECT));
	links_blob(l, rows_str(x, C_PAYLOAD), a, n);
	links_blob(l, rows_str(x, C_SUMMARY), a, n);
	links_put(l, x->ctx, &x->record, URLS);
}

/* What the owner sent was no delivery: it shows that the value is known. */
static void
put_direction(struct rows *x, const struct idmap *handles)
{
	struct record *r = &x->record;
	const struct idmap_entry *h =
	    idmap_find(handles, rows_int(x, C_HANDLE));

	if (h != NULL)
		address_put(r, PHONE, h->text);
	if (rows_int(x, C_FROM_ME) == 0)
		return;
	r->v[SENT] = r->v[RECEIVED];
	r->v[RECEIVED] = (struct value){ .type = VALUE_NONE };
	r->deliberate = true;
	r->role_set = true;
	r->role = ROLE_MENTION;
}

/* Row numbers and how far they were met. */
struct numbers {
	int64_t given; /* the largest that was given out; -1: not known */
	int64_t top;   /* the largest that has a row */
	int64_t last;  /* of the row before */
	int64_t removed;
};

static void
numbers_init(struct numbers *n, struct sqlro *db)
{
	*n = (struct numbers){ .top = -1 };
	if (sqlro_has_column(db, "message", "date"))
		n->top = sqlro_number(db, "SELECT max(ROWID) FROM message");
	n->given = sqlro_sequence(db, "message");
}

/* Behind damage nothing is said: what it hides was not removed. */
static void
put_numbers(struct rows *x, struct numbers *n)
{
	struct record *r = &x->record;
	int64_t key = x->key;

	/* The second pass leaves rows out. */
	if (x->ctx->wants != NULL || rows_broken(x) || key <= n->last)
		return;
	if (key - n->last > 1)
		record_int(r, BEFORE, key - n->last - 1);
	n->removed += key - n->last - 1;
	n->last = key;
	if (key != n->top)
		return;
	if (n->given > key) {
		record_int(r, AFTER, n->given - key);
		n->removed += n->given - key;
	}
	if (n->removed > 0)
		record_int(r, REMOVED, n->removed);
}

static enum err
read_messages(struct artifact_ctx *ctx, struct sqlro *db)
{
	enum err e = ERR_OK;
	struct numbers numbers;
	struct idmap handles;
	struct arena scratch;
	struct links links;
	struct rows x;

	idmap_init(&handles, ctx->arena);
	arena_init(&scratch, LIMIT_ARENA);
	read_handles(ctx, db, &handles);
	numbers_init(&numbers, db);
	if (rows_open(&x, ctx, db, &message_table)) {
		while (e == ERR_OK && rows_next(&x)) {
			put_direction(&x, &handles);
			put_links(&x, &links, &scratch);
			put_numbers(&x, &numbers);
			e = artifact_emit(ctx, &x.record);
		}
	}
	rows_close(&x);
	arena_done(&scratch);
	return e;
}

static enum err
sms_read(struct artifact_ctx *ctx, struct file *f)
{
	struct sqlro *db = NULL;
	enum err e = artifact_db(ctx, f, &db);

	if (e == ERR_OK)
		e = read_messages(ctx, db);
	sqlro_free(db);
	return e;
}

static void
sms_describe(const void *record, struct buf *out)
{
	static const size_t who[] = { PHONE, EMAIL, HANDLE };
	const struct record *r = record;

	if (r->v[SERVICE].type == VALUE_TEXT)
		value_text(&r->v[SERVICE], out);
	else
		buf_puts(out, "message");
	buf_puts(out, say_is(r, FROM_ME) ? " to " : " from ");
	say_first(r, who, 3, "somebody unknown", out);
	say_count(r, URLS, "link", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "HomeDomain/Library/SMS/sms.db"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/SMS/sms.db"),
	PLACES_END,
};

const struct artifact artifact_ios_sms = {
	.summary = "SMS and iMessage: who, when, and the links in them",
	.schema = {.name = "ios.sms",
		   .version = 1,
		   .role = ROLE_DELIVERY,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = sms_describe},
	.places = places,
	.read = sms_read,
};
