/* Whole sample phones: deterministic, marked, refused where they must be. */
#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "hash.h"
#include "sample.h"

static char tmp[] = "/tmp/telassay-test-XXXXXX";

/* Sums up every file below a folder: order of the walk does not matter. */
static uint8_t sum[SHA256_SIZE];
static size_t files;
static size_t skip; /* bytes of the folder's own name */

static int
add_file(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	static uint8_t data[1 << 22];
	uint8_t digest[SHA256_SIZE];
	struct sha256 *h;
	FILE *f;

	(void)ftw;
	if (kind != FTW_F)
		return 0;
	CHECK((size_t)st->st_size < sizeof(data));
	CHECK((f = fopen(path, "rbe")) != NULL);
	CHECK(fread(data, 1, (size_t)st->st_size, f) == (size_t)st->st_size);
	fclose(f);
	h = sha256_new();
	sha256_add(h, path + skip, strlen(path + skip) + 1);
	sha256_add(h, data, (size_t)st->st_size);
	sha256_end(h, digest);
	sha256_free(h);
	for (size_t i = 0; i < sizeof(sum); i++)
		sum[i] ^= digest[i];
	files++;
	return 0;
}

static void
sum_of(const char *dir, uint8_t out[static SHA256_SIZE])
{
	memset(sum, 0, sizeof(sum));
	files = 0;
	skip = strlen(dir);
	CHECK(nftw(dir, add_file, 16, FTW_PHYS) == 0);
	memcpy(out, sum, sizeof(sum));
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static void
clear(const char *dir)
{
	(void)nftw(dir, remove_one, 16, FTW_PHYS | FTW_DEPTH);
}

static char *
below(const char *name)
{
	static char path[2][128];
	static int which;

	which = !which;
	(void)snprintf(path[which], sizeof(path[0]), "%s/%s", tmp, name);
	return path[which];
}

/* Same options, same bytes; another seed or password, other bytes. */
static void
test_deterministic(const char *password)
{
	struct sample_options o = {
		.seed = 7, .password = password, .dpic = 10, .iter = 10
	};
	uint8_t a[SHA256_SIZE], b[SHA256_SIZE];
	struct why why;

	sample_sizes(&o, 1);
	CHECK(sample_ios_backup(below("a"), &o, &why) == ERR_OK);
	CHECK(sample_ios_backup(below("b"), &o, &why) == ERR_OK);
	sum_of(below("a"), a);
	CHECK(files > 100);
	sum_of(below("b"), b);
	CHECK(memcmp(a, b, sizeof(a)) == 0);
	CHECK(sample_ios_backup(below("b"), &o, &why) == ERR_USAGE);
	CHECK(strstr(why.text, "not empty") != NULL);
	clear(below("b"));
	o.seed = 8;
	CHECK(sample_ios_backup(below("b"), &o, &why) == ERR_OK);
	sum_of(below("b"), b);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
	clear(below("a"));
	clear(below("b"));
}

static int
count_row(void *arg, int n, char **v, char **names)
{
	(void)n, (void)names;
	*(long *)arg = v[0] ? strtol(v[0], NULL, 10) : -1;
	return 0;
}

static long
query(const char *file, const char *sql)
{
	sqlite3 *db;
	char uri[256];
	long n = -1;

	(void)snprintf(uri, sizeof(uri), "file:%s?immutable=1", below(file));
	CHECK(sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
		  NULL) == SQLITE_OK);
	CHECK(sqlite3_exec(db, sql, count_row, &n, NULL) == SQLITE_OK);
	CHECK(sqlite3_close(db) == SQLITE_OK);
	return n;
}

/* Rows are as many as asked for, and every database has its canary. */
static void
test_content(void)
{
	static const char sms[] =
	    "a/3d/3d0d7e5fb2ce288813306e4d4636395e047a3d28";
	const struct sample_plant plants[] = {
		{"ios.sms",	     "evil.example", "attributed", false, 0},
		{ "ios.sms",	     "evil.example", "port",	     false, 0},
		{ "ios.datausage", "badd",	   "pair",	   false, 0},
	};
	struct sample_options o = { .plants = plants, .nplants = 3 };
	struct why why;

	sample_sizes(&o, 1);
	CHECK(sample_ios_backup(below("a"), &o, &why) == ERR_OK);
	CHECK(query(sms, "SELECT count(*) FROM message") == 202);
	CHECK(query(sms, "SELECT count(*) FROM message WHERE text LIKE"
			 " '%https://evil.example:8443/%'") == 1);
	CHECK(
	    query(sms, "SELECT count(*) FROM message WHERE text IS NULL AND"
		       " instr(attributedBody, 'https://evil.example/')") == 1);
	CHECK(query(sms, "SELECT count(*) FROM handle WHERE id ="
			 " 'sample@telassay.invalid'") == 1);
	CHECK(query("a/0d/0d609c54856a9bb2d56729df1d68f2958a88426b",
		  "SELECT count(*) FROM ZPROCESS WHERE ZPROCNAME ="
		  " 'badd/com.apple.datausage.general'") == 1);
	CHECK(query("a/64/64d0019cb3d46bfc8cce545a8ba54b93e7ea9347",
		  "SELECT count(*) FROM access WHERE client ="
		  " 'invalid.telassay.sample'") == 1);
	CHECK(query("a/Manifest.db", "SELECT count(*) FROM Files") >= 300);
	clear(below("a"));
}

