#include "ip.h"

#include <arpa/inet.h>
#include <string.h>

bool
ip_parse(struct str s, struct ip *out)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char text[INET6_ADDRSTRLEN + 1];
	struct ip ip;

	if (s.n >= 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = str_sub(s, 1, s.n - 1);
	s = str_sub(s, 0, str_find(s, '%'));
	/* Nearly everything that is asked is a name: out with it early. */
	if (s.n < 2 || s.n >= sizeof(text) || memchr(s.p, '\0', s.n) != NULL)
		return false;
	if (str_find(s, ':') == s.n &&
	    (s.p[s.n - 1] < '0' || s.p[s.n - 1] > '9'))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (inet_pton(AF_INET, text, ip.b + 12) == 1)
		memcpy(ip.b, mapped, sizeof(mapped));
	else if (inet_pton(AF_INET6, text, ip.b) != 1)
		return false;
	*out = ip;
	return true;
}

void
ip_mask(struct ip *a, unsigned bits)
{
	for (unsigned i = 0; i < sizeof(a->b); i++) {
		unsigned left = bits > 8 * i ? bits - 8 * i : 0;

		if (left < 8)
			a->b[i] = (uint8_t)(a->b[i] & ~(0xffU >> left));
	}
}

bool
ip_net_parse(struct str s, struct ip *out, unsigned *bits)
{
	size_t slash = str_find(s, '/');
	struct str len = str_sub(s, slash + 1, s.n);
	bool v6 = str_find(s, ':') < s.n;
	unsigned n = 0;
	struct ip ip;

	if (slash == s.n || len.n == 0 || len.n > 3 ||
	    !ip_parse(str_sub(s, 0, slash), &ip))
		return false;
	for (size_t i = 0; i < len.n; i++) {
		if (len.p[i] < '0' || len.p[i] > '9')
			return false;
		n = 10 * n + (unsigned)(len.p[i] - '0');
	}
	if (n > (v6 ? 128 : 32))
		return false;
	*bits = v6 ? n : n + 96;
	ip_mask(&ip, *bits);
	*out = ip;
	return true;
}
