#include "phone.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hash.h"
#include "mbfile.h"
#include "root.h"

static void
phone_fault(struct phone *p, const char *what, const char *name)
{
	if (p->err == ERR_OK)
		p->err = why_set(p->why, ERR_IO, "%s cannot be %s: %s", name,
		    what, strerror(errno));
}

static bool
folder_is_empty(int dir)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	size_t n = 0;

	if (d == NULL) {
		if (copy >= 0)
			close(copy);
		return false;
	}
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n <= 2;
}

static enum err
open_folder(const char *dir, int *out, struct why *why)
{
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		return why_set(
		    why, ERR_IO, "%s cannot be made: %s", dir, strerror(errno));
	*out = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*out < 0)
		return why_set(why, ERR_IO, "%s cannot be opened: %s", dir,
		    strerror(errno));
	if (!folder_is_empty(*out)) {
		close(*out);
		return why_set(why, ERR_USAGE,
		    "%s is not empty: name a folder that is empty or absent",
		    dir);
	}
	return ERR_OK;
}

enum err
phone_open(struct phone *p, const char *dir, const struct sample_options *o,
    struct why *why)
{
	struct rng keys;
	enum err e;
	int fd = -1;

	if ((e = open_folder(dir, &fd, why)) != ERR_OK)
		return e;
	*p = (struct phone){ .o = o,
		.why = why,
		.dir = fd,
		.os_major = (unsigned)strtoul(o->os_version, NULL, 10),
		.first_s = 1704067200, /* 2024-01-01 */
		.last_s = 1767225600,  /* 2026-01-01 */
		.inode = 1000 };
	arena_init(&p->arena, (size_t)1 << 30);
	arena_init(&p->row, (size_t)1 << 20);
	buf_init(&p->sealed, (size_t)2 << 30);
	buf_init(&p->blob, (size_t)1 << 20);
	rng_init(&p->rng, o->seed, "files");
	rng_init(&keys, o->seed, "keys");
	if (o->password != NULL)
		p->lockbox = lockbox_new(o, &keys);
	p->manifest = sdb_new(
	    "CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT,"
	    " relativePath TEXT, flags INTEGER, file BLOB);"
	    "CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB);");
	p->insert = sdb_prepare(p->manifest,
	    "INSERT OR IGNORE INTO Files (fileID, domain, relativePath, flags,"
	    " file) VALUES (?, ?, ?, ?, ?)");
	return ERR_OK;
}

static void
write_all(struct phone *p, int fd, const char *name, struct str s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			phone_fault(p, "written", name);
			return;
		}
		s = str_sub(s, (size_t)n, s.n);
	}
}

void
phone_top(struct phone *p, const char *name, struct str bytes)
{
	int fd;

	if (p->err != ERR_OK)
		return;
	fd = openat(
	    p->dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		phone_fault(p, "made", name);
		return;
	}
	write_all(p, fd, name, bytes);
	if (close(fd) != 0)
		phone_fault(p, "written", name);
}

/* "HomeDomain-Library/SMS/sms.db" names the content: SHA-1 of that. */
static void
file_id(const char *domain, const char *path, char out[static 41])
{
	uint8_t digest[SHA1_SIZE];
	struct buf b;

	buf_init(&b, 8192);
	buf_printf(&b, "%s-%s", domain, path);
	sha1_once(b.p, b.len, digest);
	buf_done(&b);
	(void)hex_encode(digest, sizeof(digest), out);
}

static void
write_content(struct phone *p, const char id[static 41], struct str bytes)
{
	char name[48];
	uint8_t first = 0;

	(void)hex_decode((struct str){ id, 2 }, 1, &first);
	(void)snprintf(name, sizeof(name), "%.2s", id);
	if (!p->made[first] && mkdirat(p->dir, name, 0777) != 0)
		phone_fault(p, "made", name);
	p->made[first] = true;
	(void)snprintf(name, sizeof(name), "%.2s/%s", id, id);
	phone_top(p, name, bytes);
}

