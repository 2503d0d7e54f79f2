#include "address.h"
#include "idmap.h"
#include "links.h"
#include "rows.h"
#include "say.h"

/*
 * WhatsApp's ChatStorage.sqlite (Core Data): ZWAMESSAGE, with what belongs to
 * a message in ZWAMEDIAITEM and ZWAMESSAGEDATAITEM (link previews) and who
 * wrote it in a group in ZWAGROUPMEMBER. People are "number@s.whatsapp.net",
 * groups "...@g.us", hidden numbers "...@lid".
 */
enum {
	PHONE,
	JID,
	CHAT,
	FROM_ME,
	URLS,
	TEXT,
	TYPE,
	APP,
	TIME,
	NFIELDS,
};

static const struct field fields[] = {
	[PHONE] = FIELD("phone", TEXT, PHONE, 0,
	    "number of who wrote it, or of who it was sent to"),
	[JID] = FIELD("jid", TEXT, NONE, 0, "the same as WhatsApp writes it"),
	[CHAT] = FIELD(
	    "chat_jid", TEXT, NONE, 0, "the chat or group, where it differs"),
	[FROM_ME] =
	    FIELD("is_from_me", BOOL, NONE, 0, "whether the owner sent it"),
	[URLS] = FIELD("urls", LIST, URL, 0,
	    "links in text, previews and media; WhatsApp's own media servers "
	    "are left out"),
	[TEXT] = FIELD("text", TEXT, NONE, FIELD_CONTENT, "what it says"),
	[TYPE] = FIELD("message_type", INT, NONE, 0,
	    "0 text, 1 picture, 2 video, ... as stored"),
	[APP] = FIELD("app", TEXT, NONE, 0, "bundle identifier of the app"),
	[TIME] = FIELD_TIME("time", 0, "whatsapp_message", "when"),
};

#define APP_ID "net.whatsapp.WhatsApp"

enum { C_PK, C_FROM_ME, C_FROM, C_TO, C_MEMBER };

static const struct column message_columns[] = {
	[C_PK] = CORE("Z_PK", RAW, 0),
	[C_FROM_ME] = CORE("ZISFROMME", BOOL, FROM_ME),
	[C_FROM] = CORE("ZFROMJID", RAW, JID),
	[C_TO] = COLUMN("ZTOJID", RAW, JID),
	[C_MEMBER] = COLUMN("ZGROUPMEMBER", RAW, JID),
	CORE("ZTEXT", TEXT, TEXT),
	CORE("ZMESSAGEDATE", MAC_S, TIME),
	COLUMN("ZMESSAGETYPE", INT, TYPE),
};
static const struct table message_table =
    TABLE("ZWAMESSAGE", "Z_PK", message_columns);

/* Both kinds of item: the message that they belong to, then texts. */
enum { C_MESSAGE = 1, C_TEXTS };

static const struct column media_columns[] = {
	[C_PK] = CORE("Z_PK", RAW, 0),
	[C_MESSAGE] = CORE("ZMESSAGE", RAW, 0),
	COLUMN("ZMEDIAURL", RAW, URLS),
};
static const struct table media_table =
    TABLE("ZWAMEDIAITEM", "Z_PK", media_columns);

static const struct column data_columns[] = {
	[C_PK] = CORE("Z_PK", RAW, 0),
	[C_MESSAGE] = CORE("ZMESSAGE", RAW, 0),
	COLUMN("ZMATCHEDTEXT", RAW, URLS),
	COLUMN("ZCONTENT1", RAW, URLS),
	COLUMN("ZCONTENT2", RAW, URLS),
};
static const struct table data_table =
    TABLE("ZWAMESSAGEDATAITEM", "Z_PK", data_columns);

static const struct column member_columns[] = {
	[C_PK] = CORE("Z_PK", RAW, 0),
	CORE("ZMEMBERJID", RAW, JID),
};
static const struct table member_table =
    TABLE("ZWAGROUPMEMBER", "Z_PK", member_columns);

struct chats {
	struct artifact_ctx *ctx;
	struct sqlro *db;
	struct idmap media;   /* message -> links of its media */
	struct idmap data;    /* message -> links of its previews */
	struct idmap members; /* member of a group -> jid */
	struct links links;
	char phone[ADDRESS_ROOM];
};

/* WhatsApp's servers of encrypted media: in every message with a picture. */
static bool
is_media_server(struct str url)
{
	return str_starts(url, "https://mmg.whatsapp.net/") ||
	       str_starts(url, "https://mmg-fna.whatsapp.net/");
}

/* Links of a table of items; those without any are not kept. */
static void
read_items(struct chats *c, const struct table *t, struct idmap *m)
{
	struct rows x;

	if (rows_open_optional(&x, c->ctx, c->db, t)) {
		x.every = true;
		while (rows_next(&x)) {
			links_init(&c->links);
			for (unsigned i = C_TEXTS; i < t->ncolumns; i++)
				links_text(&c->links, rows_str(&x, i));
			for (size_t i = 0; i < c->links.n; i++)
				if (!is_media_server(c->links.v[i]))
					idmap_add(m, rows_int(&x, C_MESSAGE),
					    x.key, c->links.v[i]);
		}
	}
	rows_close(&x);
	idmap_sort(m);
	if (m->full)
		note_why(c->ctx->notes, NOTE_READ_LIMIT, 0, "too many links");
}

