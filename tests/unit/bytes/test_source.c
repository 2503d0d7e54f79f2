#include "source.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "entries.h"
#include "limits.h"
#include "tstamp.h"

static const struct source_mem_entry tree[] = {
	{"b/x",		 "1",    1},
	{ "a/b/c",	   "22",	 2},
	{ "a/b",	 "333",	3},
	{ "a-b",	 "4444", 4},
	{ "a/\xff/../c", "5",    1},
	{ "a/b/d/e",     "66",   2},
};
#define TREE_COUNT (sizeof(tree) / sizeof(tree[0]))

static void
check_content(struct source *s, const char *path, const char *want)
{
	const struct entry *e = source_find(s, path);
	struct file *f;
	char buf[64];
	size_t got;

	CHECK(e != NULL);
	CHECK(source_open(s, e, NULL, &f) == ERR_OK);
	CHECK(strcmp(f->path, path) == 0);
	CHECK(f->size == strlen(want));
	CHECK(file_read_at(f, 0, buf, sizeof(buf), &got) == ERR_OK);
	CHECK(got == strlen(want) && memcmp(buf, want, got) == 0);
	file_free(f);
}

static void
test_mem(void)
{
	struct source *s = source_mem_new(tree, TREE_COUNT);

	CHECK(s->count == TREE_COUNT && s->bytes == 13);
	for (size_t i = 1; i < s->count; i++)
		CHECK(str_cmp(s->entries[i - 1].path, s->entries[i].path) < 0);
	for (size_t i = 0; i < TREE_COUNT; i++)
		check_content(s, tree[i].path, tree[i].data);
	CHECK(source_find(s, "a") == NULL);
	CHECK(source_find(s, "") == NULL);
	CHECK(source_find(s, "z") == NULL);
	source_free(s);
	source_free(NULL);
	s = source_mem_new(NULL, 0);
	CHECK(s->count == 0 && source_find(s, "a") == NULL);
	source_free(s);
}

static void
test_sub(void)
{
	struct source *s = source_mem_new(tree, TREE_COUNT), *sub, *in;

	CHECK(source_sub_new(s, "a", &sub) == ERR_OK);
	CHECK(sub->count == 4 && sub->bytes == 8);
	check_content(sub, "b/c", "22");
	check_content(sub, "b", "333");
	CHECK(source_sub_new(sub, "b/", &in) == ERR_OK);
	CHECK(in->count == 2);
	check_content(in, "d/e", "66");
	source_free(in);
	CHECK(source_sub_new(sub, "c", &in) == ERR_ABSENT);
	source_free(sub);
	CHECK(source_sub_new(s, "", &sub) == ERR_OK);
	CHECK(sub->count == s->count);
	source_free(sub);
	source_free(s);
}

static size_t
count_glob(const struct source *s, const char *glob)
{
	size_t at = 0, n = 0;

	while (source_glob(s, glob, &at) != NULL)
		n++;
	CHECK(source_glob(s, glob, &at) == NULL);
	return n;
}

static void
test_glob(void)
{
	struct source *s = source_mem_new(tree, TREE_COUNT);

	CHECK(count_glob(s, "a/b") == 1);
	CHECK(count_glob(s, "a/**") == 4);
	CHECK(count_glob(s, "a*") == 1);
	CHECK(count_glob(s, "*/x") == 1);
	CHECK(count_glob(s, "**/c") == 2);
	CHECK(count_glob(s, "**") == TREE_COUNT);
	CHECK(count_glob(s, "a/b/**") == 3);
	CHECK(count_glob(s, "nothing/**") == 0);
	source_free(s);
}

static void
test_view(void)
{
	struct source *s = source_mem_new(tree, TREE_COUNT), *v;
	struct entries l;

	entries_init(&l);
	for (size_t i = 0; i < s->count; i++) {
		struct entry e = s->entries[i];
		char name[64];

		(void)snprintf(
		    name, sizeof(name), "%c/%s", (char)('z' - i), e.path.p);
		e.path = str_from(name);
		e.ref = (uint32_t)i;
		CHECK(entries_add(&l, &e));
	}
	v = source_view_new(s, &l);
	CHECK(v->count == s->count && v->bytes == s->bytes);
	check_content(v, "z/a-b", "4444");
	check_content(v, "u/b/x", "1");
	source_free(v);
	source_free(s);
}

/* Many names, in an order that helps nobody; equals keep their order. */
static void
test_sort(void)
{
	struct entries l;
	struct source s = { 0 };
	struct arena names;
	uint32_t x = 1;

	entries_init(&l);
	for (uint32_t i = 0; i < 50000; i++) {
		char name[32];

		x = x * 1103515245 + 12345;
		(void)snprintf(name, sizeof(name), "%u", (x >> 8) % 20000);
		CHECK(entries_add(&l, &(struct entry){ .path = str_from(name),
					  .mtime_ns = TSTAMP_NONE,
					  .size = 2,
					  .ref = i }));
	}
	entries_give(&l, &s, &names);
	CHECK(s.count == 50000 && s.bytes == 100000);
	for (size_t i = 1; i < s.count; i++) {
		const struct entry *a = &s.entries[i - 1], *b = a + 1;
		int c = str_cmp(a->path, b->path);

		CHECK(c < 0 || (c == 0 && a->ref < b->ref));
		CHECK(b->path.p[b->path.n] == '\0');
	}
	free(s.entries);
	arena_done(&names);
}

static void
test_limits(void)
{
	static char name[LIMIT_PATH + 2];
	struct entries l;
	struct entry e = {
		.path = {name, LIMIT_PATH}
	};

	memset(name, 'x', sizeof(name));
	entries_init(&l);
	CHECK(entries_add(&l, &e));
	e.path.n++;
	CHECK(!entries_add(&l, &e));
	CHECK(l.count == 1);
	entries_done(&l);
}

int
main(void)
{
	test_mem();
	test_sub();
	test_glob();
	test_view();
	test_sort();
	test_limits();
	return EXIT_SUCCESS;
}
