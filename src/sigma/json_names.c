#include "json_names.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"

void
json_names_init(struct json_names *x, const struct sigma *s, const bool *wanted,
    const char *const *times, bool anywhere)
{
	*x = (struct json_names){ .sigma = s,
		.wanted = wanted,
		.times = times,
		.times_anywhere = anywhere,
		.cap = 256,
		.mask = 511 };
	arena_init(&x->arena, LIMIT_EVENT_NAME_BYTES);
	x->v = calloc(x->cap, sizeof(*x->v));
	x->table = calloc(x->mask + 1, sizeof(*x->table));
	if (x->v == NULL || x->table == NULL)
		abort();
	x->seed = (uint64_t)(uintptr_t)x->v >> 4;
	x->n = JSON_ROOT + 1;
	x->v[JSON_ROOT].field = SIGMA_NO_FIELD;
	x->v[JSON_ROOT].time = UINT32_MAX;
}

void
json_names_done(struct json_names *x)
{
	arena_done(&x->arena);
	free(x->v);
	free(x->table);
	*x = (struct json_names){ 0 };
}

void
json_names_tidy(struct json_names *x)
{
	if (x->n < LIMIT_EVENT_NAMES / 2 &&
	    x->arena.used < LIMIT_EVENT_NAME_BYTES / 2)
		return;
	arena_reset(&x->arena);
	memset(x->table, 0, (x->mask + 1) * sizeof(*x->table));
	x->n = JSON_ROOT + 1;
	x->v[JSON_ROOT].first = 0;
}

/* Names are chosen by whoever wrote the events: where v lies is not known. */
static size_t
hash(const struct json_names *x, uint32_t parent, struct str key)
{
	uint64_t h = (x->seed ^ parent) * UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (uint8_t)key.p[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 29);
}

static void
grow(struct json_names *x)
{
	uint32_t *table;

	x->cap *= 2;
	x->mask = 2 * x->cap - 1;
	x->v = realloc(x->v, x->cap * sizeof(*x->v));
	table = realloc(x->table, (x->mask + 1) * sizeof(*table));
	if (x->v == NULL || table == NULL)
		abort();
	x->table = table;
	memset(table, 0, (x->mask + 1) * sizeof(*table));
	for (uint32_t i = JSON_ROOT + 1; i < x->n; i++) {
		size_t at = hash(x, x->v[i].parent, x->v[i].key) & x->mask;

		x->v[i].next = table[at];
		table[at] = i;
	}
}

/* "a.b.c", from its end; false when it is longer than names of fields are. */
static bool
path_of(const struct json_names *x, uint32_t parent, struct str key,
    char buf[static LIMIT_EVENT_PATH], struct str *out)
{
	size_t at = LIMIT_EVENT_PATH;

	for (;;) {
		if (key.n > at)
			return false;
		at -= key.n;
		memcpy(buf + at, key.p, key.n);
		if (parent == JSON_ROOT)
			break;
		if (at == 0)
			return false;
		buf[--at] = '.';
		key = x->v[parent].key;
		parent = x->v[parent].parent;
	}
	*out = (struct str){ buf + at, LIMIT_EVENT_PATH - at };
	return true;
}

/* Whole names first, in their order, then last parts of longer ones. */
static uint32_t
time_rank(const struct json_names *x, struct str path)
{
	uint32_t n, last = UINT32_MAX;
	size_t dot = str_rfind(path, '.');
	struct str part = dot < path.n ? str_sub(path, dot + 1, path.n) : path;

	for (n = 0; x->times != NULL && x->times[n] != NULL; n++) {
		if (str_is(path, x->times[n]))
			return n;
		if (x->times_anywhere && last == UINT32_MAX &&
		    str_is(part, x->times[n]))
			last = n;
	}
	return last == UINT32_MAX ? last : n + last;
}

static uint32_t
name_add(struct json_names *x, uint32_t parent, struct str key, size_t h)
{
	struct json_name *m;
	char buf[LIMIT_EVENT_PATH];
	struct str path;
	uint32_t id;

	if (x->n >= LIMIT_EVENT_NAMES)
		return 0;
	if (x->n == x->cap)
		grow(x);
	id = (uint32_t)x->n;
	m = &x->v[id];
	*m = (struct json_name){ .key = arena_str(&x->arena, key),
		.parent = parent,
		.field = SIGMA_NO_FIELD,
		.time = UINT32_MAX,
		.next = x->table[h & x->mask] };
	if (m->key.n != key.n)
		return 0;
	if (path_of(x, parent, key, buf, &path)) {
		m->field = sigma_field(x->sigma, path);
		m->time = time_rank(x, path);
	}
	if (m->field != SIGMA_NO_FIELD && !x->wanted[m->field])
		m->field = SIGMA_NO_FIELD;
	x->table[h & x->mask] = id;
	x->n++;
	return id;
}

uint32_t
json_names_find(struct json_names *x, uint32_t parent, struct str key)
{
	size_t h = hash(x, parent, key);
	uint32_t id = x->table[h & x->mask];

	for (; id != 0; id = x->v[id].next)
		if (x->v[id].parent == parent && str_eq(x->v[id].key, key))
			return id;
	return name_add(x, parent, key, h);
}
