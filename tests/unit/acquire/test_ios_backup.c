#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "acquisition.h"
#include "check.h"
#include "hash.h"
#include "str.h"
#include "tstamp.h"

#define FAST SHARED_DATA "/ios/encrypted-fast"
#define FULL SHARED_DATA "/ios/encrypted-full"
#define MVT  SHARED_DATA "/ios/mvt-backup/ios_backup"
#define P    "AppDomain-test.pitfalls/"

/* Which notes were left since `seen` was cleared. */
static unsigned seen[NOTE_COUNT];

static void
see_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	(void)arg, (void)off, (void)detail;
	seen[id]++;
}

static const struct notes notes = { .fn = see_note };

static size_t
notes_seen(void)
{
	size_t n = 0;

	for (size_t i = 0; i < NOTE_COUNT; i++)
		n += seen[i] > 0;
	return n;
}

static struct acquisition *
open_with(const char *path, const char *password, const char *const *known)
{
	struct acquire_options o = {
		.password = password,
		.password_len = password ? strlen(password) : 0,
		.known = known,
	};
	struct acquisition *a;
	struct why why = { "" };

	memset(seen, 0, sizeof(seen));
	if (acquisition_open(path, &o, &notes, &why, &a) != ERR_OK) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	return a;
}

struct pitfall {
	const char *path;
	enum err err;
	uint64_t size;
	enum note_id notes[3]; /* NOTE_COUNT ends */
};

#define NONE                                                                   \
	{                                                                      \
		NOTE_COUNT                                                     \
	}
#define ONE(a)                                                                 \
	{                                                                      \
		NOTE_BACKUP_##a, NOTE_COUNT                                    \
	}
#define TWO(a, b)                                                              \
	{                                                                      \
		NOTE_BACKUP_##a, NOTE_BACKUP_##b, NOTE_COUNT                   \
	}

/* The fifteen files of the sample backups, as expected.json describes them. */
static const struct pitfall pitfalls[] = {
	{P "size_too_small.db",	 ERR_OK,	 28672,			ONE(SIZE)	  },
	{ P "size_too_big.db",	       ERR_OK,     28672,			      ONE(SIZE)	},
	{ P "aligned16.bin",	     ERR_OK,     4096,			   NONE		},
	{ P "empty_with_key.bin",	  ERR_OK,	  0,			     NONE	  },
	{ P "empty_no_key.bin",	ERR_OK,	0,			   NONE		},
	{ P "empty_not_on_disk.bin",   ERR_OK,     0,				NONE	     },
	{ P "missing_on_disk.bin",	   ERR_ABSENT, 0,				  ONE(CONTENT)  },
	{ P "plain_no_key.txt",	ERR_OK,	36,			    ONE(NO_KEY)	},
	{ P "class_absent.bin",	ERR_AUTH,	  0,			     ONE(CLASS_KEY)},
	{ P "truncated_mid_block.bin", ERR_OK,     496,
	    TWO(TRUNCATED_BLOCK,								   PADDING) },
	{ P "truncated_block.db",				  ERR_OK,		  8192,		ONE(PADDING)     },
	{ P "bad_padding.bin",			       ERR_OK,		       100,		    ONE(PADDING)	 },
	{ P "zero_tail.db",			    ERR_OK,			    28672,		   ONE(PADDING)	},
	{ P "\xc3\xa9vil/%2e%2e/name.bin",			   ERR_OK,	   35, NONE	    },
	{ P "big.bin",			   ERR_OK,			       3 << 20,			NONE},
};

/* Reads all of f in odd pieces; the SHA-256 of it. */
static void
hash_file(struct file *f, uint8_t out[static SHA256_SIZE])
{
	struct sha256 *h = sha256_new();
	uint8_t piece[1021];
	uint64_t off = 0;
	size_t got;

	do {
		CHECK(
		    file_read_at(f, off, piece, sizeof(piece), &got) == ERR_OK);
		sha256_add(h, piece, got);
		off += got;
	} while (got > 0);
	CHECK(off == f->size);
	sha256_end(h, out);
	sha256_free(h);
}

static void
check_pitfall(struct acquisition *a, const struct pitfall *p)
{
	const struct entry *e = source_find(a->source, p->path);
	uint8_t hash[SHA256_SIZE];
	struct file *f;
	size_t n = 0;

	CHECK(e != NULL);
	memset(seen, 0, sizeof(seen));
	CHECK(source_open(a->source, e, &notes, &f) == p->err);
	if (p->err == ERR_OK) {
		CHECK(f->size == p->size);
		hash_file(f, hash);
		file_free(f);
	}
	for (; p->notes[n] != NOTE_COUNT; n++)
		CHECK(seen[p->notes[n]] > 0);
	CHECK(notes_seen() == n);
}

