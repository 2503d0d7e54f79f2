#include <string.h>

#include "artifact.h"
#include "check.h"
#include "links.h"

/* Links of text, joined by a space. */
static void
expect(const char *text, const char *links)
{
	struct str v[LINKS_MAX];
	size_t n = artifact_links(str_from(text), v, 0, LINKS_MAX);
	struct buf b;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_u8(&b, ' ');
		buf_str(&b, v[i]);
	}
	if (strcmp(buf_cstr(&b), links) != 0) {
		fprintf(stderr, "%s: found \"%s\", not \"%s\"\n", text,
		    buf_cstr(&b), links);
		exit(1);
	}
	buf_done(&b);
}

static void
test_schemes(void)
{
	expect("", "");
	expect("no link: none. At all", "");
	expect("see https://example.org/a now", "https://example.org/a");
	expect("HTTPS://EXAMPLE.ORG", "HTTPS://EXAMPLE.ORG");
	expect("https://example.org", "https://example.org");
	expect("a http://a.example b http://b.example",
	    "http://a.example http://b.example");
	expect("itms-services://?url=x", "itms-services://?url=x");
	expect("https://user:pw@example.org:8443/x?y=1#z",
	    "https://user:pw@example.org:8443/x?y=1#z");
	expect("://nothing 12://34 https://", "");
	expect("text:https://example.org", "https://example.org");
}

static void
test_trimming(void)
{
	expect("(https://example.org/a).", "https://example.org/a");
	expect("https://example.org/a_(b)", "https://example.org/a_(b)");
	expect("[https://example.org/(a)]!", "https://example.org/(a)");
	expect("\"https://example.org\"", "https://example.org");
	expect("<https://example.org>;", "https://example.org");
	expect("https://example.org/a,b, and", "https://example.org/a,b");
	expect("really https://example.org/?!", "https://example.org/");
	expect("\xe2\x80\x9chttps://example.org\xe2\x80\x9d",
	    "https://example.org");
	expect("https://example.org/\xe3\x80\x82 next", "https://example.org/");
	expect("https://example.org\xc2\xa0x", "https://example.org");
}

static void
test_bare(void)
{
	expect("go to www.example.org.", "www.example.org");
	expect("WWW.Example.org/x", "WWW.Example.org/x");
	expect("example.org/login now", "example.org/login");
	expect("mail me@example.org/x", "");
	expect("a/b.c/d 1.5/2 e.g./i.e.", "");
	expect("at https://www.example.org/www.other.example/x",
	    "https://www.example.org/www.other.example/x");
	expect("plain example.org is no link", "");
	expect("\xe8\xaf\xb7\xe7\x9c\x8b"
	       "example.org/x",
	    "example.org/x");
}

/* A redirector's target counts as well; so does a host before other script. */
static void
test_inside(void)
{
	expect("https://r.example/?u=https://t.example/x",
	    "https://r.example/?u=https://t.example/x https://t.example/x");
	expect("https://example.org\xe8\xaf\xb7\xe7\x82\xb9",
	    "https://example.org\xe8\xaf\xb7\xe7\x82\xb9 https://example.org");
	expect("https://b\xc3\xbc"
	       "cher.example/x",
	    "https://b\xc3\xbc"
	    "cher.example/x");
}

static void
test_max(void)
{
	struct str v[2];

	CHECK(artifact_links(str_from("a://b c://d e://f"), v, 0, 2) == 2);
	CHECK(str_is(v[1], "c://d"));
	CHECK(artifact_links(str_from("a://b"), v, 2, 2) == 2);
}

/* Long texts made to be slow must not be: each ends at once. */
static void
test_hostile(void)
{
	static const char *const parts[] = { ")", "a.", "a://", "www.", ":",
		".", "://a.", "\xe3\x80", "a.b/", "((((://" };
	const size_t size = 1 << 20;
	struct str v[LINKS_MAX];
	char *text = malloc(size);

	CHECK(text != NULL);
	for (size_t p = 0; p < sizeof(parts) / sizeof(parts[0]); p++) {
		size_t n = strlen(parts[p]);

		for (size_t i = 0; i < size; i++)
			text[i] = parts[p][i % n];
		CHECK(artifact_links((struct str){ text, size }, v, 0,
			  LINKS_MAX) <= LINKS_MAX);
		memcpy(text, "https://x", 9);
		CHECK(artifact_links((struct str){ text, size }, v, 0,
			  LINKS_MAX) <= LINKS_MAX);
	}
	free(text);
}

static void
test_set(void)
{
	struct links l;
	char many[LINKS_MAX * 12 + 64] = "";
	size_t n = 0;

	links_init(&l);
	links_text(&l, str_from("https://a.example/ https://a.example/"));
	links_add(&l, str_from("https://a.example/"));
	CHECK(l.n == 1 && !l.full);
	for (int i = 0; i < LINKS_MAX + 2; i++)
		n += (size_t)snprintf(
		    many + n, sizeof(many) - n, "h://a%04d ", i);
	links_text(&l, str_from(many));
	CHECK(l.n == LINKS_MAX && l.full);
}

int
main(void)
{
	test_schemes();
	test_trimming();
	test_bare();
	test_inside();
	test_max();
	test_hostile();
	test_set();
	return 0;
}
