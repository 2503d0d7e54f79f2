#include <time.h>
#include <zlib.h>

#include "limits.h"
#include "make_archive.h"

/* Bombs, members beyond the limits, very many members. */

#define MIB ((size_t)1 << 20)

static double
cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* n bytes as one gzip member behind what m has. */
static void
gzip_add(struct make *m, const void *p, size_t n)
{
	size_t cap = compressBound((uLong)n) + 64;
	uint8_t *out = malloc(cap);
	z_stream z = { .avail_in = (uInt)n };

	CHECK(out != NULL);
	z.next_in = (Bytef *)(uintptr_t)p;
	z.next_out = out;
	z.avail_out = (uInt)cap;
	CHECK(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9,
		  Z_DEFAULT_STRATEGY) == Z_OK);
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	make_write(NULL, m, out, cap - z.avail_out);
	CHECK(deflateEnd(&z) == Z_OK);
	free(out);
}

/* The header of a tar member of that size, without its bytes. */
static void
header_add(struct make *m, const char *name, uint64_t size)
{
	char h[512] = "";
	unsigned sum = 8 * ' ';

	(void)snprintf(h, 100, "%s", name);
	(void)snprintf(h + 100, 8, "%07o", 0644u);
	(void)snprintf(h + 124, 12, "%011llo", (unsigned long long)size);
	(void)snprintf(h + 136, 12, "%011o", 0u);
	h[156] = '0';
	memcpy(h + 257, "ustar\00000", 8);
	for (size_t i = 0; i < sizeof(h); i++)
		sum += (unsigned char)h[i];
	(void)snprintf(h + 148, 8, "%06o", sum);
	gzip_add(m, h, sizeof(h));
}

static void
zeros_add(struct make *m, const struct make *mib, size_t count)
{
	for (size_t i = 0; i < count; i++)
		make_write(NULL, m, mib->p, mib->n);
}

/*
 * One member of 513 MiB, one of 3 GiB: zeros, packed a thousand times. The
 * first is too large to hold; the second is where reading stops.
 */
static void
test_bomb(void)
{
	struct make m = { .cap = 0 }, mib = { .cap = 0 };
	uint8_t *zeros = calloc(1, MIB), sum[SHA256_SIZE], want[SHA256_SIZE];
	struct source *s;
	struct file *f;
	double t = cpu_seconds();

	CHECK(zeros != NULL);
	gzip_add(&mib, zeros, MIB);
	header_add(&m, "large", 513 * MIB);
	zeros_add(&m, &mib, 513);
	header_add(&m, "bomb", 3072 * MIB);
	zeros_add(&m, &mib, 3072);
	header_add(&m, "after", 0);
	CHECK(m.n < 8 * MIB);
	noted_reset();
	s = open_bytes(m.p, m.n, &everything);
	CHECK(s != NULL && s->count == 2);
	CHECK(noted[NOTE_ARCHIVE_BOMB] == 1);
	CHECK(noted[NOTE_ARCHIVE_HELD] >= 1);
	CHECK(source_open(s, source_find(s, "large"), &notes, &f) == ERR_LIMIT);
	CHECK(source_find(s, "large")->size == 513 * MIB);
	sha256_once(m.p, m.n, want);
	CHECK(source_hash(s, NULL, NULL, sum) == ERR_OK);
	CHECK(memcmp(sum, want, sizeof(sum)) == 0);
	source_free(s);
	free(m.p);
	free(mib.p);
	free(zeros);
	/* About a gibibyte is unpacked before it stops. */
	CHECK(cpu_seconds() - t < 30);
}

static void
test_many(void)
{
	struct make m;
	struct source *s;
	double t;

	make_begin(&m, MAKE_TAR);
	for (unsigned i = 0; i < 100000; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "dir%u/file%u",
		    i * 7919u % 100, i * 104729u % 100000);
		make_text(&m, name, i % 3 ? "" : "x");
	}
	make_end(&m);
	noted_reset();
	t = cpu_seconds();
	s = open_bytes(m.p, m.n, NULL);
	CHECK(s != NULL && s->count == 100000 && noted_all() == 0);
	CHECK(s->bytes == 33334);
	for (size_t i = 1; i < s->count; i++)
		CHECK(str_cmp(s->entries[i - 1].path, s->entries[i].path) < 0);
	CHECK(text_is(s, "dir0/file0", "x"));
	source_free(s);
	free(m.p);
	CHECK(cpu_seconds() - t < 10);
}

int
main(void)
{
	test_bomb();
	test_many();
	return EXIT_SUCCESS;
}
