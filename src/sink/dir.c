#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink.h"

#define SINKS_MAX  16
#define NAME_BYTES 128

/* Rights of what is made: reports are about people. */
#define DIR_MODE  0700
#define FILE_MODE 0600

static const char *
temporary(const char *file, char out[static NAME_BYTES])
{
	(void)snprintf(out, NAME_BYTES, ".%s.%ld.part", file, (long)getpid());
	return out;
}

enum err
sink_dir_check(const char *dir, bool force, struct why *why)
{
	struct stat st;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return ERR_OK;
	if (fd < 0)
		return why_set(
		    why, ERR_USAGE, "-o %s: %s", dir, strerror(errno));
	for (size_t i = 0; !force && sinks[i] != NULL; i++) {
		if (sinks[i]->file == NULL ||
		    fstatat(fd, sinks[i]->file, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		(void)close(fd);
		return why_set(why, ERR_USAGE,
		    "-o %s holds a result already (%s): name another folder, "
		    "or give --force to replace it",
		    dir, sinks[i]->file);
	}
	(void)close(fd);
	return ERR_OK;
}

/* One file under its temporary name, on the disk before this returns. */
static enum err
write_one(int dirfd, const struct sink *s, const struct report *r,
    const struct sink_options *o)
{
	char name[NAME_BYTES];
	enum err e;
	FILE *f;
	int fd;

	(void)unlinkat(dirfd, temporary(s->file, name), 0);
	fd = openat(dirfd, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return ERR_IO;
	f = fdopen(fd, "w");
	if (f == NULL) {
		(void)close(fd);
		return ERR_IO;
	}
	e = s->write(r, o, f);
	if (e == ERR_OK && (fflush(f) != 0 || fsync(fd) != 0))
		e = ERR_IO;
	if (fclose(f) != 0 && e == ERR_OK)
		e = ERR_IO;
	return e;
}

/* Takes away what this call has made, whichever name it has by now. */
static void
remove_all(int dirfd, size_t renamed)
{
	char name[NAME_BYTES];

	for (size_t i = 0; sinks[i] != NULL; i++) {
		if (sinks[i]->file == NULL)
			continue;
		(void)unlinkat(dirfd, temporary(sinks[i]->file, name), 0);
		if (i < renamed)
			(void)unlinkat(dirfd, sinks[i]->file, 0);
	}
}

static enum err
write_all(int dirfd, const struct report *r, const struct sink_options *o,
    size_t *renamed)
{
	char name[NAME_BYTES];
	enum err e = ERR_OK;

	*renamed = 0;
	for (size_t i = 0; e == ERR_OK && sinks[i] != NULL; i++)
		if (sinks[i]->file != NULL)
			e = write_one(dirfd, sinks[i], r, o);
	for (size_t i = 0; e == ERR_OK && sinks[i] != NULL; i++) {
		if (sinks[i]->file == NULL)
			continue;
		if (renameat(dirfd, temporary(sinks[i]->file, name), dirfd,
			sinks[i]->file) != 0)
			e = ERR_IO;
		else
			*renamed = i + 1;
	}
	if (e == ERR_OK && fsync(dirfd) != 0)
		e = ERR_IO;
	return e;
}

/*
 * Makes path and what is missing above it, from below, so that nothing is
 * tried outside of what is missing. *made: the last part was made.
 */
static bool
make_dir(const char *path, size_t n, bool *made)
{
	char name[4096];
	size_t up;

	*made = false;
	while (n > 1 && path[n - 1] == '/')
		n--;
	if (n == 0 || n >= sizeof(name))
		return false;
	memcpy(name, path, n);
	name[n] = '\0';
	*made = mkdir(name, DIR_MODE) == 0;
	if (*made || errno == EEXIST)
		return true;
	up = str_rfind((struct str){ .p = path, .n = n }, '/');
	if (errno != ENOENT || up == n || up == 0 || !make_dir(path, up, made))
		return false;
	*made = mkdir(name, DIR_MODE) == 0;
	return *made || errno == EEXIST;
}

enum err
sink_dir_write(const char *dir, const struct report *r,
    const struct sink_options *o, struct why *why)
{
	bool made = false;
	size_t renamed = 0;
	enum err e;
	int fd = -1, saved;

	if (make_dir(dir, strlen(dir), &made))
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return why_set(why, ERR_IO, "-o %s: %s", dir, strerror(errno));
	errno = 0;
	e = write_all(fd, r, o, &renamed);
	saved = errno;
	if (e != ERR_OK)
		remove_all(fd, renamed);
	(void)close(fd);
	if (e == ERR_OK)
		return ERR_OK;
	if (made)
		(void)rmdir(dir);
	return why_set(why, e,
	    "-o %s: the report could not be written (%s); nothing was left "
	    "there",
	    dir, saved != 0 ? strerror(saved) : err_text(e));
}
