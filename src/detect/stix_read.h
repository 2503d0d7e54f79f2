#ifndef DETECT_STIX_READ_H
#define DETECT_STIX_READ_H
#include "indicators_impl.h"

/*
 * A STIX 2.0 or 2.1 bundle (OASIS): {"type": "bundle", "objects": [...]}. Its
 * objects may come in any order and their properties too, so an object is
 * gathered first and used at its end. Dates and weights that STIX does not
 * have are custom properties, with or without the prefix x_ or x_telassay_,
 * on an indicator or on what it belongs to:
 *   published             when the value became public
 *   infrastructure_until  until when an address served the campaign
 *   shared, hijacked      others use the value too
 *   source, licence       (with the prefix only) for the set
 */
enum prop {
	PROP_NONE,
	PROP_TYPE,
	PROP_ID,
	PROP_PATTERN,
	PROP_PATTERN_TYPE,
	PROP_NAME,
	PROP_DATE, /* only for the newest date of the set */
	PROP_VALID_UNTIL,
	PROP_REVOKED,
	PROP_SOURCE_REF,
	PROP_TARGET_REF,
	PROP_OBJECT_REFS,
	PROP_EXTENSIONS,
	PROP_OBJECTS,
	PROP_PUBLISHED,
	PROP_UNTIL,
	PROP_SHARED,
	PROP_HIJACKED,
	PROP_SOURCE,
	PROP_LICENCE,
};

/* What one object says. */
struct gather {
	enum stix_type type;
	bool has_type;
	bool other_pattern; /* pattern_type is not "stix" */
	bool has_pattern, revoked;
	struct stix_key id, source_ref, target_ref;
	unsigned flags;
	int64_t published_ns, until_ns, valid_until_ns, date_ns;
};

/* Many objects of a bundle have the same dates: the last one is kept. */
struct date {
	size_t n;
	char text[48];
	int64_t ns;
};

struct bundle {
	struct indicators *x;
	struct json_stream *js;
	uint32_t set;
	bool is_bundle, has_type;
	bool full;	 /* a limit of the tables was reached */
	struct gather g; /* the object at hand, with its texts: */
	struct buf pattern, name, source, licence, pattern_type;
	struct vec32 refs, uses;
	struct date date;
	struct buf what; /* the "type" that is no bundle */
};

/* What a key names; PROP_NONE for what nobody asks for. */
enum prop bundle_prop(struct str key);

/* Reads the value behind it into b->g; false on a fault. */
bool bundle_read_prop(struct bundle *b, enum prop p);

/* Passes over the rest of what tok opened, if it opened something. */
bool bundle_leave(struct bundle *b, enum json_tok tok);

/* The value at hand as text; *is says whether it was one. False: a fault. */
bool bundle_text(struct bundle *b, struct str *text, bool *is);

/* A copy in the place of what b held, cut where b is full. */
void bundle_keep(struct buf *b, struct str s);

/* The number of an id that was read, UINT32_MAX when it was not. */
uint32_t bundle_id(struct bundle *b, const struct stix_key *key);

/* The object is complete; false when a limit was reached. */
bool bundle_end_object(struct bundle *b);
#endif
