#include "artifact/golden.h"

/*
 * Every artifact's reader says of every golden case what expect.jsonl says.
 *
 *	--print CASE		what it says of one case (tests/update)
 *	--read ARTIFACT PATH FILE	of any file, as if it lay at PATH
 */
static void
compare(const struct artifact *a, const char *folder)
{
	char name[800];
	struct golden_input in;
	struct run run;
	size_t len = 0;
	char *expect;

	golden_load(&in, a, folder);
	golden_run(&run, &in, a);
	(void)snprintf(name, sizeof(name), "%s/expect.jsonl", folder);
	expect = run_slurp(name, &len);
	if (expect == NULL ||
	    !str_eq(buf_text(&run.out), (struct str){ expect, len })) {
		fprintf(stderr, "%s differs; the reader says:\n%s", name,
		    buf_cstr(&run.out));
		exit(1);
	}
	free(expect);
	run_done(&run);
	golden_unload(&in);
}

static int
print_case(const char *folder)
{
	struct golden_input in;
	char prefix[400], full[PATH_MAX];
	struct run run;

	CHECK(realpath(folder, full) != NULL);
	for (size_t i = 0; artifacts[i] != NULL; i++) {
		golden_folder(artifacts[i], prefix, sizeof(prefix));
		if (!str_starts(str_from(full), prefix) ||
		    full[strlen(prefix)] != '/')
			continue;
		golden_load(&in, artifacts[i], full);
		golden_run(&run, &in, artifacts[i]);
		fputs(buf_cstr(&run.out), stdout);
		run_done(&run);
		golden_unload(&in);
		return 0;
	}
	fprintf(stderr, "%s is no golden case\n", folder);
	return 2;
}

static int
read_file(const char *name, const char *path, const char *file)
{
	const struct artifact *a = artifact_by_name(name);
	char wal[PATH_MAX];
	struct file *f = NULL;
	struct run run;
	int fd = open(file, O_RDONLY | O_CLOEXEC), wfd;

	if (a == NULL || fd < 0 || file_fd_new(path, fd, &f) != ERR_OK) {
		fprintf(stderr, "no artifact %s or no file %s\n", name, file);
		return 2;
	}
	run_init(&run, a, path);
	run.quiet = getenv("QUIET") != NULL;
	(void)snprintf(wal, sizeof(wal), "%s-wal", file);
	if ((wfd = open(wal, O_RDONLY | O_CLOEXEC)) >= 0)
		(void)file_fd_new("wal", wfd, &run.wal);
	run.err = a->read(&run.ctx, f);
	fputs(buf_cstr(&run.out), stdout);
	fprintf(stderr, "%zu records, %zu events, %zu notes, %s\n", run.records,
	    run.events, run.notes, run.err ? err_text(run.err) : "read");
	file_free(f);
	file_free(run.wal);
	run_done(&run);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--print") == 0)
		return print_case(argv[2]);
	if (argc == 5 && strcmp(argv[1], "--read") == 0)
		return read_file(argv[2], argv[3], argv[4]);
	CHECK(golden_each(compare) >= 16);
	return 0;
}
