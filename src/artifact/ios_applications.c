#include <stdlib.h>

#include "dict.h"
#include "say.h"

/*
 * Installed apps, one record each.
 *
 * In a backup: Info.plist, written by the computer, has "Applications", a
 * dictionary of those with the shop's metadata (a property list of its own as
 * data), and "Installed Applications", a list of identifiers; Manifest.plist,
 * written by the phone, has "Applications" with version and path. The three
 * are put together; either file may be missing.
 *
 * In a dump: each container of a program has a property list that names its
 * bundle, and iTunesMetadata.plist beside it when a shop installed it. Apple's
 * own apps have none.
 */
enum {
	BUNDLE_ID,
	METADATA_ID,
	NO_ID,
	NAME,
	VERSION,
	BUNDLE_VERSION,
	VENDOR,
	SOURCE,
	APP_PATH,
	METADATA,
	LISTED,
	PURCHASED,
	NFIELDS,
};

static const struct field fields[] = {
	[BUNDLE_ID] =
	    FIELD("bundle_id", TEXT, BUNDLE_ID, 0, "the app's identifier"),
	[METADATA_ID] = FIELD("metadata_bundle_id", TEXT, BUNDLE_ID, 0,
	    "its identifier in the shop's metadata, where that differs"),
	[NO_ID] = FIELD("metadata_without_bundle_id", BOOL, NONE, 0,
	    "whether the shop's metadata names no identifier; absent without "
	    "metadata"),
	[NAME] = FIELD("name", TEXT, NONE, 0, "its name in the shop"),
	[VERSION] =
	    FIELD("version", TEXT, NONE, 0, "its version, as people see it"),
	[BUNDLE_VERSION] =
	    FIELD("bundle_version", TEXT, NONE, 0, "number of what was built"),
	[VENDOR] = FIELD("vendor", TEXT, NONE, 0, "who made it"),
	[SOURCE] = FIELD("source_app", TEXT, NONE, 0,
	    "app that installed it, such as com.apple.AppStore"),
	[APP_PATH] =
	    FIELD("path_on_phone", TEXT, PATH, 0, "where it lies on the phone"),
	[METADATA] = FIELD("has_metadata", BOOL, NONE, 0,
	    "whether the shop's metadata is there"),
	[LISTED] = FIELD("listed_in", LIST, NONE, 0,
	    "where it is named: applications or installed of Info.plist, "
	    "manifest, metadata, container"),
	[PURCHASED] = FIELD_TIME("purchased", FIELD_NO_REACH, "app_purchased",
	    "when it was bought, or first loaded"),
};

static const struct dict_key metadata_keys[] = {
	KEY("itemName", TEXT, NAME),
	KEY("bundleShortVersionString", TEXT, VERSION),
	KEY("bundleVersion", TEXT, BUNDLE_VERSION),
	KEY("artistName", TEXT, VENDOR),
	{"sourceApp", KEY_TEXT, SOURCE},
};
static const struct dict_key manifest_keys[] = {
	KEY("CFBundleVersion", TEXT, BUNDLE_VERSION),
	KEY("Path", TEXT, APP_PATH),
};

#define CONTAINER ".com.apple.mobile_container_manager.metadata.plist"

/* Where the apps of a backup are listed, in order of what is told of them. */
enum { IN_APPLICATIONS, IN_INSTALLED, IN_MANIFEST, NLISTS };

static const struct {
	const char *says;    /* in listed_in */
	const char *locator; /* and where a record stands */
} lists[NLISTS] = {
	[IN_APPLICATIONS] = {"applications", "Applications"		     },
	[IN_INSTALLED] = { "installed",	"Installed Applications"	 },
	[IN_MANIFEST] = { "manifest",    "Manifest.plist:Applications"},
};

/* One naming of an app. */
struct naming {
	struct str bundle_id;
	unsigned list;
	const struct plist *dict; /* what is said of it; or NULL */
};

struct apps {
	struct artifact_ctx *ctx;
	struct naming *v;
	size_t n;
};

static void
put_purchased(
    struct artifact_ctx *ctx, const struct plist *metadata, struct record *r)
{
	struct str text;
	int64_t ns;
	char *date;

	metadata = plist_get(metadata, "com.apple.iTunesStore.downloadInfo");
	if (!plist_string(plist_get(metadata, "purchaseDate"), &text))
		return;
	date = arena_strdup(ctx->arena, text);
	if (date != NULL && tstamp_parse(date, &ns))
		record_time(r, PURCHASED, ns, (double)ns / 1e9);
	else
		note_why(ctx->notes, NOTE_READ_TIME, 0, "purchaseDate");
}

static void
put_metadata(
    struct artifact_ctx *ctx, const struct plist *metadata, struct record *r)
{
	struct str id;
	bool named;

