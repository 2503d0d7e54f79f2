#ifndef ACQUIRE_IOS_LAYOUT_H
#define ACQUIRE_IOS_LAYOUT_H
#include <stdbool.h>

#include "limits.h"
#include "source.h"
#include "str.h"

/*
 * How a dump of an iPhone's file system is laid out, and the names that its
 * files have on the phone: readers know only "private/var/..." and the rest
 * of the root, such as "System/...".
 */
enum ios_layout {
	IOS_LAYOUT_NONE,
	IOS_LAYOUT_ROOT,  /* "private/var/mobile/..." or "var/mobile/..." */
	IOS_LAYOUT_SPLIT, /* "filesystem1/" is the root, "filesystem2/" data */
	IOS_LAYOUT_DATA,  /* "mobile/...": /private/var itself */
	IOS_LAYOUT_COUNT
};

/* Which one s has, and how sure that is: 0 to 100. */
enum ios_layout ios_layout_of(const struct source *s, int *sure);

/* A path on the phone, without '/' in front. */
struct ios_path {
	char text[LIMIT_PATH + 1];
	size_t n;
};

/*
 * The name on the phone of what lies at `path` of the dump; false when it is
 * none, or too long. *renamed: it is another than path.
 */
bool ios_layout_path(
    enum ios_layout l, struct str path, struct ios_path *out, bool *renamed);
#endif
