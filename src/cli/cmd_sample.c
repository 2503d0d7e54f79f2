#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "password.h"
#include "sample.h"

enum { MAX_PLANTS = 256, MAX_FORMS = 128 };

struct request {
	struct sample_options o;
	struct sample_plant plants[MAX_PLANTS];
	char *copies[MAX_PLANTS]; /* of their texts */
	size_t ncopies;
	struct password password;
	char text[LIMIT_PASSWORD + 1];
	bool encrypt, list;
	const char *dir, *stix;
};

static const struct cmd_option options[] = {
	{0,					     "seed", "N", "the same number gives the same bytes (1)" },
	{ 0,					  "encrypt", NULL, "an encrypted backup; needs --password-file" },
	{ 0,					    "password-file", "FILE", "the password: the one line in FILE" },
	{ 0,"dpic", "N", "rounds of the first derivation (10000000)" },
	{ 0, "iter", "N", "rounds of the second derivation (10000)" },
	{ 0,					    "os-version", "V", "of the phone (17.5.1)" },
	{ 0,				       "size", "N", "times as many rows of everything (1)" },
	{ 0,					    "messages", "N", "rows of sms.db (200)" },
	{ 0,					     "visits", "N", "rows of Safari's history (150)" },
	{ 0,  "whatsapp", "N", "messages of WhatsApp; 0: not installed (120)" },
	{ 0,					    "calls", "N", "rows of the call history (40)" },
	{ 0,					  "processes", "N", "processes in usage tables (60)" },
	{ 0,					    "entries", "N", "rows of Manifest.db, at least (300)" },
	{ 0,"payloads", "N", "of other files, how many have bytes (all)" },
	{ 0,		      "plant", "TRACE",
	    "ARTIFACT=VALUE[:FORM][@TIME], a trace to plant" },
	{ 0,					    "decoy", "TRACE", "the same, but not in the --stix file" },
	{ 0,					  "stix", "FILE", "write the indicators of the planted traces" },
	{ 0,					    "list-traces", NULL, "what can be planted, and end" },
	{ 0},
};

extern const struct cmd cmd_sample;

static void
print_forms(void)
{
	struct sample_form v[MAX_FORMS];
	size_t n = sample_forms(v, MAX_FORMS);

	for (size_t i = 0; i < n; i++)
		printf("%s=VALUE%s%s  %s\n", v[i].artifact,
		    v[i].form ? ":" : "", v[i].form ? v[i].form : "",
		    v[i].help);
}

/* A plain number that fits; false after a message. */
static bool
read_number(
    const struct cmd_option *o, const char *arg, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	for (const char *s = arg; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' ||
		    v > (max - (uint64_t)(*s - '0')) / 10) {
			cmd_error(&cmd_sample,
			    "--%s %s: a number from 0 to %" PRIu64
			    " is needed here",
			    o->name, arg, max);
			return false;
		}
		v = v * 10 + (uint64_t)(*s - '0');
	}
	*out = v;
	return arg[0] != '\0';
}

static bool
read_plant(struct request *q, const char *arg, bool decoy)
{
	struct why why;
	char *copy;

	if (q->o.nplants == MAX_PLANTS) {
		cmd_error(&cmd_sample, "more than %d traces", MAX_PLANTS);
		return false;
	}
	copy = strdup(arg); /* the plant points into it */
	if (copy == NULL)
		abort();
	q->copies[q->ncopies++] = copy;
	if (sample_plant_parse(copy, &q->plants[q->o.nplants], &why) !=
	    ERR_OK) {
		cmd_error(&cmd_sample, "%s", why.text);
		return false;
	}
	q->plants[q->o.nplants++].decoy = decoy;
	return true;
}

/* Options that are a count of rows. */
static size_t *
count_of(struct request *q, const char *name)
{
	const struct {
		const char *name;
		size_t *count;
	} all[] = {
		{"messages",   &q->o.messages },
		{ "visits",    &q->o.visits	 },
		{ "whatsapp",  &q->o.whatsapp },
		{ "calls",	   &q->o.calls    },
		{ "processes", &q->o.processes},
		{ "entries",   &q->o.entries  },
		{ "payloads",  &q->o.payloads },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].count;
	return NULL;
}

