#include <string.h>

#include "host.h"
#include "matching.h"
#include "url.h"

static void
match_address(struct matching *m, const struct ip *ip)
{
	const struct indicators *x = m->x;
	struct str key = { .p = (const char *)ip->b, .n = sizeof(ip->b) };

	match_key(m, KIND_IP, key, HOW_EQUAL);
	if (x->values.by_kind[KIND_NET] == 0)
		return;
	for (unsigned bits = 0; bits <= 128; bits++) {
		uint8_t net[17];
		struct ip masked = *ip;

		if (!x->net_bits[bits])
			continue;
		ip_mask(&masked, bits);
		memcpy(net, masked.b, sizeof(masked.b));
		net[16] = (uint8_t)bits;
		key = (struct str){ .p = (const char *)net, .n = sizeof(net) };
		match_key(m, KIND_NET, key, HOW_NET);
	}
}

/* The published page and what is below it; the host was found already. */
static void
match_below(struct matching *m, struct str host, const struct url *u)
{
	const struct chains *c = &m->x->below;
	uint64_t hash = value_hash(&m->x->values, KIND_URL_BELOW, host);
	struct str page = str_sub(u->path, 0, u->path.n);

	page.n += u->query.n; /* they stand side by side */
	for (uint32_t i = chains_first(c, hash); i != 0;
	     i = chains_next(c, hash, i)) {
		uint32_t value = chains_value(c, i);
		struct str key = value_key(&m->x->values, value), rest;

		key = str_sub(key, 2, key.n);
		if (!str_eq(str_sub(key, 0, host.n), host))
			continue;
		key = str_sub(key, host.n, key.n);
		if (page.n < key.n || !str_eq(str_sub(page, 0, key.n), key))
			continue;
		rest = str_sub(page, key.n, page.n);
		if (rest.n == 0 || memchr("/?&", rest.p[0], 3) != NULL)
			found(m, value, HOW_URL_BELOW);
	}
}

/* A domain matches itself and what is below it, label by label. */
static void
match_suffixes(struct matching *m, const struct host *h, const struct url *u,
    enum how whole)
{
	const struct value_table *t = &m->x->values;
	uint64_t hash = value_hash_begin(t, KIND_DOMAIN);
	bool dot = false;

	if (t->by_kind[KIND_DOMAIN] == 0 && (u == NULL || m->x->below.n == 0))
		return;
	for (size_t i = h->n; i > 0; i--) {
		struct str suffix;
		uint32_t value;

		hash = value_hash_step(hash, h->text[i - 1]);
		dot = dot || h->text[i - 1] == '.';
		if (!dot || (i > 1 && h->text[i - 2] != '.'))
			continue;
		suffix.p = h->text + i - 1;
		suffix.n = h->n - (i - 1);
		value = value_find_hashed(
		    t, KIND_DOMAIN, suffix, value_hash_end(hash));
		if (value != VALUE_NOT_THERE)
			found(m, value,
			    i > 1 && whole != HOW_EMAIL_DOMAIN ? HOW_SUBDOMAIN
							       : whole);
		if (u != NULL && m->x->below.n > 0)
			match_below(m, suffix, u);
	}
}

static void
match_host(
    struct matching *m, struct str raw, const struct url *u, enum how whole)
{
	struct host h;

	if (!host_normal(raw, &h))
		return;
	if (h.is_ip && whole != HOW_EMAIL_DOMAIN) {
		match_address(m, &h.ip);
		match_fuzzy(m, OBS_IP, (struct str){ .p = h.text, .n = h.n });
		return;
	}
	match_suffixes(m, &h, u, whole);
	if (whole != HOW_EMAIL_DOMAIN)
		match_fuzzy(
		    m, OBS_DOMAIN, (struct str){ .p = h.text, .n = h.n });
}

void
match_domain(struct matching *m, struct str v)
{
	struct url u;
	struct ip ip;

	/* Most are plain names; what is not is taken apart. */
	if (str_find(v, '/') == v.n && str_find(v, ':') == v.n)
		match_host(m, v, NULL, HOW_EQUAL);
	else if (ip_parse(v, &ip))
		match_address(m, &ip);
	else if (url_parse(v, &u))
		match_host(m, u.host, NULL, HOW_EQUAL);
}

void
match_ip(struct matching *m, struct str v)
{
	struct ip ip;
	struct url u;

	if (ip_parse(v, &ip)) {
		match_address(m, &ip);
		match_fuzzy(m, OBS_IP, v);
	} else if (url_parse(v, &u)) {
		match_host(m, u.host, NULL, HOW_EQUAL);
	}
}

void
match_url(struct matching *m, struct str v)
{
	const struct value_table *t = &m->x->values;
	struct buf *work = m->x->work;
	struct url u;

	if (!url_parse(v, &u)) {
		/* mailto:, tel: and the like name a person. */
		if (str_find(v, ':') < v.n)
			match_handle(m, v);
		match_fuzzy(m, OBS_URL, v);
		return;
	}
	match_host(m, u.host, &u, HOW_HOST);
	for (unsigned bare = 0; bare < 2; bare++) {
		enum kind k = bare ? KIND_URL_BARE : KIND_URL;

		if (t->by_kind[k] == 0)
			continue;
		buf_reset(work);
		url_normal(&u, bare, work);
		match_key(m, k, buf_text(work), HOW_EQUAL);
	}
	match_fuzzy(m, OBS_URL, v);
}

/* "mailto:", "tel:", and Apple's "E:" and "P:" in front of an account. */
static struct str
without_scheme(struct str v)
{
	static const char *const schemes[] = { "mailto:", "tel:", "sms:",
		"imessage:", "facetime:", "sip:", "e:", "p:" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t n = strlen(schemes[i]);

		if (str_eq_nocase(str_sub(v, 0, n), str_from(schemes[i])))
			return str_sub(v, n, v.n);
	}
	return v;
}

/* Digits only; a leading 00 is the plus sign. */
static void
match_phone(struct matching *m, struct str v)
{
	char digits[24];
	size_t n = 0;
	struct str key;

	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			continue;
		if (n == sizeof(digits))
			return;
		digits[n++] = v.p[i];
	}
	key = (struct str){ .p = digits, .n = n };
	if (n > 0 && v.p[0] != '+' && str_starts(key, "00"))
		key = str_sub(key, 2, n);
	match_key(m, KIND_PHONE, key, HOW_EQUAL);
	match_fuzzy(m, OBS_PHONE, key);
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

void
match_handle(struct matching *m, struct str v)
{
	size_t open = str_rfind(v, '<'), close = str_rfind(v, '>'), at;

	if (open < close && close < v.n)
		v = str_sub(v, open + 1, close);
	while (v.n > 0 && (unsigned char)v.p[v.n - 1] <= ' ')
		v.n--;
	while (v.n > 0 && (unsigned char)v.p[0] <= ' ')
		v = str_sub(v, 1, v.n);
	v = without_scheme(v);
	v = str_sub(v, 0, str_find(v, '?'));
	at = str_rfind(v, '@');
	if (at == v.n) {
		match_phone(m, v);
		return;
	}
	/* WhatsApp writes 4915112345678@s.whatsapp.net for a number. */
	if (all_digits(str_sub(v, 0, at)))
		match_phone(m, str_sub(v, 0, at));
	match_folded(m, KIND_EMAIL, OBS_EMAIL, v);
	match_host(m, str_sub(v, at + 1, v.n), NULL, HOW_EMAIL_DOMAIN);
}
