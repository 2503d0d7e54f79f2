#include "acquisition.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "hash.h"
#include "ios_known.h"
#include "limits.h"
#include "str.h"
#include "tstamp.h"

/* What acquisition_open gives out, with what holds it up. */
struct opened {
	struct acquisition a; /* first */
	struct source *base;  /* the folder or archive as a whole */
	int dirfd;	      /* -1 for an archive */
	bool archive;
	char *prefix; /* of a->outer in base: "" or "NAME/" */
};

static struct opened *
opened_new(void)
{
	struct opened *p = calloc(1, sizeof(*p));

	if (p == NULL)
		abort();
	p->dirfd = -1;
	p->a.made_ns = TSTAMP_NONE;
	arena_init(&p->a.arena, LIMIT_ARENA);
	return p;
}

/* Leaves a as it was before a kind was tried. */
static void
forget_kind(struct opened *p)
{
	struct acquisition *a = &p->a;
	struct arena arena;

	if (a->source != a->outer)
		source_free(a->source);
	if (a->outer != p->base)
		source_free(a->outer);
	arena_done(&a->arena);
	arena = a->arena;
	*a = (struct acquisition){ .made_ns = TSTAMP_NONE, .arena = arena };
	free(p->prefix);
	p->prefix = NULL;
}

void
acquisition_free(struct acquisition *a)
{
	struct opened *p = (struct opened *)a;

	if (a == NULL)
		return;
	forget_kind(p);
	source_free(p->base);
	if (p->dirfd >= 0)
		close(p->dirfd);
	free(p);
}

/* The first reading of an archive: what some kind or reader will ask for. */
struct first {
	const struct acquire_options *o;
	struct ios_known known;
};

static bool
first_want(void *arg, struct str path, uint64_t size)
{
	const struct first *f = arg;
	const struct acquire_options *o = f->o;

	for (size_t i = 0; acquisition_kinds[i] != NULL; i++)
		if (acquisition_kinds[i]->wants != NULL &&
		    acquisition_kinds[i]->wants(o, path))
			return true;
	return ios_known_path(&f->known, path) != NULL ||
	       (o->want.fn != NULL && o->want.fn(o->want.arg, path, size));
}

static enum err
open_archive(struct opened *p, const char *path, int fd,
    const struct acquire_options *o, const struct notes *n, struct why *why)
{
	struct first first = { .o = o };
	struct source_want want = { .fn = first_want, .arg = &first };
	struct file *f;
	enum err err;

	if ((err = file_fd_new(path, fd, &f)) != ERR_OK)
		return why_set(why, err, "cannot be read");
	p->archive = true;
	ios_known_init(&first.known, o->known);
	err = source_archive_new(f, &want, n, why, &p->base);
	ios_known_done(&first.known);
	if (err != ERR_OK)
		file_free(f);
	if (err == ERR_FORMAT)
		why_set(why, err,
		    "is neither a folder nor an archive (zip, tar, tar.gz, "
		    "tar.xz, tar.zst). Of a backup, give the folder that holds "
		    "Manifest.db");
	else if (err != ERR_OK)
		why_set(why, err, "cannot be read: %s", err_text(err));
	return err;
}

static enum err
open_base(struct opened *p, const char *path, const struct acquire_options *o,
    const struct notes *n, struct why *why)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 || fstat(fd, &st) != 0) {
		why_set(why, ERR_IO, "cannot be opened: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return ERR_IO;
	}
	if (S_ISDIR(st.st_mode)) {
		p->dirfd = fd;
		return source_dir_new(fd, n, why, &p->base);
	}
	if (S_ISREG(st.st_mode))
		return open_archive(p, path, fd, o, n, why);
	close(fd);
	return why_set(why, ERR_USAGE, "is neither a folder nor a file");
}

/* A place that may hold an acquisition: all of base, or a folder in it. */
struct candidate {
	struct str folder; /* n = 0: all of base */
	const struct acquisition_kind *kind;
	int score;
};

static void
probe(struct source *s, struct candidate *c)
{
	c->kind = NULL;
	c->score = 0;
	for (size_t i = 0; acquisition_kinds[i] != NULL; i++) {
		int score = acquisition_kinds[i]->probe(s);

		if (score > c->score) {
			c->score = score;
			c->kind = acquisition_kinds[i];
		}
	}
}

/* The prefix "FOLDER/" of c, allocated. */
static char *
prefix_of(const struct candidate *c)
{
	size_t n = c->folder.n;
	char *s = calloc(1, n + 2);

	if (s == NULL)
		abort();
	if (n > 0) {
		memcpy(s, c->folder.p, n);
		s[n] = '/';
	}
	return s;
}

/* The folders right below base that hold something, with their scores. */
struct level {
	struct candidate best; /* the surest of them */
	size_t sure;	       /* how many are ACQUISITION_SURE */
	struct buf names;      /* of those */
};

static void
probe_folder(struct source *base, struct str folder, struct level *l)
{
	struct candidate c = { .folder = folder };
	char *prefix = prefix_of(&c);
	struct source *sub;

	if (source_sub_new(base, prefix, &sub) == ERR_OK) {
		probe(sub, &c);
		source_free(sub);
	}
	free(prefix);
	if (c.score > l->best.score)
		l->best = c;
	if (c.score < ACQUISITION_SURE)
		return;
	if (l->sure++ > 0)
		buf_puts(&l->names, ", ");
	buf_str(&l->names, folder);
}

