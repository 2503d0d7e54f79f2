/* Records that are kept: in one order, once, within limits, whoever sends. */
#include "kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check.h"
#include "collect.h"
#include "fake.c"

/* Canonical bytes of a line of the artifact. */
static struct cur
line(struct buf *b, uint32_t artifact, const char *path, size_t row)
{
	struct record r;
	char locator[32];

	(void)snprintf(locator, sizeof(locator), "line=%zu", row);
	record_init(&r, &artifacts[artifact]->schema, str_from(path));
	r.locator = str_from(locator);
	record_text(&r, LINE_TEXT, str_from("keep this"));
	buf_reset(b);
	record_encode(&r, b);
	return cur_from(b->p, b->len);
}

static void
add(struct kept_store *k, uint32_t artifact, const char *path, size_t row)
{
	const struct hit hits[] = {
		{.detector = 1,	 .ref = 7, .kept = true},
		{ .detector = 1, .ref = 9, .kept = true},
	};
	struct buf b;

	buf_init(&b, 4096);
	kept_add(k, artifact, line(&b, artifact, path, row), hits, 2);
	buf_done(&b);
}

/* "artifact:path:locator:ref " of all that detector 1 kept. */
static void
show(struct kept_store *k, struct buf *out)
{
	struct str name, path, locator;
	struct kept *v;
	size_t n;

	kept_sort(k);
	n = kept_of(k, 1, &v);
	buf_reset(out);
	for (size_t i = 0; i < n; i++) {
		CHECK(record_peek(v[i].record, &name, &path, &locator));
		buf_str(out, name);
		buf_printf(out, ":%.*s:%.*s:%u ", (int)path.n, path.p,
		    (int)locator.n, locator.p, v[i].hit.ref);
	}
	free(v);
	CHECK(kept_of(k, 0, &v) == 0);
	free(v);
}

static void
test_order(void)
{
	struct kept_store k;
	struct buf out;

	buf_init(&out, 1 << 16);
	kept_init(&k, 1 << 20, 6);
	add(&k, 2, "b", 1);
	add(&k, 2, "a", 10);
	add(&k, 2, "a", 9);
	add(&k, 0, "z", 1);
	add(&k, 2, "a", 9); /* its worker crashed, it came again */
	show(&k, &out);
	CHECK(strcmp(buf_cstr(&out),
		  "test.app:z:line=1:7 test.app:z:line=1:9 "
		  "test.lines:a:line=9:7 test.lines:a:line=9:9 "
		  "test.lines:a:line=10:7 test.lines:a:line=10:9 "
		  "test.lines:b:line=1:7 test.lines:b:line=1:9 ") == 0);
	for (size_t i = 0; i < 6; i++)
		CHECK(!k.lost[i]);
	kept_done(&k);
	buf_done(&out);
}

/* Whatever the order in which they come, the same ones stay. */
static void
test_limit(void)
{
	enum { ROWS = 5000 };
	struct kept_store k;
	struct buf out, first;

	buf_init(&out, 1 << 20);
	buf_init(&first, 1 << 20);
	for (size_t round = 0; round < 4; round++) {
		const size_t step[] = { 1, ROWS - 1, 7, 2003 };
		size_t row = 0;

		kept_init(&k, 100000, 6);
		for (size_t i = 0; i < ROWS; i++) {
			row = (row + step[round]) % ROWS;
			add(&k, row % 2 ? 2 : 4, "a", row);
			if (row % 3 == 0) /* twins take no room in the end */
				add(&k, row % 2 ? 2 : 4, "a", row);
		}
		show(&k, round == 0 ? &first : &out);
		CHECK(!k.lost[0] && k.lost[2] && k.lost[4]);
		CHECK(k.n > 200 && k.n < 1000);
		CHECK(round == 0 || str_eq(buf_text(&out), buf_text(&first)));
		CHECK(k.arena.used <= 150000);
		kept_done(&k);
	}
	/* One that can never fit. */
	kept_init(&k, 100, 6);
	add(&k, 3, "a", 1);
	CHECK(k.n == 0 && k.lost[3]);
	kept_done(&k);
	buf_done(&out);
	buf_done(&first);
}

static char dir[] = "/tmp/telassay-kept-XXXXXX";

static const struct finding *
together(const struct report *r)
{
	for (size_t i = 0; i < r->nfindings; i++)
		if (strcmp(r->findings[i].title, "together") == 0)
			return &r->findings[i];
	return NULL;
}

