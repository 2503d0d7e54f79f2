#include <stdio.h>
#include <string.h>

#include "hash.h"
#include "part.h"
#include "words.h"

/* WhatsApp's tables that hold messages, as of its version 22. */
static const char schema[] =
    "CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY,"
    " Z_ENT INTEGER, Z_OPT INTEGER, ZARCHIVED INTEGER,"
    " ZCONTACTABID INTEGER, ZFLAGS INTEGER, ZHIDDEN INTEGER,"
    " ZIDENTITYVERIFICATIONEPOCH INTEGER,"
    " ZIDENTITYVERIFICATIONSTATE INTEGER, ZMESSAGECOUNTER INTEGER,"
    " ZREMOVED INTEGER, ZSESSIONTYPE INTEGER, ZSPOTLIGHTSTATUS INTEGER,"
    " ZUNREADCOUNT INTEGER, ZGROUPINFO INTEGER, ZLASTMESSAGE INTEGER,"
    " ZPROPERTIES INTEGER, ZLASTMESSAGEDATE TIMESTAMP,"
    " ZLOCATIONSHARINGENDDATE TIMESTAMP, ZCONTACTIDENTIFIER VARCHAR,"
    " ZCONTACTJID VARCHAR, ZETAG VARCHAR, ZLASTMESSAGETEXT VARCHAR,"
    " ZPARTNERNAME VARCHAR, ZSAVEDINPUT VARCHAR);"
    "CREATE TABLE ZWAGROUPINFO (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER,"
    " Z_OPT INTEGER, ZSTATE INTEGER, ZCHATSESSION INTEGER,"
    " ZLASTMESSAGEOWNER INTEGER, ZCREATIONDATE TIMESTAMP,"
    " ZSUBJECTTIMESTAMP TIMESTAMP, ZCREATORJID VARCHAR,"
    " ZOWNERJID VARCHAR, ZPICTUREID VARCHAR, ZPICTUREPATH VARCHAR,"
    " ZSOURCEJID VARCHAR, ZSUBJECTOWNERJID VARCHAR);"
    "CREATE TABLE ZWAGROUPMEMBER (Z_PK INTEGER PRIMARY KEY,"
    " Z_ENT INTEGER, Z_OPT INTEGER, ZCONTACTABID INTEGER,"
    " ZISACTIVE INTEGER, ZISADMIN INTEGER, ZSENDERKEYSENT INTEGER,"
    " ZCHATSESSION INTEGER, ZRECENTGROUPCHAT INTEGER,"
    " ZCONTACTIDENTIFIER VARCHAR, ZCONTACTNAME VARCHAR,"
    " ZFIRSTNAME VARCHAR, ZMEMBERJID VARCHAR);"
    "CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER,"
    " Z_OPT INTEGER, ZCHILDMESSAGESDELIVEREDCOUNT INTEGER,"
    " ZCHILDMESSAGESPLAYEDCOUNT INTEGER,"
    " ZCHILDMESSAGESREADCOUNT INTEGER, ZDATAITEMVERSION INTEGER,"
    " ZDOCID INTEGER, ZENCRETRYCOUNT INTEGER,"
    " ZFILTEREDRECIPIENTCOUNT INTEGER, ZFLAGS INTEGER,"
    " ZGROUPEVENTTYPE INTEGER, ZISFROMME INTEGER,"
    " ZMESSAGEERRORSTATUS INTEGER, ZMESSAGESTATUS INTEGER,"
    " ZMESSAGETYPE INTEGER, ZSORT INTEGER, ZSPOTLIGHTSTATUS INTEGER,"
    " ZSTARRED INTEGER, ZCHATSESSION INTEGER, ZGROUPMEMBER INTEGER,"
    " ZLASTSESSION INTEGER, ZMEDIAITEM INTEGER, ZMESSAGEINFO INTEGER,"
    " ZPARENTMESSAGE INTEGER, ZMESSAGEDATE TIMESTAMP,"
    " ZSENTDATE TIMESTAMP, ZFROMJID VARCHAR, ZMEDIASECTIONID VARCHAR,"
    " ZPHASH VARCHAR, ZPUSHNAME VARCHAR, ZSTANZAID VARCHAR,"
    " ZTEXT VARCHAR, ZTOJID VARCHAR);"
    "CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER,"
    " Z_OPT INTEGER, ZCLOUDSTATUS INTEGER, ZFILESIZE INTEGER,"
    " ZMEDIAORIGIN INTEGER, ZMOVIEDURATION INTEGER, ZMESSAGE INTEGER,"
    " ZASPECTRATIO FLOAT, ZHACCURACY FLOAT, ZLATITUDE FLOAT,"
    " ZLONGITUDE FLOAT, ZMEDIAURLDATE TIMESTAMP, ZAUTHORNAME VARCHAR,"
    " ZCOLLECTIONNAME VARCHAR, ZMEDIALOCALPATH VARCHAR,"
    " ZMEDIAURL VARCHAR, ZTHUMBNAILLOCALPATH VARCHAR, ZTITLE VARCHAR,"
    " ZVCARDNAME VARCHAR, ZVCARDSTRING VARCHAR, ZXMPPTHUMBPATH VARCHAR,"
    " ZMEDIAKEY BLOB, ZMETADATA BLOB);"
    "CREATE TABLE ZWAMESSAGEDATAITEM (Z_PK INTEGER PRIMARY KEY,"
    " Z_ENT INTEGER, Z_OPT INTEGER, ZINDEX INTEGER,"
    " ZOWNSTHUMBNAIL INTEGER, ZTYPE INTEGER, ZMESSAGE INTEGER,"
    " ZDATE TIMESTAMP, ZCHATJID VARCHAR, ZCONTENT1 VARCHAR,"
    " ZCONTENT2 VARCHAR, ZMATCHEDTEXT VARCHAR, ZSECTIONID VARCHAR,"
    " ZSENDERJID VARCHAR, ZSUMMARY VARCHAR, ZTHUMBNAILPATH VARCHAR,"
    " ZTITLE VARCHAR);"
    "CREATE TABLE ZWAMESSAGEINFO (Z_PK INTEGER PRIMARY KEY,"
    " Z_ENT INTEGER, Z_OPT INTEGER, ZMESSAGE INTEGER,"
    " ZRECEIPTINFO BLOB);"
    "CREATE TABLE ZWAPROFILEPUSHNAME (Z_PK INTEGER PRIMARY KEY,"
    " Z_ENT INTEGER, Z_OPT INTEGER, ZJID VARCHAR, ZPUSHNAME VARCHAR);"
    "CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY,"
    " Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER);"
    "CREATE TABLE Z_METADATA (Z_VERSION INTEGER PRIMARY KEY,"
    " Z_UUID VARCHAR(255), Z_PLIST BLOB);"
    "CREATE TABLE Z_MODELCACHE (Z_CONTENT BLOB);"
    "CREATE INDEX ZWAMESSAGE_ZCHATSESSION_INDEX"
    " ON ZWAMESSAGE (ZCHATSESSION);"
    "CREATE INDEX ZWAMEDIAITEM_ZMESSAGE_INDEX"
    " ON ZWAMEDIAITEM (ZMESSAGE);"
    "CREATE INDEX ZWAMESSAGEDATAITEM_ZMESSAGE_INDEX"
    " ON ZWAMESSAGEDATAITEM (ZMESSAGE);"
    "CREATE INDEX Z_WAMessage_byMessageDateIndex"
    " ON ZWAMESSAGE (ZMESSAGEDATE);";

