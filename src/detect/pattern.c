#include "pattern.h"

#include <string.h>

#include "limits.h"

/*
 *	pattern     = observation *( "OR" observation )
 *	observation = "[" expr "]" / "(" pattern ")"
 *	expr        = and *( "OR" and )
 *	and         = prop *( "AND" prop )
 *	prop        = "(" expr ")" / path op constant / path "IN" set
 *
 * An expression is kept as its alternatives all along: OR appends, AND
 * multiplies, and LIMIT_PATTERN_TERMS bounds both.
 */
struct parser {
	struct str s;
	size_t at;
	unsigned depth;
	size_t terms; /* written out so far */
	struct arena *a;
	const char *why;
};

static const struct {
	const char *path;
	enum obs obs;
} object_paths[] = {
	{"domain-name:value",	       OBS_DOMAIN	  },
	{ "ipv4-addr:value",	     OBS_IP		    },
	{ "ipv6-addr:value",	     OBS_IP		    },
	{ "url:value",		       OBS_URL	       },
	{ "process:name",		  OBS_PROCESS	      },
	{ "email-addr:value",	      OBS_EMAIL		},
	{ "file:name",		       OBS_FILE_NAME	     },
	{ "file:path",		       OBS_PATH		},
	{ "directory:path",	    OBS_PATH	     },
	{ "file:hashes.md5",	     OBS_MD5	     },
	{ "file:hashes.sha1",	      OBS_SHA1	       },
	{ "file:hashes.sha256",	OBS_SHA256	   },
	{ "app:id",		    OBS_BUNDLE_ID	  },
	{ "app:cert.sha256",	     OBS_CERT_SHA256     },
	{ "app:cert.sha1",		   OBS_SHA1	    },
	{ "app:cert.md5",		  OBS_MD5		  },
	{ "configuration-profile:id", OBS_PROFILE_ID	     },
	{ "android-property:name",	   OBS_ANDROID_PROPERTY},
	{ "phone-number:value",	OBS_PHONE		  },
};

static bool
give_up(struct parser *p, const char *why)
{
	if (p->why == NULL)
		p->why = why;
	return false;
}

static void
space(struct parser *p)
{
	while (p->at < p->s.n && strchr(" \t\r\n", p->s.p[p->at]) != NULL)
		p->at++;
}

static char
look(struct parser *p)
{
	space(p);
	return p->at < p->s.n ? p->s.p[p->at] : '\0';
}

