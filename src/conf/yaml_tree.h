#ifndef CONF_YAML_TREE_H
#define CONF_YAML_TREE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "err.h"
#include "str.h"

/*
 * YAML files that people write (rules, suppressions, policies) as trees that
 * know their lines. libyaml parses; aliases, depth, nodes and bytes are
 * bounded (limits.h), so that no alias bomb unfolds. Scalars keep their text;
 * how they resolve follows the core schema of YAML 1.2: `yes` is a text.
 */
enum yaml_type { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_type type;
	unsigned line, column; /* from 1 */
	struct str text;       /* of a scalar; never with NUL */
	bool plain; /* a scalar without quotes: may be null, 12, true */

	/* Of lists: items; of maps: keys and values alternating, in order. */
	const struct yaml_node *const *items;
	size_t nitems; /* of a map: twice its pairs */
};

struct yaml_docs {
	const struct yaml_node *const *v; /* an empty document is left out */
	size_t n;
};

/*
 * All documents of a file. Everything lives in a; text is copied. ERR_FORMAT
 * (not YAML, a key that is no scalar or stands twice, an unknown anchor) and
 * ERR_LIMIT: why says "NAME:LINE: what", and *line is set (0: unknown).
 */
enum err yaml_parse(struct str text, const char *name, struct arena *a,
    struct yaml_docs *out, struct why *why, unsigned *line);

/* The value of a key of a map; NULL when it is not there or n is no map. */
const struct yaml_node *yaml_get(const struct yaml_node *n, const char *key);

/* Resolved scalars; out is untouched when n is NULL or not of that type. */
bool yaml_is_null(const struct yaml_node *n); /* ~ null Null NULL or empty */
bool yaml_bool(const struct yaml_node *n, bool *out);
bool yaml_int(const struct yaml_node *n, int64_t *out); /* also 0x 0o */
bool yaml_real(const struct yaml_node *n, double *out); /* also an int */

/* NUL-terminated copy of a scalar's text in a; NULL when n is no scalar. */
const char *yaml_text(const struct yaml_node *n, struct arena *a);
#endif
