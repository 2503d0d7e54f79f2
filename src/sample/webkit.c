#include <string.h>

#include "part.h"
#include "words.h"

#define STATISTICS "Library/WebKit/WebsiteData/ResourceLoadStatistics/"

/* WebKit's store of tracking prevention, iOS 17. */
static const char schema[] =
    "CREATE TABLE ObservedDomains (domainID INTEGER PRIMARY KEY,"
    " registrableDomain TEXT NOT NULL UNIQUE ON CONFLICT FAIL,"
    " lastSeen REAL NOT NULL, hadUserInteraction INTEGER NOT NULL,"
    " mostRecentUserInteractionTime REAL NOT NULL,"
    " grandfathered INTEGER NOT NULL, isPrevalent INTEGER NOT NULL,"
    " isVeryPrevalent INTEGER NOT NULL,"
    " dataRecordsRemoved INTEGER NOT NULL,"
    " timesAccessedAsFirstPartyDueToUserInteraction INTEGER NOT NULL,"
    " timesAccessedAsFirstPartyDueToStorageAccessAPI INTEGER NOT NULL,"
    " isScheduledForAllButCookieDataRemoval INTEGER NOT NULL,"
    " mostRecentWebPushInteractionTime REAL NOT NULL DEFAULT -1);"
    "CREATE TABLE TopLevelDomains (topLevelDomainID INTEGER PRIMARY KEY,"
    " CONSTRAINT fkDomainID FOREIGN KEY(topLevelDomainID)"
    " REFERENCES ObservedDomains(domainID) ON DELETE CASCADE);"
    "CREATE TABLE TopFrameUniqueRedirectsTo"
    " (sourceDomainID INTEGER NOT NULL, toDomainID INTEGER NOT NULL,"
    " FOREIGN KEY(sourceDomainID) REFERENCES ObservedDomains(domainID)"
    " ON DELETE CASCADE, FOREIGN KEY(toDomainID)"
    " REFERENCES ObservedDomains(domainID) ON DELETE CASCADE);"
    "CREATE TABLE SubframeUnderTopFrameDomains"
    " (subFrameDomainID INTEGER NOT NULL, lastUpdated REAL NOT NULL,"
    " topFrameDomainID INTEGER NOT NULL,"
    " FOREIGN KEY(subFrameDomainID) REFERENCES ObservedDomains(domainID)"
    " ON DELETE CASCADE, FOREIGN KEY(topFrameDomainID)"
    " REFERENCES ObservedDomains(domainID) ON DELETE CASCADE);"
    "CREATE TABLE SubresourceUnderTopFrameDomains"
    " (subresourceDomainID INTEGER NOT NULL, lastUpdated REAL NOT NULL,"
    " topFrameDomainID INTEGER NOT NULL,"
    " FOREIGN KEY(subresourceDomainID)"
    " REFERENCES ObservedDomains(domainID) ON DELETE CASCADE,"
    " FOREIGN KEY(topFrameDomainID) REFERENCES ObservedDomains(domainID)"
    " ON DELETE CASCADE);"
    "CREATE TABLE OperatingDates (year INTEGER NOT NULL,"
    " month INTEGER NOT NULL, monthDay INTEGER NOT NULL);"
    "CREATE UNIQUE INDEX"
    " SubresourceUnderTopFrameDomains_subresourceDomainID_topFrameDomainID"
    " ON SubresourceUnderTopFrameDomains"
    " (subresourceDomainID, topFrameDomainID);"
    "CREATE UNIQUE INDEX OperatingDates_year_month_monthDay"
    " ON OperatingDates (year, month, monthDay);"
    "INSERT INTO OperatingDates VALUES (2025, 11, 30);";

/* The databases differ by which plants they take. */
static bool
belongs(const struct sample_plant *x, const char *form)
{
	if (form != NULL)
		return plant_is(x, form);
	return !plant_is(x, "app") && !plant_is(x, "session");
}

static void
put_observations(
    struct phone *p, const char *domain, const char *form, size_t n)
{
	struct sdb *db = sdb_new(schema);
	const struct sample_plant *x;
	struct sdb_stmt *row;
	struct spots spots;
	struct buf host;
	struct rng r;

