#include "dict.h"
#include "phone_path.h"
#include "rows.h"
#include "say.h"

/*
 * What WebKit remembers of the sites that it loaded from, in Safari and in the
 * web views of other apps: observations.db (table ObservedDomains, seconds
 * since 1970) and, before iOS 14, full_browsing_session_resourceLog.plist:
 *
 *	{ "browsingStatistics": [ { "PrevalentResourceOrigin": domain,
 *	    "lastSeen": date or seconds since 1970, lists of sites } ] }
 *
 * In a browser a site was visited; in any other app the app's own pages and
 * advertisements loaded from it, which is contact.
 */
enum {
	DOMAIN,
	APP,
	HAD_INTERACTION,
	PREVALENT,
	REDIRECT_FROM,
	REDIRECT_TO,
	SUBFRAME_UNDER,
	SUBRESOURCE_UNDER,
	LAST_SEEN,
	INTERACTION,
	WEB_PUSH,
	NFIELDS,
};

static const struct field fields[] = {
	[DOMAIN] =
	    FIELD("domain", TEXT, DOMAIN, 0, "site, as its registrable domain"),
	[APP] = FIELD("app", TEXT, NONE, 0,
	    "bundle identifier of the app, where the path tells it"),
	[HAD_INTERACTION] = FIELD("had_user_interaction", BOOL, NONE, 0,
	    "whether the owner tapped or typed there"),
	[PREVALENT] = FIELD("is_prevalent", BOOL, NONE, 0,
	    "whether WebKit takes it for a tracker"),
	[REDIRECT_FROM] =
	    FIELD("redirect_sources", LIST, DOMAIN, 0, "sites that led here"),
	[REDIRECT_TO] = FIELD(
	    "redirect_destinations", LIST, DOMAIN, 0, "sites that it led to"),
	[SUBFRAME_UNDER] = FIELD(
	    "subframe_under", LIST, DOMAIN, 0, "sites that it was a frame of"),
	[SUBRESOURCE_UNDER] = FIELD("subresource_under", LIST, DOMAIN, 0,
	    "sites that loaded parts of it"),
	[LAST_SEEN] = FIELD_TIME("last_seen", 0, "web_resource_load",
	    "when it was last loaded from"),
	[INTERACTION] = FIELD("most_recent_interaction", TIME, NONE, 0,
	    "when the owner last tapped or typed there"),
	[WEB_PUSH] = FIELD("most_recent_web_push", TIME, NONE, 0,
	    "when a notification of it was last used"),
};

static const struct column columns[] = {
	CORE("domainID", RAW, 0),
	CORE("registrableDomain", TEXT, DOMAIN),
	CORE("lastSeen", UNIX_S, LAST_SEEN),
	COLUMN("hadUserInteraction", BOOL, HAD_INTERACTION),
	COLUMN("isPrevalent", BOOL, PREVALENT),
	COLUMN("mostRecentUserInteractionTime", UNIX_S, INTERACTION),
	COLUMN("mostRecentWebPushInteractionTime", UNIX_S, WEB_PUSH),
};
static const struct table table = TABLE("ObservedDomains", "domainID", columns);

static const struct dict_key keys[] = {
	KEY("PrevalentResourceOrigin", TEXT, DOMAIN),
	KEY("hadUserInteraction", BOOL, HAD_INTERACTION),
	KEY("isPrevalentResource", BOOL, PREVALENT),
	KEY("lastSeen", UNIX_DATE, LAST_SEEN),
	KEY("mostRecentUserInteraction", UNIX_DATE, INTERACTION),
};

static const struct {
	const char *name;
	unsigned field;
} lists[] = {
	{"topFrameUniqueRedirectsFrom",	 REDIRECT_FROM    },
	{ "topFrameUniqueRedirectsTo",       REDIRECT_TO	   },
	{ "subframeUnderTopFrameOrigins",	  SUBFRAME_UNDER	 },
	{ "subresourceUnderTopFrameOrigins", SUBRESOURCE_UNDER},
};

/* Apps in which a loaded page is one that somebody went to. */
static const char *const browsers[] = { "com.apple.mobilesafari",
	"com.apple.SafariViewService", "com.brave.ios.browser",
	"com.duckduckgo.mobile.ios", "com.ecosia.ecosiaapp",
	"com.google.chrome.ios", "com.kagi.kagiOS", "com.microsoft.msedge",
	"com.opera.OperaTouch", "com.operasoftware.OperaGX",
	"com.vivaldi.vivaldi", "org.mozilla.ios.Firefox",
	"org.mozilla.ios.Focus", "org.mozilla.ios.Klar" };

/*
 * The app whose web views wrote the file; "" when the path does not say, as
 * in a dump, where the containers of apps are named by UUIDs.
 */
static struct str
app_of(struct str path)
{
	static const char home[] = "HomeDomain/Library/WebKit/";
	static const char fs[] = "private/var/mobile/Library/WebKit/";
	struct str domain = str_sub(path, 0, str_find(path, '/')), rest;
	size_t dash = str_find(domain, '-');

	if (str_starts(domain, "AppDomain") && dash < domain.n)
		return str_sub(domain, dash + 1, domain.n);
	if (!str_starts(path, home) && !str_starts(path, fs))
		return str_from("");
	rest = str_sub(path,
	    str_starts(path, home) ? sizeof(home) - 1 : sizeof(fs) - 1, path.n);
	rest = str_sub(rest, 0, str_find(rest, '/'));
	/* Before iOS 13 Safari kept its data in the home folder itself. */
	return str_starts(rest, "WebsiteData")
		   ? str_from("com.apple.mobilesafari")
		   : rest;
}