/* The bytes of the database that three pitfalls are copies of. */
static void
check_copies(struct acquisition *a)
{
	static const char *const copies[] = { P "size_too_small.db",
		P "size_too_big.db", P "zero_tail.db",
		"HomeDomain/Library/SMS/sms.db" };
	static const char expect[] =
	    "2d7c6e9a504cd54ea8a389ebf27285d06d4a3043c35ec06e458c5a571eaf48d0";
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];
	struct file *f;

	for (size_t i = 0; i < sizeof(copies) / sizeof(*copies); i++) {
		const struct entry *e = source_find(a->source, copies[i]);

		CHECK(e != NULL);
		CHECK(source_open(a->source, e, NULL, &f) == ERR_OK);
		hash_file(f, hash);
		file_free(f);
		CHECK(strcmp(hex_encode(hash, SHA256_SIZE, hex), expect) == 0);
	}
}

static void
test_pitfalls(const char *path, const char *password)
{
	struct acquisition *a = open_with(path, password, NULL);
	const struct entry *e;
	struct file *f;
	uint8_t head[16];
	size_t got;

	CHECK(seen[NOTE_BACKUP_NAME] == 1 && notes_seen() == 1);
	CHECK(a->encrypted && strcmp(a->kind->name, "ios-backup") == 0);
	CHECK(a->source->count == 3721 + 15 + 4);
	for (size_t i = 0; i < sizeof(pitfalls) / sizeof(*pitfalls); i++)
		check_pitfall(a, &pitfalls[i]);
	check_copies(a);
	/* The list itself can be read, decrypted. */
	e = source_find(a->source, "Manifest.db");
	CHECK(e != NULL && e->size == 3194880);
	CHECK(source_open(a->source, e, NULL, &f) == ERR_OK);
	CHECK(file_read_at(f, 0, head, sizeof(head), &got) == ERR_OK);
	CHECK(memcmp(head, "SQLite format 3", sizeof(head)) == 0);
	file_free(f);
	acquisition_free(a);
}

static void
test_device(void)
{
	struct acquisition *a = open_with(FAST, "p\xc3\xa4ssw\xc3\xb6rd", NULL);
	char date[32];

	CHECK(strcmp(a->product, "iPhone9,3") == 0);
	CHECK(strcmp(a->os, "iOS") == 0);
	CHECK(strcmp(a->os_version, "14.3") == 0);
	CHECK(strcmp(a->build, "18C66") == 0);
	CHECK(strcmp(a->name, "iPhone") == 0);
	CHECK(strcmp(a->serial, "F1234567890") == 0); /* of Info.plist */
	CHECK(strcmp(a->imei, "42") == 0);
	CHECK(strcmp(a->udid, "1cb128eafa77c5be74283e9a3a2130af36a3c059") == 0);
	CHECK(
	    strcmp(tstamp_iso(a->made_ns, date), "2026-11-24T00:00:00Z") == 0);
	CHECK(!a->sample);
	acquisition_free(a);
}

/* A real backup without two of its plists, and with a content that has no row. */
static void
test_partial(void)
{
	static const char lid[] = "AppDomainGroup-group.net.whatsapp.WhatsApp."
				  "shared/LID.sqlite";
	static const char *const known[] = { "HomeDomain/Library/SMS/sms.db",
		lid, "HomeDomain/no/such.db", NULL };
	struct acquisition *a = open_with(MVT, NULL, known);
	const struct entry *e = source_find(a->source, lid);
	struct file *f;
	uint64_t size;

	CHECK(!a->encrypted && a->source->count == 3721 + 1 + 2);
	CHECK(seen[NOTE_BACKUP_PLIST] == 2 && seen[NOTE_BACKUP_NO_ROW] == 1);
	CHECK(notes_seen() == 2);
	CHECK(e != NULL && e->size == ENTRY_SIZE_UNKNOWN);
	CHECK(source_size(a->source, e, &size) == ERR_OK && size == 8192);
	CHECK(source_open(a->source, e, &notes, &f) == ERR_OK);
	CHECK(f->size == 8192);
	file_free(f);
	acquisition_free(a);

	/* Unknown, it is counted. The folder above has the same backup. */
	a = open_with(SHARED_DATA "/ios/mvt-backup", "needless", NULL);
	CHECK(seen[NOTE_BACKUP_NO_ROW] == 1 && seen[NOTE_BACKUP_PASSWORD] == 1);
	CHECK(source_find(a->source, lid) == NULL);
	CHECK(a->source->count == 3721 + 2);
	acquisition_free(a);
}

