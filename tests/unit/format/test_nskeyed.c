#include "nskeyed.h"

#include <fcntl.h>
#include <string.h>

#include "check.h"
#include "sqlro.h"
#include "tstamp.h"

/* The two shapes of an MBFile that phones write, and what else is accepted. */
static unsigned seen;

static void
count_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	(void)arg;
	(void)id;
	(void)off;
	(void)detail;
	seen++;
}

static const struct notes notes = { .fn = count_note };
static struct arena arena;

#define KEY_44                                                                 \
	"\x03\0\0\0"                                                           \
	"0123456789012345678901234567890123456789"

/*
 * A file's entry as iOS 14 writes it, made by hand: offsets of one byte, so
 * the blob stays short.
 */
static const char *const parts[] = {
	"\xd2\x01\x02\x03\x04",				/* 0 top dict */
	"\x54$top",					/* 1 */
	"\x58$objects",					/* 2 */
	"\xd1\x05\x06",					/* 3 $top */
	"\xa5\x07\x08\x13\x14\x16",			/* 4 $objects */
	"\x54root",					/* 5 */
	"\x80\x01",					/* 6 UID 1 */
	"\x55$null",					/* 7 */
	"\xd5\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12", /* 8 the MBFile */
	"\x55"
	"Birth",	    /* 9 */
	"\x54Size",	    /* a */
	"\x5cRelativePath", /* b */
	"\x5d"
	"EncryptionKey",	/* c */
	"\x5fProtectionClass",	/* d: patched, its length stands behind */
	"\x12\x60\x63\x38\x97", /* e 1617115287 */
	"\x11\x34\xff",		/* f 13567 */
	"\x80\x02",		/* 10 UID 2 */
	"\x80\x03",		/* 11 UID 3 */
	"\x10\x03",		/* 12 */
	"\x53"
	"a/b",		/* 13 */
	"\xd1\x15\x17", /* 14 the key's dict */
	"\x57NS.data",	/* 15 */
	"\x55$null",	/* 16 */
	NULL,		/* 17 the key */
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

/* Bytes of part i, whose length is told by hand where it holds a NUL. */
static size_t
part(size_t i, uint8_t *out)
{
	if (i == 0x0d) {
		memcpy(out, "\x5f\x10\x0fProtectionClass", 18);
		return 18;
	}
	if (parts[i] == NULL) {
		memcpy(out, "\x4f\x10\x2c" KEY_44, 47);
		return 47;
	}
	memcpy(out, parts[i], strlen(parts[i]));
	return strlen(parts[i]);
}

static size_t
make(uint8_t *b, const char *birth, size_t birth_len)
{
	uint8_t off[PARTS], t[32] = { [6] = 1, [7] = 1, [15] = PARTS };
	size_t n = 8;

	memcpy(b, "bplist00", 8);
	for (size_t i = 0; i < PARTS; i++) {
		off[i] = (uint8_t)n;
		if (i == 0x0e && birth != NULL) {
			memcpy(b + n, birth, birth_len);
			n += birth_len;
		} else {
			n += part(i, b + n);
		}
	}
	CHECK(n < 256);
	t[31] = (uint8_t)n;
	memcpy(b + n, off, PARTS);
	memcpy(b + n + PARTS, t, 32);
	return n + PARTS + 32;
}

static bool
parse(const void *p, size_t n, struct mbfile *m)
{
	arena_reset(&arena);
	seen = 0;
	return mbfile_parse(cur_from(p, n), &arena, &notes, m);
}

static void
test_mbfile(void)
{
	static uint8_t b[1024];
	size_t n = make(b, NULL, 0);
	struct mbfile m;

	CHECK(parse(b, n, &m) && seen == 0 && arena.used == 0);
	CHECK(m.birth_ns == tstamp_unix_i(1617115287));
	CHECK(m.modified_ns == TSTAMP_NONE && m.has_size && m.size == 13567);
	CHECK(m.has_class && m.protection_class == 3 && !m.has_mode);
	CHECK(str_is(m.relative_path, "a/b") && m.digest.n == 0);
	CHECK(m.encryption_key.n == 44 && m.encryption_key.p[0] == 3);

	/* Birth as a real number takes the other way to the same facts. */
	n = make(b, "\x23\x41\xd8\x18\xce\x25\xe0\0\0", 9);
	CHECK(parse(b, n, &m) && seen == 0 && arena.used > 0);
	CHECK(m.birth_ns == INT64_C(1617115287500000000));
	CHECK(m.encryption_key.n == 44 && m.size == 13567);

	/* A birth that is text is no birth, and is said. */
	n = make(b, "\x51x", 2);
	CHECK(parse(b, n, &m) && seen == 1 && m.birth_ns == TSTAMP_NONE);
}

static void
test_damage(void)
{
	static uint8_t b[1024], copy[1024];
	size_t n = make(b, NULL, 0);
	struct mbfile m;

	for (size_t len = 0; len < n; len++) {
		uint8_t *exact = malloc(len ? len : 1);

		CHECK(exact != NULL);
		memcpy(exact, b, len);
		CHECK(!parse(exact, len, &m) && seen > 0);
		free(exact);
	}
	for (size_t i = 0; i < n; i++)
		for (unsigned bit = 0; bit < 9; bit++) {
			memcpy(copy, b, n);
			copy[i] = (uint8_t)(bit < 8 ? b[i] ^ (1U << bit) : 0);
			CHECK(parse(copy, n, &m) || seen > 0);
		}
}

static void
test_archive(void)
{
	struct plist root_uid = { .type = PLIST_UID, .u = 1 };
	struct plist null = {
		.type = PLIST_STRING, .s = {"$null", 5}
	};
	struct plist text = {
		.type = PLIST_STRING, .s = {"x", 1}
	};
	struct plist_pair pr = {
		{"NS.string", 9},
		    &text
	};
	struct plist str_obj = {
		.type = PLIST_DICT, .dict = {&pr, 1}
	};
	struct plist *objs[] = { &null, &str_obj };
	struct plist objects = {
		.type = PLIST_ARRAY, .array = {objs, 2}
	};
	struct plist_pair top_pr = {
		{"any", 3},
		      &root_uid
	};
	struct plist top = {
		.type = PLIST_DICT, .dict = {&top_pr, 1}
	};
	struct plist_pair all[] = {
		{{ "$objects", 8 }, &objects},
		 { { "$top", 4 },	  &top    }
	};
	struct plist archive = {
		.type = PLIST_DICT, .dict = {all, 2}
	};
	struct nskeyed k;
	struct str s;

	CHECK(nskeyed_from(&archive, &k));
	CHECK(nskeyed_root(&k) == &str_obj);
	CHECK(nskeyed_string(&k, &root_uid, &s) && str_is(s, "x"));
	CHECK(!nskeyed_data(&k, &root_uid, &s));
	root_uid.u = 0;
	CHECK(nskeyed_root(&k) == NULL);
	root_uid.u = 2;
	CHECK(nskeyed_root(&k) == NULL);
	CHECK(!nskeyed_from(&objects, &k) && !nskeyed_from(NULL, &k));
}

/* The same entry by way of the tree. */
static void
check_tree(struct str blob, const struct mbfile *m)
{
	const struct plist *p = plist_parse(
			       cur_from(blob.p, blob.n), &arena, &notes),
			   *root;
	struct str s = { "", 0 };
	struct nskeyed k;
	int64_t v;

	CHECK(nskeyed_from(p, &k));
	root = nskeyed_root(&k);
	CHECK(plist_int(plist_get(root, "Size"), &v) && v == m->size);
	CHECK(plist_int(plist_get(root, "Mode"), &v) && v == m->mode);
	CHECK(plist_int(plist_get(root, "InodeNumber"), &v) && v == m->inode);
	CHECK(plist_int(plist_get(root, "Birth"), &v) &&
	      tstamp_unix_i(v) == m->birth_ns);
	CHECK(plist_int(plist_get(root, "ProtectionClass"), &v) &&
	      v == m->protection_class);
	CHECK(nskeyed_string(&k, plist_get(root, "RelativePath"), &s) &&
	      str_eq(s, m->relative_path));
	CHECK(nskeyed_data(&k, plist_get(root, "EncryptionKey"), &s)
		  ? str_eq(s, m->encryption_key)
		  : m->encryption_key.n == 0);
	CHECK(nskeyed_data(&k, plist_get(root, "Digest"), &s)
		  ? str_eq(s, m->digest)
		  : m->digest.n == 0);
	CHECK(nskeyed_string(&k, plist_get(root, "Target"), &s)
		  ? str_eq(s, m->target)
		  : m->target.n == 0);
}

static bool
test_real(void)
{
	static const char path[] =
	    SHARED_DATA "/ios/mvt-backup/ios_backup/Manifest.db";
	static const char *const columns[] = { "file", "relativePath" };
	unsigned rows = 0, keys = 0, digests = 0, targets = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct sqlro_query *q;
	struct sqlro *d;
	struct mbfile m;
	struct file *f;

	if (fd < 0) {
		printf("skipped: %s is not there\n", path);
		return false;
	}
	CHECK(file_fd_new(path, fd, &f) == ERR_OK);
	CHECK(sqlro_open(f, NULL, &notes, &d) == ERR_OK);
	CHECK(sqlro_scan(d, "Files", columns, 2, &q) == ERR_OK);
	while (sqlro_step(q)) {
		struct str blob = sqlro_str(q, 0), name = sqlro_str(q, 1);

		CHECK(parse(blob.p, blob.n, &m) && arena.used == 0);
		CHECK(str_eq(m.relative_path, name));
		check_tree(blob, &m);
		rows++;
		keys += m.encryption_key.n == 44;
		digests += m.digest.n == 20;
		targets += m.target.n > 0;
	}
	CHECK(seen == 0 && rows == 3721 && keys == 1089);
	CHECK(digests == 477 && targets == 14);
	sqlro_query_free(q);
	sqlro_free(d);
	file_free(f);
	return true;
}

int
main(void)
{
	bool all;

	arena_init(&arena, (size_t)64 << 20);
	test_mbfile();
	test_damage();
	test_archive();
	all = test_real();
	arena_done(&arena);
	return all ? 0 : TEST_SKIP;
}
