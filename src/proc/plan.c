#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glob.h"
#include "limits.h"

/* Small files of one artifact share a worker when there are this many. */
#define BATCH_FROM  ((size_t)32)
#define BATCH_FILES ((size_t)64)
#define BATCH_SMALL ((uint64_t)256 << 10)
#define BATCH_BYTES ((uint64_t)4 << 20)

/* What the list of files itself weighs, an entry. */
#define LISTING_ENTRY ((uint64_t)256)

bool
plan_in_kind(const struct artifact *a, unsigned kind)
{
	for (const struct artifact_place *p = a->places; p->kinds != 0; p++)
		if (p->kinds & kind)
			return true;
	return false;
}

bool
plan_is_wanted(const struct artifact *a, const char *const *only)
{
	if (only == NULL)
		return true;
	for (; *only != NULL; only++)
		if (strcmp(*only, a->schema.name) == 0)
			return true;
	return false;
}

const char *const *
plan_siblings(const struct artifact *a)
{
	static const char *const logs[] = { "-wal", "-journal", NULL };

	return a->siblings != NULL ? a->siblings : logs;
}

/* The literal text behind the last wildcard of glob. */
static struct str
glob_tail(const char *glob)
{
	struct str g = str_from(glob);
	size_t at = g.n;

	while (at > 0 && g.p[at - 1] != '*' && g.p[at - 1] != '?')
		at--;
	return str_sub(g, at, g.n);
}

static bool
has_tail(struct str path, struct str tail)
{
	return path.n >= tail.n &&
	       memcmp(path.p + (path.n - tail.n), tail.p, tail.n) == 0;
}

