#ifndef ARTIFACT_ARTIFACT_H
#define ARTIFACT_ARTIFACT_H
#include <stdbool.h>

#include "arena.h"
#include "err.h"
#include "file.h"
#include "notes.h"
#include "plist.h"
#include "record.h"
#include "source.h"
#include "sqlro.h"

/*
 * One known file, table or log inside an acquisition, with its reader. To add
 * one: write src/artifact/NAME.c with a `const struct artifact artifact_NAME`,
 * add the line ARTIFACT(NAME) to list.def, put a case under
 * tests/golden/NAME/. docs/adding-an-artifact.md has the ten steps.
 */

/* Kinds of acquisition that an artifact can stand in (acquire/ names them). */
enum {
	IN_IOS_BACKUP = 1 << 0,
	IN_IOS_FS = 1 << 1,
	IN_IOS_SYSDIAGNOSE = 1 << 2,
};

struct artifact_place {
	unsigned kinds;	  /* IN_* */
	const char *glob; /* of source paths: "HomeDomain/Library/SMS/sms.db" */
};

struct artifact_ctx;

struct artifact {
	const char *summary; /* one line: for lists, man page, web page */
	struct schema schema;
	const struct artifact_place *places; /* kinds = 0 ends */

	/* It reads the acquisition's list of files, ctx->source; f is NULL. */
	bool listing;

	/* It is of an app: when absent it is `not-applicable`. */
	const char *app_bundle_id;

	/*
	 * Suffixes of files that belong to it and are opened with it, NULL
	 * ends; NULL for databases means "-wal" and "-journal". One with a
	 * slash in front is a file in the same folder, "/Manifest.plist",
	 * which must have a place of its own.
	 */
	const char *const *siblings;

	/*
	 * Emits records and notes through ctx. f and all that ctx lends live
	 * until return. Damage in the evidence is a note; an error means that
	 * reading cannot go on, and costs this file.
	 */
	enum err (*read)(struct artifact_ctx *ctx, struct file *f);
};

struct artifact_ctx {
	const struct artifact *artifact;
	unsigned kind;	     /* one IN_* bit */
	struct arena *arena; /* freed after read() */
	const struct notes *notes;
	struct str path; /* of f inside the acquisition */

	/* Of the whole acquisition; set for artifacts with `listing` only. */
	const struct source *source;

	/* The file of that suffix ("-wal"), or NULL; borrowed. */
	struct file *(*sibling)(struct artifact_ctx *ctx, const char *suffix);

	/* Takes one record; it may be reused on return. Use artifact_emit. */
	enum err (*emit)(struct artifact_ctx *ctx, const struct record *r);

	/*
	 * In the second pass, which only fills the timeline, a row none of
	 * whose times is wanted need not be read further. NULL: all wanted.
	 */
	bool (*wants)(struct artifact_ctx *ctx, int64_t ns);

	/*
	 * Which rows of a table that pass need not even look at. The first
	 * pass tells each row of a scan with the span of its times
	 * (TSTAMP_NONE: it has none); the second asks for the next run of rows,
	 * at or behind `from`, with wanted times: false when there is none.
	 * For rows.c only; NULL: every row is looked at.
	 */
	void (*row_seen)(struct artifact_ctx *ctx, const char *table,
	    int64_t row, const int64_t span_ns[2]);
	bool (*rows_wanted)(struct artifact_ctx *ctx, const char *table,
	    int64_t from, int64_t run[2]);
	void *owner; /* of these functions */
};

/* NULL ends; sorted by name. */
extern const struct artifact *const artifacts[];
const struct artifact *artifact_by_name(const char *name);

/* True when one of the n times is wanted, or when everything is. */
bool artifact_wants(struct artifact_ctx *ctx, const int64_t *ns, size_t n);

/* The same of a record's events. */
bool artifact_wants_record(struct artifact_ctx *ctx, const struct record *r);

/*
 * Hands the record on; ERR_LIMIT when the check wants no more. Texts that are
 * not UTF-8 or hold NUL bytes, and times that no phone can have written
 * (but for FIELD_FILE_TIME), are noted here, so that no reader can forget.
 */
enum err artifact_emit(struct artifact_ctx *ctx, const struct record *r);

/* The database in f with its -wal, structure checked; noted when not one. */
enum err artifact_db(
    struct artifact_ctx *ctx, struct file *f, struct sqlro **out);

/* The same for a file that another artifact reads, and checks, as well. */
enum err artifact_db_unchecked(
    struct artifact_ctx *ctx, struct file *f, struct sqlro **out);

/*
 * A second view of it, to look single rows up in while the first is scanned:
 * two statements of one connection disturb one another on a damaged file. It
 * leaves no notes; scans of the same tables do.
 */
enum err artifact_db_lookup(
    struct artifact_ctx *ctx, struct file *f, struct sqlro **out);

/* The file of that suffix that belongs to the one that is read, or NULL. */
struct file *artifact_sibling(struct artifact_ctx *ctx, const char *suffix);

/*
 * What phones write for "never", in seconds since 1970 or 2001: 0, -1, and
 * the ends of Apple's calendar, the years 1 and 4001.
 */
bool artifact_never(double raw);

/*
 * The property list in f, as a tree that lives as long as ctx->arena. ERR_OK
 * and NULL when there is none in it: that has been noted.
 */
enum err artifact_plist(
    struct artifact_ctx *ctx, struct file *f, struct plist **out);

/*
 * All links in text: scheme ://, www. hosts, and host/path without either;
 * trailing punctuation and brackets that do not belong are cut. Appends to v
 * (room for max), returns the new count; borrowed from text.
 */
size_t artifact_links(struct str text, struct str *v, size_t n, size_t max);
#endif
