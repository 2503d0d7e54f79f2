#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sqlmake.h"

/*
 * One row is planted, then the file is cut, zeroed or garbled at a random
 * place: the row is found, or a note tells that something is lost. Rows
 * behind damage are given, each once.
 */
#define PLANT "the-planted-process"

static struct seen seen;
static const struct notes notes = { .fn = seen_note, .arg = &seen };
static uint64_t state = 42;

static uint64_t
next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static size_t
below(size_t n)
{
	return (size_t)(next_random() % n);
}

struct bytes {
	unsigned char *p;
	size_t n;
};

static struct bytes
copy_of(struct bytes b)
{
	struct bytes c = { malloc(b.n ? b.n : 1), b.n };

	CHECK(c.p != NULL);
	memcpy(c.p, b.p, b.n);
	return c;
}

enum damage { CUT, ZERO, GARBLE, TAIL, KINDS };

/* At least 4096 bytes, as far as the file has so many. */
static void
damage(struct bytes *b, enum damage kind)
{
	size_t len = 4096 + below(3 * 4096), at;

	if (len > b->n)
		len = b->n;
	at = below(b->n - len + 1);
	switch (kind) {
	case CUT:
		b->n = below(b->n);
		break;
	case ZERO:
		memset(b->p + at, 0, len);
		break;
	case GARBLE: /* cipher blocks */
		for (size_t i = at / 16 * 16; i < at + len - 15; i++)
			b->p[i] = (unsigned char)next_random();
		break;
	case TAIL:
		memset(b->p + at, 0, b->n - at);
		break;
	case KINDS:
		break;
	}
}

static bool
scan_finds(struct sqlro *d, const char *table)
{
	static const char *const columns[] = { "name", "body", "n", "r" };
	struct sqlro_query *q;
	int64_t last = INT64_MIN;
	bool found = false;

	if (sqlro_scan(d, table, columns, 4, &q) != ERR_OK)
		return false;
	while (sqlro_step(q)) {
		found |= str_is(sqlro_str(q, 0), PLANT);
		(void)sqlro_str(q, 1);
		(void)sqlro_int(q, 2);
		/* In order and once, unless it is said. */
		CHECK(sqlro_rowid(q) > last || seen.n[NOTE_SQL_ROWID] > 0);
		last = sqlro_rowid(q);
	}
	sqlro_query_free(q);
	return found;
}

/* Reads as every reader does. */
static bool
finds(struct bytes db, struct bytes wal)
{
	struct file *f = file_mem_new("db", db.p, db.n);
	struct file *w = wal.p ? file_mem_new("wal", wal.p, wal.n) : NULL;
	bool found = false;
	struct sqlro *d;

	seen = (struct seen){ .loud = getenv("LOUD") != NULL };
	if (sqlro_open(f, w, &notes, &d) == ERR_OK) {
		sqlro_check(d);
		found = scan_finds(d, "process");
		sqlro_free(d);
	} else {
		CHECK(seen.all > 0);
	}
	file_free(f);
	file_free(w);
	return found;
}

/* Rows of many lengths, some on overflow pages; the plant among them. */
static void
fill(sqlite3 *db, const char *pragmas, unsigned rows, unsigned planted)
{
	char sql[1024];

	run_sql(db, pragmas);
	(void)snprintf(sql, sizeof(sql),
	    "CREATE TABLE meta (k TEXT UNIQUE, v);"
	    "INSERT INTO meta VALUES ('a', 1), ('b', 2);"
	    "CREATE TABLE process (id INTEGER PRIMARY KEY AUTOINCREMENT,"
	    " name TEXT NOT NULL, n INTEGER, r REAL, body BLOB, more TEXT);"
	    "CREATE INDEX pn ON process(name); CREATE INDEX pm ON"
	    " process(n, r);"
	    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c"
	    " LIMIT %u) INSERT INTO process SELECT x,"
	    " CASE x WHEN %u THEN '" PLANT "' ELSE 'process ' || x END,"
	    " x*7919%%1000, x*1.5, CASE WHEN x%%50=3 THEN"
	    " hex(randomblob(4000)) ELSE hex(randomblob(x%%90)) END,"
	    " 'more ' || x FROM c;"
	    "DELETE FROM process WHERE id%%11=2 AND id<>%u",
	    rows, planted, planted);
	run_sql(db, sql);
}

