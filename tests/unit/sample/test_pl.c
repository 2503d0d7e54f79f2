/* Property lists as they are written: compared byte by byte. */
#include <string.h>

#include "check.h"
#include "pl.h"

static void
expect(struct arena *a, struct pl *v, const char *bytes, size_t n)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	pl_binary(a, v, &b);
	CHECK(b.len > 8 + n && memcmp(b.p, "bplist00", 8) == 0);
	CHECK(memcmp(b.p + 8, bytes, n) == 0);
	buf_done(&b);
}

static void
test_scalars(struct arena *a)
{
	expect(a, pl_int(a, 7), "\x10\x07\x08", 3);
	expect(a, pl_int(a, 256), "\x11\x01\x00", 3);
	expect(a, pl_int(a, 70000), "\x12\x00\x01\x11\x70", 5);
	expect(a, pl_int(a, -1), "\x13\xff\xff\xff\xff\xff\xff\xff\xff", 9);
	expect(a, pl_int(a, 1LL << 32), "\x13\x00\x00\x00\x01\0\0\0\0", 9);
	expect(a, pl_bool(a, true), "\x09", 1);
	expect(a, pl_bool(a, false), "\x08", 1);
	expect(a, pl_uid(a, 5), "\x80\x05", 2);
	expect(a, pl_uid(a, 300), "\x81\x01\x2c", 3);
	expect(a, pl_real(a, 1.0), "\x23\x3f\xf0\0\0\0\0\0\0", 9);
	expect(a, pl_date(a, 978307201), "\x33\x3f\xf0\0\0\0\0\0\0", 9);
	expect(a, pl_str(a, "ab"),
	    "\x52"
	    "ab",
	    3);
	expect(a, pl_str(a, "\xc3\xa9"), "\x61\x00\xe9", 3);
	expect(a, pl_str(a, "\xef\xbf\xbc"), "\x61\xff\xfc", 3);
	expect(a, pl_str(a, "0123456789abcdef"),
	    "\x5f\x10\x10"
	    "0123",
	    7);
	expect(a, pl_data(a, (struct str){ "\0\1", 2 }), "\x42\0\1", 3);
}

static void
test_whole(struct arena *a)
{
	static const char bytes[] = "bplist00\xd1\x01\x02\x51"
				    "k\xa2\x03\x04\x10\x01\x10\x02"
				    "\x08\x0b\x0d\x10\x12"
				    "\0\0\0\0\0\0\x01\x01"
				    "\0\0\0\0\0\0\0\x05"
				    "\0\0\0\0\0\0\0\0"
				    "\0\0\0\0\0\0\0\x14";
	struct pl *d = pl_dict(a), *list = pl_array(a);
	struct buf b;

	pl_add(list, pl_int(a, 1));
	pl_add(list, pl_int(a, 2));
	pl_set(a, d, "k", list);
	buf_init(&b, 1 << 16);
	pl_binary(a, d, &b);
	CHECK(b.len == sizeof(bytes) - 1);
	CHECK(memcmp(b.p, bytes, b.len) == 0);
	buf_done(&b);
}

/* More than 255 objects: references of two bytes. */
static void
test_wide(struct arena *a)
{
	struct pl *list = pl_array(a);
	struct buf b;

	for (int i = 0; i < 300; i++)
		pl_add(list, pl_int(a, i));
	buf_init(&b, 1 << 16);
	pl_binary(a, list, &b);
	CHECK(memcmp(b.p + 8, "\xaf\x11\x01\x2c\x00\x01\x00\x02", 8) == 0);
	CHECK(b.p[b.len - 26] == 2 && b.p[b.len - 25] == 2);
	buf_done(&b);
}

static void
test_xml(struct arena *a)
{
	struct pl *d = pl_dict(a), *list = pl_array(a);
	struct buf b;

	pl_set(a, d, "a&b", pl_str(a, "<x>"));
	pl_set(a, d, "n", pl_int(a, -3));
	pl_set(a, d, "t", pl_bool(a, true));
	pl_set(a, d, "at", pl_date(a, 1767225600));
	pl_add(list, pl_data(a, str_from("f")));
	pl_add(list, pl_data(a, str_from("fo")));
	pl_add(list, pl_data(a, str_from("foo")));
	pl_set(a, d, "list", list);
	buf_init(&b, 1 << 16);
	pl_xml(d, &b);
	CHECK(strstr(buf_cstr(&b),
		  "<dict>\n<key>a&amp;b</key>\n<string>&lt;x&gt;</string>\n"
		  "<key>n</key>\n<integer>-3</integer>\n"
		  "<key>t</key>\n<true/>\n"
		  "<key>at</key>\n<date>2026-01-01T00:00:00Z</date>\n"
		  "<key>list</key>\n<array>\n<data>\nZg==\n</data>\n"
		  "<data>\nZm8=\n</data>\n<data>\nZm9v\n</data>\n"
		  "</array>\n</dict>\n</plist>\n") != NULL);
	buf_done(&b);
}

int
main(void)
{
	struct arena a;

	arena_init(&a, 1 << 24);
	test_scalars(&a);
	test_whole(&a);
	test_wide(&a);
	test_xml(&a);
	arena_done(&a);
	return 0;
}
