#include "part.h"
#include "words.h"

static void
put_user(struct phone *p, struct pl *service, struct str user, int64_t unix_s)
{
	struct arena *a = &p->arena;
	struct pl *d = pl_dict(a);

	pl_set(a, d, "IDStatus", pl_int(a, 1));
	pl_set(a, d, "LookupDate",
	    pl_real(a, (double)(unix_s - MAC_EPOCH) + 0.186637));
	pl_set_str(a, service, user, d);
}

/* "mailto:" and the address; an attack left two NUL bytes in between. */
static void
put_planted(struct phone *p, struct pl *service, const struct sample_plant *x)
{
	struct buf b;

	buf_init(&b, 4096);
	buf_puts(&b, "mailto:");
	if (plant_is(x, "nul"))
		buf_put(&b, "\0\0", 2);
	buf_puts(&b, x->value);
	put_user(p, service, buf_text(&b), plant_time(x, p->first_s + 6000000));
	buf_done(&b);
}

static void
idstatus_write(struct phone *p)
{
	struct arena *a = &p->arena;
	struct pl *root = pl_dict(a), *madrid = pl_dict(a), *ess = pl_dict(a);
	const struct sample_plant *x;
	struct spots spots;
	struct buf b;

	buf_init(&b, 64);
	put_user(
	    p, ess, str_from("mailto:sample@telassay.invalid"), p->first_s);
	for (uint64_t i = 0; i < 20; i++) {
		buf_reset(&b);
		buf_puts(&b, "tel:");
		words_phone(&b, i);
		put_user(p, madrid, buf_text(&b), phone_time(p, i, 20));
	}
	spots_init(&spots, p, "ios.id_status_cache", 0);
	while ((x = spots_due(&spots, 0)) != NULL)
		put_planted(p, madrid, x);
	pl_set(a, root, "CacheVersion", pl_int(a, 1));
	pl_set(a, root, "com.apple.ess", ess);
	pl_set(a, root, "com.apple.madrid", madrid);
	phone_plist(p, "HomeDomain",
	    "Library/Preferences/"
	    "com.apple.identityservices.idstatuscache.plist",
	    root);
	buf_done(&b);
}

static const struct sample_form idstatus_forms[] = {
	{"ios.id_status_cache", NULL, SAMPLE_EMAIL,
	    "whom the phone looked up" },
	{ "ios.id_status_cache",	 "nul", SAMPLE_SIGN,
	    "the same, behind two NUL bytes" },
	{ 0		   },
};

const struct part part_idstatus = {
	.forms = idstatus_forms,
	.write = idstatus_write,
};
