#include <string.h>

#include "matching.h"
#include "path_form.h"

static struct str
text_of(const struct path_form *f)
{
	return (struct str){ .p = f->text, .n = f->n };
}

/* One component against one of a glob: '*' any run of bytes. */
static bool
part_matches(struct str glob, struct str part)
{
	size_t g = 0, p = 0, star = SIZE_MAX, from = 0;

	while (p < part.n) {
		if (g < glob.n && glob.p[g] == '*') {
			star = ++g;
			from = p;
		} else if (g < glob.n && glob.p[g] == part.p[p]) {
			g++;
			p++;
		} else if (star != SIZE_MAX) {
			g = star;
			p = ++from;
		} else {
			return false;
		}
	}
	while (g < glob.n && glob.p[g] == '*')
		g++;
	return g == glob.n;
}

/*
 * Component by component; what the glob names may be a folder that the path
 * goes on below.
 */
static bool
glob_matches(struct str glob, struct str path)
{
	for (;;) {
		size_t g = str_find(glob, '/'), p = str_find(path, '/');

		if (!part_matches(str_sub(glob, 0, g), str_sub(path, 0, p)))
			return false;
		if (g == glob.n)
			return true;
		if (p == path.n)
			return false;
		glob = str_sub(glob, g + 1, glob.n);
		path = str_sub(path, p + 1, path.n);
	}
}

static void
try_glob(struct matching *m, uint32_t value, struct str path)
{
	struct str glob = value_key(&m->x->values, value);

	if (glob.n > 0 && glob.p[0] == '/') {
		if (glob_matches(glob, path))
			found(m, value, HOW_PATTERN);
		return;
	}
	/* A relative one may begin at every component. */
	for (size_t i = 0; i < path.n; i++)
		if ((i == 0 ? path.p[0] != '/' : path.p[i - 1] == '/') &&
		    glob_matches(glob, str_sub(path, i, path.n))) {
			found(m, value, HOW_PATTERN);
			return;
		}
}

/* Globs whose literal folder is head. */
static void
match_globs(struct matching *m, struct str path, uint64_t hash)
{
	const struct chains *c = &m->x->glob_dir;

	for (uint32_t i = chains_first(c, hash); i != 0;
	     i = chains_next(c, hash, i))
		try_glob(m, chains_value(c, i), path);
}

/* The path itself and every folder that it lies in. */
static void
match_folders(struct matching *m, struct str path)
{
	const struct value_table *t = &m->x->values;
	uint64_t h = value_hash_begin(t, KIND_PATH);
	uint64_t g = value_hash_begin(t, KIND_GLOB);
	bool globs = m->x->glob_dir.n > 0;

	if (t->by_kind[KIND_PATH] == 0 && !globs)
		return;
	if (globs)
		match_globs(m, path, value_hash_end(g));
	for (size_t i = 0; i < path.n; i++) {
		uint32_t value;

		h = value_hash_step(h, path.p[i]);
		if (globs)
			g = value_hash_step(g, path.p[i]);
		if (i + 1 < path.n && path.p[i + 1] != '/')
			continue;
		value = value_find_hashed(
		    t, KIND_PATH, str_sub(path, 0, i + 1), value_hash_end(h));
		if (value != VALUE_NOT_THERE)
			found(m, value, i + 1 < path.n ? HOW_BELOW : HOW_EQUAL);
		if (globs && i + 1 < path.n)
			match_globs(m, path, value_hash_end(g));
	}
}

/* Relative paths that were published: they may begin at every component. */
static void
match_tails(struct matching *m, struct str path)
{
	const struct value_table *t = &m->x->values;
	uint64_t h = value_hash_begin(t, KIND_PATH_TAIL);

	if (t->by_kind[KIND_PATH_TAIL] == 0)
		return;
	for (size_t i = path.n; i > 0; i--) {
		uint32_t value;

		h = value_hash_step(h, path.p[i - 1]);
		if (path.p[i - 1] == '/' || (i > 1 && path.p[i - 2] != '/'))
			continue;
		value = value_find_hashed(t, KIND_PATH_TAIL,
		    str_sub(path, i - 1, path.n), value_hash_end(h));
		if (value != VALUE_NOT_THERE)
			found(m, value, i > 1 ? HOW_TAIL : HOW_EQUAL);
	}
}

static void
match_form(struct matching *m, struct str path)
{
	match_folders(m, path);
	match_tails(m, path);
	/* A relative folder that was published: paths below it. */
	if (!m->x->tail_folders)
		return;
	for (size_t i = path.n; i > 1; i--)
		if (path.p[i - 1] == '/')
			match_tails(m, str_sub(path, 0, i - 1));
}

void
match_path(struct matching *m, struct str v)
{
	struct path_form f;

	if (!path_form(v, &f))
		return;
	match_form(m, text_of(&f));
	match_key(m, KIND_FILE_NAME, str_basename(text_of(&f)), HOW_BASENAME);
	match_fuzzy(m, OBS_PATH, text_of(&f));
	match_fuzzy(m, OBS_FILE_NAME, str_basename(text_of(&f)));
}

void
match_file_name(struct matching *m, struct str v)
{
	while (v.n > 1 && v.p[v.n - 1] == '/')
		v.n--;
	match_key(m, KIND_FILE_NAME, str_basename(v),
	    str_find(v, '/') < v.n ? HOW_BASENAME : HOW_EQUAL);
	match_fuzzy(m, OBS_FILE_NAME, str_basename(v));
}
