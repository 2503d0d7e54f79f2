#include <stdio.h>

#include "acquisition.h"
#include "device.h"
#include "limits.h"
#include "plist.h"
#include "tstamp.h"

/*
 * A sysdiagnose: the folder of logs that iOS packs on request, named
 *
 *	sysdiagnose_YYYY.MM.DD_HH-MM-SS+ZZZZ_OS_DEVICE_BUILD
 *
 * such as sysdiagnose_2022.01.10_12-00-00-0500_iPad-OS_iPad_19D52. So far only
 * its shutdown logs are read.
 */
/* Longest name of one folder on any file system that matters. */
#define NAME_LEN 255

#define PREFIX	       "sysdiagnose_"
#define SYSTEM_VERSION "logs/SystemVersion/SystemVersion.plist"

/* What a sysdiagnose has at its top, with how much each tells. */
static const struct {
	const char *glob;
	int weight;
} signs[] = {
	{"system_logs.logarchive/**", 40},
	{ "crashes_and_spins/**",	  30},
	{ "ps.txt",		    25},
	{ "sysdiagnose.log",	     25},
	{ "spindump-nosymbols.txt",   25},
	{ "taskinfo.txt",		  20},
	{ "shutdown_logs/**",	      20},
	{ "logs/powerlogs/**",	       15},
	{ "logs/**",		     10},
	{ "WiFi/**",		     10},
};

static int
score_top(const struct source *s, const char *folder)
{
	char glob[2 * NAME_LEN + 64];
	int score = 0;
	size_t at;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		(void)snprintf(
		    glob, sizeof(glob), "%s%s", folder, signs[i].glob);
		at = 0;
		if (source_glob(s, glob, &at) != NULL)
			score += signs[i].weight;
	}
	return score < 100 ? score : 100;
}

/*
 * The one folder that everything lies in, when it is named so; macOS puts
 * "._" files beside it.
 */
static bool
named_folder(const struct source *s, struct str *out)
{
	struct str name = { .n = 0 };

	for (size_t i = 0; i < s->count; i++) {
		struct str path = s->entries[i].path;
		struct str top = str_sub(path, 0, str_find(path, '/'));

		if (str_starts(top, "._"))
			continue;
		if (name.n > 0 && !str_eq(top, name))
			return false;
		name = top;
	}
	/* No pattern in it, so that it can stand in one. */
	if (!str_starts(name, PREFIX) || name.n > NAME_LEN ||
	    str_find(name, '*') < name.n || str_find(name, '?') < name.n)
		return false;
	*out = name;
	return true;
}

static int
ios_sysdiagnose_probe(const struct source *s)
{
	char folder[NAME_LEN + 2];
	struct str name;
	int score;

	if (!named_folder(s, &name))
		return score_top(s, "");
	(void)snprintf(folder, sizeof(folder), "%.*s/", (int)name.n, name.p);
	score = score_top(s, folder);
	/* The name counts for as much as the best of the contents. */
	return score > 0 ? (score < 60 ? score + 40 : 100) : 0;
}

/* The next part of the name up to a '_'. */
static bool
take_part(struct str *s, struct str *out)
{
	size_t n = str_find(*s, '_');

	if (s->n == 0)
		return false;
	*out = str_sub(*s, 0, n);
	*s = str_sub(*s, n < s->n ? n + 1 : n, s->n);
	return true;
}

/* "2022.01.10" and "12-00-00-0500" to a point in time. */
static int64_t
made_from(struct str day, struct str time)
{
	char iso[32];
	int64_t ns, hours, minutes;

	if (day.n != 10 || time.n != 13)
		return TSTAMP_NONE;
	(void)snprintf(iso, sizeof(iso), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ",
	    day.p, day.p + 5, day.p + 8, time.p, time.p + 3, time.p + 6);
	if (!tstamp_parse(iso, &ns) || !tstamp_plausible(ns))
		return TSTAMP_NONE;
	for (size_t i = 9; i < 13; i++) {
		if (time.p[i] < '0' || time.p[i] > '9')
			return TSTAMP_NONE;
	}
	hours = (time.p[9] - '0') * 10 + (time.p[10] - '0');
	minutes = (time.p[11] - '0') * 10 + (time.p[12] - '0');
	minutes = (hours * 60 + minutes) * INT64_C(60000000000);
	return time.p[8] == '-' ? ns + minutes : ns - minutes;
}

static void
facts_from_name(struct str name, struct acquisition *a)
{
	struct str day, time, os, device;

	name = str_sub(name, sizeof(PREFIX) - 1, name.n);
	if (!take_part(&name, &day) || !take_part(&name, &time))
		return;
	a->made_ns = made_from(day, time);
	if (!take_part(&name, &os) || !take_part(&name, &device))
		return;
	if (str_is(os, "iPhone-OS"))
		a->os = "iOS";
	else if (str_is(os, "iPad-OS"))
		a->os = "iPadOS";
	a->model = device_text(device, &a->arena);
	/* What unpacks may have left ".tar" there. */
	a->build =
	    device_text(str_sub(name, 0, str_find(name, '.')), &a->arena);
}

static void
facts_from_plist(struct acquisition *a, const struct notes *n)
{
	const struct entry *e = source_find(a->source, SYSTEM_VERSION);
	const struct plist *p = NULL;
	const char *version, *build;
	struct arena tmp;
	struct file *f;
	struct cur bytes;

	if (e == NULL || source_open(a->source, e, n, &f) != ERR_OK)
		return;
	arena_init(&tmp, LIMIT_ARENA);
	if (f->size > 0 &&
	    file_read_all(f, &tmp, LIMIT_FILE_IN_MEMORY, &bytes) == ERR_OK)
		p = plist_parse(bytes, &tmp, n);
	version = device_fact(plist_get(p, "ProductVersion"), &a->arena);
	build = device_fact(plist_get(p, "ProductBuildVersion"), &a->arena);
	a->os_version = version;
	if (build != NULL)
		a->build = build;
	if (a->os == NULL)
		a->os = device_os(NULL, version);
	file_free(f);
	arena_done(&tmp);
}

static enum err
ios_sysdiagnose_open(struct acquisition *a, struct source *outer,
    const struct acquire_options *o, const struct notes *n, struct why *why)
{
	char folder[NAME_LEN + 1];
	struct str name;
	enum err e;

	(void)o;
	if (ios_sysdiagnose_probe(outer) == 0)
		return why_set(why, ERR_FORMAT,
		    "is no sysdiagnose: it has no ps.txt, crashes_and_spins "
		    "or system_logs.logarchive");
	source_size_all(outer, n);
	a->source = outer;
	if (named_folder(outer, &name)) {
		(void)snprintf(
		    folder, sizeof(folder), "%.*s", (int)name.n, name.p);
		if ((e = source_sub_new(outer, folder, &a->source)) != ERR_OK)
			return e;
		facts_from_name(name, a);
	}
	facts_from_plist(a, n);
	return ERR_OK;
}

static bool
ios_sysdiagnose_wants(const struct acquire_options *o, struct str path)
{
	(void)o;
	return str_ends(path, SYSTEM_VERSION);
}

const struct acquisition_kind kind_ios_sysdiagnose = {
	.name = "ios-sysdiagnose",
	.summary = "a sysdiagnose of an iPhone or iPad (only its shutdown "
		   "logs are read, so far)",
	.bit = 1 << 2,
	.probe = ios_sysdiagnose_probe,
	.wants = ios_sysdiagnose_wants,
	.open = ios_sysdiagnose_open,
};
