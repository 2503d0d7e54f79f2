#include "typedstream.h"

#include <fcntl.h>
#include <string.h>

#include "check.h"
#include "sqlro.h"

/* Rich text of messages: hand-made streams, damage, and the real ones. */
static unsigned seen;
static struct arena arena;

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

static bool
parse(const void *p, size_t n, struct typedstream_text *t)
{
	arena_reset(&arena);
	seen = 0;
	return typedstream_parse(cur_from(p, n), &arena, &notes, t);
}

/* "hi you", with a link on the first word and none on the second. */
#define HEAD                                                                   \
	"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84"                 \
	"\x19NSMutableAttributedString\0"                                      \
	"\x84\x84\x12NSAttributedString\0\x84\x84\x08NSObject\0\x85"           \
	"\x92\x84\x84\x84\x0fNSMutableString\1\x84\x84\x08NSString\1\x95"      \
	"\x84\1+\x06hi you\x86\x84\2iI\1\2"                                    \
	"\x92\x84\x84\x84\x0cNSDictionary\0\x95\x84\1i\2"
#define PART_KEY "\x92\x84\x98\x98\x1d__kIMMessagePartAttributeName\x86"
#define NUMBER                                                                 \
	"\x92\x84\x84\x84\x08NSNumber\0\x84\x84\x07NSValue\0\x95\x84\1*"       \
	"\x84\x9b\x9b\0\x86"
#define LINK_KEY "\x92\x84\x98\x98\x16__kIMLinkAttributeName\x86"
#define URL                                                                    \
	"\x92\x84\x84\x84\x05NSURL\0\x95\x84\1c\0"                             \
	"\x92\x84\x98\x98\x0dhttp://a.b/cd\x86\x86"
#define URL_AS_TEXT "\x92\x84\x98\x98\x0dhttp://a.b/cd\x86"
#define TAIL	    "\x86\x99\1\4\x92\x85\x86"

static const char with_url[] = HEAD PART_KEY NUMBER LINK_KEY URL TAIL;
static const char with_text[] = HEAD PART_KEY NUMBER LINK_KEY URL_AS_TEXT TAIL;

static void
test_links(void)
{
	struct typedstream_text t;

	CHECK(parse(with_url, sizeof(with_url) - 1, &t) && seen == 0);
	CHECK(str_is(t.text, "hi you"));
	CHECK(t.nlinks == 1 && str_is(t.links[0], "http://a.b/cd"));
	CHECK(parse(with_text, sizeof(with_text) - 1, &t) && seen == 0);
	CHECK(t.nlinks == 1 && str_is(t.links[0], "http://a.b/cd"));
}

static void
test_damage(void)
{
	const size_t n = sizeof(with_url) - 1;
	char copy[sizeof(with_url)];
	struct typedstream_text t;

	for (size_t len = 0; len < n; len++) {
		char *exact = malloc(len ? len : 1);

		CHECK(exact != NULL);
		memcpy(exact, with_url, len);
		(void)parse(exact, len, &t);
		CHECK(seen > 0);
		free(exact);
	}
	for (size_t i = 0; i < n; i++)
		for (unsigned bit = 0; bit < 9; bit++) {
			memcpy(copy, with_url, n);
			copy[i] = (char)(bit < 8 ? copy[i] ^ (1 << bit) : 0);
			if (!parse(copy, n, &t))
				CHECK(seen > 0);
		}
	/* Zeroed to the end: nothing is lost without a word. */
	for (size_t i = 0; i < n; i++) {
		memcpy(copy, with_url, n);
		memset(copy + i, 0, n - i);
		(void)parse(copy, n, &t);
		CHECK(seen > 0);
	}
}

/* Streams that ask for endless work or endless depth. */
static void
test_hostile(void)
{
	static char deep[4096];
	static const char loop[] = "\x04\x0bstreamtyped\x81\xe8\x03"
				   "\x84\x0d[4294967290!]";
	static const char empty[] = "\x04\x0bstreamtyped\x81\xe8\x03"
				    "\x84\x0c[4294967290]";
	static const char wide[] = "\x04\x0bstreamtyped\x81\xe8\x03"
				   "\x84\x06{a={b=";
	static const char class_loop[] = "\x04\x0bstreamtyped\x81\xe8\x03"
					 "\x84\1@\x84\x93\x92\x86";
	struct typedstream_text t;
	size_t n = 16;

	CHECK(!parse(loop, sizeof(loop) - 1, &t) && seen == 1);
	CHECK(!parse(empty, sizeof(empty) - 1, &t) && seen == 1);
	CHECK(!parse(wide, sizeof(wide) - 1, &t) && seen == 1);
	CHECK(!parse(class_loop, sizeof(class_loop) - 1, &t) && seen == 1);
	memcpy(deep, "\x04\x0bstreamtyped\x81\xe8\x03", 16);
	memcpy(deep + n, "\x84\1@", 3);
	for (n += 3; n + 3 < sizeof(deep); n += 3)
		memcpy(deep + n, "\x84\x85\x92", 3);
	CHECK(!parse(deep, n, &t) && seen == 1);
}

