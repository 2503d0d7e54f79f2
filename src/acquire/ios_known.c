#include "ios_known.h"

#include <stdlib.h>

#include "ios_content.h"

void
ios_known_init(struct ios_known *k, const char *const *paths)
{
	*k = (struct ios_known){ .paths = paths };
	while (paths != NULL && paths[k->count] != NULL)
		k->count++;
	k->ids = calloc(k->count + 1, sizeof(*k->ids));
	if (k->ids == NULL)
		abort();
	for (size_t i = 0; i < k->count; i++) {
		struct str path = str_from(paths[i]);
		size_t slash = str_find(path, '/');

		ios_contents_name(str_sub(path, 0, slash),
		    str_sub(path, slash + 1, path.n), k->ids[i]);
	}
	ios_ids_init(&k->index, k->ids, sizeof(*k->ids), k->count);
}

void
ios_known_done(struct ios_known *k)
{
	ios_ids_done(&k->index);
	free(k->ids);
	*k = (struct ios_known){ 0 };
}

const char *
ios_known_path(const struct ios_known *k, struct str path)
{
	uint8_t id[SHA1_SIZE];
	size_t i;

	if (!hex_decode(str_basename(path), SHA1_SIZE, id) ||
	    !ios_ids_find(&k->index, id, &i))
		return NULL;
	return k->paths[i];
}
