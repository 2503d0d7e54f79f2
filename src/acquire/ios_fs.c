#include "acquisition.h"
#include "device.h"
#include "entries.h"
#include "ios_layout.h"
#include "limits.h"
#include "plist.h"

/*
 * A dump of the file system, as a folder or an archive. Nothing is encrypted:
 * its source is the dump itself, or a view of it with the phone's own names.
 */

/* Where a dump says what phone it is of; one of them is often missing. */
#define SYSTEM_VERSION "System/Library/CoreServices/SystemVersion.plist"
#define LAST_BUILD                                                             \
	"private/var/installd/Library/MobileInstallation/LastBuildInfo.plist"
#define GESTALT                                                                \
	"private/var/containers/Shared/SystemGroup/"                           \
	"systemgroup.com.apple.mobilegestaltcache/Library/Caches/"             \
	"com.apple.MobileGestalt.plist"
#define DATA_ARK "private/var/root/Library/Lockdown/data_ark.plist"

static const char *const fact_files[] = { SYSTEM_VERSION, LAST_BUILD, GESTALT,
	DATA_ARK };

/*
 * Keys of MobileGestalt are base64 of MD5 of "MGCopyAnswer" and the name,
 * without the '=' at the end.
 */
#define GESTALT_VERSION	  "qNNddlUK+B/YlooNoymwgA" /* ProductVersion */
#define GESTALT_BUILD	  "mZfUC7qo4pURNhyMHZ62RQ" /* BuildVersion */
#define GESTALT_TYPE	  "h9jDsbgj7xIVeIQ8S3/X3Q" /* ProductType */
#define GESTALT_MARKETING "Z/dqyWS6OZTRy10UcmUAhw" /* marketing-name */

static int
ios_fs_probe(const struct source *s)
{
	int sure;

	return ios_layout_of(s, &sure) != IOS_LAYOUT_NONE ? sure : 0;
}

/* Facts. */

static const struct plist *
read_plist(
    struct source *s, const char *path, struct arena *a, const struct notes *n)
{
	const struct entry *e = source_find(s, path);
	const struct plist *p = NULL;
	struct file *f;
	struct cur bytes;

	/* Empty ones stand in lists of files without contents. */
	if (e == NULL || source_open(s, e, n, &f) != ERR_OK)
		return NULL;
	if (f->size > 0 &&
	    file_read_all(f, a, LIMIT_FILE_IN_MEMORY, &bytes) == ERR_OK)
		p = plist_parse(bytes, a, n);
	file_free(f);
	return p;
}

static void
set(const char **out, const struct plist *dict, const char *key,
    struct arena *a)
{
	if (*out == NULL)
		*out = device_fact(plist_get(dict, key), a);
}

static void
read_facts(struct acquisition *a, const struct notes *n)
{
	struct arena tmp;
	const struct plist *p;

	arena_init(&tmp, LIMIT_ARENA);
	p = read_plist(a->source, SYSTEM_VERSION, &tmp, n);
	set(&a->os_version, p, "ProductVersion", &a->arena);
	set(&a->build, p, "ProductBuildVersion", &a->arena);
	p = read_plist(a->source, LAST_BUILD, &tmp, n);
	set(&a->os_version, p, "ProductVersion", &a->arena);
	set(&a->build, p, "ProductBuildVersion", &a->arena);
	p = plist_get(read_plist(a->source, GESTALT, &tmp, n), "CacheExtra");
	set(&a->os_version, p, GESTALT_VERSION, &a->arena);
	set(&a->build, p, GESTALT_BUILD, &a->arena);
	set(&a->product, p, GESTALT_TYPE, &a->arena);
	set(&a->model, p, GESTALT_MARKETING, &a->arena);
	p = read_plist(a->source, DATA_ARK, &tmp, n);
	set(&a->name, p, "-DeviceName", &a->arena);
	if (a->model == NULL)
		a->model = a->product;
	a->os = device_os(a->product, a->os_version);
	arena_done(&tmp);
}

