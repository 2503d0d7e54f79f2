#ifndef DETECT_STIX_IDS_H
#define DETECT_STIX_IDS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * The ids of STIX objects ("indicator--UUID") as small numbers, and what each
 * is tied to. Lives only while bundles are loaded. 24 bytes an id.
 */
enum stix_type {
	/* Named ones, by how well their name serves as that of a campaign. */
	STIX_REPORT,
	STIX_CAMPAIGN,
	STIX_MALWARE,
	STIX_TOOL,
	STIX_INTRUSION_SET,
	STIX_THREAT_ACTOR,
	STIX_NAMED, /* not a type: how many have a name */
	STIX_INDICATOR,
	STIX_RELATIONSHIP,
	STIX_OTHER,
};

enum stix_type stix_type_of(struct str name);

struct stix_id {
	uint8_t id[16]; /* the UUID, or a hash of what stands there instead */
	/* Of a named one: 1 + number of its name. Else: 1 + the best id. */
	uint32_t link;
	uint8_t type; /* enum stix_type, from the text before "--" */
	uint8_t rank; /* of the best id, its type */
};

/*
 * An id as it is looked up. Reading one starts the trip to memory that its
 * look-up needs, so it is best read some time before.
 */
struct stix_key {
	struct stix_id id;
	uint64_t hash;
	bool set;
};

struct stix_ids {
	struct stix_id *v;
	size_t n, cap;
	/*
	 * 1 + index in v, below 32 bits of the hash: ids are random, so each
	 * look at v costs a trip to memory, and only equal ones are looked at.
	 */
	uint64_t *slot;
	size_t mask;
	uint64_t seed;

	/* The last indicator and the last other one that were read. */
	struct {
		size_t n;
		char text[64];
		struct stix_key key;
	} last[2];
};

struct stix_key stix_key(struct stix_ids *t, struct str id);

/* The number of id, made when it is new; UINT32_MAX when there are too many. */
uint32_t stix_id(struct stix_ids *t, const struct stix_key *key);

/*
 * source is said to belong to target: kept when target has a name and serves
 * better than what source was tied to so far; the first of equals stays.
 */
void stix_id_tie(struct stix_ids *t, uint32_t source, uint32_t target);

/* 1 + number of the name that id was tied to, 0: none. */
uint32_t stix_id_name(const struct stix_ids *t, uint32_t id);

void stix_ids_done(struct stix_ids *t);
#endif
