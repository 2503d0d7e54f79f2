#ifndef SAMPLE_PL_VALUE_H
#define SAMPLE_PL_VALUE_H
#include "pl.h"

/* How a value looks inside; for the two writers only. */
enum pl_kind {
	PL_DICT,
	PL_ARRAY,
	PL_STR,
	PL_INT,
	PL_REAL,
	PL_BOOL,
	PL_DATE,
	PL_DATA,
	PL_UID,
};

struct pl {
	enum pl_kind kind;
	struct pl *key;		 /* in a dictionary */
	struct pl *first, *last; /* items */
	struct pl *next;
	size_t count;	/* of items */
	uint32_t index; /* of the object in the binary form */
	struct str text;
	int64_t i; /* integer, truth, seconds since 1970, UID */
	double d;
};
#endif
