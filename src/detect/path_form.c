#include "path_form.h"

#include <string.h>

static const struct {
	const char *name, *folder;
} domains[] = {
#define DOMAIN(n, f) { .name = (n), .folder = (f) },
#include "backup_domains.def"
#undef DOMAIN
};

/* Links at the root of iOS, and the names that stand for the same place. */
static const struct {
	const char *from, *to;
} aliases[] = {
	{"/var",	  "/private/var"	 },
	{ "/tmp",	  "/private/var/tmp"},
	{ "/private/tmp", "/private/var/tmp"},
	{ "/etc",	  "/private/etc"	 },
};

static bool
put(struct path_form *f, struct str s)
{
	if (s.n > sizeof(f->text) - f->n)
		return false;
	memcpy(f->text + f->n, s.p, s.n);
	f->n += s.n;
	return true;
}

/* s without prefix, when a component ends behind it. */
static bool
below(struct str s, const char *prefix, struct str *rest)
{
	size_t n = strlen(prefix);

	if (!str_starts(s, prefix) || (s.n > n && s.p[n] != '/'))
		return false;
	*rest = str_sub(s, n, s.n);
	return true;
}

/* What stands for the first components of s; the rest follows in *s. */
static const char *
head(struct str *s)
{
	struct str first = str_sub(*s, 0, str_find(*s, '/'));

	if (str_starts(*s, "file://localhost/"))
		*s = str_sub(*s, 16, s->n);
	else if (str_starts(*s, "file:///"))
		*s = str_sub(*s, 7, s->n);
	if (below(*s, "~", s))
		return "/private/var/mobile";
	if (s->n > 0 && s->p[0] == '/')
		return "";
	if (str_is(first, "private") || str_is(first, "var"))
		return "/";
	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
		if (str_is(first, domains[i].name) && first.n < s->n) {
			*s = str_sub(*s, first.n, s->n);
			return domains[i].folder;
		}
	return "";
}

/* s component by component; empty ones and "." say nothing. */
static bool
components(struct path_form *f, struct str s)
{
	size_t from = 0;

	while (from < s.n) {
		struct str rest = str_sub(s, from, s.n), one;

		one = str_sub(rest, 0, str_find(rest, '/'));
		from += one.n + 1;
		if (one.n == 0 || str_is(one, "."))
			continue;
		if ((f->n > 0 || f->absolute) &&
		    !(f->n == 1 && f->text[0] == '/') && !put(f, str_from("/")))
			return false;
		if (!put(f, one))
			return false;
	}
	return true;
}

static bool
alias(struct path_form *f)
{
	struct str s = { .p = f->text, .n = f->n }, rest;

	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		size_t n = strlen(aliases[i].to);

		if (!below(s, aliases[i].from, &rest))
			continue;
		if (rest.n > sizeof(f->text) - n)
			return false;
		memmove(f->text + n, rest.p, rest.n);
		memcpy(f->text, aliases[i].to, n);
		f->n = n + rest.n;
		return true;
	}
	return true;
}

bool
path_form(struct str raw, struct path_form *out)
{
	const char *front;

	if (raw.n == 0 || raw.n > LIMIT_PATH)
		return false;
	out->n = 0;
	out->directory = raw.p[raw.n - 1] == '/';
	front = head(&raw);
	out->absolute = front[0] == '/' || (raw.n > 0 && raw.p[0] == '/');
	if (front[0] == '/' && front[1] != '\0')
		(void)put(out, str_from(front));
	if (!components(out, raw) || !alias(out))
		return false;
	if (out->n == 0)
		return put(out, str_from("/"));
	return true;
}
