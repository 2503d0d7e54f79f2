#ifndef DETECT_FILL_H
#define DETECT_FILL_H
#include "finding.h"

/*
 * What every finding of one record says in the same way: where the record
 * lies, its hash, and its fields. Everything is copied to an arena; what has
 * no room there says so.
 */
extern const char fill_no_room[];

const char *fill_text(struct arena *a, struct str s);
struct str fill_str(struct arena *a, struct str s);

/* Artifact, path, locator, time and records of out. */
void fill_record(struct finding *out, const struct record *r, struct arena *a);

/* One record as a finding names it. */
struct finding_record fill_record_of(const struct record *r, struct arena *a);

/*
 * The fields of out: first those that matched, as they stand in the record,
 * which are shown even out of a field of contents when they are an observable;
 * then the others of the row, but for its lists.
 */
struct fill {
	struct finding *out;
	const struct record *r;
	struct arena *a;
	bool matched[LIMIT_RECORD_FIELDS];
};
void fill_begin(struct fill *f, struct finding *out, const struct record *r,
    struct arena *a);
/* Of a list the item; each field once, what has no value is passed over. */
void fill_matched(struct fill *f, size_t field, size_t item);
void fill_rest(struct fill *f);
#endif
