#include "artifact/run.h"

/*
 * Facts of real files: a partial backup of an iPhone with iOS 14.3, other
 * tools' databases of several versions, and minimal ones. Skips, by name, when
 * the shared data is absent.
 */
#define BACKUP SHARED_DATA "/ios/mvt-backup/ios_backup/"
#define ILEAPP                                                                 \
	SHARED_DATA "/ios/ileapp/josh_ios15_ffs/filesystem2/mobile/Containers" \
		    "/Shared/AppGroup/694FBBC5-2E69-480A-A25B-FF8CC038BEF8/"

struct fact {
	const char *artifact;
	const char *path; /* in the acquisition */
	const char *file;
	size_t records;
	size_t events;
	const char *says; /* stands in a line of the output; NULL: nothing */
};

#define FACT(a, p, f, r, e, s)                                                 \
	{                                                                      \
		.artifact = (a), .path = (p), .file = (f), .records = (r),     \
		.events = (e), .says = (s)                                     \
	}

static const struct fact facts[] = {
	FACT("ios.manifest", "Manifest.db", BACKUP "Manifest.db", 3721, 5881,
	    "\"event\":\"M-CB\""),
	FACT("ios.datausage", "-",
	    BACKUP "0d/0d609c54856a9bb2d56729df1d68f2958a88426b", 42, 60,
	    "\"process_id\":5,\"state\":\"missing\",\"missing\":1"),
	FACT("ios.datausage", "-",
	    BACKUP "0d/0d609c54856a9bb2d56729df1d68f2958a88426b", 42, 60,
	    "\"process_id\":41,\"missing_after\":4"),
	FACT("ios.sms", "-",
	    BACKUP "3d/3d0d7e5fb2ce288813306e4d4636395e047a3d28", 1, 2,
	    "\"urls\":[\"https://badbadbad.example.org/\"]"),
	FACT("ios.tcc", "-",
	    BACKUP "64/64d0019cb3d46bfc8cce545a8ba54b93e7ea9347", 11, 11,
	    "\"service\":\"kTCCServiceUbiquity\",\"client\":"
	    "\"com.apple.Preferences\",\"process\":\"com.apple.Preferences\","
	    "\"client_type\":\"bundle_id\",\"allowed\":true"),
	FACT("ios.webkit_resource_loads",
	    "AppDomain-com.google.chrome.ios/Library/observations.db",
	    BACKUP "6e/6e9d0cb750a70e7fa10943c134a5f021dab327e7", 2, 2,
	    "\"domain\":\"gstatic.com\",\"app\":\"com.google.chrome.ios\""),
	FACT("ios.id_status_cache", "-",
	    SHARED_DATA "/ios/plaso/ios/"
			"com.apple.identityservices.idstatuscache.plist",
	    40, 40, "\"handle\":\"urn:ds:17193901029\""),
	FACT("ios.global_preferences", "-",
	    BACKUP "0d/0dc926a1810f7aee4e8f38793ed788701f93bf9d", 16, 0,
	    "\"lockdown_mode\":true"),
	FACT("ios.whatsapp", "-",
	    BACKUP "7c/7c7fba66680ef796b916b067077cc246adacf01d", 3, 3,
	    "\"urls\":[\"https://example.org/news\"]"),
	FACT("ios.backup_info", "Info.plist", BACKUP "Info.plist", 1, 1,
	    "\"build_version\":\"18C66\""),
	FACT("ios.applications", "Info.plist", BACKUP "Info.plist", 6, 0,
	    "\"bundle_id\":\"ph.telegra.Telegraph\",\"has_metadata\":false,"
	    "\"listed_in\":[\"installed\"]"),
	FACT("ios.calendar", "-",
	    BACKUP "20/2041457d5fe04d39d0ab481178355df6781e6858", 1, 4,
	    "\"organizer_email\":\"user@example.org\""),
	FACT("ios.calendar", "-",
	    SHARED_DATA "/ios/schema-true/calendar.1.Calendar.sqlitedb", 5, 10,
	    "\"organizer_email\":\"alex@example.invalid\","
	    "\"organizer_is_self\":true,\"participants\":["
	    "\"blair@example.invalid\",\"casey@example.invalid\"]"),
	FACT("ios.safari_history", "-",
	    SHARED_DATA "/ios/schema-true/safari.1.History.db", 4, 3, NULL),
	FACT("ios.calls", "-",
	    SHARED_DATA "/ios/schema-true/calls.1.CallHistory.storedata", 5, 5,
	    "\"phones\":["),
	FACT("ios.sms", "-", SHARED_DATA "/ios/schema-true/messages.1.sms.db",
	    10, 13, NULL),
	FACT("ios.sms_attachments", "-",
	    SHARED_DATA "/ios/schema-true/messages.1.sms.db", 2, 0, NULL),
	FACT("ios.datausage", "-",
	    SHARED_DATA "/ios/plaso/ios/DataUsage.sqlite", 922, 1594, NULL),
	FACT("ios.datausage", "-",
	    SHARED_DATA "/triangulation/E/0d/"
			"0d609c54856a9bb2d56729df1d68f2958a88426b",
	    1, 3, "\"process\":\"BackupAgent\""),
	FACT("ios.manifest", "Manifest.db",
	    SHARED_DATA "/triangulation/A/Manifest.db", 4, 5, NULL),
	FACT("ios.whatsapp", "-", ILEAPP "ChatStorage.sqlite", 32, 32, NULL),
};

static void
check_fact(const struct fact *f, char *bytes, size_t len)
{
	const struct artifact *a = artifact_by_name(f->artifact);
	struct run run;

	CHECK(a != NULL);
	run_init(&run, a, f->path);
	run_bytes(&run, bytes, len);
	if (run.err != ERR_OK || run.records != f->records ||
	    run.events != f->events ||
	    (f->says != NULL && strstr(buf_cstr(&run.out), f->says) == NULL)) {
		fprintf(stderr, "%s of %s: %zu records, %zu events:\n%s",
		    f->artifact, f->file, run.records, run.events,
		    buf_cstr(&run.out));
		exit(1);
	}
	run_done(&run);
}

/* The first process was first seen at 2019-08-27 15:08:09. */
static void
test_first(void)
{
	size_t len;
	char *bytes = run_slurp(facts[1].file, &len), *first;
	struct run run;

	if (bytes == NULL)
		return;
	run_init(&run, artifact_by_name("ios.datausage"), "-");
	run_bytes(&run, bytes, len);
	first = strstr(buf_cstr(&run.out), "\"first_usage\":\"");
	CHECK(first != NULL);
	CHECK(str_starts(str_from(first + 15), "2019-08-27T15:08:09"));
	run_done(&run);
	free(bytes);
}

int
main(void)
{
	size_t absent = 0, len;

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		char *bytes = run_slurp(facts[i].file, &len);

		if (bytes == NULL) {
			fprintf(stderr, "skipped: %s\n", facts[i].file);
			absent++;
			continue;
		}
		check_fact(&facts[i], bytes, len);
		free(bytes);
	}
	test_first();
	return absent > 0 ? TEST_SKIP : 0;
}
