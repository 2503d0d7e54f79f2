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
	    *form; /* artifact's own variants: "attributed", "pair", NULL */
};

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

/* A phone as small as makes sense, for tests; times factor (1 or more). */
void sample_sizes(struct sample_options *o, size_t factor);

/* Writes the backup below dir, which is made and must be empty or absent. */
enum err sample_ios_backup(
    const char *dir, const struct sample_options *o, struct why *why);
#endif
