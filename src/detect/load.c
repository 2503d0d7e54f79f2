#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "indicators_impl.h"
#include "limits.h"

/* A file that is read once: its bytes go to the parser and to the hash. */
struct reading {
	int fd;
	struct sha256 *sum;
	int error; /* errno */
	bool begun;
	uint8_t head[4];
};

static ptrdiff_t
reading_read(void *arg, void *buf, size_t n)
{
	struct reading *r = arg;
	ssize_t got;

	do
		got = read(r->fd, buf, n);
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		r->error = errno;
		return -1;
	}
	if (!r->begun && got > 0)
		memcpy(r->head, buf,
		    (size_t)got < sizeof(r->head) ? (size_t)got
						  : sizeof(r->head));
	r->begun = true;
	sha256_add(r->sum, buf, (size_t)got);
	return got;
}

static void
add_set(struct indicators *x, const char *path, bool shipped)
{
	struct str file = str_basename(str_from(path));
	struct str stem = str_sub(file, 0, str_rfind(file, '.'));
	struct indicator_set *s;

	x->sets = realloc(x->sets, (x->nsets + 1) * sizeof(*x->sets));
	x->more = realloc(x->more, (x->nsets + 1) * sizeof(*x->more));
	if (x->sets == NULL || x->more == NULL)
		abort();
	x->more[x->nsets] = (struct set_more){ 0 };
	s = &x->sets[x->nsets++];
	*s = (struct indicator_set){
		.name = arena_strdup(&x->text, stem.n > 0 ? stem : file),
		.file = arena_strdup(&x->text, file),
		.newest_ns = TSTAMP_NONE,
		.shipped = shipped,
	};
	if (s->name == NULL || s->file == NULL)
		s->name = s->file = "(name not kept)";
}

/* A packed file is common enough to be told apart from a broken one. */
static enum err
packed(const struct reading *r, const char *path, enum err e, struct why *why)
{
	if (e == ERR_FORMAT && (memcmp(r->head, "PK\3\4", 4) == 0 ||
				   memcmp(r->head, "\x1f\x8b", 2) == 0))
		return why_set(
		    why, e, "%s: is a compressed file; unpack it first", path);
	if (e == ERR_IO)
		return why_set(why, e, "%s: %s", path, strerror(r->error));
	return e;
}

enum err
load_bundle(struct indicators *x, const char *path, bool shipped,
    const struct json_in *in, struct why *why)
{
	add_set(x, path, shipped);
	return stix_load(x, path, in, why);
}

static enum err
load_fd(struct indicators *x, int fd, const char *path, bool shipped,
    struct why *why)
{
	struct reading r = { .fd = fd, .sum = sha256_new() };
	struct json_in in = { .read = reading_read, .arg = &r };
	uint8_t digest[SHA256_SIZE];
	enum err e;

	e = load_bundle(x, path, shipped, &in, why);
	sha256_end(r.sum, digest);
	sha256_free(r.sum);
	(void)hex_encode(digest, sizeof(digest), x->sets[x->nsets - 1].sha256);
	return e == ERR_OK ? e : packed(&r, path, e, why);
}

static void
skip(struct indicators *x, const char *path)
{
	x->skipped =
	    realloc(x->skipped, (x->nskipped + 1) * sizeof(*x->skipped));
	if (x->skipped == NULL)
		abort();
	x->skipped[x->nskipped++] = arena_strdup(&x->text, str_from(path));
	if (x->skipped[x->nskipped - 1] == NULL)
		x->skipped[x->nskipped - 1] = "(name not kept)";
}

static bool
is_bundle_name(const char *name)
{
	struct str s = str_from(name);

	return str_ends(s, ".json") || str_ends(s, ".stix") ||
	       str_ends(s, ".stix2");
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name); /* not by locale */
}

static enum err load_path(struct indicators *x, const char *path, bool shipped,
    unsigned depth, struct why *why);

