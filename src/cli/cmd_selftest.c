#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check.h"
#include "cmd.h"
#include "selftest_trials.h"
#include "verdict.h"

#define PASSWORD "correct horse"

struct selftest {
	const char *keep; /* folder for the samples; NULL: a temporary one */
	char dir[128];
	size_t trials, failed; /* phones */
	size_t planted, found, missed, false_reports;
};

static const struct cmd_option options[] = {
	{0,	     "keep", "DIR", "make the sample phones there and keep them" },
	{ 0},
};

extern const struct cmd cmd_selftest;

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static void
remove_tree(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_PHYS | FTW_DEPTH);
}

/* The phone and its indicators, named by number below t->dir. */
static enum err
make_phone(const struct selftest *t, const struct trial *x, const char *dir,
    const char *stix, struct why *why)
{
	struct sample_options o = { .seed = t->trials,
		.password = x->encrypted ? PASSWORD : NULL,
		.dpic = 1000,
		.iter = 100,
		.plants = x->plants,
		.nplants = x->nplants };
	struct sample_options published = { .plants = x->published,
		.nplants = x->npublished };
	enum err e;

	sample_sizes(&o, 1);
	o.entries = o.payloads = 200;
	e = sample_ios_backup(dir, &o, why);
	return e == ERR_OK ? sample_stix(stix, &published, why) : e;
}

/* The same check as `telassay check -i STIX DIR`, with the shipped sets. */
static enum err
check_phone(const struct trial *x, const char *dir, const char *stix,
    struct report *r, struct why *why)
{
	struct indicators *indicators = indicators_new();
	char copy[] = PASSWORD; /* wiped by the check */
	struct check_options o = { .path = dir,
		.password = x->encrypted ? copy : NULL,
		.password_len = x->encrypted ? strlen(copy) : 0,
		.indicators = indicators,
		.timeline = TIMELINE_NONE };
	struct detect_ctx ctx = { 0 };
	enum err e = indicators_load(indicators, stix, false, why);

	if (e == ERR_OK)
		e = indicators_load_shipped(indicators, why);
	indicators_seal(indicators);
	for (size_t i = 0; detectors[i] != NULL; i++) {
		ctx.enabled[i] = detectors[i]->on;
		if (strcmp(detectors[i]->name, "indicators") == 0)
			ctx.state[i] = indicators;
	}
	o.detect = &ctx;
	if (e == ERR_OK)
		e = check_run(&o, r, why);
	if (e == ERR_OK) {
		r->label = "sample";
		r->default_indicators = true;
		verdict_decide(r);
	}
	indicators_free(indicators);
	return e;
}

/* A finding is of the plant when artifact and published value agree. */
static bool
is_of(const struct finding *f, const struct sample_plant *x)
{
	return !x->decoy && f->indicator_value != NULL &&
	       strcmp(f->artifact, x->artifact) == 0 &&
	       strcmp(f->indicator_value, x->value) == 0;
}

/* Counts and names what is missing and what should not be there. */
static size_t
compare(struct selftest *t, const struct trial *x, const struct report *r)
{
	size_t wrong = 0, n;

	for (size_t i = 0; i < x->nplants; i++) {
		const struct sample_plant *p = &x->plants[i];

		for (n = 0; n < r->nfindings && !is_of(&r->findings[n], p); n++)
			;
		t->planted += !p->decoy;
		t->found += !p->decoy && n < r->nfindings;
		if (p->decoy || n < r->nfindings)
			continue;
		printf("  missed: %s=%s%s%s\n", p->artifact, p->value,
		    p->form ? ":" : "", p->form ? p->form : "");
		t->missed++;
		wrong++;
	}
	for (size_t i = 0; i < r->nfindings; i++) {
		const struct finding *f = &r->findings[i];

		for (n = 0; n < x->nplants && !is_of(f, &x->plants[n]); n++)
			;
		if (f->kind != FINDING_INDICATOR || n < x->nplants)
			continue;
		printf("  falsely reported: %s, %s, %s\n", f->artifact,
		    f->indicator_value ? f->indicator_value : "", f->title);
		t->false_reports++;
		wrong++;
	}
	return wrong;
}

