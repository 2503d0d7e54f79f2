#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "limits.h"
#include "source.h"
#include "tstamp.h"

static size_t noted[NOTE_COUNT];

static void
on_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	(void)arg;
	(void)off;
	(void)detail;
	noted[id]++;
}

static const struct notes notes = { .fn = on_note };

static void
put(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	CHECK(close(fd) == 0);
}

static void
check_content(struct source *s, const char *path, const char *want)
{
	const struct entry *e = source_find(s, path);
	struct file *f;
	char buf[64];
	size_t got;

	CHECK(e != NULL && e->type == ENTRY_FILE);
	CHECK(source_open(s, e, &notes, &f) == ERR_OK);
	CHECK(e->size == strlen(want) && f->size == e->size);
	CHECK(file_read_at(f, 0, buf, sizeof(buf), &got) == ERR_OK);
	CHECK(got == strlen(want) && memcmp(buf, want, got) == 0);
	file_free(f);
}

static void
make_tree(int dir)
{
	CHECK(mkdirat(dir, "a", 0700) == 0);
	CHECK(mkdirat(dir, "a/b", 0700) == 0);
	CHECK(mkdirat(dir, "empty", 0700) == 0);
	put(dir, "top", "1");
	put(dir, "a/b/deep", "three");
	put(dir, "a/x", "22");
	put(dir, "a/\xff\n\xc3", "odd");
	put(dir, "a-b", "");
	CHECK(symlinkat("..", dir, "a/b/up") == 0);
	CHECK(symlinkat("/etc/passwd", dir, "out") == 0);
	CHECK(mkfifoat(dir, "pipe", 0600) == 0);
}

static void
test_list(struct source *s)
{
	static const struct {
		const char *path;
		enum entry_type type;
	} want[] = {
		{"a",	       ENTRY_DIR	 },
		{ "a-b",		 ENTRY_FILE },
		{ "a/b",		 ENTRY_DIR  },
		{ "a/b/deep",     ENTRY_FILE },
		{ "a/b/up",	    ENTRY_LINK },
		{ "a/x",		 ENTRY_FILE },
		{ "a/\xff\n\xc3", ENTRY_FILE },
		{ "empty",	   ENTRY_DIR  },
		{ "out",		 ENTRY_LINK },
		{ "pipe",	  ENTRY_OTHER},
		{ "top",		 ENTRY_FILE },
	};
	const size_t n = sizeof(want) / sizeof(want[0]);

	CHECK(s->count == n && s->bytes == 0);
	for (size_t i = 0; i < n; i++) {
		CHECK(str_is(s->entries[i].path, want[i].path));
		CHECK(s->entries[i].type == want[i].type);
		if (want[i].type == ENTRY_FILE)
			CHECK(s->entries[i].size == ENTRY_SIZE_UNKNOWN);
		CHECK(s->entries[i].mtime_ns == TSTAMP_NONE);
	}
}

static void
test_open(int dir, struct source *s)
{
	struct file *f = NULL;
	uint64_t size;

	check_content(s, "a/b/deep", "three");
	check_content(s, "a/x", "22");
	check_content(s, "top", "1");
	check_content(s, "a/\xff\n\xc3", "odd");
	CHECK(s->bytes == 11);
	CHECK(source_size(s, source_find(s, "a-b"), &size) == ERR_OK);
	CHECK(size == 0 && source_find(s, "a-b")->mtime_ns > 0);
	check_content(s, "a-b", "");
	CHECK(s->bytes == 11);
	CHECK(source_open(s, source_find(s, "out"), &notes, &f) == ERR_ABSENT);
	CHECK(source_open(s, source_find(s, "pipe"), &notes, &f) == ERR_ABSENT);
	CHECK(source_open(s, source_find(s, "a"), &notes, &f) == ERR_ABSENT);

	/* Replaced by a link, a pipe, or nothing after it was listed. */
	CHECK(unlinkat(dir, "top", 0) == 0);
	CHECK(symlinkat("/etc/passwd", dir, "top") == 0);
	CHECK(source_open(s, source_find(s, "top"), &notes, &f) == ERR_ABSENT);
	CHECK(unlinkat(dir, "top", 0) == 0);
	CHECK(mkfifoat(dir, "top", 0600) == 0);
	CHECK(source_open(s, source_find(s, "top"), &notes, &f) == ERR_ABSENT);
	CHECK(unlinkat(dir, "top", 0) == 0);
	CHECK(source_open(s, source_find(s, "top"), &notes, &f) == ERR_ABSENT);
	put(dir, "top", "1");
	CHECK(f == NULL);
}

