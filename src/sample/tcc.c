#include <stdio.h>

#include "part.h"
#include "words.h"

/* TCC.db of iOS 14 on (version 20 of its schema). */
static const char schema[] =
    "CREATE TABLE admin (key TEXT PRIMARY KEY NOT NULL,"
    " value INTEGER NOT NULL);"
    "CREATE TABLE policies (id INTEGER NOT NULL PRIMARY KEY,"
    " bundle_id TEXT NOT NULL, uuid TEXT NOT NULL, display TEXT NOT NULL,"
    " UNIQUE (bundle_id, uuid));"
    "CREATE TABLE active_policy (client TEXT NOT NULL,"
    " client_type INTEGER NOT NULL, policy_id INTEGER NOT NULL,"
    " PRIMARY KEY (client, client_type),"
    " FOREIGN KEY (policy_id) REFERENCES policies(id)"
    " ON DELETE CASCADE ON UPDATE CASCADE);"
    "CREATE TABLE access_overrides (service TEXT NOT NULL PRIMARY KEY);"
    "CREATE TABLE expired (service TEXT NOT NULL, client TEXT NOT NULL,"
    " client_type INTEGER NOT NULL, csreq BLOB,"
    " last_modified INTEGER NOT NULL, expired_at INTEGER NOT NULL"
    " DEFAULT (CAST(strftime('%s','now') AS INTEGER)),"
    " PRIMARY KEY (service, client, client_type));"
    "CREATE TABLE access (service TEXT NOT NULL, client TEXT NOT NULL,"
    " client_type INTEGER NOT NULL, auth_value INTEGER NOT NULL,"
    " auth_reason INTEGER NOT NULL, auth_version INTEGER NOT NULL,"
    " csreq BLOB, policy_id INTEGER,"
    " indirect_object_identifier_type INTEGER,"
    " indirect_object_identifier TEXT NOT NULL DEFAULT 'UNUSED',"
    " indirect_object_code_identity BLOB, flags INTEGER,"
    " last_modified INTEGER NOT NULL"
    " DEFAULT (CAST(strftime('%s','now') AS INTEGER)),"
    " PRIMARY KEY (service, client, client_type,"
    " indirect_object_identifier),"
    " FOREIGN KEY (policy_id) REFERENCES policies(id)"
    " ON DELETE CASCADE ON UPDATE CASCADE);"
    "CREATE INDEX active_policy_id ON active_policy(policy_id);"
    "INSERT INTO admin VALUES ('version', 20);";

static const char *const services[] = { "kTCCServiceAddressBook",
	"kTCCServiceCalendar", "kTCCServiceCamera", "kTCCServiceLiverpool",
	"kTCCServiceMicrophone", "kTCCServiceMotion", "kTCCServicePhotos",
	"kTCCServiceUbiquity" };

static void
tcc_write(struct phone *p)
{
	const size_t n = p->o->processes;
	struct sdb *db = sdb_new(schema);
	const struct sample_plant *x;
	struct sdb_stmt *row;
	struct spots spots;
	struct rng r;

	rng_init(&r, p->o->seed, "tcc");
	row = sdb_prepare(db,
	    "INSERT OR IGNORE INTO access (service, client, client_type,"
	    " auth_value, auth_reason, auth_version, flags, last_modified)"
	    " VALUES (?, ?, ?, ?, ?, 1, 0, ?)");
	spots_init(&spots, p, "ios.tcc", n);
	SDB_ROW(row, CELL_S(services[2]), CELL_S("invalid.telassay.sample"),
	    CELL_I(0), CELL_I(0), CELL_I(2), CELL_I(p->first_s));
	for (size_t i = 0; i <= n; i++) {
		char app[64];

		while ((x = spots_due(&spots, i)) != NULL)
			SDB_ROW(row, CELL_S("kTCCServiceMicrophone"),
			    CELL_S(x->value), CELL_I(plant_is(x, "path")),
			    CELL_I(2), CELL_I(4),
			    CELL_I(plant_time(x, phone_time(p, i, n))));
		(void)snprintf(app, sizeof(app), "%s", words_any_app(&r));
		if (i >= 60)
			(void)snprintf(
			    app, sizeof(app), "com.example.app%zu", i);
		if (i < n)
			SDB_ROW(row, CELL_S(services[rng_below(&r, 8)]),
			    CELL_S(app), CELL_I(0),
			    CELL_I(rng_chance(&r, 800) ? 2 : 0),
			    CELL_I(rng_range(&r, 2, 4)),
			    CELL_I(phone_time(p, i, n)));
	}
	phone_db(p, "HomeDomain", "Library/TCC/TCC.db", db, true);
}

static const struct sample_form tcc_forms[] = {
	{"ios.tcc",	     NULL, SAMPLE_PROCESS, "client of the microphone" },
	{ "ios.tcc", "path", SAMPLE_SIGN, "the same, named by its path" },
	{ 0	     },
};

const struct part part_tcc = {
	.forms = tcc_forms,
	.write = tcc_write,
};
