#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * Why the program could not go on. What is wrong with the evidence is a note
 * (notes.h), never an error.
 */
#define ERR_LIST(X)                                                            \
	X(IO, "input could not be read")                                       \
	X(LIMIT, "input exceeds a built-in limit")                             \
	X(AUTH, "wrong or missing password")                                   \
	X(FORMAT, "input is not of a known kind")                              \
	X(ABSENT, "not there")                                                 \
	X(USAGE, "the command cannot be carried out as given")                 \
	X(INTERNAL, "internal error")

enum err {
	ERR_OK = 0,
#define ERR_ENUM(name, text) ERR_##name,
	ERR_LIST(ERR_ENUM)
#undef ERR_ENUM
};

/* Static text, never NULL. */
const char *err_text(enum err e);

/*
 * What to tell the person at the command line: what is wrong, where, and what
 * to do. Library code fills it in, only cli/ and web/ print it.
 */
struct why {
	char text[1024];
};

/* Formats into w (which may be NULL) and returns e, for `return why_set()`. */
enum err why_set(struct why *w, enum err e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
#endif
