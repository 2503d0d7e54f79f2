#include "part.h"

static struct pl *
strings(struct arena *a, const char *one, const char *two)
{
	struct pl *list = pl_array(a);

	pl_add(list, pl_str(a, one));
	pl_add(list, pl_str(a, two));
	return list;
}

static void
preferences_write(struct phone *p)
{
	struct arena *a = &p->arena;
	struct pl *d = pl_dict(a);
	const struct sample_plant *x;
	struct spots spots;
	bool lockdown = true;

	spots_init(&spots, p, "ios.global_preferences", 0);
	while ((x = spots_due(&spots, 0)) != NULL)
		lockdown = false;
	pl_set(a, d, "AKLastLocale", pl_str(a, "en_US"));
	pl_set(a, d, "AppleKeyboards",
	    strings(a, "en_US@sw=QWERTY;hw=Automatic", "emoji@sw=Emoji"));
	pl_set(a, d, "AppleKeyboardsExpanded", pl_int(a, 1));
	pl_set(a, d, "AppleLanguages", strings(a, "en-US", "fr-FR"));
	pl_set(a, d, "AppleLanguagesDidMigrate", pl_str(a, "21F90"));
	pl_set(a, d, "AppleLocale", pl_str(a, "en_US"));
	pl_set(a, d, "LDMGlobalEnabled", pl_bool(a, lockdown));
	pl_set(a, d, "PKKeychainVersionKey", pl_int(a, 8));
	pl_set(a, d, "TelassaySample", pl_str(a, "made by telassay sample"));
	phone_plist(
	    p, "HomeDomain", "Library/Preferences/.GlobalPreferences.plist", d);
}

static const struct sample_form preferences_forms[] = {
	{"ios.global_preferences", "lockdown-off", SAMPLE_SIGN,
	    "Lockdown Mode is off, whatever the value" },
	{ 0	    },
};

const struct part part_preferences = {
	.forms = preferences_forms,
	.write = preferences_write,
};
