#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acquisition.h"
#include "cmd.h"
#include "glob.h"
#include "outdir.h"
#include "password.h"
#include "utf8.h"

/*
 * Copies files out of an acquisition, decrypted or unpacked, for other tools.
 * It reads in its own process, unlike `check`: contents are only copied, never
 * parsed, and what lists them (the manifest, the archive) is read by the same
 * bounded code. The process has no network and cannot start another.
 */
extern const struct cmd cmd_extract;

enum { EXIT_SOME_UNREADABLE = 3, EXIT_NO_ACQUISITION = 4 };

struct extract {
	const char *acquisition, *dest;
	const char **globs;
	size_t nglobs;
	bool force;
	struct password password;

	struct outdir out;
	const char *current; /* file that notes are about; NULL: all of it */
	bool lossy;	     /* a note on it says that something is missing */
	unsigned repeats[NOTE_COUNT];
	uint64_t written, damaged, existing, unreadable, unwritten, links;
	uint64_t bytes;
};

/* One line on stderr with names made harmless for a terminal. */
static void
say(const char *path, const char *text, const char *detail)
{
	struct buf b;

	buf_init(&b, 4 * LIMIT_PATH);
	if (path != NULL)
		utf8_put_visible(&b, str_from(path));
	buf_puts(&b, path != NULL ? ": " : "");
	buf_puts(&b, text);
	if (detail != NULL) {
		buf_puts(&b, " (");
		utf8_put_visible(&b, str_from(detail));
		buf_puts(&b, ")");
	}
	fprintf(stderr, "telassay extract: %s\n", buf_cstr(&b));
	buf_done(&b);
}

static void
on_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	struct extract *x = arg;

	(void)off;
	if (note_infos[id].effect != NOTE_EFFECT_NONE)
		x->lossy = true;
	if (++x->repeats[id] > LIMIT_NOTES_PER_FILE)
		return;
	say(x->current, note_infos[id].text, detail);
}

/* Starts the notes of another file; tells how many were held back. */
static void
next_notes(struct extract *x, const char *path)
{
	for (size_t i = 0; i < NOTE_COUNT; i++) {
		char more[64];

		if (x->repeats[i] <= LIMIT_NOTES_PER_FILE)
			continue;
		(void)snprintf(more, sizeof(more), "%u times more",
		    x->repeats[i] - LIMIT_NOTES_PER_FILE);
		say(x->current, note_infos[i].text, more);
	}
	memset(x->repeats, 0, sizeof(x->repeats));
	x->current = path;
	x->lossy = false;
}

static bool
is_wanted(void *arg, struct str path, uint64_t size)
{
	const struct extract *x = arg;

	(void)size;
	for (size_t i = 0; i < x->nglobs; i++)
		if (glob_match(x->globs[i], path))
			return true;
	return x->nglobs == 0;
}

static void
extract_entry(struct extract *x, struct acquisition *a, const struct entry *e)
{
	struct notes n = { .fn = on_note, .arg = x };
	struct file *f = NULL;
	enum outdir_result r;
	enum err err;

	next_notes(x, e->path.p);
	if (outdir_has(&x->out, e->path)) {
		x->existing++;
		return;
	}
	if ((err = source_open(a->source, e, &n, &f)) != ERR_OK) {
		x->unreadable++;
		if (!x->lossy) /* no note has named the cause */
			say(e->path.p, err_text(err), NULL);
		return;
	}
	r = outdir_write(&x->out, e->path, e->mtime_ns, f);
	if (r == OUTDIR_WRITTEN) {
		x->written++;
		x->bytes += f->size;
		if (x->lossy)
			x->damaged++;
	} else if (r == OUTDIR_EXISTS) {
		x->existing++;
	} else if (r == OUTDIR_READ) {
		x->unreadable++;
		say(e->path.p, err_text(ERR_IO), NULL);
	} else {
		x->unwritten++;
		say(e->path.p, "could not be written", strerror(errno));
	}
	file_free(f);
}

static bool
extract_all(struct extract *x, struct acquisition *a)
{
	bool any = false;

	for (size_t i = 0; i < a->source->count; i++) {
		const struct entry *e = &a->source->entries[i];

		if (e->type == ENTRY_DIR || !is_wanted(x, e->path, e->size))
			continue;
		any = true;
		if (e->type == ENTRY_FILE)
			extract_entry(x, a, e);
		else
			x->links++;
	}
	next_notes(x, NULL);
	return any;
}

static void
on_progress(void *arg, const char *what, uint64_t done, uint64_t total)
{
	(void)arg;
	fprintf(stderr, "\r%s: %3u %%%s", what,
	    (unsigned)(total > 0 ? done * 100 / total : 0),
	    done == total ? "\r\033[K" : "");
	fflush(stderr);
}

static enum err
open_acquisition(struct extract *x, struct why *why, struct acquisition **out)
{
	struct notes n = { .fn = on_note, .arg = x };
	struct acquire_options o = {
		.want = {.fn = is_wanted, .arg = x},
		.progress = isatty(STDERR_FILENO) ? on_progress : NULL,
	};
	bool given = x->password.has_text || x->password.has_key;
	enum err err;

	if (x->password.has_text) {
		o.password = x->password.text;
		o.password_len = x->password.len;
	}
	if (x->password.has_key)
		o.key = x->password.key;
	next_notes(x, NULL);
	err = acquisition_open(x->acquisition, &o, &n, why, out);
	if (err != ERR_AUTH || given ||
	    !password_ask(&x->password, x->acquisition))
		return err;
	return open_acquisition(x, why, out);
}