/* The first entry that does not stand before prefix, in byte order. */
static size_t
lower_bound(const struct source *s, struct str prefix)
{
	size_t lo = 0, hi = s->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (str_cmp(s->entries[mid].path, prefix) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool
has_prefix(struct str path, struct str prefix)
{
	return str_eq(str_sub(path, 0, prefix.n), prefix);
}

static void
add_file(struct plan *p, struct plan_file f)
{
	if (p->nfiles - p->floor >= LIMIT_PLAN_FILES) {
		p->left_out++;
		return;
	}
	if (p->nfiles == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 64;
		p->files = realloc(p->files, p->cap * sizeof(*p->files));
		if (p->files == NULL)
			abort();
	}
	p->files[p->nfiles++] = f;
}

/* All files that one glob matches; cheap tests first: there may be millions. */
static void
add_matches(
    struct plan *p, struct source *s, const char *glob, uint32_t artifact)
{
	struct str prefix = str_sub(str_from(glob), 0, glob_prefix(glob));
	struct str tail = glob_tail(glob);

	for (size_t i = lower_bound(s, prefix);
	     i < s->count && has_prefix(s->entries[i].path, prefix); i++) {
		const struct entry *e = &s->entries[i];
		uint64_t size = 0;

		if (e->type != ENTRY_FILE || !has_tail(e->path, tail) ||
		    !glob_match(glob, e->path))
			continue;
		/* Whether it is there at all is seen when it is opened. */
		(void)source_size(s, e, &size);
		add_file(p, (struct plan_file){ .artifact = artifact,
				.entry = (uint32_t)i,
				.size = size });
	}
}

static int
file_cmp(const void *pa, const void *pb)
{
	const struct plan_file *a = pa, *b = pb;

	if (a->artifact != b->artifact)
		return a->artifact < b->artifact ? -1 : 1;
	return a->entry < b->entry ? -1 : a->entry > b->entry;
}

/* Sorts, and drops what two globs of one artifact matched. */
static void
sort_files(struct plan *p)
{
	size_t n = 0;

	if (p->nfiles == 0)
		return;
	qsort(p->files, p->nfiles, sizeof(*p->files), file_cmp);
	for (size_t i = 1; i < p->nfiles; i++)
		if (file_cmp(&p->files[n], &p->files[i]) != 0)
			p->files[++n] = p->files[i];
	p->nfiles = n + 1;
}

static size_t
count_small(const struct plan *p, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += p->files[i].size <= BATCH_SMALL;
	return n;
}

/* How many files from `from` on make one job; small: batches are made. */
static size_t
batch_length(const struct plan *p, size_t from, size_t to, bool small)
{
	uint64_t bytes = 0;
	size_t n = 0;

	while (small && from + n < to && n < BATCH_FILES &&
	       p->files[from + n].size <= BATCH_SMALL && bytes < BATCH_BYTES)
		bytes += p->files[from + n++].size;
	return n ? n : 1;
}

static void
add_jobs(struct plan *p, size_t from, size_t to)
{
	bool small = count_small(p, from, to) >= BATCH_FROM;

	while (from < to) {
		size_t n = batch_length(p, from, to, small);
		struct plan_job *j = &p->jobs[p->njobs++];

		*j = (struct plan_job){ .first = (uint32_t)from,
			.nfiles = (uint32_t)n };
		for (size_t i = from; i < from + n; i++)
			if (p->files[i].size <= UINT64_MAX - j->size)
				j->size += p->files[i].size;
		from += n;
	}
}

/* Files stand in order of artifact and path, so `first` ends any tie. */
static int
job_cmp(const void *pa, const void *pb)
{
	const struct plan_job *a = pa, *b = pb;

	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

/* Everything that one artifact reads. */
static void
add_artifact(struct plan *p, struct source *s, unsigned kind, uint32_t i)
{
	const struct artifact *a = artifacts[i];

	p->floor = p->nfiles;
	p->left_out = 0;
	if (a->listing) {
		add_file(p, (struct plan_file){ .artifact = i,
				.entry = PLAN_LISTING,
				.size = LISTING_ENTRY * s->count });
		return;
	}
	for (const struct artifact_place *l = a->places; l->kinds != 0; l++)
		if (l->kinds & kind)
			add_matches(p, s, l->glob, i);
}

static void
make_jobs(struct plan *p)
{
	p->jobs = calloc(p->nfiles + 1, sizeof(*p->jobs));
	if (p->jobs == NULL)
		abort();
	for (size_t i = 0, to; i < p->nfiles; i = to) {
		for (to = i; to < p->nfiles &&
			     p->files[to].artifact == p->files[i].artifact;)
			to++;
		add_jobs(p, i, to);
	}
	if (p->njobs > 0)
		qsort(p->jobs, p->njobs, sizeof(*p->jobs), job_cmp);
}

void
plan_make(struct plan *p, struct source *s, unsigned kind,
    const char *const *only, const struct notes *n)
{
	*p = (struct plan){ 0 };
	for (uint32_t i = 0; artifacts[i] != NULL; i++) {
		if (!plan_in_kind(artifacts[i], kind) ||
		    !plan_is_wanted(artifacts[i], only))
			continue;
		add_artifact(p, s, kind, i);
		if (p->left_out > 0)
			note_why(n, NOTE_READ_LIMIT, 0,
			    "%s: %zu files are more than are read",
			    artifacts[i]->schema.name,
			    LIMIT_PLAN_FILES + p->left_out);
	}
	sort_files(p);
	make_jobs(p);
}

void
plan_done(struct plan *p)
{
	free(p->files);
	free(p->jobs);
	*p = (struct plan){ 0 };
}

/* path, or what is left of it behind some '/', matches. */
static bool
match_somewhere(const char *glob, struct str path)
{
	for (size_t at = 0;; at++) {
		struct str rest = str_sub(path, at, path.n);

		if (glob_match(glob, rest))
			return true;
		at += str_find(rest, '/');
		if (at >= path.n)
			return false;
	}
}

bool
plan_may_want(struct str path, const char *const *only)
{
	for (size_t i = 0; artifacts[i] != NULL; i++) {
		const struct artifact *a = artifacts[i];
		const char *const *sib = plan_siblings(a);

		if (!plan_is_wanted(a, only))
			continue;
		for (const struct artifact_place *l = a->places; l->kinds != 0;
		     l++) {
			struct str tail = glob_tail(l->glob), cut;

			if (has_tail(path, tail) &&
			    match_somewhere(l->glob, path))
				return true;
			for (size_t k = 0; sib[k] != NULL; k++) {
				if (!str_ends(path, sib[k]))
					continue;
				cut = str_sub(path, 0, path.n - strlen(sib[k]));
				if (has_tail(cut, tail) &&
				    match_somewhere(l->glob, cut))
					return true;
			}
		}
	}
	return false;
}

bool
plan_app_present(const struct artifact *a, const struct source *s)
{
	char prefix[256];
	struct str want = { .p = prefix };
	size_t at;
	int n;

	if (a->app_bundle_id == NULL)
		return false;
	n = snprintf(prefix, sizeof(prefix), "AppDomain-%s/", a->app_bundle_id);
	if (n < 0 || (size_t)n >= sizeof(prefix))
		return false;
	want.n = (size_t)n;
	at = lower_bound(s, want);
	return at < s->count && has_prefix(s->entries[at].path, want);
}

const char **
plan_known(unsigned kinds)
{
	size_t n = 0;
	const char **v;

	for (size_t i = 0; artifacts[i] != NULL; i++)
		for (const struct artifact_place *l = artifacts[i]->places;
		     l->kinds != 0; l++)
			n++;
	v = calloc(n + 1, sizeof(*v));
	if (v == NULL)
		abort();
	n = 0;
	for (size_t i = 0; artifacts[i] != NULL; i++)
		for (const struct artifact_place *l = artifacts[i]->places;
		     l->kinds != 0; l++)
			if ((l->kinds & kinds) &&
			    l->glob[glob_prefix(l->glob)] == '\0')
				v[n++] = l->glob;
	return v;
}
