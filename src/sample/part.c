#include "part.h"

#include <string.h>

#define PART(name) extern const struct part part_##name;
#include "list.def"
#undef PART

#define PART(name) &part_##name,
const struct part *const parts[] = {
#include "list.def"
	NULL
};
#undef PART

void
spots_init(
    struct spots *s, const struct phone *p, const char *artifact, size_t rows)
{
	*s = (struct spots){ .p = p, .artifact = artifact, .rows = rows };
	for (size_t i = 0; i < p->o->nplants; i++)
		s->total += strcmp(p->o->plants[i].artifact, artifact) == 0;
}

const struct sample_plant *
spots_due(struct spots *s, size_t i)
{
	size_t due = (s->done + 1) * s->rows / (s->total + 1);

	if (s->done == s->total || (i < due && i < s->rows))
		return NULL;
	while (strcmp(s->p->o->plants[s->at].artifact, s->artifact) != 0)
		s->at++;
	s->done++;
	return &s->p->o->plants[s->at++];
}

bool
plant_is(const struct sample_plant *x, const char *form)
{
	if (form == NULL || x->form == NULL)
		return form == x->form;
	return strcmp(x->form, form) == 0;
}

int64_t
plant_time(const struct sample_plant *x, int64_t unix_s)
{
	return x->when_s != 0 ? x->when_s : unix_s;
}

void
plant_url(const struct sample_plant *x, struct rng *r, struct buf *b)
{
	if (strstr(x->value, "://") != NULL) {
		buf_puts(b, x->value);
		return;
	}
	buf_puts(b, "https://");
	if (plant_is(x, "subdomain"))
		buf_puts(b, "login.");
	if (plant_is(x, "userinfo"))
		buf_puts(b, "user:pw@");
	for (const char *s = x->value; *s != '\0'; s++)
		buf_u8(
		    b, (uint8_t)(plant_is(x, "upper") && *s >= 'a' && *s <= 'z'
				     ? *s - 'a' + 'A'
				     : *s));
	if (plant_is(x, "dot"))
		buf_u8(b, '.');
	if (plant_is(x, "port"))
		buf_puts(b, ":8443");
	buf_printf(b, "/%06x", (unsigned)rng_below(r, 1 << 24));
}
