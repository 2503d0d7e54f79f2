/* Archives of every kind: listed, read, listed again. */
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
want(void *arg, struct str path, uint64_t size)
{
	(void)arg;
	return size < 1 << 20 && path.n % 2 == 0;
}

static void
read_all(struct source *s)
{
	for (size_t i = 0; i < s->count; i++) {
		uint8_t window[4096];
		uint64_t at = 0;
		struct file *f;
		size_t got;

		if (s->entries[i].size > 1 << 24 ||
		    source_open(s, &s->entries[i], NULL, &f) != ERR_OK)
			continue;
		while (file_read_at(f, at, window, sizeof(window), &got) ==
			   ERR_OK &&
		       got > 0)
			at += got;
		file_free(f);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct source_want some = { .fn = want };
	struct file *f = file_mem_new("fuzz", data, size);
	struct source *s;
	struct why why;

	if (source_archive_new(f, &some, NULL, &why, &s) != ERR_OK) {
		file_free(f);
		return 0;
	}
	read_all(s);
	(void)source_archive_again(s, &some, NULL);
	read_all(s);
	source_free(s);
	return 0;
}
