#include "sqlbtree.h"

#include <stdlib.h>

#include "limits.h"

/*
 * B-tree page; page 1 has the file header's 100 bytes in front:
 *
 *   type (1), first free block (2), cells (2), start of content (2; 0 means
 *   65536), fragmented bytes (1), right child (4, inner pages), then two
 *   bytes for each cell: where it stands
 *
 *   table leaf:  payload length, rowid, payload, overflow page (4)
 *   table inner: child (4), rowid
 *   index leaf:  payload length, payload, overflow page (4)
 *   index inner: child (4), payload length, payload, overflow page (4)
 *
 * Lengths and rowids are varints: big-endian groups of 7 bits, the ninth
 * byte has 8. A free block: next (2), size (2).
 */
#define FILE_HEADER 100

static bool
varint_long(struct cur *c, uint64_t *out)
{
	struct cur w = *c;
	uint64_t v = 0;
	uint8_t b;

	for (int i = 0; i < 9; i++) {
		if (!cur_u8(&w, &b))
			return false;
		if (i == 8) {
			v = v << 8 | b;
			break;
		}
		v = v << 7 | (b & 0x7f);
		if (b < 0x80)
			break;
	}
	*c = w;
	*out = v;
	return true;
}

/* Nearly all are of one byte. */
static inline bool
varint(struct cur *c, uint64_t *out)
{
	if (c->len > 0 && c->p[0] < 0x80) {
		*out = c->p[0];
		return cur_skip(c, 1);
	}
	return varint_long(c, out);
}

bool
sqlpage_parse(const struct sqlfile *s, struct cur page, uint32_t number,
    struct sqlpage *out)
{
	uint32_t start = number == 1 ? FILE_HEADER : 0;
	struct sqlpage p = { .usable = s->usable };
	uint16_t free_at, cells, content;
	uint8_t type, fragments;
	struct cur c;

	if (!cur_window(&page, 0, s->usable, &p.page))
		return false;
	c = p.page;
	if (!cur_skip(&c, start) || !cur_u8(&c, &type) ||
	    !cur_be16(&c, &free_at) || !cur_be16(&c, &cells) ||
	    !cur_be16(&c, &content) || !cur_u8(&c, &fragments))
		return false;
	if (type != SQLPAGE_INDEX_INNER && type != SQLPAGE_TABLE_INNER &&
	    type != SQLPAGE_INDEX_LEAF && type != SQLPAGE_TABLE_LEAF)
		return false;
	p.type = (enum sqlpage_type)type;
	p.leaf = type >= SQLPAGE_INDEX_LEAF;
	p.table = type == SQLPAGE_TABLE_INNER || type == SQLPAGE_TABLE_LEAF;
	if (!p.leaf && !cur_be32(&c, &p.right))
		return false;
	p.array = start + (p.leaf ? 8 : 12);
	p.cells = cells;
	p.freeblock = free_at;
	p.fragments = fragments;
	p.content = content == 0 ? 65536 : content;
	if (p.content > p.usable || p.content < p.array ||
	    p.cells > (p.content - p.array) / 2)
		return false;
	*out = p;
	return true;
}

/* Bytes of a payload that stand in the page itself. */
static uint32_t
local_size(const struct sqlpage *p, uint64_t payload)
{
	uint32_t u = p->usable, max, min, k;

	max = p->type == SQLPAGE_TABLE_LEAF ? u - 35 : (u - 12) * 64 / 255 - 23;
	min = (u - 12) * 32 / 255 - 23;
	if (payload <= max)
		return (uint32_t)payload;
	k = min + (uint32_t)((payload - min) % (u - 4));
	return k <= max ? k : min;
}

bool
sqlpage_cell(const struct sqlpage *p, uint32_t i, struct sqlcell *out)
{
	struct sqlcell cell = { 0 };
	struct cur c;
	uint64_t v = 0;
	uint32_t local;
	uint16_t at;

	if (i >= p->cells ||
	    !cur_window(&p->page, p->array + (size_t)i * 2, 2, &c) ||
	    !cur_be16(&c, &at) || at < p->content || at >= p->usable)
		return false;
	cell.off = at;
	c = p->page;
	if (!cur_skip(&c, at) || (!p->leaf && !cur_be32(&c, &cell.child)))
		return false;
	if (p->type != SQLPAGE_TABLE_INNER) {
		if (!varint(&c, &cell.payload))
			return false;
	}
	if (p->table && !varint(&c, &v))
		return false;
	cell.rowid = (int64_t)v;
	if (p->type != SQLPAGE_TABLE_INNER) {
		local = local_size(p, cell.payload);
		if (!cur_take(&c, local, &cell.local) ||
		    (local < cell.payload && !cur_be32(&c, &cell.overflow)))
			return false;
	}
	cell.size = p->usable - at - (uint32_t)c.len;
	if (cell.size < 4)
		cell.size = 4;
	if (cell.size > p->usable - at)
		return false;
	*out = cell;
	return true;
}