	if (metadata == NULL || metadata->type != PLIST_DICT) {
		note_why(ctx->notes, NOTE_READ_SCHEMA, 0,
		    "the metadata of an app is no dictionary");
		return;
	}
	record_bool(r, METADATA, true);
	dict_fields(ctx, metadata, metadata_keys, COUNT(metadata_keys), r);
	named =
	    plist_string(plist_get(metadata, "softwareVersionBundleId"), &id) &&
	    id.n > 0;
	record_bool(r, NO_ID, !named);
	if (named && r->v[BUNDLE_ID].type == VALUE_NONE)
		record_text(r, BUNDLE_ID, id);
	else if (named && !str_eq(id, r->v[BUNDLE_ID].s))
		record_text(r, METADATA_ID, id);
	put_purchased(ctx, metadata, r);
}

static int
naming_cmp(const void *pa, const void *pb)
{
	const struct naming *a = pa, *b = pb;
	int c = str_cmp(a->bundle_id, b->bundle_id);

	return c != 0 ? c : (int)a->list - (int)b->list;
}

static void
put_naming(struct artifact_ctx *ctx, const struct naming *n, struct record *r)
{
	const struct plist *data = plist_get(n->dict, "iTunesMetadata");
	struct str s;

	if (n->dict != NULL && n->dict->type != PLIST_DICT)
		note_why(ctx->notes, NOTE_READ_SCHEMA, n->dict->off,
		    "an app is no dictionary");
	if (n->list == IN_MANIFEST)
		dict_fields(
		    ctx, n->dict, manifest_keys, COUNT(manifest_keys), r);
	if (n->list != IN_APPLICATIONS || data == NULL)
		return;
	if (plist_data(data, &s))
		put_metadata(ctx,
		    plist_parse(cur_from(s.p, s.n), ctx->arena, ctx->notes), r);
	else
		note_why(ctx->notes, NOTE_READ_SCHEMA, data->off,
		    "iTunesMetadata is not of the type it must have");
}

/* The namings of one app, v[0] to v[n - 1]. */
static enum err
emit_app(struct artifact_ctx *ctx, const struct naming *v, size_t n)
{
	struct str listed[NLISTS];
	struct record r;
	size_t nlisted = 0;

	record_init(&r, &ctx->artifact->schema, ctx->path);
	record_text(&r, BUNDLE_ID, v[0].bundle_id);
	record_bool(&r, METADATA, false);
	for (size_t i = 0; i < n; i++) {
		/* Named twice in one list: what was said first counts. */
		if (i > 0 && v[i].list == v[i - 1].list)
			continue;
		listed[nlisted++] = str_from(lists[v[i].list].says);
		put_naming(ctx, &v[i], &r);
	}
	record_list(&r, LISTED, listed, nlisted);
	if (!artifact_wants_record(ctx, &r))
		return ERR_OK;
	r.locator = dict_locator(ctx, lists[v[0].list].locator, v[0].bundle_id);
	return artifact_emit(ctx, &r);
}

static size_t
count_of(const struct plist *p)
{
	if (p == NULL)
		return 0;
	return p->type == PLIST_DICT	? p->dict.n
	       : p->type == PLIST_ARRAY ? p->array.n
					: 0;
}

static void
add_dict(struct apps *l, const struct plist *dict, unsigned list)
{
	if (dict != NULL && dict->type != PLIST_DICT)
		note_why(l->ctx->notes, NOTE_READ_SCHEMA, dict->off,
		    "%s is no dictionary", lists[list].locator);
	for (size_t i = 0;
	     dict != NULL && dict->type == PLIST_DICT && i < dict->dict.n; i++)
		l->v[l->n++] =
		    (struct naming){ .bundle_id = dict->dict.v[i].key,
			    .list = list,
			    .dict = dict->dict.v[i].value };
}

/* Both, or one of them NULL. */
static enum err
emit_backup(struct artifact_ctx *ctx, const struct plist *info,
    const struct plist *manifest)
{
	const struct plist *apps = plist_get(info, "Applications");
	const struct plist *list = plist_get(info, "Installed Applications");
	const struct plist *paths = plist_get(manifest, "Applications");
	struct apps l = { .ctx = ctx };
	enum err e = ERR_OK;
	struct str *installed;
	size_t n;

	l.v = arena_alloc(ctx->arena,
	    count_of(apps) + count_of(list) + count_of(paths) + 1,
	    sizeof(*l.v));
	if (l.v == NULL)
		return ERR_LIMIT;
	add_dict(&l, apps, IN_APPLICATIONS);
	n = dict_list(ctx, list, "Installed Applications", &installed);
	for (size_t i = 0; i < n; i++)
		l.v[l.n++] = (struct naming){ .bundle_id = installed[i],
			.list = IN_INSTALLED };
	add_dict(&l, paths, IN_MANIFEST);
	if (l.n > 1)
		qsort(l.v, l.n, sizeof(*l.v), naming_cmp);
	for (size_t i = 0, to; e == ERR_OK && i < l.n; i = to) {
		for (to = i + 1; to < l.n; to++)
			if (!str_eq(l.v[to].bundle_id, l.v[i].bundle_id))
				break;
		e = emit_app(ctx, &l.v[i], to - i);
	}
	return e;
}

