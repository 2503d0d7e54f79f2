#include "pattern.h"

#include <string.h>

#include "buf.h"
#include "check.h"
#include "limits.h"

/* "path op value AND ... | ..." of all alternatives; "-why" of unusable. */
static void
render(const struct pattern *p, struct buf *out)
{
	static const char *const op[] = { "=", "LIKE", "MATCHES", "SUBSET" };

	for (size_t i = 0; i < p->n; i++) {
		buf_puts(out, i ? " | " : "");
		if (p->alts[i].why != NULL) {
			buf_printf(out, "-%.3s", p->alts[i].why);
			continue;
		}
		for (size_t k = 0; k < p->alts[i].n; k++) {
			const struct pattern_term *t = p->alts[i].terms[k];

			buf_puts(out, k ? " AND " : "");
			buf_str(out, t->path);
			buf_printf(out, " %s ", op[t->op]);
			buf_str(out, t->value);
		}
	}
}

static const struct {
	const char *text, *parsed;
} good[] = {
	{"[a:b='x']",						    "a:b = x"			 },
	{ "  [ a:b == 'x' ]\n",					  "a:b = x"			  },
	{ "[a-b:c_d.e='x']",					     "a-b:c_d.e = x"		     },
	{ "[file:hashes.'SHA-256'='x']",				 "file:hashes.SHA-256 = x"	   },
	{ "[file:hashes.\"SHA-1\"='x']",				 "file:hashes.SHA-1 = x"	 },
	{ "[file:hashes.SHA-256='x']",				       "file:hashes.SHA-256 = x"	 },
	{ "[a:'b c'='x']",					       "a:b c = x"		       },
	{ "[a:b[*].c='x' OR a:b[0]='y']",				  "a:b[*].c = x | a:b[0] = y"    },
	{ "[a:b='it\\'s \\\\ \\d']",				     "a:b = it's \\ \\d"		 },
	{ "[a:b='']",						    "a:b = "		       },
	{ "[url:value='https://e.com/?a=b']",
	    "url:value = https://e.com/?a=b"							       },
	{ "[a:b='x' OR a:c='y']",					"a:b = x | a:c = y"	      },
	{ "[a:b='x' AND a:c='y']",				       "a:b = x AND a:c = y"		 },
	{ "[a:b='x' OR a:b='y' AND a:c='z']",			      "a:b = x | a:b = y AND a:c = z"},
	{ "[(a:b='x' OR a:b='y') AND (a:c='z' OR a:c='w')]",
	    "a:b = x AND a:c = z | a:b = x AND a:c = w | "
	    "a:b = y AND a:c = z | a:b = y AND a:c = w"							},
	{ "[a:b IN ('x', 'y','z')]",				     "a:b = x | a:b = y | a:b = z"  },
	{ "[a:b IN ('x','y') AND a:c LIKE 'z%']",
	    "a:b = x AND a:c LIKE z% | a:b = y AND a:c LIKE z%"						},
	{ "[a:b MATCHES '^x\\\\.y$']",				       "a:b MATCHES ^x\\.y$"	     },
	{ "[a:b ISSUBSET '10.0.0.0/8']",				 "a:b SUBSET 10.0.0.0/8"	 },
	{ "[a:b=1 OR a:b=-2.5 OR a:b=true]",
	    "a:b = 1 | a:b = -2.5 | a:b = true"							    },
	{ "[a:b=t'2020-01-01T00:00:00Z' OR a:b=h'00ff' OR a:b=b'AA==']",
	    "a:b = 2020-01-01T00:00:00Z | a:b = 00ff | a:b = AA=="					   },
	{ "[a:b='x' /* why */ OR // and\n a:b='y']",		     "a:b = x | a:b = y"		 },
	{ "[a:b='x'] OR [a:b='y']",				      "a:b = x | a:b = y"		},
	{ "([a:b='x'] OR ([a:b='y']))",					"a:b = x | a:b = y"	    },
 /* What cannot hold for one record spoils only its alternative. */
	{ "[a:b!='x']",						  "-!= "			       },
	{ "[a:b<>'x']",						  "-!= "			       },
	{ "[a:b NOT = 'x']",					     "-NOT"			    },
	{ "[a:b NOT IN ('x','y')]",				      "-NOT"			   },
	{ "[NOT (a:b='x' AND a:c='y')]",				 "-NOT"				},
	{ "[a:b>1 OR a:b='y']",					  "-com | a:b = y"		 },
	{ "[a:b='x' AND a:c!='y' OR a:d='z']",			       "-!=  | a:d = z"		},
	{ "[a:b ISSUPERSET '10.0.0.0/8']",				   "-ISS"			  },
	{ "[EXISTS a:b]",						"-EXI"			 },
	{ "[a:b='x'] AND [a:c='y']",				     "-AND"			    },
	{ "[a:b='x'] AND [a:c='y'] OR [a:d='z']",			  "-AND | a:d = z"		   },
	{ "[a:b='x'] FOLLOWEDBY [a:c='y']",				    "-FOL"			   },
	{ "[a:b='x'] WITHIN 5 SECONDS",					"-WIT"			       },
	{ "[a:b='x'] REPEATS 5 TIMES OR [a:b='y']",			    "-REP | a:b = y"		     },
	{ "[a:b='x'] START t'2020-01-01T00:00:00Z' STOP "
	  "t'2021-01-01T00:00:00Z'",			    "-STA"			 },
	{ "([a:b='x'] OR [a:b='y']) WITHIN 1.5 SECONDS",		 "-WIT"				},
};

