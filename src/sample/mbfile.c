#include "mbfile.h"

#include "hash.h"
#include "lockbox.h"
#include "pl.h"

static int64_t
mode_of(unsigned flags)
{
	if (flags == ROW_FOLDER)
		return 0040755;
	return flags == ROW_LINK ? 0120755 : 0100644;
}

/* {"$classname": name, "$classes": [name, ... "NSObject"]} */
static struct pl *
class_of(struct arena *a, const char *name, const char *parent)
{
	struct pl *d = pl_dict(a), *list = pl_array(a);

	pl_set(a, d, "$classname", pl_str(a, name));
	pl_add(list, pl_str(a, name));
	if (parent != NULL)
		pl_add(list, pl_str(a, parent));
	pl_add(list, pl_str(a, "NSObject"));
	pl_set(a, d, "$classes", list);
	return d;
}

static struct pl *
bytes_of(struct arena *a, const uint8_t *p, size_t n)
{
	return pl_data(a, (struct str){ (const char *)p, n });
}

/*
 * $objects: $null, the MBFile, its path, then as needed digest, key with the
 * key's class, target, and last the MBFile's class. Source: 3,721 rows of an
 * iOS 14.3 backup.
 */
static struct pl *
objects_of(struct arena *a, const struct row *r, struct pl *file)
{
	struct pl *list = pl_array(a), *key;
	uint32_t n = 3;

	pl_add(list, pl_str(a, "$null"));
	pl_add(list, file);
	pl_add(list, pl_str(a, r->path));
	if (r->digest != NULL) {
		pl_set(a, file, "Digest", pl_uid(a, n++));
		pl_add(list, bytes_of(a, r->digest, SHA1_SIZE));
	}
	if (r->key != NULL) {
		key = pl_dict(a);
		pl_set(a, key, "NS.data", bytes_of(a, r->key, LOCKBOX_WRAPPED));
		pl_set(a, key, "$class", pl_uid(a, n + 1));
		pl_set(a, file, "EncryptionKey", pl_uid(a, n));
		pl_add(list, key);
		pl_add(list, class_of(a, "NSMutableData", "NSData"));
		n += 2;
	}
	if (r->target != NULL) {
		pl_set(a, file, "Target", pl_uid(a, n++));
		pl_add(list, pl_str(a, r->target));
	}
	pl_set(a, file, "$class", pl_uid(a, n));
	pl_add(list, class_of(a, "MBFile", NULL));
	return list;
}

static void
set_int(struct arena *a, struct pl *d, const char *key, int64_t v)
{
	pl_set(a, d, key, pl_int(a, v));
}

void
mbfile_put(struct arena *a, const struct row *r, struct buf *out)
{
	struct pl *root = pl_dict(a), *top = pl_dict(a), *file = pl_dict(a);

	set_int(a, file, "LastModified", r->changed_s);
	set_int(a, file, "Flags", 0);
	set_int(a, file, "GroupID", 501);
	set_int(a, file, "LastStatusChange", r->changed_s);
	pl_set(a, file, "RelativePath", pl_uid(a, 2));
	set_int(a, file, "Birth", r->born_s);
	set_int(a, file, "Size", (int64_t)r->size);
	set_int(a, file, "InodeNumber", (int64_t)r->inode);
	set_int(a, file, "Mode", mode_of(r->flags));
	set_int(a, file, "UserID", 501);
	set_int(a, file, "ProtectionClass", r->class);
	set_int(a, root, "$version", 100000);
	pl_set(a, root, "$archiver", pl_str(a, "NSKeyedArchiver"));
	pl_set(a, top, "root", pl_uid(a, 1));
	pl_set(a, root, "$top", top);
	pl_set(a, root, "$objects", objects_of(a, r, file));
	pl_binary(a, root, out);
	arena_reset(a);
}
