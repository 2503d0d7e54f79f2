#include <dirent.h>
#include <fcntl.h>

#include "make_archive.h"

/* Archives that others made, read to their last byte without a note. */

static struct source *
open_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct source *s;
	struct file *f;
	struct why why;

	if (fd < 0)
		return NULL;
	CHECK(file_fd_new(path, fd, &f) == ERR_OK);
	CHECK(source_archive_new(f, &everything, &notes, &why, &s) == ERR_OK);
	return s;
}

static size_t
read_folder(const char *folder, const char *suffix)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	size_t n = 0;

	if (d == NULL)
		return 0;
	while ((e = readdir(d)) != NULL) {
		char path[1024];
		struct source *s;

		if (!str_ends(str_from(e->d_name), suffix))
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		noted_reset();
		s = open_path(path);
		CHECK(s != NULL && s->count > 0);
		for (size_t i = 0; i < s->count; i++) {
			struct file *f;

			if (s->entries[i].type != ENTRY_FILE)
				continue;
			CHECK(source_open(s, &s->entries[i], &notes, &f) ==
			      ERR_OK);
			CHECK(f->size == s->entries[i].size);
			file_free(f);
		}
		read_everything(s);
		CHECK(noted_all() == 0);
		source_free(s);
		n++;
	}
	(void)closedir(d);
	return n;
}

int
main(void)
{
	static const struct {
		const char *folder, *suffix;
		size_t count;
	} sets[] = {
		{SHARED_DATA "/ios/filelists",		".zip",	3 },
		{ SHARED_DATA "/sysdiagnose/ileapp",    ".zip",    14},
		{ SHARED_DATA "/sysdiagnose/tracescan", ".tar.gz", 2 },
		{ SHARED_DATA "/sigma",			".tar.xz", 1 },
	};
	size_t seen = 0;

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		size_t n = read_folder(sets[i].folder, sets[i].suffix);

		if (n == 0) {
			fprintf(stderr, "not there: %s\n", sets[i].folder);
			continue;
		}
		CHECK(n == sets[i].count);
		seen += n;
	}
	return seen > 0 ? EXIT_SUCCESS : TEST_SKIP;
}
