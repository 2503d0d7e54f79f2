#ifndef ACQUIRE_IOS_KNOWN_H
#define ACQUIRE_IOS_KNOWN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hash.h"
#include "ios_ids.h"
#include "str.h"

/*
 * The paths that readers know exactly, by the names that their contents have
 * in every backup: these can be recognised before, or without, a manifest.
 */
struct ios_known {
	const char *const *paths; /* borrowed, NULL ends */
	size_t count;
	uint8_t (*ids)[SHA1_SIZE];
	struct ios_ids index;
};

void ios_known_init(struct ios_known *k, const char *const *paths);
void ios_known_done(struct ios_known *k);

/* The known path whose content lies at `path` of an archive, or NULL. */
const char *ios_known_path(const struct ios_known *k, struct str path);
#endif