/* From any folder to any other, however alike their names are. */
static void
test_jumps(int dir)
{
	static const char *const folders[] = { "j", "j/b", "j/b/c", "j/b/c/d",
		"j/b-c", "j/bc", "j/bc/b", "jb", "j/b/c/e" };
	static const char *const files[] = { "j/b/c/d/f", "j/b-c/f", "j/b/c/f",
		"j/bc/f", "j/bc/b/f", "jb/f", "j/f", "j/b/f", "j/b/c/e/f",
		"top" };
	const size_t n = sizeof(files) / sizeof(files[0]);
	struct source *s;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		CHECK(mkdirat(dir, folders[i], 0700) == 0);
	for (size_t i = 0; i + 1 < n; i++)
		put(dir, files[i], files[i]);
	CHECK(source_dir_new(dir, &notes, NULL, &s) == ERR_OK);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			check_content(s, files[i], i + 1 < n ? files[i] : "1");
			check_content(s, files[j], j + 1 < n ? files[j] : "1");
		}
	}
	source_free(s);
	for (size_t i = 0; i + 1 < n; i++)
		CHECK(unlinkat(dir, files[i], 0) == 0);
	for (size_t i = sizeof(folders) / sizeof(folders[0]); i-- > 0;)
		CHECK(unlinkat(dir,
			  folders[i == 8   ? 3
				  : i == 3 ? 8
					   : i],
			  AT_REMOVEDIR) == 0);
}

/* A folder on the way that became a link to elsewhere is not followed. */
static void
test_swap(int dir)
{
	struct source *s;
	struct file *f;

	CHECK(source_dir_new(dir, &notes, NULL, &s) == ERR_OK);
	CHECK(renameat(dir, "a/b", dir, "a/c") == 0);
	CHECK(symlinkat("c", dir, "a/b") == 0);
	CHECK(source_open(s, source_find(s, "a/b/deep"), &notes, &f) ==
	      ERR_ABSENT);
	CHECK(unlinkat(dir, "a/b", 0) == 0);
	CHECK(renameat(dir, "a/c", dir, "a/b") == 0);
	check_content(s, "a/b/deep", "three");
	source_free(s);
}

static void
on_progress(void *arg, uint64_t done)
{
	*(uint64_t *)arg = done;
}

/* The list as source.h words it, put together by hand. */
static void
test_hash(int dir)
{
	uint8_t sum[SHA256_SIZE], want[SHA256_SIZE], one[SHA256_SIZE];
	uint64_t done = 0;
	struct source_progress p = { .fn = on_progress, .arg = &done };
	struct sha256 *h = sha256_new();
	struct source *s;

	static const struct {
		const char *path, *text;
	} files[] = {
		{"a-b",		 ""	    },
		{ "a/b/deep",     "three"},
		{ "a/x",		 "22"   },
		{ "a/\xff\n\xc3", "odd"	},
		{ "top",		 "1"    },
	};
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		size_t n = strlen(files[i].text);
		uint8_t tail[9] = { [8] = (uint8_t)n };

		sha256_add(h, files[i].path, strlen(files[i].path));
		sha256_add(h, tail, sizeof(tail));
		sha256_once(files[i].text, n, one);
		sha256_add(h, one, sizeof(one));
	}
	sha256_end(h, want);
	sha256_free(h);
	CHECK(source_dir_new(dir, &notes, NULL, &s) == ERR_OK);
	CHECK(!s->hashed);
	CHECK(source_hash(s, &p, NULL, sum) == ERR_OK);
	CHECK(memcmp(sum, want, sizeof(sum)) == 0);
	CHECK(done == 11 && s->hashed && s->bytes == 11);
	CHECK(memcmp(s->sha256, want, sizeof(sum)) == 0);
	source_free(s);

	/* A file that cannot be read is an error that names it. */
	struct why why = { "" };

	CHECK(source_dir_new(dir, &notes, NULL, &s) == ERR_OK);
	CHECK(unlinkat(dir, "top", 0) == 0);
	CHECK(source_hash(s, NULL, &why, sum) == ERR_ABSENT);
	CHECK(strstr(why.text, "top") != NULL);
	source_free(s);
	put(dir, "top", "1");
}

