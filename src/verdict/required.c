#include <stdlib.h>
#include <string.h>

#include "verdict.h"

enum when { ANY, ENCRYPTED };

struct required {
	const char *kind;
	unsigned first, last; /* major OS version, both included */
	enum when when;
	const char *artifact;
};

static const struct required required[] = {
#define REQUIRED(k, f, l, w, a)                                                \
	{ .kind = (k),                                                         \
		.first = (f),                                                  \
		.last = (l),                                                   \
		.when = (w),                                                   \
		.artifact = (a) },
#include "required.def"
#undef REQUIRED
};

/* "14.3" gives 14; false for NULL and for what does not start with a number. */
static bool
major_version(const char *v, unsigned *out)
{
	unsigned n = 0;
	size_t i;

	if (v == NULL)
		return false;
	for (i = 0; v[i] >= '0' && v[i] <= '9' && i < 4; i++)
		n = n * 10 + (unsigned)(v[i] - '0');
	if (i == 0 || (v[i] != '\0' && v[i] != '.'))
		return false;
	*out = n;
	return true;
}

/* A version that is not known counts as any: better to ask for too much. */
static bool
applies(const struct required *q, const char *kind, const char *os_version,
    bool encrypted)
{
	unsigned major;

	if (strcmp(q->kind, kind) != 0 || (q->when == ENCRYPTED && !encrypted))
		return false;
	return !major_version(os_version, &major) ||
	       (major >= q->first && major <= q->last);
}

bool
verdict_required(const char *kind, const char *os_version, bool encrypted,
    const char *artifact)
{
	for (size_t i = 0; kind != NULL && artifact != NULL &&
			   i < sizeof(required) / sizeof(required[0]);
	     i++)
		if (applies(&required[i], kind, os_version, encrypted) &&
		    strcmp(required[i].artifact, artifact) == 0)
			return true;
	return false;
}

const char *
verdict_required_at(
    size_t i, const char *kind, const char *os_version, bool encrypted)
{
	for (size_t k = 0;
	     kind != NULL && k < sizeof(required) / sizeof(required[0]); k++)
		if (applies(&required[k], kind, os_version, encrypted) &&
		    i-- == 0)
			return required[k].artifact;
	return NULL;
}
