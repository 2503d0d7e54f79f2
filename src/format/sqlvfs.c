#include "sqlvfs.h"

#include <stdio.h>
#include <string.h>

/* What SQLite allocates for an open file: only a way back to ours. */
struct handle {
	sqlite3_file base;
	struct sqlfile *file;
};

static struct sqlfile *
file_of(sqlite3_file *f)
{
	return ((struct handle *)f)->file;
}

static int
io_close(sqlite3_file *f)
{
	(void)f;
	return SQLITE_OK;
}

static int
io_read(sqlite3_file *f, void *out, int n, sqlite3_int64 off)
{
	size_t got;

	if (n < 0 || off < 0)
		return SQLITE_IOERR_READ;
	if (sqlfile_read(file_of(f), (uint64_t)off, out, (size_t)n, &got) !=
	    ERR_OK)
		return SQLITE_IOERR_READ;
	/* Missing pages are zeros: damage that SQLite finds by itself. */
	if ((uint64_t)off + (uint64_t)n > sqlfile_size(file_of(f)))
		return SQLITE_IOERR_SHORT_READ;
	return SQLITE_OK;
}

static int
io_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 off)
{
	(void)f;
	(void)p;
	(void)n;
	(void)off;
	return SQLITE_READONLY;
}

static int
io_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	(void)f;
	(void)size;
	return SQLITE_READONLY;
}

static int
io_size(sqlite3_file *f, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)sqlfile_size(file_of(f));
	return SQLITE_OK;
}

/* Of xSync, xLock, xUnlock: nothing to do. */
static int
io_nothing(sqlite3_file *f, int arg)
{
	(void)f;
	(void)arg;
	return SQLITE_OK;
}

static int
io_reserved(sqlite3_file *f, int *out)
{
	(void)f;
	*out = 0;
	return SQLITE_OK;
}

static int
io_control(sqlite3_file *f, int op, void *arg)
{
	(void)f;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
io_sector(sqlite3_file *f)
{
	(void)f;
	return 512;
}

static int
io_traits(sqlite3_file *f)
{
	(void)f;
	return SQLITE_IOCAP_IMMUTABLE;
}

static const sqlite3_io_methods io_methods = {
	.iVersion = 1,
	.xClose = io_close,
	.xRead = io_read,
	.xWrite = io_write,
	.xTruncate = io_truncate,
	.xSync = io_nothing,
	.xFileSize = io_size,
	.xLock = io_nothing,
	.xUnlock = io_nothing,
	.xCheckReservedLock = io_reserved,
	.xFileControl = io_control,
	.xSectorSize = io_sector,
	.xDeviceCharacteristics = io_traits,
};

static int
vfs_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct handle *h = (struct handle *)f;

	(void)name;
	*h = (struct handle){ 0 };
	/* Journals, temporary files, attached databases: there are none. */
	if ((flags & SQLITE_OPEN_MAIN_DB) == 0)
		return SQLITE_CANTOPEN;
	h->base.pMethods = &io_methods;
	h->file = ((struct sqlvfs *)v->pAppData)->file;
	if (out != NULL)
		*out = SQLITE_OPEN_READONLY;
	return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *v, const char *name, int sync)
{
	(void)v;
	(void)name;
	(void)sync;
	return SQLITE_IOERR_DELETE;
}

static int
vfs_access(sqlite3_vfs *v, const char *name, int flags, int *out)
{
	(void)v;
	(void)name;
	(void)flags;
	*out = 0;
	return SQLITE_OK;
}

static int
vfs_path(sqlite3_vfs *v, const char *name, int n, char *out)
{
	(void)v;
	return snprintf(out, (size_t)n, "%s", name) < n ? SQLITE_OK
							: SQLITE_CANTOPEN;
}

static int
vfs_random(sqlite3_vfs *v, int n, char *out)
{
	(void)v;
	memset(out, 0, (size_t)n);
	return n;
}

static int
vfs_sleep(sqlite3_vfs *v, int us)
{
	(void)v;
	return us;
}

static int
vfs_time(sqlite3_vfs *v, double *out)
{
	(void)v;
	*out = 2440587.5; /* 1970, as a Julian day */
	return SQLITE_OK;
}

static int
vfs_error(sqlite3_vfs *v, int n, char *out)
{
	(void)v;
	if (n > 0)
		*out = '\0';
	return 0;
}

bool
sqlvfs_init(struct sqlvfs *v, struct sqlfile *file)
{
	v->file = file;
	(void)snprintf(v->name, sizeof(v->name), "telassay-%p", (void *)v);
	v->vfs = (sqlite3_vfs){
		.iVersion = 1,
		.szOsFile = sizeof(struct handle),
		.mxPathname = 64,
		.zName = v->name,
		.pAppData = v,
		.xOpen = vfs_open,
		.xDelete = vfs_delete,
		.xAccess = vfs_access,
		.xFullPathname = vfs_path,
		.xRandomness = vfs_random,
		.xSleep = vfs_sleep,
		.xCurrentTime = vfs_time,
		.xGetLastError = vfs_error,
	};
	return sqlite3_vfs_register(&v->vfs, 0) == SQLITE_OK;
}

void
sqlvfs_done(struct sqlvfs *v)
{
	if (v->vfs.zName != NULL)
		(void)sqlite3_vfs_unregister(&v->vfs);
}
