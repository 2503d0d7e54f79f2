#include <stdint.h>

#include "nskeyed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
touch(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == 'x';
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mbfile m;
	struct arena a;
	size_t n = 0;

	arena_init(&a, (size_t)64 << 20);
	if (mbfile_parse(cur_from(data, size), &a, NULL, &m))
		n = touch(m.encryption_key) + touch(m.digest) +
		    touch(m.relative_path) + touch(m.target);
	arena_done(&a);
	return n == SIZE_MAX;
}
