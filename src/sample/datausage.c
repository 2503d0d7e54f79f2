#include <stdio.h>
#include <string.h>

#include "part.h"
#include "words.h"

/* Core Data store of the radio's daemon, iOS 13 on. */
static const char schema[] =
    "CREATE TABLE ZCHECKUPEVENT (Z_PK INTEGER PRIMARY KEY,"
    " Z_ENT INTEGER, Z_OPT INTEGER, ZTIMESTAMP TIMESTAMP,"
    " ZSYNDROMEID VARCHAR);"
    "CREATE TABLE ZDEMOLIVEUSAGE (Z_PK INTEGER PRIMARY KEY,"
    " Z_ENT INTEGER, Z_OPT INTEGER, ZINCARNATION INTEGER,"
    " ZWIFIIN INTEGER, ZWIFIOUT INTEGER, ZWWANIN INTEGER,"
    " ZWWANOUT INTEGER, ZTIMESTAMP TIMESTAMP);"
    "CREATE TABLE ZLIVEUSAGE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER,"
    " Z_OPT INTEGER, ZKIND INTEGER, ZMETADATA INTEGER, ZTAG INTEGER,"
    " ZHASPROCESS INTEGER, ZBILLCYCLEEND TIMESTAMP,"
    " ZTIMESTAMP TIMESTAMP, ZWIFIIN FLOAT, ZWIFIOUT FLOAT,"
    " ZWWANIN FLOAT, ZWWANOUT FLOAT);"
    "CREATE TABLE ZPROCESS (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER,"
    " Z_OPT INTEGER, ZFIRSTTIMESTAMP TIMESTAMP, ZTIMESTAMP TIMESTAMP,"
    " ZBUNDLENAME VARCHAR, ZPROCNAME VARCHAR);"
    "CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY,"
    " Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER);"
    "CREATE TABLE Z_METADATA (Z_VERSION INTEGER PRIMARY KEY,"
    " Z_UUID VARCHAR(255), Z_PLIST BLOB);"
    "CREATE TABLE Z_MODELCACHE (Z_CONTENT BLOB);"
    "CREATE INDEX ZLIVEUSAGE_ZHASPROCESS_INDEX"
    " ON ZLIVEUSAGE (ZHASPROCESS);";

struct usage {
	struct phone *p;
	struct rng rng;
	struct sdb_stmt *process, *live;
	int64_t processes, lives;
};

/* One process, its name as in ZPROCNAME, and one or two periods of traffic. */
static void
put_process(struct usage *u, const char *name, const char *bundle, double mac_s)
{
	double end = (double)(u->p->last_s - MAC_EPOCH);
	double later = mac_s + rng_unit(&u->rng) * 500000;

	if (later > end)
		later = end;
	u->processes++;
	SDB_ROW(u->process, CELL_I(u->processes), CELL_R(mac_s), CELL_R(later),
	    CELL_S(bundle), CELL_S(name));
	for (uint64_t n = rng_range(&u->rng, 1, 2); n > 0; n--)
		SDB_ROW(u->live, CELL_I(++u->lives), CELL_I(u->processes),
		    CELL_R(later), CELL_R((double)rng_below(&u->rng, 9000000)),
		    CELL_R((double)rng_below(&u->rng, 900000)),
		    CELL_R((double)rng_below(&u->rng, 9000000)),
		    CELL_R((double)rng_below(&u->rng, 900000)));
}

/* What removal leaves: its key is given to no row, or its usage stays. */
static void
put_removed(struct usage *u, bool orphan, double mac_s)
{
	u->processes++;
	if (orphan)
		SDB_ROW(u->live, CELL_I(++u->lives), CELL_I(u->processes),
		    CELL_R(mac_s), CELL_R(0), CELL_R(0), CELL_R(1500),
		    CELL_R(900));
}

/* Names are "process/bundle" in nearly every row of a real phone. */
static void
put_filler(struct usage *u, size_t i, double mac_s)
{
	static const char *const daemons[] = { "mDNSResponder", "nsurlsessiond",
		"cloudd", "apsd", "geod", "locationd", "mobileassetd" };
	const char *bundle = words_any_app(&u->rng);
	char name[128], invented[64];

	(void)snprintf(invented, sizeof(invented), "com.example.app%zu", i);
	if (i >= 30)
		bundle = invented;
	if (i == 0) {
		put_process(u, "CumulativeUsageTracker", NULL, mac_s);
		return;
	}
	(void)snprintf(name, sizeof(name), "%s/%s",
	    rng_chance(&u->rng, 300) ? "1FB47783-A2FE-47D9-B256-DF50EF44BBA4"
				     : daemons[rng_below(&u->rng, 7)],
	    bundle);
	put_process(u, name, bundle, mac_s);
}