static void
parses(void)
{
	struct arena a;
	struct buf b;

	arena_init(&a, LIMIT_ARENA);
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct pattern p = { 0 };
		bool ok = pattern_parse(str_from(good[i].text), &a, &p);

		buf_reset(&b);
		if (ok)
			render(&p, &b);
		if (!ok || !str_is(buf_text(&b), good[i].parsed))
			fprintf(stderr, "%s: %s\n", good[i].text,
			    ok ? buf_cstr(&b) : p.why);
		CHECK(ok && str_is(buf_text(&b), good[i].parsed));
		arena_reset(&a);
	}
	buf_done(&b);
	arena_done(&a);
}

static void
refuses(void)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"",			 "'['"	    },
		{ "x",		       "'['"	     },
		{ "[",		       "object path"   },
		{ "[]",			"object path"   },
		{ "[a]",			 "':'"	       },
		{ "[a:]",			  "property"	     },
		{ "[a:b]",		   "operator"      },
		{ "[a:b=]",		    "value"	    },
		{ "[a:b=x]",		     "value"	     },
		{ "[a:b='x]",		      "no end"	       },
		{ "[a:b='x'",		      "']'"	    },
		{ "[a:b='x'] x",		 "behind the end"},
		{ "[a:b='x'][a:b='y']",	"behind the end"},
		{ "[a:b='x' XOR a:b='y']",   "']'"		 },
		{ "[a:b in ('x')]",	    "operator"      },
		{ "[a:b IN 'x']",		  "'('"		},
		{ "[a:b IN ('x' 'y')]",	"','"	      },
		{ "[a:b IN ()]",		 "value"	 },
		{ "[(a:b='x']",		"')'"	      },
		{ "([a:b='x']",		"')'"	      },
		{ "[a:b.='x']",		"name"	       },
		{ "[a:b[='x']",		"number"	 },
		{ "[a:b[0='x']",		 "']'"	       },
		{ "[a:b='x' /* ]",	   "comment"	     },
		{ "[a:b='x' & a:c='y']",	 "character"     },
		{ "[a:b='x'] WITHIN",	      "seconds"	},
		{ "[a:b='x'] WITHIN 5",	"SECONDS"	  },
		{ "[a:b='x'] REPEATS 5",	 "TIMES"	 },
		{ "[a:b='x'] START t'2020'", "STOP"	    },
	};
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct pattern p = { 0 };

		CHECK(!pattern_parse(str_from(bad[i].text), &a, &p));
		if (p.why == NULL || strstr(p.why, bad[i].why) == NULL)
			fprintf(stderr, "%s: %s\n", bad[i].text,
			    p.why ? p.why : "(no reason)");
		CHECK(p.why != NULL && strstr(p.why, bad[i].why) != NULL);
	}
	arena_done(&a);
}

