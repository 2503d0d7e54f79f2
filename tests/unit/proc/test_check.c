/* A whole check over made-up artifacts: what is read, found, lost and said. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check.h"
#include "fake.c" /* one program, one file */
#include "fault.h"
#include "sandbox.h"

static char dir[] = "/tmp/telassay-check-XXXXXX";

/* lines/: three files; many/: 200 small ones; app/: one. */
static void
make_phone(void)
{
	char name[32], text[64];

	fake_file(dir, "lines/a.txt",
	    "1700000000 good\n1700000010 evil one\nwhat\n1700009999 good\n");
	fake_file(dir, "lines/b.txt", "1700000100 odd\n1700200000 good\n");
	fake_file(dir, "lines/c.txt", "1700000200 good\n1700000210 evil\n");
	fake_file(dir, "app/chat", "1700000300 good\n");
	for (int i = 0; i < 200; i++) {
		(void)snprintf(name, sizeof(name), "many/%03d.txt", i);
		(void)snprintf(text, sizeof(text), "%d good\n%d %s\n",
		    1700001000 + i, 1600000000 + i, i == 77 ? "evil" : "good");
		fake_file(dir, name, text);
	}
}

static void
test_whole(void)
{
	struct report *r = fake_check(dir, 2, TIMELINE_FINDINGS);
	const struct coverage *c = fake_cover(r, "test.lines");

	CHECK(strcmp(r->kind, "ios-backup") == 0 && r->files == 204);
	CHECK(strlen(r->sha256) == 64);
	CHECK(c->status == COVER_PARTIAL && c->files == 3);
	CHECK(c->records == 7 && c->events == 7);
	CHECK(c->first_ns == (int64_t)1700000000 * 1000000000);
	CHECK(c->last_ns == (int64_t)1700200000 * 1000000000);
	CHECK(c->obs_mask == 1U << OBS_PROCESS);
	CHECK(fake_reason(c, "line 3"));
	c = fake_cover(r, "test.many");
	CHECK(c->status == COVER_READ && c->files == 200 && c->records == 400);
	CHECK(fake_cover(r, "test.list")->records == 204);
	CHECK(fake_cover(r, "test.gone")->status == COVER_ABSENT);
	CHECK(fake_cover(r, "test.other")->status == COVER_NOT_IN_THIS_KIND);
	CHECK(fake_cover(r, "test.app")->status == COVER_READ);
	CHECK(r->nfindings == 4);
	CHECK(strlen(r->findings[0].id) == 16);
	CHECK(r->findings[0].level == LEVEL_HIGH);
	CHECK(r->findings[3].level == LEVEL_LOW);
	CHECK(r->nnotes == 1 && strcmp(r->notes[0].path, "lines/a.txt") == 0);
	CHECK(r->limits[0] == NULL);
	report_free(r);
}

/* Half an hour before and behind each finding, and nothing else. */
static void
test_timeline(void)
{
	struct report *r = fake_check(dir, 2, TIMELINE_FINDINGS);
	int64_t hit = (int64_t)1600000077 * 1000000000;

	CHECK(r->nevents == 5 + 1 + 200 + 200);
	CHECK(r->events[0].ns < hit && r->events[199].ns > hit);
	for (size_t i = 1; i < r->nevents; i++)
		CHECK(event_cmp(&r->events[i - 1], &r->events[i]) < 0);
	report_free(r);
	r = fake_check(dir, 2, TIMELINE_FULL);
	CHECK(r->nevents == 7 + 1 + 400);
	report_free(r);
	r = fake_check(dir, 2, TIMELINE_NONE);
	CHECK(r->nevents == 0 && r->nfindings == 4);
	report_free(r);
}

static void
test_selection(void)
{
	const char *only[] = { "test.lines", NULL };
	struct check_options o = { .workers = 2, .artifacts = only };
	struct why why;
	struct report *r = fake_check_with(dir, &o, ERR_OK, &why);

	CHECK(r->selection && r->nfindings == 3);
	CHECK(fake_cover(r, "test.many")->status == COVER_ABSENT);
	CHECK(fake_reason(fake_cover(r, "test.many"), "--artifact"));
	report_free(r);
}

