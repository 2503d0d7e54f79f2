#ifndef ACQUIRE_ACQUISITION_H
#define ACQUIRE_ACQUISITION_H
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "err.h"
#include "notes.h"
#include "source.h"

/*
 * What was collected from one phone at one time: finds out of which kind it
 * is, unlocks it, and gives its files as one source. Found as a folder, inside
 * an archive, or as the only backup one level down. list.def has the kinds.
 */
struct acquisition_kind;
struct acquire_options;

struct acquisition {
	const struct acquisition_kind *kind;
	struct source *source; /* owned; what artifacts' globs are matched on */
	struct source *outer;  /* owned; what the source was made of */
	bool encrypted;
	struct arena arena; /* of the strings below */

	/* Told by its plists; NULL when not known. */
	const char *model, *product, *os, *os_version, *build, *name, *serial,
	    *imei, *udid;
	int64_t made_ns;
	bool sample; /* carries the marker of our sample phones */
};

struct acquisition_kind {
	const char *name; /* "ios-backup" */
	const char *summary;
	unsigned bit; /* IN_*, see artifact.h; 1 << n here */

	/*
	 * How sure it is that s is of this kind: 0 no, 100 certain. Below
	 * ACQUISITION_SURE it is only asked for its why-text.
	 */
	int (*probe)(const struct source *s);

	/*
	 * Members of an archive that cannot seek which open() needs, asked
	 * while it is listed; path may have a folder in front. NULL: only
	 * those that o->want asks for.
	 */
	bool (*wants)(const struct acquire_options *o, struct str path);

	/*
	 * Makes a->source out of outer (which it may be itself) and fills in
	 * the rest. Why-texts say what is wrong and what to do. ERR_FORMAT
	 * means that it is of another kind, or beyond use.
	 */
	enum err (*open)(struct acquisition *a, struct source *outer,
	    const struct acquire_options *o, const struct notes *n,
	    struct why *why);
};

struct acquire_options {
	/* The backup password, as bytes (UTF-8); NULL: none given. */
	const char *password;
	size_t password_len;
	/* Or the 32-byte key that the password would give; NULL: none. */
	const uint8_t *key;
	/*
	 * Paths that readers know exactly ("HomeDomain/Library/SMS/sms.db"),
	 * NULL ends: content that lies in a backup under the name of one of
	 * them is listed, with a note, even when no row of the manifest says
	 * so. Of archives they are held at the first reading. NULL: none.
	 */
	const char *const *known;
	/* Members of archives that readers will ask for. */
	struct source_want want;
	/* Called now and then: what is being done, and how far (of total). */
	void (*progress)(
	    void *arg, const char *what, uint64_t done, uint64_t total);
	void *progress_arg;
};

enum { ACQUISITION_SURE = 50 };

extern const struct acquisition_kind *const acquisition_kinds[]; /* NULL ends */

/*
 * For open() of a kind: reads an archive that cannot seek once more, for the
 * members of a->outer that want asks for. Others need no second reading.
 */
enum err acquisition_again(struct acquisition *a,
    const struct source_want *want, const struct notes *n);

/*
 * Opens path, a folder or a file. ERR_FORMAT: no acquisition (exit 4);
 * ERR_AUTH: password wrong or missing (exit 2); ERR_IO, ERR_USAGE: path.
 */
enum err acquisition_open(const char *path, const struct acquire_options *o,
    const struct notes *n, struct why *why, struct acquisition **out);
void acquisition_free(struct acquisition *a); /* NULL is fine */

/*
 * SHA-256 of the acquisition as it was handed over (DESIGN section 4), also
 * when it was found one level down: see source_hash().
 */
enum err acquisition_hash(const char *path, struct acquisition *a,
    uint8_t out[static SHA256_SIZE], struct why *why);
#endif