/* r as it stands, with inode and times of its own. */
static void
put_row(struct phone *p, struct row *r)
{
	uint64_t life = (uint64_t)(p->last_s - p->first_s);
	char id[41];

	if (p->err != ERR_OK)
		return;
	if (r->changed_s == 0) {
		r->born_s = p->first_s + (int64_t)rng_below(&p->rng, life);
		r->changed_s =
		    r->born_s + (int64_t)rng_below(
				    &p->rng, (uint64_t)(p->last_s - r->born_s));
	}
	r->inode = p->inode++;
	file_id(r->domain, r->path, id);
	buf_reset(&p->blob);
	mbfile_put(&p->row, r, &p->blob);
	if (SDB_ROW(p->insert, CELL_S(id), CELL_S(r->domain), CELL_S(r->path),
		CELL_I(r->flags), CELL_B(buf_text(&p->blob))))
		p->entries++;
}

/* The folders above path, from the domain's own down, each once. */
static void
put_parents(struct phone *p, const char *domain, const char *path)
{
	const char *end = strrchr(path, '/');
	char name[sizeof(p->parent)];

	(void)snprintf(name, sizeof(name), "%s-%.*s", domain,
	    end ? (int)(end - path) : 0, path);
	if (strcmp(name, p->parent) == 0)
		return;
	(void)snprintf(p->parent, sizeof(p->parent), "%s", name);
	put_row(p, &(struct row){ domain, "", .flags = ROW_FOLDER });
	for (const char *s = strchr(path, '/'); s != NULL;
	     s = strchr(s + 1, '/')) {
		(void)snprintf(
		    name, sizeof(name), "%.*s", (int)(s - path), path);
		put_row(p, &(struct row){ domain, name, .flags = ROW_FOLDER });
	}
}

/* Classes of files in a real backup: mostly 3, then 4, few 1 and 2. */
static unsigned
any_class(struct rng *r)
{
	uint64_t k = rng_below(r, 100);

	return k < 53 ? 3 : k < 98 ? 4 : k < 99 ? 1 : 2;
}

static void
put_file(struct phone *p, const char *domain, const char *path,
    struct str bytes, uint64_t size)
{
	uint8_t key[LOCKBOX_KEY], wrapped[LOCKBOX_WRAPPED], digest[SHA1_SIZE];
	struct row r = { domain, path, .flags = ROW_FILE, .size = size };
	char id[41];

	if (p->err != ERR_OK)
		return;
	put_parents(p, domain, path);
	r.class = any_class(&p->rng);
	if (p->lockbox != NULL) {
		rng_bytes(&p->rng, key, sizeof(key));
		lockbox_wrap(p->lockbox, r.class, key, wrapped);
		r.key = wrapped;
		buf_reset(&p->sealed);
		lockbox_seal(key, bytes, true, &p->sealed);
		bytes = buf_text(&p->sealed);
		if (p->sealed.full)
			p->err = why_set(p->why, ERR_LIMIT,
			    "%s would be larger than 2 GiB", path);
	}
	/* System domains carry the SHA-1 of the content as it is stored. */
	if (strncmp(domain, "AppDomain", strlen("AppDomain")) != 0) {
		sha1_once(bytes.p, bytes.n, digest);
		r.digest = digest;
	}
	file_id(domain, path, id);
	write_content(p, id, bytes);
	put_row(p, &r);
}

void
phone_file(
    struct phone *p, const char *domain, const char *path, struct str bytes)
{
	put_file(p, domain, path, bytes, bytes.n);
}

void
phone_absent(
    struct phone *p, const char *domain, const char *path, uint64_t size)
{
	uint8_t key[LOCKBOX_KEY], wrapped[LOCKBOX_WRAPPED];
	struct row r = { domain, path, .flags = ROW_FILE, .size = size };

