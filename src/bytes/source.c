#include "source.h"

#include <stdlib.h>

#include "entries.h"
#include "glob.h"
#include "tstamp.h"

/* The first entry that is not before path. */
static size_t
lower_bound(const struct source *s, struct str path)
{
	size_t lo = 0, hi = s->count, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (str_cmp(s->entries[mid].path, path) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct entry *
source_find(const struct source *s, const char *path)
{
	size_t i = lower_bound(s, str_from(path));

	if (i < s->count && str_is(s->entries[i].path, path))
		return &s->entries[i];
	return NULL;
}

const struct entry *
source_glob(const struct source *s, const char *glob, size_t *at)
{
	struct str front = { glob, glob_prefix(glob) };
	size_t i = *at;

	if (front.n > 0) {
		size_t first = lower_bound(s, front);

		if (i < first)
			i = first;
	}
	for (; i < s->count; i++) {
		struct str path = s->entries[i].path;

		if (!str_eq(str_sub(path, 0, front.n), front))
			break;
		if (glob_match(glob, path)) {
			*at = i + 1;
			return &s->entries[i];
		}
	}
	*at = s->count;
	return NULL;
}

/* The entry that e is, to be filled in. */
static struct entry *
entry_own(struct source *s, const struct entry *e)
{
	return &s->entries[e - s->entries];
}

static void
size_learned(struct source *s, struct entry *e, uint64_t size)
{
	e->size = size;
	if (e->type == ENTRY_FILE && size <= UINT64_MAX - s->bytes)
		s->bytes += size;
}

enum err
source_open(struct source *s, const struct entry *e, const struct notes *n,
    struct file **out)
{
	enum err err;

	if (e->type != ENTRY_FILE)
		return ERR_ABSENT;
	if ((err = s->ops->open(s, e, n, out)) != ERR_OK)
		return err;
	if (e->size == ENTRY_SIZE_UNKNOWN)
		size_learned(s, entry_own(s, e), (*out)->size);
	return ERR_OK;
}

enum err
source_size(struct source *s, const struct entry *e, uint64_t *out)
{
	struct entry t = *e;
	enum err err;

	if (e->size == ENTRY_SIZE_UNKNOWN) {
		if (s->ops->stat == NULL)
			return ERR_ABSENT;
		if ((err = s->ops->stat(s, &t)) != ERR_OK)
			return err;
		entry_own(s, e)->mtime_ns = t.mtime_ns;
		size_learned(s, entry_own(s, e), t.size);
	}
	*out = e->size;
	return ERR_OK;
}

void
source_size_all(struct source *s, const struct notes *n)
{
	uint64_t size;

	for (size_t i = 0; i < s->count; i++) {
		struct entry *e = &s->entries[i];

		if (e->size != ENTRY_SIZE_UNKNOWN ||
		    source_size(s, e, &size) == ERR_OK)
			continue;
		note_why(n, NOTE_READ_IO, 0, "%s", e->path.p);
		e->size = 0;
	}
}

enum err
source_archive_again(
    struct source *s, const struct source_want *want, const struct notes *n)
{
	return s->ops->again != NULL ? s->ops->again(s, want, n) : ERR_OK;
}

void
source_free(struct source *s)
{
	if (s != NULL)
		s->ops->free(s);
}

static void *
alloc_or_abort(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		abort();
	return p;
}

/* Memory. */

struct source_mem {
	struct source s;
	struct arena names;
	const struct source_mem_entry *e;
};

static enum err
mem_open(struct source *s, const struct entry *e, const struct notes *n,
    struct file **out)
{
	const struct source_mem_entry *m = &((struct source_mem *)s)->e[e->ref];

	(void)n;
	*out = file_mem_new(e->path.p, m->data, m->len);
	return ERR_OK;
}

static void
mem_free(struct source *s)
{
	struct source_mem *m = (struct source_mem *)s;

	arena_done(&m->names);
	free(s->entries);
	free(m);
}

static const struct source_ops mem_ops = {
	.name = "memory",
	.open = mem_open,
	.free = mem_free,
};

struct source *
source_mem_new(const struct source_mem_entry *e, size_t count)
{
	struct source_mem *m = alloc_or_abort(sizeof(*m));
	struct entries list;

	entries_init(&list);
	for (size_t i = 0; i < count; i++) {
		(void)entries_add_borrowed(
		    &list, &(struct entry){ .path = str_from(e[i].path),
			       .size = e[i].len,
			       .mtime_ns = TSTAMP_NONE,
			       .type = ENTRY_FILE,
			       .ref = (uint32_t)i });
	}
	m->s.ops = &mem_ops;
	m->e = e;
	entries_give(&list, &m->s, &m->names);
	return &m->s;
}

/* Other names for the entries of another source. */

struct source_view {
	struct source s;
	struct source *base;
	struct arena names;
};

static enum err
view_open(struct source *s, const struct entry *e, const struct notes *n,
    struct file **out)
{
	struct source *base = ((struct source_view *)s)->base;
	enum err err = source_open(base, &base->entries[e->ref], n, out);

	if (err == ERR_OK)
		(*out)->path = e->path.p;
	return err;
}

static enum err
view_stat(struct source *s, struct entry *e)
{
	struct source *base = ((struct source_view *)s)->base;
	const struct entry *b = &base->entries[e->ref];
	enum err err = source_size(base, b, &e->size);

	e->mtime_ns = b->mtime_ns;
	return err;
}

/* Which entries of the base are wanted under their names in the view. */
struct view_want {
	const struct source *base;
	uint8_t *wanted; /* one a byte, by index */
};

static bool
view_wants(void *arg, struct str path, uint64_t size)
{
	const struct view_want *w = arg;
	const struct entry *e = source_find(w->base, path.p);

	(void)size;
	return e != NULL && w->wanted[e - w->base->entries] != 0;
}

static enum err
view_again(
    struct source *s, const struct source_want *want, const struct notes *n)
{
	struct source *base = ((struct source_view *)s)->base;
	struct view_want w = { .base = base };
	struct source_want mapped = { .fn = view_wants, .arg = &w };
	enum err err;

	if (want == NULL || want->fn == NULL || base->ops->again == NULL)
		return ERR_OK;
	w.wanted = alloc_or_abort(base->count + 1);
	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->entries[i];

		if (want->fn(want->arg, e->path, e->size))
			w.wanted[e->ref] = 1;
	}
	err = source_archive_again(base, &mapped, n);
	free(w.wanted);
	return err;
}

static void
view_free(struct source *s)
{
	struct source_view *v = (struct source_view *)s;

	arena_done(&v->names);
	free(s->entries);
	free(v);
}

static const struct source_ops view_ops = {
	.name = "view",
	.open = view_open,
	.stat = view_stat,
	.again = view_again,
	.free = view_free,
};

struct source *
source_view_new(struct source *base, struct entries *list)
{
	struct source_view *v = alloc_or_abort(sizeof(*v));

	v->s.ops = &view_ops;
	v->base = base;
	entries_give(list, &v->s, &v->names);
	return &v->s;
}

enum err
source_sub_new(struct source *base, const char *prefix, struct source **out)
{
	struct str front = str_from(prefix);
	struct entries list;

	while (front.n > 0 && front.p[front.n - 1] == '/')
		front.n--;
	entries_init(&list);
	for (size_t i = front.n > 0 ? lower_bound(base, front) : 0;
	     i < base->count; i++) {
		struct entry e = base->entries[i];

		if (!str_eq(str_sub(e.path, 0, front.n), front))
			break;
		if (front.n > 0) {
			if (e.path.n < front.n + 2 || e.path.p[front.n] != '/')
				continue;
			e.path = str_sub(e.path, front.n + 1, e.path.n);
		}
		e.ref = (uint32_t)i;
		(void)entries_add_borrowed(&list, &e);
	}
	if (list.count == 0) {
		entries_done(&list);
		return ERR_ABSENT;
	}
	*out = source_view_new(base, &list);
	return ERR_OK;
}
