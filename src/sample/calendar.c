#include "part.h"
#include "words.h"

/* What readers need of the calendar of iOS 17. */
static const char schema[] =
    "CREATE TABLE Calendar (ROWID INTEGER PRIMARY KEY AUTOINCREMENT,"
    " store_id INTEGER, title TEXT, flags INTEGER, color TEXT, type TEXT,"
    " external_id TEXT, UUID TEXT);"
    "CREATE TABLE CalendarItem (ROWID INTEGER PRIMARY KEY AUTOINCREMENT,"
    " summary TEXT, location_id INTEGER, description TEXT, start_date REAL,"
    " start_tz TEXT, end_date REAL, end_tz TEXT, all_day INTEGER,"
    " calendar_id INTEGER, organizer_id INTEGER, self_attendee_id INTEGER,"
    " status INTEGER, invitation_status INTEGER, url TEXT, last_modified"
    " REAL, external_id TEXT, unique_identifier TEXT, hidden INTEGER,"
    " has_recurrences INTEGER, has_attendees INTEGER, UUID TEXT,"
    " entity_type INTEGER, creation_date REAL, action TEXT, created_by_id"
    " INTEGER, conference_url TEXT, conference_url_detected TEXT);"
    "CREATE TABLE Participant (ROWID INTEGER PRIMARY KEY AUTOINCREMENT,"
    " entity_type INTEGER, type INTEGER, status INTEGER, role INTEGER,"
    " identity_id INTEGER, owner_id INTEGER, UUID TEXT, email TEXT,"
    " phone_number TEXT, is_self INTEGER, comment TEXT, last_modified REAL);";

struct calendar {
	struct rng rng;
	struct sdb_stmt *item, *person;
	int64_t rows;
};

/* An invitation by email. */
static void
put_invitation(struct calendar *c, const char *email, const char *title,
    const char *text, double mac_s)
{
	char uuid[37], other[37];

	c->rows++;
	SDB_ROW(c->person, CELL_I(c->rows), CELL_I(c->rows),
	    CELL_S(rng_uuid(&c->rng, other)), CELL_S(email), CELL_R(mac_s));
	SDB_ROW(c->item, CELL_I(c->rows), CELL_S(title), CELL_S(text),
	    CELL_R(mac_s + 86400), CELL_R(mac_s + 90000), CELL_I(c->rows),
	    CELL_R(mac_s), CELL_S(rng_uuid(&c->rng, uuid)), CELL_S(uuid),
	    CELL_R(mac_s));
}

/* The same with any words; link NULL: its text has none. */
static void
put_item(struct calendar *c, const char *email, const char *link, double mac_s)
{
	struct buf b;

	buf_init(&b, 4096);
	words_sentence(&c->rng, &b, 4, 9);
	if (link != NULL)
		buf_printf(&b, " %s", link);
	put_invitation(c, email, "sample item", buf_cstr(&b), mac_s);
	buf_done(&b);
}

static void
put_planted(struct calendar *c, const struct sample_plant *x, double mac_s)
{
	struct buf b;

	if (x->when_s != 0)
		mac_s = (double)(x->when_s - MAC_EPOCH);
	if (plant_is(x, "meeting")) {
		put_invitation(c, x->value, "Meeting", "Notes", mac_s);
		return;
	}
	if (plant_is(x, NULL)) {
		put_item(c, x->value, NULL, mac_s);
		return;
	}
	buf_init(&b, 4096);
	plant_url(x, &c->rng, &b);
	put_item(c, "friend@telassay.invalid", buf_cstr(&b), mac_s);
	buf_done(&b);
}

static void
calendar_write(struct phone *p)
{
	const size_t items = 30;
	struct sdb *db = sdb_new(schema);
	struct calendar c = { .rows = 0 };
	const struct sample_plant *x;
	struct spots spots;

	rng_init(&c.rng, p->o->seed, "calendar");
	sdb_exec(db, "INSERT INTO Calendar (store_id, title, type) VALUES"
		     " (1, 'Home', 'local')");
	c.item = sdb_prepare(db,
	    "INSERT INTO CalendarItem (ROWID, summary, description, start_date,"
	    " start_tz, end_date, end_tz, all_day, calendar_id, organizer_id,"
	    " status, url, last_modified, unique_identifier, hidden, UUID,"
	    " entity_type, creation_date) VALUES (?, ?, ?, ?,"
	    " 'Europe/Paris', ?, 'Europe/Paris', 0, 1, ?, 1, '', ?, ?, 0, ?,"
	    " 2, ?)");
	c.person = sdb_prepare(db,
	    "INSERT INTO Participant (ROWID, entity_type, type, status, role,"
	    " owner_id, UUID, email, is_self, last_modified) VALUES (?, 8, 0,"
	    " 1, 0, ?, ?, ?, 0, ?)");
	put_item(&c, "sample@telassay.invalid", NULL,
	    (double)(p->first_s - MAC_EPOCH));
	spots_init(&spots, p, "ios.calendar", items);
	for (size_t i = 0; i <= items; i++) {
		double mac_s = (double)(phone_time(p, i, items) - MAC_EPOCH);

		while ((x = spots_due(&spots, i)) != NULL)
			put_planted(&c, x, mac_s);
		if (i < items)
			put_item(&c, "friend@telassay.invalid", NULL, mac_s);
	}
	phone_db(
	    p, "HomeDomain", "Library/Calendar/Calendar.sqlitedb", db, true);
}

static const struct sample_form calendar_forms[] = {
	{"ios.calendar", NULL, SAMPLE_EMAIL, "who invites to an item" },
	{ "ios.calendar",  "link", SAMPLE_DOMAIN, "link in an item's text" },
	{ "ios.calendar",		  "meeting", SAMPLE_SIGN,
	    "who invites to \"Meeting\", \"Notes\"" },
	{ 0	    },
};

const struct part part_calendar = {
	.forms = calendar_forms,
	.write = calendar_write,
};
