#include <inttypes.h>
#include <stdlib.h>

#include "pl_value.h"
#include "tstamp.h"

static void
put_text(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '&')
			buf_puts(b, "&amp;");
		else if (s.p[i] == '<')
			buf_puts(b, "&lt;");
		else if (s.p[i] == '>')
			buf_puts(b, "&gt;");
		else
			buf_put(b, &s.p[i], 1);
	}
}

static void
put_element(struct buf *b, const char *name, struct str s)
{
	buf_printf(b, "<%s>", name);
	put_text(b, s);
	buf_printf(b, "</%s>\n", name);
}

/* Three bytes as four digits, the missing ones of the last as "=". */
static void
put_base64(struct buf *b, struct str s)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	buf_puts(b, "<data>\n");
	for (size_t i = 0; i < s.n; i += 3) {
		uint32_t v = 0;

		for (size_t k = i; k < i + 3; k++)
			v = v << 8 | (k < s.n ? (uint8_t)s.p[k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_u8(b, (uint8_t)(i + k <= s.n
						? digit[v >> (18 - 6 * k) & 63]
						: '='));
		if (i % 48 == 45 || i + 3 >= s.n)
			buf_u8(b, '\n');
	}
	buf_puts(b, "</data>\n");
}

static void
put_value(struct buf *b, const struct pl *v)
{
	char iso[32];

	switch (v->kind) {
	case PL_DICT:
	case PL_ARRAY:
		buf_puts(b, v->kind == PL_DICT ? "<dict>\n" : "<array>\n");
		for (const struct pl *i = v->first; i != NULL; i = i->next) {
			if (v->kind == PL_DICT)
				put_element(b, "key", i->key->text);
			put_value(b, i);
		}
		buf_puts(b, v->kind == PL_DICT ? "</dict>\n" : "</array>\n");
		break;
	case PL_STR:
		put_element(b, "string", v->text);
		break;
	case PL_INT:
		buf_printf(b, "<integer>%" PRId64 "</integer>\n", v->i);
		break;
	case PL_REAL:
		buf_printf(b, "<real>%.17g</real>\n", v->d);
		break;
	case PL_BOOL:
		buf_puts(b, v->i ? "<true/>\n" : "<false/>\n");
		break;
	case PL_DATE:
		put_element(
		    b, "date", str_from(tstamp_iso(tstamp_unix_i(v->i), iso)));
		break;
	case PL_DATA:
		put_base64(b, v->text);
		break;
	case PL_UID:
		abort();
	}
}

void
pl_xml(const struct pl *root, struct buf *out)
{
	buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		      "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
		      "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
		      "<plist version=\"1.0\">\n");
	put_value(out, root);
	buf_puts(out, "</plist>\n");
}
