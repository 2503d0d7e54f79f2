#include <stdint.h>

#include "plist.h"

/* The XML form, walked whole; other bytes go the same way. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
walk(const struct plist *p)
{
	size_t n = 1;

	if (p->type == PLIST_STRING || p->type == PLIST_DATA)
		for (size_t i = 0; i < p->s.n; i++)
			n += p->s.p[i] == 'x';
	else if (p->type == PLIST_ARRAY)
		for (size_t i = 0; i < p->array.n; i++)
			n += walk(p->array.v[i]);
	else if (p->type == PLIST_DICT)
		for (size_t i = 0; i < p->dict.n; i++)
			n += p->dict.v[i].key.n + walk(p->dict.v[i].value);
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct plist *p;
	struct arena a;

	arena_init(&a, (size_t)256 << 20);
	p = plist_parse(cur_from(data, size), &a, NULL);
	if (p != NULL)
		(void)walk(p);
	arena_done(&a);
	return 0;
}
