#include <string.h>

#include "artifact.h"

/* list.def is read twice: every artifact is declared, then put in the table. */
#define ARTIFACT(name) extern const struct artifact artifact_##name;
#include "list.def"
#undef ARTIFACT

const struct artifact *const artifacts[] = {
#define ARTIFACT(name) &artifact_##name,
#include "list.def"
#undef ARTIFACT
	NULL,
};

const struct artifact *
artifact_by_name(const char *name)
{
	for (size_t i = 0; artifacts[i] != NULL; i++)
		if (strcmp(artifacts[i]->schema.name, name) == 0)
			return artifacts[i];
	return NULL;
}
