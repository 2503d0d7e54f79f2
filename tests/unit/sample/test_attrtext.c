/* attributedBody as it is written: marks and back references. */
#include <string.h>

#include "attrtext.h"
#include "check.h"

/* A short text, whole: observed in sms.db of iOS 14 but for the text. */
static void
test_plain(void)
{
	static const char bytes[] =
	    "\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12"
	    "NSAttributedString\0\x84\x84\x08NSObject\0\x85\x92\x84\x84\x84"
	    "\x08NSString\x01\x94\x84\x01+\x02hi\x86\x84\x02iI\x01\x02\x92"
	    "\x84\x84\x84\x0cNSDictionary\0\x94\x84\x01i\x01\x92\x84\x96\x96"
	    "\x1d__kIMMessagePartAttributeName\x86\x92\x84\x84\x84\x08"
	    "NSNumber\0\x84\x84\x07NSValue\0\x94\x84\x01*\x84\x99\x99\0\x86"
	    "\x86\x86";
	struct buf b;

	buf_init(&b, 1 << 20);
	attrtext_put(&b, str_from("hi"), str_from(""));
	CHECK(b.len == sizeof(bytes) - 1);
	CHECK(memcmp(b.p, bytes, b.len) == 0);
	buf_done(&b);
}

static void
test_long(size_t n, const char *mark, size_t mark_len)
{
	static char text[70000];
	struct buf b;

	memset(text, 'x', n);
	text[n] = '\0';
	buf_init(&b, 1 << 20);
	attrtext_put(&b, str_from(text), str_from(""));
	CHECK(memmem(b.p, b.len, mark, mark_len) != NULL);
	buf_done(&b);
}

static void
test_link(void)
{
	static const char url[] = "\x92\x84\x84\x84\x05NSURL\0\x94\x84\x01"
				  "c\0\x92\x84\x96\x96\x0ehttps://e.test";
	struct buf b;

	buf_init(&b, 1 << 20);
	attrtext_put(&b, str_from("tap here"), str_from("https://e.test"));
	CHECK(memmem(b.p, b.len, url, sizeof(url) - 1) != NULL);
	buf_done(&b);
}

int
main(void)
{
	test_plain();
	test_long(0x7f, "+\x7fxx", 4);
	test_long(0x80, "+\x81\x80\x00xx", 6);
	test_long(0x8000, "+\x82\x00\x80\x00\x00xx", 8);
	test_link();
	return 0;
}
