#ifndef ARTIFACT_CALENDAR_PEOPLE_H
#define ARTIFACT_CALENDAR_PEOPLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact.h"
#include "sqlro.h"

/*
 * Table Participant of a calendar: who takes part in which item, its organizer
 * among them. Older versions keep addresses in table Identity.
 */
struct person {
	int64_t id;		 /* row */
	int64_t owner;		 /* the item */
	struct str email, phone; /* without "mailto:"; "" when not known */
	bool is_self;		 /* the owner of the phone */
	int64_t modified_ns;	 /* TSTAMP_NONE */
	double modified_raw;
};

struct people {
	struct person *by_id, *by_owner; /* the same, in two orders */
	size_t n;
};

/* In ctx->arena. What cannot be read is noted; there may be nobody. */
void people_read(struct people *p, struct artifact_ctx *ctx, struct sqlro *db);

const struct person *people_find(const struct people *p, int64_t id);

/* The first of an item in by_owner, its others behind it; n: none. */
size_t people_of(const struct people *p, int64_t owner);
#endif