/* Bytes in free blocks; false when their list cannot be right. */
static bool
free_bytes(const struct sqlpage *p, uint32_t *out)
{
	uint32_t at = p->freeblock, sum = 0, end = p->content;
	uint16_t next, size;
	struct cur c;

	while (at != 0) {
		if (at < end || !cur_window(&p->page, at, 4, &c) ||
		    !cur_be16(&c, &next) || !cur_be16(&c, &size) || size < 4 ||
		    size > p->usable - at)
			return false;
		sum += size;
		end = at + size;
		at = next;
	}
	*out = sum;
	return true;
}

bool
sqlpage_is_full(const struct sqlpage *p, uint32_t cells)
{
	uint32_t sum;

	return free_bytes(p, &sum) &&
	       cells + sum + p->fragments == p->usable - p->content;
}

/*
 * A record: header length, a type for each column (all varints), the values.
 * Types 0 to 9: null, ints of 1 2 3 4 6 8 bytes, real, 0, 1; 10 and 11 are
 * never stored; from 12 blobs (even) and texts (odd).
 */
static const uint8_t type_size[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0 };

bool
sqlcell_is_record(const struct sqlcell *cell)
{
	struct cur c = cell->local, types;
	uint64_t header, type, sum = 0;
	size_t before = c.len;

	if (!varint(&c, &header) || header < before - c.len ||
	    header > cell->payload)
		return false;
	/* A header that runs into the overflow pages is not followed. */
	if (header > before)
		return cell->overflow != 0;
	if (!cur_take(&c, (size_t)header - (before - c.len), &types))
		return false;
	while (types.len > 0) {
		if (!varint(&types, &type) || type == 10 || type == 11)
			return false;
		type = type < 10 ? type_size[type] : (type - 12) / 2;
		if (type > cell->payload - sum)
			return false;
		sum += type;
	}
	return header + sum == cell->payload;
}

/* A walk over the pages of one tree, each page once. */
struct walk {
	struct sqlfile *s;
	struct arena *a;
	uint8_t *page;
	uint8_t *seen;
	uint32_t *stack;
	size_t depth;
	uint32_t pages;
	struct sqlrow *rows;
	size_t n, cap;
};

static void
push(struct walk *w, uint32_t page)
{
	if (page == 0 || page > w->pages || w->seen[page - 1] != 0)
		return;
	w->seen[page - 1] = 1;
	w->stack[w->depth++] = page;
}

static bool
keep(struct walk *w, int64_t rowid, uint32_t page)
{
	struct sqlrow *old = w->rows;

	if (w->n == w->cap) {
		size_t cap = w->cap ? w->cap * 2 : 1024;

		if (cap > LIMIT_SQL_ROWS ||
		    (w->rows = arena_alloc(w->a, cap, sizeof(*old))) == NULL) {
			w->rows = old;
			return false;
		}
		for (size_t i = 0; i < w->n; i++)
			w->rows[i] = old[i];
		w->cap = cap;
	}
	w->rows[w->n++] = (struct sqlrow){ .rowid = rowid, .page = page };
	return true;
}

static bool
walk_page(struct walk *w, uint32_t number)
{
	struct sqlcell cell;
	struct sqlpage p;
	struct cur c;

	if (!sqlfile_page(w->s, number, w->page, &c) ||
	    !sqlpage_parse(w->s, c, number, &p) || !p.table)
		return true;
	if (!p.leaf)
		push(w, p.right);
	for (uint32_t i = p.cells; i > 0; i--) {
		if (!sqlpage_cell(&p, i - 1, &cell))
			continue;
		if (!p.leaf)
			push(w, cell.child);
		else if (!keep(w, cell.rowid, number))
			return false;
	}
	return true;
}

static int
row_order(const void *x, const void *y)
{
	const struct sqlrow *a = x, *b = y;

	return a->rowid < b->rowid ? -1 : a->rowid > b->rowid;
}

size_t
sqltree_rows(
    struct sqlfile *s, uint32_t root, struct arena *a, struct sqlrow **out)
{
	struct walk w = { .s = s, .a = a };
	size_t n = 0;

	w.pages = s->present < LIMIT_SQL_PAGES ? s->present : LIMIT_SQL_PAGES;
	w.page = arena_alloc(a, s->page_size, 1);
	w.seen = arena_alloc(a, w.pages, 1);
	w.stack = arena_alloc(a, w.pages, sizeof(*w.stack));
	if (w.page == NULL || w.seen == NULL || w.stack == NULL)
		return 0;
	push(&w, root);
	while (w.depth > 0 && walk_page(&w, w.stack[--w.depth]))
		;
	if (w.n > 1)
		qsort(w.rows, w.n, sizeof(*w.rows), row_order);
	for (size_t i = 0; i < w.n; i++)
		if (n == 0 || w.rows[n - 1].rowid != w.rows[i].rowid)
			w.rows[n++] = w.rows[i];
	*out = w.rows;
	return n;
}
