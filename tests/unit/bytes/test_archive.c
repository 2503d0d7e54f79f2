#include "make_archive.h"

static uint8_t noise[300000], zeros[100000];
static char long_name[301];

static const char utf8_name[] = "private/caf\xc3\xa9/\xe6\x97\xa5\xe6\x9c\xac";
static const char bad_name[] = "private/\xff\xfe\n.db";

static void
noise_init(void)
{
	uint32_t x = 7;

	for (size_t i = 0; i < sizeof(noise); i++) {
		x = x * 1664525 + 1013904223;
		noise[i] = (uint8_t)(x >> 24);
	}
	memset(long_name, 'n', 300);
	memcpy(long_name, "long/", 5);
	long_name[200] = '/';
}

static void
make_tree(struct make *m, enum make_kind kind)
{
	bool zip = kind >= MAKE_ZIP;

	make_begin(m, kind);
	make_other(m, "./", AE_IFDIR, NULL);
	make_other(m, "./private/", AE_IFDIR, NULL);
	make_text(m, "./private/a.txt", "alpha");
	make_put(m, "/abs/noise", noise, sizeof(noise));
	make_put(m, "abs//./zeros", zeros, sizeof(zeros));
	make_text(m, "../up/../e", "above");
	make_text(m, "empty", "");
	if (!zip) /* without a locale libarchive writes no such zip */
		make_text(m, utf8_name, "utf8");
	make_text(m, bad_name, "bad");
	make_text(m, long_name, "long");
	make_other(m, "sym", AE_IFLNK, "/etc/passwd");
	make_text(m, "private/a.txt.old", "first");
	make_text(m, "private/a.txt.old", "second");
	if (!zip)
		make_other(m, "hard", AE_IFREG, "./private/a.txt");
	make_end(m);
}

static void
check_tree(struct source *s, bool zip)
{
	CHECK(text_is(s, "private/a.txt", "alpha"));
	CHECK(content_is(s, "abs/noise", noise, sizeof(noise)));
	CHECK(content_is(s, "abs/zeros", zeros, sizeof(zeros)));
	CHECK(text_is(s, "../up/../e", "above"));
	CHECK(text_is(s, "empty", ""));
	CHECK(text_is(s, bad_name, "bad"));
	CHECK(text_is(s, long_name, "long"));
	CHECK(text_is(s, "private/a.txt.old", "second"));
	CHECK(source_find(s, "private")->type == ENTRY_DIR);
	CHECK(source_find(s, "sym")->type == ENTRY_LINK);
	CHECK(
	    source_find(s, "empty")->mtime_ns == INT64_C(1700000000000000000));
	if (!zip) {
		CHECK(text_is(s, utf8_name, "utf8"));
		CHECK(text_is(s, "hard", "alpha"));
	}
	CHECK(s->count == (zip ? 10 : 12));
}

static void
test_kinds(void)
{
	uint8_t sum[SHA256_SIZE], want[SHA256_SIZE];

	for (enum make_kind k = 0; k < MAKE_KINDS; k++) {
		struct make m;
		struct source *s;

		noted_reset();
		make_tree(&m, k);
		s = open_bytes(m.p, m.n, &everything);
		CHECK(s != NULL);
		CHECK(strcmp(s->ops->name, make_kinds[k].name) == 0);
		check_tree(s, k >= MAKE_ZIP);
		CHECK(noted[NOTE_ARCHIVE_DUPLICATE] == 1 && noted_all() == 1);
		sha256_once(m.p, m.n, want);
		CHECK(s->hashed == (k == MAKE_TAR_GZ || k == MAKE_TAR_XZ ||
				       k == MAKE_TAR_ZST));
		CHECK(source_hash(s, NULL, NULL, sum) == ERR_OK);
		CHECK(memcmp(sum, want, sizeof(sum)) == 0);
		source_free(s);
		free(m.p);
	}
}

/* Packed archives: what the first pass did not want, the second gives. */

static bool
want_name(void *arg, struct str path, uint64_t size)
{
	(void)size;
	return str_is(path, arg);
}

