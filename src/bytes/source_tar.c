#include <stdlib.h>

#include "archives.h"
#include "tstamp.h"

/*
 * What is read from front to back: tar, packed or not, and a zip that lost
 * its directory. In a plain tar each member is a window of the file, found by
 * skipping from header to header. What is packed cannot seek: in one pass over
 * it the members that are wanted are held in memory, in a second those that
 * turned out to be wanted after all.
 */

/* ref of an entry. */
#define REF_HARD UINT32_C(0x80000000) /* a hard link: index into targets */
#define REF_NONE UINT32_C(0)	      /* packed: not held */

/* Plain: a sparse member; where its header is, not its bytes. */
#define AT_UNPACK (UINT64_C(1) << 63)

struct held {
	struct hold h;
	struct reader_data d;
	bool over; /* a limit keeps it out of memory */
};

struct source_tar {
	struct source s;
	struct arena names;
	struct arena links; /* of the targets */
	struct file *f;
	enum reader_format format;
	bool plain;
	bool again;
	uint64_t *at; /* plain: where each file's bytes are, by ref */
	size_t at_count, at_cap;
	struct held *held; /* packed: by ref - 1 */
	size_t held_count, held_cap;
	uint64_t held_bytes;
	struct str *targets; /* of hard links, normalised */
	size_t target_count, target_cap;
};

/* One pass over the archive. */
struct pass {
	struct source_tar *t;
	struct stream *st;
	struct reader *r;
	const struct source_want *want;
	const struct notes *n;
	struct entries list;  /* first pass: what is found */
	struct entries ends;  /* second pass: what wanted links end at */
	uint32_t held_before; /* second pass */
	struct archive_name name;
};

/* Room for one more in an array of size-byte things. */
static void *
grow(void *v, size_t *cap, size_t count, size_t size)
{
	if (count < *cap)
		return v;
	*cap = *cap == 0 ? 64 : *cap + *cap / 2;
	if ((v = realloc(v, *cap * size)) == NULL)
		abort();
	return v;
}

static bool
is_hard(const struct entry *e)
{
	return e->type == ENTRY_FILE && (e->ref & REF_HARD) != 0;
}

/* Holding members in memory. */

static uint32_t
hold_member(struct pass *p, const struct member *m)
{
	struct source_tar *t = p->t;
	uint64_t room = LIMIT_ARCHIVE_HELD - t->held_bytes, size = m->size;
	struct held x = { .over = false };

	if (room > LIMIT_ARCHIVE_MEMBER)
		room = LIMIT_ARCHIVE_MEMBER;
	if (!m->size_known)
		size = room;
	x.over = size > room || !hold_init(&x.h, (size_t)size);
	if (!x.over) {
		x.d = reader_data(p->r, &x.h);
		hold_trim(&x.h);
		t->held_bytes += x.h.len;
		x.over = x.d.over;
	}
	if (x.d.over) {
		t->held_bytes -= x.h.len;
		hold_done(&x.h);
	}
	if (x.over)
		note_why(p->n, NOTE_ARCHIVE_HELD, 0, "%.400s: too large",
		    p->name.text);
	t->held = grow(t->held, &t->held_cap, t->held_count, sizeof(x));
	t->held[t->held_count++] = x;
	return (uint32_t)t->held_count;
}

static void
unhold(struct source_tar *t, uint32_t ref)
{
	struct held *x;

	if (t->plain || ref == REF_NONE || (ref & REF_HARD) != 0)
		return;
	x = &t->held[ref - 1];
	t->held_bytes -= x->h.len;
	hold_done(&x->h);
}

static void
on_drop(void *arg, const struct entry *e)
{
	if (e->type == ENTRY_FILE)
		unhold(arg, e->ref);
}

static bool
is_wanted(const struct pass *p, struct str path, uint64_t size)
{
	return p->want != NULL && p->want->fn != NULL &&
	       p->want->fn(p->want->arg, path, size);
}

/* Hard links. */

/* The entry that a hard link ends at, or NULL. */
static const struct entry *
link_end(const struct source_tar *t, const struct entry *e)
{
	/* Links to links are rare, chains of them unheard of. */
	for (int hops = 0; hops < 8; hops++) {
		struct str target = t->targets[e->ref & ~REF_HARD];

		if (target.n == 0 || (e = source_find(&t->s, target.p)) == NULL)
			return NULL;
		if (!is_hard(e))
			return e->type == ENTRY_FILE ? e : NULL;
	}
	return NULL;
}

