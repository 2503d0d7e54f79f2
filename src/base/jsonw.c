#include "jsonw.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "tstamp.h"
#include "utf8.h"

#define STAGE_SIZE ((size_t)64 * 1024)

void
jsonw_init(struct jsonw *w, struct buf *out, FILE *stream, bool indent)
{
	*w = (struct jsonw){ .out = out, .stream = stream, .indent = indent };
}

bool
jsonw_flush(struct jsonw *w)
{
	if (w->stream != NULL && w->out->len > 0) {
		if (fwrite(w->out->p, 1, w->out->len, w->stream) != w->out->len)
			w->error = true;
		w->out->len = 0;
	}
	return !w->error && !w->out->full;
}

static void
newline(struct jsonw *w)
{
	if (!w->indent)
		return;
	buf_u8(w->out, '\n');
	for (unsigned i = 0; i < w->depth; i++)
		buf_u8(w->out, ' ');
}

/* What stands before a value: a comma and a new line, or nothing. */
static void
lead(struct jsonw *w)
{
	if (w->stream != NULL && w->out->len > STAGE_SIZE)
		(void)jsonw_flush(w);
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->comma)
		buf_u8(w->out, ',');
	if (w->depth > 0)
		newline(w);
	w->comma = true;
}

static void
open_with(struct jsonw *w, char c)
{
	lead(w);
	buf_u8(w->out, (uint8_t)c);
	w->depth++;
	w->comma = false;
}

static void
close_with(struct jsonw *w, char c)
{
	w->depth--;
	if (w->comma)
		newline(w);
	buf_u8(w->out, (uint8_t)c);
	w->comma = true;
}

void
jsonw_object(struct jsonw *w)
{
	open_with(w, '{');
}

void
jsonw_object_end(struct jsonw *w)
{
	close_with(w, '}');
}

void
jsonw_array(struct jsonw *w)
{
	open_with(w, '[');
}

void
jsonw_array_end(struct jsonw *w)
{
	close_with(w, ']');
}

static void
quoted(struct jsonw *w, struct str s)
{
	static const char hex[] = "0123456789abcdef";
	size_t from = 0;
	uint32_t cp;

	buf_u8(w->out, '"');
	for (size_t i = 0; i < s.n;) {
		uint8_t c = (uint8_t)s.p[i];

		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
			i++;
			continue;
		}
		buf_put(w->out, s.p + from, i - from);
		if (c >= 0x7f) {
			cp = utf8_next(s, &i);
			utf8_put(w->out, cp);
		} else {
			i++;
			buf_u8(w->out, '\\');
			if (c == '"' || c == '\\') {
				buf_u8(w->out, c);
			} else if (c == '\n' || c == '\r' || c == '\t') {
				buf_u8(w->out, c == '\n'   ? 'n'
					       : c == '\r' ? 'r'
							   : 't');
			} else {
				buf_puts(w->out, "u00");
				buf_u8(w->out, (uint8_t)hex[c >> 4]);
				buf_u8(w->out, (uint8_t)hex[c & 15]);
			}
		}
		from = i;
	}
	buf_put(w->out, s.p + from, s.n - from);
	buf_u8(w->out, '"');
}

void
jsonw_key_str(struct jsonw *w, struct str key)
{
	lead(w);
	quoted(w, key);
	buf_puts(w->out, w->indent ? ": " : ":");
	w->after_key = true;
}

void
jsonw_key(struct jsonw *w, const char *key)
{
	jsonw_key_str(w, str_from(key));
}

void
jsonw_str(struct jsonw *w, struct str s)
{
	lead(w);
	quoted(w, s);
}

void
jsonw_cstr(struct jsonw *w, const char *s)
{
	if (s == NULL)
		jsonw_null(w);
	else
		jsonw_str(w, str_from(s));
}

void
jsonw_int(struct jsonw *w, int64_t v)
{
	lead(w);
	buf_printf(w->out, "%" PRId64, v);
}

void
jsonw_uint(struct jsonw *w, uint64_t v)
{
	lead(w);
	buf_printf(w->out, "%" PRIu64, v);
}

void
jsonw_real(struct jsonw *w, double v)
{
	char text[32];

	if (!isfinite(v)) {
		jsonw_null(w);
		return;
	}
	lead(w);
	/*
	 * The fewest digits that give the double back, at most 17; "C" locale:
	 * main sets no other.
	 */
	for (int digits = 15; digits <= 17; digits++) {
		(void)snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	buf_puts(w->out, text);
}

void
jsonw_bool(struct jsonw *w, bool v)
{
	lead(w);
	buf_puts(w->out, v ? "true" : "false");
}

void
jsonw_null(struct jsonw *w)
{
	lead(w);
	buf_puts(w->out, "null");
}

void
jsonw_time(struct jsonw *w, int64_t ns)
{
	char iso[32];

	if (ns == TSTAMP_NONE)
		jsonw_null(w);
	else
		jsonw_cstr(w, tstamp_iso(ns, iso));
}
