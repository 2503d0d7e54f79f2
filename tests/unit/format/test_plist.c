#include "plist.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "file.h"
#include "tstamp.h"

/*
 * Property lists: samples of both forms decoded, every truncation and every
 * one-byte flip survived, and the hostile documents that the parsers bound.
 */
struct seen {
	unsigned n[NOTE_COUNT];
	unsigned all;
};

static void
count_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	struct seen *s = arg;

	(void)off;
	(void)detail;
	s->n[id]++;
	s->all++;
}

static struct arena arena;
static struct seen seen;
static const struct notes notes = { .fn = count_note, .arg = &seen };

static struct plist *
parse(const void *data, size_t n)
{
	arena_reset(&arena);
	seen = (struct seen){ 0 };
	return plist_parse(cur_from(data, n), &arena, &notes);
}

static struct plist *
parse_text(const char *s)
{
	return parse(s, strlen(s));
}

/* Touches every node, so that the sanitizers see bad pointers. */
static size_t
walk(const struct plist *p)
{
	size_t n = 1;

	if (p->type == PLIST_STRING || p->type == PLIST_DATA) {
		for (size_t i = 0; i < p->s.n; i++)
			n += p->s.p[i] == 'x';
	} else if (p->type == PLIST_ARRAY) {
		for (size_t i = 0; i < p->array.n; i++)
			n += walk(p->array.v[i]);
	} else if (p->type == PLIST_DICT) {
		for (size_t i = 0; i < p->dict.n; i++)
			n += p->dict.v[i].key.n + walk(p->dict.v[i].value);
	}
	return n;
}

/*
 * A writer of binary plists for the tests: objects are put one by one, the
 * offsets recorded, one byte for each reference.
 */
struct maker {
	uint8_t b[4096];
	size_t n;
	uint8_t off[250];
	size_t count;
};

static void
put(struct maker *m, const void *p, size_t n)
{
	CHECK(n <= sizeof(m->b) - m->n);
	memcpy(m->b + m->n, p, n);
	m->n += n;
}

static void
put_object(struct maker *m, const void *p, size_t n)
{
	if (m->n == 0)
		put(m, "bplist00", 8);
	m->off[m->count++] = (uint8_t)m->n;
	put(m, p, n);
}

#define OBJECT(m, bytes) put_object(m, bytes, sizeof(bytes) - 1)

static void
finish(struct maker *m, uint8_t root)
{
	uint8_t t[32] = { [6] = 1, [7] = 1 };

	t[15] = (uint8_t)m->count;
	t[23] = root;
	t[31] = (uint8_t)m->n;
	put(m, m->off, m->count);
	put(m, t, sizeof(t));
}

/* {"a": [1, -1, 2^64-1, 1.5, date, "é", data, uid 258, true, "b"]} */
static void
sample(struct maker *m)
{
	OBJECT(m, "\xd1\x01\x02");
	OBJECT(m, "\x51"
		  "a");
	OBJECT(m, "\xaa\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c");
	OBJECT(m, "\x10\x01");
	OBJECT(m, "\x13\xff\xff\xff\xff\xff\xff\xff\xff");
	OBJECT(m, "\x14\0\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff");
	OBJECT(m, "\x22\x3f\xc0\0\0");
	OBJECT(m, "\x33\x41\xb0\0\0\0\0\0\0");
	OBJECT(m, "\x61\0\xe9");
	OBJECT(m, "\x43\1\0\2");
	OBJECT(m, "\x81\1\2");
	OBJECT(m, "\x09");
	OBJECT(m, "\x5f\x10\x01"
		  "b");
	finish(m, 0);
}

static void
test_binary(void)
{
	struct maker m = { 0 };
	struct plist *p, *a;
	struct str s;
	int64_t i;
	double d;
	bool b;

	sample(&m);
	p = parse(m.b, m.n);
	CHECK(p != NULL && seen.all == 0 && p->type == PLIST_DICT);
	a = plist_get(p, "a");
	CHECK(a != NULL && a->type == PLIST_ARRAY && a->array.n == 10);
	CHECK(plist_int(plist_at(a, 0), &i) && i == 1);
	CHECK(plist_int(plist_at(a, 1), &i) && i == -1);
	CHECK(plist_at(a, 2)->type == PLIST_UINT &&
	      plist_at(a, 2)->u == UINT64_MAX &&
	      !plist_int(plist_at(a, 2), &i));
	CHECK(plist_real(plist_at(a, 3), &d) && d == 1.5);
	CHECK(!plist_int(plist_at(a, 3), &i));
	CHECK(plist_date(plist_at(a, 4), &i) && i == tstamp_mac_s(268435456.0));
	CHECK(plist_string(plist_at(a, 5), &s) && str_is(s, "\xc3\xa9"));
	CHECK(plist_data(plist_at(a, 6), &s) && s.n == 3 && s.p[2] == 2);
	CHECK(plist_at(a, 7)->type == PLIST_UID && plist_at(a, 7)->u == 258);
	CHECK(plist_bool(plist_at(a, 8), &b) && b);
	CHECK(plist_string(plist_at(a, 9), &s) && str_is(s, "b"));
	CHECK(plist_at(a, 10) == NULL && plist_get(a, "a") == NULL);
	CHECK(plist_get(NULL, "a") == NULL && !plist_string(a, &s));
}

