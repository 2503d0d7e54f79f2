#include "attrtext.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * "streamtyped", NSArchiver's form of an NSAttributedString:
 *   04 0b "streamtyped" 81 e8 03, then values, each after its type string.
 *   84  something new follows: a string with its length, a class with name,
 *       version and superclass, or an object with its class and its values
 *   85  nil
 *   86  end of an object's values
 *   92+ number n + 0x92 of the string, or of the class or object, seen before
 * Integers from -110 to 127 are one byte, 81 goes before two, 82 before four
 * bytes, little-endian. Source: observed on iOS 12 to 17; GNUstep's
 * NSUnarchiver describes the same marks.
 */
enum { NEW = 0x84, NIL = 0x85, END = 0x86, FIRST_REF = 0x92 };

struct stream {
	struct buf *b;
	const char *strings[16]; /* types and class names, as numbered */
	size_t nstrings;
	const char *things[24]; /* classes by name, NULL for objects */
	size_t nthings;
};

static void
put_integer(struct stream *s, size_t v)
{
	if (v < 0x80) {
		buf_u8(s->b, (uint8_t)v);
	} else if (v < 0x8000) {
		buf_u8(s->b, 0x81);
		buf_u8(s->b, (uint8_t)(v & 0xff));
		buf_u8(s->b, (uint8_t)(v >> 8));
	} else {
		buf_u8(s->b, 0x82);
		buf_le32(s->b, (uint32_t)v);
	}
}

/* A type or a class name: by number when it was there before. */
static void
put_shared(struct stream *s, const char *text)
{
	for (size_t i = 0; i < s->nstrings; i++)
		if (str_is(str_from(s->strings[i]), text)) {
			buf_u8(s->b, (uint8_t)(FIRST_REF + i));
			return;
		}
	buf_u8(s->b, NEW);
	put_integer(s, str_from(text).n);
	buf_puts(s->b, text);
	s->strings[s->nstrings++] = text;
}

/* True when the class was new, and its superclass has to follow. */
static bool
put_class(struct stream *s, const char *name, uint8_t version)
{
	for (size_t i = 0; i < s->nthings; i++)
		if (s->things[i] != NULL &&
		    str_is(str_from(s->things[i]), name)) {
			buf_u8(s->b, (uint8_t)(FIRST_REF + i));
			return false;
		}
	buf_u8(s->b, NEW);
	put_shared(s, name);
	buf_u8(s->b, version);
	s->things[s->nthings++] = name;
	return true;
}

static void
put_root_class(struct stream *s)
{
	if (put_class(s, "NSObject", 0))
		buf_u8(s->b, NIL);
}

/* The object type, the object's mark and its class. */
static void
put_object(struct stream *s, const char *name, uint8_t version)
{
	put_shared(s, "@");
	buf_u8(s->b, NEW);
	s->things[s->nthings++] = NULL;
	if (put_class(s, name, version))
		put_root_class(s);
}

static void
put_nsstring(struct stream *s, struct str text)
{
	put_object(s, "NSString", 1);
	put_shared(s, "+");
	put_integer(s, text.n);
	buf_str(s->b, text);
	buf_u8(s->b, END);
}

/* NSNumber 0, a subclass of NSValue, which keeps its type as a C string. */
static void
put_nsnumber_zero(struct stream *s)
{
	put_shared(s, "@");
	buf_u8(s->b, NEW);
	s->things[s->nthings++] = NULL;
	if (put_class(s, "NSNumber", 0) && put_class(s, "NSValue", 0))
		put_root_class(s);
	put_shared(s, "*");
	buf_u8(s->b, NEW);
	s->things[s->nthings++] = NULL;
	put_shared(s, "i");
	put_shared(s, "i");
	buf_u8(s->b, 0);
	buf_u8(s->b, END);
}

static void
put_nsurl(struct stream *s, struct str url)
{
	put_object(s, "NSURL", 0);
	put_shared(s, "c");
	buf_u8(s->b, 0); /* no base URL */
	put_nsstring(s, url);
	buf_u8(s->b, END);
}

void
attrtext_put(struct buf *b, struct str text, struct str link)
{
	struct stream s = { .b = b };

	buf_u8(b, 4);
	buf_u8(b, 11);
	buf_puts(b, "streamtyped");
	buf_u8(b, 0x81);
	buf_u8(b, 1000 & 0xff);
	buf_u8(b, 1000 >> 8);
	put_object(&s, "NSAttributedString", 0);
	put_nsstring(&s, text);
	put_shared(&s, "iI"); /* run of attributes 1, over the whole text */
	put_integer(&s, 1);
	put_integer(&s, text.n);
	put_object(&s, "NSDictionary", 0);
	put_shared(&s, "i");
	put_integer(&s, link.n > 0 ? 2 : 1);
	put_nsstring(&s, str_from("__kIMMessagePartAttributeName"));
	put_nsnumber_zero(&s);
	if (link.n > 0) {
		put_nsstring(&s, str_from("__kIMLinkAttributeName"));
		put_nsurl(&s, link);
	}
	buf_u8(b, END);
	buf_u8(b, END);
}
