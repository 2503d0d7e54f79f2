#ifndef DETECT_INDICATORS_IMPL_H
#define DETECT_INDICATORS_IMPL_H
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "chains.h"
#include "detector.h"
#include "indicators.h"
#include "json_stream.h"
#include "pattern.h"
#include "stix_ids.h"
#include "value_table.h"

/*
 * What stands behind struct indicators. Loading fills values, rejections and
 * the temporary tables (ids, names, objects, facts); sealing ties indicators
 * to campaigns, builds the indexes of patterns and frees what was temporary.
 */

/* Where a value was published; shared by all values published alike. */
enum { ORIGIN_SHARED = 1, ORIGIN_HIJACKED = 2 };

struct origin {
	int64_t published_ns; /* TSTAMP_NONE */
	int64_t until_ns;     /* the infrastructure's end; TSTAMP_NONE */
	uint32_t set;
	uint32_t campaign; /* index in campaigns */
	uint32_t next;	   /* further origins of a value; 0 ends */
	uint32_t flags;
};

/* What an object says of itself, before its campaign is known. */
struct fact {
	int64_t published_ns;
	int64_t until_ns;
	uint32_t set;
	uint32_t flags;
};

/* One indicator object: its id, its facts, its value or values. */
struct object {
	uint32_t id;
	uint32_t fact;
	uint32_t use; /* a value, or OBJECT_MANY | index in uses */
};
#define OBJECT_MANY (UINT32_C(1) << 31)

/* A malware, campaign or report that indicators belong to. */
struct named {
	const char *name;
	const char *source;
	const char *licence;
	int64_t published_ns;
	int64_t until_ns;
	uint32_t set;
	uint32_t flags;
};

/* How many indicators of a set can be compared with which observables. */
struct reach {
	uint32_t any;	  /* bits of observables */
	uint32_t any_run; /* the same, in execution records only */
	uint32_t all[2];  /* of terms that must hold together; else 0 */
	size_t count;
};
#define REACH_RUN (UINT32_C(1) << 31) /* in all[]: execution records only */

struct set_more {
	struct reach *reach;
	size_t nreach;
	bool has_source; /* said by the bundle itself */
};

struct regex {
	pcre2_code *code;
	uint32_t value;
	enum obs obs;
};

/* Values that must all hold in one record: terms[from .. from + n). */
struct all_of {
	uint32_t from;
	uint32_t n;
};

struct vec32 {
	uint32_t *v;
	size_t n, cap;
};
void vec32_add(struct vec32 *v, uint32_t x);

struct indicators {
	struct value_table values;
	struct arena text; /* names and rejections */
	struct arena scratch;

	struct indicator_set *sets;
	struct set_more *more; /* as sets */
	size_t nsets;
	struct indicator_rejected *rejected;
	size_t nrejected;
	const char **skipped;
	size_t nskipped;
	const char **campaigns; /* sorted, distinct */
	size_t ncampaigns;

	struct origin *origins; /* [0] is not used */
	size_t norigins;

	/* Patterns, and the indexes that find them; built at the seal. */
	struct regex *regexes;
	size_t nregexes;
	struct all_of *alls;
	size_t nalls;
	struct vec32 terms;	 /* of alls */
	struct vec32 likes;	 /* values without three literal bytes */
	struct chains like_gram; /* other LIKE values by three of their bytes */
	struct chains glob_dir;	 /* GLOB values by the folder before '*' */
	struct chains below;	 /* URL_BELOW values by host */
	struct chains cut;	 /* PROCESS values by their first bytes */
	struct chains member;	 /* alls by the values of their terms */
	uint8_t net_bits[129];	 /* lengths of the networks there are */
	uint32_t fuzzy;		 /* observables of LIKE and MATCHES, as bits */
	bool tail_folders;	 /* a PATH_TAIL is a folder */
	struct buf *work;	 /* of the matching at hand */
	pcre2_match_data *match_data;
	pcre2_match_context *match_limits;

	/* Temporary: freed by the seal. */
	struct buf key; /* of the value at hand */
	struct stix_ids ids;
	struct named *named;
	size_t nnamed, named_cap;
	struct object *objects;
	size_t nobjects, objects_cap;
	struct fact *facts;
	size_t nfacts, facts_cap;
	struct vec32 uses; /* count, values ... */
	bool sealed;
};

/* indicators_rejected.c: names what cannot be used, and why. */
void indicators_reject(
    struct indicators *x, const char *set, struct str pattern, const char *why);

/*
 * compile.c: the values of pattern, appended to uses, which may stay empty.
 * *why is set when a part of it (or all) cannot be used. False: a limit.
 */
bool compile_pattern(struct indicators *x, struct str pattern,
    struct vec32 *uses, struct reach *reach, const char **why);

/* compile_value.c: one comparison as a value of the table. */
struct compiled {
	enum kind kind;
	enum obs obs;
	unsigned flags; /* VALUE_* beside SHOWN */
	struct buf *key;
};
/* NULL, or why it cannot be used (text in a, or static). */
const char *compile_term(
    const struct pattern_term *t, struct arena *a, struct compiled *out);

/* The observables whose fields a value of this kind is compared with. */
uint32_t kind_reach(enum kind k, enum obs o);

/*
 * stix.c: one bundle, whose set stands in sets already. path is for messages.
 */
enum err stix_load(struct indicators *x, const char *path,
    const struct json_in *in, struct why *why);

/* load.c: the same, with its set; path names it. */
enum err load_bundle(struct indicators *x, const char *path, bool shipped,
    const struct json_in *in, struct why *why);

/* seal.c */
void seal_campaigns(struct indicators *x);
void seal_indexes(struct indicators *x);

/* Under which an ALL stands in member, and a LIKE in like_gram. */
static inline uint64_t
member_hash(const struct indicators *x, uint32_t term)
{
	return value_hash_end(x->values.seed + term);
}

static inline uint64_t
gram_hash(const struct indicators *x, enum obs o, const char *p)
{
	uint64_t h = x->values.seed ^ (uint64_t)o;

	for (size_t i = 0; i < 3; i++)
		h = value_hash_step(h, p[i]);
	return value_hash_end(h);
}

/* How a value and a record agree; travels in struct hit. */
enum how {
	HOW_EQUAL,
	HOW_HOST,	  /* the host of an address is the domain */
	HOW_SUBDOMAIN,	  /* it stands below the domain */
	HOW_BASENAME,	  /* the last part of a path is the name */
	HOW_BELOW,	  /* inside the folder */
	HOW_TAIL,	  /* the path ends so */
	HOW_URL_BELOW,	  /* below the published address */
	HOW_NET,	  /* inside the network */
	HOW_PATTERN,	  /* LIKE, MATCHES, '*' */
	HOW_TOGETHER,	  /* several values in one record */
	HOW_CUT,	  /* the name was cut where the phone cuts names */
	HOW_EMAIL_DOMAIN, /* only the domain of a mail address */
	HOW_GAVE_UP,	  /* a regular expression ran over its limit */
};

/* weigh.c: what a match says after all weighing, and what weighed on it. */
struct weight {
	enum level level;
	enum role role;
	bool typed, late;		/* one level less */
	bool shared, hijacked, outside; /* of the origin that counts */
	uint32_t origin;		/* the gravest, first in order */
};
struct weight weigh(const struct indicators *x, uint32_t value, enum how how,
    const struct record *r);

/* match.c and explain.c: the functions of the detector. */
void indicators_record(
    const void *state, const struct record *r, const struct hit_sink *sink);
void indicators_finding(const void *state, const struct hit *h,
    const struct record *r, struct arena *a, struct finding *out);
#endif
