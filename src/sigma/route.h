#ifndef SIGMA_ROUTE_H
#define SIGMA_ROUTE_H
#include "tables.h"

/* The rules of one log source, and what they look at. */
struct sigma_route {
	char *product, *category, *service; /* NULL: none */
	uint32_t *rules;		    /* ascending, no correlations */
	size_t nrules;
	bool *uses; /* by field number */
	size_t nfields;
	bool keywords;
	struct tables *tables;
};
#endif
