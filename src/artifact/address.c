#include "address.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct str
without(struct str s, const char *prefix)
{
	return str_starts(s, prefix) ? str_sub(s, str_from(prefix).n, s.n) : s;
}

enum address_kind
address_kind(struct str *s)
{
	size_t digits = 0, others = 0;

	*s = without(without(*s, "tel:"), "mailto:");
	if (str_find(*s, '@') < s->n)
		return ADDRESS_EMAIL;
	for (size_t i = 0; i < s->n; i++) {
		char c = s->p[i];

		if (is_digit(c))
			digits++;
		else if (c != '+' && c != '-' && c != ' ' && c != '(' &&
			 c != ')' && c != '.' && c != '*' && c != '#')
			others++;
	}
	return digits >= 3 && others == 0 ? ADDRESS_PHONE : ADDRESS_OTHER;
}

void
address_put(struct record *r, size_t first_field, struct str s)
{
	enum address_kind k = address_kind(&s);

	if (s.n > 0)
		record_text(r, first_field + (size_t)k, s);
}

struct str
address_of_jid(struct str jid, char out[static ADDRESS_ROOM])
{
	size_t at = str_find(jid, '@'), digits = 0;

	/* A device's own part, "14155550100:3@", is no part of the number. */
	while (digits < at && is_digit(jid.p[digits]))
		digits++;
	if (digits < 5 || digits > 15 ||
	    (digits < at && jid.p[digits] != ':' && jid.p[digits] != '.') ||
	    !str_is(str_sub(jid, at, jid.n), "@s.whatsapp.net"))
		return str_from("");
	out[0] = '+';
	for (size_t i = 0; i < digits; i++)
		out[i + 1] = jid.p[i];
	return (struct str){ .p = out, .n = digits + 1 };
}
