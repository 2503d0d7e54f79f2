#include <stddef.h>

#include "acquisition.h"

#define KIND(name) extern const struct acquisition_kind kind_##name;
#include "list.def"
#undef KIND

#define KIND(name) &kind_##name,
const struct acquisition_kind *const acquisition_kinds[] = {
#include "list.def"
	NULL,
};
#undef KIND
