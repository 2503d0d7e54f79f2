#include "check_args.h"

#include <stdlib.h>
#include <string.h>

#include "artifact.h"
#include "detector.h"

#define WORKERS_MAX 256

/* clang-format off */
const struct cmd_option check_options_table[] = {
	{ 'i', "indicators", "FILE|DIR", "more indicators (STIX 2.1)" },
	{ 'r', "rules", "FILE|DIR", "more rules: not in this version" },
	{ 'o', "output", "DIR", "write the reports below DIR" },
	{ 'f', "format", "text|json", "of standard output (text)" },
	{ 'j', "jobs", "N", "workers at a time (one a core)" },
	PASSWORD_OPTIONS,
	{ 0, "consent", "FILE", "the owner's consent record" },
	{ 0, "label", "NAME", "name of the phone in reports" },
	{ 0, "group", "GROUP", "what the phone belongs to" },
	{ 0, "fleet", "DB", "add to a fleet: not in this version" },
	{ 0, "baseline", "DB", "compare with a fleet: not in this version" },
	{ 0, "artifact", "ID", "read only this one; may be repeated" },
	{ 0, "detector", "ID", "use only this one; may be repeated" },
	{ 0, "keep-records", NULL, "records.sqlite below -o (scope keep)" },
	{ 0, "timeline", "WHICH", "findings (an hour around each), full, none" },
	{ 0, "include-content", NULL, "messages and names, too, in reports" },
	{ 0, "force", NULL, "replace a result that stands in -o DIR" },
	{ 0, "progress", "json", "progress as one JSON object a second" },
	{ 0, "no-default-rules", NULL, "without the shipped rules" },
	{ 0, "no-default-indicators", NULL, "without the shipped indicators" },
	{ 0, NULL, NULL, NULL },
};
/* clang-format on */

/* One of the words that an option knows; false after a message. */
static bool
read_word(const struct cmd *c, const struct cmd_option *o, const char *arg,
    const char *const *words, size_t *out)
{
	for (size_t i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], arg) == 0) {
			*out = i;
			return true;
		}
	}
	cmd_error(c, "--%s %s: must be %s%s%s%s%s", o->name, arg, words[0],
	    words[1] ? (words[2] ? ", " : " or ") : "",
	    words[1] ? words[1] : "", words[1] && words[2] ? " or " : "",
	    words[1] && words[2] ? words[2] : "");
	return false;
}

static bool
read_workers(const struct cmd *c, const char *arg, unsigned *out)
{
	unsigned long v = 0;

	for (const char *s = arg; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' || v > WORKERS_MAX) {
			v = 0;
			break;
		}
		v = v * 10 + (unsigned long)(*s - '0');
	}
	if (v == 0 || v > WORKERS_MAX) {
		cmd_error(c, "--jobs %s: must be a number from 1 to %d", arg,
		    WORKERS_MAX);
		return false;
	}
	*out = (unsigned)v;
	return true;
}

static bool
read_artifact(const struct cmd *c, const char *arg)
{
	if (artifact_by_name(arg) != NULL)
		return true;
	cmd_error(c,
	    "--artifact %s: there is none of that name, see "
	    "`telassay list artifacts`",
	    arg);
	return false;
}

static bool
read_detector(const struct cmd *c, const char *arg)
{
	for (size_t i = 0; detectors[i] != NULL; i++)
		if (strcmp(detectors[i]->name, arg) == 0)
			return true;
	cmd_error(
	    c, "--detector %s: there is none of that name. Known are:", arg);
	for (size_t i = 0; detectors[i] != NULL; i++)
		cmd_error(
		    c, "  %s  %s", detectors[i]->name, detectors[i]->summary);
	return false;
}

static bool
refuse(const struct cmd *c, const struct cmd_option *o)
{
	cmd_error(c, "--%s: this version cannot do that yet", o->name);
	return false;
}

