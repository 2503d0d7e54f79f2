#include "rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "limits.h"

/* Notes that a column of the current row is not what it must be. */
static void
note_column(const struct rows *x, unsigned column, enum note_id id)
{
	note_why(x->ctx->notes, id, (uint64_t)x->key, "%s.%s of %s=%" PRId64,
	    x->table->name, x->table->columns[column].name, x->table->key,
	    x->key);
}

/* Which columns there are; false (and a note) when a core one is missing. */
static bool
find_columns(struct rows *x, struct sqlro *db)
{
	const struct table *t = x->table;

	x->present = 0;
	for (size_t i = 0; i < t->ncolumns; i++) {
		if (sqlro_has_column(db, t->name, t->columns[i].name))
			x->present |= UINT64_C(1) << i;
		else if (t->columns[i].core)
			return note_why(x->ctx->notes, NOTE_READ_VERSION, 0,
			    "no column %s.%s", t->name, t->columns[i].name);
	}
	return true;
}

bool
rows_open_optional(struct rows *x, struct artifact_ctx *ctx, struct sqlro *db,
    const struct table *t)
{
	const char *names[LIMIT_RECORD_FIELDS];

	x->ctx = ctx;
	x->table = t;
	x->q = NULL;
	x->every = false;
	x->run[0] = x->run[1] = INT64_MIN;
	x->prefix = (size_t)snprintf(
	    x->locator, sizeof(x->locator), "%s.%s=", t->name, t->key);
	if (!sqlro_has_table(db, t->name) || !find_columns(x, db))
		return false;
	for (size_t i = 0; i < t->ncolumns; i++)
		names[i] = t->columns[i].name;
	return sqlro_scan(db, t->name, names, t->ncolumns, &x->q) == ERR_OK;
}

bool
rows_open(struct rows *x, struct artifact_ctx *ctx, struct sqlro *db,
    const struct table *t)
{
	if (rows_open_optional(x, ctx, db, t))
		return true;
	if (!sqlro_has_table(db, t->name))
		note_why(
		    ctx->notes, NOTE_READ_VERSION, 0, "no table %s", t->name);
	return false;
}

void
rows_close(struct rows *x)
{
	sqlro_query_free(x->q);
	x->q = NULL;
}

static bool
has(const struct rows *x, unsigned column)
{
	return (x->present >> column & 1) != 0;
}

struct str
rows_str(const struct rows *x, unsigned column)
{
	if (!has(x, column) || sqlro_is_null(x->q, (int)column))
		return str_from("");
	return sqlro_str(x->q, (int)column);
}

bool
rows_is_number(const struct rows *x, unsigned column)
{
	return has(x, column) && sqlro_is_number(x->q, (int)column);
}

int64_t
rows_int(const struct rows *x, unsigned column)
{
	return rows_is_number(x, column) ? sqlro_int(x->q, (int)column) : 0;
}

double
rows_real(const struct rows *x, unsigned column)
{
	return rows_is_number(x, column) ? sqlro_real(x->q, (int)column) : 0;
}

bool
rows_broken(const struct rows *x)
{
	return sqlro_is_broken(x->q);
}

struct str
rows_text(const struct rows *x, size_t field)
{
	const struct value *v = &x->record.v[field];

	return v->type == VALUE_TEXT ? v->s : str_from("");
}

int64_t
rows_time(const struct rows *x, unsigned column, double *raw_out)
{
	int col = (int)column;
	int64_t ns = TSTAMP_NONE;
	double raw;

	if (!has(x, column))
		return TSTAMP_NONE;
	if (!sqlro_is_number(x->q, col)) {
		if (!sqlro_is_null(x->q, col))
			note_column(x, column, NOTE_READ_SCHEMA);
		return TSTAMP_NONE;
	}
	raw = sqlro_real(x->q, col);
	if (artifact_never(raw))
		return TSTAMP_NONE;
	if (x->table->columns[column].kind == COLUMN_MAC_S ||
	    x->table->columns[column].kind == COLUMN_RAW_MAC_S)
		ns = tstamp_mac_s(raw);
	else if (x->table->columns[column].kind == COLUMN_UNIX_S)
		ns = tstamp_unix_s(raw);
	else
		ns = tstamp_mac_auto(sqlro_int(x->q, col));
	if (ns == TSTAMP_NONE)
		note_column(x, column, NOTE_READ_TIME);
	*raw_out = raw;
	return ns;
}

static bool
is_time(enum column_kind k)
{
	return k == COLUMN_MAC_S || k == COLUMN_MAC_AUTO || k == COLUMN_UNIX_S;
}

