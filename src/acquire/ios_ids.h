#ifndef ACQUIRE_IOS_IDS_H
#define ACQUIRE_IOS_IDS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hash.h"
#include "str.h"

/*
 * From the names of contents (SHA-1) to numbers: which row of the manifest a
 * content belongs to. Compact: four bytes a slot beside the names themselves,
 * which lie in an array of the caller's.
 */
struct ios_ids {
	const uint8_t *first; /* borrowed: the name of number 0 */
	size_t stride;	      /* bytes from one name to the next */
	uint32_t *slots;      /* number + 1; 0: free */
	size_t mask;
};

/* All count of them; of equal names the first counts. */
void ios_ids_init(
    struct ios_ids *s, const void *first, size_t stride, size_t count);
void ios_ids_done(struct ios_ids *s);

bool ios_ids_find(const struct ios_ids *s, const uint8_t id[static SHA1_SIZE],
    size_t *number);
#endif