	put_parents(p, domain, path);
	r.class = any_class(&p->rng);
	if (p->lockbox != NULL) {
		rng_bytes(&p->rng, key, sizeof(key));
		lockbox_wrap(p->lockbox, r.class, key, wrapped);
		r.key = wrapped;
	}
	put_row(p, &r);
}

void
phone_folder(
    struct phone *p, const char *domain, const char *path, int64_t unix_s)
{
	put_parents(p, domain, path);
	put_row(p, &(struct row){ domain, path, .flags = ROW_FOLDER,
		       .born_s = unix_s - 9000000, .changed_s = unix_s });
}

void
phone_link(
    struct phone *p, const char *domain, const char *path, const char *target)
{
	put_parents(p, domain, path);
	put_row(p,
	    &(struct row){ domain, path, .flags = ROW_LINK, .target = target });
}

/*
 * Manifest's size of a database is often not its length: the file had been
 * written to in between. In an encrypted backup the padding tells the truth.
 */
static uint64_t
told_size(struct phone *p, uint64_t n)
{
	if (p->lockbox == NULL || !rng_chance(&p->rng, 150))
		return n;
	return rng_chance(&p->rng, 500) && n > 4096 ? n - 4096 : n + 4096;
}

void
phone_db(struct phone *p, const char *domain, const char *path, struct sdb *db,
    bool wal)
{
	struct str bytes, log = { NULL, 0 };

	if (p->err == ERR_OK)
		p->err = wal ? sdb_bytes_wal(db, &bytes, &log, p->why)
			     : sdb_bytes(db, false, &bytes, p->why);
	if (p->err == ERR_OK)
		put_file(p, domain, path, bytes, told_size(p, bytes.n));
	if (p->err == ERR_OK && log.n > 0)
		put_file(p, domain, arena_printf(&p->arena, "%s-wal", path),
		    log, log.n);
	sdb_free(db);
}

void
phone_plist(
    struct phone *p, const char *domain, const char *path, struct pl *root)
{
	struct buf b;

	buf_init(&b, (size_t)256 << 20);
	pl_binary(&p->arena, root, &b);
	phone_file(p, domain, path, buf_text(&b));
	buf_done(&b);
}

int64_t
phone_time(const struct phone *p, size_t i, size_t n)
{
	double part = n == 0 ? 0.5 : ((double)i + 0.5) / (double)n;

	return p->first_s + (int64_t)(part * (double)(p->last_s - p->first_s));
}

/* Manifest.db: as one stream without padding when encrypted. */
static void
put_manifest(struct phone *p, const uint8_t key[static LOCKBOX_KEY])
{
	struct str bytes;

	sdb_exec(p->manifest,
	    "CREATE INDEX FilesDomainIdx ON Files(domain);"
	    "CREATE INDEX FilesRelativePathIdx ON Files(relativePath);"
	    "CREATE INDEX FilesFlagsIdx ON Files(flags);");
	if (p->err == ERR_OK)
		p->err = sdb_bytes(p->manifest, true, &bytes, p->why);
	if (p->err != ERR_OK)
		return;
	if (p->lockbox != NULL) {
		buf_reset(&p->sealed);
		lockbox_seal(key, bytes, false, &p->sealed);
		bytes = buf_text(&p->sealed);
	}
	phone_top(p, "Manifest.db", bytes);
}

enum err
phone_close(struct phone *p)
{
	uint8_t key[LOCKBOX_KEY], wrapped[LOCKBOX_WRAPPED];

	rng_bytes(&p->rng, key, sizeof(key));
	put_manifest(p, key);
	if (p->lockbox != NULL)
		lockbox_wrap(p->lockbox, 4, key, wrapped);
	root_plists(p, wrapped);
	sdb_free(p->manifest);
	lockbox_free(p->lockbox);
	buf_done(&p->sealed);
	buf_done(&p->blob);
	arena_done(&p->row);
	arena_done(&p->arena);
	if (close(p->dir) != 0)
		phone_fault(p, "closed", "the folder");
	return p->err;
}
