#include <stdio.h>

#include "part.h"
#include "words.h"

/* netUsageBaseline: name -> [date, WiFi in, WiFi out, cellular in, out]. */
static struct pl *
baseline_row(struct phone *p, struct rng *r, int64_t unix_s)
{
	struct pl *list = pl_array(&p->arena);

	pl_add(list, pl_date(&p->arena, unix_s));
	for (size_t k = 0; k < 4; k++)
		pl_add(
		    list, pl_real(&p->arena, (double)rng_below(r, 100000000)));
	return list;
}

static void
addaily_write(struct phone *p)
{
	const size_t n = p->o->processes;
	struct arena *a = &p->arena;
	struct pl *root = pl_dict(a), *baseline = pl_dict(a);
	const struct sample_plant *x;
	struct spots spots;
	struct rng r;

	rng_init(&r, p->o->seed, "addaily");
	spots_init(&spots, p, "ios.osanalytics_addaily", n);
	pl_set(a, baseline, "invalid.telassay.sample",
	    baseline_row(p, &r, p->first_s));
	for (size_t i = 0; i <= n; i++) {
		int64_t unix_s = phone_time(p, i, n);
		char name[64];

		while ((x = spots_due(&spots, i)) != NULL)
			pl_set(a, baseline, x->value,
			    baseline_row(p, &r, plant_time(x, unix_s)));
		if (i == n)
			break;
		if (i < 16)
			(void)snprintf(
			    name, sizeof(name), "%s", words_apple_apps[i]);
		else
			(void)snprintf(
			    name, sizeof(name), "com.example.app%zu", i);
		pl_set(a, baseline, name, baseline_row(p, &r, unix_s));
	}
	pl_set(a, root, "netUsageBaseline", baseline);
	pl_set(a, root, "version", pl_int(a, 1));
	phone_plist(p, "HomeDomain",
	    "Library/Preferences/com.apple.osanalytics.addaily.plist", root);
}

static const struct sample_form addaily_forms[] = {
	{"ios.osanalytics_addaily", NULL, SAMPLE_PROCESS, "name of a row" },
	{ 0	    },
};

const struct part part_addaily = {
	.forms = addaily_forms,
	.write = addaily_write,
};
