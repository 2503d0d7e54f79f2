#include "part.h"
#include "words.h"

/* Tables of Safari on iOS 17. */
static const char schema[] =
    "CREATE TABLE history_items (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " url TEXT NOT NULL UNIQUE, domain_expansion TEXT NULL,"
    " visit_count INTEGER NOT NULL, daily_visit_counts BLOB NOT NULL,"
    " weekly_visit_counts BLOB NULL, autocomplete_triggers BLOB NULL,"
    " should_recompute_derived_visit_counts INTEGER NOT NULL,"
    " visit_count_score INTEGER NOT NULL,"
    " status_code INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE history_visits (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " history_item INTEGER NOT NULL REFERENCES history_items(id)"
    " ON DELETE CASCADE, visit_time REAL NOT NULL, title TEXT NULL,"
    " load_successful BOOLEAN NOT NULL DEFAULT 1,"
    " http_non_get BOOLEAN NOT NULL DEFAULT 0,"
    " synthesized BOOLEAN NOT NULL DEFAULT 0,"
    " redirect_source INTEGER NULL UNIQUE REFERENCES history_visits(id)"
    " ON DELETE CASCADE, redirect_destination INTEGER NULL UNIQUE"
    " REFERENCES history_visits(id) ON DELETE CASCADE,"
    " origin INTEGER NOT NULL DEFAULT 0,"
    " generation INTEGER NOT NULL DEFAULT 0,"
    " attributes INTEGER NOT NULL DEFAULT 0,"
    " score INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE history_tombstones (id INTEGER PRIMARY KEY"
    " AUTOINCREMENT, start_time REAL NOT NULL, end_time REAL NOT NULL,"
    " url TEXT, generation INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE history_clients (id INTEGER PRIMARY KEY,"
    " last_seen REAL NOT NULL, remote_id TEXT);"
    "CREATE TABLE history_event_listeners (listener_name TEXT PRIMARY KEY"
    " NOT NULL UNIQUE, last_seen REAL NOT NULL);"
    "CREATE TABLE history_events (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " event_type TEXT NOT NULL, event_time REAL NOT NULL,"
    " pending_listeners TEXT NOT NULL, value BLOB);"
    "CREATE TABLE history_tags (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " type INTEGER NOT NULL, level INTEGER NOT NULL,"
    " identifier TEXT NOT NULL, title TEXT NOT NULL,"
    " modification_timestamp REAL NOT NULL, item_count INTEGER NOT NULL"
    " DEFAULT 0);"
    "CREATE TABLE history_items_to_tags (history_item INTEGER NOT NULL"
    " REFERENCES history_items(id) ON DELETE CASCADE,"
    " tag_id INTEGER NOT NULL REFERENCES history_tags(id)"
    " ON DELETE CASCADE, timestamp REAL NOT NULL,"
    " UNIQUE(history_item, tag_id) ON CONFLICT REPLACE);"
    "CREATE TABLE metadata (key TEXT NOT NULL UNIQUE, value);"
    "CREATE INDEX history_items__domain_expansion"
    " ON history_items (domain_expansion);"
    "CREATE INDEX history_visits__last_visit ON history_visits"
    " (history_item, visit_time DESC, synthesized ASC);"
    "CREATE INDEX history_visits__origin ON history_visits"
    " (origin, generation);"
    "CREATE INDEX history_tombstones__end_time"
    " ON history_tombstones (end_time DESC);"
    "INSERT INTO metadata VALUES ('sample', 'made by telassay sample');";

struct history {
	struct phone *p;
	struct rng rng;
	struct sdb *db;
	struct sdb_stmt *item, *visit;
	struct buf url, title;
	int64_t visits;
};

static void
history_init(struct history *h, struct phone *p, const char *label)
{
	*h = (struct history){ .p = p };
	rng_init(&h->rng, p->o->seed, label);
	buf_init(&h->url, 8192);
	buf_init(&h->title, 8192);
	h->db = sdb_new(schema);
	h->item = sdb_prepare(h->db,
	    "INSERT INTO history_items (url, domain_expansion, visit_count,"
	    " daily_visit_counts, should_recompute_derived_visit_counts,"
	    " visit_count_score) VALUES (?1, ?2, 1, x'01000000', 0, 100)"
	    " ON CONFLICT(url) DO UPDATE SET visit_count = visit_count + 1");
	h->visit = sdb_prepare(h->db,
	    "INSERT INTO history_visits (history_item, visit_time, title,"
	    " redirect_source, redirect_destination, origin) VALUES"
	    " ((SELECT id FROM history_items WHERE url = ?1), ?2, ?3, ?4, ?5,"
	    " 0)");
}

static void
history_close(struct history *h, const char *domain, const char *path)
{
	phone_db(h->p, domain, path, h->db, true);
	buf_done(&h->url);
	buf_done(&h->title);
}