static enum err
open_fails(const char *path, const char *password, const char *says)
{
	struct acquire_options o = {
		.password = password,
		.password_len = password ? strlen(password) : 0,
	};
	struct acquisition *a = NULL;
	struct why why = { "" };
	enum err err = acquisition_open(path, &o, &notes, &why, &a);

	CHECK(err != ERR_OK && a == NULL);
	CHECK(strstr(why.text, says) != NULL);
	CHECK(strstr(why.text, path) == why.text);
	return err;
}

static void
test_refused(void)
{
	CHECK(open_fails(FAST, NULL, "is encrypted") == ERR_AUTH);
	CHECK(open_fails(FAST, "passwort", "does not fit") == ERR_AUTH);
	CHECK(open_fails(SHARED_DATA "/ios/kat", NULL, "no acquisition") ==
	      ERR_FORMAT);
	CHECK(
	    open_fails(SHARED_DATA "/no such", NULL, "No such file") == ERR_IO);
}

/* Every file of path in memory, in a source of its own. */
static uint8_t *
read_whole(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rbe");
	uint8_t *p = malloc((size_t)4 << 20);

	CHECK(f != NULL && p != NULL);
	*len = fread(p, 1, (size_t)4 << 20, f);
	CHECK(*len > 0 && *len < (size_t)4 << 20);
	fclose(f);
	return p;
}

/*
 * Opens with a Manifest.plist of n bytes. The first pages of Manifest.db are
 * enough to see whether its key came out right.
 */
static enum err
open_mutant(const uint8_t *plist, size_t n, const uint8_t *db)
{
	static const uint8_t key[32] = { 0x35, 0x0d, 0x63, 0x7e, 0xbf, 0x7e,
		0x90, 0x28, 0xf5, 0x9b, 0x67, 0x02, 0xd4, 0xcd, 0x35, 0xf5,
		0x60, 0xbd, 0x89, 0xeb, 0xe2, 0x12, 0x09, 0x15, 0x29, 0xbe,
		0x1e, 0x66, 0x56, 0x48, 0x96, 0xd3 };
	uint8_t *copy = malloc(n + 1); /* exactly: overruns are seen */
	struct source_mem_entry files[] = {
		{"Manifest.db",	 db,   16384},
		{ "Manifest.plist", copy, n    },
	};
	struct acquire_options o = { .key = key };
	struct acquisition a = { .made_ns = TSTAMP_NONE };
	struct source *outer;
	struct why why = { "" };
	enum err err;

	CHECK(copy != NULL);
	memcpy(copy, plist, n);
	arena_init(&a.arena, (size_t)1 << 20);
	outer = source_mem_new(files, 2);
	memset(seen, 0, sizeof(seen));
	err = acquisition_kinds[0]->open(&a, outer, &o, &notes, &why);
	CHECK(err == ERR_OK || why.text[0] != '\0');
	source_free(a.source);
	source_free(outer);
	arena_done(&a.arena);
	free(copy);
	return err;
}

/* Cut or flipped, the plists leave a note or an error, and never a crash. */
static void
test_mutants(void)
{
	size_t n, db_len, ok = 0;
	uint8_t *plist = read_whole(FAST "/Manifest.plist", &n);
	uint8_t *db = read_whole(FAST "/Manifest.db", &db_len);

	/* The database is cut: what is listed is noted, but it opens. */
	CHECK(open_mutant(plist, n, db) == ERR_OK);
	CHECK(seen[NOTE_BACKUP_PLIST] == 2); /* Info, Status */
	for (size_t cut = 0; cut < n; cut += 5)
		CHECK(open_mutant(plist, cut, db) == ERR_FORMAT);
	for (size_t i = 0; i < n; i += 3) {
		plist[i] ^= (uint8_t)(1 << i % 8);
		ok += open_mutant(plist, n, db) == ERR_OK;
		plist[i] ^= (uint8_t)(1 << i % 8);
	}
	CHECK(ok > 0 && ok < n / 3);
	free(plist);
	free(db);
}

int
main(void)
{
	struct stat st;

	if (stat(FAST, &st) != 0) {
		printf("skipped: %s is not there\n", FAST);
		return TEST_SKIP;
	}
	test_pitfalls(FAST, "p\xc3\xa4ssw\xc3\xb6rd");
	test_pitfalls(FULL, "correct horse");
	test_device();
	test_partial();
	test_refused();
	test_mutants();
	return 0;
}
