#ifndef SINK_SINK_H
#define SINK_SINK_H
#include <stdbool.h>
#include <stdio.h>

#include "err.h"
#include "report.h"

/*
 * One form of output. A sink only reads the report. To add one: a file with a
 * `const struct sink`, a line in list.def.
 */
struct sink_options {
	bool content; /* --include-content */
	bool colour;  /* text on a terminal */
};

struct sink {
	const char *name;    /* "json" */
	const char *file;    /* name below -o DIR; NULL: stdout only */
	const char *summary; /* one line */

	/* ERR_IO when out refuses bytes. */
	enum err (*write)(
	    const struct report *r, const struct sink_options *o, FILE *out);
};

extern const struct sink *const sinks[]; /* NULL ends */
const struct sink *sink_by_name(const char *name);

/* Refuses (ERR_USAGE) a folder that holds a result, unless force. */
enum err sink_dir_check(const char *dir, bool force, struct why *why);

/*
 * Every sink that has a file, below dir, which is made when missing: each
 * written under a temporary name, synced and renamed; nothing at all is left
 * when one fails.
 */
enum err sink_dir_write(const char *dir, const struct report *r,
    const struct sink_options *o, struct why *why);
#endif
