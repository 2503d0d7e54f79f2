#ifndef ARTIFACT_LINKS_H
#define ARTIFACT_LINKS_H
#include <stdbool.h>
#include <stddef.h>

#include "artifact.h"
#include "plist.h"

/*
 * The links of one message, gathered from all the places in which it may
 * carry them, each once, in the order found. Borrows what it is given.
 */
#define LINKS_MAX 256

struct links {
	struct str v[LINKS_MAX];
	size_t n;
	bool full; /* some were left out */
};

void links_init(struct links *l);

/* Links in text; see artifact_links. */
void links_text(struct links *l, struct str text);

/* One link that is known to be one. */
void links_add(struct links *l, struct str url);

/*
 * Links in all strings of a property list, and in the rich text (typedstream)
 * that its data may hold; a is for what is decoded on the way.
 */
void links_plist(struct links *l, const struct plist *p, struct arena *a,
    const struct notes *n);

/* The same for bytes that may be a binary property list, else text. */
void links_blob(
    struct links *l, struct str blob, struct arena *a, const struct notes *n);

/* Puts them into the record's field; notes when some were left out. */
void links_put(const struct links *l, struct artifact_ctx *ctx,
    struct record *r, size_t field);
#endif
