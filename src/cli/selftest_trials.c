#include "selftest_trials.h"

#include <stdio.h>
#include <string.h>

#include "artifact.h"

enum { MAX_FORMS = TRIAL_PLANTS };

/* A value of the form's type that stands nowhere else; n below 100. */
static void
value_of(const struct sample_form *f, size_t n, char out[static TRIAL_VALUE])
{
	static const char *const patterns[] = {
		/* Longer than 16 bytes, and different within them. */
		[SAMPLE_PROCESS] = "s%02zu.example.implantd",
		[SAMPLE_DOMAIN] = "trace%02zu.example",
		[SAMPLE_EMAIL] = "spy%02zu@mail.example",
		[SAMPLE_PROFILE] = "7E1A55A9-0000-4000-8000-0000000000%02zu",
		[SAMPLE_APP] = "com.example.spy%02zu",
		[SAMPLE_FILE] = "/private/var/tmp/trace%02zu/implant",
		[SAMPLE_OTHER] = "other%02zu",
		[SAMPLE_SIGN] = "sign%02zu",
	};
	const char *pattern = patterns[f->value];
	const char *at = strstr(pattern, "%02zu");

	if (f->form != NULL && strcmp(f->form, "name") == 0)
		at = strstr(pattern = "implant%02zu.dylib", "%02zu");
	else if (strcmp(f->artifact, "ios.manifest") == 0 &&
		 f->value == SAMPLE_FILE) /* what a backup can hold */
		at = strstr(pattern = "/private/var/mobile/trace%02zu/implant",
		    "%02zu");
	(void)snprintf(out, TRIAL_VALUE, "%.*s%02zu%s", (int)(at - pattern),
	    pattern, n, at + strlen("%02zu"));
}

static void
trial_add(
    struct trial *t, const char *artifact, const char *form, const char *value)
{
	size_t n = t->nplants++;

	(void)snprintf(t->values[n], TRIAL_VALUE, "%s", value);
	t->plants[n] = (struct sample_plant){
		.artifact = artifact, .form = form, .value = t->values[n]
	};
	t->published = t->plants;
	t->npublished = t->nplants;
}

/* What one trace alone leads to, by what it shows (DESIGN section 3). */
static enum verdict
verdict_of(const struct sample_form *f)
{
	const struct artifact *a = artifact_by_name(f->artifact);
	enum role role = a != NULL ? a->schema.role : ROLE_MENTION;

	/* What Safari loaded is a visit, what another app did is contact. */
	if (strcmp(f->artifact, "ios.webkit_resource_loads") == 0 &&
	    (f->form == NULL || strcmp(f->form, "app") != 0))
		role = ROLE_VISIT;
	if (role == ROLE_EXECUTION || role == ROLE_CONTACT)
		return VERDICT_MATCH;
	if (role == ROLE_DELIVERY)
		return VERDICT_SUSPICIOUS;
	return VERDICT_INCONCLUSIVE; /* seen, and it bars no-known-trace */
}

static void
trial_name(struct trial *t, const char *what)
{
	(void)snprintf(t->name, sizeof(t->name), "%s, %s", what,
	    t->encrypted ? "encrypted" : "plain");
}

/* Nothing planted; the indicators name what other trials plant. */
static void
make_clean(struct trial *t)
{
	static const struct sample_plant published[] = {
		{"ios.datausage", "s00.example.implantd", NULL, false, 0},
		{ "ios.sms",	     "trace00.example",	NULL, false, 0},
	};

	trial_name(t, "clean phone");
	t->published = published;
	t->npublished = 2;
	t->expect =
	    t->encrypted ? VERDICT_NO_KNOWN_TRACE : VERDICT_INCONCLUSIVE;
}

/* Every form of every trace at once. */
static void
make_full(struct trial *t, const struct sample_form *forms, size_t n)
{
	char value[TRIAL_VALUE];

	for (size_t i = 0; i < n; i++) {
		value_of(&forms[i], i, value);
		trial_add(t, forms[i].artifact, forms[i].form, value);
	}
	trial_name(t, "all traces");
	t->expect = VERDICT_MATCH;
}

static void
make_single(struct trial *t, const struct sample_form *f, size_t n)
{
	char value[TRIAL_VALUE], what[64];

	value_of(f, n, value);
	trial_add(t, f->artifact, f->form, value);
	(void)snprintf(what, sizeof(what), "%s%s%s", f->artifact,
	    f->form ? ":" : "", f->form ? f->form : "");
	trial_name(t, what);
	t->expect = verdict_of(f);
}

/*
 * Values that resemble what the indicators name and are something else: part
 * of a longer label, other case, a file name that equals a process, a host
 * that is only user info, a path that only starts alike.
 */
