#include "calendar_people.h"
#include "links.h"
#include "rows.h"
#include "say.h"

/*
 * Calendar.sqlitedb: table CalendarItem, events and reminders, with who takes
 * part in them in Participant (organizer_id names the organizer's row there,
 * owner_id of a participant its item). Times are seconds since 2001. Birthdays
 * without a year stand in 1604, and people put what they like on any date.
 * Invitations come in by themselves; a known exploit left such items.
 */
enum {
	ORGANIZER_EMAIL,
	ORGANIZER_PHONE,
	ORGANIZER_SELF,
	PARTICIPANTS,
	URL,
	URLS,
	SUMMARY,
	DESCRIPTION,
	ALL_DAY,
	HIDDEN,
	ZONE,
	CALENDAR,
	UUID,
	IDENTIFIER,
	EXTERNAL_ID,
	ACTION,
	START,
	END,
	MODIFIED,
	CREATED,
	PERSON_MODIFIED,
	NFIELDS,
};

static const struct field fields[] = {
	[ORGANIZER_EMAIL] = FIELD(
	    "organizer_email", TEXT, EMAIL, 0, "address of who invited to it"),
	[ORGANIZER_PHONE] = FIELD(
	    "organizer_phone", TEXT, PHONE, 0, "number of who invited to it"),
	[ORGANIZER_SELF] = FIELD("organizer_is_self", BOOL, NONE, 0,
	    "whether the owner invited to it"),
	[PARTICIPANTS] = FIELD("participants", LIST, EMAIL, 0,
	    "addresses of all others who take part, but for the owner's"),
	[URL] = FIELD("url", TEXT, URL, 0, "the item's own link"),
	[URLS] = FIELD("urls", LIST, URL, 0,
	    "other links, in its text and to conferences"),
	[SUMMARY] = FIELD("summary", TEXT, NONE, FIELD_CONTENT, "its title"),
	[DESCRIPTION] =
	    FIELD("description", TEXT, NONE, FIELD_CONTENT, "its text"),
	[ALL_DAY] =
	    FIELD("all_day", BOOL, NONE, 0, "whether it takes whole days"),
	[HIDDEN] = FIELD("hidden", BOOL, NONE, 0, "whether it is not shown"),
	[ZONE] = FIELD("start_zone", TEXT, NONE, 0,
	    "time zone of its start; _float: wherever the phone is"),
	[CALENDAR] = FIELD("calendar_id", INT, NONE, 0, "row of its calendar"),
	[UUID] = FIELD("uuid", TEXT, NONE, 0, "its own identifier"),
	[IDENTIFIER] = FIELD("unique_identifier", TEXT, NONE, 0,
	    "identifier that all who take part share"),
	[EXTERNAL_ID] =
	    FIELD("external_id", TEXT, NONE, 0, "where a server keeps it"),
	[ACTION] =
	    FIELD("action", TEXT, NONE, 0, "what opening it does, as stored"),
	[START] = FIELD_TIME("start", FIELD_FILE_TIME | FIELD_NO_REACH,
	    "calendar_start",
	    "when it begins; absent for a birthday without a year"),
	[END] = FIELD_TIME("end", FIELD_FILE_TIME | FIELD_NO_REACH,
	    "calendar_end", "when it ends"),
	[MODIFIED] = FIELD_TIME("last_modified", 0, "calendar_modified",
	    "when it was last changed"),
	[CREATED] =
	    FIELD_TIME("created", 0, "calendar_created", "when it was made"),
	[PERSON_MODIFIED] =
	    FIELD_TIME("organizer_modified", 0, "calendar_organizer_modified",
		"when what is known of the organizer last changed"),
};

enum { C_ORGANIZER, C_START, C_END, C_CONFERENCE };

static const struct column columns[] = {
	[C_ORGANIZER] = CORE("organizer_id", RAW, 0),
	[C_START] = CORE("start_date", RAW_MAC_S, START),
	[C_END] = CORE("end_date", RAW_MAC_S, END),
	[C_CONFERENCE] = COLUMN("conference_url", RAW, URLS),
	COLUMN("conference_url_detected", RAW, URLS),
	CORE("summary", TEXT, SUMMARY),
	COLUMN("description", TEXT, DESCRIPTION),
	COLUMN("url", TEXT, URL),
	COLUMN("last_modified", MAC_S, MODIFIED),
	COLUMN("creation_date", MAC_S, CREATED),
	COLUMN("all_day", BOOL, ALL_DAY),
	COLUMN("hidden", BOOL, HIDDEN),
	COLUMN("start_tz", TEXT, ZONE),
	COLUMN("calendar_id", INT, CALENDAR),
	COLUMN("UUID", TEXT, UUID),
	COLUMN("unique_identifier", TEXT, IDENTIFIER),
	COLUMN("external_id", TEXT, EXTERNAL_ID),
	COLUMN("action", TEXT, ACTION),
};
static const struct table item_table = TABLE("CalendarItem", "ROWID", columns);

#define PEOPLE_MAX 256

struct calendar {
	struct artifact_ctx *ctx;
	struct people people;
	struct links links;
	struct str others[PEOPLE_MAX];
};