static void
test_damage(const uint8_t *b, size_t n)
{
	uint8_t *copy = malloc(n);
	struct plist *p;

	CHECK(copy != NULL);
	for (size_t len = 0; len < n; len++) {
		uint8_t *exact = malloc(len ? len : 1);

		CHECK(exact != NULL);
		memcpy(exact, b, len);
		p = parse(exact, len);
		CHECK(p == NULL || seen.all > 0);
		if (p != NULL)
			(void)walk(p);
		free(exact);
	}
	for (size_t i = 0; i < n; i++)
		for (unsigned bit = 0; bit < 9; bit++) {
			memcpy(copy, b, n);
			copy[i] = (uint8_t)(bit < 8 ? b[i] ^ (1U << bit) : 0);
			if ((p = parse(copy, n)) != NULL)
				(void)walk(p);
		}
	free(copy);
}

/* Each array holds the next one five times: 5^24 nodes if it were copied. */
static void
test_expansion(void)
{
	struct maker m = { 0 };

	for (uint8_t i = 0; i < 24; i++) {
		uint8_t o[6];

		memset(o, i + 1, sizeof(o));
		o[0] = 0xa5;
		put_object(&m, o, sizeof(o));
	}
	OBJECT(&m, "\x10\x01");
	finish(&m, 0);
	CHECK(parse(m.b, m.n) != NULL);
	CHECK(seen.n[NOTE_READ_LIMIT] > 0);
	CHECK(walk(parse(m.b, m.n)) < 9000000);
}

static void
test_odd_binary(void)
{
	struct maker cycle = { 0 }, null = { 0 }, text = { 0 }, key = { 0 };
	struct plist *p;
	struct str s;

	OBJECT(&cycle, "\xa2\x00\x01");
	OBJECT(&cycle, "\xa1\x00");
	finish(&cycle, 0);
	p = parse(cycle.b, cycle.n);
	CHECK(p != NULL && p->array.n == 2 && seen.n[NOTE_PLIST_CYCLE] == 2);

	OBJECT(&null, "\xa1\x01");
	OBJECT(&null, "\x00");
	finish(&null, 0);
	p = parse(null.b, null.n);
	CHECK(p != NULL && seen.n[NOTE_PLIST_NULL] == 1);

	OBJECT(&text, "\xa3\x01\x02\x03");
	OBJECT(&text, "\x53x\0y");
	OBJECT(&text, "\x52x\xe9");
	OBJECT(&text, "\x62\0x\xd8\0");
	finish(&text, 0);
	p = parse(text.b, text.n);
	CHECK(p != NULL && seen.n[NOTE_PLIST_TEXT] == 3);
	CHECK(plist_string(plist_at(p, 0), &s) && s.n == 3);
	CHECK(plist_string(plist_at(p, 1), &s) && str_is(s, "x\xef\xbf\xbd"));
	CHECK(plist_string(plist_at(p, 2), &s) && str_is(s, "x\xef\xbf\xbd"));

	OBJECT(&key, "\xd2\x01\x02\x02\x01");
	OBJECT(&key, "\x10\x07");
	OBJECT(&key, "\x51k");
	finish(&key, 0);
	p = parse(key.b, key.n);
	CHECK(p != NULL && p->dict.n == 1 && seen.n[NOTE_PLIST_KEY] == 1);
	CHECK(parse("bplist16xxxxxxxx", 16) == NULL &&
	      seen.n[NOTE_READ_VERSION] == 1);
}

static const char xml_sample[] =
    "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE plist PUBLIC \"x\" \"y\" [ <!ENTITY e \"boom\"> ]>\n"
    "<plist version=\"1.0\"><dict>\n"
    "<!-- c --><key>a&amp;b</key><array><integer>-5</integer>"
    "<integer>0x10</integer><integer>18446744073709551615</integer>"
    "<real>1.5</real><date>2022-01-02T03:04:05Z</date>"
    "<data>\nAQAC\n</data><true/><false/>"
    "<string>x<![CDATA[<&>]]>&#x41;&lt;</string></array>"
    "<key/><string/></dict></plist>\n";

