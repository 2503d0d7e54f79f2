#include <stdio.h>
#include <string.h>

#include "attrtext.h"
#include "part.h"
#include "sms_schema.h"
#include "words.h"

struct sms {
	struct phone *p;
	struct rng rng;
	struct sdb *db;
	struct sdb_stmt *handle, *chat, *chat_handle, *message, *chat_message,
	    *attachment, *joined;
	struct buf text, body;
	size_t handles, messages, attachments;
};

/* One message to be written; text and link as the phone shows them. */
struct message {
	struct str text, link;
	bool no_text; /* the text column is NULL, as on newer phones */
	bool from_me;
	bool imessage;
	int64_t handle, date_ns;
	const char *attachment; /* its path, or NULL */
};

static void
put_handle(struct sms *s, const char *id)
{
	const char *service = s->handles % 3 == 2 ? "SMS" : "iMessage";
	char guid[128];
	int64_t n = (int64_t)++s->handles;

	(void)snprintf(guid, sizeof(guid), "%s;-;%s", service, id);
	SDB_ROW(s->handle, CELL_S(id), CELL_S(service));
	SDB_ROW(s->chat, CELL_S(guid), CELL_S(id), CELL_S(service));
	SDB_ROW(s->chat_handle, CELL_I(n), CELL_I(n));
}

static void
put_attachment(struct sms *s, const struct message *m, const char *guid)
{
	const char *path = m->attachment;
	int64_t s_mac = m->date_ns / 1000000000;

	SDB_ROW(s->attachment, CELL_S(guid), CELL_I(s_mac), CELL_I(s_mac),
	    CELL_S(path), CELL_S("public.heic"), CELL_S("image/heic"),
	    CELL_I(m->from_me), CELL_T(str_basename(str_from(path))),
	    CELL_I(rng_range(&s->rng, 10000, 4000000)), CELL_S(guid));
	SDB_ROW(s->joined, CELL_I(s->messages), CELL_I(++s->attachments));
}

static void
put_message(struct sms *s, const struct message *m)
{
	const int64_t second = 1000000000;
	char guid[37];

	buf_reset(&s->body);
	attrtext_put(&s->body, m->text, m->link);
	s->messages++;
	SDB_ROW(s->message, CELL_S(rng_uuid(&s->rng, guid)),
	    m->no_text ? CELL_N : CELL_T(m->text), CELL_I(m->handle),
	    CELL_B(buf_text(&s->body)),
	    CELL_S(m->handle % 3 == 0 && !m->imessage ? "SMS" : "iMessage"),
	    CELL_I(m->date_ns),
	    CELL_I(m->from_me ? 0 : m->date_ns + 60 * second),
	    CELL_I(m->date_ns + second), CELL_I(m->from_me), CELL_I(m->from_me),
	    CELL_I(m->attachment != NULL));
	SDB_ROW(s->chat_message, CELL_I(m->handle), CELL_I(s->messages),
	    CELL_I(m->date_ns));
	if (m->attachment != NULL)
		put_attachment(s, m, rng_uuid(&s->rng, guid));
}

/* Row i of n without anything about it but when and from whom. */
static struct message
blank(struct sms *s, size_t i, size_t n, size_t handles)
{
	double u = rng_unit(&s->rng);
	int64_t unix_s = phone_time(s->p, i, n);

	return (struct message){
		.from_me = rng_chance(&s->rng, 450),
		.no_text = rng_chance(&s->rng, 100),
		.handle = 1 + (int64_t)(u * u * (double)handles),
		.date_ns = (unix_s - MAC_EPOCH) * 1000000000 +
			   (int64_t)rng_below(&s->rng, 1000000000),
	};
}

static void
put_filler(struct sms *s, size_t i, size_t n, size_t handles)
{
	struct message m = blank(s, i, n, handles);
	char path[128], uuid[37];

	buf_reset(&s->text);
	words_sentence(&s->rng, &s->text, 3, 18);
	if (rng_chance(&s->rng, 250)) {
		buf_u8(&s->text, ' ');
		words_url(&s->rng, &s->text);
	}
	m.text = buf_text(&s->text);
	if (i % 40 == 20) {
		(void)snprintf(path, sizeof(path),
		    "~/Library/SMS/Attachments/%02x/%02u/%s/IMG_%04u.HEIC",
		    (unsigned)rng_below(&s->rng, 256),
		    (unsigned)rng_below(&s->rng, 16), rng_uuid(&s->rng, uuid),
		    (unsigned)rng_below(&s->rng, 10000));
		m.attachment = path;
	}
	put_message(s, &m);
}

static void
take_time(struct message *m, const struct sample_plant *x)
{
	if (x->when_s != 0)
		m->date_ns = (x->when_s - MAC_EPOCH) * 1000000000;
}

/* A message that brings the planted link, from a sender of its own. */
static void
put_planted(struct sms *s, const struct sample_plant *x, size_t i, size_t n)
{
	struct message m = blank(s, i, n, 1);
	struct buf url;

	take_time(&m, x);
	m.from_me = false;
	m.no_text = plant_is(x, "attributed");
	m.handle = (int64_t)s->handles;
	buf_init(&url, 4096);
	buf_reset(&s->text);
	words_sentence(&s->rng, &s->text, 3, 8);
	if (plant_is(x, "sender") || plant_is(x, "apple") ||
	    plant_is(x, "lookalike")) {
		put_handle(s, x->value);
		m.handle = (int64_t)s->handles;
		m.imessage = strchr(x->value, '@') != NULL;
	} else if (plant_is(x, "text")) {
		buf_reset(&s->text);
		buf_puts(&s->text, x->value);
	} else {
		plant_url(x, &s->rng, &url);
	}
	if (plant_is(x, "link")) {
		m.link = buf_text(&url);
	} else if (url.len > 0) {
		buf_printf(&s->text, " %s ok", buf_cstr(&url));
	}
	m.text = buf_text(&s->text);
	put_message(s, &m);
	buf_done(&url);
}

