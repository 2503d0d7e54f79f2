
#include "archives.h"

bool
archive_name_from(struct archive_name *out, struct str name)
{
	size_t at = 0, n;

	out->n = 0;
	while (at < name.n) {
		struct str part = str_sub(name, at, name.n);

		n = str_find(part, '/');
		part.n = n;
		at += n + 1;
		if (n == 0 || str_is(part, "."))
			continue;
		if (n + 1 > LIMIT_PATH - out->n)
			return false;
		if (out->n > 0)
			out->text[out->n++] = '/';
		for (size_t i = 0; i < n; i++) {
			out->text[out->n++] =
			    part.p[i] != '\0' ? part.p[i] : '?';
		}
	}
	out->text[out->n] = '\0';
	return out->n > 0;
}

void
archive_last_wins(struct entries *l, const struct notes *n,
    void (*drop)(void *arg, const struct entry *e), void *arg)
{
	size_t kept = 0;

	entries_sort(l);
	for (size_t i = 0; i < l->count; i++) {
		struct entry *e = &l->v[i];

		if (i + 1 < l->count && str_eq(e->path, l->v[i + 1].path)) {
			if (e->type != ENTRY_DIR ||
			    l->v[i + 1].type != ENTRY_DIR)
				note_why(n, NOTE_ARCHIVE_DUPLICATE, 0, "%s",
				    e->path.p);
			if (drop != NULL)
				drop(arg, e);
			continue;
		}
		l->v[kept++] = *e;
	}
	l->count = kept;
}

enum err
archive_unpack(struct archive_unpack u, const char *path, const struct notes *n,
    struct file **out)
{
	struct stream *s;
	struct reader *r;
	struct reader_data d = { .cut = true };
	struct member m;
	struct hold h;

	if (u.size > LIMIT_ARCHIVE_MEMBER || !hold_init(&h, (size_t)u.size)) {
		file_free(u.win);
		note_why(n, NOTE_READ_LIMIT, 0,
		    "%llu bytes are too many to unpack into memory",
		    (unsigned long long)u.size);
		return ERR_LIMIT;
	}
	s = stream_plain_new(u.win);
	r = reader_new(s, u.format);
	if (reader_next(r, &m) == READER_MEMBER)
		d = reader_data(r, &h);
	reader_free(r);
	stream_free(s);
	file_free(u.win);
	hold_trim(&h);
	if (d.cut && h.len == 0 && u.size > 0) {
		hold_done(&h);
		note(n, NOTE_ARCHIVE_DAMAGED, 0);
		return ERR_IO;
	}
	if (d.cut)
		note(n, NOTE_ARCHIVE_DAMAGED, h.len);
	if (d.checksum)
		note(n, NOTE_ARCHIVE_CHECKSUM, h.len);
	if (d.over || (h.len < u.size && !d.cut))
		note(n, NOTE_ARCHIVE_SIZE, h.len);
	*out = hold_file(&h, path);
	return ERR_OK;
}

enum err
source_archive_new(struct file *f, const struct source_want *want,
    const struct notes *n, struct why *why, struct source **out)
{
	uint8_t head[4];
	size_t got = 0;
	struct cur c;
	enum err e;

	if (file_read_at(f, 0, head, sizeof(head), &got) != ERR_OK)
		return why_set(why, ERR_IO, "%s cannot be read", f->path);
	c = cur_from(head, got);
	e = source_zip_new(f, n, out);
	/* A zip cut off before its directory still has its members. */
	if (e == ERR_FORMAT && cur_magic(&c, "PK\3\4", 4))
		e = source_tar_new(f, READER_ZIP, want, n, out);
	else if (e == ERR_FORMAT)
		e = source_tar_new(f, READER_TAR, want, n, out);
	if (e == ERR_FORMAT)
		return why_set(why, e,
		    "%s is no archive that can be read (zip, tar, tar.gz, "
		    "tar.xz, tar.zst), or damaged at its front",
		    f->path);
	if (e != ERR_OK)
		return why_set(
		    why, e, "%s cannot be read: %s", f->path, err_text(e));
	return ERR_OK;
}
