#include "process_pair.h"

void
process_pair_put(struct record *r, size_t first_field, struct str pair)
{
	size_t slash = str_find(pair, '/');

	record_text(r, first_field, str_sub(pair, 0, slash));
	if (slash < pair.n)
		record_text(
		    r, first_field + 1, str_sub(pair, slash + 1, pair.n));
}
