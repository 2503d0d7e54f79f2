#include "limits.h"
#include "make_archive.h"

static uint8_t zeros[100000];

static void
make_small(struct make *m, enum make_kind kind, const char *options)
{
	make_begin_options(m, kind, options);
	CHECK(
	    archive_write_open(m->a, m, NULL, make_write, NULL) == ARCHIVE_OK);
	make_text(m, "a/one", "the first");
	make_put(m, "a/zeros", zeros, sizeof(zeros));
	make_end(m);
}

static void
check_small(struct source *s)
{
	CHECK(s != NULL && s->count == 2);
	CHECK(text_is(s, "a/one", "the first"));
	CHECK(content_is(s, "a/zeros", zeros, sizeof(zeros)));
}

/* The little-endian value at p[off]. */
static void
put_le(uint8_t *p, size_t width, uint64_t v)
{
	for (size_t i = 0; i < width; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static size_t
find_last(const struct make *m, const char *magic)
{
	size_t i = m->n - 4;

	while (i > 0 && memcmp(m->p + i, magic, 4) != 0)
		i--;
	CHECK(i > 0);
	return i;
}

static void
test_zip64(void)
{
	static const char *const options[] = { "zip:zip64=1",
		"zip:compression=store,zip:zip64=1" };

	for (size_t i = 0; i < 2; i++) {
		struct make m;
		struct source *s;

		noted_reset();
		make_small(&m, MAKE_ZIP, options[i]);
		(void)find_last(&m, "PK\6\6");
		s = open_bytes(m.p, m.n, NULL);
		check_small(s);
		CHECK(noted_all() == 0);
		source_free(s);
		free(m.p);
	}
}

/* Something stands in front: a program that unpacks itself, a mail. */
static void
test_prefix(void)
{
	struct make m, all = { .cap = 0 };
	struct source *s;

	noted_reset();
	make_small(&m, MAKE_ZIP, NULL);
	make_write(NULL, &all, "#!/bin/sh\nexit\n", 15);
	make_write(NULL, &all, m.p, m.n);
	s = open_bytes(all.p, all.n, NULL);
	check_small(s);
	CHECK(noted_all() == 0);
	source_free(s);
	free(m.p);
	free(all.p);
}

/* A comment, and in it what looks like an end. */
static void
test_comment(void)
{
	struct make m;
	struct source *s;
	size_t end;

	noted_reset();
	make_small(&m, MAKE_ZIP, NULL);
	end = find_last(&m, "PK\5\6");
	put_le(m.p + end + 20, 2, 30);
	make_write(NULL, &m, "PK\5\6 this is no end of a zip..", 30);
	s = open_bytes(m.p, m.n, NULL);
	check_small(s);
	source_free(s);
	free(m.p);
}

static void
test_empty(void)
{
	static const uint8_t empty[22] = { 'P', 'K', 5, 6 };
	struct source *s;

	noted_reset();
	s = open_bytes(empty, sizeof(empty), NULL);
	CHECK(s != NULL && s->count == 0 && noted_all() == 0);
	source_free(s);
}

static void
test_encrypted(void)
{
	struct make m;
	struct source *s;
	struct file *f;

	noted_reset();
	make_begin_options(&m, MAKE_ZIP, "zip:encryption=traditional");
	CHECK(archive_write_set_passphrase(m.a, "secret") == ARCHIVE_OK);
	CHECK(
	    archive_write_open(m.a, &m, NULL, make_write, NULL) == ARCHIVE_OK);
	make_text(&m, "locked", "nobody reads this");
	make_end(&m);
	s = open_bytes(m.p, m.n, NULL);
	CHECK(s != NULL && s->count == 1);
	CHECK(noted[NOTE_ARCHIVE_ENCRYPTED] == 1);
	CHECK(source_open(s, s->entries, &notes, &f) == ERR_AUTH);
	CHECK(noted[NOTE_ARCHIVE_ENCRYPTED] == 2);
	source_free(s);
	free(m.p);
}

/* A member whose bytes do not fit its checksum is read, with a note. */
static void
test_checksum(void)
{
	struct make m;
	struct source *s;
	size_t dir;

	noted_reset();
	make_small(&m, MAKE_ZIP, NULL);
	dir = find_last(&m, "PK\1\2");
	/* The checksum stands in the descriptor behind the bytes. */
	for (size_t i = 0; i + 4 < dir; i++) {
		if (memcmp(m.p + i, "PK\7\x8", 4) == 0)
			m.p[i + 4] ^= 1;
	}
	s = open_bytes(m.p, m.n, NULL);
	check_small(s);
	CHECK(noted[NOTE_ARCHIVE_CHECKSUM] == 2);
	source_free(s);
	free(m.p);
}

/* Sizes in the directory that lie, both ways, and beyond all limits. */
static void
test_sizes(void)
{
	static const uint32_t sizes[] = { 5, 200000, UINT32_C(0xf0000000) };

	for (size_t i = 0; i < 3; i++) {
		struct make m;
		struct source *s;
		struct file *f;
		enum err e;

		noted_reset();
		make_small(&m, MAKE_ZIP, NULL);
		/* of the last member: the zeros */
		put_le(m.p + find_last(&m, "PK\1\2") + 24, 4, sizes[i]);
		s = open_bytes(m.p, m.n, NULL);
		CHECK(s != NULL);
		e = source_open(s, source_find(s, "a/zeros"), &notes, &f);
		if (i == 2) {
			CHECK(e == ERR_LIMIT && noted[NOTE_READ_LIMIT] == 1);
		} else {
			CHECK(e == ERR_OK && noted[NOTE_ARCHIVE_SIZE] == 1);
			CHECK(f->size == (i == 0 ? 5 : sizeof(zeros)));
			file_free(f);
		}
		source_free(s);
		free(m.p);
	}
}

/* A method that nobody here knows. */
static void
test_method(void)
{
	struct make m;
	struct source *s;
	struct file *f;

	noted_reset();
	make_small(&m, MAKE_ZIP, NULL);
	put_le(m.p + find_last(&m, "PK\1\2") + 10, 2, 77);
	for (size_t i = 0; i + 10 < m.n; i++) {
		if (memcmp(m.p + i, "PK\3\4", 4) == 0)
			put_le(m.p + i + 8, 2, 77);
	}
	s = open_bytes(m.p, m.n, NULL);
	CHECK(source_open(s, source_find(s, "a/zeros"), &notes, &f) == ERR_IO);
	CHECK(noted[NOTE_ARCHIVE_DAMAGED] == 1);
	source_free(s);
	free(m.p);
}

/* A directory that claims more members than it has, or is cut short. */
static void
test_directory(void)
{
	struct make m;
	struct source *s;
	size_t end;

	noted_reset();
	make_small(&m, MAKE_ZIP, NULL);
	end = find_last(&m, "PK\5\6");
	put_le(m.p + end + 10, 2, 3);
	s = open_bytes(m.p, m.n, NULL);
	check_small(s);
	CHECK(noted[NOTE_ARCHIVE_DAMAGED] == 1);
	source_free(s);
	put_le(m.p + end + 10, 2, 2);

	/* Its second entry is damaged: the first is still read. */
	noted_reset();
	m.p[find_last(&m, "PK\1\2")] = 'X';
	s = open_bytes(m.p, m.n, NULL);
	CHECK(s->count == 1 && text_is(s, "a/one", "the first"));
	CHECK(noted[NOTE_ARCHIVE_DAMAGED] == 1);
	source_free(s);
	free(m.p);
}

/* Names with NUL in them, none at all, and longer than any path. */
static void
test_names(void)
{
	static char name[LIMIT_PATH + 100];
	struct make m;
	struct source *s;
	size_t dir;

	noted_reset();
	make_begin(&m, MAKE_ZIP_STORED);
	make_text(&m, "nul", "1");
	memset(name, 'x', sizeof(name) - 1);
	make_text(&m, name, "2");
	make_text(&m, "/./", "");
	make_end(&m);
	dir = find_last(&m, "PK\5\6");
	for (size_t i = 0; i < dir; i++) {
		if (memcmp(m.p + i, "nul", 3) == 0)
			m.p[i + 1] = 0;
	}
	s = open_bytes(m.p, m.n, NULL);
	CHECK(s->count == 1 && text_is(s, "n?l", "1"));
	CHECK(noted[NOTE_ARCHIVE_NAME] == 1);
	source_free(s);
	free(m.p);
}

int
main(void)
{
	test_zip64();
	test_prefix();
	test_comment();
	test_empty();
	test_encrypted();
	test_checksum();
	test_sizes();
	test_method();
	test_directory();
	test_names();
	return EXIT_SUCCESS;
}
