#ifndef FORMAT_SQLVFS_H
#define FORMAT_SQLVFS_H
#include <sqlite3.h>

#include "sqlfile.h"

/*
 * What libsqlite3 sees of the world: one database that never changes, no
 * clock, no randomness, no other file. One of these for each database, so
 * that no table of open files is needed.
 */
struct sqlvfs {
	sqlite3_vfs vfs;
	struct sqlfile *file; /* borrowed */
	char name[40];
};

/* False when the library refuses it (out of memory). */
bool sqlvfs_init(struct sqlvfs *v, struct sqlfile *file);

/* After the database is closed. */
void sqlvfs_done(struct sqlvfs *v);
#endif
