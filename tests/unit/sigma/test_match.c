#include <stdio.h>

#include "model.h"
#include "regex_need.h"
#include "tstamp.h"

/*
 * The compiled rules say of every event what walking each rule's tree says:
 * thousands of made-up rules on thousands of made-up events, over words that
 * are few enough to meet.
 */
#define FIELDS 7
#define RULES  60
#define EVENTS 60

static uint64_t seed;

static uint32_t
dice(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (uint32_t)(seed >> 33) % n;
}

static const char *
pick(const char *const *v, size_t n)
{
	return v[dice((uint32_t)n)];
}
#define PICK(v) pick(v, sizeof(v) / sizeof((v)[0]))

static const char *const words[] = { "a", "b", "ab", "x", "exe", ".exe", "cmd",
	"\\cmd.exe", "power", "shell", "powershell", "-enc", " -", "C:\\", "k",
	"windows", "system32", "\xc3\xa4", "\xc3\x84", "\xe2\x84\xaa", "\xff",
	"0", "4", "12", "4688", "true", "1.5", "-7", "10.0.0.1", "fe80::1",
	"2021-05-06", "hello world", "UPPER", "Mixed", "s", "\xc5\xbf",
	"abcdefgh", "abcdefghi", "zabcdefgh" };

static const char *const regexes[] = { "a+b", "cmd\\.exe", "(power|cmd)",
	"^C:", "exe$", "[0-9]{2,3}", "p.*l", "(?i)SHELL", "x?y*", "a{2}",
	"(?:ab)+c?", "(ab|x)|(\\.exe)", "\\bcmd\\b", "wind(?=ows)",
	"system(?!32)", "k", "[ks]ystem", "\\x61b", "a\\d", "hello\\sworld",
	"(?<n>ab)\\k<n>", "4.88", "power(shell)?", "^$", "a|", "\\Qcmd\\E",
	"ab*cd", "abc?defgh", "\xc3\xa4", "system\\d\\d", "b{,2}", "wi{1}nd" };

/* A text of some words, in any case. */
static const char *
some_text(struct model *m, bool pattern)
{
	struct buf b;
	const char *r;

	buf_init(&b, 1 << 20);
	for (uint32_t n = dice(pattern ? 3 : 6); n > 0; n--) {
		const char *w = PICK(words);

		for (; *w != '\0'; w++) {
			if (pattern && *w == '\\')
				buf_u8(&b, '\\');
			buf_u8(
			    &b, (uint8_t)(dice(4) == 0 && *w >= 'a' && *w <= 'z'
					      ? *w - 32
					      : *w));
		}
		if (pattern && dice(6) == 0)
			buf_u8(&b, dice(3) == 0 ? '?' : '*');
	}
	if (!pattern && dice(40) == 0)
		for (int i = 0; i < 300; i++)
			buf_puts(&b, "padding ");
	if (!pattern && dice(10) == 0)
		buf_puts(&b, PICK(words));
	r = arena_strdup(&m->s.arena, buf_text(&b));
	buf_done(&b);
	return r;
}

static const struct expr *
some_pattern(struct model *m, uint32_t field)
{
	const char *s = some_text(m, true);

	s = arena_printf(
	    &m->s.arena, "%s%s%s", dice(2) ? "*" : "", s, dice(2) ? "*" : "");
	return dice(5) == 0 ? cased(m, field, s) : text(m, field, s);
}

static const struct expr *
some_test(struct model *m)
{
	static const char *const nets[] = { "10.0.0.0/8", "fe80::/10",
		"0.0.0.0/0" };
	uint32_t field = dice(FIELDS + 1), other = dice(FIELDS);

	field = field == FIELDS ? MODEL_KEYWORD : field;
	switch (dice(20)) {
	case 0:
		return regex(m, field, PICK(regexes), dice(8));
	case 1:
		return cidr(m, field, PICK(nets));
	case 2:
		return integer(m, field, CMP_EQ, (int64_t)dice(15));
	case 3:
		return integer(
		    m, field, (enum compare)dice(5), (int64_t)dice(20) - 8);
	case 4:
		return dice(2) ? real(m, field, CMP_EQ, 1.5)
			       : integer(m, field, CMP_EQ, 4688);
	case 5:
		return moment(m, field, TIME_YEAR, 2021);
	case 6:
		return flagged(m, TEST_BOOL, field, dice(2));
	case 7:
		if (field == MODEL_KEYWORD)
			break;
		return flagged(m, TEST_NULL, field, false);
	case 8:
		if (field == MODEL_KEYWORD)
			break;
		return flagged(m, TEST_EXISTS, field, dice(2));
	case 9:
		if (field == MODEL_KEYWORD)
			break;
		return fieldref(m, field, (enum fieldref_how)dice(4), other);
	default:
		break;
	}
	return some_pattern(m, field);
}