/* The visit to h->url; source and destination are ids of visits, or 0. */
static void
put_visit(struct history *h, double mac_s, int64_t source, int64_t destination)
{
	struct str url = buf_text(&h->url), host;

	host = str_sub(url, str_find(url, ':') + 3, url.n);
	host = str_sub(host, 0, str_find(host, '.'));
	buf_reset(&h->title);
	words_sentence(&h->rng, &h->title, 1, 5);
	SDB_ROW(h->item, CELL_T(url), CELL_T(host));
	SDB_ROW(h->visit, CELL_T(url), CELL_R(mac_s),
	    CELL_T(buf_text(&h->title)), source ? CELL_I(source) : CELL_N,
	    destination ? CELL_I(destination) : CELL_N);
	h->visits++;
}

static double
visit_time(struct history *h, size_t i, size_t n)
{
	return (double)(phone_time(h->p, i, n) - MAC_EPOCH) + rng_unit(&h->rng);
}

/* Now and then http first, and 0.2 seconds later https of the same host. */
static size_t
put_filler(struct history *h, size_t i, size_t n)
{
	double mac_s = visit_time(h, i, n);
	struct buf b;

	buf_reset(&h->url);
	if (i + 1 == n || !rng_chance(&h->rng, 20)) {
		words_url(&h->rng, &h->url);
		put_visit(h, mac_s, 0, 0);
		return 1;
	}
	buf_init(&b, 8192);
	words_url(&h->rng, &b);
	buf_printf(&h->url, "http://%s", buf_cstr(&b) + 8);
	put_visit(h, mac_s, 0, h->visits + 2);
	buf_reset(&h->url);
	buf_str(&h->url, buf_text(&b));
	put_visit(h, mac_s + 0.2, h->visits, 0);
	buf_done(&b);
	return 2;
}

static void
put_planted(struct history *h, const struct sample_plant *x, double mac_s)
{
	if (x->when_s != 0)
		mac_s = (double)(x->when_s - MAC_EPOCH);
	buf_reset(&h->url);
	if (plant_is(x, "sent-on") || plant_is(x, "sent-on-port")) {
		buf_puts(&h->url, "http://");
		words_any_host(&h->rng, &h->url);
		buf_puts(&h->url, "/landing");
		put_visit(h, mac_s, 0, h->visits + 2);
		buf_reset(&h->url);
		buf_printf(&h->url, "https://%s%s/", x->value,
		    plant_is(x, "sent-on") ? "" : ":30495");
		put_visit(h, mac_s + 0.12, h->visits, 0);
		return;
	}
	if (plant_is(x, "redirect")) {
		words_url(&h->rng, &h->url);
		put_visit(h, mac_s, 0, h->visits + 2);
		buf_reset(&h->url);
		plant_url(x, &h->rng, &h->url);
		put_visit(h, mac_s + 2.5, h->visits, 0);
		return;
	}
	plant_url(x, &h->rng, &h->url);
	put_visit(h, mac_s, 0, 0);
}

static void
put_canary(struct history *h)
{
	buf_reset(&h->url);
	buf_puts(&h->url, "https://sample.telassay.invalid/");
	put_visit(h, visit_time(h, 0, 1000), 0, 0);
}

/* One database: that of the profile takes the plants of form "profile". */
static void
put_history(struct history *h, size_t n, bool profile)
{
	const struct sample_plant *x;
	struct spots spots;

	spots_init(&spots, h->p, "ios.safari_history", n);
	put_canary(h);
	for (size_t i = 0; i <= n;) {
		while ((x = spots_due(&spots, i)) != NULL)
			if (plant_is(x, "profile") == profile)
				put_planted(h, x, visit_time(h, i, n));
		i += i < n ? put_filler(h, i, n) : 1;
	}
}

static void
safari_write(struct phone *p)
{
	struct history h;

	history_init(&h, p, "safari");
	put_history(&h, p->o->visits, false);
	history_close(&h,
	    p->os_major < 13 ? "HomeDomain"
			     : "AppDomain-com.apple.mobilesafari",
	    "Library/Safari/History.db");
	if (p->os_major < 17)
		return;
	history_init(&h, p, "safari profile");
	put_history(&h, p->o->visits / 10, true);
	history_close(&h, "AppDomain-com.apple.mobilesafari",
	    "Library/Safari/Profiles/5A3F1E00-0000-4000-8000-00000000DA7A/"
	    "History.db");
}

static const struct sample_form safari_forms[] = {
	PLANT_URL_FORMS("ios.safari_history"),
	{"ios.safari_history",	"profile", SAMPLE_DOMAIN,
				"in the history of a profile (iOS 17)" },
	{ "ios.safari_history",		"redirect", SAMPLE_DOMAIN,
				"where a redirect led to" },
	{ "ios.safari_history",			"sent-on", SAMPLE_SIGN,
				"host that a page in clear led to within 0.12 s" },
	{ "ios.safari_history",	"sent-on-port", SAMPLE_SIGN,
				"the same, on port 30495" },
	{ 0},
};

const struct part part_safari = {
	.forms = safari_forms,
	.write = safari_write,
};
