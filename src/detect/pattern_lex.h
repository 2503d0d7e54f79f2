#ifndef DETECT_PATTERN_LEX_H
#define DETECT_PATTERN_LEX_H
#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "str.h"

/*
 * The words of a STIX pattern (OASIS STIX 2.1, section 9.8 and the published
 * ANTLR grammar). Keywords are words in capitals; whether one is a keyword or
 * a name depends on where it stands, so the parser decides that.
 */
enum pattern_word {
	WORD_END,
	WORD_BAD,    /* why says what is wrong */
	WORD_NAME,   /* letters, digits, '_' and '-' */
	WORD_STRING, /* '...', escapes resolved */
	WORD_NUMBER, /* integer or real, as written */
	WORD_TIME,   /* t'...' */
	WORD_HEX,    /* h'...' */
	WORD_BASE64, /* b'...' */
	WORD_PUNCT,  /* one of ( ) [ ] , : . * or an operator like "!=" */
};

struct pattern_lex {
	struct str text;
	size_t at;	 /* behind the word at hand */
	struct arena *a; /* for strings with escapes */

	enum pattern_word word; /* at hand */
	struct str s;		/* its text, or its value when quoted */
	size_t from;		/* where it begins */
	const char *why;	/* WORD_BAD */
};

/* Sets up and reads the first word. text is borrowed. */
void pattern_lex_init(struct pattern_lex *x, struct str text, struct arena *a);
void pattern_lex_next(struct pattern_lex *x);

/* The word at hand is this punctuation, or this name. */
bool pattern_lex_is(const struct pattern_lex *x, const char *punct);
bool pattern_lex_named(const struct pattern_lex *x, const char *name);
#endif
