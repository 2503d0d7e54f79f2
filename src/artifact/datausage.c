#include "datausage.h"

#include <stdlib.h>

#include "process_pair.h"
#include "rows.h"
#include "say.h"

/*
 * Core Data tables: ZPROCESS, a row a process with the times of its first and
 * its last use, and ZLIVEUSAGE, rows that count its bytes. Keys (Z_PK) are
 * given in order and not given again, so that a number without a row is a
 * row that was removed; so is usage whose process is gone. Newer phones have
 * no Wi-Fi columns. Names are "process/bundle"; the process half may be cut.
 *
 * One record for each row of ZLIVEUSAGE with its process, one for each process
 * without any, one for each gap. The times of a process stand in its first
 * record only; the last is left out when it is the first (within 1 ms: the two
 * columns are written one after the other).
 *
 * Z_PRIMARYKEY has the largest key that each table (entity "Process") has ever
 * given; what is above the largest row was removed, too.
 */
const struct field datausage_fields[] = {
	[DATAUSAGE_PROCESS] = FIELD("process", TEXT, PROCESS,
	    FIELD_PROCESS_PAIR, "name of the process, or process/bundle"),
	PROCESS_PAIR_FIELDS(DATAUSAGE_PROCESS_NAME),
	[DATAUSAGE_BUNDLE_ID] = FIELD("bundle_id", TEXT, BUNDLE_ID, 0,
	    "bundle that the traffic is booked on"),
	[DATAUSAGE_PROCESS_ID] = FIELD("process_id", INT, NONE, 0,
	    "key of the process; of the first missing one in a gap"),
	[DATAUSAGE_LIVE_ID] =
	    FIELD("live_id", INT, NONE, 0, "key of the usage"),
	[DATAUSAGE_WIFI_IN] =
	    FIELD("wifi_in", REAL, NONE, 0, "bytes received over Wi-Fi"),
	[DATAUSAGE_WIFI_OUT] =
	    FIELD("wifi_out", REAL, NONE, 0, "bytes sent over Wi-Fi"),
	[DATAUSAGE_WWAN_IN] = FIELD(
	    "wwan_in", REAL, NONE, 0, "bytes received over the mobile network"),
	[DATAUSAGE_WWAN_OUT] = FIELD(
	    "wwan_out", REAL, NONE, 0, "bytes sent over the mobile network"),
	[DATAUSAGE_STATE] = FIELD("state", TEXT, NONE, 0,
	    "missing: keys without a row; orphan: usage whose process is gone; "
	    "else absent"),
	[DATAUSAGE_MISSING] = FIELD(
	    "missing", INT, NONE, 0, "how many keys are missing in the gap"),
	[DATAUSAGE_FOLLOWS] =
	    FIELD("follows", TEXT, NONE, 0, "process before the gap"),
	[DATAUSAGE_AFTER] = FIELD("missing_after", INT, NONE, 0,
	    "of the last process: keys above its own that were given out "
	    "(Z_PRIMARYKEY) and have no row"),
	[DATAUSAGE_FIRST] = FIELD_TIME("first_usage", 0, "first_usage",
	    "when the process first used the network"),
	[DATAUSAGE_LAST] = FIELD_TIME("current_usage", 0, "current_usage",
	    "when it last did, where that differs"),
	[DATAUSAGE_LIVE] = FIELD_TIME(
	    "live_usage", 0, "live_usage", "when these bytes were counted"),
	[DATAUSAGE_FOLLOWS_TIME] =
	    FIELD_TIME("missing_since", 0, "process_missing",
		"first use by the process before the gap: what was removed is "
		"no older"),
	[DATAUSAGE_PROCESS_FIRST] = FIELD("process_first", TIME, NONE, 0,
	    "first use as stored, with all usage of the process"),
	[DATAUSAGE_PROCESS_LAST] = FIELD("process_last", TIME, NONE, 0,
	    "last use as stored, with all usage of the process"),
};

enum { C_PK, C_FIRST, C_LAST, C_NAME };

