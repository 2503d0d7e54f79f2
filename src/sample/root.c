#include "root.h"

#include <ctype.h>
#include <stdio.h>

#include "apps.h"
#include "hash.h"

/* A phone that never was: names all start with the samples' prefixes. */
struct identity {
	char udid[41], upper[41], serial[16];
};

static struct identity
identity_of(const struct phone *p)
{
	struct identity id;
	uint8_t raw[16];
	char hex[33];
	struct rng r;

	rng_init(&r, p->o->seed, "identity");
	rng_bytes(&r, raw, sizeof(raw));
	(void)snprintf(id.udid, sizeof(id.udid), "%s%s", SAMPLE_UDID_PREFIX,
	    hex_encode(raw, sizeof(raw), hex));
	for (size_t i = 0; i < sizeof(id.udid); i++)
		id.upper[i] = (char)toupper((unsigned char)id.udid[i]);
	(void)snprintf(id.serial, sizeof(id.serial), "%s%04u",
	    SAMPLE_SERIAL_PREFIX, (unsigned)rng_below(&r, 10000));
	return id;
}

static void
set_str(struct arena *a, struct pl *d, const char *key, const char *value)
{
	pl_set(a, d, key, pl_str(a, value));
}

/* What the App Store left with an application, as a plist in a plist. */
static struct pl *
app_entry(struct phone *p, const char *bundle)
{
	const char *source = apps_source(p, bundle);
	struct arena *a = &p->arena;
	struct pl *app = pl_dict(a), *meta = pl_dict(a);
	struct buf b;

	set_str(a, meta, "artistName", "Example Apps");
	set_str(a, meta, "bundleShortVersionString", "3.1");
	set_str(a, meta, "itemName", bundle);
	set_str(a, meta, "softwareVersionBundleId", bundle);
	set_str(a, meta, "sourceApp", source);
	buf_init(&b, 1 << 16);
	pl_binary(a, meta, &b);
	pl_set(a, app, "iTunesMetadata", pl_data(a, buf_text(&b)));
	buf_done(&b);
	pl_set(a, app, "PlaceholderIcon",
	    pl_data(a, str_from("\x89PNG sample icon")));
	return app;
}

static void
put_info(struct phone *p, const struct identity *id)
{
	struct arena *a = &p->arena;
	struct pl *d = pl_dict(a), *apps = pl_dict(a), *list = pl_array(a);
	const char *const *ids = apps_of(p);
	struct buf b;

	for (size_t i = 0; ids[i] != NULL; i++) {
		pl_set(a, apps, ids[i], app_entry(p, ids[i]));
		pl_add(list, pl_str(a, ids[i]));
	}
	pl_set(a, d, "Applications", apps);
	set_str(a, d, "Build Version", "21F90");
	set_str(a, d, "Device Name", "Telassay sample");
	set_str(a, d, "Display Name", "Telassay sample");
	set_str(a, d, "GUID", "7E1A55A900000000000000000000DA7A");
	set_str(a, d, "ICCID", "8900000000000000000");
	set_str(a, d, "IMEI", "000000000000000");
	pl_set(a, d, "Installed Applications", list);
	pl_set(a, d, "Last Backup Date", pl_date(a, p->last_s));
	set_str(a, d, "Phone Number", "+1 (555) 010-0000");
	set_str(a, d, "Product Name", "iPhone 14");
	set_str(a, d, "Product Type", "iPhone14,7");
	set_str(a, d, "Product Version", p->o->os_version);
	set_str(a, d, "Serial Number", id->serial);
	set_str(a, d, "Target Identifier", id->udid);
	set_str(a, d, "Target Type", "Device");
	set_str(a, d, "Unique Identifier", id->upper);
	set_str(a, d, "iTunes Version", "12.13.2");
	buf_init(&b, 1 << 24);
	pl_xml(d, &b);
	phone_top(p, "Info.plist", buf_text(&b));
	buf_done(&b);
}

static void
put_binary(struct phone *p, const char *name, struct pl *root)
{
	struct buf b;

	buf_init(&b, 1 << 24);
	pl_binary(&p->arena, root, &b);
	phone_top(p, name, buf_text(&b));
	buf_done(&b);
}

static struct pl *
lockdown_of(struct phone *p, const struct identity *id)
{
	struct arena *a = &p->arena;
	struct pl *d = pl_dict(a);

	set_str(a, d, "BuildVersion", "21F90");
	set_str(a, d, "DeviceName", "Telassay sample");
	set_str(a, d, "ProductType", "iPhone14,7");
	set_str(a, d, "ProductVersion", p->o->os_version);
	set_str(a, d, "SerialNumber", id->serial);
	set_str(a, d, "UniqueDeviceID", id->udid);
	return d;
}

static struct pl *
applications_of(struct phone *p)
{
	struct arena *a = &p->arena;
	struct pl *all = pl_dict(a);
	const char *const *ids = apps_of(p);

	for (size_t i = 0; ids[i] != NULL; i++) {
		struct pl *d = pl_dict(a);

		set_str(a, d, "CFBundleIdentifier", ids[i]);
		set_str(a, d, "CFBundleVersion", "31");
		set_str(a, d, "ContainerContentClass", "Data/Application");
		pl_set(a, all, ids[i], d);
	}
	return all;
}

static void
put_manifest_plist(struct phone *p, const struct identity *id,
    const uint8_t manifest_key[static LOCKBOX_WRAPPED])
{
	struct arena *a = &p->arena;
	struct pl *d = pl_dict(a);

	pl_set(a, d, "Applications", applications_of(p));
	if (p->lockbox != NULL) {
		pl_set(a, d, "BackupKeyBag",
		    pl_data(a, buf_text(&p->lockbox->keybag)));
		pl_set(a, d, "ManifestKey",
		    pl_data(a, (struct str){ (const char *)manifest_key,
				   LOCKBOX_WRAPPED }));
	}
	pl_set(a, d, "Date", pl_date(a, p->last_s));
	pl_set(a, d, "IsEncrypted", pl_bool(a, p->lockbox != NULL));
	pl_set(a, d, "Lockdown", lockdown_of(p, id));
	set_str(a, d, "SystemDomainsVersion", "24.0");
	set_str(a, d, "Version", "10.0");
	pl_set(a, d, "WasPasscodeSet", pl_bool(a, true));
	put_binary(p, "Manifest.plist", d);
}

static void
put_status(struct phone *p)
{
	struct arena *a = &p->arena;
	struct pl *d = pl_dict(a);
	struct rng r;
	char uuid[37];

	rng_init(&r, p->o->seed, "status");
	set_str(a, d, "BackupState", "new");
	pl_set(a, d, "Date", pl_date(a, p->last_s));
	pl_set(a, d, "IsFullBackup", pl_bool(a, true));
	set_str(a, d, "SnapshotState", "finished");
	set_str(a, d, "UUID", rng_uuid(&r, uuid));
	set_str(a, d, "Version", "3.3");
	put_binary(p, "Status.plist", d);
}

void
root_plists(struct phone *p, const uint8_t manifest_key[static LOCKBOX_WRAPPED])
{
	struct identity id = identity_of(p);

	put_info(p, &id);
	put_manifest_plist(p, &id, manifest_key);
	put_status(p);
	arena_reset(&p->arena);
}
