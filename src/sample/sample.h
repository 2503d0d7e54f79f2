#ifndef SAMPLE_SAMPLE_H
#define SAMPLE_SAMPLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "sample_marker.h"

/*
 * Makes whole sample phones, as iOS backups with real table schemas: the same
 * options give the same bytes. They carry a marker (SAMPLE_UDID_PREFIX and a
 * canary row in each database) by which check knows them, and everything that
 * keeps evidence refuses them. No real value is in them: domains end in
 * .example or .invalid, numbers in +1 555 01.
 */
/* A trace to plant: in which artifact ("ios.datausage"), which value. */
struct sample_plant {
	const char *artifact;
	const char *value; /* process, domain, URL, path, e-mail, profile id */
	const char
	    *form;  /* artifact's own variants: "attributed", "pair", NULL */
	bool decoy; /* planted, but sample_stix has no indicator for it */
	int64_t when_s; /* seconds since 1970; 0: somewhere in its life */
};

/* Of what type the planted value is, and so its indicator. */
enum sample_value {
	SAMPLE_PROCESS,
	SAMPLE_DOMAIN, /* or an address, or a whole URL */
	SAMPLE_EMAIL,
	SAMPLE_PROFILE,
	SAMPLE_APP,   /* a bundle id */
	SAMPLE_FILE,  /* a path, or a name when it has no slash */
	SAMPLE_OTHER, /* has no indicator type: a phone number */
	SAMPLE_SIGN,  /* nor has this: what is odd is how it stands there */
};

/* What can be planted, in order of artifact. */
struct sample_form {
	const char *artifact;
	const char *form; /* NULL: when none is given */
	enum sample_value value;
	const char *help; /* where the value then stands */
};
size_t sample_forms(struct sample_form *out, size_t max);

/* The form of a plant, or NULL when the artifact has no such form. */
const struct sample_form *sample_form_of(const struct sample_plant *x);

struct sample_options {
	uint64_t seed;
	const char *password; /* NULL: not encrypted */
	uint32_t dpic, iter;  /* rounds of the two derivations; 0: as phones */
	const char *os_version; /* NULL: "17.5.1" */

	/* Rows of each table; 0: none. sample_sizes gives everyday numbers. */
	size_t messages, visits, whatsapp, calls, processes, entries, payloads;

	const struct sample_plant *plants;
	size_t nplants;
};

/*
 * "ARTIFACT=VALUE[:FORM][@TIME]", text cut in place. What follows the last
 * colon is a form only when the artifact has one of that name, and what
 * follows the last '@' a time only when it is one (2022-09-13T10:04:54Z), so
 * that values may hold either. ERR_USAGE, and why lists what can be planted.
 */
enum err sample_plant_parse(
    char *text, struct sample_plant *out, struct why *why);

/*
 * Writes a STIX 2.1 bundle of the campaign SAMPLE_CAMPAIGN with one indicator
 * for each value that is planted and no decoy. Whole, or not at all.
 */
#define SAMPLE_CAMPAIGN "Telassay sample"
enum err sample_stix(
    const char *path, const struct sample_options *o, struct why *why);

/* A phone as small as makes sense, for tests; times factor (1 or more). */
void sample_sizes(struct sample_options *o, size_t factor);

/* Writes the backup below dir, which is made and must be empty or absent. */
enum err sample_ios_backup(
    const char *dir, const struct sample_options *o, struct why *why);
#endif