static bool
read_count(struct request *q, const struct cmd_option *o, const char *arg)
{
	const uint64_t rows = 10000000, rounds = 1000000000;
	size_t *count = count_of(q, o->name);
	uint64_t v;

	if (count != NULL) {
		if (!read_number(o, arg, rows, &v))
			return false;
		*count = (size_t)v;
		return true;
	}
	if (strcmp(o->name, "seed") == 0)
		return read_number(o, arg, UINT64_MAX, &q->o.seed);
	if (strcmp(o->name, "size") == 0) {
		if (!read_number(o, arg, 10000, &v))
			return false;
		sample_sizes(&q->o, v > 0 ? (size_t)v : 1);
		return true;
	}
	if (!read_number(o, arg, rounds, &v))
		return false;
	if (strcmp(o->name, "dpic") == 0)
		q->o.dpic = (uint32_t)v;
	else
		q->o.iter = (uint32_t)v;
	return true;
}

static bool
read_option(struct request *q, const struct cmd_option *o, const char *arg)
{
	if (password_option(&q->password, o, arg))
		return true;
	if (strcmp(o->name, "encrypt") == 0)
		q->encrypt = true;
	else if (strcmp(o->name, "list-traces") == 0)
		q->list = true;
	else if (strcmp(o->name, "stix") == 0)
		q->stix = arg;
	else if (strcmp(o->name, "os-version") == 0)
		q->o.os_version = arg;
	else if (strcmp(o->name, "plant") == 0)
		return read_plant(q, arg, false);
	else if (strcmp(o->name, "decoy") == 0)
		return read_plant(q, arg, true);
	else
		return read_count(q, o, arg);
	return true;
}

static bool
read_password(struct request *q)
{
	if (!q->encrypt) {
		if (q->password.file != NULL)
			cmd_error(&cmd_sample,
			    "--password-file is for --encrypt only");
		return q->password.file == NULL;
	}
	if (q->password.file == NULL) {
		cmd_error(&cmd_sample,
		    "--encrypt needs --password-file FILE with the password "
		    "in one line");
		return false;
	}
	if (!password_read(&q->password, &cmd_sample))
		return false;
	if (memchr(q->password.text, 0, q->password.len) != NULL) {
		cmd_error(&cmd_sample, "the password holds a NUL byte");
		return false;
	}
	memcpy(q->text, q->password.text, q->password.len);
	q->o.password = q->text;
	return true;
}

static bool
read_arguments(struct request *q, int argc, char **argv)
{
	const struct cmd_option *o;
	struct cmd_args a;
	const char *arg;

	cmd_args_init(&a, &cmd_sample, argc, argv);
	while ((o = cmd_next(&a, &arg)) != NULL || arg != NULL) {
		if (o != NULL) {
			if (!read_option(q, o, arg))
				return false;
		} else if (q->dir != NULL) {
			cmd_error(&cmd_sample, "one folder only: %s", arg);
			return false;
		} else {
			q->dir = arg;
		}
	}
	if (q->dir == NULL && !q->list) {
		cmd_error(&cmd_sample, "name the folder to make");
		return false;
	}
	return q->list || read_password(q);
}

static int
sample_run(int argc, char **argv)
{
	struct request *q = calloc(1, sizeof(*q));
	int code = EXIT_USAGE;
	struct why why;

	if (q == NULL)
		abort();
	sample_sizes(&q->o, 1);
	q->o.payloads = SIZE_MAX;
	q->o.seed = 1;
	q->o.plants = q->plants;
	if (!read_arguments(q, argc, argv))
		goto out;
	if (q->list) {
		print_forms();
		code = 0;
		goto out;
	}
	if (sample_ios_backup(q->dir, &q->o, &why) == ERR_OK &&
	    (q->stix == NULL || sample_stix(q->stix, &q->o, &why) == ERR_OK))
		code = 0;
	else
		cmd_error(&cmd_sample, "%s", why.text);
out:
	for (size_t i = 0; i < q->ncopies; i++)
		free(q->copies[i]);
	password_wipe(&q->password);
	explicit_bzero(q->text, sizeof(q->text));
	free(q);
	return code;
}

const struct cmd cmd_sample = {
	.name = "sample",
	.usage = "DIR [--seed N] [--encrypt --password-file F] "
		 "[--plant TRACE]... [--stix FILE]",
	.summary = "makes a sample phone to try things on",
	.help =
	    "Writes an iOS backup with invented content below DIR, which is "
	    "made and must be\nempty or absent. Sample phones carry a marker "
	    "and are refused as evidence.",
	.options = options,
	.run = sample_run,
};
