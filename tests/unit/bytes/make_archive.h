#ifndef TESTS_UNIT_BYTES_MAKE_ARCHIVE_H
#define TESTS_UNIT_BYTES_MAKE_ARCHIVE_H
#include <archive.h>
#include <archive_entry.h>
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "file.h"
#include "notes.h"
#include "source.h"

/*
 * Archives for the tests, written by libarchive into memory, and a collector
 * of notes.
 */
enum make_kind {
	MAKE_TAR,
	MAKE_TAR_GZ,
	MAKE_TAR_XZ,
	MAKE_TAR_ZST,
	MAKE_ZIP, /* deflated */
	MAKE_ZIP_STORED,
	MAKE_KINDS
};

static const struct {
	const char *name; /* of the source */
	int (*format)(struct archive *);
	int (*filter)(struct archive *);
	const char *options;
} make_kinds[MAKE_KINDS] = {
	[MAKE_TAR] = {"tar",      archive_write_set_format_pax_restricted,
		      archive_write_add_filter_none, NULL			},
	[MAKE_TAR_GZ] = { "tar.gz",  archive_write_set_format_pax_restricted,
		      archive_write_add_filter_gzip, NULL			},
	[MAKE_TAR_XZ] = { "tar.xz",  archive_write_set_format_pax_restricted,
		      archive_write_add_filter_xz,	 NULL		      },
	[MAKE_TAR_ZST] = { "tar.zst", archive_write_set_format_pax_restricted,
		      archive_write_add_filter_zstd, NULL			},
	[MAKE_ZIP] = { "zip",     archive_write_set_format_zip,
		      archive_write_add_filter_none, "zip:compression=deflate"},
	[MAKE_ZIP_STORED] = { "zip",     archive_write_set_format_zip,
		      archive_write_add_filter_none, "zip:compression=store"  },
};

struct make {
	struct archive *a;
	uint8_t *p;
	size_t n;
	size_t cap;
};

static inline la_ssize_t
make_write(struct archive *a, void *arg, const void *p, size_t n)
{
	struct make *m = arg;

	(void)a;
	if (n > m->cap - m->n) {
		m->cap = 2 * m->cap + n;
		CHECK((m->p = realloc(m->p, m->cap)) != NULL);
	}
	memcpy(m->p + m->n, p, n);
	m->n += n;
	return (la_ssize_t)n;
}

static inline void
make_begin_options(struct make *m, enum make_kind kind, const char *options)
{
	*m = (struct make){ .a = archive_write_new() };
	CHECK(make_kinds[kind].format(m->a) == ARCHIVE_OK);
	CHECK(make_kinds[kind].filter(m->a) == ARCHIVE_OK);
	/* Names are bytes: no conversion, in whatever locale. */
	if (kind <= MAKE_TAR_ZST)
		CHECK(archive_write_set_options(m->a, "hdrcharset=BINARY") >=
		      ARCHIVE_WARN);
	if (make_kinds[kind].options != NULL)
		CHECK(archive_write_set_options(
			  m->a, make_kinds[kind].options) == ARCHIVE_OK);
	if (options != NULL)
		CHECK(archive_write_set_options(m->a, options) == ARCHIVE_OK);
	CHECK(archive_write_set_bytes_per_block(m->a, 0) == ARCHIVE_OK);
}

static inline void
make_begin(struct make *m, enum make_kind kind)
{
	make_begin_options(m, kind, NULL);
	CHECK(
	    archive_write_open(m->a, m, NULL, make_write, NULL) == ARCHIVE_OK);
}

static inline void
make_put(struct make *m, const char *name, const void *data, size_t n)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_copy_pathname(e, name);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_size(e, (la_int64_t)n);
	archive_entry_set_mtime(e, 1700000000, 0);
	CHECK(archive_write_header(m->a, e) >= ARCHIVE_WARN);
	CHECK(archive_write_data(m->a, data, n) == (la_ssize_t)n);
	archive_entry_free(e);
}

static inline void
make_text(struct make *m, const char *name, const char *text)
{
	make_put(m, name, text, strlen(text));
}

static inline void
make_other(struct make *m, const char *name, __LA_MODE_T type, const char *to)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_copy_pathname(e, name);
	archive_entry_set_filetype(e, type);
	archive_entry_set_perm(e, 0755);
	if (type == AE_IFLNK)
		archive_entry_copy_symlink(e, to);
	if (type == AE_IFREG)
		archive_entry_copy_hardlink(e, to);
	archive_entry_set_size(e, 0);
	CHECK(archive_write_header(m->a, e) == ARCHIVE_OK);
	archive_entry_free(e);
}

static inline void
make_end(struct make *m)
{
	CHECK(archive_write_close(m->a) == ARCHIVE_OK);
	CHECK(archive_write_free(m->a) == ARCHIVE_OK);
	m->a = NULL;
}

/* Notes, counted by id. */
static size_t noted[NOTE_COUNT];

static inline void
on_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	(void)arg;
	(void)off;
	(void)detail;
	noted[id]++;
}

static const struct notes notes = { .fn = on_note };

static inline size_t
noted_all(void)
{
	size_t n = 0;

	for (size_t i = 0; i < NOTE_COUNT; i++)
		n += noted[i];
	return n;
}

static inline void
noted_reset(void)
{
	memset(noted, 0, sizeof(noted));
}

static inline bool
want_all(void *arg, struct str path, uint64_t size)
{
	(void)arg;
	(void)path;
	(void)size;
	return true;
}

static const struct source_want everything = { .fn = want_all };

/* NULL: no archive. */
static inline struct source *
open_bytes(const void *p, size_t n, const struct source_want *want)
{
	struct file *f = file_mem_new("test", p, n);
	struct why why = { "" };
	struct source *s;
	enum err e = source_archive_new(f, want, &notes, &why, &s);

	if (e == ERR_OK)
		return s;
	CHECK(e == ERR_FORMAT && strstr(why.text, "test") != NULL);
	file_free(f);
	return NULL;
}

/* The content of one file; false when it cannot be opened. */
static inline bool
content_is(struct source *s, const char *path, const void *want, size_t n)
{
	const struct entry *e = source_find(s, path);
	struct file *f;
	struct arena a;
	struct cur c;
	bool same;

	if (e == NULL || source_open(s, e, &notes, &f) != ERR_OK)
		return false;
	CHECK(strcmp(f->path, path) == 0);
	arena_init(&a, (size_t)1 << 30);
	CHECK(file_read_all(f, &a, SIZE_MAX, &c) == ERR_OK);
	same = c.len == n && (n == 0 || memcmp(c.p, want, n) == 0);
	arena_done(&a);
	file_free(f);
	return same;
}

static inline bool
text_is(struct source *s, const char *path, const char *text)
{
	return content_is(s, path, text, strlen(text));
}

/* Reads every file to its end in windows; what it says is not looked at. */
static inline void
read_everything(struct source *s)
{
	static uint8_t window[65536];

	for (size_t i = 0; i < s->count; i++) {
		struct file *f;
		uint64_t at = 0;
		size_t got;

		if (source_open(s, &s->entries[i], &notes, &f) != ERR_OK)
			continue;
		while (file_read_at(f, at, window, sizeof(window), &got) ==
			   ERR_OK &&
		       got > 0)
			at += got;
		CHECK(at <= f->size);
		file_free(f);
	}
}
#endif