struct tally {
	size_t records, bytes;
};

static enum err
on_tally(void *arg, const struct record *r)
{
	struct tally *t = arg;

	t->records++;
	t->bytes += r->locator.n;
	return t->records < 600 ? ERR_OK : ERR_IO;
}

static void
test_records(void)
{
	struct tally t = { 0 };
	struct check_options o = {
		.workers = 2, .on_record = on_tally, .on_record_arg = &t
	};
	struct why why;

	report_free(fake_check_with(dir, &o, ERR_IO, &why));
	CHECK(t.records == 600);
}

static void
test_refusals(void)
{
	struct check_options o = { .workers = 1 };
	struct why why;
	char password[] = "word";
	volatile sig_atomic_t stop = 1;

	report_free(fake_check_with("/nonexistent/phone", &o, ERR_USAGE, &why));
	CHECK(strstr(why.text, "/nonexistent/phone") != NULL);
	o.stop = &stop;
	report_free(fake_check_with(dir, &o, ERR_USAGE, &why));
	o.stop = NULL;
	fake_file(dir, "locked", "");
	report_free(fake_check_with(dir, &o, ERR_AUTH, &why));
	CHECK(strstr(why.text, "password") != NULL);
	o.password = password;
	o.password_len = 4;
	report_free(fake_check_with(dir, &o, ERR_OK, &why));
	CHECK(strcmp(password, "word") == 0); /* ours is ours to wipe */
	(void)snprintf(why.text, sizeof(why.text), "%s/locked", dir);
	CHECK(remove(why.text) == 0);
}

#ifdef TELASSAY_TEST_HOOKS
static struct report *
check_with_fault(const char *fault)
{
	struct report *r;

	CHECK(setenv("TELASSAY_TEST_FAULT", fault, 1) == 0);
	r = fake_check(dir, 2, TIMELINE_NONE);
	CHECK(unsetenv("TELASSAY_TEST_FAULT") == 0);
	return r;
}

/* The one file of test.app is lost, says so, and nothing else is touched. */
static void
test_fault(const char *what, const char *reason)
{
	char fault[64];
	struct report *r;
	const struct coverage *c;

	(void)snprintf(fault, sizeof(fault), "test.app:%s", what);
	r = check_with_fault(fault);
	c = fake_cover(r, "test.app");
	if (c->status != COVER_FAILED || !fake_reason(c, reason))
		fprintf(stderr, "%s: %s, %s\n", what, cover_name(c->status),
		    c->reasons ? c->reasons[0] : "no reason");
	CHECK(c->status == COVER_FAILED && c->records == 0 && c->files == 1);
	CHECK(fake_reason(c, reason));
	CHECK(fake_cover(r, "test.many")->records == 400);
	CHECK(fake_cover(r, "test.lines")->records == 7);
	CHECK(r->nfindings == 4);
	report_free(r);
}

static void
test_faults(void)
{
	test_fault("crash", sandbox_relaxed() ? "crashed" : "SIGSEGV");
	test_fault("kill", "SIGKILL");
	test_fault("hang", "CPU time");
	test_fault("sleep", "slept");
	test_fault("garbage", "sent what no worker sends");
	test_fault("fail-open", "could not be read");
	if (!sandbox_relaxed()) {
		test_fault("oom", "memory");
		test_fault("syscall", "sandbox forbids");
	}
}

/* What came before a crash counts; the rest of that file is lost. */
static void
test_crash_half_way(void)
{
	struct report *r = check_with_fault("test.lines:crash@3");
	const struct coverage *c = fake_cover(r, "test.lines");

	/* a.txt has three records: the crash is at its third. */
	CHECK(c->status == COVER_PARTIAL && c->files == 3);
	CHECK(c->records >= 5 && c->records < 7);
	CHECK(fake_reason(c, "worker"));
	CHECK(r->nfindings == 4);
	report_free(r);
}