static const struct column process_columns[] = {
	[C_PK] = CORE("Z_PK", RAW, 0),
	[C_FIRST] = CORE("ZFIRSTTIMESTAMP", MAC_S, DATAUSAGE_FIRST),
	[C_LAST] = CORE("ZTIMESTAMP", MAC_S, DATAUSAGE_LAST),
	[C_NAME] = CORE("ZPROCNAME", TEXT, DATAUSAGE_PROCESS),
	COLUMN("ZBUNDLENAME", TEXT, DATAUSAGE_BUNDLE_ID),
};
static const struct table process_table =
    TABLE("ZPROCESS", "Z_PK", process_columns);

enum { C_PROCESS = 1, C_TIME, C_BYTES, C_COLUMNS = C_BYTES + 4 };

static const struct column live_columns[] = {
	[C_PK] = CORE("Z_PK", RAW, 0),
	[C_PROCESS] = CORE("ZHASPROCESS", RAW, 0),
	[C_TIME] = CORE("ZTIMESTAMP", MAC_S, DATAUSAGE_LIVE),
	[C_BYTES] = COLUMN("ZWIFIIN", REAL, DATAUSAGE_WIFI_IN),
	COLUMN("ZWIFIOUT", REAL, DATAUSAGE_WIFI_OUT),
	COLUMN("ZWWANIN", REAL, DATAUSAGE_WWAN_IN),
	COLUMN("ZWWANOUT", REAL, DATAUSAGE_WWAN_OUT),
};
static const struct table live_table =
    TABLE("ZLIVEUSAGE", "Z_PK", live_columns);

/* A row of ZLIVEUSAGE; all of them are held: tens of bytes each. */
struct live {
	int64_t pk;
	int64_t process; /* INT64_MIN when the row names none */
	int64_t ns;
	double raw;
	struct value bytes[4];
	bool used;
};

struct usage {
	struct artifact_ctx *ctx;
	struct sqlro *db;
	struct live *v;
	size_t n;
	size_t cap;
	/* The process read last, for gaps. */
	bool any;
	int64_t last_pk;
	struct buf last_name;
	int64_t last_ns;
	double last_raw;
	int64_t given; /* the largest key of Z_PRIMARYKEY; -1: not known */
	int64_t top;   /* the largest key of a row; -1: there is none */
};

static struct live *
live_add(struct usage *u)
{
	size_t cap = u->cap ? u->cap * 2 : 256;
	struct live *v;

	if (u->n == u->cap) {
		v = arena_alloc(u->ctx->arena, cap, sizeof(*v));
		if (v == NULL) {
			note_why(u->ctx->notes, NOTE_READ_LIMIT, 0,
			    "too many rows of ZLIVEUSAGE");
			return NULL;
		}
		for (size_t i = 0; i < u->n; i++)
			v[i] = u->v[i];
		u->v = v;
		u->cap = cap;
	}
	return &u->v[u->n++];
}

static int
live_cmp(const void *pa, const void *pb)
{
	const struct live *a = pa, *b = pb;

	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	return a->pk < b->pk ? -1 : a->pk > b->pk;
}

static void
read_live(struct usage *u)
{
	struct live *l;
	struct rows x;

	if (rows_open(&x, u->ctx, u->db, &live_table)) {
		x.every = true;
		while (rows_next(&x) && (l = live_add(u)) != NULL) {
			l->pk = x.key;
			l->process = rows_is_number(&x, C_PROCESS)
					 ? rows_int(&x, C_PROCESS)
					 : INT64_MIN;
			l->ns = x.record.v[DATAUSAGE_LIVE].type == VALUE_TIME
				    ? x.record.v[DATAUSAGE_LIVE].t.ns
				    : TSTAMP_NONE;
			l->raw = x.record.v[DATAUSAGE_LIVE].t.raw;
			for (size_t i = 0; i < 4; i++)
				l->bytes[i] = x.record.v[DATAUSAGE_WIFI_IN + i];
		}
	}
	rows_close(&x);
	if (u->n > 1)
		qsort(u->v, u->n, sizeof(*u->v), live_cmp);
}

