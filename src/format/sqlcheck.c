#include "limits.h"
#include "sqlbtree.h"
#include "sqlro_impl.h"

/*
 * Every page of a database must belong to something: to a tree, to the rest
 * of a long row, to the free list, or to the map of an auto-vacuum database;
 * and a page of a tree must be filled exactly by its cells. What zeroing,
 * cutting or garbling does to a file breaks one or the other nearly always.
 */
enum role { ROLE_NONE, ROLE_TREE, ROLE_OVERFLOW, ROLE_FREE, ROLE_MAP };

struct check {
	struct sqlfile *s;
	const struct notes *n;
	uint8_t *role; /* by page, from 0 */
	uint32_t pages;
	uint32_t *stack;
	size_t depth;
	uint8_t *page;
	bool any; /* last_rowid is one of this tree */
	int64_t last_rowid;
};

/* The file header: free list at 32 (trunk) and 36 (pages), auto-vacuum at 52 */
struct lists {
	uint32_t trunk, free, largest_root;
};

static uint64_t
offset_of(const struct check *k, uint32_t page)
{
	return page == 0 ? 0 : (uint64_t)(page - 1) * k->s->page_size;
}

/* A page gets its role; false (and a note) when it has one or is none. */
static bool
claim(struct check *k, uint32_t page, enum role role, uint32_t owner)
{
	if (page == 0 || page > k->pages || k->role[page - 1] != ROLE_NONE)
		return note(k->n, NOTE_SQL_PAGE, offset_of(k, owner));
	k->role[page - 1] = (uint8_t)role;
	return true;
}

/* The chain of pages that hold the rest of a payload. */
static void
check_overflow(struct check *k, const struct sqlcell *cell, uint32_t owner)
{
	uint64_t left = cell->payload - cell->local.len;
	uint32_t page = cell->overflow;
	uint8_t b[4];
	struct cur c;
	size_t got;

	while (left > 0) {
		if (!claim(k, page, ROLE_OVERFLOW, owner))
			return;
		owner = page;
		if (sqlfile_read(
			k->s, offset_of(k, page), b, sizeof(b), &got) != ERR_OK)
			return;
		c = cur_from(b, sizeof(b));
		(void)cur_be32(&c, &page);
		left -= left < k->s->usable - 4 ? left : k->s->usable - 4;
	}
}

static bool
check_cell(struct check *k, const struct sqlpage *p, struct sqlcell *cell,
    uint32_t number)
{
	if (p->type == SQLPAGE_TABLE_INNER)
		return true;
	if (cell->overflow != 0)
		check_overflow(k, cell, number);
	if (!sqlcell_is_record(cell))
		return false;
	if (p->type == SQLPAGE_TABLE_LEAF) {
		if (k->any && cell->rowid <= k->last_rowid)
			return false;
		k->last_rowid = cell->rowid;
		k->any = true;
	}
	return true;
}

static void
push(struct check *k, uint32_t page, uint32_t owner)
{
	if (claim(k, page, ROLE_TREE, owner))
		k->stack[k->depth++] = page;
}

/* One page of a tree; its children are put on the stack, the first on top. */
static void
check_page(struct check *k, uint32_t number, bool table)
{
	uint32_t sum = 0; /* fits: cells lie inside a page each */
	struct sqlcell cell;
	struct sqlpage p;
	struct cur c;
	bool good;

	if (!sqlfile_page(k->s, number, k->page, &c) ||
	    !sqlpage_parse(k->s, c, number, &p) || p.table != table) {
		note(k->n, NOTE_SQL_PAGE, offset_of(k, number));
		return;
	}
	good = p.leaf || p.cells > 0 || number == 1;
	if (!p.leaf)
		push(k, p.right, number);
	for (uint32_t i = p.cells; i > 0 && !p.leaf; i--)
		if (sqlpage_cell(&p, i - 1, &cell))
			push(k, cell.child, number);
	for (uint32_t i = 0; i < p.cells; i++) {
		if (!sqlpage_cell(&p, i, &cell)) {
			good = false;
			continue;
		}
		sum += cell.size;
		good &= check_cell(k, &p, &cell, number);
	}
	good &= sqlpage_is_full(&p, sum);
	if (!good)
		note(k->n, NOTE_SQL_PAGE, offset_of(k, number));
}

