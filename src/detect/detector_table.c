#include <stddef.h>

#include "detector.h"

#define DETECTOR(name) extern const struct detector detector_##name;
#include "list.def"
#undef DETECTOR

#define DETECTOR(name) &detector_##name,
const struct detector *const detectors[] = {
#include "list.def"
	NULL,
};
#undef DETECTOR

_Static_assert(sizeof(detectors) / sizeof(detectors[0]) - 1 <=
		   sizeof((struct detect_ctx){ 0 }.state) /
		       sizeof((struct detect_ctx){ 0 }.state[0]),
    "struct detect_ctx has room for every detector");