/* One name below a folder; links to folders are not followed. */
static enum err
load_below(struct indicators *x, const char *path, bool shipped, unsigned depth,
    struct why *why)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (depth < LIMIT_INDICATOR_FOLDERS)
			return load_path(x, path, shipped, depth + 1, why);
	} else if (is_bundle_name(path) && stat(path, &st) == 0 &&
		   S_ISREG(st.st_mode)) {
		return load_path(x, path, shipped, depth, why);
	}
	skip(x, path);
	return ERR_OK;
}

static enum err
load_dir(struct indicators *x, const char *path, bool shipped, unsigned depth,
    struct why *why)
{
	struct dirent **names = NULL;
	struct buf full;
	enum err e = ERR_OK;
	int n = scandir(path, &names, NULL, by_name);

	if (n < 0)
		return why_set(why, ERR_IO, "%s: %s", path, strerror(errno));
	buf_init(&full, LIMIT_PATH);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;

		if (e == ERR_OK && name[0] != '.') {
			buf_reset(&full);
			buf_printf(&full, "%s%s%s", path,
			    str_ends(str_from(path), "/") ? "" : "/", name);
			e = full.full ? why_set(why, ERR_LIMIT,
					    "%s: the path is too long", path)
				      : load_below(x, buf_cstr(&full), shipped,
					    depth, why);
		}
		free(names[i]);
	}
	free(names);
	buf_done(&full);
	return e;
}

static enum err
load_path(struct indicators *x, const char *path, bool shipped, unsigned depth,
    struct why *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	enum err e;

	if (fd < 0 || fstat(fd, &st) != 0) {
		e = errno == ENOENT ? ERR_ABSENT : ERR_IO;
		(void)why_set(why, e, "%s: %s", path, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		e = load_dir(x, path, shipped, depth, why);
	} else {
		e = load_fd(x, fd, path, shipped, why);
	}
	if (fd >= 0)
		(void)close(fd);
	return e;
}

enum err
indicators_load(
    struct indicators *x, const char *path, bool shipped, struct why *why)
{
	if (x->sealed)
		return why_set(why, ERR_INTERNAL, "indicators are sealed");
	return load_path(x, path, shipped, 0, why);
}

/* dir/below exists and is a folder. */
static bool
is_folder(const char *dir, const char *below, struct buf *out)
{
	struct stat st;

	buf_reset(out);
	buf_printf(out, "%s%s%s", dir, below[0] ? "/" : "", below);
	return !out->full && stat(buf_cstr(out), &st) == 0 &&
	       S_ISDIR(st.st_mode);
}

/*
 * Beside an installed program, at the place that the build was told, or in
 * the source tree of the build that the program lies in. The environment has
 * no say: whoever sets it must not choose what is looked for.
 */
static bool
find_shipped(struct buf *out)
{
	char exe[LIMIT_PATH];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	struct stat st;
	char *slash;

	exe[n > 0 ? n : 0] = '\0';
	slash = strrchr(exe, '/');
	if (slash == NULL)
		return is_folder(TELASSAY_INDICATORS_DIR, "", out);
	*slash = '\0';
	if (is_folder(exe, "../share/telassay/indicators", out))
		return true;
	buf_reset(out);
	buf_printf(out, "%s/CMakeCache.txt", exe);
	if (stat(buf_cstr(out), &st) == 0 &&
	    is_folder(exe, "../../indicators", out))
		return true;
	return is_folder(TELASSAY_INDICATORS_DIR, "", out);
}

enum err
indicators_load_shipped(struct indicators *x, struct why *why)
{
	struct buf dir;
	enum err e;

	buf_init(&dir, 2 * LIMIT_PATH);
	if (find_shipped(&dir))
		e = indicators_load(x, buf_cstr(&dir), true, why);
	else
		e = why_set(why, ERR_ABSENT,
		    "the indicator sets that belong to the program are not "
		    "there (%s); install it again, or name sets with -i",
		    TELASSAY_INDICATORS_DIR);
	buf_done(&dir);
	return e;
}