static void
test_again(void)
{
	static char first[] = "abs/noise", link[] = "hard",
		    other[] = "private/a.txt.old", more[] = "../up/../e";
	const struct source_want want = { want_name, first };
	struct make m;
	struct source *s;
	struct file *f, *kept;

	for (enum make_kind k = MAKE_TAR_GZ; k <= MAKE_TAR_ZST; k++) {
		noted_reset();
		make_tree(&m, k);
		s = open_bytes(m.p, m.n, &want);
		CHECK(content_is(s, first, noise, sizeof(noise)));
		CHECK(source_open(s, source_find(s, first), NULL, &kept) ==
		      ERR_OK);
		CHECK(source_open(s, source_find(s, link), &notes, &f) ==
		      ERR_LIMIT);
		CHECK(noted[NOTE_ARCHIVE_HELD] == 1);
		CHECK(text_is(s, "empty", ""));
		CHECK(source_archive_again(s,
			  &(struct source_want){
			      want_name, k == MAKE_TAR_GZ ? link : other },
			  &notes) == ERR_OK);
		if (k == MAKE_TAR_GZ)
			CHECK(text_is(s, link, "alpha"));
		else
			CHECK(text_is(s, other, "second"));
		CHECK(content_is(s, first, noise, sizeof(noise)));
		CHECK(
		    file_read_at(kept, 0, zeros, 9, &(size_t){ 0 }) == ERR_OK &&
		    memcmp(zeros, noise, 9) == 0);
		memset(zeros, 0, 9);
		file_free(kept);
		/* A third pass there is not. */
		CHECK(source_archive_again(s,
			  &(struct source_want){ want_name, more },
			  &notes) == ERR_OK);
		CHECK(source_open(s, source_find(s, more), &notes, &f) ==
		      ERR_LIMIT);
		source_free(s);
		free(m.p);
	}
	/* Through a view with other names. */
	make_tree(&m, MAKE_TAR_GZ);
	s = open_bytes(m.p, m.n, NULL);
	struct source *sub;
	static char in_sub[] = "a.txt";

	CHECK(source_sub_new(s, "private", &sub) == ERR_OK);
	CHECK(!text_is(sub, in_sub, "alpha"));
	CHECK(
	    source_archive_again(sub,
		&(struct source_want){ want_name, in_sub }, &notes) == ERR_OK);
	CHECK(text_is(sub, in_sub, "alpha"));
	CHECK(text_is(s, "hard", "alpha"));
	source_free(sub);
	source_free(s);
	free(m.p);
}

/* Holes: read as zeros, whether the archive can seek or not. */
static void
test_sparse(void)
{
	static uint8_t want[200000];

	memcpy(want + 50000, noise, 1000);
	memcpy(want + 150000, noise, 1000);
	for (enum make_kind k = MAKE_TAR; k <= MAKE_TAR_GZ; k++) {
		struct archive_entry *e = archive_entry_new();
		struct make m;
		struct source *s;

		noted_reset();
		make_begin(&m, k);
		make_text(&m, "before", "1");
		archive_entry_copy_pathname(e, "holes");
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_size(e, sizeof(want));
		archive_entry_sparse_add_entry(e, 49664, 1536);
		archive_entry_sparse_add_entry(e, 149504, 1536);
		CHECK(archive_write_header(m.a, e) == ARCHIVE_OK);
		CHECK(archive_write_data(m.a, want, sizeof(want)) ==
		      sizeof(want));
		archive_entry_free(e);
		make_text(&m, "after", "2");
		make_end(&m);
		CHECK(m.n < 20000);
		s = open_bytes(m.p, m.n, &everything);
		CHECK(content_is(s, "holes", want, sizeof(want)));
		CHECK(text_is(s, "after", "2") && text_is(s, "before", "1"));
		CHECK(noted_all() == 0);
		source_free(s);
		free(m.p);
	}
}

/* Links to nothing, to themselves, in a ring, to a link, to a folder. */
static void
test_links(void)
{
	for (enum make_kind k = MAKE_TAR; k <= MAKE_TAR_GZ; k++) {
		struct make m;
		struct source *s;
		struct file *f;

		noted_reset();
		make_begin(&m, k);
		make_other(&m, "dir", AE_IFDIR, NULL);
		make_other(&m, "none", AE_IFREG, "nowhere");
		make_other(&m, "self", AE_IFREG, "self");
		make_other(&m, "ring1", AE_IFREG, "ring2");
		make_other(&m, "ring2", AE_IFREG, "ring1");
		make_other(&m, "todir", AE_IFREG, "dir");
		make_text(&m, "end", "the end");
		make_other(&m, "one", AE_IFREG, "/end");
		make_other(&m, "two", AE_IFREG, "one");
		make_end(&m);
		s = open_bytes(m.p, m.n, &everything);
		CHECK(noted[NOTE_ARCHIVE_LINK] == 5 && noted_all() == 5);
		CHECK(text_is(s, "one", "the end"));
		CHECK(text_is(s, "two", "the end"));
		CHECK(source_find(s, "two")->size == 7 && s->bytes == 21);
		CHECK(source_open(s, source_find(s, "self"), &notes, &f) ==
		      ERR_ABSENT);
		CHECK(source_open(s, source_find(s, "none"), &notes, &f) ==
		      ERR_ABSENT);
		source_free(s);
		free(m.p);
	}
}

