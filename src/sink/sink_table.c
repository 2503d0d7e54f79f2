#include <string.h>

#include "sink.h"

#define SINK(name) extern const struct sink sink_##name;
#include "list.def"
#undef SINK

#define SINK(name) &sink_##name,
const struct sink *const sinks[] = {
#include "list.def"
	NULL,
};

const struct sink *
sink_by_name(const char *name)
{
	for (size_t i = 0; sinks[i] != NULL; i++)
		if (strcmp(sinks[i]->name, name) == 0)
			return sinks[i];
	return NULL;
}