/*
 * One object behind the other, each in use: changed bytes break that even
 * where what they leave can be parsed.
 */
static void
test_layout(void)
{
	struct maker unused = { 0 }, left_over = { 0 }, gap = { 0 };

	OBJECT(&unused, "\xa1\x01");
	OBJECT(&unused, "\x52no");
	OBJECT(&unused, "\x53yes");
	finish(&unused, 0);
	CHECK(parse(unused.b, unused.n) != NULL);
	CHECK(seen.n[NOTE_PLIST_LAYOUT] == 1 && seen.all == 1);

	OBJECT(&left_over, "\xa1\x01");
	OBJECT(&left_over, "\x52no");
	OBJECT(&left_over, "\x80\x00");
	OBJECT(&left_over, "\x09");
	finish(&left_over, 0);
	CHECK(parse(left_over.b, left_over.n) != NULL && seen.all == 0);

	OBJECT(&gap, "\xa1\x01");
	OBJECT(&gap, "\x52no!");
	finish(&gap, 0);
	CHECK(parse(gap.b, gap.n) != NULL);
	CHECK(seen.n[NOTE_PLIST_LAYOUT] == 1 && seen.all == 1);
}

static void
test_xml(void)
{
	struct plist *p = parse_text(xml_sample), *a;
	struct str s;
	int64_t i;
	double d;
	bool b;

	CHECK(p != NULL && seen.all == 0 && p->dict.n == 2);
	a = plist_get(p, "a&b");
	CHECK(plist_int(plist_at(a, 0), &i) && i == -5);
	CHECK(plist_int(plist_at(a, 1), &i) && i == 16);
	CHECK(plist_at(a, 2)->type == PLIST_UINT);
	CHECK(plist_real(plist_at(a, 3), &d) && d == 1.5);
	CHECK(plist_date(plist_at(a, 4), &i) &&
	      i == (int64_t)1641092645 * 1000000000);
	CHECK(plist_at(a, 4)->date.raw == 1641092645.0 - 978307200.0);
	CHECK(plist_data(plist_at(a, 5), &s) && s.n == 3 && s.p[2] == 2);
	CHECK(plist_bool(plist_at(a, 6), &b) && b);
	CHECK(plist_bool(plist_at(a, 7), &b) && !b);
	CHECK(plist_string(plist_at(a, 8), &s) && str_is(s, "x<&>A<"));
	CHECK(plist_string(plist_get(p, ""), &s) && s.n == 0);
}

static void
test_odd_xml(void)
{
	struct plist *p;
	struct str s;

	p = parse_text("<plist><string>&e;</string></plist>");
	CHECK(plist_string(p, &s) && str_is(s, "&e;") &&
	      seen.n[NOTE_PLIST_XML] == 1);
	p = parse_text("<plist><array><dict><key>a</key><string>b</array>");
	CHECK(p != NULL && p->array.n == 1 && seen.n[NOTE_PLIST_XML] > 0);
	CHECK(plist_string(plist_get(plist_at(p, 0), "a"), &s));
	p = parse_text("<plist><dict><integer>1</integer><key>k</key></dict>");
	CHECK(p != NULL && p->dict.n == 0 && seen.n[NOTE_PLIST_KEY] == 2);
	p = parse_text(
	    "<plist><integer>99999999999999999999</integer></plist>");
	CHECK(p->type == PLIST_NULL && seen.n[NOTE_PLIST_OBJECT] == 1);
	p = parse_text("<plist><frob/><string>x</string></plist>");
	CHECK(seen.n[NOTE_PLIST_XML] == 1);
	p = parse_text("<plist><date>0000-12-30T00:00:00Z</date></plist>");
	CHECK(seen.all == 0 && p->date.ns == TSTAMP_NONE);
	CHECK(parse_text("") == NULL && seen.n[NOTE_PLIST_KIND] == 1);
	CHECK(parse_text("{ a = b; }") == NULL);
	CHECK(parse_text("<plist></plist>") == NULL);
}

static void
test_deep_xml(void)
{
	static char deep[70000];

	for (size_t i = 0; i + 8 < sizeof(deep); i += 7)
		memcpy(deep + i, "<array>", 8);
	CHECK(parse_text(deep) != NULL && seen.n[NOTE_READ_LIMIT] > 0);
}

int
main(void)
{
	struct maker m = { 0 };

	arena_init(&arena, (size_t)256 << 20);
	test_binary();
	sample(&m);
	test_damage(m.b, m.n);
	test_odd_binary();
	test_layout();
	test_expansion();
	test_xml();
	test_damage((const uint8_t *)xml_sample, sizeof(xml_sample) - 2);
	test_odd_xml();
	test_deep_xml();
	arena_done(&arena);
	return 0;
}