struct wa {
	struct phone *p;
	struct rng rng;
	struct sdb *db;
	struct sdb_stmt *message, *media, *data, *session, *group;
	struct buf text, url;
	int64_t messages, medias, datas;
	size_t sessions;
	bool received; /* what comes now was not written on this phone */
};

/* Every sixth chat is a group; the last one is the canary's. */
static const char *
jid_of(const struct wa *w, size_t session, char out[static 64])
{
	if (session == w->sessions)
		(void)snprintf(out, 64, "sample@telassay.invalid");
	else if (session % 6 == 0)
		(void)snprintf(out, 64, "155501%012zu@g.us", session);
	else
		(void)snprintf(out, 64, "155501%05zu@s.whatsapp.net", session);
	return out;
}

static void
put_media(struct wa *w, const char *url, const char *jid)
{
	uint8_t raw[16];
	char hex[33], local[160];
	struct buf b;

	buf_init(&b, 4096);
	rng_bytes(&w->rng, raw, sizeof(raw));
	(void)hex_encode(raw, sizeof(raw), hex);
	(void)snprintf(local, sizeof(local), "Media/%s/%.8s.jpg", jid, hex);
	if (url == NULL)
		buf_printf(&b, "https://mmg.whatsapp.net/d/f/%s.enc", hex);
	else
		buf_puts(&b, url);
	SDB_ROW(w->media, CELL_I(++w->medias), CELL_I(w->messages),
	    CELL_I(rng_range(&w->rng, 9000, 2000000)), CELL_S(buf_cstr(&b)),
	    CELL_S(local));
	buf_done(&b);
}

