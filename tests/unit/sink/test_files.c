#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "rich.h"

/*
 * Files of a report: all or none, private, never over an old result unless
 * told so. Called with a folder, it writes reports there instead, which
 * tests/cli/validate_report.py and check_html.py read.
 */
static char base[] = "/tmp/telassay-sink-XXXXXX";
static struct indicators *sets;
static const struct sink_options options;

static const char *
below(const char *name)
{
	static char path[4][512];
	static size_t i;

	i = (i + 1) % 4;
	(void)snprintf(path[i], sizeof(path[i]), "%s/%s", base, name);
	return path[i];
}

/* Entries of a folder but . and ..; -1 when it is not there. */
static int
entries(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	if (d == NULL)
		return -1;
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
	(void)closedir(d);
	return n;
}

static off_t
size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : -1;
}

static struct report *
decided(struct report *r)
{
	r->indicators = sets;
	verdict_decide(r);
	return r;
}

static void
test_modes(void)
{
	struct report *r = decided(rich_report(20));
	const char *dir = below("a/b/c");
	struct stat st;
	struct why why;
	int files = 0;

	CHECK(sink_dir_check(dir, false, &why) == ERR_OK);
	(void)umask(0);
	CHECK(sink_dir_write(dir, r, &options, &why) == ERR_OK);
	(void)umask(077);
	CHECK(stat(dir, &st) == 0 && (st.st_mode & 0777) == 0700);
	CHECK(stat(below("a"), &st) == 0 && (st.st_mode & 0777) == 0700);
	for (size_t i = 0; sinks[i] != NULL; i++) {
		char path[512];

		if (sinks[i]->file == NULL)
			continue;
		files++;
		(void)snprintf(
		    path, sizeof(path), "%s/%s", dir, sinks[i]->file);
		CHECK(stat(path, &st) == 0 && st.st_size > 0 &&
		      (st.st_mode & 0777) == 0600);
	}
	CHECK(files == 4 && entries(dir) == files);

	/* A result is not written over unless --force says so. */
	CHECK(sink_dir_check(dir, false, &why) == ERR_USAGE);
	CHECK(strstr(why.text, "--force") && strstr(why.text, dir));
	CHECK(sink_dir_check(dir, true, &why) == ERR_OK);
	CHECK(sink_dir_write(dir, r, &options, &why) == ERR_OK);
	CHECK(entries(dir) == files);
	report_free(r);
}

static void
test_places(void)
{
	struct report *r = decided(rich_quiet());
	struct why why;
	int fd = open(below("file"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && close(fd) == 0);
	CHECK(sink_dir_check(below("file"), false, &why) == ERR_USAGE);
	CHECK(sink_dir_write(below("file/x"), r, &options, &why) == ERR_IO);
	CHECK(strstr(why.text, "file/x") != NULL);
	CHECK(mkdir(below("empty"), 0755) == 0);
	CHECK(sink_dir_check(below("empty"), false, &why) == ERR_OK);
	CHECK(sink_dir_write(below("empty/"), r, &options, &why) == ERR_OK);
	CHECK(entries(below("empty")) == 4);
	/* A link under the name of a file is replaced, not followed. */
	CHECK(mkdir(below("linked"), 0755) == 0);
	CHECK(symlink(below("file"), below("linked/report.json")) == 0);
	CHECK(sink_dir_check(below("linked"), false, &why) == ERR_USAGE);
	CHECK(sink_dir_write(below("linked"), r, &options, &why) == ERR_OK);
	CHECK(size_of(below("file")) == 0);
	report_free(r);
}

/* The disk is full at any byte: nothing new, nothing lost. */
static void
test_full(void)
{
	struct report *r = decided(rich_report(400));
	struct rlimit old, less;
	struct why why;
	off_t before;

	CHECK(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	CHECK(sink_dir_write(below("kept"), r, &options, &why) == ERR_OK);
	before = size_of(below("kept/report.json"));
	CHECK(before > 0);
	CHECK(getrlimit(RLIMIT_FSIZE, &old) == 0);
	for (rlim_t n = 0; n < 60000; n += 3001) {
		less =
		    (struct rlimit){ .rlim_cur = n, .rlim_max = old.rlim_max };
		CHECK(setrlimit(RLIMIT_FSIZE, &less) == 0);
		CHECK(
		    sink_dir_write(below("new"), r, &options, &why) == ERR_IO);
		CHECK(
		    sink_dir_write(below("kept"), r, &options, &why) == ERR_IO);
		CHECK(setrlimit(RLIMIT_FSIZE, &old) == 0);
		CHECK(strstr(why.text, "nothing was left") != NULL);
		CHECK(entries(below("new")) == -1);
		CHECK(entries(below("kept")) == 4);
		CHECK(size_of(below("kept/report.json")) == before);
	}
	report_free(r);
}

/* A stream that refuses bytes is an error of every sink. */
static void
test_refused(void)
{
	struct report *r = decided(rich_report(400));

	for (size_t i = 0; sinks[i] != NULL; i++) {
		FILE *f = fopen("/dev/full", "w");

		CHECK(f != NULL);
		CHECK(sinks[i]->write(r, &options, f) == ERR_IO);
		(void)fclose(f);
	}
	CHECK(sink_by_name("json") != NULL && sink_by_name("jso") == NULL);
	report_free(r);
}

static void
remove_tree(const char *path)
{
	DIR *d = opendir(path);
	char sub[1024];

	for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		(void)snprintf(sub, sizeof(sub), "%s/%s", path, e->d_name);
		remove_tree(sub);
	}
	if (d != NULL)
		(void)closedir(d);
	(void)remove(path);
}

static void
write_for_others(const char *dir)
{
	const struct sink_options content = { .content = true };
	static const char *const names[] = { "rich", "many", "quiet", "open",
		"invalid", "content" };
	struct report *r[] = { rich_report(60), rich_many(500, 3000),
		rich_quiet(), rich_quiet(), rich_quiet(), rich_report(60) };
	char path[1024];
	struct why why;

	r[3]->encrypted = false;
	r[4]->kind = NULL;
	for (size_t i = 0; i < sizeof(r) / sizeof(r[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		if (sink_dir_write(path, decided(r[i]),
			i == 5 ? &content : &options, &why) != ERR_OK) {
			fprintf(stderr, "%s\n", why.text);
			exit(1);
		}
		report_free(r[i]);
	}
}

int
main(int argc, char **argv)
{
	sets = sets_load();
	if (argc > 1) {
		write_for_others(argv[1]);
		indicators_free(sets);
		return 0;
	}
	CHECK(mkdtemp(base) != NULL);
	test_modes();
	test_places();
	test_full();
	test_refused();
	remove_tree(base);
	indicators_free(sets);
	return 0;
}
