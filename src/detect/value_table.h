#ifndef DETECT_VALUE_TABLE_H
#define DETECT_VALUE_TABLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finding.h"
#include "str.h"

/*
 * All distinct values of all indicators: one pool of bytes, one array of
 * small entries, one hash table with open addressing over them. A million
 * domains take about 50 MB. A look-up that finds nothing touches one byte in
 * most cases, however many values there are.
 */
enum kind {
#define KIND(sym, obs, reach) KIND_##sym,
#include "kinds.def"
#undef KIND
	/* Of any observable: the key's first byte says which. */
	KIND_LIKE,
	KIND_MATCHES,
	KIND_ALL,
	KIND_COUNT
};

enum {
	VALUE_SHOWN = 1,	/* published in another form than the key */
	VALUE_ALONE = 2,	/* an indicator by itself */
	VALUE_TERM = 4,		/* one of several that must hold together */
	VALUE_IP_AS_DOMAIN = 8, /* published as a domain */
	VALUE_DIRECTORY = 16,	/* a path with a slash at its end */
};

struct value_entry {
	uint32_t at;	 /* in the pool: the key, then what is shown */
	uint32_t origin; /* where it was published; 0: nowhere yet */
	uint32_t extra;	 /* of LIKE, MATCHES, ALL: index in their arrays */
	uint8_t kind;
	uint8_t obs; /* as which it is listed */
	uint8_t flags;
};

struct value_table {
	struct value_entry *v;
	size_t n, cap;
	char *pool;
	size_t pool_n, pool_cap;
	uint8_t *tag;	/* a byte of each slot's hash, 0: free */
	uint32_t *slot; /* index in v */
	size_t mask;
	uint64_t seed;
	size_t by_kind[KIND_COUNT];
};

#define VALUE_NOT_THERE UINT32_MAX

void value_table_init(struct value_table *t);
void value_table_done(struct value_table *t);

/* Gives back what growing left over. */
void value_table_trim(struct value_table *t);

/*
 * Keys are hashed from their end, so that one walk over a host gives the
 * hashes of all its suffixes; paths and globs from their beginning, for all
 * the folders that a file lies in. The seed is random: nobody can publish values
 * that all fall into one place.
 */
static inline uint64_t
value_hash_begin(const struct value_table *t, enum kind k)
{
	return t->seed + (uint64_t)k * UINT64_C(0x9e3779b97f4a7c15);
}

static inline uint64_t
value_hash_step(uint64_t h, char c)
{
	h = (h << 5 | h >> 59) ^ (uint8_t)c;
	return h * UINT64_C(0xd6e8feb86659fd93);
}

static inline uint64_t
value_hash_end(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xff51afd7ed558ccd);
	return h ^ h >> 29;
}

uint64_t value_hash(const struct value_table *t, enum kind k, struct str key);

/* The index, or VALUE_NOT_THERE. */
uint32_t value_find(const struct value_table *t, enum kind k, struct str key);
uint32_t value_find_hashed(
    const struct value_table *t, enum kind k, struct str key, uint64_t hash);

/*
 * The entry of key, made when it is new (obs and shown are then kept; shown
 * equal to key costs nothing). VALUE_NOT_THERE when the table is full.
 */
uint32_t value_add(struct value_table *t, enum kind k, enum obs o,
    struct str key, struct str shown);

struct str value_key(const struct value_table *t, uint32_t i);
struct str value_shown(const struct value_table *t, uint32_t i);
#endif