static void
read_members(struct chats *c)
{
	struct rows x;

	if (rows_open_optional(&x, c->ctx, c->db, &member_table)) {
		x.every = true;
		while (rows_next(&x))
			idmap_add(&c->members, x.key, x.key, rows_str(&x, 1));
	}
	rows_close(&x);
	idmap_sort(&c->members);
	if (c->members.full)
		note_why(c->ctx->notes, NOTE_READ_LIMIT, 0, "too many members");
}

static void
put_people(struct chats *c, struct rows *x)
{
	bool mine = rows_int(x, C_FROM_ME) != 0;
	struct str chat = rows_str(x, mine ? C_TO : C_FROM);
	struct str jid = chat, phone;
	const struct idmap_entry *member =
	    idmap_find(&c->members, rows_int(x, C_MEMBER));
	struct record *r = &x->record;

	if (!mine && member != NULL)
		jid = member->text;
	if (jid.n > 0)
		record_text(r, JID, jid);
	if (chat.n > 0 && !str_eq(chat, jid))
		record_text(r, CHAT, chat);
	phone = address_of_jid(jid, c->phone);
	if (phone.n > 0)
		record_text(r, PHONE, phone);
	if (!mine)
		return;
	r->deliberate = true;
	r->role_set = true;
	r->role = ROLE_MENTION;
}

static void
put_items(struct links *l, const struct idmap *m, int64_t message)
{
	for (struct idmap_entry *i = idmap_find(m, message); i != NULL;
	     i = idmap_next(m, i)) {
		i->used = true;
		links_add(l, i->text);
	}
}

static enum err
read_messages(struct chats *c)
{
	enum err e = ERR_OK;
	struct rows x;

	if (rows_open(&x, c->ctx, c->db, &message_table)) {
		while (e == ERR_OK && rows_next(&x)) {
			put_people(c, &x);
			links_init(&c->links);
			links_text(&c->links, rows_text(&x, TEXT));
			put_items(&c->links, &c->data, x.key);
			put_items(&c->links, &c->media, x.key);
			links_put(&c->links, c->ctx, &x.record, URLS);
			record_text(&x.record, APP, str_from(APP_ID));
			e = artifact_emit(c->ctx, &x.record);
		}
	}
	rows_close(&x);
	return e;
}

/* Items whose message is gone still show that a link was there. */
static enum err
emit_orphans(struct chats *c, const struct idmap *m, const struct table *t)
{
	enum err e = ERR_OK;
	struct record r;
	char where[64];

	if (c->ctx->wants != NULL)
		return ERR_OK;
	for (size_t i = 0; e == ERR_OK && i < m->n; i++) {
		if (m->v[i].used)
			continue;
		record_init(&r, &c->ctx->artifact->schema, c->ctx->path);
		(void)snprintf(where, sizeof(where), "%s.Z_PK=%lld", t->name,
		    (long long)m->v[i].row);
		r.locator = str_from(where);
		record_list(&r, URLS, &m->v[i].text, 1);
		record_text(&r, APP, str_from(APP_ID));
		e = artifact_emit(c->ctx, &r);
	}
	return e;
}

static enum err
whatsapp_read(struct artifact_ctx *ctx, struct file *f)
{
	struct chats *c = arena_alloc(ctx->arena, 1, sizeof(*c));
	enum err e;

	if (c == NULL)
		return ERR_LIMIT;
	c->ctx = ctx;
	e = artifact_db(ctx, f, &c->db);
	if (e != ERR_OK)
		return e;
	idmap_init(&c->media, ctx->arena);
	idmap_init(&c->data, ctx->arena);
	idmap_init(&c->members, ctx->arena);
	read_items(c, &media_table, &c->media);
	read_items(c, &data_table, &c->data);
	read_members(c);
	e = read_messages(c);
	if (e == ERR_OK)
		e = emit_orphans(c, &c->data, &data_table);
	if (e == ERR_OK)
		e = emit_orphans(c, &c->media, &media_table);
	sqlro_free(c->db);
	return e;
}

static void
whatsapp_describe(const void *record, struct buf *out)
{
	static const size_t who[] = { PHONE, JID };
	const struct record *r = record;

	buf_puts(out, say_is(r, FROM_ME) ? "message to " : "message from ");
	say_first(r, who, 2, "somebody unknown", out);
	say_field(r, CHAT, " in ", "", out);
	say_count(r, URLS, "link", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP,
	    "AppDomainGroup-group.net.whatsapp.WhatsApp.shared/"
	    "ChatStorage.sqlite"),
	PLACE(IN_IOS_FS, "private/var/mobile/Containers/Shared/AppGroup/*/"
			 "ChatStorage.sqlite"),
	PLACES_END,
};

const struct artifact artifact_ios_whatsapp = {
	.summary = "WhatsApp messages: who, when, and the links in them",
	.schema = {.name = "ios.whatsapp",
		   .version = 1,
		   .role = ROLE_DELIVERY,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = whatsapp_describe},
	.places = places,
	.app_bundle_id = APP_ID,
	.read = whatsapp_read,
};
