#ifndef SIGMA_LITERALS_H
#define SIGMA_LITERALS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "str.h"

/*
 * Many texts that are looked for in one value at once: as the whole of it, at
 * its head, at its tail, or anywhere inside. Whole, head and tail are hash
 * look-ups by at most eight bytes, one for each length that there is. For the
 * inside each text is known by one of its grams, two or four bytes of it that
 * few others and little of what is common has; a bit for each gram's hash says
 * quickly of nearly all places of a value that none is there.
 */
enum literal_where { IN_WHOLE, IN_HEAD, IN_TAIL, IN_INSIDE };

/* What a literal tells when it is found: a number and how sure it is. */
struct literal_in {
	struct str text; /* of IN_INSIDE never empty */
	enum literal_where where;
	uint32_t target;
};

struct literal {
	uint32_t at, n;		    /* in the pool */
	uint32_t targets, ntargets; /* in the table of targets */
	uint32_t gram;		    /* where in it its gram stands */
};

/* Runs of literals with the same key, by a hash table. */
struct literal_slot {
	uint64_t key;
	uint32_t first, n; /* in the order table; n is 0: empty */
};
struct literal_table {
	const struct literal_slot *slots;
	uint32_t mask;
};

struct anchored {
	unsigned lengths; /* bit L: some have L bytes; bit 8: 8 and more */
	size_t longest;
	struct literal_table table;
};

struct grams {
	uint32_t take;	      /* which bytes of four: 0xffff or all */
	unsigned shift;	      /* from a hash to the bit */
	const uint64_t *bits; /* NULL: none */
	struct literal_table table;
};

struct literals {
	const char *pool;
	const struct literal *v;
	size_t n;
	uint32_t base; /* the place of the first one in `seen` */
	const uint32_t *targets;
	const uint32_t *order;
	struct anchored whole, head, tail;
	struct grams quads, pairs;
};

/*
 * Makes the tables from n > 0 texts in a, with room in scratch for what is
 * only needed meanwhile. Sorts v. False when a is full.
 */
bool literals_make(struct literals *l, struct literal_in *v, size_t n,
    struct arena *a, struct arena *scratch);

/*
 * How likely it is that a text stands in a value, before anything is known of
 * the events: short ones and words that every system is full of are.
 */
double literal_odds(struct str text, enum literal_where where);

/* What was found in one value: indexes of literals, each once. */
struct literal_hits {
	uint32_t *seen; /* by base and index: the round it was found last */
	uint32_t round;
	uint32_t *list; /* room for all literals of one table */
	size_t n;
};

/* Bytes that must be readable and zero before and behind every text. */
#define LITERAL_PAD 8

/* s is folded and padded. */
void literals_whole(
    const struct literals *l, struct str s, struct literal_hits *h);
void literals_head(
    const struct literals *l, struct str s, struct literal_hits *h);
void literals_tail(
    const struct literals *l, struct str s, struct literal_hits *h);
void literals_inside(
    const struct literals *l, struct str s, struct literal_hits *h);
#endif
