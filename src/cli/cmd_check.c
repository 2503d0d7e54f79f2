#include "check_args.h"

#include <errno.h>
#include <linux/limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "check_progress.h"
#include "cmd.h"
#include "consent.h"
#include "records_db.h"
#include "sink.h"
#include "verdict.h"

extern const struct cmd cmd_check;

/* Everything that all acquisitions of one call share. */
struct session {
	struct check_args args;
	struct indicators *indicators;
	bool default_indicators; /* the shipped ones were loaded and are used */
	struct detect_ctx detect;
	struct consent consent;
	bool consent_holds;
	size_t printed; /* reports on standard output so far */
};

static volatile sig_atomic_t stop_signal;

static void
on_signal(int sig)
{
	stop_signal = sig;
}

/* A check is ended in order: no half outputs, no process left behind. */
static void
catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction a = { .sa_handler = on_signal }, old;

	sigemptyset(&a.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigaction(signals[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			(void)sigaction(signals[i], &a, NULL);
}

static int64_t
now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool
is_chosen(const struct check_args *a, const struct detector *d)
{
	if (a->ndetectors == 0)
		return d->on;
	for (size_t i = 0; i < a->ndetectors; i++)
		if (strcmp(a->detectors[i], d->name) == 0)
			return true;
	return false;
}

static void
choose_detectors(struct session *s)
{
	for (size_t i = 0; detectors[i] != NULL; i++) {
		bool indicators = strcmp(detectors[i]->name, "indicators") == 0;

		s->detect.enabled[i] = is_chosen(&s->args, detectors[i]);
		if (indicators)
			s->detect.state[i] = s->indicators;
		if (indicators && !s->detect.enabled[i])
			s->default_indicators = false;
	}
}

/* False after a message. Without the shipped sets a check goes on, and says so. */
static bool
load_indicators(struct session *s)
{
	const char *const *skipped;
	struct why why;
	size_t n;

	s->indicators = indicators_new();
	if (s->args.default_indicators) {
		s->default_indicators =
		    indicators_load_shipped(s->indicators, &why) == ERR_OK;
		if (!s->default_indicators)
			cmd_error(&cmd_check,
			    "going on without the shipped indicators: %s",
			    why.text);
	}
	for (size_t i = 0; i < s->args.nindicators; i++) {
		if (indicators_load(s->indicators, s->args.indicators[i], false,
			&why) != ERR_OK) {
			cmd_error(&cmd_check, "%s", why.text);
			return false;
		}
	}
	n = indicators_skipped(s->indicators, &skipped);
	for (size_t i = 0; i < n; i++)
		cmd_error(&cmd_check,
		    "%s: skipped, its name is not that of a "
		    "STIX file",
		    skipped[i]);
	indicators_seal(s->indicators);
	return true;
}

static bool
load_consent(struct session *s)
{
	struct why why;

	if (s->args.consent == NULL)
		return true;
	if (consent_load(s->args.consent, &s->consent, &why) != ERR_OK ||
	    !consent_allows(&s->consent, CONSENT_CHECK, now_ns(), &why) ||
	    (s->args.keep_records &&
		!consent_allows(&s->consent, CONSENT_KEEP, now_ns(), &why))) {
		cmd_error(&cmd_check, "%s", why.text);
		return false;
	}
	s->consent_holds = true;
	return true;
}

/* The last name of a path, however it is written; never empty. */
static const char *
name_of(const char *path, char buf[static PATH_MAX])
{
	const char *name;

	if (realpath(path, buf) == NULL)
		(void)snprintf(buf, PATH_MAX, "%s", path);
	name = strrchr(buf, '/');
	name = name != NULL ? name + 1 : buf;
	return name[0] != '\0' ? name : "acquisition";
}

/*
 * Where acquisition i goes: -o DIR itself, or of several a folder in it by
 * name and number. Nothing in a name leads out of DIR.
 */
static bool
dir_of(const struct session *s, size_t i, char out[static PATH_MAX])
{
	char buf[PATH_MAX], name[NAME_MAX + 1];
	const char *label = s->args.label;
	int n;

	if (s->args.npaths == 1) {
		n = snprintf(out, PATH_MAX, "%s", s->args.dir);
		return n >= 0 && n < PATH_MAX;
	}
	if (label == NULL)
		label = name_of(s->args.paths[i], buf);
	n = snprintf(name, sizeof(name) - 24, "%s", label);
	for (char *p = name; *p != '\0'; p++)
		if (*p == '/' || (unsigned char)*p < 0x20)
			*p = '_';
	if (name[0] == '.')
		name[0] = '_';
	n = snprintf(out, PATH_MAX, "%s/%s-%zu", s->args.dir, name, i + 1);
	return n >= 0 && n < PATH_MAX;
}

/* Before any work: no result may be written over. */
static bool
dirs_are_free(const struct session *s)
{
	char dir[PATH_MAX];
	struct why why;

	for (size_t i = 0; s->args.dir != NULL && i < s->args.npaths; i++) {
		if (!dir_of(s, i, dir)) {
			cmd_error(
			    &cmd_check, "-o %s: is too long", s->args.dir);
			return false;
		}
		if (sink_dir_check(dir, s->args.force, &why) != ERR_OK) {
			cmd_error(&cmd_check, "%s", why.text);
			return false;
		}
	}
	return true;
}

static enum err
run_once(struct session *s, const char *path, struct records_db *records,
    struct report *r, struct why *why)
{
	struct check_args *a = &s->args;
	struct show_progress progress = { .path = path,
		.json = a->progress_json,
		.terminal = isatty(STDERR_FILENO) == 1 };
	const struct check_options o = { .path = path,
		.workers = a->workers,
		.password = a->password.has_text ? a->password.text : NULL,
		.password_len = a->password.len,
		.key = a->password.has_key ? a->password.key : NULL,
		.artifacts = a->nartifacts > 0 ? a->artifacts : NULL,
		.detect = &s->detect,
		.indicators = s->indicators,
		.timeline = a->timeline,
		.content = a->content,
		.on_record = records != NULL ? records_db_add : NULL,
		.on_record_arg = records,
		.on_progress = show_progress,
		.on_progress_arg = &progress,
		.stop = &stop_signal };
	enum err e = check_run(&o, r, why);

	show_progress_end(&progress);
	return e;
}

/* The check itself; asks for a password when one is missing. */
static enum err
run(struct session *s, const char *path, struct records_db *records,
    struct report **out, struct why *why)
{
	struct check_args *a = &s->args;
	bool given = a->password.has_text || a->password.has_key;
	enum err e;

	*out = report_new();
	e = run_once(s, path, records, *out, why);
	if (e != ERR_AUTH || given || stop_signal != 0 ||
	    !password_ask(&a->password, path))
		return e;
	report_free(*out);
	*out = report_new();
	e = run_once(s, path, records, *out, why);
	/* The next acquisition may have another one. */
	password_wipe(&a->password);
	return e;
}

/* On standard output; several JSON documents make one array. */
static bool
print(struct session *s, const struct report *r)
{
	const struct sink_options o = { .content = s->args.content,
		.colour =
		    isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == NULL };
	const struct sink *sink = sink_by_name(s->args.json ? "json" : "text");
	bool many = s->args.npaths > 1;

	if (s->args.json && many)
		fputs(s->printed == 0 ? "[\n" : ",\n", stdout);
	else if (s->printed > 0)
		fputc('\n', stdout);
	s->printed++;
	if (sink->write(r, &o, stdout) == ERR_OK && fflush(stdout) == 0)
		return true;
	cmd_error(&cmd_check, "standard output: %s", strerror(errno));
	return false;
}

/* False after a message; then nothing of it is left below dir. */
static bool
write_dir(struct session *s, const char *dir, const struct report *r,
    struct records_db *records)
{
	const struct sink_options o = { .content = s->args.content };
	struct why why;

	if (records != NULL && r->device.sample)
		(void)why_set(&why, ERR_USAGE,
		    "%s: is one of our own sample phones; records of those "
		    "are not kept",
		    r->path);
	else if ((records == NULL ||
		     records_db_finish(records, &why) == ERR_OK) &&
		 sink_dir_write(dir, r, &o, &why) == ERR_OK)
		return true;
	cmd_error(&cmd_check, "%s", why.text);
	return false;
}

static void
complete(struct session *s, const char *path, struct report *r)
{
	char buf[PATH_MAX];
	const char *label =
	    s->args.label != NULL ? s->args.label : name_of(path, buf);

	r->label = arena_strdup(&r->arena, str_from(label));
	r->group = s->args.group;
	r->default_indicators = s->default_indicators;
	r->consent = s->consent_holds;
	r->consent_record = s->consent_holds ? &s->consent : NULL;
	verdict_decide(r);
}

/* One acquisition, from opening it to its last output; its exit code. */
static int
check_one(struct session *s, size_t i)
{
	const char *path = s->args.paths[i];
	struct records_db *records = NULL;
	struct report *r = NULL;
	char dir[PATH_MAX] = "";
	int code = EXIT_USAGE;
	struct why why = { .text = "" };
	enum err e = ERR_OK;

	if (s->args.dir != NULL)
		(void)dir_of(s, i, dir);
	if (s->args.keep_records)
		e = records_db_new(dir, &why, &records);
	if (e == ERR_OK)
		e = run(s, path, records, &r, &why);
	if (stop_signal != 0)
		goto out;
	if (e != ERR_OK)
		cmd_error(&cmd_check, "%s", why.text);
	if (e == ERR_FORMAT) { /* no acquisition: that, too, is a report */
		r->summary = arena_strdup(&r->arena, str_from(why.text));
		records_db_free(records);
		records = NULL;
	} else if (e != ERR_OK) {
		goto out;
	}
	complete(s, path, r);
	if (s->args.dir != NULL && !write_dir(s, dir, r, records))
		goto out;
	if (print(s, r))
		code = verdict_exit_code(r->verdict);
out:
	records_db_free(records);
	report_free(r);
	return code;
}

/* Of two exit codes the one that must not be overlooked. */
static int
graver(int a, int b)
{
	static const int order[] = { 1, 5, 2, 4, 3, 0 };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return EXIT_USAGE;
}

static int
check_all(struct session *s)
{
	int code = 0;

	if (!password_read(&s->args.password, &cmd_check) || !load_consent(s) ||
	    !dirs_are_free(s) || !load_indicators(s))
		return EXIT_USAGE;
	choose_detectors(s);
	catch_signals();
	for (size_t i = 0; i < s->args.npaths && stop_signal == 0; i++)
		code = graver(code, check_one(s, i));
	if (s->args.json && s->args.npaths > 1)
		fputs(s->printed > 0 ? "]\n" : "[]\n", stdout);
	return fflush(stdout) == 0 ? code : graver(code, EXIT_USAGE);
}

static int
check_run_verb(int argc, char **argv)
{
	struct session s = { .printed = 0 };
	int code = EXIT_USAGE;

	if (check_args_read(&s.args, &cmd_check, argc, argv))
		code = check_all(&s);
	indicators_free(s.indicators);
	if (s.args.consent != NULL)
		consent_done(&s.consent);
	check_args_done(&s.args);
	if (stop_signal != 0) {
		cmd_error(&cmd_check, "stopped");
		(void)signal(stop_signal, SIG_DFL);
		(void)raise(stop_signal);
	}
	return code;
}

const struct cmd cmd_check = {
	.name = "check",
	.usage = "ACQUISITION... [-i FILE|DIR]... [-o DIR] [-f text|json] "
		 "[-j N]\n"
		 "    " PASSWORD_USAGE "\n"
		 "    [--consent FILE] [--label NAME] [--group GROUP] "
		 "[--artifact ID]...\n"
		 "    [--detector ID]... [--keep-records] "
		 "[--timeline findings|full|none]\n"
		 "    [--include-content] [--force] [--progress json]\n"
		 "    [--no-default-rules] [--no-default-indicators]",
	.summary = "checks acquisitions of phones and says what was found",
	.help =
	    "An acquisition is an iPhone backup, plain or encrypted: its "
	    "folder, or an archive\nof it (zip, tar, tar.gz, tar.xz, tar.zst). "
	    "It is read in place and never written to.\n\n"
	    "The last line on standard output is \"verdict: WORD - one plain "
	    "sentence\".\n\n"
	    "exit codes: 0 no-known-trace, 1 match, 2 usage, password or "
	    "internal error,\n3 inconclusive, 4 invalid-input, 5 suspicious; "
	    "of several the gravest.",
	.options = check_options_table,
	.run = check_run_verb,
};
