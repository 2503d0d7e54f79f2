#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "sqlro.h"

/*
 * Every SQLite file of the real data reads with the row counts that its
 * manifest states, and leaves no note.
 */
static unsigned seen;
static bool loud;

static void
count_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	if (loud)
		fprintf(stderr, "%s: %s at %ju: %s\n", (const char *)arg,
		    note_infos[id].name, (uintmax_t)off, detail ? detail : "");
	seen++;
}

static struct file *
open_file(const char *path)
{
	struct file *f = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		CHECK(file_fd_new(path, fd, &f) == ERR_OK);
	return f;
}

static int64_t
count_rows(struct sqlro *d, const char *table)
{
	struct sqlro_query *q;
	int64_t n = 0;

	CHECK(sqlro_scan(d, table, NULL, 0, &q) == ERR_OK);
	while (sqlro_step(q))
		n++;
	sqlro_query_free(q);
	return n;
}

/* "NAME=COUNT, NAME=COUNT"; names of Apple's tables hold no such signs. */
static unsigned
check_counts(struct sqlro *d, char *facts)
{
	unsigned wrong = 0;

	for (char *save, *t = strtok_r(facts, ", ", &save); t != NULL;
	     t = strtok_r(NULL, ", ", &save)) {
		char *eq = strchr(t, '=');
		int64_t n;

		if (eq == NULL)
			continue;
		*eq = '\0';
		n = count_rows(d, t);
		if (n != atoll(eq + 1)) {
			fprintf(stderr, "%s: %jd rows, not %s\n", t,
			    (intmax_t)n, eq + 1);
			wrong++;
		}
	}
	return wrong;
}

static unsigned
check_file(const char *name, char *facts)
{
	char path[4096], wal[4096 + 8], *rows = strstr(facts, "rows: ");
	struct file *f, *w;
	struct notes notes = { .fn = count_note, .arg = path };
	struct sqlro *d;
	unsigned wrong;

	(void)snprintf(path, sizeof(path), "%s/ios/%s", SHARED_DATA, name);
	(void)snprintf(wal, sizeof(wal), "%s-wal", path);
	if ((f = open_file(path)) == NULL) {
		fprintf(stderr, "%s: absent\n", path);
		return 1;
	}
	w = open_file(wal);
	seen = 0;
	CHECK(sqlro_open(f, w, &notes, &d) == ERR_OK);
	sqlro_check(d);
	wrong = rows ? check_counts(d, rows + 6) : 0;
	sqlro_free(d);
	file_free(f);
	file_free(w);
	if (seen > 0 || wrong > 0)
		fprintf(stderr, "%s: %u notes, %u wrong\n", name, seen, wrong);
	return seen + wrong;
}

int
main(void)
{
	FILE *f = fopen(SHARED_DATA "/ios/MANIFEST.tsv", "re");
	unsigned files = 0, bad = 0;
	static char line[65536];

	loud = getenv("LOUD") != NULL;
	if (f == NULL) {
		printf("skipped: %s/ios is not there\n", SHARED_DATA);
		return TEST_SKIP;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		char *facts = strrchr(line, '\t'), *end = strchr(line, '\t');

		if (facts == NULL || strncmp(facts + 1, "SQLite tables", 13))
			continue;
		*end = '\0';
		facts[strcspn(facts, "\n")] = '\0';
		bad += check_file(line, facts);
		files++;
	}
	fclose(f);
	printf("%u databases, %u bad\n", files, bad);
	CHECK(files > 0);
	return bad != 0;
}