static const struct expr *
some_expr(struct model *m, unsigned depth)
{
	uint32_t n = dice(12) == 0 ? 10 : dice(4);
	struct expr *e;
	const struct expr **child;

	if (depth == 0 || dice(3) == 0)
		return some_test(m);
	if (dice(4) == 0)
		return negated(m, some_expr(m, depth - 1));
	e = make_expr(m, dice(2) ? EXPR_AND : EXPR_OR, n);
	child = arena_alloc(&m->s.arena, n, sizeof(child[0]));
	for (uint32_t i = 0; i < n; i++)
		child[i] = some_expr(m, depth - 1);
	e->child = child;
	return e;
}

static void
some_value(struct model *m, struct value *v)
{
	static const double reals[] = { 1.5, 4.0, -7.0, 1e300, 0.1 };
	struct str *list;

	*v = (struct value){ 0 };
	switch (dice(14)) {
	case 0:
		return;
	case 1:
		v->type = VALUE_INT;
		v->i = dice(2) ? 4688 : (int64_t)dice(15) - 3;
		return;
	case 2:
		v->type = VALUE_REAL;
		v->real = reals[dice(5)];
		return;
	case 3:
		v->type = VALUE_BOOL;
		v->b = dice(2);
		return;
	case 4:
		v->type = VALUE_TIME;
		v->t.ns = INT64_C(1620000000000000000) + dice(1000);
		return;
	case 5:
		v->type = VALUE_LIST;
		v->list.n = dice(4);
		list = arena_alloc(&m->s.arena, 4, sizeof(list[0]));
		for (size_t i = 0; i < v->list.n; i++)
			list[i] = str_from(some_text(m, false));
		v->list.v = list;
		return;
	default:
		v->type = VALUE_TEXT;
		v->s = str_from(some_text(m, false));
		return;
	}
}

/* A field stands once, in any order; now and then one that no rule names. */
static void
some_event(struct model *m, struct value *values, struct sigma_cell *cells,
    struct sigma_event *e)
{
	uint32_t from = dice(FIELDS);

	*e = (struct sigma_event){ .cells = cells };
	for (uint32_t i = 0; i < FIELDS; i++) {
		if (dice(3) == 0)
			continue;
		some_value(m, &values[e->n]);
		cells[e->n].value = &values[e->n];
		cells[e->n++].field = (from + i) % FIELDS;
	}
	if (dice(3) == 0) {
		some_value(m, &values[e->n]);
		cells[e->n].value = &values[e->n];
		cells[e->n++].field = SIGMA_NO_FIELD;
	}
}

static void
complain(const struct model *m, uint32_t rule, const struct sigma_event *e,
    bool walked)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	(void)sigma_evaluate(&m->s, rule, e, &b);
	fprintf(stderr, "rule %u, walked: %d, compiled: %d\n%s\n", rule, walked,
	    !walked, buf_cstr(&b));
	buf_done(&b);
}

/* How many matches there were. */
static size_t
compare_one(
    struct model *m, struct sigma_matcher *match, const struct sigma_event *e)
{
	const uint32_t *rules;
	size_t n = sigma_match(match, e, &rules), at = 0;

	for (uint32_t i = 0; i < m->s.nrules; i++) {
		bool walked = sigma_evaluate(&m->s, i, e, NULL);
		bool compiled = at < n && rules[at] == i;

		if (walked != compiled)
			complain(m, i, e, walked);
		CHECK(walked == compiled);
		at += compiled;
	}
	CHECK(at == n);
	return n;
}