static unsigned
count_silent(struct bytes db, struct bytes wal, unsigned rounds)
{
	struct bytes none = { NULL, 0 };
	unsigned silent = 0;

	for (unsigned i = 0; i < rounds; i++)
		for (enum damage k = 0; k < KINDS; k++) {
			struct bytes d = copy_of(db);
			struct bytes w = wal.p ? copy_of(wal) : none;

			damage(wal.p != NULL && i % 2 ? &w : &d, k);
			if (!finds(d, w) && seen.all == 0) {
				fprintf(stderr, "silent: kind %d round %u\n",
				    (int)k, i);
				silent++;
			}
			free(d.p);
			free(w.p);
		}
	return silent;
}

static void
test_planted(unsigned rounds)
{
	static const char *const shapes[] = { "", "PRAGMA page_size=1024",
		"PRAGMA page_size=16384; PRAGMA auto_vacuum=1",
		"PRAGMA auto_vacuum=2", "PRAGMA page_size=512" };
	struct bytes none = { NULL, 0 }, b;
	unsigned silent = 0;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		for (unsigned rows = 20; rows <= 2000; rows *= 10) {
			sqlite3 *db = maker_open();

			fill(db, shapes[i], rows, 1 + (unsigned)below(rows));
			b.p = made_bytes(db, &b.n);
			CHECK(finds(b, none) && seen.all == 0);
			silent += count_silent(b, none, rounds);
			sqlite3_free(b.p);
		}
	printf("%u of %u lost without a note\n", silent,
	    rounds * (unsigned)KINDS * 15);
	CHECK(silent == 0);
}

static struct bytes
file_bytes(const char *path)
{
	struct stat st;
	struct bytes b;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	CHECK(fd >= 0 && fstat(fd, &st) == 0);
	b.n = (size_t)st.st_size;
	b.p = malloc(b.n + 1);
	CHECK(b.p != NULL && read(fd, b.p, b.n) == (ssize_t)b.n);
	close(fd);
	return b;
}

struct pair {
	struct bytes db, wal;
};

/*
 * A database and its log, copied before the log is put back. rounds of
 * checkpoints make the log begin anew over frames of earlier rounds.
 */
static struct pair
make_wal(unsigned checkpoints)
{
	char dir[] = "/tmp/telassay-test-XXXXXX", path[64], wal[72], shm[72];
	struct pair out;
	sqlite3 *db;

	CHECK(mkdtemp(dir) != NULL);
	(void)snprintf(path, sizeof(path), "%s/db", dir);
	(void)snprintf(wal, sizeof(wal), "%s-wal", path);
	(void)snprintf(shm, sizeof(shm), "%s-shm", path);
	CHECK(sqlite3_open(path, &db) == SQLITE_OK);
	run_sql(db, "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0");
	fill(db, "", 300, 0);
	for (unsigned i = 0; i < checkpoints; i++)
		run_sql(db, "PRAGMA wal_checkpoint(FULL);"
			    "UPDATE process SET n=n+1");
	run_sql(db, "PRAGMA wal_checkpoint(FULL);"
		    "UPDATE meta SET v=3 WHERE k='a';"
		    "INSERT INTO process(name) VALUES ('" PLANT "');"
		    "UPDATE meta SET v=4 WHERE k='b'");
	out.db = file_bytes(path);
	out.wal = file_bytes(wal);
	(void)sqlite3_close(db);
	CHECK(unlink(path) == 0);
	(void)unlink(wal);
	(void)unlink(shm);
	CHECK(rmdir(dir) == 0);
	return out;
}

