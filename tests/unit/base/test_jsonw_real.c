#include <math.h>
#include <string.h>

#include "check.h"
#include "jsonw.h"

/* Numbers come out as short as they can and give the same double back. */
int
main(void)
{
	static const struct {
		double v;
		const char *text;
	} rows[] = {
		{0.1,	       "0.1"		     },
		{ 2.346,		 "2.346"		 },
		{ 0,		     "0"			 },
		{ -1.5e300,	    "-1.5e+300"		},
		{ 1.0 / 3,	   "0.3333333333333333" },
		{ 708256861.123456, "708256861.123456"   },
		{ 0.1 + 0.2,	     "0.30000000000000004"},
		{ (double)NAN,      "null"		      },
		{ (double)INFINITY, "null"		   },
	};
	struct jsonw w;
	struct buf b;

	buf_init(&b, 256);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&b);
		jsonw_init(&w, &b, NULL, false);
		jsonw_real(&w, rows[i].v);
		CHECK(strcmp(buf_cstr(&b), rows[i].text) == 0);
		CHECK(!isfinite(rows[i].v) ||
		      strtod(buf_cstr(&b), NULL) == rows[i].v);
	}
	buf_done(&b);
	return 0;
}