/* In a batch only the file that crashes is lost. */
static void
test_crash_in_batch(void)
{
	struct report *r = check_with_fault("test.many:crash");
	const struct coverage *c = fake_cover(r, "test.many");

	/* Every file of it crashes, each by itself. */
	CHECK(c->status == COVER_FAILED && c->files == 200);
	CHECK(c->records == 0 && r->nfindings == 3);
	report_free(r);
	r = check_with_fault("test.many:crash@2");
	c = fake_cover(r, "test.many");
	CHECK(c->status == COVER_PARTIAL && c->files == 200);
	CHECK(c->records == 200); /* one of each arrived */
	report_free(r);
}

static void
test_opener_dies(void)
{
	struct check_options o = { .workers = 2 };
	struct report *r;
	struct why why;

	CHECK(setenv("TELASSAY_TEST_FAULT", "opener:crash", 1) == 0);
	report_free(fake_check_with(dir, &o, ERR_INTERNAL, &why));
	CHECK(strstr(why.text, "died") != NULL);
	/* At the third worker: what was found by then stays, nothing is clear. */
	CHECK(setenv("TELASSAY_TEST_FAULT", "opener:crash@3", 1) == 0);
	r = fake_check_with(dir, &o, ERR_OK, &why);
	CHECK(unsetenv("TELASSAY_TEST_FAULT") == 0);
	CHECK(r->notes[0].artifact == NULL);
	CHECK(r->notes[0].effect == NOTE_EFFECT_FAILED);
	CHECK(fake_cover(r, "test.app")->status == COVER_FAILED);
	CHECK(fake_reason(fake_cover(r, "test.app"), "died"));
	report_free(r);
}

/* A system without a part of the sandbox is said, never passed over. */
static void
test_no_sandbox(void)
{
	struct report *r;

	r = check_with_fault("*:no-landlock,*:no-seccomp");
	CHECK(r->nnotes >= 2 && r->notes[0].artifact == NULL);
	CHECK(strcmp(r->notes[0].name, "worker.sandbox") == 0);
	CHECK(strstr(r->notes[0].text, "landlock") != NULL);
	CHECK(strstr(r->notes[1].text, "seccomp") != NULL);
	CHECK(r->notes[0].effect == NOTE_EFFECT_PARTIAL);
	CHECK(r->nfindings == 4);
	report_free(r);
}
#endif

/* The same whatever the number of workers. */
static void
test_same(void)
{
	struct report *a = fake_check(dir, 1, TIMELINE_FULL);
	struct report *b = fake_check(dir, 5, TIMELINE_FULL);

	CHECK(a->nfindings == b->nfindings && a->nevents == b->nevents);
	for (size_t i = 0; i < a->nfindings; i++)
		CHECK(strcmp(a->findings[i].id, b->findings[i].id) == 0);
	for (size_t i = 0; i < a->nevents; i++)
		CHECK(event_cmp(&a->events[i], &b->events[i]) == 0);
	for (size_t i = 0; i < a->ncoverage; i++)
		CHECK(a->coverage[i].status == b->coverage[i].status &&
		      a->coverage[i].records == b->coverage[i].records &&
		      a->coverage[i].first_ns == b->coverage[i].first_ns);
	CHECK(strcmp(a->sha256, b->sha256) == 0);
	report_free(a);
	report_free(b);
}

/* Descriptors that are open; a check must leave none behind. */
static size_t
count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	size_t n = 0;

	CHECK(d != NULL);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

int
main(void)
{
	size_t fds;

	fake_folder(dir);
	make_phone();
	fds = count_fds();
	test_whole();
	test_timeline();
	test_selection();
	test_records();
	test_same();
#ifdef TELASSAY_TEST_HOOKS
	test_faults();
	test_crash_half_way();
	test_crash_in_batch();
	test_opener_dies();
	test_no_sandbox();
#endif
	test_refusals();
	CHECK(count_fds() == fds);
	fake_remove(dir);
	return 0;
}
