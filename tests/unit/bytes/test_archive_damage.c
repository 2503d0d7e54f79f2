#include "make_archive.h"

/*
 * A small archive of each kind, cut at every byte and with every byte
 * changed: whatever comes out, damage is said or does no harm.
 */
static const char alpha[] = "alpha alpha alpha alpha alpha alpha";

static void
make_small(struct make *m, enum make_kind kind)
{
	make_begin(m, kind);
	make_text(m, "private/var/a", alpha);
	make_text(m, "b", "beta");
	if (kind < MAKE_ZIP)
		make_other(m, "hard", AE_IFREG, "b");
	make_other(m, "sym", AE_IFLNK, "b");
	make_end(m);
}

static bool
is_whole(struct source *s)
{
	return text_is(s, "private/var/a", alpha) && text_is(s, "b", "beta") &&
	       source_find(s, "sym") != NULL;
}

static void
read_again(struct source *s)
{
	read_everything(s);
	CHECK(source_archive_again(s, &everything, &notes) == ERR_OK);
	read_everything(s);
}

static void
test_cut(void)
{
	for (enum make_kind k = 0; k < MAKE_KINDS; k++) {
		struct make m;
		size_t silent = 0;

		make_small(&m, k);
		for (size_t n = 0; n < m.n; n++) {
			/* Exactly as long, so that overruns are seen. */
			uint8_t *cut = malloc(n + (n == 0));
			struct source *s;

			CHECK(cut != NULL);
			memcpy(cut, m.p, n);
			noted_reset();
			s = open_bytes(cut, n, &everything);
			if (s != NULL) {
				read_again(s);
				if (noted_all() == 0) {
					CHECK(is_whole(s));
					silent++;
				}
			}
			source_free(s);
			free(cut);
		}
		/* A tar ends with two blocks of zeros; one is enough. */
		CHECK(silent == (k == MAKE_TAR ? 512 : 0));
		free(m.p);
	}
}

/* How many bytes may change without a word, whole contents or not. */
static void
test_flips(void)
{
	for (enum make_kind k = 0; k < MAKE_KINDS; k++) {
		struct make m;
		size_t silent = 0;

		make_small(&m, k);
		for (size_t i = 0; i < m.n; i++) {
			struct source *s;
			uint8_t was = m.p[i];
			uint8_t flip =
			    (uint8_t)(i % 2 == 0 ? 0xff : 1 << i % 8);

			m.p[i] ^= flip;
			noted_reset();
			s = open_bytes(m.p, m.n, i % 3 ? &everything : NULL);
			if (s != NULL) {
				read_again(s);
				if (noted_all() == 0 && !is_whole(s))
					silent++;
			}
			source_free(s);
			m.p[i] = was;
		}
		/*
		 * What is packed has checksums of everything; a zip has them
		 * of what it packs; tar has them of headers only.
		 */
		if (k == MAKE_TAR_GZ || k == MAKE_TAR_XZ)
			CHECK(silent == 0);
		free(m.p);
	}
}

/* Sixteen bytes of noise at many places, several at once. */
static void
test_noise(void)
{
	uint32_t x = 99;

	for (enum make_kind k = 0; k < MAKE_KINDS; k++) {
		struct make m;
		uint8_t *copy;

		make_small(&m, k);
		CHECK((copy = malloc(m.n)) != NULL);
		for (size_t round = 0; round < 600; round++) {
			struct source *s;

			memcpy(copy, m.p, m.n);
			for (size_t i = 0; i < 1 + round % 4; i++) {
				x = x * 1664525 + 1013904223;
				size_t at = (x >> 8) % (m.n - 16);

				for (size_t j = 0; j < 16; j++) {
					x = x * 1664525 + 1013904223;
					copy[at + j] = (uint8_t)(x >> 24);
				}
			}
			s = open_bytes(copy, m.n, &everything);
			if (s != NULL)
				read_again(s);
			source_free(s);
		}
		free(copy);
		free(m.p);
	}
}

/* A damaged header in the middle costs that member, not the rest. */
static void
test_resync(void)
{
	struct make m;
	struct source *s;
	size_t at = 0;

	make_small(&m, MAKE_TAR);
	while (at < m.n && memcmp(m.p + at, "b", 2) != 0)
		at += 512;
	CHECK(at < m.n);
	m.p[at + 100] ^= 0x55; /* the mode: the checksum is wrong now */
	noted_reset();
	s = open_bytes(m.p, m.n, NULL);
	CHECK(s != NULL && source_find(s, "b") == NULL);
	CHECK(text_is(s, "private/var/a", alpha));
	CHECK(source_find(s, "sym") != NULL);
	CHECK(noted[NOTE_ARCHIVE_DAMAGED] == 1);
	source_free(s);

	/* Zeros look like the end: what follows them is read all the same. */
	memset(m.p + at, 0, 512);
	noted_reset();
	s = open_bytes(m.p, m.n, NULL);
	CHECK(s != NULL && source_find(s, "b") == NULL);
	CHECK(text_is(s, "private/var/a", alpha));
	CHECK(source_find(s, "sym") != NULL);
	/* The end in the middle, and the link to b. */
	CHECK(noted_all() == 2 && noted[NOTE_ARCHIVE_LINK] == 1);
	source_free(s);
	free(m.p);
}

/* Cut inside a large member: what is there can be read, with a note. */
static void
test_cut_member(void)
{
	static uint8_t big[200000];
	static const enum make_kind kinds[] = { MAKE_TAR, MAKE_TAR_GZ,
		MAKE_ZIP_STORED };
	uint32_t x = 5;

	for (size_t i = 0; i < sizeof(big); i++) {
		x = x * 1664525 + 1013904223;
		big[i] = (uint8_t)(x >> 24);
	}
	for (size_t i = 0; i < 3; i++) {
		struct make m;
		struct source *s;
		struct file *f;
		uint8_t buf[16];
		size_t got;

		make_begin(&m, kinds[i]);
		make_text(&m, "first", "1");
		make_put(&m, "big", big, sizeof(big));
		make_end(&m);
		noted_reset();
		s = open_bytes(m.p, 150000, &everything);
		CHECK(s != NULL && text_is(s, "first", "1"));
		CHECK(noted[NOTE_ARCHIVE_CUT] == 1);
		CHECK(source_open(s, source_find(s, "big"), &notes, &f) ==
		      ERR_OK);
		CHECK(noted[NOTE_ARCHIVE_CUT] == 2);
		CHECK(f->size > 100000 && f->size < 150000);
		CHECK(file_read_at(f, 90000, buf, 16, &got) == ERR_OK);
		CHECK(got == 16 && memcmp(buf, big + 90000, 16) == 0);
		file_free(f);
		source_free(s);
		free(m.p);
	}
}

int
main(void)
{
	test_cut();
	test_flips();
	test_noise();
	test_resync();
	test_cut_member();
	return EXIT_SUCCESS;
}