/* A tree from its root, which tells whether it is a table's. */
static void
check_tree(struct check *k, uint32_t root)
{
	struct sqlpage p;
	struct cur c;

	k->any = false;
	push(k, root, root);
	if (k->depth == 0)
		return;
	if (!sqlfile_page(k->s, root, k->page, &c) ||
	    !sqlpage_parse(k->s, c, root, &p)) {
		note(k->n, NOTE_SQL_PAGE, offset_of(k, root));
		k->depth = 0;
		return;
	}
	while (k->depth > 0)
		check_page(k, k->stack[--k->depth], p.table);
}

/* Trunk pages of the free list: next (4), count (4), free pages (4 each). */
static void
check_free(struct check *k, const struct lists *l)
{
	uint32_t trunk = l->trunk, n, free, found = 0, owner = 1;
	struct cur c;

	while (trunk != 0) {
		if (!claim(k, trunk, ROLE_FREE, owner) ||
		    !sqlfile_page(k->s, trunk, k->page, &c))
			return;
		owner = trunk;
		found++;
		if (!cur_be32(&c, &trunk) || !cur_be32(&c, &n) ||
		    n > c.len / 4) {
			note(k->n, NOTE_SQL_PAGE, offset_of(k, owner));
			return;
		}
		for (; n > 0 && cur_be32(&c, &free); n--)
			found += claim(k, free, ROLE_FREE, owner);
	}
	if (found != l->free)
		note(k->n, NOTE_SQL_PAGE, 0);
}

/*
 * Pages that only say what others are: page 2 and then one for each that fit
 * in it. The page at 1 GiB, where locks are taken, is never used.
 */
static void
claim_maps(struct check *k, const struct lists *l)
{
	uint32_t step = k->s->usable / 5 + 1;
	uint32_t lock = (uint32_t)0x40000000 / k->s->page_size + 1;

	if (lock <= k->pages)
		k->role[lock - 1] = ROLE_MAP;
	if (l->largest_root == 0)
		return;
	for (uint64_t p = 2; p <= k->pages; p += step)
		k->role[(p == lock ? p + 1 : p) - 1] = ROLE_MAP;
}

static bool
lists_read(struct check *k, struct lists *out)
{
	uint8_t b[100];
	struct cur c;
	size_t got;

	if (sqlfile_read(k->s, 0, b, sizeof(b), &got) != ERR_OK)
		return false;
	c = cur_from(b, got);
	return cur_skip(&c, 32) && cur_be32(&c, &out->trunk) &&
	       cur_be32(&c, &out->free) && cur_skip(&c, 12) &&
	       cur_be32(&c, &out->largest_root);
}

/* Pages that belong to nothing were cut off from what they belonged to. */
static void
check_orphans(struct check *k)
{
	uint32_t n = 0, first = 0;

	for (uint32_t p = 1; p <= k->pages; p++)
		if (k->role[p - 1] == ROLE_NONE && n++ == 0)
			first = p;
	if (n > 0)
		note_why(k->n, NOTE_SQL_PAGE, offset_of(k, first),
		    "%ju pages belong to nothing", (uintmax_t)n);
}

void
sqlro_check(struct sqlro *d)
{
	struct check k = { .s = &d->file, .n = d->n };
	struct lists l;

	if (d->checked)
		return;
	d->checked = true;
	k.pages = d->file.present;
	if (k.pages > LIMIT_SQL_PAGES) {
		note(d->n, NOTE_READ_LIMIT, 0);
		k.pages = LIMIT_SQL_PAGES;
	}
	k.role = arena_alloc(&d->a, (size_t)k.pages + 1, 1);
	k.stack = arena_alloc(&d->a, k.pages, sizeof(*k.stack));
	k.page = arena_alloc(&d->a, d->file.page_size, 1);
	if (k.role == NULL || k.stack == NULL || k.page == NULL ||
	    !lists_read(&k, &l)) {
		note(d->n, NOTE_READ_LIMIT, 0);
		return;
	}
	claim_maps(&k, &l);
	check_tree(&k, 1);
	for (size_t i = 0; i < d->ntables; i++)
		if (d->tables[i].root != 0)
			check_tree(&k, d->tables[i].root);
	check_free(&k, &l);
	check_orphans(&k);
}