/* The files under their names on the phone. */

/*
 * Both partitions may hold one path, and a dump may hold it twice: what
 * stands later in the dump, the data partition, counts.
 */
static void
last_wins(struct entries *l, const struct notes *n)
{
	size_t kept = 0;

	entries_sort(l);
	for (size_t i = 0; i < l->count; i++) {
		const struct entry *e = &l->v[i];

		if (i + 1 == l->count || !str_eq(e->path, l->v[i + 1].path))
			l->v[kept++] = *e;
		else if (e->type == ENTRY_FILE)
			note_why(n, NOTE_ARCHIVE_DUPLICATE, 0, "%s", e->path.p);
	}
	l->count = kept;
}

static bool
list_renamed(struct source *outer, enum ios_layout layout, struct entries *l,
    const struct notes *n)
{
	struct ios_path path;
	bool any = false, renamed;

	for (size_t i = 0; i < outer->count; i++) {
		struct entry e = outer->entries[i];
		bool fits = ios_layout_path(layout, e.path, &path, &renamed);

		any = any || renamed;
		e.ref = (uint32_t)i;
		if (!renamed) {
			fits = entries_add_borrowed(l, &e);
		} else if (fits) {
			e.path = (struct str){ path.text, path.n };
			fits = entries_add(l, &e);
		} else if (e.type == ENTRY_DIR) {
			continue; /* the root itself */
		}
		if (!fits)
			note_why(n, NOTE_READ_LIMIT, 0, "%.400s",
			    outer->entries[i].path.p);
	}
	return any;
}

static enum err
ios_fs_open(struct acquisition *a, struct source *outer,
    const struct acquire_options *o, const struct notes *n, struct why *why)
{
	enum ios_layout layout;
	struct entries l;
	int sure;

	(void)o;
	layout = ios_layout_of(outer, &sure);
	if (layout == IOS_LAYOUT_NONE)
		return why_set(why, ERR_FORMAT,
		    "is no dump of an iPhone's file system: it has no "
		    "private/var/mobile, var/mobile or filesystem2/mobile");
	/* What workers cannot ask any more. */
	source_size_all(outer, n);
	entries_init(&l);
	if (list_renamed(outer, layout, &l, n)) {
		last_wins(&l, n);
		a->source = source_view_new(outer, &l);
	} else {
		entries_done(&l);
		a->source = outer;
	}
	read_facts(a, n);
	return ERR_OK;
}

/*
 * Of an archive that cannot seek: the facts, and what readers want under its
 * name on the phone. Which layout it has is not known yet, nor whether there
 * is a folder in front: every name that the path may get is asked for.
 */
static bool
wants_as(const struct acquire_options *o, enum ios_layout l, struct str path)
{
	struct ios_path name;
	struct str s;
	bool renamed;

	if (!ios_layout_path(l, path, &name, &renamed))
		return false;
	s = (struct str){ name.text, name.n };
	for (size_t i = 0; i < sizeof(fact_files) / sizeof(fact_files[0]);
	     i++) {
		if (str_is(s, fact_files[i]))
			return true;
	}
	return renamed && o->want.fn != NULL && o->want.fn(o->want.arg, s, 0);
}

static bool
ios_fs_wants(const struct acquire_options *o, struct str path)
{
	size_t slash = str_find(path, '/');

	for (enum ios_layout l = 0; l < IOS_LAYOUT_COUNT; l++) {
		if (wants_as(o, l, path) ||
		    wants_as(o, l, str_sub(path, slash + 1, path.n)))
			return true;
	}
	return false;
}

const struct acquisition_kind kind_ios_fs = {
	.name = "ios-fs",
	.summary = "a dump of an iPhone's file system: a folder or archive "
		   "with private/var",
	.bit = 1 << 1,
	.probe = ios_fs_probe,
	.wants = ios_fs_wants,
	.open = ios_fs_open,
};
