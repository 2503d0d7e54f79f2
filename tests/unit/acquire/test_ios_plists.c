#include <string.h>

#include "check.h"
#include "ios_plists.h"
#include "tstamp.h"

#define HEAD                                                                   \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>"                           \
	"<plist version=\"1.0\"><dict>"
#define TAIL	   "</dict></plist>"
#define PAIR(k, v) "<key>" k "</key><string>" v "</string>"

static unsigned missing;

static void
count_missing(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	(void)arg, (void)off, (void)detail;
	missing += id == NOTE_BACKUP_PLIST;
}

/* Reads the three lists (NULL: not there); the device lands in a. */
static void
read_lists(const char *const lists[3], const char *prefix,
    struct acquisition *a, struct ios_plists *p)
{
	static const char *const names[2][3] = {
		{"Manifest.plist",	    "Info.plist", "Status.plist"},
		{ "Snapshot/Manifest.plist", "Info.plist",
		    "Snapshot/Status.plist"				    },
	};
	struct source_mem_entry files[3];
	const struct notes n = { .fn = count_missing };
	struct source *s;
	struct arena arena;
	size_t count = 0;

	for (size_t i = 0; i < 3; i++)
		if (lists[i] != NULL)
			files[count++] = (struct source_mem_entry){
				names[prefix[0] != '\0'][i], lists[i],
				strlen(lists[i])
			};
	missing = 0;
	*a = (struct acquisition){ .made_ns = TSTAMP_NONE };
	arena_init(&a->arena, 65536);
	arena_init(&arena, (size_t)1 << 20);
	s = source_mem_new(files, count);
	ios_plists_read(s, prefix, &arena, &n, p);
	ios_plists_device(p, a);
	source_free(s);
	arena_done(&arena);
}

/* The phone is believed before the computer. */
static void
test_preferred(void)
{
	static const char *const lists[3] = {
		HEAD
		"<key>IsEncrypted</key><true/><key>Lockdown</key><dict>" PAIR(
		    "ProductType", "iPad13,1") PAIR("ProductVersion", "17.5")
		    PAIR("UniqueDeviceID", "abc") "</dict>" TAIL,
		HEAD PAIR("Product Type", "iPhone1,1") PAIR(
		    "Product Name", "iPad Air") PAIR("Serial Number", "S1")
		    PAIR("IMEI", "42") PAIR("Device Name", "A &amp; B") TAIL,
		HEAD PAIR("SnapshotState",
		    "finished") "<key>Date</key><date>2026-01-02T03:04:05Z</"
				"date>" TAIL,
	};
	struct acquisition a;
	struct ios_plists p;
	char date[32];

	read_lists(lists, "", &a, &p);
	CHECK(missing == 0 && p.encrypted && !p.unfinished);
	CHECK(strcmp(a.product, "iPad13,1") == 0);
	CHECK(strcmp(a.model, "iPad Air") == 0);
	CHECK(strcmp(a.os, "iPadOS") == 0);
	CHECK(strcmp(a.os_version, "17.5") == 0);
	CHECK(strcmp(a.udid, "abc") == 0 && strcmp(a.serial, "S1") == 0);
	CHECK(strcmp(a.imei, "42") == 0 && strcmp(a.name, "A & B") == 0);
	CHECK(a.build == NULL && !a.sample);
	CHECK(strcmp(tstamp_iso(a.made_ns, date), "2026-01-02T03:04:05Z") == 0);
	arena_done(&a.arena);
	read_lists(lists, "Snapshot/", &a, &p);
	CHECK(missing == 0 && p.encrypted);
	arena_done(&a.arena);
}

static bool
is_sample(const char *manifest)
{
	const char *const lists[3] = { manifest, NULL, NULL };
	struct acquisition a;
	struct ios_plists p;

	read_lists(lists, "", &a, &p);
	CHECK(missing == 2);
	arena_done(&a.arena);
	return a.sample;
}

static void
test_marker(void)
{
	CHECK(is_sample(HEAD "<key>Lockdown</key><dict>" PAIR(
	    "UniqueDeviceID", "7E1A55A9-0001") "</dict>" TAIL));
	CHECK(is_sample(HEAD "<key>Lockdown</key><dict>" PAIR(
	    "SerialNumber", "TLSAMPLE01") "</dict>" TAIL));
	CHECK(!is_sample(HEAD "<key>Lockdown</key><dict>" PAIR(
	    "SerialNumber", "XTLSAMPLE") "</dict>" TAIL));
	CHECK(!is_sample(HEAD TAIL));
}

/* Old iPads had iOS; what is not told is not made up; wrong types are none. */
static void
test_odd(void)
{
	static const char *const lists[3] = { NULL,
		HEAD PAIR("Product Type", "iPad4,1")
		    PAIR("Product Version", "12.5.7")
			PAIR("Device Name", "") "<key>IMEI</key><true/>" TAIL,
		HEAD PAIR("SnapshotState", "uploading") TAIL };
	static const char *const none[3] = { "garbage", "<plist>", NULL };
	struct acquisition a;
	struct ios_plists p;

	read_lists(lists, "", &a, &p);
	CHECK(missing == 1 && p.unfinished && !p.encrypted);
	CHECK(strcmp(a.os, "iOS") == 0 && a.imei == NULL && a.name == NULL);
	CHECK(strcmp(a.model, "iPad4,1") == 0 && a.made_ns == TSTAMP_NONE);
	arena_done(&a.arena);
	read_lists(none, "", &a, &p);
	CHECK(missing == 3 && a.os == NULL && a.model == NULL);
	CHECK(p.keybag.n == 0 && p.manifest == NULL);
	arena_done(&a.arena);
}

int
main(void)
{
	test_preferred();
	test_marker();
	test_odd();
	return 0;
}
