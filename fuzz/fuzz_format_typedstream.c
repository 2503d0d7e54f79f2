#include <stdint.h>

#include "typedstream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct typedstream_text t;
	struct arena a;
	size_t n = 0;

	arena_init(&a, (size_t)64 << 20);
	if (typedstream_parse(cur_from(data, size), &a, NULL, &t)) {
		for (size_t i = 0; i < t.text.n; i++)
			n += t.text.p[i] == 'x';
		for (size_t k = 0; k < t.nlinks; k++)
			for (size_t i = 0; i < t.links[k].n; i++)
				n += t.links[k].p[i] == 'x';
	}
	arena_done(&a);
	return n == SIZE_MAX;
}
