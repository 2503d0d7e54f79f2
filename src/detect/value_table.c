#include "value_table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "limits.h"

#define SLOTS_START ((size_t)1 << 10)

void
value_table_init(struct value_table *t)
{
	*t = (struct value_table){ .mask = SLOTS_START - 1 };
	t->tag = calloc(SLOTS_START, sizeof(*t->tag));
	t->slot = calloc(SLOTS_START, sizeof(*t->slot));
	if (t->tag == NULL || t->slot == NULL ||
	    getrandom(&t->seed, sizeof(t->seed), 0) != sizeof(t->seed))
		abort();
}

void
value_table_done(struct value_table *t)
{
	free(t->v);
	free(t->pool);
	free(t->tag);
	free(t->slot);
	*t = (struct value_table){ 0 };
}

static void *
resized(void *p, size_t n, size_t size)
{
	p = realloc(p, n * size);
	if (p == NULL && n > 0)
		abort();
	return p;
}

void
value_table_trim(struct value_table *t)
{
	if (t->n > 0 && t->n < t->cap)
		t->v = resized(t->v, t->cap = t->n, sizeof(*t->v));
	if (t->pool_n > 0 && t->pool_n < t->pool_cap)
		t->pool = resized(t->pool, t->pool_cap = t->pool_n, 1);
}

uint64_t
value_hash(const struct value_table *t, enum kind k, struct str key)
{
	uint64_t h = value_hash_begin(t, k);

	if (k == KIND_PATH || k == KIND_GLOB)
		for (size_t i = 0; i < key.n; i++)
			h = value_hash_step(h, key.p[i]);
	else
		for (size_t i = key.n; i > 0; i--)
			h = value_hash_step(h, key.p[i - 1]);
	return value_hash_end(h);
}

static uint8_t
tag_of(uint64_t hash)
{
	uint8_t tag = (uint8_t)(hash >> 56);

	return tag ? tag : 1;
}

/* A length and the bytes behind it; *at moves behind them. */
static struct str
pool_str(const struct value_table *t, size_t *at)
{
	struct str s = { 0 };
	unsigned shift = 0;
	uint8_t b;

	do {
		b = (uint8_t)t->pool[(*at)++];
		s.n |= (size_t)(b & 0x7f) << shift;
		shift += 7;
	} while (b & 0x80);
	s.p = t->pool + *at;
	*at += s.n;
	return s;
}

struct str
value_key(const struct value_table *t, uint32_t i)
{
	size_t at = t->v[i].at;

	return pool_str(t, &at);
}

struct str
value_shown(const struct value_table *t, uint32_t i)
{
	size_t at = t->v[i].at;
	struct str key = pool_str(t, &at);

	return t->v[i].flags & VALUE_SHOWN ? pool_str(t, &at) : key;
}

uint32_t
value_find_hashed(
    const struct value_table *t, enum kind k, struct str key, uint64_t hash)
{
	uint8_t tag = tag_of(hash);

	for (size_t i = hash & t->mask; t->tag[i] != 0; i = (i + 1) & t->mask) {
		uint32_t e = t->slot[i];

		if (t->tag[i] == tag && t->v[e].kind == k &&
		    str_eq(value_key(t, e), key))
			return e;
	}
	return VALUE_NOT_THERE;
}

uint32_t
value_find(const struct value_table *t, enum kind k, struct str key)
{
	if (t->by_kind[k] == 0)
		return VALUE_NOT_THERE;
	return value_find_hashed(t, k, key, value_hash(t, k, key));
}

static void
put_slot(struct value_table *t, uint64_t hash, uint32_t entry)
{
	size_t i = hash & t->mask;

	while (t->tag[i] != 0)
		i = (i + 1) & t->mask;
	t->tag[i] = tag_of(hash);
	t->slot[i] = entry;
}

/* Twice the slots; keys are hashed again, in the order of the pool. */
static void
grow_slots(struct value_table *t)
{
	size_t slots = 2 * (t->mask + 1);

	free(t->tag);
	free(t->slot);
	t->tag = calloc(slots, sizeof(*t->tag));
	t->slot = calloc(slots, sizeof(*t->slot));
	if (t->tag == NULL || t->slot == NULL)
		abort();
	t->mask = slots - 1;
	for (size_t i = 0; i < t->n; i++)
		put_slot(t,
		    value_hash(
			t, (enum kind)t->v[i].kind, value_key(t, (uint32_t)i)),
		    (uint32_t)i);
}

/* Room for n more bytes in the pool; grown by half, for big ones. */
static bool
pool_room(struct value_table *t, size_t n)
{
	size_t cap = t->pool_cap ? t->pool_cap : 4096;

	if (n > LIMIT_INDICATOR_BYTES || t->pool_n > LIMIT_INDICATOR_BYTES - n)
		return false;
	if (n <= t->pool_cap - t->pool_n)
		return true;
	while (cap - t->pool_n < n)
		cap += cap / 2;
	t->pool = resized(t->pool, cap, 1);
	t->pool_cap = cap;
	return true;
}

static void
pool_put(struct value_table *t, struct str s)
{
	size_t n = s.n;

	for (; n > 0x7f; n >>= 7)
		t->pool[t->pool_n++] = (char)(uint8_t)((n & 0x7f) | 0x80);
	t->pool[t->pool_n++] = (char)n;
	if (s.n > 0)
		memcpy(t->pool + t->pool_n, s.p, s.n);
	t->pool_n += s.n;
}

/* Lengths take at most ten bytes each. */
static bool
room(struct value_table *t, struct str key, struct str shown)
{
	if (key.n > LIMIT_INDICATOR_BYTES || shown.n > LIMIT_INDICATOR_BYTES ||
	    t->n >= LIMIT_INDICATORS || !pool_room(t, key.n + shown.n + 20))
		return false;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap + t->cap / 2 : 256;
		t->v = resized(t->v, t->cap, sizeof(*t->v));
	}
	if (t->n + 1 > (t->mask + 1) / 3 * 2)
		grow_slots(t);
	return true;
}

uint32_t
value_add(struct value_table *t, enum kind k, enum obs o, struct str key,
    struct str shown)
{
	uint64_t hash = value_hash(t, k, key);
	uint32_t i = value_find_hashed(t, k, key, hash);
	bool same = str_eq(key, shown);

	if (i != VALUE_NOT_THERE)
		return i;
	if (!room(t, key, shown))
		return VALUE_NOT_THERE;
	i = (uint32_t)t->n++;
	t->v[i] = (struct value_entry){
		.at = (uint32_t)t->pool_n,
		.kind = (uint8_t)k,
		.obs = (uint8_t)o,
		.flags = same ? 0 : VALUE_SHOWN,
	};
	pool_put(t, key);
	if (!same)
		pool_put(t, shown);
	put_slot(t, hash, i);
	t->by_kind[k]++;
	return i;
}
