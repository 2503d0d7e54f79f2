#ifndef TESTS_UNIT_PROC_FAKE_H
#define TESTS_UNIT_PROC_FAKE_H
/* src/proc/check.h, not the one with CHECK that stands beside it */
#include "../../../src/proc/check.h"
#include "report.h"

/*
 * A check without phones: a folder of text files is the acquisition, its lines
 * "UNIXTIME TEXT" are the records, and a detector hits the words "evil" (high)
 * and "odd" (low); another one speaks of all lines "keep" together. Artifacts, by the folder that their files lie in:
 *
 *	test.app     app/      of an app
 *	test.gone    gone/     nothing is ever there
 *	test.lines   lines/    one file a job
 *	test.list    (names)   one record a file of the acquisition
 *	test.many    many/     so many small files that they are batched
 *	test.other   (kind)    stands in another kind of acquisition
 */
char *fake_folder(char template[]);

/* dir/name with this text; folders above it are made. */
void fake_file(const char *dir, const char *name, const char *text);
void fake_remove(const char *dir);

/* One check of dir, which must end with ERR_OK. */
struct report *fake_check(
    const char *dir, unsigned workers, enum check_timeline timeline);
struct report *fake_check_with(
    const char *dir, struct check_options *o, enum err want, struct why *why);

const struct coverage *fake_cover(const struct report *r, const char *name);

/* True when a reason of c holds text. */
bool fake_reason(const struct coverage *c, const char *text);
#endif
