#include "part.h"
#include "words.h"

/* CallHistory's Core Data store on iOS 17. */
static const char schema[] =
    "CREATE TABLE ZCALLDBPROPERTIES (Z_PK INTEGER PRIMARY KEY,"
    " Z_ENT INTEGER, Z_OPT INTEGER, ZTIMER_ALL FLOAT,"
    " ZTIMER_INCOMING FLOAT, ZTIMER_LAST FLOAT,"
    " ZTIMER_LAST_RESET FLOAT, ZTIMER_LIFETIME FLOAT,"
    " ZTIMER_OUTGOING FLOAT);"
    "CREATE TABLE ZCALLRECORD (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER,"
    " Z_OPT INTEGER, ZANSWERED INTEGER, ZCALL_CATEGORY INTEGER,"
    " ZCALLTYPE INTEGER, ZDISCONNECTED_CAUSE INTEGER,"
    " ZFACE_TIME_DATA INTEGER, ZFILTERED_OUT_REASON INTEGER,"
    " ZHANDLE_TYPE INTEGER, ZHASMESSAGE INTEGER,"
    " ZJUNKCONFIDENCE INTEGER, ZNUMBER_AVAILABILITY INTEGER,"
    " ZORIGINATED INTEGER, ZREAD INTEGER, ZVERIFICATIONSTATUS INTEGER,"
    " ZWASEMERGENCYCALL INTEGER, ZCOMMUNICATIONTRUSTSCORE INTEGER,"
    " ZINITIATOR INTEGER, ZLOCALPARTICIPANTHANDLE INTEGER,"
    " ZOUTGOINGLOCALPARTICIPANTHANDLE INTEGER, ZDATE TIMESTAMP,"
    " ZDURATION FLOAT, ZADDRESS VARCHAR, ZBLOCKEDBYEXTENSION VARCHAR,"
    " ZDEVICE_ID VARCHAR, ZIMAGEURL VARCHAR, ZISO_COUNTRY_CODE VARCHAR,"
    " ZJUNKIDENTIFICATIONCATEGORY VARCHAR,"
    " ZLOCALPARTICIPANTUUID VARCHAR, ZLOCATION VARCHAR, ZNAME VARCHAR,"
    " ZOUTGOINGLOCALPARTICIPANTUUID VARCHAR, ZPARTICIPANTGROUPUUID"
    " VARCHAR, ZREMINDERUUID VARCHAR, ZSERVICE_PROVIDER VARCHAR,"
    " ZUNIQUE_ID VARCHAR);"
    "CREATE TABLE ZHANDLE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER,"
    " Z_OPT INTEGER, ZTYPE INTEGER, ZNORMALIZEDVALUE VARCHAR,"
    " ZVALUE VARCHAR);"
    "CREATE TABLE Z_2REMOTEPARTICIPANTHANDLES"
    " (Z_2REMOTEPARTICIPANTCALLS INTEGER,"
    " Z_4REMOTEPARTICIPANTHANDLES INTEGER, PRIMARY KEY"
    " (Z_2REMOTEPARTICIPANTCALLS, Z_4REMOTEPARTICIPANTHANDLES));"
    "CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY,"
    " Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER);"
    "CREATE TABLE Z_METADATA (Z_VERSION INTEGER PRIMARY KEY,"
    " Z_UUID VARCHAR(255), Z_PLIST BLOB);"
    "CREATE TABLE Z_MODELCACHE (Z_CONTENT BLOB);";

struct calls {
	struct phone *p;
	struct rng rng;
	struct sdb_stmt *call, *handle, *joined;
	int64_t rows;
};

static void
put_call(
    struct calls *c, const char *address, const char *provider, double mac_s)
{
	bool mail = str_find(str_from(address), '@') < str_from(address).n;
	char uuid[37];

	c->rows++;
	SDB_ROW(c->call, CELL_I(c->rows), CELL_I(rng_below(&c->rng, 2)),
	    CELL_I(mail ? 3 : 2), CELL_I(rng_below(&c->rng, 2)), CELL_R(mac_s),
	    CELL_R(rng_unit(&c->rng) * 600), CELL_S(address), CELL_S(provider),
	    CELL_S(rng_uuid(&c->rng, uuid)));
	SDB_ROW(c->handle, CELL_I(c->rows), CELL_I(mail ? 3 : 2),
	    CELL_S(address), CELL_S(address));
	SDB_ROW(c->joined, CELL_I(c->rows), CELL_I(c->rows));
}

static void
calls_write(struct phone *p)
{
	const char facetime[] = "com.apple.FaceTime";
	struct sdb *db = sdb_new(schema);
	struct calls c = { .p = p };
	const struct sample_plant *x;
	struct spots spots;
	struct buf b;

	rng_init(&c.rng, p->o->seed, "calls");
	buf_init(&b, 64);
	c.call = sdb_prepare(db,
	    "INSERT INTO ZCALLRECORD (Z_PK, Z_ENT, Z_OPT, ZANSWERED,"
	    " ZCALL_CATEGORY, ZCALLTYPE, ZREAD, ZHANDLE_TYPE, ZORIGINATED,"
	    " ZDATE, ZDURATION, ZADDRESS, ZISO_COUNTRY_CODE, ZLOCATION,"
	    " ZSERVICE_PROVIDER, ZUNIQUE_ID) VALUES (?, 2, 1, ?, 1, 1, 1, ?,"
	    " ?, ?, ?, ?, 'us', '<<RecentsNumberLocationNotFound>>', ?, ?)");
	c.handle =
	    sdb_prepare(db, "INSERT INTO ZHANDLE VALUES (?, 4, 1, ?, ?, ?)");
	c.joined = sdb_prepare(
	    db, "INSERT INTO Z_2REMOTEPARTICIPANTHANDLES VALUES (?, ?)");
	spots_init(&spots, p, "ios.calls", p->o->calls);
	put_call(&c, "sample@telassay.invalid", facetime,
	    (double)(p->first_s - MAC_EPOCH));
	for (size_t i = 0; i <= p->o->calls; i++) {
		double mac_s =
		    (double)(phone_time(p, i, p->o->calls) - MAC_EPOCH);

		while ((x = spots_due(&spots, i)) != NULL)
			put_call(&c, x->value, facetime, mac_s);
		if (i == p->o->calls)
			break;
		buf_reset(&b);
		words_phone(&b, rng_below(&c.rng, 400));
		put_call(&c, buf_cstr(&b),
		    rng_chance(&c.rng, 800) ? "com.apple.Telephony" : facetime,
		    mac_s + rng_unit(&c.rng));
	}
	SDB_ROW(sdb_prepare(db,
		    "INSERT INTO Z_PRIMARYKEY VALUES (2, 'CallRecord', 0, ?)"),
	    CELL_I(c.rows));
	SDB_ROW(sdb_prepare(
		    db, "INSERT INTO Z_PRIMARYKEY VALUES (4, 'Handle', 0, ?)"),
	    CELL_I(c.rows));
	phone_db(p, "HomeDomain", "Library/CallHistoryDB/CallHistory.storedata",
	    db, true);
	buf_done(&b);
}

static const struct sample_form calls_forms[] = {
	{"ios.calls",   NULL, SAMPLE_EMAIL, "whom the call was with" },
	{ 0},
};

const struct part part_calls = {
	.forms = calls_forms,
	.write = calls_write,
};
