#include <sys/stat.h>

#include "detect_case.h"

/*
 * The 16 published files, and the sets that ship: counts, and that every
 * indicator is either usable or named with a reason.
 */
static void
count(const struct indicators *x, size_t nsets)
{
	const struct indicator_rejected *r;
	const struct indicator_set *s;
	size_t by_obs[OBS_COUNT] = { 0 }, loaded = 0, rejected = 0;

	CHECK(indicators_sets(x, &s) == nsets);
	for (size_t i = 0; i < nsets; i++) {
		loaded += s[i].loaded;
		rejected += s[i].rejected;
		CHECK(s[i].partial == 0);
		CHECK(s[i].newest_ns != TSTAMP_NONE);
		CHECK(s[i].campaigns[0] != NULL && s[i].campaigns[1] == NULL);
		for (unsigned o = 0; o < OBS_COUNT; o++)
			by_obs[o] += s[i].by_obs[o];
	}
	CHECK(loaded + rejected == 5713);
	CHECK(rejected == 1);
	CHECK(indicators_rejected(x, &r) == 1);
	CHECK(
	    strcmp(r->pattern, "[domain-name:value='despachosnegocios']") == 0);
	/* 5,305 domains: 7 are addresses, one is a page, one has no dot. */
	CHECK(by_obs[OBS_DOMAIN] == 5305 - 9);
	CHECK(by_obs[OBS_IP] == 45 + 7);
	CHECK(by_obs[OBS_URL] == 1);
	CHECK(by_obs[OBS_PROCESS] == 83);
	CHECK(by_obs[OBS_SHA256] == 81 + 20);
	CHECK(by_obs[OBS_EMAIL] == 65);
	CHECK(by_obs[OBS_PATH] == 58);
	CHECK(by_obs[OBS_BUNDLE_ID] == 25);
	CHECK(by_obs[OBS_FILE_NAME] == 15);
	CHECK(by_obs[OBS_CERT_SHA256] == 11);
	CHECK(by_obs[OBS_ANDROID_PROPERTY] == 3);
	CHECK(by_obs[OBS_PROFILE_ID] == 2);
}

static void
shipped(void)
{
	struct indicators *x = indicators_new();
	const struct indicator_set *s;
	struct why why = { "" };
	struct one o;
	size_t n;

	if (indicators_load_shipped(x, &why) != ERR_OK)
		fprintf(stderr, "%s\n", why.text);
	CHECK(why.text[0] == '\0');
	indicators_seal(x);
	count(x, 16);
	n = indicators_sets(x, &s);
	CHECK(indicators_campaigns(x) == n);
	for (size_t i = 0; i < n; i++)
		CHECK(s[i].shipped && s[i].source != NULL &&
		      s[i].licence != NULL);
	one_init(&o, OBS_PROCESS, ROLE_EXECUTION, "BackupAgent");
	CHECK(hits_of(x, &o.r).n == 1);
	/* Two sets hold it: one finding. */
	one_init(&o, OBS_PATH, ROLE_MENTION, "/private/var/tmp/hooker");
	CHECK(hits_of(x, &o.r).n == 1);
	/* A site that was taken over for a time. */
	one_init(&o, OBS_URL, ROLE_DELIVERY, "https://novosti.dn.ua/x");
	CHECK(hits_of(x, &o.r).n == 1);
	CHECK(hits_of(x, &o.r).v[0].level == LEVEL_LOW);
	indicators_free(x);
}

int
main(void)
{
	struct indicators *x;
	struct why why = { "" };
	struct stat st;

	shipped();
	if (stat(SHARED_DATA "/indicators", &st) != 0) {
		puts("skipped: " SHARED_DATA "/indicators is not there");
		return TEST_SKIP;
	}
	x = indicators_new();
	CHECK(indicators_load(x, SHARED_DATA "/indicators", false, &why) ==
	      ERR_OK);
	indicators_seal(x);
	count(x, 16);
	indicators_free(x);
	return 0;
}
