#include "calendar_people.h"

#include <stdlib.h>

#include "address.h"
#include "idmap.h"
#include "rows.h"

enum { C_OWNER, C_EMAIL, C_PHONE, C_SELF, C_IDENTITY, C_MODIFIED };

static const struct column person_columns[] = {
	[C_OWNER] = COLUMN("owner_id", RAW, 0),
	[C_EMAIL] = COLUMN("email", RAW, 0),
	[C_PHONE] = COLUMN("phone_number", RAW, 0),
	[C_SELF] = COLUMN("is_self", RAW, 0),
	[C_IDENTITY] = COLUMN("identity_id", RAW, 0),
	[C_MODIFIED] = COLUMN("last_modified", RAW_MAC_S, 0),
};
static const struct table person_table =
    TABLE("Participant", "ROWID", person_columns);

static const struct column identity_columns[] = {
	COLUMN("address", RAW, 0),
};
static const struct table identity_table =
    TABLE("Identity", "ROWID", identity_columns);

static int
id_cmp(const void *pa, const void *pb)
{
	const struct person *a = pa, *b = pb;

	return a->id < b->id ? -1 : a->id > b->id;
}

static int
owner_cmp(const void *pa, const void *pb)
{
	const struct person *a = pa, *b = pb;

	if (a->owner != b->owner)
		return a->owner < b->owner ? -1 : 1;
	return id_cmp(pa, pb);
}

static void
read_identities(struct artifact_ctx *ctx, struct sqlro *db, struct idmap *m)
{
	struct rows x;

	if (rows_open_optional(&x, ctx, db, &identity_table)) {
		x.every = true;
		while (rows_next(&x))
			idmap_add(m, x.key, x.key, rows_str(&x, 0));
	}
	rows_close(&x);
	idmap_sort(m);
	if (m->full)
		note_why(ctx->notes, NOTE_READ_LIMIT, 0, "too many identities");
}

static bool
grow(struct people *p, struct arena *a, size_t *cap)
{
	size_t most = *cap ? *cap * 2 : 256;
	struct person *v;

	if (p->n < *cap)
		return true;
	v = arena_alloc(a, most, sizeof(*v));
	if (v == NULL)
		return false;
	for (size_t i = 0; i < p->n; i++)
		v[i] = p->by_id[i];
	p->by_id = v;
	*cap = most;
	return true;
}

/* An address in a column or, in older versions, in the table of identities. */
static void
put_addresses(struct person *v, struct rows *x, const struct idmap *identities)
{
	struct arena *a = x->ctx->arena;
	const struct idmap_entry *id =
	    idmap_find(identities, rows_int(x, C_IDENTITY));
	struct str email = rows_str(x, C_EMAIL), phone = rows_str(x, C_PHONE);
	struct str other = id != NULL ? id->text : str_from("");
	enum address_kind kind = address_kind(&other);

	if (email.n == 0 && kind == ADDRESS_EMAIL)
		email = other;
	if (phone.n == 0 && kind == ADDRESS_PHONE)
		phone = other;
	(void)address_kind(&email);
	(void)address_kind(&phone);
	v->email = arena_str(a, email);
	v->phone = arena_str(a, phone);
}

static void
read_people(struct people *p, struct artifact_ctx *ctx, struct sqlro *db,
    const struct idmap *identities)
{
	size_t cap = 0;
	struct rows x;

	if (rows_open_optional(&x, ctx, db, &person_table)) {
		x.every = true;
		while (rows_next(&x)) {
			struct person v = { .id = x.key,
				.owner = rows_int(&x, C_OWNER),
				.is_self = rows_int(&x, C_SELF) == 1 };

			v.modified_ns =
			    rows_time(&x, C_MODIFIED, &v.modified_raw);
			put_addresses(&v, &x, identities);
			if (!grow(p, ctx->arena, &cap)) {
				note_why(ctx->notes, NOTE_READ_LIMIT, 0,
				    "too many participants");
				break;
			}
			p->by_id[p->n++] = v;
		}
	}
	rows_close(&x);
}

void
people_read(struct people *p, struct artifact_ctx *ctx, struct sqlro *db)
{
	struct idmap identities;

	*p = (struct people){ .n = 0 };
	idmap_init(&identities, ctx->arena);
	read_identities(ctx, db, &identities);
	read_people(p, ctx, db, &identities);
	p->by_owner =
	    arena_alloc(ctx->arena, p->n ? p->n : 1, sizeof(*p->by_owner));
	if (p->by_owner == NULL) {
		note_why(
		    ctx->notes, NOTE_READ_LIMIT, 0, "too many participants");
		p->n = 0;
	}
	for (size_t i = 0; i < p->n; i++)
		p->by_owner[i] = p->by_id[i];
	if (p->n > 1) {
		qsort(p->by_id, p->n, sizeof(*p->by_id), id_cmp);
		qsort(p->by_owner, p->n, sizeof(*p->by_owner), owner_cmp);
	}
}

const struct person *
people_find(const struct people *p, int64_t id)
{
	struct person key = { .id = id };

	return p->n > 0
		   ? bsearch(&key, p->by_id, p->n, sizeof(*p->by_id), id_cmp)
		   : NULL;
}

size_t
people_of(const struct people *p, int64_t owner)
{
	size_t from = 0, to = p->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (p->by_owner[mid].owner < owner)
			from = mid + 1;
		else
			to = mid;
	}
	return from < p->n && p->by_owner[from].owner == owner ? from : p->n;
}