/* The file beside it, when there is one; what is wrong with it is noted. */
static enum err
read_beside(struct artifact_ctx *ctx, const char *name, struct plist **out)
{
	struct file *f = artifact_sibling(ctx, name);

	*out = NULL;
	return f != NULL ? artifact_plist(ctx, f, out) : ERR_OK;
}

static enum err
read_backup(struct artifact_ctx *ctx, struct file *f)
{
	bool is_info = str_is(str_basename(ctx->path), "Info.plist");
	struct plist *root, *beside = NULL;
	enum err e;

	/* It is read together with Info.plist. */
	if (!is_info && artifact_sibling(ctx, "/Info.plist") != NULL)
		return ERR_OK;
	e = artifact_plist(ctx, f, &root);
	if (e == ERR_OK && is_info)
		e = read_beside(ctx, "/Manifest.plist", &beside);
	if (e != ERR_OK)
		return e;
	if (root != NULL && root->type != PLIST_DICT)
		note_why(ctx->notes, NOTE_READ_VERSION, 0, "not a dictionary");
	return is_info ? emit_backup(ctx, root, beside)
		       : emit_backup(ctx, NULL, root);
}

/*
 * One container of a dump: root is its metadata or, without any, what says
 * whose container it is.
 */
static enum err
emit_container(struct artifact_ctx *ctx, const struct plist *metadata,
    const struct plist *container)
{
	struct str id, listed[2];
	struct record r;
	size_t n = 0;

	record_init(&r, &ctx->artifact->schema, ctx->path);
	if (plist_string(plist_get(container, "MCMMetadataIdentifier"), &id)) {
		record_text(&r, BUNDLE_ID, id);
		listed[n++] = str_from("container");
	}
	record_bool(&r, METADATA, false);
	if (metadata != NULL) {
		put_metadata(ctx, metadata, &r);
		listed[n++] = str_from("metadata");
	}
	if (n == 0 || (metadata == NULL && container == NULL))
		note_why(ctx->notes, NOTE_READ_SCHEMA, 0,
		    "a container without its identifier");
	record_list(&r, LISTED, listed, n);
	r.locator = str_from("app");
	return artifact_wants_record(ctx, &r) ? artifact_emit(ctx, &r) : ERR_OK;
}

static enum err
read_container(struct artifact_ctx *ctx, struct file *f)
{
	bool is_metadata =
	    str_is(str_basename(ctx->path), "iTunesMetadata.plist");
	struct plist *root, *beside = NULL;
	enum err e;

	/* It is read together with the metadata. */
	if (!is_metadata &&
	    artifact_sibling(ctx, "/iTunesMetadata.plist") != NULL)
		return ERR_OK;
	e = artifact_plist(ctx, f, &root);
	if (e == ERR_OK && is_metadata)
		e = read_beside(ctx, "/" CONTAINER, &beside);
	if (e != ERR_OK || (root == NULL && beside == NULL))
		return e;
	return is_metadata ? emit_container(ctx, root, beside)
			   : emit_container(ctx, NULL, root);
}

static enum err
applications_read(struct artifact_ctx *ctx, struct file *f)
{
	struct str name = str_basename(ctx->path);

	return str_is(name, "Info.plist") || str_is(name, "Manifest.plist")
		   ? read_backup(ctx, f)
		   : read_container(ctx, f);
}

static void
applications_describe(const void *record, struct buf *out)
{
	static const size_t what[] = { BUNDLE_ID, NAME };

	buf_puts(out, "app ");
	say_first(record, what, 2, "without an identifier", out);
	say_field(record, VERSION, " ", "", out);
	say_field(record, SOURCE, ", installed by ", "", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "Info.plist"),
	PLACE(IN_IOS_BACKUP, "Manifest.plist"),
	PLACE(IN_IOS_FS, "private/var/containers/Bundle/Application/*/"
			 "iTunesMetadata.plist"),
	PLACE(IN_IOS_FS,
	    "private/var/containers/Bundle/Application/*/" CONTAINER),
	PLACES_END,
};

static const char *const siblings[] = { "/Info.plist", "/Manifest.plist",
	"/iTunesMetadata.plist", "/" CONTAINER, NULL };

const struct artifact artifact_ios_applications = {
	.summary = "installed apps, and what installed them",
	.schema = {.name = "ios.applications",
		   .version = 1,
		   .role = ROLE_EXECUTION,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = applications_describe},
	.places = places,
	.siblings = siblings,
	.read = applications_read,
};
