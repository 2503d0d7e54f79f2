#include <math.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "check.h"
#include "cur.h"
#include "hash.h"
#include "jsonw.h"
#include "notes.h"
#include "tstamp.h"
#include "utf8.h"

static void
test_cur(void)
{
	static const uint8_t b[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct cur c = cur_from(b, sizeof(b)), child;
	uint64_t v;
	uint8_t u8;

	CHECK(cur_be64(&c, &v) && v == 0x0102030405060708 && c.off == 8);
	CHECK(!cur_be64(&c, &v) && cur_u8(&c, &u8) && u8 == 9);
	CHECK(!cur_u8(&c, &u8) && c.len == 0);
	c = cur_from(b, sizeof(b));
	CHECK(!cur_window(&c, 5, 5, &child) && c.len == 9);
	CHECK(cur_window(&c, 5, 4, &child) && child.off == 5);
	CHECK(!cur_window(&c, SIZE_MAX, 1, &child));
	CHECK(!cur_be(&c, 9, &v) && !cur_be(&c, 0, &v));
	CHECK(cur_be(&c, 3, &v) && v == 0x010203);
	CHECK(cur_magic(&c, "\4\5", 2) && !cur_magic(&c, "\4", 1));
}

static void
test_uleb(void)
{
	static const uint8_t max[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0x01 };
	static const uint8_t over[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0x02 };
	struct cur c = cur_from(max, sizeof(max));
	uint64_t v;

	CHECK(cur_uleb(&c, &v) && v == UINT64_MAX && c.len == 0);
	c = cur_from(over, sizeof(over));
	CHECK(!cur_uleb(&c, &v) && c.len == sizeof(over));
	for (size_t n = 0; n < sizeof(max); n++) {
		c = cur_from(max, n);
		CHECK(!cur_uleb(&c, &v));
	}
}

static void
test_lines(void)
{
	struct cur c = cur_from("a\r\nb\n\nc", 7);
	struct str s;

	CHECK(cur_line(&c, &s) && str_is(s, "a"));
	CHECK(cur_line(&c, &s) && str_is(s, "b"));
	CHECK(cur_line(&c, &s) && str_is(s, ""));
	CHECK(cur_line(&c, &s) && str_is(s, "c"));
	CHECK(!cur_line(&c, &s));
}

static void
test_arena(void)
{
	struct arena a;
	char *p, *q;

	arena_init(&a, 1000000);
	CHECK(arena_alloc(&a, SIZE_MAX / 2, 3) == NULL);
	CHECK(arena_alloc(&a, 1000001, 1) == NULL);
	p = arena_alloc(&a, 900000, 1);
	CHECK(p != NULL && p[0] == 0 && p[899999] == 0);
	CHECK(arena_alloc(&a, 100001, 1) == NULL);
	q = arena_strdup(&a, str_from("abc"));
	CHECK(q != NULL && strcmp(q, "abc") == 0);
	CHECK(strcmp(arena_printf(&a, "%d-%s", 5, "x"), "5-x") == 0);
	arena_reset(&a);
	CHECK(a.used == 0 && arena_alloc(&a, 1000000, 1) != NULL);
	arena_done(&a);
}

static void
test_buf(void)
{
	struct buf b;

	buf_init(&b, 10);
	buf_puts(&b, "12345678");
	buf_puts(&b, "abc");
	CHECK(b.full && strcmp(buf_cstr(&b), "12345678") == 0);
	buf_puts(&b, "a");
	CHECK(b.len == 8);
	buf_reset(&b);
	buf_printf(&b, "%s", "0123456789");
	CHECK(!b.full && b.len == 10);
	buf_done(&b);
}

static void
test_time(void)
{
	char s[32];
	int64_t t;

	CHECK(strcmp(tstamp_iso(0, s), "1970-01-01T00:00:00Z") == 0);
	CHECK(strcmp(tstamp_iso(-1, s), "1969-12-31T23:59:59.999999999Z") == 0);
	CHECK(strcmp(tstamp_iso(TSTAMP_NONE, s), "") == 0);
	CHECK(strcmp(tstamp_iso(tstamp_mac_s(0.5), s),
		  "2001-01-01T00:00:00.500Z") == 0);
	CHECK(strcmp(tstamp_iso(tstamp_webkit_us(13304000000000000), s),
		  "2022-08-03T11:33:20Z") == 0);
	CHECK(tstamp_mac_s(NAN) == TSTAMP_NONE &&
	      tstamp_mac_s(1e300) == TSTAMP_NONE &&
	      tstamp_unix_i(INT64_MAX) == TSTAMP_NONE);
	CHECK(tstamp_mac_auto(588813210) == tstamp_mac_s(588813210));
	CHECK(tstamp_mac_auto(INT64_C(588813210000000000)) ==
	      tstamp_mac_s(588813210));
	CHECK(tstamp_mac_auto(0) == TSTAMP_NONE);
	CHECK(tstamp_parse("2024-02-29", &t) &&
	      strcmp(tstamp_iso(t, s), "2024-02-29T00:00:00Z") == 0);
	CHECK(tstamp_parse("2024-02-29T01:02:03.25Z", &t) &&
	      strcmp(tstamp_iso(t, s), "2024-02-29T01:02:03.250Z") == 0);
	CHECK(!tstamp_parse("2024-13-01", &t) &&
	      !tstamp_parse("2024-1-1", &t) &&
	      !tstamp_parse("2024-01-01x", &t) && !tstamp_parse("", &t));
	CHECK(!tstamp_plausible(0) && tstamp_plausible(tstamp_mac_s(1)));
	/* Every day of four centuries comes back. */
	for (int64_t d = -73000; d < 73000; d++) {
		tstamp_iso(d * 86400 * INT64_C(1000000000), s);
		CHECK(tstamp_parse(s, &t) &&
		      t == d * 86400 * INT64_C(1000000000));
	}
}

static void
test_utf8(void)
{
	static const char *const bad[] = { "\x80", "\xc0\xaf", "\xe0\x80\xaf",
		"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xff" };
	struct buf b;

	CHECK(utf8_valid(str_from("gr\xc3\xbc\xc3\x9f \xf0\x9f\x93\xb1")));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!utf8_valid(str_from(bad[i])));
	buf_init(&b, 1000);
	utf8_put_visible(&b, str_from("a\xe2\x80\xae\x62\n\xff"));
	CHECK(strcmp(buf_cstr(&b), "a<U+202E>b<U+000A>\xef\xbf\xbd") == 0);
	buf_done(&b);
}

