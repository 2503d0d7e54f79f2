#include <stdlib.h>

#include "json_event.h"
#include "sigma_impl.h"

/* Lines of events; all fields of a small rule set and all keywords. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const times[] = { "t", NULL };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str names[] = {
		{"a",    1},
		    { "a.b", 3},
		  { "n",	 1}
	};
	const struct test test = { .field = SIGMA_NO_FIELD };
	const struct expr expr = { .op = EXPR_TEST, .test = &test };
	struct rule rule = { .condition = &expr };
	struct sigma s = {
		.fields = names, .nfields = 3, .rules = &rule, .nrules = 1
	};
	struct json_event *j;
	struct sigma_event e;
	struct str rest = { (const char *)data, size };

	s.compiled = compile_rules(&s);
	j = json_event_new(&s, sigma_route(&s, NULL, NULL, NULL));
	for (uint32_t i = 0; i < 3; i++)
		json_event_want(j, i);
	json_event_time(j, times, true);
	while (rest.n > 0) {
		size_t n = str_find(rest, '\n');

		(void)json_event_read(j, str_sub(rest, 0, n), &e);
		rest = str_sub(rest, n < rest.n ? n + 1 : n, rest.n);
	}
	json_event_free(j);
	route_free(s.routes[0]);
	free(s.routes);
	compiled_free(s.compiled);
	return 0;
}