static uint32_t
link_add(struct source_tar *t, struct str target)
{
	struct archive_name name;
	struct str s = { .n = 0 };

	if (archive_name_from(&name, target))
		s = arena_str(&t->links, (struct str){ name.text, name.n });
	t->targets = grow(
	    t->targets, &t->target_cap, t->target_count, sizeof(*t->targets));
	t->targets[t->target_count] = s;
	return REF_HARD | (uint32_t)t->target_count++;
}

/* Gives links the size of their ends; those without become plain links. */
static void
links_resolve(struct source_tar *t, const struct notes *n)
{
	for (size_t i = 0; i < t->s.count; i++) {
		struct entry *e = &t->s.entries[i];
		const struct entry *end;

		if (!is_hard(e))
			continue;
		if ((end = link_end(t, e)) == NULL) {
			note_why(n, NOTE_ARCHIVE_LINK, 0, "%s", e->path.p);
			e->type = ENTRY_LINK;
			continue;
		}
		e->size = end->size;
		if (e->size <= UINT64_MAX - t->s.bytes)
			t->s.bytes += e->size;
	}
}

/* First pass: every member becomes an entry. */

static uint32_t
ref_from(struct pass *p, const struct member *m, struct str path)
{
	struct source_tar *t = p->t;

	if (m->hard)
		return link_add(t, m->target);
	if (m->type != ENTRY_FILE)
		return REF_NONE;
	if (!t->plain && m->size_known && m->size == 0)
		return REF_NONE;
	if (!t->plain)
		return is_wanted(p, path, m->size) ? hold_member(p, m)
						   : REF_NONE;
	t->at = grow(t->at, &t->at_cap, t->at_count, sizeof(*t->at));
	t->at[t->at_count] = m->sparse ? m->head | AT_UNPACK : m->data;
	return (uint32_t)t->at_count++;
}

static int64_t
mtime_from(const struct member *m)
{
	int64_t ns;

	if (!m->mtime_known)
		return TSTAMP_NONE;
	ns = tstamp_unix_i(m->mtime_s);
	if (ns == TSTAMP_NONE || m->mtime_part < 0 || m->mtime_part > 999999999)
		return ns;
	return ns + m->mtime_part;
}

/* False when the list is full. */
static bool
first_member(struct pass *p, const struct member *m)
{
	struct entry e = {
		.path = {p->name.text, p->name.n},
		.size = m->type == ENTRY_FILE ? m->size : 0,
		.mtime_ns = mtime_from(m),
		.type = m->type,
	};

	e.ref = ref_from(p, m, e.path);
	if (!m->size_known && m->type == ENTRY_FILE && !m->hard) {
		/* It is told behind the bytes only. */
		if (e.ref != REF_NONE)
			e.size = p->t->held[e.ref - 1].h.len;
		e.size += reader_count(p->r);
	}
	if (entries_add(&p->list, &e))
		return true;
	return note_why(p->n, NOTE_READ_LIMIT, 0, "%zu members", p->list.count);
}

/* Second pass: what is wanted and not held yet. */

/* The ends of all links that are wanted: wanted too. */
static void
ends_collect(struct pass *p)
{
	const struct source *s = &p->t->s;

	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->entries[i];

		if (is_hard(e) && is_wanted(p, e->path, e->size))
			(void)entries_add_borrowed(&p->ends, link_end(p->t, e));
	}
	entries_sort(&p->ends);
}

static bool
is_end(const struct pass *p, struct str path)
{
	struct source all = { .entries = p->ends.v, .count = p->ends.count };

	return all.count > 0 && source_find(&all, path.p) != NULL;
}

static void
second_member(struct pass *p, const struct member *m)
{
	struct source_tar *t = p->t;
	struct str path = { p->name.text, p->name.n };
	const struct entry *found;
	struct entry *e;

	if (m->type != ENTRY_FILE || m->hard)
		return;
	if (!is_wanted(p, path, m->size) && !is_end(p, path))
		return;
	if ((found = source_find(&t->s, path.p)) == NULL)
		return;
	e = &t->s.entries[found - t->s.entries];
	/* Of two members of one name the last counts, in this pass too. */
	if (e->type != ENTRY_FILE || is_hard(e) ||
	    (e->ref != REF_NONE && e->ref <= p->held_before))
		return;
	unhold(t, e->ref);
	e->ref = hold_member(p, m);
}

/* The passes. */

/*
 * What is wrong with the end of the archive. A packed one is unpacked to its
 * end even when the tar in it ended before: the checksums stand there.
 */