static void
put_planted(struct usage *u, const struct sample_plant *x, double mac_s)
{
	char name[256];

	if (x->when_s != 0)
		mac_s = (double)(x->when_s - MAC_EPOCH);
	(void)snprintf(name, sizeof(name), "%s", x->value);
	if (plant_is(x, "gap") || plant_is(x, "orphan")) {
		put_removed(u, plant_is(x, "orphan"), mac_s);
	} else if (plant_is(x, "pair")) {
		(void)snprintf(name, sizeof(name),
		    "%s/com.apple.datausage.general", x->value);
		put_process(u, name, "com.apple.datausage.general", mac_s);
	} else if (plant_is(x, "bundle")) {
		(void)snprintf(
		    name, sizeof(name), "NotificationServ/%s", x->value);
		put_process(u, name, x->value, mac_s);
	} else {
		if (plant_is(x, "cut"))
			name[16] = '\0';
		put_process(u, name, NULL, mac_s);
	}
}

static void
prepare(struct usage *u, struct sdb *db)
{
	u->process = sdb_prepare(
	    db, "INSERT INTO ZPROCESS VALUES (?, 7, 1, ?, ?, ?, ?)");
	u->live = sdb_prepare(db,
	    "INSERT INTO ZLIVEUSAGE VALUES (?, 5, 1, 0, 0, 1, ?, NULL, ?, ?,"
	    " ?, ?, ?)");
}

/* The highest key of each entity. */
static void
put_keys(struct usage *u, struct sdb *db)
{
	static const char *const entities[] = { "CheckUpEvent", "DemoLiveUsage",
		"Event", "EventScene", "LiveUsage", "Peer", "Process",
		"TshootingData", "WiFiData" };
	struct sdb_stmt *keys = sdb_prepare(
	    db, "INSERT OR REPLACE INTO Z_PRIMARYKEY VALUES (?, ?, 0, ?)");

	for (int64_t i = 0; i < 9; i++)
		SDB_ROW(keys, CELL_I(i + 1), CELL_S(entities[i]),
		    CELL_I(i == 4   ? u->lives
			   : i == 6 ? u->processes
				    : 0));
}

/* What was planted to stand in the log only; false: there is no log. */
static bool
put_log(struct usage *u, struct sdb *db)
{
	const struct sample_plant *x;
	struct spots spots;
	bool any = false;

	spots_init(&spots, u->p, "ios.datausage", 0);
	while ((x = spots_due(&spots, 0)) != NULL) {
		if (!plant_is(x, "wal"))
			continue;
		if (!any) {
			sdb_start_wal(db);
			prepare(u, db);
		}
		any = true;
		put_planted(u, x, (double)(u->p->last_s - MAC_EPOCH - 7200));
	}
	if (any)
		put_keys(u, db);
	return any;
}

static void
datausage_write(struct phone *p)
{
	struct sdb *db = sdb_new(schema);
	struct usage u = { .p = p };
	const struct sample_plant *x;
	struct spots spots;
	bool wal;

	rng_init(&u.rng, p->o->seed, "datausage");
	prepare(&u, db);
	spots_init(&spots, p, "ios.datausage", p->o->processes);
	put_process(&u, "telassay-sample/invalid.telassay.sample",
	    "invalid.telassay.sample", (double)(p->first_s - MAC_EPOCH));
	for (size_t i = 0; i <= p->o->processes; i++) {
		double mac_s =
		    (double)(phone_time(p, i, p->o->processes) - MAC_EPOCH);

		while ((x = spots_due(&spots, i)) != NULL)
			if (!plant_is(x, "wal"))
				put_planted(&u, x, mac_s);
		if (i < p->o->processes)
			put_filler(&u, i, mac_s + rng_unit(&u.rng));
	}
	put_keys(&u, db);
	wal = put_log(&u, db);
	phone_db(
	    p, "WirelessDomain", "Library/Databases/DataUsage.sqlite", db, wal);
}

static const struct sample_form datausage_forms[] = {
	{"ios.datausage",  NULL, SAMPLE_PROCESS, "process name alone" },
	{ "ios.datausage",  "pair", SAMPLE_PROCESS, "VALUE/bundle" },
	{ "ios.datausage",		   "bundle", SAMPLE_PROCESS, "process/VALUE" },
	{ "ios.datausage",	   "cut", SAMPLE_PROCESS, "its first 16 bytes" },
	{ "ios.datausage",  "wal", SAMPLE_PROCESS, "in the -wal file only" },
	{ "ios.datausage", "gap", SAMPLE_SIGN,
	    "its row and usage were removed" },
	{ "ios.datausage",  "orphan", SAMPLE_SIGN,
	    "its row was removed, its usage left" },
	{ 0	      },
};

const struct part part_datausage = {
	.forms = datausage_forms,
	.write = datausage_write,
};