/* A preview of a link, as the application fetched it. */
static void
put_data(struct wa *w, const char *url, double mac_s)
{
	struct buf title;

	buf_init(&title, 4096);
	words_sentence(&w->rng, &title, 2, 6);
	SDB_ROW(w->data, CELL_I(++w->datas), CELL_I(w->messages), CELL_R(mac_s),
	    CELL_S(url), CELL_S(url), CELL_S(buf_cstr(&title)));
	buf_done(&title);
}

/* text NULL: a message that is only a picture. */
static void
put_message(struct wa *w, size_t session, double mac_s, const char *text)
{
	bool from_me = !w->received && rng_chance(&w->rng, 450);
	char jid[64], stanza[37];

	w->messages++;
	(void)jid_of(w, session, jid);
	SDB_ROW(w->message, CELL_I(w->messages), CELL_I(from_me),
	    CELL_I(text == NULL), CELL_I(w->messages), CELL_I(session),
	    CELL_R(mac_s), CELL_R(mac_s), from_me ? CELL_N : CELL_S(jid),
	    CELL_S(rng_uuid(&w->rng, stanza)), CELL_S(text),
	    from_me ? CELL_S(jid) : CELL_N);
	if (text == NULL)
		put_media(w, NULL, jid);
}

static void
put_filler(struct wa *w, double mac_s)
{
	double u = rng_unit(&w->rng);
	size_t session = 1 + (size_t)(u * u * (double)(w->sessions - 1));

	buf_reset(&w->text);
	buf_reset(&w->url);
	words_sentence(&w->rng, &w->text, 2, 14);
	if (rng_chance(&w->rng, 250)) {
		words_url(&w->rng, &w->url);
		buf_printf(&w->text, " %s", buf_cstr(&w->url));
	} else if (rng_chance(&w->rng, 150)) {
		put_message(w, session, mac_s, NULL);
		return;
	}
	put_message(w, session, mac_s, buf_cstr(&w->text));
	if (w->url.len > 0 && rng_chance(&w->rng, 500))
		put_data(w, buf_cstr(&w->url), mac_s);
}

static void
put_planted(struct wa *w, const struct sample_plant *x, double mac_s)
{
	char jid[64];

	buf_reset(&w->text);
	buf_reset(&w->url);
	words_sentence(&w->rng, &w->text, 2, 6);
	plant_url(x, &w->rng, &w->url);
	w->received = true;
	if (plant_is(x, "media")) {
		put_message(w, 1, mac_s, buf_cstr(&w->text));
		put_media(w, buf_cstr(&w->url), jid_of(w, 1, jid));
	} else if (plant_is(x, "preview")) {
		put_message(w, 1, mac_s, buf_cstr(&w->text));
		put_data(w, buf_cstr(&w->url), mac_s);
	} else {
		buf_printf(&w->text, " %s", buf_cstr(&w->url));
		put_message(w, 1, mac_s, buf_cstr(&w->text));
	}
	w->received = false;
}

static void
put_sessions(struct wa *w)
{
	double last = (double)(w->p->last_s - MAC_EPOCH);
	char jid[64], name[32];

	for (size_t i = 1; i <= w->sessions; i++) {
		bool group = i % 6 == 0 && i < w->sessions;

		(void)snprintf(name, sizeof(name), "Contact %zu", i);
		SDB_ROW(w->session, CELL_I(i), CELL_I(group),
		    group ? CELL_I(i) : CELL_N, CELL_R(last - (double)i * 60),
		    CELL_S(jid_of(w, i, jid)), CELL_S(name));
		if (group)
			SDB_ROW(w->group, CELL_I(i), CELL_I(i),
			    CELL_R((double)(w->p->first_s - MAC_EPOCH) +
				   (double)i));
	}
}