/* In the leap year 1604, two days more for any time zone. */
static bool
is_without_year(double mac_s)
{
	const double day = 86400, from = -12528172800.0;

	return mac_s >= from - 2 * day && mac_s < from + 368 * day;
}

/* Dates that people chose: a birthday without its year is none. */
static void
put_date(struct rows *x, unsigned column, size_t field)
{
	double raw = 0;
	int64_t ns;

	if (rows_is_number(x, column) && is_without_year(rows_real(x, column)))
		return;
	ns = rows_time(x, column, &raw);
	record_time(&x->record, field, ns, raw);
}

static void
put_organizer(struct calendar *c, struct rows *x)
{
	const struct person *p =
	    people_find(&c->people, rows_int(x, C_ORGANIZER));
	struct record *r = &x->record;

	if (p == NULL || !rows_is_number(x, C_ORGANIZER))
		return;
	if (p->email.n > 0)
		record_text(r, ORGANIZER_EMAIL, p->email);
	if (p->phone.n > 0)
		record_text(r, ORGANIZER_PHONE, p->phone);
	record_bool(r, ORGANIZER_SELF, p->is_self);
	record_time(r, PERSON_MODIFIED, p->modified_ns, p->modified_raw);
	/* Whom the owner invites was no delivery. */
	r->deliberate = p->is_self;
	r->role_set = p->is_self;
	r->role = ROLE_MENTION;
}

static void
put_participants(struct calendar *c, struct rows *x)
{
	int64_t organizer =
	    rows_is_number(x, C_ORGANIZER) ? rows_int(x, C_ORGANIZER) : -1;
	size_t n = 0;

	for (size_t i = people_of(&c->people, x->key); i < c->people.n; i++) {
		const struct person *p = &c->people.by_owner[i];

		if (p->owner != x->key)
			break;
		if (p->id == organizer || p->is_self || p->email.n == 0)
			continue;
		if (n == PEOPLE_MAX) {
			note_why(c->ctx->notes, NOTE_READ_LIMIT,
			    (uint64_t)x->key, "more than %d participants",
			    PEOPLE_MAX);
			break;
		}
		c->others[n++] = p->email;
	}
	if (n > 0)
		record_list(&x->record, PARTICIPANTS, c->others, n);
}

static void
put_links(struct calendar *c, struct rows *x)
{
	struct record *r = &x->record;
	struct links *l = &c->links;
	struct str url = rows_text(x, URL);
	size_t n = 0;

	/* Empty columns are common; they are no links. */
	if (url.n == 0)
		r->v[URL].type = VALUE_NONE;
	links_init(l);
	links_add(l, rows_str(x, C_CONFERENCE));
	links_add(l, rows_str(x, C_CONFERENCE + 1));
	links_text(l, rows_text(x, SUMMARY));
	links_text(l, rows_text(x, DESCRIPTION));
	for (size_t i = 0; i < l->n; i++)
		if (!str_eq(l->v[i], url))
			l->v[n++] = l->v[i];
	l->n = n;
	links_put(l, c->ctx, r, URLS);
}

static enum err
read_items(struct calendar *c, struct sqlro *db)
{
	enum err e = ERR_OK;
	struct rows x;

	if (rows_open(&x, c->ctx, db, &item_table)) {
		x.every = true; /* some of its times are looked at here */
		while (e == ERR_OK && rows_next(&x)) {
			put_date(&x, C_START, START);
			put_date(&x, C_END, END);
			put_organizer(c, &x);
			if (!artifact_wants_record(c->ctx, &x.record))
				continue;
			put_participants(c, &x);
			put_links(c, &x);
			e = artifact_emit(c->ctx, &x.record);
		}
	}
	rows_close(&x);
	return e;
}

static enum err
calendar_read(struct artifact_ctx *ctx, struct file *f)
{
	struct calendar *c = arena_alloc(ctx->arena, 1, sizeof(*c));
	struct sqlro *db = NULL;
	enum err e;

	if (c == NULL)
		return ERR_LIMIT;
	c->ctx = ctx;
	e = artifact_db(ctx, f, &db);
	if (e == ERR_OK) {
		people_read(&c->people, ctx, db);
		e = read_items(c, db);
	}
	sqlro_free(db);
	return e;
}

static void
calendar_describe(const void *record, struct buf *out)
{
	static const size_t who[] = { ORGANIZER_EMAIL, ORGANIZER_PHONE };
	const struct record *r = record;

	buf_puts(out, "calendar item");
	if (say_is(r, ORGANIZER_SELF)) {
		buf_puts(out, " of the owner");
	} else if (r->v[ORGANIZER_SELF].type == VALUE_BOOL) {
		buf_puts(out, " by ");
		say_first(r, who, 2, "somebody unknown", out);
	}
	say_count(r, PARTICIPANTS, "other", out);
	say_count(r, URLS, "link", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "HomeDomain/Library/Calendar/Calendar.sqlitedb"),
	PLACE(
	    IN_IOS_FS, "private/var/mobile/Library/Calendar/Calendar.sqlitedb"),
	PLACES_END,
};

const struct artifact artifact_ios_calendar = {
	.summary = "calendar items: when, who invited, and the links in them",
	.schema = {.name = "ios.calendar",
		   .version = 1,
		   .role = ROLE_DELIVERY,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = calendar_describe},
	.places = places,
	.read = calendar_read,
};
