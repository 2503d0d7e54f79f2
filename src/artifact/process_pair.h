#ifndef ARTIFACT_PROCESS_PAIR_H
#define ARTIFACT_PROCESS_PAIR_H
#include <stddef.h>

#include "record.h"
#include "str.h"

/*
 * Names of the form "process/bundle", such as "mDNSResponder/com.example.app":
 * a process of the system that works for an app. Rules look at the halves.
 */

/* Sets two fields: the process, then the bundle when there is one. */
void process_pair_put(struct record *r, size_t first_field, struct str pair);

/* The descriptions of these two fields. */
#define PROCESS_PAIR_FIELDS(first)                                             \
	[(first)] = FIELD("process_name", TEXT, NONE, 0,                       \
	    "its first half: what stands before a slash"),                     \
	[(first) + 1] = FIELD("process_bundle", TEXT, NONE, 0,                 \
	    "its second half: the bundle that the process worked for")
#endif
