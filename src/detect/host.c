#include "host.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

#define HOST_MAX 255

/* The first of the bytes in set, or s.n. */
static size_t
find_any(struct str s, const char *set)
{
	size_t i = 0;

	while (i < s.n && (s.p[i] == '\0' || strchr(set, s.p[i]) == NULL))
		i++;
	return i;
}

static size_t
find_scheme_end(struct str s)
{
	for (size_t i = str_find(s, ':'); i + 2 < s.n && i < 32;)
		return s.p[i + 1] == '/' && s.p[i + 2] == '/' ? i : s.n;
	return s.n;
}

bool
url_split(struct str s, struct url *out)
{
	size_t colon = find_scheme_end(s), end, at;
	struct str authority;

	if (colon >= s.n)
		return false;
	out->scheme = str_sub(s, 0, colon);
	s = str_sub(s, colon + 3, s.n);
	/* Browsers take a backslash for a slash here: so do we. */
	end = find_any(s, "/?#\\");
	authority = str_sub(s, 0, end);
	out->rest = str_sub(s, end, s.n);
	at = str_rfind(authority, '@');
	if (at < authority.n)
		authority = str_sub(authority, at + 1, authority.n);
	at = authority.n > 0 && authority.p[0] == '[' ? str_find(authority, ']')
						      : 0;
	end = at + str_find(str_sub(authority, at, authority.n), ':');
	out->host = str_sub(authority, 0, end);
	out->port = str_sub(authority, end + 1, authority.n);
	return out->host.n > 0;
}

/* U-labels and mixed forms by libidn2; rare, so it may cost. */
static bool
host_idn(struct str host, struct buf *out)
{
	char in[4 * HOST_MAX + 1], *ascii = NULL;
	bool ok;

	if (host.n >= sizeof(in) || memchr(host.p, '\0', host.n) != NULL)
		return false;
	memcpy(in, host.p, host.n);
	in[host.n] = '\0';
	if (idn2_to_ascii_8z(
		in, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK &&
	    idn2_to_ascii_8z(in, &ascii, IDN2_TRANSITIONAL) != IDN2_OK)
		return false;
	ok = strlen(ascii) <= HOST_MAX;
	if (ok)
		buf_puts(out, ascii);
	idn2_free(ascii);
	return ok;
}

/* "%65vil.com": hosts are percent-decoded before they are looked up. */
static struct str
percent_decode(struct str host, char *room)
{
	size_t n = 0;

	for (size_t i = 0; i < host.n; i++) {
		uint8_t b;

		if (host.p[i] == '%' && host.n - i > 2 &&
		    hex_decode(str_sub(host, i + 1, i + 3), 1, &b)) {
			room[n++] = (char)b;
			i += 2;
		} else {
			room[n++] = host.p[i];
		}
	}
	return (struct str){ .p = room, .n = n };
}

bool
host_norm(struct str host, struct buf *out)
{
	char room[4 * HOST_MAX], low[HOST_MAX];
	bool plain = true;

	if (host.n > sizeof(room))
		return false;
	if (host.n > 0 && str_find(host, '%') < host.n)
		host = percent_decode(host, room);
	while (host.n > 0 && host.p[host.n - 1] == '.')
		host.n--;
	for (size_t i = 0; i < host.n && plain; i++)
		plain = (uint8_t)host.p[i] < 0x80;
	if (host.n == 0)
		return false;
	if (!plain)
		return host_idn(host, out);
	if (host.n > HOST_MAX)
		return false;
	for (size_t i = 0; i < host.n; i++) {
		char c = ascii_lower(host.p[i]);

		if (c <= ' ' || c == 0x7f || c == '/' || c == '@')
			return false;
		low[i] = c;
	}
	buf_put(out, low, host.n);
	return true;
}

bool
ip_parse(struct str s, uint8_t out[static 16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char text[INET6_ADDRSTRLEN + 1];
	struct in_addr v4;
	struct in6_addr v6;

	if (s.n > 1 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = str_sub(s, 1, s.n - 1);
	s = str_sub(s, 0, str_find(s, '%'));
	if (s.n < 2 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (memchr(text, ':', s.n) == NULL) {
		if (text[0] < '0' || text[0] > '9' ||
		    inet_pton(AF_INET, text, &v4) != 1)
			return false;
		memcpy(out, mapped, sizeof(mapped));
		memcpy(out + 12, &v4, 4);
		return true;
	}
	if (inet_pton(AF_INET6, text, &v6) != 1)
		return false;
	memcpy(out, &v6, 16);
	return true;
}

bool
url_norm(struct str s, struct buf *out)
{
	struct url u;
	size_t from = out->len;
	bool plain;

	if (!url_split(s, &u))
		return false;
	for (size_t i = 0; i < u.scheme.n; i++)
		buf_u8(out, (uint8_t)ascii_lower(u.scheme.p[i]));
	plain = str_is(
	    (struct str){ .p = (const char *)out->p + from, .n = u.scheme.n },
	    "http");
	buf_puts(out, "://");
	if (!host_norm(u.host, out)) {
		out->len = from;
		return false;
	}
	if (u.port.n > 0 && !str_is(u.port, plain ? "80" : "443")) {
		buf_puts(out, ":");
		buf_str(out, u.port);
	}
	u.rest = str_sub(u.rest, 0, str_find(u.rest, '#'));
	if (u.rest.n == 0)
		buf_puts(out, "/");
	buf_str(out, u.rest);
	return true;
}