static void
put_planted_file(
    struct sms *s, const struct sample_plant *x, size_t i, size_t n)
{
	struct message m = blank(s, i, n, 1);

	take_time(&m, x);
	m.from_me = false;
	m.text = str_from("\xef\xbf\xbc"); /* U+FFFC, an object's place */
	m.attachment = x->value;
	put_message(s, &m);
}

static void
put_handles(struct sms *s, size_t n)
{
	struct buf b;

	buf_init(&b, 64);
	for (size_t i = 0; i < n; i++) {
		buf_reset(&b);
		words_phone(&b, i);
		put_handle(s, buf_cstr(&b));
	}
	put_handle(s, "sample@telassay.invalid"); /* the canary */
	buf_done(&b);
}

static void
prepare(struct sms *s)
{
	s->db = sdb_new(sms_schema_rest);
	sdb_exec(s->db, sms_schema_message);
	s->handle = sdb_prepare(s->db,
	    "INSERT INTO handle (id, country, service) VALUES (?, 'us', ?)");
	s->chat = sdb_prepare(s->db,
	    "INSERT INTO chat (guid, style, state, account_id,"
	    " chat_identifier, service_name)"
	    " VALUES (?, 45, 3, 'sample', ?, ?)");
	s->chat_handle =
	    sdb_prepare(s->db, "INSERT INTO chat_handle_join VALUES (?, ?)");
	s->message = sdb_prepare(s->db,
	    "INSERT INTO message (guid, text, handle_id, attributedBody,"
	    " version, service, account, account_guid, date, date_read,"
	    " date_delivered, is_delivered, is_finished, is_from_me,"
	    " is_read, is_sent, has_dd_results, destination_caller_id,"
	    " part_count, cache_has_attachments)"
	    " VALUES (?, ?, ?, ?, 10, ?, 'E:me@telassay.invalid', 'sample',"
	    " ?, ?, ?, 1, 1, ?, 1, ?, 1, '+15550100000', 1, ?)");
	s->chat_message = sdb_prepare(
	    s->db, "INSERT INTO chat_message_join VALUES (?, ?, ?)");
	s->attachment = sdb_prepare(s->db,
	    "INSERT INTO attachment (guid, created_date, start_date,"
	    " filename, uti, mime_type, transfer_state, is_outgoing,"
	    " transfer_name, total_bytes, original_guid)"
	    " VALUES (?, ?, ?, ?, ?, ?, 5, ?, ?, ?, ?)");
	s->joined = sdb_prepare(
	    s->db, "INSERT INTO message_attachment_join VALUES (?, ?)");
}

static void
sms_write(struct phone *p)
{
	struct sms s = { .p = p };
	const size_t n = p->o->messages, handles = 20 + n / 1000;
	const struct sample_plant *x;
	struct spots links, files;

	rng_init(&s.rng, p->o->seed, "sms");
	buf_init(&s.text, 1 << 16);
	buf_init(&s.body, 1 << 18);
	spots_init(&links, p, "ios.sms", n);
	spots_init(&files, p, "ios.sms_attachments", n);
	prepare(&s);
	sdb_exec(s.db, "INSERT INTO _SqliteDatabaseProperties VALUES"
		       " ('_ClientVersion', '17013');");
	put_handles(&s, handles);
	for (size_t i = 0; i <= n; i++) {
		while ((x = spots_due(&links, i)) != NULL)
			put_planted(&s, x, i, n);
		while ((x = spots_due(&files, i)) != NULL)
			put_planted_file(&s, x, i, n);
		if (i < n)
			put_filler(&s, i, n, handles);
	}
	phone_db(p, "HomeDomain", "Library/SMS/sms.db", s.db, true);
	buf_done(&s.text);
	buf_done(&s.body);
}

static const struct sample_form sms_forms[] = {
	PLANT_URL_FORMS("ios.sms"),
	{"ios.sms",			  "attributed", SAMPLE_DOMAIN,
		     "text NULL, link in attributedBody only" },
	{ "ios.sms",		     "link", SAMPLE_DOMAIN,
		     "only among the text's attributes" },
	{ "ios.sms",				 "sender", SAMPLE_EMAIL, "who sent it" },
	{ "ios.sms",	     "apple", SAMPLE_SIGN, "who sent an iMessage" },
	{ "ios.sms", "lookalike", SAMPLE_SIGN, "who sent an iMessage" },
	{ "ios.sms",			 "text", SAMPLE_SIGN, "what a message says" },
	{ "ios.sms_attachments",			 NULL, SAMPLE_FILE, "file name of it" },
	{ "ios.sms_attachments",				 "tmp", SAMPLE_SIGN,
		     "path of a file that arrived" },
	{ 0		   },
};

const struct part part_sms = {
	.forms = sms_forms,
	.write = sms_write,
};
