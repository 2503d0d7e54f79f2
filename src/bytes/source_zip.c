#include <stdlib.h>

#include "archives.h"
#include "zipdir.h"

/*
 * A zip with its directory: stored members are windows of the file, packed
 * ones are unpacked into memory when they are opened.
 */
struct zip_member {
	uint64_t at; /* of its local header */
	uint64_t packed;
	uint16_t method;
	bool encrypted;
};

#define METHOD_STORED 0

/* Behind the bytes: a signature, a checksum, two sizes of up to 8 bytes. */
#define DESCRIPTOR_MAX 24

struct source_zip {
	struct source s;
	struct arena names;
	struct file *f;
	struct zip_member *members; /* by ref */
	size_t count;
	size_t cap;
};

/* The state of one listing. */
struct listing {
	struct source_zip *z;
	struct entries list;
	const struct notes *n;
	uint64_t encrypted;
	struct archive_name name;
};

static bool
on_member(void *arg, const struct zipdir_member *m)
{
	struct listing *l = arg;
	struct source_zip *z = l->z;
	struct entry e = {
		.size = m->type == ENTRY_FILE ? m->size : 0,
		.mtime_ns = m->mtime_ns,
		.type = m->type,
		.ref = (uint32_t)z->count,
	};

	if (!archive_name_from(&l->name, m->name)) {
		if (m->type != ENTRY_DIR)
			note(l->n, NOTE_ARCHIVE_NAME, m->at);
		return true;
	}
	e.path = (struct str){ l->name.text, l->name.n };
	if (!entries_add(&l->list, &e))
		return note_why(
		    l->n, NOTE_READ_LIMIT, 0, "%zu members", l->list.count);
	if (z->count == z->cap) {
		z->cap = z->cap == 0 ? 256 : z->cap + z->cap / 2;
		z->members = realloc(z->members, z->cap * sizeof(*z->members));
		if (z->members == NULL)
			abort();
	}
	z->members[z->count++] = (struct zip_member){
		.at = m->at,
		.packed = m->packed,
		.method = m->method,
		.encrypted = m->encrypted,
	};
	l->encrypted += m->encrypted;
	return true;
}

static enum err
zip_open(struct source *s, const struct entry *e, const struct notes *n,
    struct file **out)
{
	struct source_zip *z = (struct source_zip *)s;
	const struct zip_member *m = &z->members[e->ref];
	uint64_t data, len;

	if (m->encrypted) {
		note(n, NOTE_ARCHIVE_ENCRYPTED, m->at);
		return ERR_AUTH;
	}
	if (!zipdir_data(z->f, m->at, &data)) {
		note(n, NOTE_ARCHIVE_DAMAGED, m->at);
		return ERR_IO;
	}
	if (m->method == METHOD_STORED) {
		*out = file_window_new(e->path.p, z->f, data, m->packed);
		if ((*out)->size < m->packed)
			note(n, NOTE_ARCHIVE_CUT, data);
		if (m->packed != e->size)
			note(n, NOTE_ARCHIVE_SIZE, data);
		return ERR_OK;
	}
	len = data - m->at;
	len = m->packed <= UINT64_MAX - len - DESCRIPTOR_MAX
		  ? m->packed + len + DESCRIPTOR_MAX
		  : UINT64_MAX;
	return archive_unpack(
	    (struct archive_unpack){ .format = READER_ZIP,
		.size = e->size,
		.win = file_window_new(e->path.p, z->f, m->at, len) },
	    e->path.p, n, out);
}

static enum err
zip_hash(struct source *s, const struct source_progress *p, struct why *why,
    uint8_t out[static SHA256_SIZE])
{
	return source_hash_file(((struct source_zip *)s)->f, p, why, out);
}

static void
zip_free(struct source *s)
{
	struct source_zip *z = (struct source_zip *)s;

	free(z->members);
	free(z->s.entries);
	arena_done(&z->names);
	file_free(z->f);
	free(z);
}

static const struct source_ops zip_ops = {
	.name = "zip",
	.open = zip_open,
	.hash = zip_hash,
	.free = zip_free,
};

enum err
source_zip_new(struct file *f, const struct notes *n, struct source **out)
{
	struct listing *l;
	struct source_zip *z;
	struct zipdir d;

	if (!zipdir_find(f, &d))
		return ERR_FORMAT;
	l = calloc(1, sizeof(*l));
	z = calloc(1, sizeof(*z));
	if (l == NULL || z == NULL)
		abort();
	z->s.ops = &zip_ops;
	z->f = f;
	l->z = z;
	l->n = n;
	entries_init(&l->list);
	(void)zipdir_each(f, &d, n, on_member, l);
	if (l->encrypted > 0)
		note_why(n, NOTE_ARCHIVE_ENCRYPTED, 0, "%llu members",
		    (unsigned long long)l->encrypted);
	archive_last_wins(&l->list, n, NULL, NULL);
	entries_give(&l->list, &z->s, &z->names);
	free(l);
	*out = &z->s;
	return ERR_OK;
}
