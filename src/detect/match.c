#include <stdlib.h>
#include <string.h>

#include "detector.h"
#include "matching.h"

void
found(struct matching *m, uint32_t value, enum how how)
{
	struct weight w;

	if (m->n == m->cap) {
		struct seen *v = realloc(
		    m->v == m->few ? NULL : m->v, 2 * m->cap * sizeof(*v));

		if (v == NULL)
			abort();
		if (m->v == m->few)
			memcpy(v, m->few, sizeof(m->few));
		m->v = v;
		m->cap *= 2;
	}
	w = weigh(m->x, value, how, m->r);
	m->v[m->n++] = (struct seen){ .value = value,
		.field = m->field,
		.item = m->item,
		.how = (uint8_t)how,
		.level = (uint8_t)w.level };
}

void
match_key(struct matching *m, enum kind k, struct str key, enum how how)
{
	uint32_t value = value_find(&m->x->values, k, key);

	if (value != VALUE_NOT_THERE)
		found(m, value, how);
}

void
match_folded(struct matching *m, enum kind k, enum obs o, struct str v)
{
	struct buf *work = m->x->work;
	char few[128];
	struct str key = { .p = few, .n = v.n };

	if (m->x->values.by_kind[k] == 0 && !(m->x->fuzzy >> o & 1))
		return;
	if (v.n <= sizeof(few)) {
		for (size_t i = 0; i < v.n; i++)
			few[i] = ascii_lower(v.p[i]);
	} else {
		buf_reset(work);
		for (size_t i = 0; i < v.n; i++)
			buf_u8(work, (uint8_t)ascii_lower(v.p[i]));
		key = buf_text(work);
	}
	match_key(m, k, key, HOW_EQUAL);
	match_fuzzy(m, o, key);
}

/* One value of one field, as its schema says what it is. */
static void
match_value(struct matching *m, const struct field *f, struct str v)
{
	if (v.n == 0)
		return;
	switch (f->obs) {
	case OBS_DOMAIN:
		match_domain(m, v);
		break;
	case OBS_URL:
		match_url(m, v);
		break;
	case OBS_IP:
		match_ip(m, v);
		break;
	case OBS_EMAIL:
	case OBS_PHONE:
		match_handle(m, v);
		break;
	case OBS_PATH:
		match_path(m, v);
		break;
	case OBS_FILE_NAME:
		match_file_name(m, v);
		break;
	case OBS_PROCESS:
		match_process(m, v, (f->flags & FIELD_PROCESS_PAIR) != 0);
		break;
	case OBS_BUNDLE_ID:
		match_bundle_id(m, v);
		break;
	case OBS_CERT_SHA256:
		match_folded(m, KIND_CERT_SHA256, f->obs, v);
		break;
	case OBS_PROFILE_ID:
		match_folded(m, KIND_PROFILE_ID, f->obs, v);
		break;
	case OBS_ANDROID_PROPERTY:
		match_folded(m, KIND_ANDROID_PROPERTY, f->obs, v);
		break;
	case OBS_MD5:
		match_folded(m, KIND_MD5, f->obs, v);
		break;
	case OBS_SHA1:
		match_folded(m, KIND_SHA1, f->obs, v);
		break;
	case OBS_SHA256:
		match_folded(m, KIND_SHA256, f->obs, v);
		break;
	case OBS_NONE:
	case OBS_COUNT:
		break;
	}
}

static void
match_field(struct matching *m, uint32_t i)
{
	const struct field *f = &m->r->schema->fields[i];
	const struct value *v = &m->r->v[i];

	m->field = i;
	m->item = 0;
	if (v->type == VALUE_TEXT)
		match_value(m, f, v->s);
	if (v->type != VALUE_LIST)
		return;
	for (size_t k = 0; k < v->list.n; k++) {
		m->item = (uint32_t)k;
		match_value(m, f, v->list.v[k]);
	}
}

