#include "pl.h"

#include <stdlib.h>
#include <string.h>

#include "pl_value.h"

static struct pl *
pl_new(struct arena *a, enum pl_kind kind)
{
	struct pl *v = arena_alloc(a, 1, sizeof(*v));

	if (v == NULL)
		abort(); /* arenas of this layer are bounded by its options */
	v->kind = kind;
	return v;
}

struct pl *
pl_dict(struct arena *a)
{
	return pl_new(a, PL_DICT);
}

struct pl *
pl_array(struct arena *a)
{
	return pl_new(a, PL_ARRAY);
}

static struct pl *
pl_text(struct arena *a, struct str s)
{
	struct pl *v = pl_new(a, PL_STR);

	v->text = arena_str(a, s);
	return v;
}

struct pl *
pl_str(struct arena *a, const char *s)
{
	return pl_text(a, str_from(s));
}

static struct pl *
pl_number(struct arena *a, enum pl_kind kind, int64_t i)
{
	struct pl *v = pl_new(a, kind);

	v->i = i;
	return v;
}

struct pl *
pl_int(struct arena *a, int64_t v)
{
	return pl_number(a, PL_INT, v);
}

struct pl *
pl_bool(struct arena *a, bool v)
{
	return pl_number(a, PL_BOOL, v);
}

struct pl *
pl_date(struct arena *a, int64_t unix_s)
{
	return pl_number(a, PL_DATE, unix_s);
}

struct pl *
pl_uid(struct arena *a, uint32_t v)
{
	return pl_number(a, PL_UID, v);
}

struct pl *
pl_real(struct arena *a, double d)
{
	struct pl *v = pl_new(a, PL_REAL);

	v->d = d;
	return v;
}

struct pl *
pl_data(struct arena *a, struct str bytes)
{
	struct pl *v = pl_new(a, PL_DATA);

	v->text = arena_str(a, bytes);
	return v;
}

void
pl_add(struct pl *array, struct pl *v)
{
	if (array->last != NULL)
		array->last->next = v;
	else
		array->first = v;
	array->last = v;
	array->count++;
}

void
pl_set(struct arena *a, struct pl *dict, const char *key, struct pl *v)
{
	pl_set_str(a, dict, str_from(key), v);
}

void
pl_set_str(struct arena *a, struct pl *dict, struct str key, struct pl *v)
{
	v->key = pl_text(a, key);
	pl_add(dict, v);
}