static void
prepare(struct wa *w)
{
	w->db = sdb_new(schema);
	w->message = sdb_prepare(w->db,
	    "INSERT INTO ZWAMESSAGE (Z_PK, Z_ENT, Z_OPT, ZISFROMME,"
	    " ZMESSAGETYPE, ZSORT, ZCHATSESSION, ZMESSAGEDATE, ZSENTDATE,"
	    " ZFROMJID, ZSTANZAID, ZTEXT, ZTOJID)"
	    " VALUES (?, 9, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	w->media = sdb_prepare(w->db,
	    "INSERT INTO ZWAMEDIAITEM (Z_PK, Z_ENT, Z_OPT, ZMESSAGE,"
	    " ZFILESIZE, ZMEDIAURL, ZMEDIALOCALPATH)"
	    " VALUES (?, 8, 1, ?, ?, ?, ?)");
	w->data = sdb_prepare(w->db,
	    "INSERT INTO ZWAMESSAGEDATAITEM (Z_PK, Z_ENT, Z_OPT, ZMESSAGE,"
	    " ZDATE, ZCONTENT1, ZMATCHEDTEXT, ZTITLE)"
	    " VALUES (?, 10, 1, ?, ?, ?, ?, ?)");
	w->session = sdb_prepare(w->db,
	    "INSERT INTO ZWACHATSESSION (Z_PK, Z_ENT, Z_OPT, ZARCHIVED,"
	    " ZHIDDEN, ZMESSAGECOUNTER, ZREMOVED, ZSESSIONTYPE, ZGROUPINFO,"
	    " ZLASTMESSAGEDATE, ZCONTACTJID, ZPARTNERNAME)"
	    " VALUES (?, 4, 1, 0, 0, 0, 0, ?, ?, ?, ?, ?)");
	w->group = sdb_prepare(w->db,
	    "INSERT INTO ZWAGROUPINFO (Z_PK, Z_ENT, Z_OPT, ZCHATSESSION,"
	    " ZCREATIONDATE) VALUES (?, 5, 1, ?, ?)");
}

static void
put_core_data(struct wa *w)
{
	struct sdb_stmt *s =
	    sdb_prepare(w->db, "INSERT INTO Z_PRIMARYKEY VALUES (?, ?, 0, ?)");

	SDB_ROW(s, CELL_I(4), CELL_S("WAChatSession"), CELL_I(w->sessions));
	SDB_ROW(s, CELL_I(5), CELL_S("WAGroupInfo"), CELL_I(w->sessions));
	SDB_ROW(s, CELL_I(8), CELL_S("WAMediaItem"), CELL_I(w->medias));
	SDB_ROW(s, CELL_I(9), CELL_S("WAMessage"), CELL_I(w->messages));
	SDB_ROW(s, CELL_I(10), CELL_S("WAMessageDataItem"), CELL_I(w->datas));
}

static void
whatsapp_write(struct phone *p)
{
	const size_t n = p->o->whatsapp;
	struct wa w = { .p = p, .sessions = 12 + n / 800 };
	const struct sample_plant *x;
	struct spots spots;

	rng_init(&w.rng, p->o->seed, "whatsapp");
	buf_init(&w.text, 1 << 16);
	buf_init(&w.url, 1 << 16);
	spots_init(&spots, p, "ios.whatsapp", n);
	if (n + spots.total == 0)
		goto out; /* not installed on this phone */
	prepare(&w);
	put_sessions(&w);
	for (size_t i = 0; i <= n; i++) {
		double mac_s = (double)(phone_time(p, i, n) - MAC_EPOCH);

		while ((x = spots_due(&spots, i)) != NULL)
			put_planted(&w, x, mac_s);
		if (i < n)
			put_filler(&w, mac_s + rng_unit(&w.rng));
	}
	put_core_data(&w);
	phone_db(p, "AppDomainGroup-group.net.whatsapp.WhatsApp.shared",
	    "ChatStorage.sqlite", w.db, false);
out:
	buf_done(&w.text);
	buf_done(&w.url);
}

static const struct sample_form whatsapp_forms[] = {
	PLANT_URL_FORMS("ios.whatsapp"),
	{"ios.whatsapp", "media", SAMPLE_DOMAIN, "address of a media item" },
	{ "ios.whatsapp", "preview", SAMPLE_DOMAIN, "preview of a link only" },
	{ 0	    },
};

const struct part part_whatsapp = {
	.forms = whatsapp_forms,
	.write = whatsapp_write,
};