static bool
accept(struct parser *p, char c)
{
	if (look(p) != c || p->at == p->s.n)
		return false;
	p->at++;
	return true;
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* The keyword w, whole, whatever its case; taken when it stands here. */
static bool
keyword(struct parser *p, const char *w)
{
	struct str k = str_from(w), here;

	space(p);
	here = str_sub(p->s, p->at, p->at + k.n);
	if (!str_eq_nocase(here, k) ||
	    (p->at + k.n < p->s.n && is_word(p->s.p[p->at + k.n])))
		return false;
	p->at += k.n;
	return true;
}

/* A quoted string of either kind, its escapes taken out. */
static bool
quoted(struct parser *p, struct str *out)
{
	char q = look(p), *o;
	size_t n = 0;

	if (q != '\'' && q != '"')
		return give_up(p, "a quoted value is missing");
	o = arena_alloc(p->a, p->s.n - p->at + 1, 1);
	if (o == NULL)
		return give_up(p, "it is too long");
	for (p->at++; p->at < p->s.n && p->s.p[p->at] != q; p->at++) {
		if (p->s.p[p->at] == '\\' && p->at + 1 < p->s.n)
			p->at++;
		o[n++] = p->s.p[p->at];
	}
	if (p->at == p->s.n)
		return give_up(p, "a quoted value has no end");
	p->at++;
	*out = (struct str){ .p = o, .n = n };
	return true;
}

/*
 * An object path, with its quotes, dashes in hash names and case of the last
 * step taken out: file:hashes.'SHA-256' is file:hashes.sha256.
 */
static bool
object_path(struct parser *p, struct term *t)
{
	char norm[64];
	size_t n = 0, from;
	char quote = '\0', c;

	space(p);
	from = p->at;
	for (; p->at < p->s.n; p->at++) {
		c = p->s.p[p->at];
		if (quote == '\0' && strchr("=!<>()[] \t\r\n", c) != NULL)
			break;
		if (c == '\'' || c == '"') {
			quote = quote == c ? '\0' : c;
			continue;
		}
		if (n + 1 >= sizeof(norm))
			return give_up(p, "its object path is too long");
		norm[n++] = ascii_lower(c);
	}
	norm[n] = '\0';
	t->path = str_sub(p->s, from, p->at);
	if (n == 0)
		return give_up(p, "an object path is missing");
	if (strncmp(norm, "file:hashes.", 12) == 0 ||
	    strncmp(norm, "app:cert.", 9) == 0) {
		size_t o = 0;

		for (size_t i = 0; i < n; i++)
			if (norm[i] != '-')
				norm[o++] = norm[i];
		norm[o] = '\0';
	}
	t->directory = strcmp(norm, "directory:path") == 0;
	for (size_t i = 0; i < sizeof(object_paths) / sizeof(object_paths[0]);
	     i++) {
		if (strcmp(norm, object_paths[i].path) == 0) {
			t->obs = object_paths[i].obs;
			return true;
		}
	}
	return give_up(
	    p, arena_printf(p->a, "the object path %.*s is not supported",
		   (int)(t->path.n < 80 ? t->path.n : 80), t->path.p));
}

static bool expression(struct parser *p, struct pattern *out);

static bool
one_term(struct parser *p, const struct term *t, struct pattern *out)
{
	struct alternative *alt = arena_alloc(p->a, 1, sizeof(*alt));

	if (alt == NULL || ++p->terms > LIMIT_PATTERN_TERMS ||
	    (alt->terms = arena_alloc(p->a, 1, sizeof(*t))) == NULL)
		return give_up(p, "it has too many comparisons");
	alt->terms[0] = *t;
	alt->n = 1;
	*out = (struct pattern){ .alts = alt, .n = 1 };
	return true;
}

static bool
join_or(struct parser *p, struct pattern *x, const struct pattern *y)
{
	struct alternative *v;

	if (x->n + y->n > LIMIT_PATTERN_TERMS ||
	    (v = arena_alloc(p->a, x->n + y->n, sizeof(*v))) == NULL)
		return give_up(p, "it has too many alternatives");
	for (size_t i = 0; i < x->n; i++)
		v[i] = x->alts[i];
	for (size_t i = 0; i < y->n; i++)
		v[x->n + i] = y->alts[i];
	*x = (struct pattern){ .alts = v, .n = x->n + y->n };
	return true;
}

static bool
join_and(struct parser *p, struct pattern *x, const struct pattern *y)
{
	struct alternative *v;
	size_t k = 0;

	if (x->n > LIMIT_PATTERN_TERMS / y->n ||
	    (v = arena_alloc(p->a, x->n * y->n, sizeof(*v))) == NULL)
		return give_up(p, "it has too many alternatives");
	for (size_t i = 0; i < x->n; i++) {
		for (size_t j = 0; j < y->n; j++, k++) {
			const struct alternative *l = &x->alts[i],
						 *r = &y->alts[j];

			p->terms += l->n + r->n;
			if (p->terms > LIMIT_PATTERN_TERMS ||
			    (v[k].terms = arena_alloc(p->a, l->n + r->n,
				 sizeof(struct term))) == NULL)
				return give_up(
				    p, "it has too many comparisons");
			for (size_t m = 0; m < l->n; m++)
				v[k].terms[m] = l->terms[m];
			for (size_t m = 0; m < r->n; m++)
				v[k].terms[l->n + m] = r->terms[m];
			v[k].n = l->n + r->n;
		}
	}
	*x = (struct pattern){ .alts = v, .n = k };
	return true;
}

/* IN ('a', 'b'): one alternative each. */
static bool
set_of(struct parser *p, struct term *t, struct pattern *out)
{
	struct alternative *v;
	size_t n = 0, cap = 0;

	if (!accept(p, '('))
		return give_up(p, "IN without its set");
	for (size_t i = p->at; i < p->s.n; i++)
		cap += p->s.p[i] == ',';
	cap = cap + 1 < LIMIT_PATTERN_TERMS ? cap + 1 : LIMIT_PATTERN_TERMS;
	v = arena_alloc(p->a, cap, sizeof(*v));
	do {
		if (!quoted(p, &t->value))
			return false;
		if (v == NULL || n == cap || ++p->terms > LIMIT_PATTERN_TERMS ||
		    (v[n].terms = arena_alloc(p->a, 1, sizeof(*t))) == NULL)
			return give_up(p, "it has too many comparisons");
		v[n].terms[0] = *t;
		v[n++].n = 1;
	} while (accept(p, ','));
	if (!accept(p, ')'))
		return give_up(p, "a set has no end");
	*out = (struct pattern){ .alts = v, .n = n };
	return true;
}

static bool
comparison(struct parser *p, struct pattern *out)
{
	struct term t = { .op = TERM_EQUAL };

	if (!object_path(p, &t))
		return false;
	if (keyword(p, "NOT"))
		return give_up(p, "NOT cannot be decided on one record");
	if (keyword(p, "IN"))
		return set_of(p, &t, out);
	if (keyword(p, "LIKE"))
		t.op = TERM_LIKE;
	else if (keyword(p, "MATCHES"))
		t.op = TERM_MATCHES;
	else if (keyword(p, "ISSUBSET") || keyword(p, "ISSUPERSET"))
		t.op = TERM_EQUAL; /* of addresses: a CIDR value says it all */
	else if (accept(p, '=')) {
		(void)accept(p, '=');
	} else
		return give_up(
		    p, look(p) == '!'
			   ? "\"not equal\" would match almost everything"
			   : "its comparison operator is not supported");
	if (look(p) != '\'' && look(p) != '"')
		return give_up(p, "its value is not a string");
	if (!quoted(p, &t.value))
		return false;
	if (t.value.n == 0)
		return give_up(p, "its value is empty");
	return one_term(p, &t, out);
}

static bool
proposition(struct parser *p, struct pattern *out)
{
	if (keyword(p, "NOT"))
		return give_up(p, "NOT cannot be decided on one record");
	if (keyword(p, "EXISTS"))
		return give_up(p, "EXISTS would match almost everything");
	if (!accept(p, '('))
		return comparison(p, out);
	return expression(p, out) &&
	       (accept(p, ')') || give_up(p, "a parenthesis has no end"));
}

static bool
conjunction(struct parser *p, struct pattern *out)
{
	struct pattern more;

	if (!proposition(p, out))
		return false;
	while (keyword(p, "AND"))
		if (!proposition(p, &more) || !join_and(p, out, &more))
			return false;
	return true;
}

static bool
expression(struct parser *p, struct pattern *out)
{
	struct pattern more;

	if (++p->depth > LIMIT_PATTERN_DEPTH)
		return give_up(p, "it is nested too deeply");
	if (!conjunction(p, out))
		return false;
	while (keyword(p, "OR"))
		if (!conjunction(p, &more) || !join_or(p, out, &more))
			return false;
	p->depth--;
	return true;
}

static bool observations(struct parser *p, struct pattern *out);

static bool
observation(struct parser *p, struct pattern *out)
{
	if (accept(p, '('))
		return observations(p, out) &&
		       (accept(p, ')') ||
			   give_up(p, "a parenthesis has no end"));
	if (!accept(p, '['))
		return give_up(p, "an observation in brackets is missing");
	return expression(p, out) &&
	       (accept(p, ']') || give_up(p, "a bracket has no end"));
}

static bool
observations(struct parser *p, struct pattern *out)
{
	static const char *const needs_more[] = { "AND", "FOLLOWEDBY", "WITHIN",
		"REPEATS", "START", "STOP" };
	struct pattern more;

	if (++p->depth > LIMIT_PATTERN_DEPTH)
		return give_up(p, "it is nested too deeply");
	if (!observation(p, out))
		return false;
	while (keyword(p, "OR"))
		if (!observation(p, &more) || !join_or(p, out, &more))
			return false;
	for (size_t i = 0; i < sizeof(needs_more) / sizeof(needs_more[0]); i++)
		if (keyword(p, needs_more[i]))
			return give_up(
			    p, arena_printf(p->a,
				   "%s asks for more than one observation",
				   needs_more[i]));
	p->depth--;
	return true;
}

bool
pattern_parse(
    struct str text, struct arena *a, struct pattern *out, const char **why)
{
	struct parser p = { .s = text, .a = a };
	struct pattern result;

	if (observations(&p, &result) && look(&p) != '\0')
		(void)give_up(&p, "something stands behind its end");
	if (p.why != NULL || p.at < text.n) {
		*why = p.why ? p.why : "it is not a pattern";
		return false;
	}
	*out = result;
	return true;
}
