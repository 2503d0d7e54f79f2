#ifndef VERDICT_CONSENT_H
#define VERDICT_CONSENT_H
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "err.h"
#include "hash.h"
#include "jsonw.h"

/*
 * A consent record: the owner of a phone allows certain uses of what was
 * taken from it, until a date. JSON, schema "telassay.consent/1"
 * (docs/schema/consent-1.schema.json). `telassay consent new` writes one.
 */
enum consent_scope {
	CONSENT_CHECK,	  /* look for traces and report them */
	CONSENT_KEEP,	  /* keep records for the expert view */
	CONSENT_FLEET,	  /* add observables to a fleet store */
	CONSENT_HUNT,	  /* be searched when new indicators come */
	CONSENT_SEAL,	  /* make sealed evidence */
	CONSENT_DISCLOSE, /* show single records to outsiders */
	CONSENT_POLICY,	  /* be used for policy checks */
	CONSENT_SCOPE_COUNT,
};
const char *consent_scope_name(enum consent_scope s);
bool consent_scope_from_name(const char *name, enum consent_scope *out);

struct consent {
	struct arena arena;
	const char *by;	     /* who consents; stays out of reports */
	const char *subject; /* pseudonym of the phone's owner */
	const char *text;    /* what was agreed, in words; NULL */
	unsigned scopes;     /* 1 << enum consent_scope */
	int64_t created_ns;
	int64_t
	    until_ns; /* first moment after it; TSTAMP_NONE: withdrawn only */
	char sha256[2 * SHA256_SIZE + 1]; /* of the record's bytes */
};

/*
 * Reads a record. ERR_IO: the file; ERR_FORMAT: its bytes; why says what is
 * wrong and where. consent_done may be called after either outcome.
 */
enum err consent_load(const char *path, struct consent *out, struct why *why);

/* The same from memory; name is for messages. */
enum err consent_parse(
    struct str bytes, const char *name, struct consent *out, struct why *why);
void consent_done(struct consent *c);

/*
 * True when the record covers scope at now_ns; else why says which scope is
 * missing, or when it ended, or that it lies in the future.
 */
bool consent_allows(const struct consent *c, enum consent_scope scope,
    int64_t now_ns, struct why *why);

/*
 * Says why c cannot be written: an empty or unreadable name, no scope, a date
 * that has passed. True when it can.
 */
bool consent_check(const struct consent *c, struct why *why);

/* The record itself, as one JSON object; until is written as a date. */
void consent_json(const struct consent *c, struct jsonw *w);
#endif
