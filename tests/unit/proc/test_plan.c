/* Globs onto names: jobs biggest first, batches, places, archive members. */
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake.c"

enum { MANY = 100, ENTRIES = MANY + 6 };

static char names[ENTRIES][32];
static const char bytes[300 * 1024];

/* many/000.txt ... of 10 bytes, one of 300 KB; lines/; an app's folder. */
static struct source *
phone(void)
{
	static struct source_mem_entry e[ENTRIES];
	size_t n = 0;

	for (; n < MANY; n++)
		(void)snprintf(names[n], sizeof(names[n]), "many/%03zu.txt", n);
	for (size_t i = 0; i < n; i++)
		e[i] = (struct source_mem_entry){ names[i], bytes, 10 };
	e[50].len = sizeof(bytes);
	e[n++] = (struct source_mem_entry){ "lines/big.txt", bytes, 5000 };
	e[n++] = (struct source_mem_entry){ "lines/small.txt", bytes, 1 };
	e[n++] = (struct source_mem_entry){ "lines/x/deep.txt", bytes, 9 };
	e[n++] = (struct source_mem_entry){ "lines/no.text", bytes, 9 };
	e[n++] = (struct source_mem_entry){ "other/x", bytes, 9 };
	e[n++] = (struct source_mem_entry){ "AppDomain-org.example.app2/x",
		bytes, 9 };
	return source_mem_new(e, n);
}

static const char *
path_of(const struct plan *p, const struct source *s, size_t job, size_t i)
{
	const struct plan_file *f = &p->files[p->jobs[job].first + i];

	return f->entry == PLAN_LISTING ? "" : s->entries[f->entry].path.p;
}

static void
test_jobs(void)
{
	const struct notes none = { 0 };
	struct source *s = phone();
	struct plan p;
	size_t files = 0, batched = 0;

	plan_make(&p, s, IN_IOS_BACKUP, NULL, &none);
	CHECK(p.nfiles == MANY + 2 + 1); /* and the list itself */
	for (size_t i = 0; i < p.njobs; i++) {
		CHECK(i == 0 || p.jobs[i - 1].size >= p.jobs[i].size);
		files += p.jobs[i].nfiles;
		batched += p.jobs[i].nfiles > 1 ? p.jobs[i].nfiles : 0;
	}
	CHECK(files == p.nfiles);
	CHECK(batched == MANY - 1); /* the big one stands alone */
	CHECK(strcmp(path_of(&p, s, 0, 0), "many/050.txt") == 0);
	CHECK(strcmp(path_of(&p, s, 1, 0), "") == 0); /* the list */
	CHECK(strcmp(path_of(&p, s, 2, 0), "lines/big.txt") == 0);
	CHECK(strcmp(path_of(&p, s, p.njobs - 1, 0), "lines/small.txt") == 0);
	plan_done(&p);
	source_free(s);
}

static void
test_kinds(void)
{
	const struct notes none = { 0 };
	const char *only[] = { "test.lines", NULL };
	struct source *s = phone();
	struct plan p;

	plan_make(&p, s, IN_IOS_FS, NULL, &none);
	CHECK(p.nfiles == 1 && strcmp(path_of(&p, s, 0, 0), "other/x") == 0);
	plan_done(&p);
	plan_make(&p, s, IN_IOS_BACKUP, only, &none);
	CHECK(p.nfiles == 2 && p.njobs == 2);
	plan_done(&p);
	plan_make(&p, s, IN_IOS_SYSDIAGNOSE, NULL, &none);
	CHECK(p.nfiles == 0 && p.njobs == 0);
	plan_done(&p);
	/* "...app2" is another app. */
	CHECK(!plan_app_present(&test_app, s));
	source_free(s);
}

static void
test_members(void)
{
	const char *only[] = { "test.app", NULL };

	CHECK(plan_may_want(str_from("lines/a.txt"), NULL));
	CHECK(plan_may_want(str_from("dump/of/phone/lines/a.txt"), NULL));
	CHECK(plan_may_want(str_from("dump/lines/a.txt-wal"), NULL));
	CHECK(!plan_may_want(str_from("dump/lines/a.txt-shm"), NULL));
	CHECK(!plan_may_want(str_from("dump/xlines/a.txt"), NULL));
	CHECK(!plan_may_want(str_from("lines/a.txt"), only));
	CHECK(!plan_may_want(str_from(""), only));
}

static void
on_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	(void)off;
	CHECK(id == NOTE_READ_LIMIT && strstr(detail, "test.many") != NULL);
	++*(size_t *)arg;
}

/* One artifact with too many files is cut and said; others keep theirs. */
static void
test_too_many(void)
{
	const size_t n = LIMIT_PLAN_FILES + 10;
	struct source_mem_entry *e = calloc(n + 1, sizeof(*e));
	char(*many)[24] = calloc(n, sizeof(*many));
	size_t notes = 0;
	const struct notes sink = { .fn = on_note, .arg = &notes };
	struct source *s;
	struct plan p;

	CHECK(e != NULL && many != NULL);
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(many[i], sizeof(many[i]), "many/%zu.txt", i);
		e[i] = (struct source_mem_entry){ many[i], "x", 1 };
	}
	e[n] = (struct source_mem_entry){ "lines/a.txt", "x", 1 };
	s = source_mem_new(e, n + 1);
	plan_make(&p, s, IN_IOS_BACKUP, NULL, &sink);
	CHECK(p.nfiles == LIMIT_PLAN_FILES + 2 && notes == 1);
	plan_done(&p);
	source_free(s);
	free(e);
	free(many);
}

int
main(void)
{
	test_jobs();
	test_kinds();
	test_members();
	test_too_many();
	return 0;
}