/* Options that are words or numbers of their own kind. */
static bool
read_choice(struct check_args *a, const struct cmd *c,
    const struct cmd_option *o, const char *arg)
{
	static const char *const formats[] = { "text", "json", NULL };
	static const char *const progress[] = { "json", NULL };
	static const char *const timelines[] = { "findings", "full", "none",
		NULL };
	size_t i = 0;

	if (strcmp(o->name, "format") == 0) {
		if (!read_word(c, o, arg, formats, &i))
			return false;
		a->json = i == 1;
	} else if (strcmp(o->name, "timeline") == 0) {
		if (!read_word(c, o, arg, timelines, &i))
			return false;
		a->timeline = (enum check_timeline)i;
	} else if (strcmp(o->name, "progress") == 0) {
		if (!read_word(c, o, arg, progress, &i))
			return false;
		a->progress_json = true;
	} else if (strcmp(o->name, "jobs") == 0) {
		return read_workers(c, arg, &a->workers);
	} else if (strcmp(o->name, "artifact") == 0) {
		a->artifacts[a->nartifacts++] = arg;
		return read_artifact(c, arg);
	} else if (strcmp(o->name, "detector") == 0) {
		a->detectors[a->ndetectors++] = arg;
		return read_detector(c, arg);
	} else {
		return refuse(c, o);
	}
	return true;
}

static bool
read_option(struct check_args *a, const struct cmd *c,
    const struct cmd_option *o, const char *arg)
{
	const struct {
		const char *name;
		const char **value;
		bool *set;
		bool to;
	} plain[] = {
		{"output",		    &a->dir,     NULL,		   false},
		{ "consent",		     &a->consent, NULL,			false},
		{ "label",		   &a->label,   NULL,		    false},
		{ "group",		   &a->group,   NULL,		    false},
		{ "keep-records",	  NULL,	&a->keep_records,	  true },
		{ "include-content",	     NULL,	   &a->content,		true },
		{ "force",		   NULL,	 &a->force,		    true },
		{ "no-default-rules",      NULL,	    NULL,			  true }, /* there are none */
		{ "no-default-indicators", NULL,	 &a->default_indicators,
		    false							       },
	};

	if (password_option(&a->password, o, arg))
		return true;
	if (strcmp(o->name, "indicators") == 0) {
		a->indicators[a->nindicators++] = arg;
		return true;
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (strcmp(o->name, plain[i].name) != 0)
			continue;
		if (plain[i].value != NULL)
			*plain[i].value = arg;
		if (plain[i].set != NULL)
			*plain[i].set = plain[i].to;
		return true;
	}
	return read_choice(a, c, o, arg);
}

/* What goes together and what does not. */
static bool
is_sound(const struct check_args *a, const struct cmd *c)
{
	if (a->npaths == 0)
		cmd_error(c, "an acquisition is needed: a folder or an archive "
			     "of a backup");
	else if (a->keep_records && a->dir == NULL)
		cmd_error(c, "--keep-records needs -o DIR, where they go");
	else if (a->keep_records && a->consent == NULL)
		cmd_error(c, "--keep-records needs --consent FILE with the "
			     "scope keep: records are the phone's contents");
	else if (a->label != NULL && a->label[0] == '\0')
		cmd_error(c, "--label: an empty name");
	else
		return true;
	return false;
}

bool
check_args_read(
    struct check_args *a, const struct cmd *c, int argc, char **argv)
{
	const struct cmd_option *o;
	struct cmd_args args;
	const char *arg;
	size_t n = (size_t)argc + 1;

	*a = (struct check_args){ .timeline = TIMELINE_FINDINGS,
		.default_indicators = true };
	a->paths = calloc(4 * n, sizeof(*a->paths));
	if (a->paths == NULL)
		abort();
	a->indicators = a->paths + n;
	a->artifacts = a->indicators + n;
	a->detectors = a->artifacts + n;
	cmd_args_init(&args, c, argc, argv);
	while ((o = cmd_next(&args, &arg)) != NULL || arg != NULL) {
		if (o == NULL)
			a->paths[a->npaths++] = arg;
		else if (!read_option(a, c, o, arg))
			return false;
	}
	return is_sound(a, c);
}

void
check_args_done(struct check_args *a)
{
	password_wipe(&a->password);
	free(a->paths);
}
