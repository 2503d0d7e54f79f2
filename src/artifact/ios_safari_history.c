#include <math.h>

#include "idmap.h"
#include "rows.h"
#include "say.h"
#include "web_host.h"

/*
 * Safari's History.db, of every profile: history_items has each address once,
 * history_visits each visit of it; redirects are visits that name one another.
 * Addresses without a visit, and those whose removal was synchronised
 * (history_tombstones), are given too.
 *
 * No column says that an address was typed: `origin` is reported to be 1 for
 * visits on another device of the same account, without a source of Apple's,
 * so nothing here is called deliberate.
 */
enum {
	URL,
	TITLE,
	VISITS,
	FROM_URL,
	TO_URL,
	FROM_VISIT,
	TO_VISIT,
	REDIRECT_S,
	REDIRECT_MS,
	FROM_HTTP,
	FROM_HOST,
	TO_HOST,
	SAME_HOST,
	SAME_SITE,
	LOADED,
	NON_GET,
	SYNTHESIZED,
	ORIGIN,
	TIME,
	REMOVED_FROM,
	REMOVED_TO,
	NFIELDS,
};

static const struct field fields[] = {
	[URL] = FIELD("url", TEXT, URL, 0, "address that was visited"),
	[TITLE] =
	    FIELD("title", TEXT, NONE, FIELD_CONTENT, "title of the page"),
	[VISITS] = FIELD("visit_count", INT, NONE, 0,
	    "visits that are counted for an address without any"),
	[FROM_URL] = FIELD("redirect_source_url", TEXT, NONE, 0,
	    "address that sent the browser here"),
	[TO_URL] = FIELD("redirect_destination_url", TEXT, NONE, 0,
	    "address that the browser was sent on to"),
	[FROM_VISIT] = FIELD("redirect_source", INT, NONE, 0,
	    "visit that sent the browser here"),
	[TO_VISIT] = FIELD("redirect_destination", INT, NONE, 0,
	    "visit that the browser was sent on to"),
	[REDIRECT_S] = FIELD("redirect_seconds", REAL, NONE, 0,
	    "seconds from this visit to the one it was sent on to"),
	[REDIRECT_MS] = FIELD("redirect_ms", INT, NONE, 0,
	    "the same in whole milliseconds, rounded"),
	[FROM_HTTP] = FIELD("redirect_from_http", BOOL, NONE, 0,
	    "of a visit that was sent on: whether it was fetched in clear, so "
	    "that the network could answer in the site's place"),
	[FROM_HOST] = FIELD("redirect_from_host", TEXT, NONE, 0,
	    "of a visit that was sent on: its host"),
	[TO_HOST] = FIELD(
	    "redirect_to_host", TEXT, NONE, 0, "host that it was sent on to"),
	[SAME_HOST] = FIELD("redirect_same_host", BOOL, NONE, 0,
	    "whether both hosts are one, a www. in front aside"),
	[SAME_SITE] = FIELD("redirect_same_site", BOOL, NONE, 0,
	    "whether both hosts are one, or one stands below the other"),
	[LOADED] = FIELD(
	    "load_successful", BOOL, NONE, 0, "whether the page was loaded"),
	[NON_GET] = FIELD("http_non_get", BOOL, NONE, 0,
	    "whether a form or the like was sent"),
	[SYNTHESIZED] = FIELD("synthesized", BOOL, NONE, 0,
	    "whether the visit was made up by the browser"),
	[ORIGIN] = FIELD("origin", INT, NONE, 0,
	    "as stored; 1 is said to be another device's visit"),
	[TIME] = FIELD_TIME("time", 0, "visit", "when"),
	[REMOVED_FROM] = FIELD("removed_from", TIME, NONE, 0,
	    "start of the time whose visits were removed"),
	[REMOVED_TO] = FIELD_TIME("removed_to", 0, "history_removed_until",
	    "end of the time whose visits were removed"),
};

enum { C_ID, C_ITEM, C_FROM, C_TO };