/* Hundreds of objects: the tables move into the arena. */
static void
test_many(void)
{
	static char b[40000];
	size_t n = sizeof(HEAD) - 1;
	struct typedstream_text t;

	memcpy(b, HEAD, n);
	for (int i = 0; i < 500; i++) {
		memcpy(b + n, "\x92\x84\x98\x98\1x\x86", 7);
		n += 7;
	}
	memcpy(b + n, LINK_KEY URL_AS_TEXT, sizeof(LINK_KEY URL_AS_TEXT) - 1);
	n += sizeof(LINK_KEY URL_AS_TEXT) - 1;
	memcpy(b + n, "\x86\x86", 2);
	CHECK(parse(b, n + 2, &t) && seen == 0);
	CHECK(str_is(t.text, "hi you") && t.nlinks == 1);
}

/* A writer that does not keep to the grammar: the text is found all the same */
static void
test_salvage(void)
{
	static const char odd[] =
	    "\x04\x0bstreamtyped\x81\xe8\x03\x84\1@\x84\x84\x84"
	    "\x12NSAttributedString\0\x84\x84\x08NSObject\0\x85\x92\x84\x84\x84"
	    "\x08NSString\0\x96+\x05hello\x86\x86";
	struct typedstream_text t;

	CHECK(parse(odd, sizeof(odd) - 1, &t) && seen == 1);
	CHECK(str_is(t.text, "hello") && t.nlinks == 0);
}

struct real {
	const char *path;
	unsigned texts, links, cut; /* streams with text, URLs, without any */
	unsigned same; /* whose text equals the column of that name */
};

static bool
test_real(const struct real *want)
{
	static const char *const columns[] = { "attributedBody", "text" };
	int fd = open(want->path, O_RDONLY | O_CLOEXEC);
	struct real got = { .path = want->path };
	struct typedstream_text t;
	struct sqlro_query *q;
	struct sqlro *d;
	struct file *f;

	if (fd < 0) {
		printf("skipped: %s is not there\n", want->path);
		return false;
	}
	CHECK(file_fd_new(want->path, fd, &f) == ERR_OK);
	CHECK(sqlro_open(f, NULL, NULL, &d) == ERR_OK);
	CHECK(sqlro_scan(d, "message", columns, 2, &q) == ERR_OK);
	while (sqlro_step(q)) {
		struct str body = sqlro_str(q, 0), text = sqlro_str(q, 1);

		if (body.n == 0)
			continue;
		if (!parse(body.p, body.n, &t)) {
			got.cut++;
			continue;
		}
		got.texts++;
		if (typedstream_says(cur_from(body.p, body.n), text))
			CHECK(str_eq(t.text, text) && t.nlinks == 0);
		got.links += (unsigned)t.nlinks;
		got.same += str_eq(t.text, text);
	}
	CHECK(got.texts == want->texts && got.links == want->links);
	CHECK(got.cut == want->cut && got.same == want->same);
	sqlro_query_free(q);
	sqlro_free(d);
	file_free(f);
	return true;
}

/* The quick answer is right, or it is none. */
static void
test_says(void)
{
	static const char plain[] = HEAD PART_KEY NUMBER TAIL;
	struct str hi = str_from("hi you");
	uint8_t b[sizeof(plain)];

	CHECK(typedstream_says(cur_from(plain, sizeof(plain) - 1), hi));
	CHECK(!typedstream_says(
	    cur_from(plain, sizeof(plain) - 1), str_from("hi yo")));
	CHECK(!typedstream_says(
	    cur_from(plain, sizeof(plain) - 1), str_from("hi yo.")));
	CHECK(!typedstream_says(cur_from(with_url, sizeof(with_url) - 1), hi));
	CHECK(
	    !typedstream_says(cur_from(with_text, sizeof(with_text) - 1), hi));
	for (size_t i = 0; i < sizeof(plain) - 1; i++) {
		memcpy(b, plain, sizeof(b));
		memset(b + i, 0, sizeof(plain) - 1 - i);
		CHECK(!typedstream_says(cur_from(b, sizeof(plain) - 1), hi));
	}
}

int
main(void)
{
	const struct real mac = {
		.path = SHARED_DATA "/ios/plaso/macos/imessage_chat.db",
		.texts = 10,
		.links = 1,
		.same = 8,
	};
	const struct real made = {
		.path = SHARED_DATA "/ios/schema-true/messages.1.sms.db",
		.texts = 4,
		.cut = 1,
	};
	bool all = true;

	arena_init(&arena, (size_t)16 << 20);
	test_links();
	test_damage();
	test_hostile();
	test_many();
	test_salvage();
	test_says();
	/* Two text columns were edited by whoever published the file. */
	if (test_real(&mac))
		CHECK(seen == 0);
	else
		all = false;
	all &= test_real(&made);
	arena_done(&arena);
	return all ? 0 : TEST_SKIP;
}
