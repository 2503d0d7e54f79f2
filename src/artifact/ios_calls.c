#include "address.h"
#include "idmap.h"
#include "rows.h"
#include "say.h"

/*
 * The history of phone and FaceTime calls. Table ZCALLRECORD of Core Data;
 * ZADDRESS is text, on some versions a blob that holds the same text. Calls
 * of several people name them through Z_<n>REMOTEPARTICIPANTHANDLES, whose
 * columns carry entity numbers that differ from version to version.
 */
enum {
	PHONE,
	EMAIL,
	HANDLE,
	PHONES,
	EMAILS,
	CONTACT,
	FROM_ME,
	ANSWERED,
	DURATION,
	SERVICE,
	LOCATION,
	COUNTRY,
	ID,
	TIME,
	NFIELDS,
};

static const struct field fields[] = {
	[PHONE] = FIELD("phone", TEXT, PHONE, 0, "number at the other end"),
	[EMAIL] = FIELD("email", TEXT, EMAIL, 0, "address at the other end"),
	[HANDLE] =
	    FIELD("handle", TEXT, NONE, 0, "the other end when it is neither"),
	[PHONES] = FIELD("phones", LIST, PHONE, 0,
	    "numbers of the people in a call of several"),
	[EMAILS] = FIELD("emails", LIST, EMAIL, 0,
	    "addresses of the people in a call of several"),
	[CONTACT] = FIELD(
	    "contact", TEXT, NONE, FIELD_CONTENT, "name kept with the call"),
	[FROM_ME] = FIELD(
	    "is_from_me", BOOL, NONE, 0, "whether the owner made the call"),
	[ANSWERED] =
	    FIELD("answered", BOOL, NONE, 0, "whether it was answered"),
	[DURATION] = FIELD("duration", REAL, NONE, 0, "how long, in seconds"),
	[SERVICE] = FIELD("service", TEXT, NONE, 0,
	    "app that carried it, as a bundle identifier"),
	[LOCATION] = FIELD(
	    "location", TEXT, NONE, 0, "place that the number belongs to"),
	[COUNTRY] = FIELD("country", TEXT, NONE, 0, "country code"),
	[ID] = FIELD("id", TEXT, NONE, 0, "the call's own identifier"),
	[TIME] = FIELD_TIME("time", 0, "call", "when it began"),
};

enum { C_PK, C_ADDRESS, C_FROM_ME };

static const struct column columns[] = {
	[C_PK] = CORE("Z_PK", RAW, 0),
	[C_ADDRESS] = CORE("ZADDRESS", RAW, PHONE),
	[C_FROM_ME] = COLUMN("ZORIGINATED", BOOL, FROM_ME),
	CORE("ZDATE", MAC_S, TIME),
	COLUMN("ZNAME", ANY_TEXT, CONTACT),
	COLUMN("ZANSWERED", BOOL, ANSWERED),
	COLUMN("ZDURATION", REAL, DURATION),
	COLUMN("ZSERVICE_PROVIDER", ANY_TEXT, SERVICE),
	COLUMN("ZLOCATION", ANY_TEXT, LOCATION),
	COLUMN("ZISO_COUNTRY_CODE", ANY_TEXT, COUNTRY),
	COLUMN("ZUNIQUE_ID", ANY_TEXT, ID),
};
static const struct table table = TABLE("ZCALLRECORD", "Z_PK", columns);

/*
 * The people of calls that have no address of their own. Columns of the join
 * table carry the numbers of the entities, which differ between versions.
 */
static const struct column join_4_columns[] = {
	CORE("Z_2REMOTEPARTICIPANTCALLS", RAW, 0),
	CORE("Z_4REMOTEPARTICIPANTHANDLES", RAW, 0),
};
static const struct column join_3_columns[] = {
	CORE("Z_2REMOTEPARTICIPANTCALLS", RAW, 0),
	CORE("Z_3REMOTEPARTICIPANTHANDLES", RAW, 0),
};
static const struct table join_tables[] = {
	TABLE("Z_2REMOTEPARTICIPANTHANDLES", "ROWID", join_4_columns),
	TABLE("Z_2REMOTEPARTICIPANTHANDLES", "ROWID", join_3_columns),
};
static const struct column handle_columns[] = {
	CORE("Z_PK", RAW, 0),
	CORE("ZVALUE", RAW, 0),
};
static const struct table handle_table =
    TABLE("ZHANDLE", "Z_PK", handle_columns);

#define PEOPLE_MAX 64