static void
test_not_archives(void)
{
	static const char text[] = "This is a text, and no archive at all.";
	struct make m = { .cap = 0 };

	noted_reset();
	CHECK(open_bytes("", 0, NULL) == NULL);
	CHECK(open_bytes(text, sizeof(text), NULL) == NULL);
	CHECK(open_bytes(zeros, sizeof(zeros), NULL) == NULL);
	CHECK(open_bytes(noise, sizeof(noise), NULL) == NULL);
	/* gzip, but no tar in it; formats that libarchive knows, we do not. */
	m.a = archive_write_new();
	CHECK(archive_write_set_format_raw(m.a) == ARCHIVE_OK);
	CHECK(archive_write_add_filter_gzip(m.a) == ARCHIVE_OK);
	CHECK(
	    archive_write_open(m.a, &m, NULL, make_write, NULL) == ARCHIVE_OK);
	make_text(&m, "x", text);
	make_end(&m);
	CHECK(open_bytes(m.p, m.n, NULL) == NULL);
	free(m.p);
	m = (struct make){ .a = archive_write_new() };
	CHECK(archive_write_set_format_cpio(m.a) == ARCHIVE_OK);
	CHECK(
	    archive_write_open(m.a, &m, NULL, make_write, NULL) == ARCHIVE_OK);
	make_text(&m, "x", text);
	make_end(&m);
	CHECK(open_bytes(m.p, m.n, NULL) == NULL);
	free(m.p);
	/* Packed twice is no archive either. */
	struct make in, out = { .a = archive_write_new() };

	make_tree(&in, MAKE_TAR_XZ);
	CHECK(archive_write_set_format_raw(out.a) == ARCHIVE_OK);
	CHECK(archive_write_add_filter_xz(out.a) == ARCHIVE_OK);
	CHECK(archive_write_open(out.a, &out, NULL, make_write, NULL) ==
	      ARCHIVE_OK);
	make_put(&out, "x", in.p, in.n);
	make_end(&out);
	CHECK(open_bytes(out.p, out.n, NULL) == NULL);
	free(in.p);
	free(out.p);
}

static void
test_trailing(void)
{
	static const enum make_kind kinds[] = { MAKE_TAR, MAKE_TAR_GZ,
		MAKE_TAR_ZST };

	for (size_t i = 0; i < 3; i++) {
		struct make m;
		struct source *s;
		uint8_t sum[SHA256_SIZE], want[SHA256_SIZE];

		noted_reset();
		make_begin(&m, kinds[i]);
		make_text(&m, "x", "y");
		/* More than the filter unpacks at once: that much is lost. */
		make_put(&m, "noise", noise, sizeof(noise));
		make_end(&m);
		make_write(NULL, &m, "\0\0\0\0\0\0\0more", 11);
		s = open_bytes(m.p, m.n, &everything);
		CHECK(text_is(s, "x", "y"));
		CHECK(noted_all() == 1);
		/* zstd has no way to tell what follows from damage. */
		CHECK(noted[i == 2 ? NOTE_ARCHIVE_DAMAGED
				   : NOTE_ARCHIVE_TRAILING] == 1);
		sha256_once(m.p, m.n, want);
		CHECK(source_hash(s, NULL, NULL, sum) == ERR_OK);
		CHECK(memcmp(sum, want, sizeof(sum)) == 0);
		source_free(s);
		free(m.p);
	}
}

/* Two gzip members are one stream, and zeros behind them mean nothing. */
static void
test_gzip_members(void)
{
	struct make a, b;
	struct source *s;

	noted_reset();
	make_begin(&a, MAKE_TAR);
	make_text(&a, "x", "y");
	make_end(&a);
	b = (struct make){ .cap = 0 };
	for (size_t i = 0; i < 2; i++) {
		size_t half = i == 0 ? 700 : a.n - 700;

		b.a = archive_write_new();
		CHECK(archive_write_set_format_raw(b.a) == ARCHIVE_OK);
		CHECK(archive_write_add_filter_gzip(b.a) == ARCHIVE_OK);
		CHECK(archive_write_set_bytes_in_last_block(b.a, 1) ==
		      ARCHIVE_OK);
		CHECK(archive_write_open(b.a, &b, NULL, make_write, NULL) ==
		      ARCHIVE_OK);
		make_put(&b, "x", a.p + 700 * i, half);
		make_end(&b);
	}
	make_write(NULL, &b, zeros, 1000);
	s = open_bytes(b.p, b.n, &everything);
	CHECK(s != NULL && text_is(s, "x", "y") && noted_all() == 0);
	source_free(s);
	free(a.p);
	free(b.p);
}

int
main(void)
{
	noise_init();
	test_kinds();
	test_again();
	test_sparse();
	test_links();
	test_not_archives();
	test_trailing();
	test_gzip_members();
	return EXIT_SUCCESS;
}