	rng_init(&r, p->o->seed, domain);
	buf_init(&host, 256);
	row = sdb_prepare(db, "INSERT INTO ObservedDomains VALUES"
			      " (NULL, ?, ?, ?, ?, 0, ?, 0, 0, 0, 0, 0, -1)");
	spots_init(&spots, p, "ios.webkit_resource_loads", n);
	SDB_ROW(row, CELL_S("telassay.invalid"), CELL_R((double)p->first_s),
	    CELL_I(1), CELL_R((double)p->first_s), CELL_I(0));
	for (size_t i = 0; i <= n; i++) {
		int64_t unix_s = phone_time(p, i, n);
		bool used = rng_chance(&r, 400);

		while ((x = spots_due(&spots, i)) != NULL)
			if (belongs(x, form))
				SDB_ROW(row, CELL_S(x->value),
				    CELL_R((double)unix_s), CELL_I(0),
				    CELL_R(-1), CELL_I(1));
		if (i == n)
			break;
		buf_reset(&host);
		words_host(&host, i);
		SDB_ROW(row, CELL_S(buf_cstr(&host)), CELL_R((double)unix_s),
		    CELL_I(used), CELL_R(used ? (double)unix_s : -1),
		    CELL_I(rng_chance(&r, 500)));
	}
	sdb_exec(db, "INSERT INTO SubresourceUnderTopFrameDomains"
		     " SELECT domainID, lastSeen, 1 FROM ObservedDomains"
		     " WHERE domainID BETWEEN 2 AND 9;");
	phone_db(p, domain, STATISTICS "observations.db", db, false);
	buf_done(&host);
}

static struct pl *
session_row(struct phone *p, const char *host, int64_t unix_s)
{
	struct arena *a = &p->arena;
	struct pl *d = pl_dict(a);

	pl_set(a, d, "PrevalentResourceOrigin", pl_str(a, host));
	pl_set(a, d, "grandfathered", pl_bool(a, false));
	pl_set(a, d, "hadUserInteraction", pl_bool(a, true));
	pl_set(a, d, "lastSeen", pl_date(a, unix_s));
	pl_set(a, d, "mostRecentUserInteraction", pl_date(a, unix_s));
	pl_set(a, d, "subframeUnderTopFrameOrigins", pl_array(a));
	pl_set(a, d, "subresourceUnderTopFrameOrigins", pl_array(a));
	pl_set(a, d, "topFrameUniqueRedirectsFrom", pl_array(a));
	pl_set(a, d, "topFrameUniqueRedirectsTo", pl_array(a));
	return d;
}

/* The same of older systems, as a property list. */
static void
put_session(struct phone *p, size_t n)
{
	struct arena *a = &p->arena;
	struct pl *root = pl_dict(a), *list = pl_array(a);
	const struct sample_plant *x;
	struct spots spots;
	struct buf host;

	buf_init(&host, 256);
	spots_init(&spots, p, "ios.webkit_resource_loads", n);
	for (size_t i = 0; i <= n; i++) {
		int64_t unix_s = phone_time(p, i, n);

		while ((x = spots_due(&spots, i)) != NULL)
			if (belongs(x, "session"))
				pl_add(list, session_row(p, x->value, unix_s));
		buf_reset(&host);
		words_host(&host, i);
		if (i < n)
			pl_add(list, session_row(p, buf_cstr(&host), unix_s));
	}
	pl_set(a, root, "browsingStatistics", list);
	pl_set(a, root, "version", pl_int(a, 19));
	phone_plist(p, "AppDomain-com.apple.mobilesafari",
	    STATISTICS "full_browsing_session_resourceLog.plist", root);
	buf_done(&host);
}

static void
webkit_write(struct phone *p)
{
	put_observations(p, "AppDomain-com.apple.mobilesafari", NULL,
	    10 + p->o->visits / 60);
	put_observations(p, "AppDomain-com.example.news", "app", 6);
	put_session(p, 8);
}

static const struct sample_form webkit_forms[] = {
	{"ios.webkit_resource_loads", NULL, SAMPLE_DOMAIN,
	    "domain that Safari saw" },
	{ "ios.webkit_resource_loads",	       "app", SAMPLE_DOMAIN,
	    "domain that another app saw" },
	{ "ios.webkit_resource_loads",			       "session", SAMPLE_DOMAIN,
	    "the same in the property list of older systems" },
	{ 0	    },
};

const struct part part_webkit = {
	.forms = webkit_forms,
	.write = webkit_write,
};