static const struct column visit_columns[] = {
	[C_ID] = CORE("id", RAW, 0),
	[C_ITEM] = CORE("history_item", RAW, 0),
	[C_FROM] = COLUMN("redirect_source", INT, FROM_VISIT),
	[C_TO] = COLUMN("redirect_destination", INT, TO_VISIT),
	CORE("visit_time", MAC_S, TIME),
	COLUMN("title", TEXT, TITLE),
	COLUMN("load_successful", BOOL, LOADED),
	COLUMN("http_non_get", BOOL, NON_GET),
	COLUMN("synthesized", BOOL, SYNTHESIZED),
	COLUMN("origin", INT, ORIGIN),
};
static const struct table visits_table =
    TABLE("history_visits", "id", visit_columns);

enum { C_URL = 1, C_COUNT };

static const struct column item_columns[] = {
	[C_ID] = CORE("id", RAW, 0),
	[C_URL] = CORE("url", RAW, URL),
	[C_COUNT] = COLUMN("visit_count", INT, VISITS),
};
static const struct table items_table =
    TABLE("history_items", "id", item_columns);

static const struct column tombstone_columns[] = {
	[C_ID] = CORE("id", RAW, 0),
	[C_URL] = CORE("url", TEXT, URL),
	COLUMN("start_time", MAC_S, REMOVED_FROM),
	COLUMN("end_time", MAC_S, REMOVED_TO),
};
static const struct table tombstones_table =
    TABLE("history_tombstones", "id", tombstone_columns);

struct history {
	struct artifact_ctx *ctx;
	struct sqlro *db;
	struct sqlro *lookup;
	struct idmap items;	 /* addresses */
	struct sqlro_query *one; /* item and time of one visit */
};

static void
read_items(struct history *h)
{
	struct rows x;

	if (rows_open(&x, h->ctx, h->db, &items_table)) {
		x.every = true;
		while (rows_next(&x)) {
			int64_t count = rows_int(&x, C_COUNT);

			idmap_add(&h->items, x.key, count, rows_str(&x, C_URL));
		}
	}
	rows_close(&x);
	idmap_sort(&h->items);
	if (h->items.full)
		note_why(
		    h->ctx->notes, NOTE_READ_LIMIT, 0, "too many addresses");
}

/* The address of another visit, and when it was; false when it is gone. */
static bool
other_visit(struct history *h, int64_t visit, struct str *url, double *time)
{
	const struct idmap_entry *item;

	if (h->one == NULL)
		return false;
	sqlro_reset(h->one);
	sqlro_bind_int(h->one, 1, visit);
	if (!sqlro_step(h->one) || !sqlro_is_number(h->one, 0) ||
	    (item = idmap_find(&h->items, sqlro_int(h->one, 0))) == NULL)
		return false;
	*url = item->text;
	*time = sqlro_real(h->one, 1);
	return true;
}

/* What a rule on redirects by the network looks at. */
static void
put_hosts(struct record *r, struct str to_url)
{
	struct str from_url =
	    r->v[URL].type == VALUE_TEXT ? r->v[URL].s : str_from("");
	struct str from = web_host(from_url), to = web_host(to_url);

	if (from.n == 0 || to.n == 0)
		return;
	record_bool(r, FROM_HTTP, web_is_http(from_url));
	record_text(r, FROM_HOST, from);
	record_text(r, TO_HOST, to);
	record_bool(r, SAME_HOST, web_same_host(from, to));
	record_bool(r, SAME_SITE, web_same_site(from, to));
}

static void
put_delay(struct record *r, double seconds)
{
	const double most = 1e12; /* milliseconds still fit an integer */

	record_real(r, REDIRECT_S, seconds);
	if (seconds > -most && seconds < most)
		record_int(r, REDIRECT_MS, llround(seconds * 1000));
}

/* Redirects are one visit in a hundred: each is looked up by itself. */
static void
put_redirects(struct history *h, struct rows *x)
{
	struct record *r = &x->record;
	struct str url;
	double time;

	if (r->v[FROM_VISIT].type == VALUE_INT &&
	    other_visit(h, r->v[FROM_VISIT].i, &url, &time))
		record_text(r, FROM_URL, url);
	if (r->v[TO_VISIT].type == VALUE_INT &&
	    other_visit(h, r->v[TO_VISIT].i, &url, &time)) {
		record_text(r, TO_URL, url);
		put_hosts(r, url);
		if (r->v[TIME].type == VALUE_TIME)
			put_delay(r, time - r->v[TIME].t.raw);
	}
}