/* A page in Safari's view, which apps open over their own, was visited. */
static bool
in_safari_view(struct str path)
{
	static const char view[] = "/SystemData/com.apple.SafariViewService/";

	for (size_t i = 0; i + sizeof(view) <= path.n; i++)
		if (str_starts(str_sub(path, i, path.n), view))
			return true;
	return false;
}

static void
put_app(struct artifact_ctx *ctx, struct record *r)
{
	struct str app = app_of(ctx->path);
	bool visited = app.n == 0 || in_safari_view(ctx->path);

	if (app.n > 0)
		record_text(r, APP, app);
	for (size_t i = 0; i < COUNT(browsers); i++)
		if (str_is(app, browsers[i]))
			visited = true;
	r->role_set = visited;
	r->role = ROLE_VISIT;
}

static enum err
read_database(struct artifact_ctx *ctx, struct file *f)
{
	struct sqlro *db = NULL;
	enum err e = artifact_db(ctx, f, &db);
	struct rows x;

	if (e != ERR_OK)
		return e;
	if (rows_open(&x, ctx, db, &table)) {
		while (e == ERR_OK && rows_next(&x)) {
			put_app(ctx, &x.record);
			e = artifact_emit(ctx, &x.record);
		}
	}
	rows_close(&x);
	sqlro_free(db);
	return e;
}

/* Sites of a list: texts, or dictionaries with an origin or a domain. */
static void
put_list(struct artifact_ctx *ctx, const struct plist *array, unsigned field,
    struct record *r)
{
	const struct plist *item;
	struct str *v;
	size_t n = 0;

	if (array == NULL || array->type != PLIST_ARRAY)
		return;
	v = arena_alloc(ctx->arena, array->array.n, sizeof(*v));
	if (v == NULL) {
		note(ctx->notes, NOTE_READ_LIMIT, array->off);
		return;
	}
	for (size_t i = 0; i < array->array.n; i++) {
		item = array->array.v[i];
		if (plist_string(item, &v[n]) ||
		    plist_string(plist_get(item, "origin"), &v[n]) ||
		    plist_string(plist_get(item, "domain"), &v[n]))
			n++;
		else
			note_why(ctx->notes, NOTE_READ_SCHEMA, item->off,
			    "a list of sites holds something else");
	}
	record_list(r, field, v, n);
}

static enum err
emit_statistics(struct artifact_ctx *ctx, const struct plist *p, size_t at)
{
	struct record r;
	char where[48];

	record_init(&r, &ctx->artifact->schema, ctx->path);
	if (p->type != PLIST_DICT)
		note_why(ctx->notes, NOTE_READ_SCHEMA, p->off,
		    "an entry of browsingStatistics is no dictionary");
	(void)snprintf(where, sizeof(where), "browsingStatistics[%zu]", at);
	r.locator = str_from(where);
	dict_fields(ctx, p, keys, COUNT(keys), &r);
	if (!artifact_wants_record(ctx, &r))
		return ERR_OK;
	for (size_t i = 0; i < COUNT(lists); i++)
		put_list(ctx, plist_get(p, lists[i].name), lists[i].field, &r);
	put_app(ctx, &r);
	return artifact_emit(ctx, &r);
}

static enum err
read_log(struct artifact_ctx *ctx, struct file *f)
{
	struct plist *root, *statistics;
	enum err e = artifact_plist(ctx, f, &root);

	if (e != ERR_OK || root == NULL)
		return e;
	statistics = plist_get(root, "browsingStatistics");
	if (statistics == NULL || statistics->type != PLIST_ARRAY) {
		note_why(ctx->notes, NOTE_READ_VERSION, 0,
		    "no array browsingStatistics");
		return ERR_OK;
	}
	for (size_t i = 0; e == ERR_OK && i < statistics->array.n; i++)
		e = emit_statistics(ctx, statistics->array.v[i], i);
	return e;
}

static enum err
webkit_read(struct artifact_ctx *ctx, struct file *f)
{
	return str_ends(ctx->path, ".plist") ? read_log(ctx, f)
					     : read_database(ctx, f);
}

static void
webkit_describe(const void *record, struct buf *out)
{
	say_field(record, DOMAIN, "loaded from ", "", out);
	say_field(record, APP, " by ", "", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "**/ResourceLoadStatistics/observations.db"),
	PLACE(IN_IOS_BACKUP, "**/ResourceLoadStatistics/"
			     "full_browsing_session_resourceLog.plist"),
	PLACE(IN_IOS_FS, "private/var/mobile/**/ResourceLoadStatistics/"
			 "observations.db"),
	PLACE(IN_IOS_FS, "private/var/mobile/**/ResourceLoadStatistics/"
			 "full_browsing_session_resourceLog.plist"),
	PLACES_END,
};

const struct artifact artifact_ios_webkit_resource_loads = {
	.summary = "sites that Safari and web views of apps loaded from",
	.schema = {.name = "ios.webkit_resource_loads",
		   .version = 1,
		   .role = ROLE_CONTACT,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = webkit_describe},
	.places = places,
	.read = webkit_read,
};