/* What only a rule sees: rows that are gone, things at a time. */
static void
test_signs(void)
{
	static const char usage[] =
	    "a/0d/0d609c54856a9bb2d56729df1d68f2958a88426b";
	const int64_t then = 1663063494; /* 684756294 since 2001 */
	const struct sample_plant plants[] = {
		{"ios.datausage",	   "x",		"gap",	       false, 0	},
		{ "ios.datausage",	   "x",		"orphan",		  false, then},
		{ "ios.datausage",	   "nehelper",  NULL,		     true,  then},
		{ "ios.manifest",	  "65/05",	   "attachment-folder", false, then},
		{ "ios.safari_history", "x.example", "sent-on",		false, then},
	};
	struct sample_options o = { .plants = plants, .nplants = 5 };
	struct why why;

	sample_sizes(&o, 1);
	CHECK(sample_ios_backup(below("a"), &o, &why) == ERR_OK);
	CHECK(query(usage, "SELECT max(Z_PK) - count(*) FROM ZPROCESS") == 2);
	CHECK(query(usage, "SELECT count(*) FROM ZLIVEUSAGE WHERE ZTIMESTAMP ="
			   " 684756294 AND ZHASPROCESS NOT IN (SELECT Z_PK"
			   " FROM ZPROCESS)") == 1);
	CHECK(query(usage, "SELECT count(*) FROM ZPROCESS WHERE ZPROCNAME ="
			   " 'nehelper' AND ZFIRSTTIMESTAMP = 684756294") == 1);
	CHECK(query("a/Manifest.db",
		  "SELECT count(*) FROM Files WHERE domain = 'MediaDomain' AND"
		  " relativePath = 'Library/SMS/Attachments/65/05' AND"
		  " flags = 2") == 1);
	clear(below("a"));
}

static void
test_plants(void)
{
	struct sample_plant x;
	char a[] = "ios.sms=https://x.example:80/a:port",
	     b[] = "ios.sms=x.example:8443", c[] = "ios.sms", d[] = "a=b",
	     e[] = "ios.sms=",
	     f[] = "ios.calls=spy@mail.example@2022-09-13T10:04:54Z",
	     g[] = "ios.sms=spy@mail.example:sender",
	     h[] = "ios.datausage=x:orphan@2022-09-13T10:04:54Z";
	const struct sample_plant wrong = { "ios.tcc", "x", "port", false, 0 };
	struct sample_options o = { .plants = &wrong, .nplants = 1 };
	struct why why;

	CHECK(sample_plant_parse(a, &x, &why) == ERR_OK);
	CHECK(strcmp(x.value, "https://x.example:80/a") == 0);
	CHECK(strcmp(x.form, "port") == 0);
	CHECK(sample_plant_parse(b, &x, &why) == ERR_OK);
	CHECK(strcmp(x.value, "x.example:8443") == 0 && x.form == NULL);
	CHECK(sample_plant_parse(c, &x, &why) == ERR_USAGE);
	CHECK(sample_plant_parse(d, &x, &why) == ERR_USAGE);
	CHECK(sample_plant_parse(e, &x, &why) == ERR_USAGE);
	CHECK(sample_plant_parse(f, &x, &why) == ERR_OK);
	CHECK(strcmp(x.value, "spy@mail.example") == 0);
	CHECK(x.when_s == 1663063494);
	CHECK(sample_plant_parse(g, &x, &why) == ERR_OK);
	CHECK(strcmp(x.value, "spy@mail.example") == 0 && x.when_s == 0);
	CHECK(sample_plant_parse(h, &x, &why) == ERR_OK);
	CHECK(strcmp(x.form, "orphan") == 0 && x.when_s == 1663063494);
	CHECK(sample_ios_backup(below("a"), &o, &why) == ERR_USAGE);
	CHECK(access(below("a"), F_OK) != 0);
}

/* Each planted value once, decoys never. */
static void
test_stix(void)
{
	const struct sample_plant plants[] = {
		{"ios.sms",	     "evil.example",	     NULL, false, 0},
		{ "ios.safari_history", "evil.example",		NULL, false, 0},
		{ "ios.sms",	     "http://e.example/it's", NULL, false, 0},
		{ "ios.sms",	     "192.0.2.7",		  NULL, false, 0},
		{ "ios.tcc",	     "near",		     NULL, true,	 0},
		{ "ios.calls",	       "+15550100001",	       NULL, false, 0},
	};
	struct sample_options o = { .plants = plants, .nplants = 6 };
	static char text[1 << 16];
	struct why why;
	size_t n = 0;
	FILE *f;

	CHECK(sample_stix(below("s.json"), &o, &why) == ERR_OK);
	CHECK((f = fopen(below("s.json"), "re")) != NULL);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	for (const char *s = text; (s = strstr(s, "\"pattern\"")) != NULL; s++)
		n++;
	CHECK(n == 3);
	CHECK(strstr(text, "[domain-name:value='evil.example']") != NULL);
	CHECK(strstr(text, "[url:value='http://e.example/it\\\\'s']") != NULL);
	CHECK(strstr(text, "[ipv4-addr:value='192.0.2.7']") != NULL);
	CHECK(strstr(text, "near") == NULL);
	CHECK(sample_stix("/nowhere/s.json", &o, &why) == ERR_IO);
}

int
main(void)
{
	CHECK(mkdtemp(tmp) != NULL);
	test_deterministic(NULL);
	test_deterministic("correct horse");
	test_content();
	test_signs();
	test_plants();
	test_stix();
	clear(tmp);
	return 0;
}
