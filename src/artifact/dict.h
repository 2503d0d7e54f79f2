#ifndef ARTIFACT_DICT_H
#define ARTIFACT_DICT_H
#include <stddef.h>
#include <stdint.h>

#include "artifact.h"
#include "fields.h"
#include "plist.h"

/*
 * Members of a property list's dictionary as fields of a record: a table of
 * keys says which becomes which. What is absent stays without a value; what
 * is of the wrong type is noted and left out.
 */
enum key_kind {
	KEY_TEXT,
	KEY_TEXT_OR_BOOL, /* a text is taken, a bool says nothing */
	KEY_INT,
	KEY_BOOL,
	KEY_DATE,      /* a date, or seconds since 2001 */
	KEY_UNIX_DATE, /* a date, or seconds since 1970 */
	KEY_LIST,      /* an array of texts */
};

struct dict_key {
	const char *name;
	enum key_kind kind;
	unsigned field; /* of the record */
};

/* A row of a key table: kinds without KEY_. */
#define KEY(n, k, f)                                                           \
	{                                                                      \
		.name = (n), .kind = KEY_##k, .field = (f)                     \
	}

void dict_fields(struct artifact_ctx *ctx, const struct plist *dict,
    const struct dict_key *keys, size_t nkeys, struct record *r);

/*
 * The time in v (KEY_DATE or KEY_UNIX_DATE), TSTAMP_NONE and a note when it is
 * none; NULL, 0 and -1 are "never" and give TSTAMP_NONE without one. k's name
 * is for the note.
 */
int64_t dict_time(struct artifact_ctx *ctx, const struct plist *v,
    const struct dict_key *k, double *raw_out);

/* "netUsageBaseline[KEY]" in the arena: where a member stands. */
struct str dict_locator(
    struct artifact_ctx *ctx, const char *dict, struct str key);

/* The texts of an array, in the arena; what is no text is noted. */
size_t dict_list(struct artifact_ctx *ctx, const struct plist *array,
    const char *name, struct str **out);
#endif
