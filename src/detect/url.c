#include "url.h"

#include "host.h"

static bool
is_alnum(char c)
{
	char l = ascii_lower(c);

	return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9');
}

static struct str
trim(struct str s)
{
	while (s.n > 0 && (unsigned char)s.p[0] <= ' ')
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	return s;
}

/* Schemes whose slashes browsers supply, with the port that they imply. */
static const struct special {
	const char *name;
	const char *port;
} specials[] = {
	{"http",	  "80" },
	{ "https", "443"},
	{ "ws",	"80" },
	{ "wss",	 "443"},
	{ "ftp",	 "21" },
};

static const struct special *
special_of(struct str scheme)
{
	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++)
		if (str_eq_nocase(scheme, str_from(specials[i].name)))
			return &specials[i];
	return NULL;
}

/* Length of "scheme" before ':', 0 when s begins with none. */
static size_t
scheme_len(struct str s)
{
	size_t i = 0;

	while (i < s.n && (is_alnum(s.p[i]) || s.p[i] == '+' || s.p[i] == '-' ||
			      s.p[i] == '.'))
		i++;
	return i < s.n && s.p[i] == ':' && i > 0 &&
		       !(s.p[0] >= '0' && s.p[0] <= '9')
		   ? i
		   : 0;
}

static bool
is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* host[:port]; an IPv6 address stands in brackets. */
static void
split_port(struct str s, struct url *u)
{
	size_t colon = str_rfind(s, ':'), close = str_rfind(s, ']');
	struct str port = str_sub(s, colon + 1, s.n);

	u->host = s;
	u->port = (struct str){ .p = "", .n = 0 };
	if (colon == s.n || (close < s.n && colon < close))
		return;
	for (size_t i = 0; i < port.n; i++)
		if (port.p[i] < '0' || port.p[i] > '9')
			return;
	u->host = str_sub(s, 0, colon);
	u->port = port;
}

/* s begins at the authority. */
static bool
authority(struct str s, struct url *u)
{
	size_t end = 0, at, hash;
	struct str rest;

	while (end < s.n && !is_slash(s.p[end]) && s.p[end] != '?' &&
	       s.p[end] != '#')
		end++;
	rest = str_sub(s, end, s.n);
	s = str_sub(s, 0, end);
	at = str_rfind(s, '@');
	u->user = str_sub(s, 0, at < s.n ? at : 0);
	split_port(str_sub(s, at < s.n ? at + 1 : 0, s.n), u);
	hash = str_find(rest, '#');
	rest = str_sub(rest, 0, hash);
	u->path = str_sub(rest, 0, str_find(rest, '?'));
	u->query = str_sub(rest, u->path.n, rest.n);
	return u->host.n > 0;
}

/* Without a scheme: one word that holds a dot, up to where a path begins. */
static bool
bare(struct str s, struct url *u)
{
	u->scheme = (struct str){ .p = "", .n = 0 };
	if (s.n >= 2 && s.p[0] == '/' && s.p[1] == '/')
		return authority(str_sub(s, 2, s.n), u);
	if (!authority(s, u) || u->user.n > 0 ||
	    str_find(u->host, '.') == u->host.n)
		return false;
	for (size_t i = 0; i < u->host.n; i++)
		if ((unsigned char)u->host.p[i] <= ' ')
			return false;
	return true;
}

bool
url_parse(struct str s, struct url *out)
{
	struct url u;
	size_t n;

	s = trim(s);
	n = scheme_len(s);
	/* "example.org:443/x" has no scheme: a port follows. */
	if (n > 0 && n + 1 < s.n && s.p[n + 1] >= '0' && s.p[n + 1] <= '9' &&
	    str_find(str_sub(s, 0, n), '.') < n)
		n = 0;
	if (n == 0) {
		if (!bare(s, &u))
			return false;
		*out = u;
		return true;
	}
	u.scheme = str_sub(s, 0, n);
	s = str_sub(s, n + 1, s.n);
	if (str_eq_nocase(u.scheme, str_from("view-source")) ||
	    str_eq_nocase(u.scheme, str_from("blob")))
		return scheme_len(s) > 0 && str_find(s, '/') < s.n &&
		       special_of(str_sub(s, 0, scheme_len(s))) != NULL &&
		       url_parse(s, out);
	if (special_of(u.scheme) != NULL) {
		while (s.n > 0 && is_slash(s.p[0]))
			s = str_sub(s, 1, s.n);
	} else {
		if (!str_starts(s, "//"))
			return false;
		s = str_sub(s, 2, s.n);
	}
	if (!authority(s, &u))
		return false;
	*out = u;
	return true;
}

void
url_normal(const struct url *u, bool no_scheme, struct buf *out)
{
	const struct special *sp = special_of(u->scheme);
	struct str path = u->path;
	struct host h;

	if (!no_scheme && u->scheme.n > 0) {
		for (size_t i = 0; i < u->scheme.n; i++)
			buf_u8(out, (uint8_t)ascii_lower(u->scheme.p[i]));
		buf_puts(out, ":");
	}
	buf_puts(out, "//");
	if (host_normal(u->host, &h))
		buf_put(out, h.text, h.n);
	if (u->port.n > 0 && !no_scheme &&
	    !(sp != NULL && str_is(u->port, sp->port))) {
		buf_u8(out, ':');
		buf_str(out, u->port);
	}
	if (u->query.n == 0)
		while (path.n > 0 && is_slash(path.p[path.n - 1]))
			path.n--;
	buf_str(out, path);
	buf_str(out, u->query);
}