static void
test_unreadable(int dir)
{
	struct source *s;

	if (geteuid() == 0) {
		fprintf(stderr, "unreadable folders: not tried as root\n");
		return;
	}
	CHECK(fchmodat(dir, "a/b", 0, 0) == 0);
	CHECK(source_dir_new(dir, &notes, NULL, &s) == ERR_OK);
	CHECK(noted[NOTE_FOLDER_READ] == 1);
	CHECK(source_find(s, "a/b") != NULL && source_find(s, "a/x") != NULL);
	source_free(s);
	CHECK(fchmodat(dir, "a/b", 0700, 0) == 0);
}

/* Deeper than the limit, and with paths longer than the limit. */
static void
test_deep(int dir)
{
	static char name[201];
	int at[LIMIT_FOLDER_DEPTH + 3];
	struct source *s;

	memset(name, 'n', 200);
	CHECK(mkdirat(dir, "deep", 0700) == 0);
	at[0] = openat(dir, "deep", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 1; i < LIMIT_FOLDER_DEPTH + 3; i++) {
		CHECK(mkdirat(at[i - 1], "d", 0700) == 0);
		at[i] = openat(at[i - 1], "d", O_RDONLY | O_CLOEXEC);
		CHECK(at[i] >= 0);
	}
	CHECK(source_dir_new(at[0], &notes, NULL, &s) == ERR_OK);
	CHECK(s->count == LIMIT_FOLDER_DEPTH && noted[NOTE_FOLDER_DEPTH] == 1);
	source_free(s);
	for (size_t i = LIMIT_FOLDER_DEPTH + 2; i > 0; i--) {
		CHECK(close(at[i]) == 0);
		CHECK(unlinkat(at[i - 1], "d", AT_REMOVEDIR) == 0);
	}
	for (size_t i = 1; i < 23; i++) {
		CHECK(mkdirat(at[i - 1], name, 0700) == 0);
		at[i] = openat(at[i - 1], name, O_RDONLY | O_CLOEXEC);
	}
	CHECK(source_dir_new(at[0], &notes, NULL, &s) == ERR_OK);
	CHECK(s->count == 20 && noted[NOTE_FOLDER_NAME] == 1);
	source_free(s);
	for (size_t i = 22; i > 0; i--) {
		CHECK(close(at[i]) == 0);
		CHECK(unlinkat(at[i - 1], name, AT_REMOVEDIR) == 0);
	}
	CHECK(close(at[0]) == 0);
	CHECK(unlinkat(dir, "deep", AT_REMOVEDIR) == 0);
}

static void
remove_tree(const char *root)
{
	char cmd[128];

	(void)snprintf(cmd, sizeof(cmd), "rm -rf '%s'", root);
	CHECK(system(cmd) == 0);
}

int
main(void)
{
	char root[] = "/tmp/test_dir.XXXXXX";
	struct source *s;
	struct why why;
	int dir;

	CHECK(mkdtemp(root) != NULL);
	dir = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	make_tree(dir);
	CHECK(source_dir_new(dir, &notes, &why, &s) == ERR_OK);
	test_list(s);
	test_open(dir, s);
	source_free(s);
	test_jumps(dir);
	test_swap(dir);
	test_hash(dir);
	test_unreadable(dir);
	test_deep(dir);
	CHECK(source_dir_new(-1, &notes, &why, &s) == ERR_IO);
	remove_tree(root);
	CHECK(close(dir) == 0);
	return EXIT_SUCCESS;
}
