#include "finding.h"

#include <string.h>

const char *
level_name(enum level l)
{
	static const char *const name[] = {
		[LEVEL_INFO] = "info",
		[LEVEL_LOW] = "low",
		[LEVEL_MEDIUM] = "medium",
		[LEVEL_HIGH] = "high",
		[LEVEL_CRITICAL] = "critical",
	};

	return name[l];
}

const char *
finding_kind_name(enum finding_kind k)
{
	static const char *const name[] = {
		[FINDING_INDICATOR] = "indicator",
		[FINDING_RULE] = "rule",
		[FINDING_ANOMALY] = "anomaly",
		[FINDING_NOTE] = "note",
	};

	return name[k];
}

const char *
statement_name(enum statement s)
{
	static const char *const name[] = {
		[STATEMENT_OBSERVATION] = "observation",
		[STATEMENT_MATCH] = "match",
		[STATEMENT_INFERENCE] = "inference",
	};

	return name[s];
}

static int
text_cmp(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

int
finding_cmp(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int c;

	if (x->level != y->level)
		return x->level > y->level ? -1 : 1;
	/* Undated ones last. */
	if (x->time_ns != y->time_ns && x->time_ns != TSTAMP_NONE &&
	    y->time_ns != TSTAMP_NONE)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->time_ns != y->time_ns)
		return x->time_ns != TSTAMP_NONE ? -1 : 1;
	if ((c = text_cmp(x->artifact, y->artifact)) != 0 ||
	    (c = str_cmp(x->path, y->path)) != 0 ||
	    (c = locator_cmp(x->locator, y->locator)) != 0 ||
	    (c = text_cmp(x->indicator_type, y->indicator_type)) != 0 ||
	    (c = text_cmp(x->indicator_value, y->indicator_value)) != 0)
		return c;
	return strcmp(x->id, y->id);
}
