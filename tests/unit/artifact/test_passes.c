#include "artifact/golden.h"

/*
 * The second pass, which asks for some times only, gives exactly those events
 * of the first pass that lie in its window; and a -wal beside a database is
 * read with it.
 */
struct seen {
	size_t events;
	size_t inside;
};
static struct seen seen;
static int64_t from_ns, to_ns;

static void
on_event(void *arg, int64_t ns, const char *name)
{
	(void)arg;
	(void)name;
	seen.events++;
	if (ns >= from_ns && ns < to_ns)
		seen.inside++;
}

static void
look(struct run *run, const struct record *r)
{
	size_t before = seen.inside;

	(void)record_events(r, on_event, NULL);
	if (run->ctx.wants != NULL)
		CHECK(seen.inside > before); /* else it was read for nothing */
}

static size_t
inside(const struct artifact *a, const char *folder, bool second)
{
	struct golden_input in;
	struct run run;

	golden_load(&in, a, folder);
	run_init(&run, a, in.path);
	run.ctx.source = &in.source;
	golden_lend(&run, &in);
	run.quiet = true;
	run.look = look;
	run.want_from = from_ns;
	run.want_to = to_ns;
	if (second)
		run.ctx.wants = run_wants;
	seen = (struct seen){ 0 };
	run_bytes(&run, in.bytes, in.len);
	run_done(&run);
	golden_unload(&in);
	return seen.inside;
}

static void
compare(const struct artifact *a, const char *folder)
{
	const int64_t hour = INT64_C(3600000000000);

	/* All of time, then the hour around the times of the cases. */
	from_ns = INT64_MIN + 1;
	to_ns = INT64_MAX;
	CHECK(inside(a, folder, true) == inside(a, folder, false));
	CHECK(tstamp_parse("2023-03-08T20:26:40Z", &from_ns));
	to_ns = from_ns + 12000000000;
	CHECK(inside(a, folder, true) == inside(a, folder, false));
	from_ns -= 400 * 24 * hour;
	to_ns = from_ns + hour;
	CHECK(inside(a, folder, true) == inside(a, folder, false));
}

static void
sql(sqlite3 *db, const char *text)
{
	CHECK(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK);
}

static void
test_wal(void)
{
	char folder[] = "/tmp/test_passes.XXXXXX", name[64], wal[80];
	const struct artifact *a = artifact_by_name("ios.tcc");
	char *bytes, *log;
	size_t len, log_len;
	struct run run;
	sqlite3 *db;

	CHECK(mkdtemp(folder) != NULL);
	(void)snprintf(name, sizeof(name), "%s/TCC.db", folder);
	(void)snprintf(wal, sizeof(wal), "%s-wal", name);
	CHECK(sqlite3_open(name, &db) == SQLITE_OK);
	sql(db, "CREATE TABLE access (service TEXT, client TEXT, "
		"client_type INTEGER, auth_value INTEGER, "
		"last_modified INTEGER)");
	sql(db, "INSERT INTO access VALUES('kTCCServiceCamera', 'a', 0, 2, "
		"1700000000)");
	sql(db, "PRAGMA journal_mode=WAL");
	sql(db, "PRAGMA wal_autocheckpoint=0");
	sql(db, "INSERT INTO access VALUES('kTCCServiceCamera', 'newest', 0, "
		"2, 1700000001)");
	CHECK((bytes = run_slurp(name, &len)) != NULL);
	CHECK((log = run_slurp(wal, &log_len)) != NULL && log_len > 0);
	run_init(&run, a, "HomeDomain/Library/TCC/TCC.db");
	run.wal = file_mem_new("wal", log, log_len);
	run_bytes(&run, bytes, len);
	CHECK(run.err == ERR_OK && run.records == 2 && run.notes == 0);
	CHECK(strstr(buf_cstr(&run.out), "newest") != NULL);
	file_free(run.wal);
	run_done(&run);
	sqlite3_close(db);
	free(bytes);
	free(log);
	(void)unlink(name);
	(void)unlink(wal);
	CHECK(rmdir(folder) == 0);
}

/* A journal that a crash left behind is said, and the rows are read. */
static void
test_journal(void)
{
	static const unsigned char journal[512] = { 0xd9, 0xd5, 0x05, 0xf9,
		0x20, 0xa1, 0x63, 0xd7, 0, 0, 0, 1 };
	size_t len;
	unsigned char *bytes =
	    run_sql("CREATE TABLE access (service TEXT, client TEXT);"
		    "INSERT INTO access VALUES('kTCCServiceCamera', 'a');",
		&len);
	struct run run;

	run_init(&run, artifact_by_name("ios.tcc"), "TCC.db");
	run.journal = file_mem_new("journal", journal, sizeof(journal));
	run_bytes(&run, bytes, len);
	CHECK(run.err == ERR_OK && run.records == 1 && run.notes == 1);
	file_free(run.journal);
	run_done(&run);
	sqlite3_free(bytes);
}

int
main(void)
{
	CHECK(golden_each(compare) > 0);
	test_wal();
	test_journal();
	return 0;
}
