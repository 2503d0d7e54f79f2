#include <stdint.h>
#include <stdlib.h>

#include "limits.h"
#include "pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { .p = (const char *)data, .n = size };
	struct pattern p = { 0 };
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	if (!pattern_parse(text, &a, &p) && p.why == NULL)
		abort();
	arena_done(&a);
	return 0;
}