/* By value, the best first: gravest, closest, earliest in the record. */
static int
seen_cmp(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if (x->level != y->level)
		return x->level > y->level ? -1 : 1;
	if (x->how != y->how)
		return x->how < y->how ? -1 : 1;
	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	return x->item < y->item ? -1 : x->item > y->item;
}

static int
seen_value_cmp(const void *key, const void *elem)
{
	uint32_t v = *(const uint32_t *)key;
	const struct seen *s = elem;

	return v < s->value ? -1 : v > s->value;
}

static void
keep_best(struct matching *m)
{
	size_t n = 0;

	qsort(m->v, m->n, sizeof(*m->v), seen_cmp);
	for (size_t i = 0; i < m->n; i++)
		if (n == 0 || m->v[n - 1].value != m->v[i].value)
			m->v[n++] = m->v[i];
	m->n = n;
}

static void
emit(const struct matching *m, const struct seen *s, uint32_t value,
    enum how how, const struct hit_sink *sink)
{
	struct weight w = weigh(m->x, value, how, m->r);
	struct hit h = { .ref = value,
		.field = s->field,
		.item = s->item,
		.level = (uint8_t)w.level,
		.role = (uint8_t)w.role,
		.how = (uint8_t)how };

	if (w.origin != 0)
		sink->fn(sink->arg, &h);
}

const struct seen *
matching_seen(const struct matching *m, uint32_t value)
{
	return bsearch(&value, m->v, m->n, sizeof(*m->v), seen_value_cmp);
}

/* Every term of all was seen; what only half agrees does not count. */
static bool
all_seen(const struct matching *m, const struct all_of *all)
{
	for (uint32_t i = 0; i < all->n; i++) {
		const struct seen *s =
		    matching_seen(m, m->x->terms.v[all->from + i]);

		if (s == NULL || s->how == HOW_GAVE_UP ||
		    s->how == HOW_EMAIL_DOMAIN)
			return false;
	}
	return true;
}

/* The indicators whose first term is s and whose others were seen too. */
static void
emit_all(
    const struct matching *m, const struct seen *s, const struct hit_sink *sink)
{
	const struct indicators *x = m->x;
	uint64_t hash = member_hash(x, s->value);

	for (uint32_t i = chains_first(&x->member, hash); i != 0;
	     i = chains_next(&x->member, hash, i)) {
		uint32_t value = chains_value(&x->member, i);
		const struct all_of *all = &x->alls[x->values.v[value].extra];

		if (x->terms.v[all->from] == s->value && all_seen(m, all))
			emit(m, s, value, HOW_TOGETHER, sink);
	}
}

void
matching_init(
    struct matching *m, const struct indicators *x, const struct record *r)
{
	m->x = x;
	m->r = r;
	m->execution = record_role(r) == ROLE_EXECUTION;
	m->v = m->few;
	m->n = 0;
	m->cap = sizeof(m->few) / sizeof(m->few[0]);
}

void
matching_run(struct matching *m)
{
	const struct schema *s = m->r->schema;

	for (size_t i = 0; i < s->nfields; i++)
		if (s->fields[i].obs != OBS_NONE)
			match_field(m, (uint32_t)i);
	if (m->n > 0)
		keep_best(m);
}

void
matching_done(struct matching *m)
{
	if (m->v != m->few)
		free(m->v);
}

void
indicators_record(
    const void *state, const struct record *r, const struct hit_sink *sink)
{
	struct matching m;

	matching_init(&m, state, r);
	matching_run(&m);
	for (size_t i = 0; i < m.n; i++) {
		const struct seen *s = &m.v[i];
		unsigned flags = m.x->values.v[s->value].flags;

		if (flags & VALUE_ALONE)
			emit(&m, s, s->value, (enum how)s->how, sink);
		if (flags & VALUE_TERM)
			emit_all(&m, s, sink);
	}
	matching_done(&m);
}
