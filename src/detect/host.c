#include "host.h"

#include <idn2.h>
#include <stdint.h>
#include <string.h>

/* What libidn2 is given; longer names are no names. */
enum { IDN_MAX = 1000 };

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent signs resolved into out, which has room for s.n; its length. */
static size_t
percent(struct str s, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int hi = -1, lo = -1;

		if (s.p[i] == '%' && s.n - i > 2) {
			hi = hex_digit(s.p[i + 1]);
			lo = hex_digit(s.p[i + 2]);
		}
		if (hi >= 0 && lo >= 0) {
			out[n++] = (char)(hi << 4 | lo);
			i += 2;
		} else {
			out[n++] = s.p[i];
		}
	}
	return n;
}

/*
 * A-labels of a name that is not ASCII, by IDNA 2008 with the mapping of
 * UTS 46 (case, width, other full stops), as browsers do; the transitional
 * form where the other does not exist. False: it has none.
 */
static bool
idn(struct str s, struct host *out)
{
	static const int how[] = { IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL,
		IDN2_NFC_INPUT | IDN2_TRANSITIONAL };
	uint8_t name[IDN_MAX + 1];
	uint8_t *ascii = NULL;
	size_t n;

	if (s.n > IDN_MAX || memchr(s.p, '\0', s.n) != NULL)
		return false;
	memcpy(name, s.p, s.n);
	name[s.n] = '\0';
	for (size_t i = 0; i < 2 && ascii == NULL; i++)
		if (idn2_lookup_u8(name, &ascii, how[i]) != IDN2_OK)
			ascii = NULL;
	if (ascii == NULL)
		return false;
	n = strlen((const char *)ascii);
	if (n > HOST_MAX) {
		idn2_free(ascii);
		return false;
	}
	memcpy(out->text, ascii, n);
	out->n = n;
	idn2_free(ascii);
	return true;
}

static struct str
trim_dots(struct str s)
{
	while (s.n > 0 && s.p[s.n - 1] == '.')
		s.n--;
	while (s.n > 0 && s.p[0] == '.')
		s = str_sub(s, 1, s.n);
	return s;
}

/* The last labels of s that have room; lower case. False: not ASCII. */
static bool
plain(struct str s, struct host *out)
{
	bool ascii = true;

	if (s.n > HOST_MAX) {
		s = str_sub(s, s.n - HOST_MAX, s.n);
		s = str_sub(s, str_find(s, '.') + 1, s.n);
	}
	for (size_t i = 0; i < s.n; i++) {
		out->text[i] = ascii_lower(s.p[i]);
		ascii = ascii && (unsigned char)s.p[i] < 0x80;
	}
	out->n = s.n;
	return ascii;
}

bool
host_normal(struct str raw, struct host *out)
{
	char clear[IDN_MAX];

	if (memchr(raw.p ? raw.p : "", '%', raw.n) != NULL &&
	    raw.n <= sizeof(clear) && raw.p[0] != '[') {
		raw.n = percent(raw, clear);
		raw.p = clear;
	}
	raw = trim_dots(raw);
	out->is_ip = ip_parse(raw, &out->ip);
	if (!plain(raw, out) && idn(raw, out)) {
		/* Mapping can leave a dot at the end. */
		struct str s =
		    trim_dots((struct str){ .p = out->text, .n = out->n });

		memmove(out->text, s.p, s.n);
		out->n = s.n;
		out->is_ip = ip_parse(
		    (struct str){ .p = out->text, .n = out->n }, &out->ip);
	}
	return out->n > 0;
}

bool
host_is_domain(const struct host *h)
{
	size_t label = 0;
	bool dot = false;

	if (h->is_ip || h->n == 0)
		return false;
	for (size_t i = 0; i < h->n; i++) {
		char c = h->text[i];

		if (c == '.') {
			if (label == 0)
				return false;
			label = 0;
			dot = true;
			continue;
		}
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '_')
			return false;
		if (++label > 63)
			return false;
	}
	return dot && label > 0;
}
