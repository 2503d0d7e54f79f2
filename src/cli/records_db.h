#ifndef CLI_RECORDS_DB_H
#define CLI_RECORDS_DB_H
#include "err.h"
#include "record.h"

/*
 * records.sqlite: every record of one acquisition, for the expert view and to
 * be checked again without the phone. Holds contents in clear, so it is made
 * only with the owner's consent, readable by nobody else, under a temporary
 * name until it is whole.
 */
#define RECORDS_DB_FILE "records.sqlite"
struct records_db;

/* Makes dir when it is missing. */
enum err records_db_new(
    const char *dir, struct why *why, struct records_db **out);

/* As check_options.on_record; arg is the struct records_db. */
enum err records_db_add(void *arg, const struct record *r);

/* Under its real name, on the disk. */
enum err records_db_finish(struct records_db *d, struct why *why);

/*
 * Frees d; what is not finished is taken away again, and the folder, too, if
 * it was made for it. NULL is fine.
 */
void records_db_free(struct records_db *d);
#endif
