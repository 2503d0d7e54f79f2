#ifndef TESTS_UNIT_ARTIFACT_GOLDEN_H
#define TESTS_UNIT_ARTIFACT_GOLDEN_H
#include <dirent.h>
#include <limits.h>

#include "artifact/run.h"

/*
 * Golden cases: tests/golden/ARTIFACT/CASE/ with
 *
 *	input.sql	a database as a script, or
 *	input.plist	a property list, or
 *	input.log	lines of text, or
 *	input.list	lines "type size mtime path" for a listing, type f d l
 *	beside-NAME	the file NAME in the same folder of the acquisition
 *	path		the file's path in the acquisition, when it is not the
 *			artifact's first place
 *	expect.jsonl	what the reader must say
 */
struct golden_input {
	unsigned char *bytes;
	size_t len;
	bool sql;
	bool text; /* lines that stand by themselves */
	char path[512];
	struct source source; /* of a listing */
	char *list;	      /* its names */
	struct file *beside;
	char *beside_bytes;
	char beside_name[128];
};

/* "ios.sms" lies in tests/golden/ios_sms. */
static inline void
golden_folder(const struct artifact *a, char *out, size_t size)
{
	(void)snprintf(
	    out, size, "%s/tests/golden/%s", SOURCE_DIR, a->schema.name);
	for (char *p = out + strlen(out) - strlen(a->schema.name); *p; p++)
		if (*p == '.')
			*p = '_';
}

static inline void
golden_list(struct golden_input *in, char *text)
{
	struct entry *e = calloc(256, sizeof(*e));
	size_t n = 0;
	char *save, *line;

	CHECK(e != NULL);
	for (line = strtok_r(text, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		char type;
		int at;
		unsigned long long size;
		long long mtime;

		CHECK(n < 256);
		CHECK(sscanf(line, "%c %llu %lld %n", &type, &size, &mtime,
			  &at) == 3);
		e[n].path = str_from(line + at);
		e[n].size = size;
		e[n].mtime_ns = tstamp_unix_i(mtime);
		e[n++].type = type == 'd'   ? ENTRY_DIR
			      : type == 'l' ? ENTRY_LINK
					    : ENTRY_FILE;
	}
	in->source.entries = e;
	in->source.count = n;
}

static inline void
golden_beside(struct golden_input *in, const char *folder)
{
	char name[800];
	struct dirent *d;
	DIR *dir = opendir(folder);
	size_t len;

	CHECK(dir != NULL);
	while ((d = readdir(dir)) != NULL) {
		if (strncmp(d->d_name, "beside-", 7) != 0)
			continue;
		(void)snprintf(name, sizeof(name), "%s/%s", folder, d->d_name);
		in->beside_bytes = run_slurp(name, &len);
		CHECK(in->beside_bytes != NULL && in->beside == NULL);
		in->beside = file_mem_new("beside", in->beside_bytes, len);
		(void)snprintf(in->beside_name, sizeof(in->beside_name),
		    "%.127s", d->d_name + 7);
	}
	closedir(dir);
}

/* What the reader may ask for beside its file. */
static inline void
golden_lend(struct run *run, const struct golden_input *in)
{
	run->beside = in->beside;
	memcpy(run->beside_name, in->beside_name, sizeof(run->beside_name));
}

static inline void
golden_load(
    struct golden_input *in, const struct artifact *a, const char *folder)
{
	char name[600];
	char *text;
	size_t len;

	memset(in, 0, sizeof(*in));
	golden_beside(in, folder);
	(void)snprintf(name, sizeof(name), "%s/path", folder);
	if ((text = run_slurp(name, &len)) != NULL) {
		text[strcspn(text, "\n")] = '\0';
		(void)snprintf(in->path, sizeof(in->path), "%s", text);
		free(text);
	} else {
		(void)snprintf(
		    in->path, sizeof(in->path), "%s", a->places[0].glob);
	}
	(void)snprintf(name, sizeof(name), "%s/input.sql", folder);
	if ((text = run_slurp(name, &len)) != NULL) {
		in->bytes = run_sql(text, &in->len);
		in->sql = true;
		free(text);
		return;
	}
	(void)snprintf(name, sizeof(name), "%s/input.list", folder);
	if ((in->list = run_slurp(name, &len)) != NULL) {
		golden_list(in, in->list);
		return;
	}
	(void)snprintf(name, sizeof(name), "%s/input.log", folder);
	in->bytes = (unsigned char *)run_slurp(name, &in->len);
	in->text = in->bytes != NULL;
	if (in->text)
		return;
	(void)snprintf(name, sizeof(name), "%s/input.plist", folder);
	in->bytes = (unsigned char *)run_slurp(name, &in->len);
	if (in->bytes == NULL) {
		fprintf(stderr, "%s: no input\n", folder);
		exit(1);
	}
}

static inline void
golden_unload(struct golden_input *in)
{
	if (in->sql)
		sqlite3_free(in->bytes);
	else
		free(in->bytes);
	free(in->source.entries);
	free(in->list);
	file_free(in->beside);
	free(in->beside_bytes);
}

static inline void
golden_run(struct run *run, struct golden_input *in, const struct artifact *a)
{
	run_init(run, a, in->path);
	run->ctx.source = &in->source;
	golden_lend(run, in);
	run_bytes(run, in->bytes, in->len);
}

static inline int
golden_filter(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Calls fn for every case of every artifact; fails when one has none. */
static inline size_t
golden_each(void (*fn)(const struct artifact *a, const char *folder))
{
	char folder[400], one[700];
	size_t cases = 0;

	for (size_t i = 0; artifacts[i] != NULL; i++) {
		struct dirent **names;
		int n;

		golden_folder(artifacts[i], folder, sizeof(folder));
		n = scandir(folder, &names, golden_filter, alphasort);
		if (n <= 0) {
			fprintf(stderr, "%s has no golden case in %s\n",
			    artifacts[i]->schema.name, folder);
			exit(1);
		}
		for (int k = 0; k < n; k++) {
			(void)snprintf(one, sizeof(one), "%s/%s", folder,
			    names[k]->d_name);
			fn(artifacts[i], one);
			free(names[k]);
			cases++;
		}
		free(names);
	}
	return cases;
}
#endif