static void
make_near(struct trial *t)
{
	static const struct sample_plant published[] = {
		{"ios.datausage",		   "s00.example.implantd",	   NULL,	 false, 0},
		{ "ios.sms",		     "evil.example",	     NULL,   false, 0},
		{ "ios.sms",		     "login.spy.example",	  NULL,	false, 0},
		{ "ios.sms",		     "192.0.2.7",		  NULL,	false, 0},
		{ "ios.sms",		     "https://shop.example/spy", NULL,   false, 0},
		{ "ios.calls",		       "spy@mail.example",	   NULL,	 false, 0},
		{ "ios.applications",	      "com.example.spy00",	   NULL,	 false, 0},
		{ "ios.configuration_profiles",
		    "7E1A55A9-0000-4000-8000-0000000000A0",		    NULL,	  false, 0},
		{ "ios.manifest",		  "/private/var/tmp/l/",	 "path", false, 0},
		{ "ios.manifest",		  "implant.dylib",		   "name", false, 0},
	};
	static const char *const near[][3] = {
		{"ios.datausage",		   NULL,	 "s00.example.implantd2"		 },
		{ "ios.datausage",		   NULL,	 "S00.example.implantd"		},
		{ "ios.datausage",		   "pair",	   "implantd"			      },
		{ "ios.datausage",		   "bundle",     "s00.example"			   },
		{ "ios.tcc",		     NULL,	   "xs00.example.implantd"		   },
		{ "ios.osanalytics_addaily",    NULL,	   "s00-example-implantd"		  },
		{ "ios.locationd_clients",	   NULL,	 "s00.example.implant"		       },
		{ "ios.sms",		     NULL,	   "notevil.example"		     },
		{ "ios.sms",		     NULL,	   "evil.example.invalid"		  },
		{ "ios.sms",		     NULL,	   "https://safe.example/?r=evil.example"},
		{ "ios.sms",		     NULL,	   "https://evil.example@safe.example/a" },
		{ "ios.sms",		     NULL,	   "https://safe.example/evil.example/"	},
		{ "ios.sms",		     NULL,	   "spy.example"			 },
		{ "ios.sms",		     NULL,	   "http://192.0.2.70/"			},
		{ "ios.sms",		     NULL,	   "https://shop.example/spyglass"	   },
		{ "ios.sms",		     "attributed", "evil.examples.invalid"		   },
		{ "ios.sms",		     "sender",     "aspy@mail.example"		   },
		{ "ios.safari_history",		NULL,	      "evil-example.invalid"		     },
		{ "ios.safari_history",		"profile",	   "xlogin.spy.example"			},
		{ "ios.whatsapp",		  NULL,		"evil.example-safe.invalid"	    },
		{ "ios.webkit_resource_loads",  NULL,	     "anevil.example"		      },
		{ "ios.sms_attachments",	 NULL,	       "/private/var/tmp/lost/a.heic"	      },
		{ "ios.sms_attachments",	 NULL,	       "/x/implant.dylib.heic"	       },
		{ "ios.calls",		       NULL,	     "spy@mail.example.invalid"		},
		{ "ios.applications",	      NULL,	    "com.example.spy00.notes"	      },
		{ "ios.configuration_profiles", NULL,
		    "7E1A55A9-0000-4000-8000-0000000000A1"						   },
		{ "ios.profile_events",		"id",	      "7E1A55A9"				 },
		{ "ios.manifest",		  NULL,		"devil.example"			},
		{ "ios.manifest",		  "path",	  "/private/var/tmp/lx/y"		  },
		{ "ios.manifest",		  "name",	  "s00.example.implantd"		 },
	};

	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
		trial_add(t, near[i][0], near[i][1], near[i][2]);
		t->plants[i].decoy = true;
	}
	trial_name(t, "near misses");
	t->published = published;
	t->npublished = sizeof(published) / sizeof(published[0]);
	t->expect =
	    t->encrypted ? VERDICT_NO_KNOWN_TRACE : VERDICT_INCONCLUSIVE;
}

/* Forms that an indicator can name. */
static size_t
indicator_forms(struct sample_form forms[static MAX_FORMS])
{
	const size_t all = sample_forms(forms, MAX_FORMS);
	size_t n = 0;

	for (size_t i = 0; i < all; i++)
		if (forms[i].value != SAMPLE_SIGN)
			forms[n++] = forms[i];
	return n;
}

bool
trial_make(size_t i, struct trial *out)
{
	struct sample_form forms[MAX_FORMS];
	size_t n = indicator_forms(forms);
	const size_t whole = 6;

	*out = (struct trial){ .encrypted = i % 2 == 1 };
	if (i >= whole)
		out->encrypted = true;
	if (i < 2)
		make_clean(out);
	else if (i < 4)
		make_near(out);
	else if (i < whole)
		make_full(out, forms, n);
	else if (i - whole < n)
		make_single(out, &forms[i - whole], i - whole);
	else
		return false;
	return true;
}
