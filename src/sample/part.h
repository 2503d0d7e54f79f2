#ifndef SAMPLE_PART_H
#define SAMPLE_PART_H
#include "phone.h"

/*
 * One kind of content of a sample phone: a file that writes it and says which
 * traces can be planted in it. To add one: src/sample/NAME.c with a
 * `const struct part part_NAME`, the line PART(NAME) in list.def.
 */
struct part {
	const struct sample_form *forms; /* artifact = NULL ends; or NULL */
	void (*write)(struct phone *p);
};

extern const struct part *const parts[]; /* NULL ends */

/*
 * The traces to plant in one artifact, spread evenly over its rows. Called
 * before each row i of n, and until NULL; spots_rest gives what is left.
 */
struct spots {
	const struct phone *p;
	const char *artifact;
	size_t rows, total, done, at;
};
void spots_init(
    struct spots *s, const struct phone *p, const char *artifact, size_t rows);
const struct sample_plant *spots_due(struct spots *s, size_t i);

/* Form of the plant is that one (NULL: the artifact's plain form). */
bool plant_is(const struct sample_plant *x, const char *form);

/* When it is planted: its own time, or else that one. */
int64_t plant_time(const struct sample_plant *x, int64_t unix_s);

/* The link that a planted domain or URL appears in, by its form. */
void plant_url(const struct sample_plant *x, struct rng *r, struct buf *b);

/* Forms that plant_url knows, for tables of forms. */
#define PLANT_URL_FORMS(name)                                                  \
	{ name, NULL, SAMPLE_DOMAIN, "https://VALUE/..." },                    \
	    { name, "subdomain", SAMPLE_DOMAIN, "https://login.VALUE/..." },   \
	    { name, "port", SAMPLE_DOMAIN, "https://VALUE:8443/..." },         \
	    { name, "userinfo", SAMPLE_DOMAIN, "https://user:pw@VALUE/..." },  \
	    { name, "upper", SAMPLE_DOMAIN, "host in upper case" },            \
	{                                                                      \
		name, "dot", SAMPLE_DOMAIN, "host with a dot at its end"       \
	}
#endif
