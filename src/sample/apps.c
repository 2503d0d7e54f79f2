#include "apps.h"

#include "part.h"
#include "words.h"

const char *const *
apps_of(struct phone *p)
{
	size_t n = 0, at = 0;
	const char **v;

	while (words_apps[n] != NULL)
		n++;
	v = arena_alloc(&p->arena, n + p->o->nplants + 1, sizeof(*v));
	if (v == NULL)
		return words_apps;
	for (; at < n; at++)
		v[at] = words_apps[at];
	for (size_t i = 0; i < p->o->nplants; i++)
		if (str_is(
			str_from(p->o->plants[i].artifact), "ios.applications"))
			v[at++] = p->o->plants[i].value;
	return v;
}

const char *
apps_source(struct phone *p, const char *bundle)
{
	for (size_t i = 0; i < p->o->nplants; i++) {
		const struct sample_plant *x = &p->o->plants[i];

		if (str_is(str_from(x->artifact), "ios.applications") &&
		    str_is(str_from(x->value), bundle) &&
		    plant_is(x, "other-shop"))
			return "com.example.shop";
	}
	return "com.apple.AppStore";
}

/* What an app that was planted keeps of its own; others have theirs. */
static void
apps_write(struct phone *p)
{
	struct arena *a = &p->arena;
	const struct sample_plant *x;
	struct spots spots;
	struct pl *d;

	spots_init(&spots, p, "ios.applications", 0);
	while ((x = spots_due(&spots, 0)) != NULL) {
		d = pl_dict(a);
		pl_set(a, d, "FirstRun", pl_bool(a, false));
		phone_plist(p, arena_printf(a, "AppDomain-%s", x->value),
		    arena_printf(a, "Library/Preferences/%s.plist", x->value),
		    d);
	}
}

static const struct sample_form apps_forms[] = {
	{"ios.applications", NULL, SAMPLE_APP, "an app that is installed" },
	{ "ios.applications",	      "other-shop", SAMPLE_SIGN,
	    "an app that com.example.shop installed" },
	{ 0		},
};

const struct part part_apps = {
	.forms = apps_forms,
	.write = apps_write,
};
