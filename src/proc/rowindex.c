#include "rowindex.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "tstamp.h"

/* Rows in one block: small enough that an hour of messages is one of them. */
#define BLOCK_ROWS ((size_t)128)
#define BLOCK_SIZE ((size_t)32)

void
rowindex_init(struct rowindex *x)
{
	*x = (struct rowindex){ .ntables = 0 };
}

void
rowindex_done(struct rowindex *x)
{
	for (size_t i = 0; i < x->ntables; i++)
		free(x->tables[i].blocks);
	x->ntables = 0;
}

static struct rowindex_table *
find(struct rowindex *x, const char *table)
{
	for (size_t i = 0; i < x->ntables; i++)
		if (str_is(x->tables[i].name, table))
			return &x->tables[i];
	return NULL;
}

/* A new block at the end of t; aborts when out of memory. */
static struct rowindex_block *
add_block(struct rowindex_table *t)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 64;
		t->blocks = realloc(t->blocks, t->cap * sizeof(*t->blocks));
		if (t->blocks == NULL)
			abort();
	}
	t->blocks[t->n] = (struct rowindex_block){
		.span = {TSTAMP_NONE, TSTAMP_NONE}
	};
	return &t->blocks[t->n++];
}

static void
widen(int64_t span[2], const int64_t by[2])
{
	if (by[0] == TSTAMP_NONE)
		return;
	if (span[0] == TSTAMP_NONE || by[0] < span[0])
		span[0] = by[0];
	if (span[1] == TSTAMP_NONE || by[1] > span[1])
		span[1] = by[1];
}

void
rowindex_add(struct rowindex *x, const char *table, int64_t row,
    const int64_t span_ns[2])
{
	struct rowindex_table *t = find(x, table);
	struct rowindex_block *b;

	if (t == NULL) {
		if (x->ntables == ROWINDEX_TABLES)
			return;
		t = &x->tables[x->ntables++];
		*t = (struct rowindex_table){ .name = str_from(table) };
	}
	b = t->n > 0 ? &t->blocks[t->n - 1] : NULL;
	if (t->broken || t->n * BLOCK_SIZE >= LIMIT_ROW_INDEX ||
	    (b != NULL && row <= b->row[1])) {
		t->broken = true;
		return;
	}
	if (b == NULL || t->rows == BLOCK_ROWS) {
		b = add_block(t);
		b->row[0] = row;
		t->rows = 0;
	}
	t->rows++;
	b->row[1] = row;
	widen(b->span, span_ns);
}

void
rowindex_put(const struct rowindex *x, struct buf *b)
{
	for (size_t i = 0; i < x->ntables; i++) {
		const struct rowindex_table *t = &x->tables[i];

		if (t->broken)
			continue;
		buf_uleb(b, t->name.n);
		buf_str(b, t->name);
		buf_uleb(b, t->n);
		for (size_t k = 0; k < t->n; k++) {
			buf_le64(b, (uint64_t)t->blocks[k].row[0]);
			buf_le64(b, (uint64_t)t->blocks[k].row[1]);
			buf_le64(b, (uint64_t)t->blocks[k].span[0]);
			buf_le64(b, (uint64_t)t->blocks[k].span[1]);
		}
	}
}

static bool
get_block(struct cur *c, struct rowindex_block *b)
{
	uint64_t v[4];

	for (size_t i = 0; i < 4; i++)
		if (!cur_le64(c, &v[i]))
			return false;
	b->row[0] = (int64_t)v[0];
	b->row[1] = (int64_t)v[1];
	b->span[0] = (int64_t)v[2];
	b->span[1] = (int64_t)v[3];
	return b->row[0] <= b->row[1];
}

static bool
get_table(struct cur *c, struct rowindex_table *t)
{
	uint64_t n;

	if (!cur_uleb(c, &n) || n > c->len ||
	    !cur_str(c, (size_t)n, &t->name) || !cur_uleb(c, &n) ||
	    n > c->len / BLOCK_SIZE)
		return false;
	for (; n > 0; n--) {
		struct rowindex_block *b = add_block(t);

		if (!get_block(c, b) || (t->n > 1 && b[-1].row[1] >= b->row[0]))
			return false;
	}
	return true;
}

bool
rowindex_get(struct cur c, struct rowindex *out)
{
	rowindex_init(out);
	while (c.len > 0) {
		if (out->ntables == ROWINDEX_TABLES)
			return false;
		out->ntables++;
		if (!get_table(&c, &out->tables[out->ntables - 1]))
			return false;
	}
	return true;
}

static bool
is_wanted(const struct rowindex_block *b, const struct msg_windows *w)
{
	return b->span[0] != TSTAMP_NONE &&
	       msg_windows_meet(w, b->span[0], b->span[1]);
}

/* The first block that does not end before row. */
static size_t
lower_bound(const struct rowindex_table *t, int64_t row)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (t->blocks[mid].row[1] < row)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
rowindex_wanted(const struct rowindex *x, const char *table, int64_t from,
    const struct msg_windows *w, int64_t run[2])
{
	const struct rowindex_table *t = NULL;
	size_t i;

	for (i = 0; i < x->ntables; i++)
		if (str_is(x->tables[i].name, table))
			t = &x->tables[i];
	if (t == NULL) {
		run[0] = from;
		run[1] = INT64_MAX;
		return true;
	}
	for (i = lower_bound(t, from); i < t->n; i++)
		if (is_wanted(&t->blocks[i], w))
			break;
	if (i == t->n)
		return false;
	run[0] = t->blocks[i].row[0] > from ? t->blocks[i].row[0] : from;
	while (i + 1 < t->n && is_wanted(&t->blocks[i + 1], w))
		i++;
	run[1] = t->blocks[i].row[1];
	return true;
}