static enum err
read_visits(struct history *h)
{
	struct idmap_entry *item;
	enum err e = ERR_OK;
	struct rows x;

	if (rows_open(&x, h->ctx, h->db, &visits_table)) {
		while (e == ERR_OK && rows_next(&x)) {
			item = idmap_find(&h->items, rows_int(&x, C_ITEM));
			if (item != NULL) {
				item->used = true;
				record_text(&x.record, URL, item->text);
			} else {
				note_why(h->ctx->notes, NOTE_READ_SCHEMA,
				    (uint64_t)x.key,
				    "a visit whose address is gone");
			}
			put_redirects(h, &x);
			e = artifact_emit(h->ctx, &x.record);
		}
	}
	rows_close(&x);
	return e;
}

/* Addresses that no visit names: something removed the visits only. */
static enum err
emit_unvisited(struct history *h)
{
	enum err e = ERR_OK;
	struct record r;
	char where[48];

	if (h->ctx->wants != NULL)
		return ERR_OK;
	for (size_t i = 0; e == ERR_OK && i < h->items.n; i++) {
		const struct idmap_entry *item = &h->items.v[i];

		if (item->used)
			continue;
		record_init(&r, &h->ctx->artifact->schema, h->ctx->path);
		(void)snprintf(where, sizeof(where), "history_items.id=%lld",
		    (long long)item->id);
		r.locator = str_from(where);
		record_text(&r, URL, item->text);
		record_int(&r, VISITS, item->row);
		e = artifact_emit(h->ctx, &r);
	}
	return e;
}

static enum err
read_tombstones(struct history *h)
{
	enum err e = ERR_OK;
	struct rows x;

	if (rows_open_optional(&x, h->ctx, h->db, &tombstones_table))
		while (e == ERR_OK && rows_next(&x))
			e = artifact_emit(h->ctx, &x.record);
	rows_close(&x);
	return e;
}

/* NULL when this version lacks one of the columns. */
static void
prepare_lookup(struct history *h)
{
	for (unsigned i = C_ID; i <= C_ITEM; i++)
		if (!sqlro_has_column(
			h->lookup, "history_visits", visit_columns[i].name))
			return;
	if (sqlro_has_column(h->lookup, "history_visits", "visit_time"))
		(void)sqlro_query(h->lookup,
		    "SELECT history_item, visit_time FROM history_visits "
		    "WHERE id = ?1",
		    &h->one);
}

static enum err
safari_read(struct artifact_ctx *ctx, struct file *f)
{
	struct history h = { .ctx = ctx };
	enum err e = artifact_db(ctx, f, &h.db);

	if (e == ERR_OK)
		e = artifact_db_lookup(ctx, f, &h.lookup);
	if (e == ERR_OK) {
		idmap_init(&h.items, ctx->arena);
		read_items(&h);
		prepare_lookup(&h);
		e = read_visits(&h);
	}
	if (e == ERR_OK)
		e = emit_unvisited(&h);
	if (e == ERR_OK)
		e = read_tombstones(&h);
	sqlro_query_free(h.one);
	sqlro_free(h.lookup);
	sqlro_free(h.db);
	return e;
}

static void
safari_describe(const void *record, struct buf *out)
{
	const struct record *r = record;

	static const size_t what[] = { URL };

	say_first(r, what, 1, "an address that is gone", out);
	say_field(r, FROM_URL, " sent from ", "", out);
	say_field(r, TO_URL, " sent on to ", "", out);
	if (r->v[LOADED].type == VALUE_BOOL && !r->v[LOADED].b)
		buf_puts(out, ", not loaded");
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "*/Library/Safari/History.db"),
	PLACE(IN_IOS_BACKUP, "*/Library/Safari/Profiles/*/History.db"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/Safari/History.db"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/Safari/Profiles/*/"
			 "History.db"),
	PLACE(IN_IOS_FS, "private/var/mobile/Containers/Data/Application/"
			 "*/Library/Safari/History.db"),
	PLACE(IN_IOS_FS, "private/var/mobile/Containers/Data/Application/"
			 "*/Library/Safari/Profiles/*/History.db"),
	PLACES_END,
};

const struct artifact artifact_ios_safari_history = {
	.summary = "web pages that Safari visited, redirects included",
	.schema = {.name = "ios.safari_history",
		   .version = 1,
		   .role = ROLE_VISIT,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = safari_describe},
	.places = places,
	.read = safari_read,
};