static void
compare(uint64_t round, size_t *hits, size_t *pairs)
{
	static struct model m;
	struct value values[FIELDS + 1];
	struct sigma_cell cells[FIELDS + 1];
	struct sigma_matcher *match;
	struct sigma_event e;
	uint32_t nrules = round % 3 == 0 ? 3 : RULES;

	seed = round;
	model_init(&m, FIELDS, RULES);
	for (uint32_t i = 0; i < nrules; i++)
		(void)add_rule(&m, some_expr(&m, 1 + dice(4)));
	m.s.compiled = compile_rules(&m.s);
	match = sigma_matcher_new(&m.s, sigma_route(&m.s, NULL, NULL, NULL));
	for (int i = 0; i < EVENTS; i++) {
		some_event(&m, values, cells, &e);
		*hits += compare_one(&m, match, &e);
		*pairs += nrules;
	}
	sigma_matcher_free(match);
	model_done(&m);
}

/* What must stand in a subject of each expression; "" when nothing is known. */
static void
needs(void)
{
	static const struct {
		const char *regex, *need;
	} v[] = {
		{"abc",			 "abc"      },
		{ "^ABC$",		   "abc"	 },
		{ "a.bc",		  "bc"       },
		{ "ab?cd",		   "cd"	},
		{ "ab+cd",		   "ab"	},
		{ "abc{0,2}",	      "ab"	   },
		{ "x{2}yz{3,}",		"yz"	     },
		{ "ab\\.cd",	     "ab.cd"    },
		{ "ab[x]cdef",	       "cdef"     },
		{ "(ab|cd)",	     "ab|cd"    },
		{ "(ab|c)",		    ""	       },
		{ "(abc|cd)efg",	 "efg"      },
		{ "(abcd)?ef",	       "ef"	    },
		{ "(abcd)+ef",	       "abcd"     },
		{ "(?:abcd|efgh){2}",    "abcd|efgh"},
		{ "ab(?!cdef)",		"ab"	     },
		{ "ab(?=cdef)",		"cdef"     },
		{ "(?<!abcd)ef",	 "ef"	      },
		{ "(?i)abc",	     "abc"	   },
		{ "(?i:abc)d",	       "abc"	     },
		{ "(?x)a b c",	       ""	  },
		{ "(?P<name>abc)",	   "abc"	 },
		{ "(?'name'abc)",	  "abc"	},
		{ "(?#abc)def",		"def"      },
		{ "(?R)abc",	     ""		},
		{ "\\dabc",		    "abc"	  },
		{ "\\x41bc",	     "bc"	  },
		{ "\\x{41}bcd",		"bcd"      },
		{ "\\101bc",	     ""		},
		{ "\\Qab*\\E",	       ""	  },
		{ "\\p{Lu}bcd",		"bcd"      },
		{ "\\pLbcd",	     "bcd"	   },
		{ "[[:alpha:]]abc",	    "abc"	  },
		{ "[]x]abc",	     "abc"	   },
		{ "[^]x]abc",	      "abc"	    },
		{ "[\\]x]abc",	       "abc"	     },
		{ "[[.x]abc",	      "abc"	    },
		{ "a{b}c",		   "a{b}c"	   },
		{ "^*ab",		  ""	     },
		{ "ab|cd|ef",	      "ab|cd|ef" },
		{ "ab|",		 ""	    },
		{ "",		      ""	 },
		{ "a",		       ""	  },
		{ "\xc3\xa4"
		  "bc", "bc"	 },
	};
	struct regex_need n;
	struct arena a;
	struct buf b;

	arena_init(&a, LIMIT_ARENA);
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		buf_reset(&b);
		regex_need(str_from(v[i].regex), &a, &n);
		for (size_t k = 0; k < n.n; k++) {
			buf_puts(&b, k ? "|" : "");
			buf_str(&b, n.v[k]);
		}
		if (!str_is(buf_text(&b), v[i].need))
			fprintf(stderr, "%s: %s\n", v[i].regex, buf_cstr(&b));
		CHECK(str_is(buf_text(&b), v[i].need));
	}
	buf_done(&b);
	arena_done(&a);
}

int
main(int argc, char **argv)
{
	uint64_t from = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	uint64_t rounds = argc > 2 ? strtoull(argv[2], NULL, 10) : 150;
	size_t hits = 0, pairs = 0;

	needs();
	for (uint64_t i = from; i < from + rounds; i++)
		compare(i, &hits, &pairs);
	printf("%zu matches of %zu pairs of rule and event\n", hits, pairs);
	CHECK(rounds < 100 || (hits > pairs / 10 && hits < pairs * 9 / 10));
	return 0;
}
