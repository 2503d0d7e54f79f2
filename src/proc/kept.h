#ifndef PROC_KEPT_H
#define PROC_KEPT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "detector.h"

/*
 * Records that detectors asked to see together (struct hit, kept), in the
 * parent, until everything is read. They come in any order and are handed out
 * in canonical order: artifact, path, locator, bytes. Of too many the first in
 * that order stay, so that what is left does not depend on the workers.
 */
struct kept_item;

struct kept_store {
	struct kept_item *v;
	size_t n, cap;
	size_t max_bytes;
	struct arena arena; /* bytes and hits */
	bool *lost;	    /* by artifact: some did not fit */
	size_t nartifacts;
};

void kept_init(struct kept_store *k, size_t max_bytes, size_t nartifacts);
void kept_done(struct kept_store *k);

/* Canonical bytes of a record that decodes, and its hits that are kept: 1 on. */
void kept_add(struct kept_store *k, uint32_t artifact, struct cur bytes,
    const struct hit *hits, size_t nhits);

/* Brings all into order, once each, within the limit. */
void kept_sort(struct kept_store *k);

/* Behind kept_sort: those of one detector. *out is freed by the caller. */
size_t kept_of(
    const struct kept_store *k, uint32_t detector, struct kept **out);
#endif
