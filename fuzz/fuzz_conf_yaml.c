#include <stdlib.h>

#include "limits.h"
#include "yaml_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every value of the tree; the limits bound how many there are. */
static size_t
walk(const struct yaml_node *n)
{
	int64_t i = 0;
	double real = 0;
	bool b = false;
	size_t sum = 1;

	(void)yaml_get(n, "title");
	sum += yaml_is_null(n) || yaml_bool(n, &b) || yaml_int(n, &i) ||
	       yaml_real(n, &real);
	for (size_t k = 0; k < n->nitems; k++)
		sum += walk(n->items[k]);
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { .p = (const char *)data, .n = size };
	struct yaml_docs docs = { 0 };
	struct why why = { "" };
	struct arena a;
	size_t sum = 0;

	arena_init(&a, LIMIT_ARENA);
	if (yaml_parse(s, "fuzz", &a, &docs, &why, NULL) != ERR_OK &&
	    why.text[0] == '\0')
		abort();
	for (size_t i = 0; i < docs.n; i++)
		sum += walk(docs.v[i]);
	if (sum > 2 * LIMIT_YAML_NODES + 2)
		abort();
	arena_done(&a);
	return 0;
}
