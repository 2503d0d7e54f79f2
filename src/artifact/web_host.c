#include "web_host.h"

/* Up to where the host and what belongs to it goes: path, query, fragment. */
static size_t
authority_end(struct str s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] != '/' && s.p[i] != '?' && s.p[i] != '#' &&
	       s.p[i] != '\\')
		i++;
	return i;
}

struct str
web_host(struct str url)
{
	size_t colon = str_find(url, ':'), at;
	struct str s;

	if (!str_starts(str_sub(url, colon, url.n), "://"))
		return str_from("");
	s = str_sub(url, colon + 3, url.n);
	s = str_sub(s, 0, authority_end(s));
	at = str_rfind(s, '@');
	if (at < s.n)
		s = str_sub(s, at + 1, s.n);
	if (str_starts(s, "[")) /* of version 6: colons are its own */
		return str_sub(s, 1, str_find(s, ']'));
	s = str_sub(s, 0, str_find(s, ':'));
	return str_ends(s, ".") ? str_sub(s, 0, s.n - 1) : s;
}

bool
web_is_http(struct str url)
{
	return str_eq_nocase(str_sub(url, 0, 7), str_from("http://"));
}

static struct str
without_www(struct str host)
{
	return str_eq_nocase(str_sub(host, 0, 4), str_from("www."))
		   ? str_sub(host, 4, host.n)
		   : host;
}

bool
web_same_host(struct str a, struct str b)
{
	return str_eq_nocase(without_www(a), without_www(b));
}

/* b stands below a: it ends in a dot and a. */
static bool
is_below(struct str b, struct str a)
{
	return a.n > 0 && b.n > a.n && b.p[b.n - a.n - 1] == '.' &&
	       str_eq_nocase(str_sub(b, b.n - a.n, b.n), a);
}

bool
web_same_site(struct str a, struct str b)
{
	a = without_www(a);
	b = without_www(b);
	return str_eq_nocase(a, b) || is_below(a, b) || is_below(b, a);
}
