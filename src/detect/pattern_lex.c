#include "pattern_lex.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name(char c)
{
	char l = ascii_lower(c);

	return (l >= 'a' && l <= 'z') || is_digit(c) || c == '_' || c == '-';
}

static char
char_at(const struct pattern_lex *x, size_t at)
{
	return at < x->text.n ? x->text.p[at] : '\0';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ||
	       c == '\v';
}

static void
bad(struct pattern_lex *x, const char *why)
{
	x->word = WORD_BAD;
	x->why = why;
}

/* White space and comments; false when a comment has no end. */
static bool
skip_space(struct pattern_lex *x)
{
	for (;;) {
		char end;

		while (is_space(char_at(x, x->at)))
			x->at++;
		if (char_at(x, x->at) != '/')
			return true;
		end = char_at(x, x->at + 1);
		if (end != '/' && end != '*')
			return true;
		x->from = x->at;
		for (x->at += 2; x->at < x->text.n; x->at++) {
			if (end == '/' && char_at(x, x->at) == '\n')
				break;
			if (end == '*' && char_at(x, x->at) == '*' &&
			    char_at(x, x->at + 1) == '/')
				break;
		}
		if (end == '*' && x->at >= x->text.n)
			return false;
		if (end == '*')
			x->at += 2;
	}
}

/*
 * s with \' and \\ resolved (and \" for keys in double quotes). The grammar
 * allows no other backslash, but regular expressions and Windows paths are
 * often published with single ones: those stay as they are.
 */
static struct str
unescape(struct pattern_lex *x, struct str s)
{
	char *p = arena_alloc(x->a, s.n, 1);
	size_t n = 0;

	if (p == NULL) {
		bad(x, "is longer than the built-in limit");
		return s;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n &&
		    (s.p[i + 1] == '\\' || s.p[i + 1] == '\'' ||
			s.p[i + 1] == '"'))
			i++;
		p[n++] = s.p[i];
	}
	return (struct str){ .p = p, .n = n };
}

/* At the opening quote; double quotes are common in keys. */
static void
quoted(struct pattern_lex *x, enum pattern_word word)
{
	char quote = char_at(x, x->at);
	bool escaped = false;
	size_t begin = x->at + 1, i;

	for (i = begin; i < x->text.n && x->text.p[i] != quote; i++)
		if (x->text.p[i] == '\\') {
			escaped = true;
			i++;
		}
	if (i >= x->text.n) {
		bad(x, "a text in quotes has no end");
		return;
	}
	x->word = word;
	x->s = str_sub(x->text, begin, i);
	x->at = i + 1;
	if (escaped)
		x->s = unescape(x, x->s);
}

static void
number(struct pattern_lex *x)
{
	x->at++; /* a digit or a sign */
	while (is_digit(char_at(x, x->at)) || char_at(x, x->at) == '.' ||
	       ascii_lower(char_at(x, x->at)) == 'e')
		x->at++;
	x->word = WORD_NUMBER;
	x->s = str_sub(x->text, x->from, x->at);
}

static void
punct(struct pattern_lex *x)
{
	static const char *const two[] = { "==", "!=", "<>", "<=", ">=" };
	struct str rest = str_sub(x->text, x->at, x->text.n);

	x->word = WORD_PUNCT;
	for (size_t i = 0; i < sizeof(two) / sizeof(two[0]); i++)
		if (str_starts(rest, two[i])) {
			x->at += 2;
			x->s = str_sub(rest, 0, 2);
			return;
		}
	x->at++;
	x->s = str_sub(rest, 0, 1);
	if (str_find(str_from("()[],:.*=<>"), rest.p[0]) ==
	    sizeof("()[],:.*=<>") - 1)
		bad(x, "a character that no pattern has");
}

void
pattern_lex_next(struct pattern_lex *x)
{
	char c, next;

	if (x->word == WORD_BAD)
		return;
	if (!skip_space(x)) {
		bad(x, "a comment has no end");
		return;
	}
	x->from = x->at;
	x->s = str_sub(x->text, x->at, x->at);
	if (x->at >= x->text.n) {
		x->word = WORD_END;
		return;
	}
	c = char_at(x, x->at);
	next = char_at(x, x->at + 1);
	if (c == '\'' || c == '"') {
		quoted(x, WORD_STRING);
	} else if ((c == 't' || c == 'h' || c == 'b') && next == '\'') {
		x->at++;
		quoted(x, c == 't'   ? WORD_TIME
			  : c == 'h' ? WORD_HEX
				     : WORD_BASE64);
	} else if (is_digit(c) || ((c == '-' || c == '+') && is_digit(next))) {
		number(x);
	} else if (is_name(c) && c != '-') {
		while (is_name(char_at(x, x->at)))
			x->at++;
		x->word = WORD_NAME;
		x->s = str_sub(x->text, x->from, x->at);
	} else {
		punct(x);
	}
}

void
pattern_lex_init(struct pattern_lex *x, struct str text, struct arena *a)
{
	*x = (struct pattern_lex){ .text = text, .a = a, .word = WORD_END };
	pattern_lex_next(x);
}

bool
pattern_lex_is(const struct pattern_lex *x, const char *p)
{
	return x->word == WORD_PUNCT && str_is(x->s, p);
}

bool
pattern_lex_named(const struct pattern_lex *x, const char *name)
{
	return x->word == WORD_NAME && str_is(x->s, name);
}