/* The first usage of a process; its others stand behind it. */
static size_t
live_find(const struct usage *u, int64_t process)
{
	size_t from = 0, to = u->n, mid;

	while (from < to) {
		mid = from + (to - from) / 2;
		if (u->v[mid].process < process)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static enum err
emit(struct usage *u, const struct record *r)
{
	return artifact_wants_record(u->ctx, r) ? artifact_emit(u->ctx, r)
						: ERR_OK;
}

static void
put_live(struct record *r, const struct live *l)
{
	record_int(r, DATAUSAGE_LIVE_ID, l->pk);
	/* Without a time it must not keep that of the row before. */
	r->v[DATAUSAGE_LIVE].type = VALUE_NONE;
	record_time(r, DATAUSAGE_LIVE, l->ns, l->raw);
	for (size_t i = 0; i < 4; i++)
		r->v[DATAUSAGE_WIFI_IN + i] = l->bytes[i];
}

static void
find_given(struct usage *u)
{
	u->given = u->top = -1;
	/* No times: nothing of it stands on a timeline. */
	if (u->ctx->wants != NULL ||
	    !sqlro_has_column(u->db, "ZPROCESS", "Z_PK") ||
	    !sqlro_has_column(u->db, "Z_PRIMARYKEY", "Z_NAME") ||
	    !sqlro_has_column(u->db, "Z_PRIMARYKEY", "Z_MAX"))
		return;
	u->given = sqlro_number(
	    u->db, "SELECT Z_MAX FROM Z_PRIMARYKEY WHERE Z_NAME='Process'");
	u->top = sqlro_number(u->db, "SELECT max(Z_PK) FROM ZPROCESS");
}

/* Keys between the last process and this one that have no row. */
static enum err
emit_gap(struct usage *u, int64_t pk)
{
	uint64_t gap = (uint64_t)pk - (uint64_t)u->last_pk;
	struct record r;
	char where[64];

	if (!u->any || pk <= u->last_pk || gap == 1)
		return ERR_OK;
	record_init(&r, &u->ctx->artifact->schema, u->ctx->path);
	(void)snprintf(where, sizeof(where), "ZPROCESS.Z_PK=%lld",
	    (long long)u->last_pk + 1);
	r.locator = str_from(where);
	record_text(&r, DATAUSAGE_STATE, str_from("missing"));
	record_int(&r, DATAUSAGE_PROCESS_ID, u->last_pk + 1);
	record_int(&r, DATAUSAGE_MISSING,
	    gap > INT64_MAX ? INT64_MAX : (int64_t)gap - 1);
	record_text(&r, DATAUSAGE_FOLLOWS, buf_text(&u->last_name));
	record_time(&r, DATAUSAGE_FOLLOWS_TIME, u->last_ns, u->last_raw);
	return emit(u, &r);
}

static void
remember(struct usage *u, const struct rows *x)
{
	const struct value *first = &x->record.v[DATAUSAGE_FIRST];

	u->any = true;
	u->last_pk = x->key;
	buf_reset(&u->last_name);
	buf_str(&u->last_name, rows_text(x, DATAUSAGE_PROCESS));
	u->last_ns = first->type == VALUE_TIME ? first->t.ns : TSTAMP_NONE;
	u->last_raw = first->t.raw;
}

static enum err
emit_process(struct usage *u, struct rows *x)
{
	const int64_t same_ns = 1000000;
	struct record *r = &x->record;
	struct value *first = &r->v[DATAUSAGE_FIRST];
	struct value *last = &r->v[DATAUSAGE_LAST];
	size_t at = live_find(u, x->key);
	char where[96];
	enum err e;

	record_int(r, DATAUSAGE_PROCESS_ID, x->key);
	if (r->v[DATAUSAGE_PROCESS].type == VALUE_TEXT)
		process_pair_put(
		    r, DATAUSAGE_PROCESS_NAME, rows_text(x, DATAUSAGE_PROCESS));
	r->v[DATAUSAGE_PROCESS_FIRST] = *first;
	r->v[DATAUSAGE_PROCESS_LAST] = *last;
	if (x->key == u->top && u->top >= 0 && u->given > u->top)
		record_int(r, DATAUSAGE_AFTER, u->given - u->top);
	if (at == u->n || u->v[at].process != x->key) {
		if (first->type == VALUE_TIME && last->type == VALUE_TIME &&
		    last->t.ns < first->t.ns + same_ns &&
		    first->t.ns < last->t.ns + same_ns)
			last->type = VALUE_NONE;
		return emit(u, r);
	}
	for (e = ERR_OK; e == ERR_OK && at < u->n; at++) {
		if (u->v[at].process != x->key)
			break;
		u->v[at].used = true;
		put_live(r, &u->v[at]);
		(void)snprintf(where, sizeof(where),
		    "ZPROCESS.Z_PK=%lld,ZLIVEUSAGE.Z_PK=%lld",
		    (long long)x->key, (long long)u->v[at].pk);
		r->locator = str_from(where);
		e = emit(u, r);
		/* Told once; what follows is more usage by the same process. */
		first->type = VALUE_NONE;
		last->type = VALUE_NONE;
		r->v[DATAUSAGE_AFTER].type = VALUE_NONE;
	}
	return e;
}

/* Keys were given, and not one row is left. */
static enum err
emit_all_missing(struct usage *u)
{
	struct record r;

	if (u->top != -1 || u->given < 1)
		return ERR_OK;
	record_init(&r, &u->ctx->artifact->schema, u->ctx->path);
	r.locator = str_from("Z_PRIMARYKEY.Z_NAME=Process");
	record_text(&r, DATAUSAGE_STATE, str_from("missing"));
	record_int(&r, DATAUSAGE_PROCESS_ID, 1);
	record_int(&r, DATAUSAGE_MISSING, u->given);
	return emit(u, &r);
}

static enum err
read_processes(struct usage *u)
{
	enum err e = ERR_OK;
	struct rows x;

	if (rows_open(&x, u->ctx, u->db, &process_table)) {
		x.every = true;
		while (e == ERR_OK && rows_next(&x)) {
			/* What damage hides was not removed. */
			if (!rows_broken(&x))
				e = emit_gap(u, x.key);
			remember(u, &x);
			if (e == ERR_OK)
				e = emit_process(u, &x);
		}
		if (!u->any && !rows_broken(&x))
			e = emit_all_missing(u);
	}
	rows_close(&x);
	return e;
}

static enum err
emit_orphans(struct usage *u)
{
	enum err e = ERR_OK;
	struct record r;
	char where[64];

	for (size_t i = 0; e == ERR_OK && i < u->n; i++) {
		const struct live *l = &u->v[i];

		if (l->used)
			continue;
		record_init(&r, &u->ctx->artifact->schema, u->ctx->path);
		(void)snprintf(where, sizeof(where), "ZLIVEUSAGE.Z_PK=%lld",
		    (long long)l->pk);
		r.locator = str_from(where);
		record_text(&r, DATAUSAGE_STATE, str_from("orphan"));
		if (l->process != INT64_MIN)
			record_int(&r, DATAUSAGE_PROCESS_ID, l->process);
		put_live(&r, l);
		e = emit(u, &r);
	}
	return e;
}

enum err
datausage_read(struct artifact_ctx *ctx, struct file *f)
{
	struct usage u = { .ctx = ctx };
	enum err e = artifact_db(ctx, f, &u.db);

	if (e != ERR_OK)
		return e;
	buf_init(&u.last_name, LIMIT_PATH);
	find_given(&u);
	read_live(&u);
	e = read_processes(&u);
	if (e == ERR_OK)
		e = emit_orphans(&u);
	buf_done(&u.last_name);
	sqlro_free(u.db);
	return e;
}

void
datausage_describe(const void *record, struct buf *out)
{
	const struct record *r = record;

	if (r->v[DATAUSAGE_MISSING].type == VALUE_INT) {
		say_field(r, DATAUSAGE_PROCESS_ID, "process ", "", out);
		if (r->v[DATAUSAGE_MISSING].i > 1)
			buf_printf(out, " and %lld after it",
			    (long long)r->v[DATAUSAGE_MISSING].i - 1);
		buf_puts(out, " removed");
		say_field(r, DATAUSAGE_FOLLOWS, ", follows ", "", out);
		return;
	}
	if (r->v[DATAUSAGE_PROCESS].type == VALUE_NONE) {
		buf_puts(out, "a removed process");
		say_field(r, DATAUSAGE_PROCESS_ID, " ", "", out);
	} else if (r->v[DATAUSAGE_PROCESS].s.n == 0) {
		buf_puts(out, "a process without a name");
	}
	say_field(r, DATAUSAGE_PROCESS, "", "", out);
	say_field(r, DATAUSAGE_WIFI_IN, ", Wi-Fi in ", "", out);
	say_field(r, DATAUSAGE_WIFI_OUT, " out ", "", out);
	say_field(r, DATAUSAGE_WWAN_IN, ", mobile in ", "", out);
	say_field(r, DATAUSAGE_WWAN_OUT, " out ", "", out);
}