static void
end_check(struct pass *p, enum reader_step step)
{
	struct cur c;
	uint64_t at = p->st->in;

	if (p->t->format == READER_ZIP) {
		note_why(p->n, NOTE_ARCHIVE_CUT, at, "no directory of the zip");
		return;
	}
	if (step == READER_END && !reader_only_zeros(p->r))
		note(p->n, NOTE_ARCHIVE_TRAILING, at);
	while (!p->t->plain && stream_next(p->st, &c))
		;
	if (p->st->trailing)
		note(p->n, NOTE_ARCHIVE_TRAILING, at);
	if (p->st->end == STREAM_CUT)
		note(p->n, NOTE_ARCHIVE_CUT, at);
	else if (p->st->end == STREAM_DAMAGED)
		note(p->n, NOTE_ARCHIVE_DAMAGED, at);
	else if (p->st->end == STREAM_BOMB)
		note(p->n, NOTE_ARCHIVE_BOMB, at);
	else if (p->st->end == STREAM_IO)
		note(p->n, NOTE_READ_IO, at);
	else if (step == READER_CUT)
		note(p->n, NOTE_ARCHIVE_CUT, at);
	else if (step == READER_FORMAT)
		note(p->n, NOTE_ARCHIVE_DAMAGED, at);
}

static bool
pass_member(struct pass *p, const struct member *m, bool first)
{
	if (archive_name_from(&p->name, m->name)) {
		if (first)
			return first_member(p, m);
		second_member(p, m);
	} else if (m->type != ENTRY_DIR && first) {
		note(p->n, NOTE_ARCHIVE_NAME, m->head);
	}
	return true;
}

/*
 * To the end of what can be read; what a plain tar still has behind that is
 * looked for, as often as LIMIT_ARCHIVE_RESYNC.
 */
static size_t
pass_members(struct pass *p, bool first)
{
	enum reader_step step = READER_END;
	bool damaged = false;
	struct member m;
	size_t seen = 0;

	for (size_t resyncs = 0; resyncs < LIMIT_ARCHIVE_RESYNC;) {
		step = reader_next(p->r, &m);
		if (step == READER_MEMBER) {
			seen++;
			damaged = false;
			if (!pass_member(p, &m, first))
				return seen;
		} else if (step == READER_DAMAGED) {
			/* Said once for all that follow each other. */
			if (!damaged && first)
				note(p->n, NOTE_ARCHIVE_DAMAGED, p->st->in);
			damaged = true;
		} else {
			if (first && seen > 0)
				end_check(p, step);
			if (seen == 0 || !reader_resync(p->r))
				return seen;
			resyncs++;
		}
	}
	note_why(p->n, NOTE_READ_LIMIT, p->st->in, "too much damage");
	return seen;
}

static bool
first_pass(struct source_tar *t, struct stream *st,
    const struct source_want *want, const struct notes *n)
{
	struct pass *p = calloc(1, sizeof(*p));
	bool ok;

	if (p == NULL)
		abort();
	p->t = t;
	p->st = st;
	p->want = want;
	p->n = n;
	if (!t->plain)
		stream_hash(st); /* before the reader looks at it */
	p->r = reader_new(st, t->format);
	entries_init(&p->list);
	ok = pass_members(p, true) > 0;
	archive_last_wins(&p->list, n, on_drop, t);
	entries_give(&p->list, &t->s, &t->names);
	links_resolve(t, n);
	if (ok)
		t->s.hashed = stream_drain(st, t->s.sha256);
	reader_free(p->r);
	free(p);
	return ok;
}

static enum err
tar_again(
    struct source *s, const struct source_want *want, const struct notes *n)
{
	struct source_tar *t = (struct source_tar *)s;
	struct pass *p;

	if (t->plain || t->again)
		return ERR_OK;
	if ((p = calloc(1, sizeof(*p))) == NULL)
		abort();
	t->again = true;
	p->t = t;
	p->st =
	    t->format == READER_ZIP ? stream_plain_new(t->f) : stream_new(t->f);
	p->want = want;
	p->n = n;
	p->r = reader_new(p->st, t->format);
	p->held_before = (uint32_t)t->held_count;
	entries_init(&p->ends);
	ends_collect(p);
	(void)pass_members(p, false);
	entries_done(&p->ends);
	reader_free(p->r);
	stream_free(p->st);
	free(p);
	return ERR_OK;
}

/* Opening. */

