#include <stdlib.h>

#include "route.h"
#include "test.h"

struct sigma_matcher {
	const struct sigma *sigma;
	const struct sigma_route *route;
	uint32_t *hits;
	uint64_t limits;
};

struct sigma_matcher *
sigma_matcher_new(const struct sigma *s, const struct sigma_route *r)
{
	struct sigma_matcher *m = calloc(1, sizeof(*m));

	if (m == NULL)
		abort();
	m->sigma = s;
	m->route = r;
	m->hits = calloc(r->nrules + 1, sizeof(m->hits[0]));
	if (m->hits == NULL)
		abort();
	return m;
}

void
sigma_matcher_free(struct sigma_matcher *m)
{
	if (m == NULL)
		return;
	free(m->hits);
	free(m);
}

size_t
sigma_match(struct sigma_matcher *m, const struct sigma_event *e,
    const uint32_t **rules)
{
	size_t n = 0;

	for (size_t i = 0; i < m->route->nrules; i++)
		if (sigma_evaluate(m->sigma, m->route->rules[i], e, NULL))
			m->hits[n++] = m->route->rules[i];
	*rules = m->hits;
	return n;
}

uint64_t
sigma_matcher_limits(const struct sigma_matcher *m)
{
	return m->limits;
}