/* The plant stands in the log only. */
static void
test_wal(unsigned rounds)
{
	struct bytes none = { NULL, 0 }, cut;
	struct pair p;

	for (unsigned checkpoints = 0; checkpoints < 3; checkpoints += 2) {
		p = make_wal(checkpoints);
		CHECK(!finds(p.db, none) && seen.all == 0);
		CHECK(finds(p.db, p.wal) && seen.all == 0);
		CHECK(count_silent(p.db, p.wal, rounds) == 0);
		/*
		 * Cut anywhere: a cut right behind a commit cannot be told
		 * from a log that ended there.
		 */
		for (size_t n = 1; n < p.wal.n; n += n % 4120 < 80 ? 9 : 997) {
			cut = copy_of(p.wal);
			cut.n = n;
			if (!finds(p.db, cut) && seen.all == 0)
				CHECK((n - 32) % (24 + 4096) == 0);
			free(cut.p);
		}
		free(p.db.p);
		free(p.wal.p);
	}
}

/* One leaf page after the other is zeroed: all other rows are given. */
static void
test_salvage(void)
{
	sqlite3 *db = maker_open();
	struct bytes b, c;
	static const char *const columns[] = { "name" };

	run_sql(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, name);"
		    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 "
		    "FROM c LIMIT 5000) INSERT INTO t SELECT x*10, "
		    "hex(randomblob(20)) FROM c");
	b.p = made_bytes(db, &b.n);
	for (size_t page = 2; page < b.n / 4096; page++) {
		struct sqlro_query *q;
		unsigned rows = 0;
		struct file *f;
		struct sqlro *d;
		int64_t last = 0;

		c = copy_of(b);
		if (b.p[page * 4096] != 13) { /* the root: all is lost */
			free(c.p);
			continue;
		}
		memset(c.p + page * 4096, 0, 4096);
		f = file_mem_new("db", c.p, c.n);
		seen = (struct seen){ 0 };
		CHECK(sqlro_open(f, NULL, &notes, &d) == ERR_OK);
		CHECK(sqlro_scan(d, "t", columns, 1, &q) == ERR_OK);
		while (sqlro_step(q)) {
			CHECK(sqlro_rowid(q) > last);
			CHECK(
			    sqlro_is_broken(q) || sqlro_rowid(q) == last + 10);
			last = sqlro_rowid(q);
			rows++;
		}
		CHECK(sqlro_is_broken(q));
		CHECK(seen.n[NOTE_SQL_CORRUPT] == 1 && seen.all == 1);
		CHECK(rows >= 5000 - 100 && rows < 5000);
		sqlro_query_free(q);
		sqlro_free(d);
		file_free(f);
		free(c.p);
	}
	sqlite3_free(b.p);
}

/* Small enough for every cut and every flipped byte. */
static void
test_every_byte(void)
{
	struct bytes none = { NULL, 0 }, b, c;
	sqlite3 *db = maker_open();

	run_sql(db, "PRAGMA page_size=512;"
		    "CREATE TABLE process (name TEXT, n INTEGER, body BLOB);"
		    "INSERT INTO process VALUES ('" PLANT "', 70000, x'0102'),"
		    " ('other', NULL, zeroblob(700)), ('third', 1.5, 'x');"
		    "CREATE INDEX i ON process(name)");
	b.p = made_bytes(db, &b.n);
	for (size_t n = 0; n < b.n; n++) {
		c = copy_of(b);
		c.n = n;
		c.p = realloc(c.p, n ? n : 1);
		CHECK(c.p != NULL);
		(void)finds(c, none);
		CHECK(seen.all > 0);
		free(c.p);
	}
	for (size_t i = 0; i < b.n; i++) {
		c = copy_of(b);
		c.p[i] ^= (unsigned char)(1U << i % 8);
		(void)finds(c, none);
		c.p[i] = 0;
		(void)finds(c, none);
		c.p[i] = 0xff;
		(void)finds(c, none);
		free(c.p);
	}
	sqlite3_free(b.p);
}

int
main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 10;

	test_salvage();
	test_every_byte();
	test_wal(rounds);
	test_planted(rounds);
	return 0;
}
