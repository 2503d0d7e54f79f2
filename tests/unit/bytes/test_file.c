#include "file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

static const char text[] = "0123456789";

static void
check_bytes(struct file *f, const char *want)
{
	size_t n = strlen(want), got;
	struct arena a;
	struct cur all;
	char buf[32];

	CHECK(f->size == n);
	for (size_t off = 0; off <= n + 1; off++) {
		for (size_t len = 0; len <= n + 1; len++) {
			size_t exp = off >= n ? 0 : n - off;

			if (exp > len)
				exp = len;
			CHECK(file_read_at(f, off, buf, len, &got) == ERR_OK);
			CHECK(got == exp);
			CHECK(
			    memcmp(buf, want + (off < n ? off : n), got) == 0);
		}
	}
	CHECK(file_read_at(f, UINT64_MAX, buf, 1, &got) == ERR_OK && got == 0);
	arena_init(&a, 1 << 20);
	CHECK(file_read_all(f, &a, n, &all) == ERR_OK);
	CHECK(all.len == n && memcmp(all.p, want, n) == 0);
	if (n > 0)
		CHECK(file_read_all(f, &a, n - 1, &all) == ERR_LIMIT);
	arena_done(&a);
}

static void
test_mem(void)
{
	struct file *f = file_mem_new("x", text, 10);

	CHECK(strcmp(f->path, "x") == 0);
	check_bytes(f, text);
	file_free(f);
	f = file_mem_new("x", NULL, 0);
	check_bytes(f, "");
	file_free(f);
	file_free(NULL);
}

static void
test_fd(void)
{
	int fd = memfd_create("t", MFD_CLOEXEC);
	struct file *f;
	size_t got;
	char buf[16];

	CHECK(fd >= 0 && write(fd, text, 10) == 10);
	CHECK(file_fd_new("x", fd, &f) == ERR_OK);
	check_bytes(f, text);
	/* Shorter than when it was opened: what is left, no error. */
	CHECK(ftruncate(fd, 4) == 0);
	CHECK(file_read_at(f, 2, buf, 8, &got) == ERR_OK && got == 2);
	file_free(f);
	CHECK(close(fd) != 0);
	CHECK(file_fd_new("x", -1, &f) == ERR_IO);
}

static void
test_window(void)
{
	struct file *f = file_mem_new("x", text, 10);
	struct file *w = file_window_new("w", f, 3, 4);
	struct file *in = file_window_new("in", w, 1, 2);

	check_bytes(w, "3456");
	check_bytes(in, "45");
	file_free(in);
	file_free(w);
	/* A window never leaves its base. */
	w = file_window_new("w", f, 8, UINT64_MAX);
	check_bytes(w, "89");
	file_free(w);
	w = file_window_new("w", f, UINT64_MAX, UINT64_MAX);
	check_bytes(w, "");
	file_free(w);
	file_free(f);
}

int
main(void)
{
	test_mem();
	test_fd();
	test_window();
	return EXIT_SUCCESS;
}