/* Every truncation is refused; every flip ends one way or the other. */
static void
damaged(void)
{
	static const char text[] =
	    "([a:b.'c d' IN ('x', 'it\\'s') AND (a:e LIKE 'y%' OR a:f=t'2')] "
	    "OR [g:h[*].i MATCHES '^z'])";
	char copy[sizeof(text)];
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		struct pattern p = { 0 };
		struct str s = { .p = text, .n = i };

		CHECK(!pattern_parse(s, &a, &p) && p.why != NULL);
	}
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		for (int bit = 0; bit < 8; bit++) {
			struct pattern p = { 0 };
			struct str s = { .p = copy, .n = sizeof(text) - 1 };

			memcpy(copy, text, sizeof(text));
			copy[i] = (char)(copy[i] ^ (1 << bit));
			if (!pattern_parse(s, &a, &p))
				CHECK(p.why != NULL);
		}
	arena_done(&a);
}

static bool
parse_long(const char *head, const char *unit, size_t n, const char *tail,
    struct pattern *p, struct arena *a)
{
	struct buf b;
	char *text;

	buf_init(&b, (size_t)64 << 20);
	buf_puts(&b, head);
	while (b.len < n)
		buf_puts(&b, unit);
	buf_puts(&b, tail);
	text = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	CHECK(text != NULL);
	return pattern_parse(str_from(text), a, p);
}

static void
limits(void)
{
	struct pattern p = { 0 };
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	CHECK(!parse_long("[", "(", 1 << 20, "a:b='x'", &p, &a));
	CHECK(strstr(p.why, "nested") != NULL);
	arena_reset(&a);
	CHECK(!parse_long("", "(", 1 << 20, "[a:b='x']", &p, &a));
	CHECK(strstr(p.why, "nested") != NULL);
	arena_reset(&a);
	/* 10 MB of pattern. */
	CHECK(parse_long("[a:b IN ('x'", ",'0123456789012345678901234567890'",
	    (size_t)10 << 20, ")]", &p, &a));
	CHECK(p.n > 300000 && p.alts[p.n - 1].n == 1);
	arena_reset(&a);
	CHECK(
	    parse_long("[a:b='", "0123456789", (size_t)10 << 20, "']", &p, &a));
	CHECK(p.n == 1 && p.alts[0].terms[0]->value.n >= (size_t)10 << 20);
	arena_reset(&a);
	CHECK(!parse_long(
	    "[a:b='x'", " OR a:b='x'", (size_t)10 << 20, "]", &p, &a));
	CHECK(strstr(p.why, "limit") != NULL);
	arena_reset(&a);
	/* A product of lists, and a long conjunction. */
	CHECK(!parse_long("[(a:b='x'", " OR a:b='x'", 20000,
	    ") AND a:b IN ('1','2','3','4','5','6','7','8') AND a:b IN "
	    "('1','2','3','4','5','6','7','8') AND a:b IN "
	    "('1','2','3','4','5','6','7','8')]",
	    &p, &a));
	CHECK(strstr(p.why, "limit") != NULL);
	arena_reset(&a);
	CHECK(!parse_long("[a:b='x'", " AND a:b='x'", 20000, "]", &p, &a));
	CHECK(strstr(p.why, "limit") != NULL);
	arena_done(&a);
}

int
main(void)
{
	parses();
	refuses();
	damaged();
	limits();
	return 0;
}