/* Entries are sorted, so those of one folder stand together. */
static void
probe_folders(struct source *base, struct level *l)
{
	struct str last = { NULL, 0 };

	for (size_t i = 0; i < base->count; i++) {
		struct str path = base->entries[i].path;
		size_t slash = str_find(path, '/');
		struct str folder = str_sub(path, 0, slash);

		if (slash == 0 || slash == path.n ||
		    (last.p != NULL && str_eq(folder, last)))
			continue;
		last = folder;
		probe_folder(base, folder, l);
	}
}

static enum err
open_candidate(struct opened *p, const struct candidate *c,
    const struct acquire_options *o, const struct notes *n, struct why *why)
{
	enum err err;

	p->prefix = prefix_of(c);
	if (c->folder.n == 0)
		p->a.outer = p->base;
	else if ((err = source_sub_new(p->base, p->prefix, &p->a.outer)) !=
		 ERR_OK)
		return err;
	p->a.kind = c->kind;
	err = c->kind->open(&p->a, p->a.outer, o, n, why);
	if (err != ERR_OK)
		forget_kind(p);
	return err;
}

static enum err
nothing_known(struct why *why)
{
	struct buf kinds;
	enum err err;

	buf_init(&kinds, sizeof(why->text));
	for (size_t i = 0; acquisition_kinds[i] != NULL; i++) {
		const struct acquisition_kind *k = acquisition_kinds[i];

		buf_printf(&kinds, "%s%s (%s)", i > 0 ? ", " : "", k->name,
		    k->summary);
	}
	err = why_set(why, ERR_FORMAT,
	    "holds no acquisition of a known kind, nor does one folder right "
	    "below it. Known are: %s",
	    buf_cstr(&kinds));
	buf_done(&kinds);
	return err;
}

/* One level down, when all of base is none or cannot be used. */
static enum err
open_below(struct opened *p, const struct candidate *all, enum err before,
    const struct acquire_options *o, const struct notes *n, struct why *why)
{
	struct level l = { .sure = 0 };
	struct why own = { "" };
	enum err err;

	buf_init(&l.names, sizeof(why->text) / 2);
	probe_folders(p->base, &l);
	if (l.sure == 1 || (l.sure == 0 && l.best.score > all->score))
		err = open_candidate(p, &l.best, o, n, &own);
	else if (before != ERR_OK)
		err = before;
	else if (l.sure > 1)
		err = why_set(&own, ERR_USAGE,
		    "holds several acquisitions: %s. Name one of them",
		    buf_cstr(&l.names));
	else if (all->score > 0)
		err = open_candidate(p, all, o, n, &own);
	else
		err = nothing_known(&own);
	buf_done(&l.names);
	/* What was wrong with all of it says more than what is below. */
	if (err != ERR_OK && before != ERR_OK)
		return before;
	if (err != ERR_OK && why != NULL)
		*why = own;
	return err;
}

static enum err
open_kind(struct opened *p, const struct acquire_options *o,
    const struct notes *n, struct why *why)
{
	struct candidate all = { .score = 0 };
	enum err err;

	probe(p->base, &all);
	if (all.score < ACQUISITION_SURE)
		return open_below(p, &all, ERR_OK, o, n, why);
	err = open_candidate(p, &all, o, n, why);
	if (err != ERR_FORMAT)
		return err;
	return open_below(p, &all, err, o, n, why);
}

enum err
acquisition_open(const char *path, const struct acquire_options *o,
    const struct notes *n, struct why *why, struct acquisition **out)
{
	struct opened *p = opened_new();
	struct why text = { "" };
	enum err err;

	err = open_base(p, path, o, n, &text);
	if (err == ERR_OK)
		err = open_kind(p, o, n, &text);
	if (err == ERR_OK) {
		*out = &p->a;
		return ERR_OK;
	}
	acquisition_free(&p->a);
	return why_set(why, err, "%s: %s", path,
	    text.text[0] != '\0' ? text.text : err_text(err));
}

/* Asks for what is below prefix, with the names that are used there. */
struct below {
	const char *prefix;
	const struct source_want *want;
};

static bool
below_want(void *arg, struct str path, uint64_t size)
{
	const struct below *b = arg;
	size_t n = strlen(b->prefix);

	return str_starts(path, b->prefix) &&
	       b->want->fn(b->want->arg, str_sub(path, n, path.n), size);
}

enum err
acquisition_again(struct acquisition *a, const struct source_want *want,
    const struct notes *n)
{
	struct opened *p = (struct opened *)a;
	struct below b = { .prefix = p->prefix, .want = want };
	struct source_want all = { .fn = below_want, .arg = &b };

	if (!p->archive)
		return ERR_OK;
	return source_archive_again(p->base, &all, n);
}

enum err
acquisition_hash(const char *path, struct acquisition *a,
    uint8_t out[static SHA256_SIZE], struct why *why)
{
	struct opened *p = (struct opened *)a;
	struct why own = { "" };
	enum err err;

	if ((err = source_hash(p->base, NULL, &own, out)) == ERR_OK)
		return ERR_OK;
	return why_set(why, err, "%s: %s", path,
	    own.text[0] != '\0' ? own.text : err_text(err));
}
