#include "fold.h"

#include <string.h>

#include "check.h"
#include "utf8.h"

static struct str
folded(const char *s, struct buf *b)
{
	buf_reset(b);
	sigma_fold(str_from(s), b);
	return buf_text(b);
}

static void
texts(struct buf *b)
{
	static const struct {
		const char *text, *folded;
	} cases[] = {
		{"",				  ""		 },
		{ "abc XYZ 09 _-[@`{",		       "abc xyz 09 _-[@`{"},
		{ "\xc3\x84\xc3\x96\xc3\x9c\xc3\x9f", "äöüß"	     },
		{ "\xd0\x96\xce\xa3",		      "\xd0\xb6\xcf\x83" },
 /* Turkish capital dotted I, and the sign of Kelvin. */
		{ "\xc4\xb0\xe2\x84\xaa",		  "ik"	       },
 /* Deseret, beyond 16 bits. */
		{ "\xf0\x90\x90\x80",		      "\xf0\x90\x90\xa8" },
 /* No UTF-8: kept, also behind and before what is. */
		{ "A\xff\xc3"
		  "B",		    "a\xff\xc3"
		    "b"		},
		{ "\xed\xa0\x80",			  "\xed\xa0\x80"	 },
 /* A real replacement character is no ill-formed byte. */
		{ "\xef\xbf\xbd",			  "\xef\xbf\xbd"	 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str got = folded(cases[i].text, b);

		if (!str_is(got, cases[i].folded))
			fprintf(
			    stderr, "case %zu: %.*s\n", i, (int)got.n, got.p);
		CHECK(str_is(got, cases[i].folded));
	}
}

/* Folding twice changes nothing: for every code point and every byte. */
static void
idempotent(struct buf *b)
{
	struct buf one, two;

	buf_init(&one, 64);
	buf_init(&two, 64);
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		buf_reset(b);
		buf_reset(&one);
		buf_reset(&two);
		utf8_put(b, cp);
		sigma_fold(buf_text(b), &one);
		sigma_fold(buf_text(&one), &two);
		CHECK(str_eq(buf_text(&one), buf_text(&two)));
		CHECK(utf8_valid(buf_text(&one)));
	}
	buf_done(&one);
	buf_done(&two);
}

static void
appends(struct buf *b)
{
	char text[600];

	memset(text, 'Q', sizeof(text));
	buf_reset(b);
	buf_puts(b, "KEPT");
	sigma_fold((struct str){ .p = text, .n = sizeof(text) }, b);
	CHECK(b->len == 4 + sizeof(text));
	CHECK(memcmp(b->p, "KEPTqqq", 7) == 0 && b->p[b->len - 1] == 'q');
}

int
main(void)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	texts(&b);
	idempotent(&b);
	appends(&b);
	buf_done(&b);
	return 0;
}
