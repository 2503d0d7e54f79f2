#ifndef FORMAT_PLIST_H
#define FORMAT_PLIST_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "cur.h"
#include "notes.h"
#include "str.h"

/*
 * Property lists, binary ("bplist00") and XML, as one tree in an arena.
 * Strings and data borrow the input where they can: the bytes must outlive
 * the tree. Sources: Apple CFBinaryPList.c header comment, the plist 1.0 DTD,
 * observed on iOS 14 to 17.
 */
enum plist_type {
	PLIST_NULL, /* the null object, and what stands for a damaged one */
	PLIST_BOOL,
	PLIST_INT,
	PLIST_UINT, /* above INT64_MAX only */
	PLIST_REAL,
	PLIST_DATE,
	PLIST_DATA,
	PLIST_STRING, /* UTF-8 */
	PLIST_UID,
	PLIST_ARRAY, /* sets too */
	PLIST_DICT,
};

struct plist {
	enum plist_type type;
	size_t off; /* where it stands in the file, for messages */
	union {
		bool b;
		int64_t i;
		uint64_t u; /* PLIST_UINT, PLIST_UID */
		double real;
		struct {
			int64_t ns;
			double raw; /* seconds since 2001 as stored */
		} date;
		struct str s; /* PLIST_STRING, PLIST_DATA */
		struct {
			struct plist **v;
			size_t n;
		} array;
		struct {
			struct plist_pair *v; /* in file order */
			size_t n;
		} dict;
	};
};

struct plist_pair {
	struct str key;
	struct plist *value;
};

/*
 * Parses either form. NULL (and a note) when nothing can be read; damage
 * inside gives a tree with PLIST_NULL at the damaged places and a note each.
 * Cycles, depth, object counts and duplicated references are bounded by
 * LIMIT_PLIST_*.
 */
struct plist *plist_parse(
    struct cur file, struct arena *a, const struct notes *n);

/* All of these take NULL and wrong types and give NULL or false. */
struct plist *plist_get(const struct plist *dict, const char *key);
struct plist *plist_get_str(const struct plist *dict, struct str key);
struct plist *plist_at(const struct plist *array, size_t i);
bool plist_string(const struct plist *p, struct str *out);
bool plist_data(const struct plist *p, struct str *out);
bool plist_int(
    const struct plist *p, int64_t *out); /* reals that are whole, too */
bool plist_real(const struct plist *p, double *out); /* ints too */
bool plist_bool(const struct plist *p, bool *out);   /* 0 and 1 too */
bool plist_date(const struct plist *p, int64_t *out_ns);
#endif
