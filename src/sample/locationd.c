#include "part.h"
#include "words.h"

static struct pl *
client(struct phone *p, struct rng *r, int64_t unix_s)
{
	struct arena *a = &p->arena;
	struct pl *d = pl_dict(a);
	double mac_s = (double)(unix_s - MAC_EPOCH) + rng_unit(r);

	pl_set(a, d, "Authorization", pl_int(a, rng_chance(r, 700) ? 4 : 2));
	pl_set(a, d, "LocationTimeStopped", pl_real(a, mac_s));
	pl_set(a, d, "ReceivingLocationInformationTimeStopped",
	    pl_real(a, mac_s + 2));
	pl_set(a, d, "SupportedAuthorizationMask", pl_int(a, 7));
	return d;
}

/* Keys are "i" and the bundle id, or "com.apple.locationd.bundle-" and a path. */
static void
put_app(struct phone *p, struct pl *root, const char *bundle, struct pl *d)
{
	struct arena *a = &p->arena;

	pl_set(a, d, "BundleId", pl_str(a, bundle));
	pl_set(a, root, arena_printf(a, "i%s:", bundle), d);
}

static void
put_planted(struct phone *p, struct pl *root, const struct sample_plant *x,
    struct pl *d)
{
	struct arena *a = &p->arena;

	if (plant_is(x, "bundle")) {
		pl_set(a, d, "BundlePath", pl_str(a, x->value));
		pl_set(a, root,
		    arena_printf(a, "com.apple.locationd.bundle-%s", x->value),
		    d);
		return;
	}
	if (plant_is(x, "path")) {
		pl_set(a, d, "Executable", pl_str(a, x->value));
		pl_set(a, d, "Registered", pl_str(a, x->value));
		pl_set(a, root, arena_printf(a, "e%s:", x->value), d);
		return;
	}
	if (plant_is(x, "executable")) {
		pl_set(a, d, "Executable",
		    pl_str(a, arena_printf(a, "/usr/libexec/%s", x->value)));
		pl_set(
		    a, root, arena_printf(a, "e/usr/libexec/%s:", x->value), d);
		return;
	}
	put_app(p, root, x->value, d);
}

static void
locationd_write(struct phone *p)
{
	static const char maps[] =
	    "/System/Library/PrivateFrameworks/Navigation.framework";
	struct arena *a = &p->arena;
	struct pl *root = pl_dict(a), *d;
	const size_t n = 12 + p->o->processes / 2;
	const struct sample_plant *x;
	struct spots spots;
	struct rng r;

	rng_init(&r, p->o->seed, "locationd");
	spots_init(&spots, p, "ios.locationd_clients", n);
	put_app(p, root, "invalid.telassay.sample", client(p, &r, p->first_s));
	d = client(p, &r, p->last_s - 7200);
	pl_set(a, d, "BundlePath", pl_str(a, maps));
	pl_set(a, root, arena_printf(a, "com.apple.locationd.bundle-%s:", maps),
	    d);
	for (size_t i = 0; i <= n; i++) {
		int64_t unix_s = phone_time(p, i, n);

		while ((x = spots_due(&spots, i)) != NULL)
			put_planted(
			    p, root, x, client(p, &r, plant_time(x, unix_s)));
		if (i < n)
			put_app(p, root,
			    i < 12 ? words_apps[i]
				   : arena_printf(a, "com.example.app%zu", i),
			    client(p, &r, unix_s));
	}
	phone_plist(
	    p, "RootDomain", "Library/Caches/locationd/clients.plist", root);
}

static const struct sample_form locationd_forms[] = {
	{"ios.locationd_clients",	   NULL, SAMPLE_PROCESS, "bundle of a client" },
	{ "ios.locationd_clients",		   "executable", SAMPLE_PROCESS,
	    "/usr/libexec/VALUE is a client" },
	{ "ios.locationd_clients",				   "path", SAMPLE_FILE, "path of a client" },
	{ "ios.locationd_clients",   "bundle", SAMPLE_SIGN,
	    "path of a bundle that is a client" },
	{ 0},
};

const struct part part_locationd = {
	.forms = locationd_forms,
	.write = locationd_write,
};