static enum err
open_plain(struct source_tar *t, const struct entry *e, const char *path,
    const struct notes *n, struct file **out)
{
	uint64_t at = t->at[e->ref], head = at & ~AT_UNPACK;

	if (at != head)
		return archive_unpack(
		    (struct archive_unpack){ .format = t->format,
			.size = e->size,
			.win = file_window_new(path, t->f, head, UINT64_MAX) },
		    path, n, out);
	*out = file_window_new(path, t->f, at, e->size);
	if ((*out)->size < e->size)
		note(n, NOTE_ARCHIVE_CUT, (*out)->size);
	return ERR_OK;
}

static enum err
open_held(struct source_tar *t, const struct entry *e, const char *path,
    const struct notes *n, struct file **out)
{
	const struct held *x;

	if (e->size == 0) { /* needs no holding */
		*out = file_mem_new(path, NULL, 0);
		return ERR_OK;
	}
	if (e->ref == REF_NONE) {
		note(n, NOTE_ARCHIVE_HELD, 0);
		return ERR_LIMIT;
	}
	x = &t->held[e->ref - 1];
	if (x->over) {
		note(n, NOTE_ARCHIVE_HELD, 0);
		return ERR_LIMIT;
	}
	if (x->d.cut)
		note(n, NOTE_ARCHIVE_CUT, x->h.len);
	if (x->d.checksum)
		note(n, NOTE_ARCHIVE_CHECKSUM, x->h.len);
	*out = file_mem_new(path, x->h.p, x->h.len);
	return ERR_OK;
}

static enum err
tar_open(struct source *s, const struct entry *e, const struct notes *n,
    struct file **out)
{
	struct source_tar *t = (struct source_tar *)s;
	const char *path = e->path.p;

	if (is_hard(e) && (e = link_end(t, e)) == NULL)
		return ERR_ABSENT;
	return t->plain ? open_plain(t, e, path, n, out)
			: open_held(t, e, path, n, out);
}

static enum err
tar_hash(struct source *s, const struct source_progress *p, struct why *why,
    uint8_t out[static SHA256_SIZE])
{
	return source_hash_file(((struct source_tar *)s)->f, p, why, out);
}

static void
tar_free(struct source *s)
{
	struct source_tar *t = (struct source_tar *)s;

	for (size_t i = 0; i < t->held_count; i++)
		hold_done(&t->held[i].h);
	free(t->held);
	free(t->at);
	free(t->targets);
	free(t->s.entries);
	arena_done(&t->names);
	arena_done(&t->links);
	file_free(t->f);
	free(t);
}

#define TAR_OPS(sym, id)                                                       \
	static const struct source_ops sym = {                                 \
		.name = (id),                                                  \
		.open = tar_open,                                              \
		.again = tar_again,                                            \
		.hash = tar_hash,                                              \
		.free = tar_free,                                              \
	}
TAR_OPS(tar_ops, "tar");
TAR_OPS(tar_gz_ops, "tar.gz");
TAR_OPS(tar_xz_ops, "tar.xz");
TAR_OPS(tar_zst_ops, "tar.zst");
TAR_OPS(zip_cut_ops, "zip (cut)");

static const struct source_ops *
ops_from(enum reader_format format, const struct stream *st)
{
	if (format == READER_ZIP)
		return &zip_cut_ops;
	switch (stream_kind(st)) {
	case STREAM_GZIP:
		return &tar_gz_ops;
	case STREAM_XZ:
		return &tar_xz_ops;
	case STREAM_ZSTD:
		return &tar_zst_ops;
	case STREAM_PLAIN:
		break;
	}
	return &tar_ops;
}

enum err
source_tar_new(struct file *f, enum reader_format format,
    const struct source_want *want, const struct notes *n, struct source **out)
{
	struct source_tar *t = calloc(1, sizeof(*t));
	struct stream *st =
	    format == READER_ZIP ? stream_plain_new(f) : stream_new(f);
	bool ok;

	if (t == NULL)
		abort();
	arena_init(&t->links, LIMIT_ENTRY_NAMES);
	t->f = f;
	t->format = format;
	t->plain = format == READER_TAR && stream_kind(st) == STREAM_PLAIN;
	t->s.ops = ops_from(format, st);
	ok = first_pass(t, st, want, n);
	stream_free(st);
	if (!ok) {
		t->f = NULL; /* stays with the caller */
		tar_free(&t->s);
		return ERR_FORMAT;
	}
	*out = &t->s;
	return ERR_OK;
}
