#include "records_db.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * records: one row a record; bytes are its canonical bytes, from which all
 * else follows, json is what people and their tools can read. first_ns and
 * last_ns span its events (NULL: undated).
 */
static const char schema_sql[] =
    "PRAGMA journal_mode = OFF;"
    "PRAGMA synchronous = OFF;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA user_version = 1;"
    "CREATE TABLE records ("
    " artifact TEXT NOT NULL, path BLOB NOT NULL, locator TEXT NOT NULL,"
    " sha256 BLOB NOT NULL, first_ns INTEGER, last_ns INTEGER,"
    " json TEXT NOT NULL, bytes BLOB NOT NULL,"
    " PRIMARY KEY (artifact, path, locator, sha256)) WITHOUT ROWID;"
    "BEGIN;";
static const char insert_sql[] =
    "INSERT OR IGNORE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

struct records_db {
	sqlite3 *db;
	sqlite3_stmt *insert;
	struct buf bytes, json;
	bool made_dir;
	char dir[PATH_MAX], temporary[PATH_MAX], final[PATH_MAX];
};

static enum err
say(struct why *why, const struct records_db *d)
{
	return why_set(why, ERR_IO, "%s: %s", d->final,
	    d->db ? sqlite3_errmsg(d->db) : strerror(errno));
}

/* Makes dir and what is missing above it; *made: dir itself was. */
static bool
make_dir(const char *dir, bool *made)
{
	char part[PATH_MAX];
	size_t n = strlen(dir);

	for (size_t i = 1; i <= n; i++) {
		if (dir[i] != '/' && dir[i] != '\0')
			continue;
		(void)snprintf(part, sizeof(part), "%.*s", (int)i, dir);
		*made = mkdir(part, 0700) == 0;
		if (!*made && errno != EEXIST)
			return false;
	}
	return n > 0;
}

/* A file of ours that nobody else can read, before SQLite writes to it. */
static bool
make_file(struct records_db *d)
{
	int fd;

	if (!make_dir(d->dir, &d->made_dir))
		return false;
	(void)unlink(d->temporary);
	fd = open(d->temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static bool
set_names(struct records_db *d, const char *dir)
{
	int n[3];

	n[0] = snprintf(d->dir, sizeof(d->dir), "%s", dir);
	n[1] = snprintf(d->temporary, sizeof(d->temporary), "%s/.%s.%ld.part",
	    dir, RECORDS_DB_FILE, (long)getpid());
	n[2] =
	    snprintf(d->final, sizeof(d->final), "%s/%s", dir, RECORDS_DB_FILE);
	for (size_t i = 0; i < 3; i++)
		if (n[i] < 0 || n[i] >= PATH_MAX)
			return false;
	return true;
}

enum err
records_db_new(const char *dir, struct why *why, struct records_db **out)
{
	struct records_db *d = calloc(1, sizeof(*d));
	enum err e;

	if (d == NULL)
		abort();
	buf_init(&d->bytes, LIMIT_RECORD_BYTES);
	buf_init(&d->json, 8 * LIMIT_RECORD_BYTES);
	if (!set_names(d, dir)) {
		free(d);
		return why_set(why, ERR_USAGE, "-o %s: is too long", dir);
	}
	if (make_file(d) && sqlite3_open(d->temporary, &d->db) == SQLITE_OK &&
	    sqlite3_exec(d->db, schema_sql, NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(d->db, insert_sql, -1, &d->insert, NULL) ==
		SQLITE_OK) {
		*out = d;
		return ERR_OK;
	}
	e = say(why, d);
	records_db_free(d);
	return e;
}

static void
bind_time(sqlite3_stmt *s, int at, int64_t ns)
{
	if (ns == TSTAMP_NONE)
		(void)sqlite3_bind_null(s, at);
	else
		(void)sqlite3_bind_int64(s, at, ns);
}

enum err
records_db_add(void *arg, const struct record *r)
{
	struct records_db *d = arg;
	const char *name = r->schema->name;
	uint8_t sum[SHA256_SIZE];
	int64_t first, last;
	struct jsonw w;
	int rc;

	buf_reset(&d->bytes);
	buf_reset(&d->json);
	record_encode(r, &d->bytes);
	jsonw_init(&w, &d->json, NULL, false);
	record_json(r, true, &w);
	sha256_once(d->bytes.p, d->bytes.len, sum);
	record_span(r, &first, &last);
	(void)sqlite3_bind_text(d->insert, 1, name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_blob64(
	    d->insert, 2, r->path.p ? r->path.p : "", r->path.n, SQLITE_STATIC);
	(void)sqlite3_bind_text64(d->insert, 3,
	    r->locator.p ? r->locator.p : "", r->locator.n, SQLITE_STATIC,
	    SQLITE_UTF8);
	(void)sqlite3_bind_blob(d->insert, 4, sum, sizeof(sum), SQLITE_STATIC);
	bind_time(d->insert, 5, first);
	bind_time(d->insert, 6, last);
	(void)sqlite3_bind_text64(d->insert, 7, buf_text(&d->json).p,
	    d->json.len, SQLITE_STATIC, SQLITE_UTF8);
	(void)sqlite3_bind_blob64(
	    d->insert, 8, d->bytes.p, d->bytes.len, SQLITE_STATIC);
	rc = sqlite3_step(d->insert);
	(void)sqlite3_reset(d->insert);
	return rc == SQLITE_DONE && !d->json.full ? ERR_OK : ERR_IO;
}

static bool
sync_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

enum err
records_db_finish(struct records_db *d, struct why *why)
{
	(void)sqlite3_finalize(d->insert);
	d->insert = NULL;
	if (sqlite3_exec(d->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_close(d->db) != SQLITE_OK)
		return say(why, d);
	d->db = NULL;
	if (!sync_file(d->temporary) || rename(d->temporary, d->final) != 0 ||
	    !sync_file(d->dir))
		return say(why, d);
	d->temporary[0] = '\0';
	return ERR_OK;
}

void
records_db_free(struct records_db *d)
{
	if (d == NULL)
		return;
	(void)sqlite3_finalize(d->insert);
	(void)sqlite3_close(d->db);
	if (d->temporary[0] != '\0') {
		(void)unlink(d->temporary);
		if (d->made_dir)
			(void)rmdir(d->dir); /* not when others wrote there */
	}
	buf_done(&d->bytes);
	buf_done(&d->json);
	free(d);
}
