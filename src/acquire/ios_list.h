#ifndef ACQUIRE_IOS_LIST_H
#define ACQUIRE_IOS_LIST_H
#include <stdint.h>

#include "acquisition.h"
#include "ios_content.h"
#include "ios_known.h"
#include "ios_manifest.h"

/*
 * The entries of a backup: the rows of its manifest, the files beside it, and
 * contents of known names that no row tells of.
 */
struct ios_list {
	struct acquisition *a; /* being opened; all of these are borrowed */
	const struct ios_contents *contents;
	struct ios_manifest *manifest;
	const struct ios_known *known;
	const struct source_want *want;
	const struct notes *n;
};

/*
 * Fills in the entries of s, names in `names`. An archive that cannot seek is
 * read once more for the contents of what is wanted: its errors are those of
 * acquisition_again.
 */
enum err ios_list_all(const struct ios_list *g, uint64_t manifest_size,
    struct source *s, struct arena *names);

/* Names of the files beside the manifest; NULL ends. */
extern const char *const ios_list_roots[];

/* Where one of them lies in the backup's folder, or NULL. */
const struct entry *ios_list_root(
    const struct ios_contents *c, const char *name);
#endif