struct people {
	struct idmap joins;   /* call -> handle, as the row of an entry */
	struct idmap handles; /* handle -> address */
	struct str phones[PEOPLE_MAX], emails[PEOPLE_MAX];
};

static void
read_joins(struct artifact_ctx *ctx, struct sqlro *db, struct idmap *m)
{
	struct rows x;

	for (size_t i = 0; i < COUNT(join_tables); i++) {
		const struct table *t = &join_tables[i];

		if (!sqlro_has_column(db, t->name, t->columns[1].name))
			continue;
		if (rows_open_optional(&x, ctx, db, t)) {
			x.every = true;
			while (rows_next(&x))
				idmap_add(m, rows_int(&x, 0), rows_int(&x, 1),
				    str_from(""));
		}
		rows_close(&x);
	}
	idmap_sort(m);
}

static void
people_init(struct people *p, struct artifact_ctx *ctx, struct sqlro *db)
{
	struct rows x;

	idmap_init(&p->joins, ctx->arena);
	idmap_init(&p->handles, ctx->arena);
	read_joins(ctx, db, &p->joins);
	if (p->joins.n > 0 && rows_open_optional(&x, ctx, db, &handle_table)) {
		x.every = true;
		while (rows_next(&x))
			idmap_add(&p->handles, x.key, 0, rows_str(&x, 1));
		rows_close(&x);
	}
	idmap_sort(&p->handles);
	if (p->joins.full || p->handles.full)
		note_why(ctx->notes, NOTE_READ_LIMIT, 0, "too many people");
}

static void
people_put(struct people *p, struct rows *x)
{
	const struct idmap_entry *j = idmap_find(&p->joins, x->key), *h;
	size_t phones = 0, emails = 0;
	struct str s;

	for (; j != NULL && phones < PEOPLE_MAX && emails < PEOPLE_MAX;
	     j = idmap_next(&p->joins, j)) {
		if ((h = idmap_find(&p->handles, j->row)) == NULL)
			continue;
		s = h->text;
		if (address_kind(&s) == ADDRESS_EMAIL)
			p->emails[emails++] = s;
		else if (s.n > 0)
			p->phones[phones++] = s;
	}
	record_list(&x->record, PHONES, p->phones, phones);
	record_list(&x->record, EMAILS, p->emails, emails);
}

static enum err
read_calls(struct artifact_ctx *ctx, struct sqlro *db)
{
	enum err e = ERR_OK;
	struct people people;
	struct rows x;

	people_init(&people, ctx, db);
	if (rows_open(&x, ctx, db, &table)) {
		while (e == ERR_OK && rows_next(&x)) {
			address_put(&x.record, PHONE, rows_str(&x, C_ADDRESS));
			if (rows_str(&x, C_ADDRESS).n == 0)
				people_put(&people, &x);
			x.record.deliberate = rows_int(&x, C_FROM_ME) != 0;
			if (x.record.deliberate) {
				x.record.role_set = true;
				x.record.role = ROLE_MENTION;
			}
			e = artifact_emit(ctx, &x.record);
		}
	}
	rows_close(&x);
	return e;
}

static enum err
calls_read(struct artifact_ctx *ctx, struct file *f)
{
	struct sqlro *db = NULL;
	enum err e = artifact_db(ctx, f, &db);

	if (e == ERR_OK)
		e = read_calls(ctx, db);
	sqlro_free(db);
	return e;
}

static void
calls_describe(const void *record, struct buf *out)
{
	static const size_t who[] = { PHONE, EMAIL, HANDLE, PHONES, EMAILS };
	const struct record *r = record;

	buf_puts(out, say_is(r, FROM_ME) ? "call to " : "call from ");
	say_first(r, who, 5, "an unknown number", out);
	say_field(r, SERVICE, " by ", "", out);
	if (r->v[ANSWERED].type == VALUE_BOOL && !r->v[ANSWERED].b)
		buf_puts(out, ", not answered");
	else if (r->v[DURATION].type == VALUE_REAL)
		buf_printf(out, ", %.0f s", r->v[DURATION].real);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP,
	    "HomeDomain/Library/CallHistoryDB/CallHistory.storedata"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/CallHistoryDB/"
			 "CallHistory.storedata"),
	PLACES_END,
};

const struct artifact artifact_ios_calls = {
	.summary = "phone and FaceTime calls",
	.schema = {.name = "ios.calls",
		   .version = 1,
		   .role = ROLE_DELIVERY,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = calls_describe},
	.places = places,
	.read = calls_read,
};
