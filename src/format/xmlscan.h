#ifndef FORMAT_XMLSCAN_H
#define FORMAT_XMLSCAN_H
#include "arena.h"
#include "cur.h"
#include "notes.h"
#include "str.h"

/*
 * Tags and text of an XML document, as far as property lists need: UTF-8
 * only, attributes stepped over, nothing that a DOCTYPE declares is expanded.
 */
enum tag_kind { TAG_OPEN, TAG_CLOSE, TAG_EMPTY, TAG_END_OF_FILE };

struct tag {
	enum tag_kind kind;
	struct str name;
	size_t off;
};

struct xml {
	struct cur c;
	struct arena *a;
	const struct notes *n;
	unsigned depth;
	uint32_t nodes;
	bool cut; /* noted already */
};

/*
 * The next tag; comments, instructions and a DOCTYPE are stepped over, text
 * on the way that is not white space is noted.
 */
void xml_tag(struct xml *x, struct tag *out);

/*
 * The text up to the tag that closes open, which is consumed: well-formed
 * UTF-8, borrowed when it is one plain run. Another tag on the way ends it
 * and is left for xml_tag.
 */
struct str xml_text(struct xml *x, const struct tag *open);

/* Says once that the document ends early. */
void xml_cut(struct xml *x);

bool xml_is_space(char c);

/* Without the white space at both ends. */
struct str xml_trim(struct str s);
#endif
