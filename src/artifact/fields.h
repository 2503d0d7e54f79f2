#ifndef ARTIFACT_FIELDS_H
#define ARTIFACT_FIELDS_H
#include "record.h"

/*
 * The words in which a reader writes its schema: name, type (VALUE_ left
 * out), what it is matched as (OBS_ left out, NONE), FIELD_* flags or 0, and
 * one clause for the man page.
 */
#define FIELD(n, t, o, f, d)                                                   \
	{                                                                      \
		.name = (n), .type = VALUE_##t, .obs = OBS_##o, .flags = (f),  \
		.doc = (d)                                                     \
	}

/* A time, with the name of its event on the timeline. */
#define FIELD_TIME(n, f, e, d)                                                 \
	{                                                                      \
		.name = (n), .type = VALUE_TIME, .flags = (f), .event = (e),   \
		.doc = (d)                                                     \
	}

/* Where an artifact stands: IN_* kinds, and a glob of source paths. */
#define PLACE(k, g)                                                            \
	{                                                                      \
		.kinds = (k), .glob = (g)                                      \
	}
#define PLACES_END                                                             \
	{                                                                      \
		.kinds = 0                                                     \
	}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#endif