static int
exit_code(enum err err)
{
	return err == ERR_FORMAT || err == ERR_LIMIT ? EXIT_NO_ACQUISITION
						     : EXIT_USAGE;
}

static int
summary(const struct extract *x)
{
	printf("extracted %llu files (%llu bytes) to %s",
	    (unsigned long long)x->written, (unsigned long long)x->bytes,
	    x->dest);
	if (x->damaged > 0)
		printf("; %llu of them damaged or incomplete",
		    (unsigned long long)x->damaged);
	if (x->existing > 0)
		printf("; %llu exist already and were left alone (--force "
		       "replaces them)",
		    (unsigned long long)x->existing);
	if (x->links > 0)
		printf("; %llu links and special files left out",
		    (unsigned long long)x->links);
	if (x->unreadable > 0)
		printf("; %llu could not be read",
		    (unsigned long long)x->unreadable);
	if (x->unwritten > 0)
		printf("; %llu could not be written",
		    (unsigned long long)x->unwritten);
	putchar('\n');
	if (x->existing > 0 || x->unwritten > 0)
		return EXIT_USAGE;
	if (x->unreadable > 0 || x->damaged > 0)
		return EXIT_SOME_UNREADABLE;
	return EXIT_SUCCESS;
}

/*
 * Whatever a hostile acquisition may do to this process: it makes no
 * connection and starts no program.
 */
static bool
shut_off(void)
{
	static const int denied[] = { SCMP_SYS(socket), SCMP_SYS(socketpair),
		SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
		SCMP_SYS(execve), SCMP_SYS(execveat),
		SCMP_SYS(io_uring_setup) };
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	bool ok = f != NULL;

	for (size_t i = 0; ok && i < sizeof(denied) / sizeof(*denied); i++)
		ok = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), denied[i], 0) ==
		     0;
	ok = ok && seccomp_load(f) == 0;
	seccomp_release(f);
	return ok;
}

static int
extract(struct extract *x)
{
	struct why why = { "" };
	struct acquisition *a;
	enum err err;
	int code;

	if (!shut_off())
		say(NULL, note_infos[NOTE_WORKER_SANDBOX].text, "seccomp");
	if ((err = open_acquisition(x, &why, &a)) != ERR_OK) {
		say(NULL, why.text, NULL);
		return exit_code(err);
	}
	password_wipe(&x->password);
	if (!outdir_init(&x->out, x->dest, x->force)) {
		say(x->dest, "cannot be made or opened", strerror(errno));
		code = EXIT_USAGE;
	} else if (outdir_is_below(&x->out, x->acquisition)) {
		say(x->dest,
		    "lies inside the acquisition, which is evidence: "
		    "nothing is written there",
		    NULL);
		code = EXIT_USAGE;
	} else if (!extract_all(x, a) && x->nglobs > 0) {
		say(x->acquisition, "has no file that matches --glob", NULL);
		code = EXIT_USAGE;
	} else {
		code = summary(x);
	}
	outdir_done(&x->out);
	acquisition_free(a);
	return code;
}

/* False after a message. */
static bool
parse(struct extract *x, int argc, char **argv)
{
	const struct cmd_option *o;
	struct cmd_args args;
	const char *arg;

	cmd_args_init(&args, &cmd_extract, argc, argv);
	while ((o = cmd_next(&args, &arg)) != NULL || arg != NULL) {
		if (o == NULL && x->acquisition == NULL)
			x->acquisition = arg;
		else if (o == NULL && x->dest == NULL)
			x->dest = arg;
		else if (o == NULL)
			break;
		else if (password_option(&x->password, o, arg))
			continue;
		else if (strcmp(o->name, "force") == 0)
			x->force = true;
		else
			x->globs[x->nglobs++] = arg;
	}
	if (x->dest != NULL && arg == NULL)
		return password_read(&x->password, &cmd_extract);
	cmd_error(&cmd_extract,
	    "needs an acquisition and a folder to write to, nothing else");
	return false;
}

static int
extract_run(int argc, char **argv)
{
	struct extract x = { .out.fd = -1, .out.last_fd = -1 };
	int code = EXIT_USAGE;

	x.globs = calloc((size_t)argc + 1, sizeof(*x.globs));
	if (x.globs == NULL)
		abort();
	if (parse(&x, argc, argv))
		code = extract(&x);
	password_wipe(&x.password);
	free(x.globs);
	return code;
}

static const struct cmd_option options[] = {
	{'g',     "glob", "GLOB",
	    "only files that match; may be given more than once" },
	PASSWORD_OPTIONS,
	{ 0, "force", NULL, "replace files that exist" },
	{ 0	    },
};

const struct cmd cmd_extract = {
	.name = "extract",
	.usage =
	    "ACQUISITION DEST [--glob GLOB]... " PASSWORD_USAGE " [--force]",
	.summary = "copies files out of an acquisition, decrypted or unpacked",
	.help = "Writes DEST/DOMAIN/relative path for backups and DEST/path "
		"for others, for use with\nother tools. In a GLOB, * matches "
		"within a folder and ** any number of folders.\nParts of names "
		"that could lead out of DEST or confuse a terminal are written "
		"as %xx.\n\nexit: 0 all written, 2 usage, password or writing, "
		"3 some could not be read or are\ndamaged (named on stderr), 4 "
		"no acquisition",
	.options = options,
	.run = extract_run,
};
