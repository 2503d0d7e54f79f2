#ifndef BYTES_ARCHIVES_H
#define BYTES_ARCHIVES_H
#include <stdbool.h>
#include <stddef.h>

#include "entries.h"
#include "limits.h"
#include "reader.h"
#include "source.h"

/* What the two kinds of archive have in common; source.h has the rest. */

/*
 * The name of a member as source.h wants it: no '/' in front, no empty and no
 * "." component, ".." kept, NUL made '?'. False, with a note, when nothing is
 * left, or more than LIMIT_PATH.
 */
struct archive_name {
	char text[LIMIT_PATH + 1];
	size_t n;
};
bool archive_name_from(struct archive_name *out, struct str name);

/*
 * Leaves the last of all entries of one path; drop() hears of the others.
 * The list is sorted after it.
 */
void archive_last_wins(struct entries *l, const struct notes *n,
    void (*drop)(void *arg, const struct entry *e), void *arg);

/*
 * Unpacks the one member whose header stands at the front of win (taken) and
 * gives it as a file. size is what the archive says of it. Errors: ERR_LIMIT,
 * ERR_IO, each with a note.
 */
struct archive_unpack {
	struct file *win;
	enum reader_format format;
	uint64_t size;
};
enum err archive_unpack(struct archive_unpack u, const char *path,
    const struct notes *n, struct file **out);

/* Each takes f on success, and gives ERR_FORMAT when f is not of its kind. */
enum err source_zip_new(
    struct file *f, const struct notes *n, struct source **out);
enum err source_tar_new(struct file *f, enum reader_format format,
    const struct source_want *want, const struct notes *n, struct source **out);
#endif