/* In a whole check: no finding by itself, one of all, and its timeline. */
static void
test_check(void)
{
	struct report *a, *b;
	const struct finding *f, *g;

	fake_file(dir, "lines/a.txt", "1700000000 good\n1700000010 keep 1\n");
	fake_file(dir, "lines/b.txt", "1700900000 evil keep\n1700000100 odd\n");
	fake_file(dir, "many/1.txt", "1600000000 keep 2\n1600000001 keep 3\n");
	fake_file(dir, "app/1", "1650000000 keep 0\n1650000001 good\n");
	a = fake_check(dir, 1, TIMELINE_FINDINGS);
	b = fake_check(dir, 5, TIMELINE_FINDINGS);
	CHECK(a->nfindings == 3 && b->nfindings == 3);
	f = together(a);
	g = together(b);
	CHECK(f != NULL && g != NULL && strcmp(f->id, g->id) == 0);
	CHECK(f->id[0] != '\0' && strcmp(f->why, "1.0") == 0);
	CHECK(f->nrecords == 4);
	CHECK(str_is(f->records[0].path, "app/1"));
	CHECK(str_is(f->records[1].path, "lines/a.txt"));
	CHECK(str_is(f->records[3].locator, "line=2"));
	/* Around its first record, and around the two words. */
	CHECK(a->nevents == 2 + 3 + 1);
	CHECK(a->events[0].ns == (int64_t)1650000000 * 1000000000);
	report_free(a);
	report_free(b);
	a = fake_check(dir, 2, TIMELINE_NONE);
	CHECK(together(a) != NULL && a->nfindings == 3);
	report_free(a);
}

/* More in one file than may be: the rest is said, and coverage falls. */
static void
test_file_limit(void)
{
	const size_t rows = LIMIT_KEPT_PER_FILE + 2;
	struct report *r;
	struct buf b;

	buf_init(&b, 1 << 24);
	for (size_t i = 1; i <= rows; i++)
		buf_puts(&b, "1 keep\n");
	fake_file(dir, "gone/1", buf_cstr(&b));
	r = fake_check(dir, 2, TIMELINE_NONE);
	CHECK(together(r)->nrecords == LIMIT_KEPT_PER_FILE + 4);
	CHECK(fake_cover(r, "test.gone")->status == COVER_PARTIAL);
	CHECK(fake_cover(r, "test.gone")->records == rows);
	CHECK(fake_reason(fake_cover(r, "test.gone"), "2 are left out"));
	CHECK(fake_cover(r, "test.app")->status == COVER_READ);
	report_free(r);
	buf_done(&b);
}

static bool
collect(struct collect *c, const struct hit *hits, size_t n)
{
	static struct msg_record m;
	struct buf b;
	bool ok;

	buf_init(&b, 4096);
	m = (struct msg_record){ .nhits = n, .bytes = line(&b, 2, "a", 1) };
	memcpy(m.hits, hits, n * sizeof(*hits));
	ok = collect_record(c, 2, &m);
	buf_done(&b);
	return ok;
}

/* A worker that was taken over keeps nothing that nobody asked for. */
static void
test_hostile(void)
{
	const struct detect_ctx detect = {
		.enabled = {true, true}
	};
	const struct check_options o = { .detect = &detect };
	const struct hit good = {
		.detector = 1, .ref = 7, .field = LINE_TEXT, .kept = true
	};
	struct report *r = report_new();
	struct hit bad[] = { good, good, good, good };
	struct hit both[2] = { good, good };
	struct collect c;

	collect_init(&c, &o, r);
	bad[0].detector = 0;	  /* finishes nothing */
	bad[1].detector = 99;	  /* is none */
	bad[2].field = LINE_TIME; /* which the record does not have */
	bad[3].item = 3;	  /* of no list */
	for (size_t i = 0; i < 4; i++)
		CHECK(!collect(&c, &bad[i], 1));
	CHECK(c.kept.n == 0);
	/* The same record with a hit that speaks: that one is a finding. */
	both[1] = (struct hit){ .detector = 0, .ref = 1, .field = LINE_TEXT };
	CHECK(collect(&c, both, 2));
	CHECK(c.kept.n == 1 && c.nfindings == 1);
	collect_finish(&c);
	CHECK(c.nfindings == 2);
	collect_finish(&c);
	CHECK(c.nfindings == 2);
	CHECK(collect(&c, &good, 1)); /* too late, and harmless */
	collect_done(&c);
	report_free(r);
}

int
main(void)
{
	fake_folder(dir);
	test_order();
	test_limit();
	test_check();
	test_file_limit();
	test_hostile();
	fake_remove(dir);
	return 0;
}
