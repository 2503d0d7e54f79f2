#ifndef FORMAT_TYPEDSTREAM_H
#define FORMAT_TYPEDSTREAM_H
#include "arena.h"
#include "cur.h"
#include "notes.h"

/*
 * NSArchiver "streamtyped" as Messages stores rich text (attributedBody):
 * only as far as the plain text and the URLs among the attributes
 * (__kIMLinkAttributeName) are needed. Source: observed on iOS 12 to 17 and
 * GNUstep's description of the format; see docs/formats/typedstream.md.
 */
struct typedstream_text {
	struct str text;   /* the attributed string's characters */
	struct str *links; /* URLs that stand in attributes */
	size_t nlinks;
};

/* False (and a note) when no text can be found. Borrows bytes. */
bool typedstream_parse(struct cur bytes, struct arena *a, const struct notes *n,
    struct typedstream_text *out);
/*
 * The quick answer for nine messages of ten, whose plain text is known from
 * elsewhere: true when the archive's string is that text and nothing behind
 * it can hold a link or looks damaged. False says nothing: parse it.
 */
bool typedstream_says(struct cur bytes, struct str text);
#endif