static void
test_json(void)
{
	struct jsonw w;
	struct buf b;

	buf_init(&b, 1000);
	jsonw_init(&w, &b, NULL, false);
	jsonw_object(&w);
	jsonw_key(&w, "a\"\\\n\x01");
	jsonw_str(&w, str_from("\xff</script>"));
	jsonw_key(&w, "n");
	jsonw_array(&w);
	jsonw_int(&w, -1);
	jsonw_real(&w, NAN);
	jsonw_bool(&w, true);
	jsonw_object(&w);
	jsonw_object_end(&w);
	jsonw_array_end(&w);
	jsonw_object_end(&w);
	CHECK(strcmp(buf_cstr(&b),
		  "{\"a\\\"\\\\\\n\\u0001\":\"\xef\xbf\xbd</script>\","
		  "\"n\":[-1,null,true,{}]}") == 0);
	buf_done(&b);
}

static void
test_hash(void)
{
	uint8_t sum[SHA256_SIZE], back[SHA1_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	sha1_once("HomeDomain-Library/SMS/sms.db", 29, sum);
	CHECK(strcmp(hex_encode(sum, SHA1_SIZE, hex),
		  "3d0d7e5fb2ce288813306e4d4636395e047a3d28") == 0);
	CHECK(hex_decode(str_from(hex), SHA1_SIZE, back) &&
	      memcmp(back, sum, SHA1_SIZE) == 0);
	CHECK(!hex_decode(str_from("zz"), 1, back) &&
	      !hex_decode(str_from("0"), 1, back));
}

static int seen;

static void
count_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	(void)arg;
	CHECK(id == NOTE_READ_IO && off == 7);
	CHECK(detail == NULL || strcmp(detail, "x=1") == 0);
	seen++;
}

static void
test_notes(void)
{
	struct notes n = { .fn = count_note };

	CHECK(!note(&n, NOTE_READ_IO, 7) && !note(NULL, NOTE_READ_IO, 7));
	CHECK(!note_why(&n, NOTE_READ_IO, 7, "x=%d", 1) && seen == 2);
	for (size_t i = 0; i < NOTE_COUNT; i++)
		for (size_t j = 0; j < i; j++)
			CHECK(strcmp(note_infos[i].name, note_infos[j].name));
}

int
main(void)
{
	test_cur();
	test_uleb();
	test_lines();
	test_arena();
	test_buf();
	test_time();
	test_utf8();
	test_json();
	test_hash();
	test_notes();
	return 0;
}
