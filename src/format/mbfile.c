#include <string.h>

#include "nskeyed.h"
#include "tstamp.h"

/*
 * The MBFile of one row of Manifest.db, see docs/formats/mbfile.md. Rows come
 * by the hundred thousand and nearly all have one shape, so the fast path
 * reads it straight from the bytes: top dict -> $top -> root, $objects ->
 * the MBFile dict. Whatever it does not expect makes it give up, and the tree
 * decides.
 */
enum field {
	FIELD_BIRTH,
	FIELD_MODIFIED,
	FIELD_CHANGED,
	FIELD_SIZE,
	FIELD_INODE,
	FIELD_MODE,
	FIELD_USER,
	FIELD_GROUP,
	FIELD_FLAGS,
	FIELD_CLASS,
	FIELD_KEY,
	FIELD_DIGEST,
	FIELD_PATH,
	FIELD_TARGET,
	FIELD_COUNT,
};

/* In the order in which phones write them. */
static const struct {
	const char *name;
	size_t len;
	enum field field;
} names[] = {
	{"LastModified",	  12, FIELD_MODIFIED},
	{ "Flags",		   5,  FIELD_FLAGS	  },
	{ "GroupID",	     7,	FIELD_GROUP   },
	{ "LastStatusChange", 16, FIELD_CHANGED },
	{ "RelativePath",	  12, FIELD_PATH	 },
	{ "Birth",		   5,  FIELD_BIRTH	  },
	{ "EncryptionKey",	   13, FIELD_KEY	 },
	{ "Size",		  4,  FIELD_SIZE	},
	{ "Mode",		  4,  FIELD_MODE	},
	{ "UserID",	    6,  FIELD_USER	  },
	{ "InodeNumber",	 11, FIELD_INODE	 },
	{ "ProtectionClass",  15, FIELD_CLASS   },
	{ "Digest",	    6,  FIELD_DIGEST  },
	{ "Target",	    6,  FIELD_TARGET  },
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static enum field
field_of(struct str key)
{
	for (size_t i = 0; i < NAMES; i++)
		if (names[i].len == key.n &&
		    memcmp(names[i].name, key.p, key.n) == 0)
			return names[i].field;
	return FIELD_COUNT;
}

/* What was found, by field: times in ns and numbers, then texts. */
struct values {
	int64_t number[FIELD_KEY];
	struct str text[FIELD_COUNT - FIELD_KEY];
	uint32_t has; /* a bit for each field */
};

static const struct values empty = {
	.number = {
	    [FIELD_BIRTH] = TSTAMP_NONE,
	    [FIELD_MODIFIED] = TSTAMP_NONE,
	    [FIELD_CHANGED] = TSTAMP_NONE,
	},
};

static void
publish(const struct values *v, struct mbfile *out)
{
	*out = (struct mbfile){
		.birth_ns = v->number[FIELD_BIRTH],
		.modified_ns = v->number[FIELD_MODIFIED],
		.changed_ns = v->number[FIELD_CHANGED],
		.size = v->number[FIELD_SIZE],
		.inode = v->number[FIELD_INODE],
		.mode = v->number[FIELD_MODE],
		.user = v->number[FIELD_USER],
		.group = v->number[FIELD_GROUP],
		.flags = v->number[FIELD_FLAGS],
		.protection_class = v->number[FIELD_CLASS],
		.has_size = (v->has & 1U << FIELD_SIZE) != 0,
		.has_class = (v->has & 1U << FIELD_CLASS) != 0,
		.has_mode = (v->has & 1U << FIELD_MODE) != 0,
		.encryption_key = v->text[0],
		.digest = v->text[FIELD_DIGEST - FIELD_KEY],
		.relative_path = v->text[FIELD_PATH - FIELD_KEY],
		.target = v->text[FIELD_TARGET - FIELD_KEY],
	};
}

/* A binary plist with one byte for a reference, read without a tree. */
struct fast {
	struct cur objects, table;
	uint8_t offset_size;
	uint8_t count;
};

/* An object's mark and length; c is left at its body. */
struct object {
	uint8_t type; /* high four bits of the mark */
	size_t n;     /* low four bits, or the count behind */
	struct cur c;
};

static bool
object_at(const struct fast *f, uint8_t ref, struct object *out)
{
	struct cur entry;
	uint64_t off, n;
	uint8_t mark;

	if (ref >= f->count ||
	    !cur_window(&f->table, (size_t)ref * f->offset_size, f->offset_size,
		&entry) ||
	    !cur_be(&entry, f->offset_size, &off) || off < 8 ||
	    off >= f->objects.len)
		return false;
	out->c = f->objects;
	if (!cur_skip(&out->c, (size_t)off) || !cur_u8(&out->c, &mark))
		return false;
	out->type = mark >> 4;
	out->n = mark & 15;
	if (out->n == 15 && out->type >= 4) {
		if (!cur_u8(&out->c, &mark) || mark < 0x10 || mark > 0x12 ||
		    !cur_be(&out->c, (size_t)1 << (mark & 3), &n))
			return false;
		out->n = (size_t)n;
	}
	return true;
}

/* A key: ASCII text. */
static bool
key_at(const struct fast *f, uint8_t ref, struct str *out)
{
	struct object o;

	return object_at(f, ref, &o) && o.type == 5 && cur_str(&o.c, o.n, out);
}

static bool
uid_of(struct object *o, uint64_t *out)
{
	return o->type == 8 && o->n < 8 && cur_be(&o->c, o->n + 1, out);
}

static bool
number_of(struct object *o, int64_t *out)
{
	uint64_t v;

	if (o->type != 1 || o->n > 3 || !cur_be(&o->c, (size_t)1 << o->n, &v))
		return false;
	*out = (int64_t)v;
	return true;
}

static bool
is_ascii(struct str s)
{
	unsigned bad = 0;

	for (size_t i = 0; i < s.n; i++)
		bad |= s.p[i] <= 0;
	return bad == 0;
}

/* The value of one pair of a dict, by its key; *ref of the value. */
static bool
pair(const struct fast *f, struct cur *keys, struct cur *values,
    struct str *key, uint8_t *ref)
{
	uint8_t k;

	return cur_u8(keys, &k) && cur_u8(values, ref) && key_at(f, k, key);
}

static bool
dict_of(struct object *o, struct cur *keys, struct cur *values)
{
	return o->type == 13 && cur_take(&o->c, o->n, keys) &&
	       cur_take(&o->c, o->n, values);
}

/* Value of a key of a dict, as a reference. */
static bool
lookup(
    const struct fast *f, struct object *dict, const char *name, uint8_t *out)
{
	struct cur keys, values;
	struct str key;

	if (!dict_of(dict, &keys, &values))
		return false;
	while (keys.len > 0) {
		if (!pair(f, &keys, &values, &key, out))
			return false;
		if (str_is(key, name))
			return true;
	}
	return false;
}

/* Object number uid of $objects. */
static bool
archived(const struct fast *f, const struct object *array, uint64_t uid,
    struct object *out)
{
	struct cur c = array->c;
	uint8_t ref;

	return array->type == 10 && uid < array->n &&
	       cur_skip(&c, (size_t)uid) && cur_u8(&c, &ref) &&
	       object_at(f, ref, out);
}

/* A field that stands in $objects: text, data, or a dict around data. */
static bool
archived_text(const struct fast *f, const struct object *array, uint64_t uid,
    struct str *out)
{
	struct object o, inner;
	uint8_t ref;

	if (!archived(f, array, uid, &o))
		return false;
	if (o.type == 13) {
		if (!lookup(f, &o, "NS.data", &ref) ||
		    !object_at(f, ref, &inner) || inner.type != 4)
			return false;
		o = inner;
	}
	return (o.type == 4 || o.type == 5) && cur_str(&o.c, o.n, out) &&
	       (o.type == 4 || is_ascii(*out));
}

static bool
fast_field(const struct fast *f, const struct object *array, enum field id,
    struct object *value, struct values *v)
{
	uint64_t uid;

	v->has |= 1U << id;
	if (id >= FIELD_KEY)
		return uid_of(value, &uid) &&
		       archived_text(f, array, uid, &v->text[id - FIELD_KEY]);
	if (!number_of(value, &v->number[id]))
		return false;
	if (id <= FIELD_CHANGED)
		v->number[id] = tstamp_unix_i(v->number[id]);
	return true;
}

static bool
fast_open(struct cur blob, struct fast *f, uint8_t *root)
{
	uint64_t count, root_ref, table_off;
	uint8_t ref_size;
	struct cur c;

	if (!cur_magic(&(struct cur){ blob.p, blob.len, 0 }, "bplist00", 8) ||
	    blob.len < 40 || !cur_window(&blob, blob.len - 26, 26, &c) ||
	    !cur_u8(&c, &f->offset_size) || !cur_u8(&c, &ref_size) ||
	    !cur_be64(&c, &count) || !cur_be64(&c, &root_ref) ||
	    !cur_be64(&c, &table_off))
		return false;
	if (ref_size != 1 || f->offset_size == 0 || f->offset_size > 8 ||
	    count > UINT8_MAX || root_ref >= count || table_off > blob.len - 32)
		return false;
	f->count = (uint8_t)count;
	*root = (uint8_t)root_ref;
	return cur_window(&blob, 0, (size_t)table_off, &f->objects) &&
	       cur_window(&blob, (size_t)table_off,
		   (size_t)count * f->offset_size, &f->table);
}

static bool
fast_parse(struct cur blob, struct mbfile *out)
{
	struct fast f;
	struct values v = empty;
	struct object top, archive, array, dict, value;
	struct cur keys, values;
	struct str key;
	uint64_t uid;
	uint8_t ref;

	if (!fast_open(blob, &f, &ref) || !object_at(&f, ref, &archive))
		return false;
	top = archive;
	if (!lookup(&f, &top, "$top", &ref) || !object_at(&f, ref, &top) ||
	    !lookup(&f, &top, "root", &ref) || !object_at(&f, ref, &value) ||
	    !uid_of(&value, &uid) || !lookup(&f, &archive, "$objects", &ref) ||
	    !object_at(&f, ref, &array) || !archived(&f, &array, uid, &dict) ||
	    !dict_of(&dict, &keys, &values))
		return false;
	while (keys.len > 0) {
		enum field id;

		if (!pair(&f, &keys, &values, &key, &ref))
			return false;
		if ((id = field_of(key)) != FIELD_COUNT &&
		    (!object_at(&f, ref, &value) ||
			!fast_field(&f, &array, id, &value, &v)))
			return false;
	}
	publish(&v, out);
	return true;
}

/* Times are whole seconds, but a real number or a date is as good. */
static bool
tree_time(const struct nskeyed *k, const struct plist *v, int64_t *out)
{
	double d;

	if (plist_date(v, out))
		return true;
	if (v != NULL && v->type == PLIST_DICT)
		v = nskeyed_get(k, v, "NS.time");
	if (!plist_real(v, &d))
		return false;
	*out = tstamp_unix_s(d);
	return true;
}

static bool
tree_field(const struct nskeyed *k, enum field id, const struct plist *p,
    struct values *v)
{
	v->has |= 1U << id;
	if (id <= FIELD_CHANGED)
		return tree_time(k, nskeyed_deref(k, p), &v->number[id]);
	if (id < FIELD_KEY)
		return plist_int(nskeyed_deref(k, p), &v->number[id]);
	return nskeyed_data(k, p, &v->text[id - FIELD_KEY]) ||
	       nskeyed_string(k, p, &v->text[id - FIELD_KEY]);
}

static bool
tree_parse(
    struct cur blob, struct arena *a, const struct notes *n, struct mbfile *out)
{
	const struct plist *p = plist_parse(blob, a, n), *root;
	struct values v = empty;
	struct nskeyed k;

	if (p == NULL)
		return false; /* noted */
	if (!nskeyed_from(p, &k) || (root = nskeyed_root(&k)) == NULL ||
	    root->type != PLIST_DICT)
		return note(n, NOTE_NSKEYED_SHAPE, blob.off);
	for (size_t i = 0; i < root->dict.n; i++) {
		const struct plist_pair *pr = &root->dict.v[i];
		enum field id = field_of(pr->key);

		/* A reference to $null is an absent field. */
		if (id == FIELD_COUNT || pr->value == NULL ||
		    nskeyed_deref(&k, pr->value) == NULL)
			continue;
		if (!tree_field(&k, id, pr->value, &v)) {
			v.has &= ~(1U << id);
			note_why(n, NOTE_MBFILE_FIELD, pr->value->off, "%.*s",
			    (int)pr->key.n, pr->key.p);
		}
	}
	publish(&v, out);
	return true;
}

bool
mbfile_parse(
    struct cur blob, struct arena *a, const struct notes *n, struct mbfile *out)
{
	return fast_parse(blob, out) || tree_parse(blob, a, n, out);
}