static void
print_reasons(const struct report *r)
{
	for (const char **s = r->verdict_reasons; s != NULL && *s != NULL; s++)
		printf("  because: %s\n", *s);
}

static bool
run_trial(struct selftest *t, const struct trial *x)
{
	char dir[160], stix[192];
	struct report *r = report_new();
	struct why why = { "" };
	size_t wrong = 0, found = t->found;
	enum err e;

	(void)snprintf(dir, sizeof(dir), "%s/phone-%02zu", t->dir, t->trials);
	(void)snprintf(stix, sizeof(stix), "%s.stix2", dir);
	e = make_phone(t, x, dir, stix, &why);
	if (e == ERR_OK)
		e = check_phone(x, dir, stix, r, &why);
	if (e != ERR_OK) {
		printf("FAILED  %s: %s\n", x->name, why.text);
		wrong++;
	} else {
		wrong = compare(t, x, r);
		wrong += r->verdict != x->expect;
		printf("%s  %s: %s", wrong > 0 ? "FAILED" : "ok    ", x->name,
		    verdict_name(r->verdict));
		if (r->verdict != x->expect)
			printf(", not %s", verdict_name(x->expect));
		printf("; %zu found\n", t->found - found);
		if (r->verdict != x->expect)
			print_reasons(r);
	}
	fflush(stdout);
	report_free(r);
	if (t->keep == NULL) {
		remove_tree(dir);
		(void)remove(stix);
	}
	return wrong == 0;
}

/* Without them no phone can get the verdict no-known-trace. */
static bool
shipped_sets_are_there(void)
{
	struct indicators *x = indicators_new();
	struct why why;
	enum err e = indicators_load_shipped(x, &why);

	if (e != ERR_OK)
		cmd_error(&cmd_selftest, "%s", why.text);
	indicators_free(x);
	return e == ERR_OK;
}

static bool
open_folder(struct selftest *t)
{
	if (t->keep != NULL) {
		if (snprintf(t->dir, sizeof(t->dir), "%s", t->keep) <
			(int)sizeof(t->dir) &&
		    (mkdir(t->dir, 0777) == 0 || errno == EEXIST))
			return true;
	} else {
		(void)snprintf(
		    t->dir, sizeof(t->dir), "/tmp/telassay-selftest-XXXXXX");
		if (mkdtemp(t->dir) != NULL)
			return true;
	}
	cmd_error(
	    &cmd_selftest, "%s cannot be made: %s", t->dir, strerror(errno));
	return false;
}

static int
selftest_run(int argc, char **argv)
{
	struct selftest t = { .keep = NULL };
	const struct cmd_option *o;
	struct cmd_args a;
	struct trial *x = malloc(sizeof(*x));
	const char *arg;

	if (x == NULL)
		abort();
	cmd_args_init(&a, &cmd_selftest, argc, argv);
	while ((o = cmd_next(&a, &arg)) != NULL || arg != NULL) {
		if (o == NULL) {
			cmd_error(&cmd_selftest, "takes no arguments: %s", arg);
			free(x);
			return EXIT_USAGE;
		}
		t.keep = arg;
	}
	if (!shipped_sets_are_there() || !open_folder(&t)) {
		free(x);
		return EXIT_USAGE;
	}
	while (trial_make(t.trials, x)) {
		t.failed += !run_trial(&t, x);
		t.trials++;
	}
	if (t.keep == NULL)
		remove_tree(t.dir);
	printf("%zu traces planted, %zu found, %zu missed, %zu falsely "
	       "reported; %zu of %zu phones as expected\n",
	    t.planted, t.found, t.missed, t.false_reports, t.trials - t.failed,
	    t.trials);
	free(x);
	return t.failed == 0 ? 0 : 1;
}

const struct cmd cmd_selftest = {
	.name = "selftest",
	.usage = "[--keep DIR]",
	.summary = "checks sample phones and says what was found and missed",
	.help =
	    "Makes sample phones with every kind of trace, with near misses "
	    "and with nothing,\nplain and encrypted, and checks them. Exits 0 "
	    "only if all is as planted.",
	.options = options,
	.run = selftest_run,
};
