#ifndef DETECT_INDICATORS_IMPL_H
#define DETECT_INDICATORS_IMPL_H
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "buf.h"
#include "detector.h"
#include "indicators.h"
#include "pattern.h"

/*
 * How indicators are kept: one pool of text, arrays of small structs that name
 * each other by index, and one hash table over (observable, normal form). A
 * million of them take about 90 MB. Private to the loader and the matcher.
 */
#define NONE UINT32_MAX

enum {
	IND_SHARED = 1,	    /* infrastructure that others use, too */
	IND_HIJACKED = 2,   /* somebody's own site that was broken into */
	IND_IP_AS_NAME = 4, /* an address published as a domain */
	IND_SLOW = 8,	    /* tried one by one: see slow */
	IND_ALL_TERMS = 16, /* several terms of one record: see conj */
};

struct ind {
	uint32_t value;	  /* in the pool: as published */
	uint32_t norm;	  /* in the pool: as compared; an IP is 16 bytes */
	uint32_t members; /* list of the sets that it stands in */
	uint32_t attrs;	  /* index, or NONE */
	uint8_t obs;
	uint8_t flags;
};

/* One value in one object of one set. */
struct member {
	uint32_t next;
	uint32_t campaign; /* index, or NONE */
	uint32_t set;
};

struct attrs {
	int64_t published_ns, until_ns; /* TSTAMP_NONE: not said */
};

struct campaign {
	const char *name;
	int64_t published_ns;
};

/* LIKE, MATCHES, globs and address ranges. */
struct slow {
	uint32_t ind;
	enum obs obs;
	pcre2_code *code; /* NULL: an address range */
	uint8_t net[16];
	unsigned bits;
};

/* All terms must stand in one record. */
struct conj {
	uint32_t ind;
	const struct alternative *alt;
	pcre2_code **code; /* one a term, NULL for equality */
};

struct indicators {
	struct arena arena; /* names, reasons, patterns with several terms */
	char *pool;
	size_t pool_len, pool_cap;
	struct ind *inds;
	size_t ninds, inds_cap;
	struct member *members;
	size_t nmembers, members_cap;
	struct attrs *attrs;
	size_t nattrs, attrs_cap;
	struct campaign *campaigns;
	size_t ncampaigns, campaigns_cap;
	struct indicator_set *sets;
	size_t nsets, sets_cap;
	struct indicator_rejected *rejected;
	size_t nrejected, rejected_cap;
	const char **skipped;
	size_t nskipped, skipped_cap;
	struct slow *slow;
	size_t nslow, slow_cap;
	struct conj *conjs;
	size_t nconjs, conjs_cap;

	uint32_t *slots; /* NONE, or an index; power of two of them */
	uint32_t *hashes;
	size_t nslots, nused;

	uint32_t *processes; /* sorted by name, for cut names; at seal */
	size_t nprocesses;
	uint32_t obs_mask; /* 1 << OBS_x of what stands in the table */

	pcre2_match_data *match; /* scratch; each process has its own copy */
	pcre2_match_context *match_limits;
	bool sealed;
};

/* What a loader says of one indicator object. */
struct indicator_new {
	struct str pattern;
	int64_t published_ns, until_ns;
	bool shared, hijacked;
	uint32_t set;
};

/* Room for one more in a growing array of n; aborts when out of memory. */
void *indicators_grow(void *v, size_t n, size_t *cap, size_t size);

/*
 * Adds what the pattern says, or counts and names it as rejected. The members
 * that were made stand at *first, *n of them (for their campaign).
 */
void indicators_add(struct indicators *x, const struct indicator_new *in,
    uint32_t *first, uint32_t *n);

/*
 * FNV-1a, a byte at a time, from the end of a key to its front: the suffixes
 * of a host name are hashed in one go. Paths are hashed from the front, for
 * their prefixes.
 */
static inline uint64_t
indicators_hash_start(enum obs obs)
{
	return (UINT64_C(0xcbf29ce484222325) ^ (uint64_t)obs) *
	       UINT64_C(0x100000001b3);
}

static inline uint64_t
indicators_hash_step(uint64_t h, char c)
{
	return (h ^ (uint8_t)c) * UINT64_C(0x100000001b3);
}

static inline uint32_t
indicators_hash_end(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> 32);
}

/* Hash and look-up of a normal form; NONE when it is not there. */
uint32_t indicators_hash(enum obs obs, struct str key);
uint32_t indicators_find(
    const struct indicators *x, enum obs obs, struct str key, uint32_t hash);

/*
 * Appends the form in which values of this observable are compared; false
 * when it can be none.
 */
bool indicators_norm(enum obs obs, struct str value, struct buf *out);

/* True when code matches somewhere in s, within LIMIT_REGEX_STEPS. */
bool indicators_regex(
    const struct indicators *x, const pcre2_code *code, struct str s);

/* What the matcher saw; hit.how. */
enum how {
	HOW_EXACT,
	HOW_SUBDOMAIN,
	HOW_URL_HOST,
	HOW_TRUNCATED,
	HOW_BELOW,
	HOW_PATTERN,
	HOW_RANGE,
	HOW_EMAIL_DOMAIN,
	HOW_ALL_TERMS,
};

/* Loads the STIX bundle at path. */
enum err stix_load(
    struct indicators *x, const char *path, bool shipped, struct why *why);

/* The finding of a hit, in plain words. */
void indicator_finding(const void *state, const struct hit *h,
    const struct record *r, struct arena *a, struct finding *out);
#endif
