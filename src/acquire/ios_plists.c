#include "ios_plists.h"

#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "limits.h"
#include "plist.h"
#include "sample_marker.h"
#include "tstamp.h"

static const struct plist *
read_plist(struct source *outer, const char *prefix, const char *name,
    struct arena *a, const struct notes *n)
{
	const char *path = arena_printf(a, "%s%s", prefix, name);
	const struct entry *e = path ? source_find(outer, path) : NULL;
	const struct plist *p = NULL;
	struct file *f = NULL;
	struct cur bytes;
	enum err err;

	if (e == NULL) {
		note_why(n, NOTE_BACKUP_PLIST, 0, "%s is missing", name);
		return NULL;
	}
	if ((err = source_open(outer, e, n, &f)) == ERR_OK &&
	    (err = file_read_all(f, a, LIMIT_FILE_IN_MEMORY, &bytes)) == ERR_OK)
		p = plist_parse(bytes, a, n);
	if (err != ERR_OK)
		note_why(
		    n, NOTE_BACKUP_PLIST, 0, "%s: %s", name, err_text(err));
	else if (p == NULL || p->type != PLIST_DICT)
		note_why(n, NOTE_BACKUP_PLIST, 0, "%s cannot be read", name);
	file_free(f);
	return p != NULL && p->type == PLIST_DICT ? p : NULL;
}

void
ios_plists_read(struct source *outer, const char *prefix, struct arena *a,
    const struct notes *n, struct ios_plists *out)
{
	struct ios_plists p = { 0 };
	struct str state;

	p.manifest = read_plist(outer, prefix, "Manifest.plist", a, n);
	p.info = read_plist(outer, "", "Info.plist", a, n);
	p.status = read_plist(outer, prefix, "Status.plist", a, n);
	plist_bool(plist_get(p.manifest, "IsEncrypted"), &p.encrypted);
	plist_data(plist_get(p.manifest, "BackupKeyBag"), &p.keybag);
	plist_data(plist_get(p.manifest, "ManifestKey"), &p.manifest_key);
	p.unfinished =
	    plist_string(plist_get(p.status, "SnapshotState"), &state) &&
	    !str_is(state, "finished");
	*out = p;
}

/* What the phone says, else what the computer says. */
static const char *
either(const struct ios_plists *p, const char *lockdown, const char *info,
    struct acquisition *a)
{
	const struct plist *told = plist_get(p->manifest, "Lockdown");
	const char *s =
	    lockdown ? device_fact(plist_get(told, lockdown), &a->arena) : NULL;

	return s != NULL ? s : device_fact(plist_get(p->info, info), &a->arena);
}

static int64_t
made(const struct ios_plists *p)
{
	int64_t ns;

	if (plist_date(plist_get(p->manifest, "Date"), &ns) ||
	    plist_date(plist_get(p->status, "Date"), &ns) ||
	    plist_date(plist_get(p->info, "Last Backup Date"), &ns))
		return ns;
	return TSTAMP_NONE;
}

static bool
starts(const char *s, const char *prefix)
{
	return s != NULL && strncasecmp(s, prefix, strlen(prefix)) == 0;
}

void
ios_plists_device(const struct ios_plists *p, struct acquisition *a)
{
	a->product = either(p, "ProductType", "Product Type", a);
	a->model = either(p, NULL, "Product Name", a);
	if (a->model == NULL)
		a->model = a->product;
	a->os_version = either(p, "ProductVersion", "Product Version", a);
	a->os = device_os(a->product, a->os_version);
	a->build = either(p, "BuildVersion", "Build Version", a);
	a->name = either(p, "DeviceName", "Device Name", a);
	a->serial = either(p, "SerialNumber", "Serial Number", a);
	a->imei = either(p, NULL, "IMEI", a);
	a->udid = either(p, "UniqueDeviceID", "Target Identifier", a);
	if (a->udid == NULL)
		a->udid = device_fact(
		    plist_get(p->info, "Unique Identifier"), &a->arena);
	a->made_ns = made(p);
	a->sample = starts(a->udid, SAMPLE_UDID_PREFIX) ||
		    starts(a->serial, SAMPLE_SERIAL_PREFIX);
}
