#ifndef FORMAT_NSKEYED_H
#define FORMAT_NSKEYED_H
#include "plist.h"

/*
 * NSKeyedArchiver: a plist whose objects stand in $objects and refer to one
 * another by UID. Resolved on demand, each look-up bounded, cycles harmless.
 */
struct nskeyed {
	const struct plist *objects;
	const struct plist *top;
};

/* Borrows p; false when it is no archive. */
bool nskeyed_from(const struct plist *p, struct nskeyed *out);

/* $top.root, or the one other key of $top; NULL when there is none. */
const struct plist *nskeyed_root(const struct nskeyed *k);

/* v itself, or what the UID v points to; "$null" gives NULL. */
const struct plist *nskeyed_deref(
    const struct nskeyed *k, const struct plist *v);

/* Member of a dictionary object, dereferenced. */
const struct plist *nskeyed_get(
    const struct nskeyed *k, const struct plist *object, const char *key);

/* Plain data, or an NSData / NSMutableData object's NS.data. */
bool nskeyed_data(
    const struct nskeyed *k, const struct plist *v, struct str *out);

/* Plain string, or an NSString / NSMutableString object's NS.string. */
bool nskeyed_string(
    const struct nskeyed *k, const struct plist *v, struct str *out);

/*
 * The fast path for the rows of a backup's Manifest.db: an MBFile object read
 * straight from the bytes, without a tree. Fields that the blob lacks keep
 * has_* false. Falls back on the tree for odd blobs. False (and a note) when
 * nothing can be read.
 */
struct mbfile {
	int64_t birth_ns, modified_ns, changed_ns; /* TSTAMP_NONE if absent */
	int64_t size, inode, mode, user, group, flags, protection_class;
	bool has_size, has_class, has_mode;
	struct str
	    encryption_key; /* 4 bytes LE class + wrapped key; n = 0: none */
	struct str digest;  /* SHA-1 of the stored bytes; n = 0: none */
	struct str relative_path;
	struct str target; /* of a link */
};
bool mbfile_parse(struct cur blob, struct arena *a, const struct notes *n,
    struct mbfile *out);
#endif