static void
put_text(struct rows *x, unsigned column, const struct column *c)
{
	int col = (int)column;

	if (!sqlro_is_text(x->q, col)) {
		if (sqlro_is_null(x->q, col))
			return;
		if (c->kind == COLUMN_TEXT)
			note_column(x, column, NOTE_READ_SCHEMA);
	}
	record_text(&x->record, c->field, sqlro_str(x->q, col));
}

static void
put_number(struct rows *x, unsigned column, const struct column *c)
{
	int col = (int)column;

	if (!sqlro_is_number(x->q, col)) {
		if (!sqlro_is_null(x->q, col))
			note_column(x, column, NOTE_READ_SCHEMA);
	} else if (c->kind == COLUMN_INT) {
		record_int(&x->record, c->field, sqlro_int(x->q, col));
	} else if (c->kind == COLUMN_REAL) {
		record_real(&x->record, c->field, sqlro_real(x->q, col));
	} else {
		record_bool(&x->record, c->field, sqlro_int(x->q, col) != 0);
	}
}

static void
put_column(struct rows *x, unsigned column, const struct column *c)
{
	if (!has(x, column) || c->kind == COLUMN_RAW ||
	    c->kind == COLUMN_RAW_MAC_S || is_time(c->kind))
		return;
	if (c->kind == COLUMN_TEXT || c->kind == COLUMN_ANY_TEXT)
		put_text(x, column, c);
	else
		put_number(x, column, c);
}

/* Earliest and latest time of the record; TSTAMP_NONE both: none. */
static void
span_of(const struct record *r, int64_t span_ns[2])
{
	span_ns[0] = span_ns[1] = TSTAMP_NONE;
	for (size_t i = 0; i < r->schema->nfields; i++) {
		const struct value *v = &r->v[i];

		if (v->type != VALUE_TIME || v->t.ns == TSTAMP_NONE)
			continue;
		if (span_ns[0] == TSTAMP_NONE || v->t.ns < span_ns[0])
			span_ns[0] = v->t.ns;
		if (v->t.ns > span_ns[1])
			span_ns[1] = v->t.ns;
	}
}

/*
 * In the second pass: true when the current row is one to look at; else the
 * scan stands before the next such row, or at the end of them (*more false).
 */
static bool
is_in_run(struct rows *x, bool *more)
{
	int64_t row = sqlro_rowid(x->q);

	*more = true;
	if (x->every || x->ctx->rows_wanted == NULL || row <= x->run[1])
		return true;
	*more = x->ctx->rows_wanted(x->ctx, x->table->name, row, x->run);
	if (*more && x->run[0] > row)
		sqlro_seek(x->q, x->run[0]);
	return *more && x->run[0] <= row;
}

/* Times first: a row none of whose times is wanted is read no further. */
static bool
put_times(struct rows *x)
{
	const struct table *t = x->table;
	double raw = 0;
	int64_t ns, span_ns[2];

	for (unsigned i = 0; i < t->ncolumns; i++) {
		if (!is_time(t->columns[i].kind))
			continue;
		ns = rows_time(x, i, &raw);
		record_time(&x->record, t->columns[i].field, ns, raw);
	}
	if (x->every)
		return true;
	if (x->ctx->row_seen != NULL) {
		span_of(&x->record, span_ns);
		x->ctx->row_seen(x->ctx, t->name, sqlro_rowid(x->q), span_ns);
	}
	return artifact_wants_record(x->ctx, &x->record);
}

/* "message.ROWID=12"; by hand, because this runs for every row. */
static struct str
locator(struct rows *x)
{
	char digits[24];
	size_t d = sizeof(digits), at = x->prefix;
	uint64_t v = (uint64_t)x->key;

	if (x->key < 0) {
		x->locator[at++] = '-';
		v = 0 - v;
	}
	do {
		digits[--d] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	memcpy(x->locator + at, digits + d, sizeof(digits) - d);
	return (struct str){ .p = x->locator, .n = at + sizeof(digits) - d };
}

bool
rows_next(struct rows *x)
{
	const struct table *t = x->table;
	bool by_rowid = strcmp(t->key, "ROWID") == 0, more = true;

	while (more && sqlro_step(x->q)) {
		if (!is_in_run(x, &more))
			continue;
		x->key = by_rowid || !sqlro_is_number(x->q, 0)
			     ? sqlro_rowid(x->q)
			     : sqlro_int(x->q, 0);
		record_init(
		    &x->record, &x->ctx->artifact->schema, x->ctx->path);
		if (!put_times(x))
			continue;
		x->record.locator = locator(x);
		for (unsigned i = 0; i < t->ncolumns; i++)
			put_column(x, i, &t->columns[i]);
		return true;
	}
	return false;
}
