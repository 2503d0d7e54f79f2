#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "acquisition.h"
#include "check.h"
#include "entries.h"
#include "ios_layout.h"
#include "tstamp.h"

extern const struct acquisition_kind kind_ios_fs, kind_ios_sysdiagnose;

static size_t notes_left;

static void
count_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	(void)arg, (void)id, (void)off, (void)detail;
	notes_left++;
}

static const struct notes counter = { .fn = count_note };
static const struct acquire_options no_options;

static const char version_plist[] =
    "<plist><dict><key>ProductVersion</key><string>15.3.1</string>"
    "<key>ProductBuildVersion</key><string>19D52</string></dict></plist>";
static const char gestalt_plist[] =
    "<plist><dict><key>CacheExtra</key><dict>"
    "<key>h9jDsbgj7xIVeIQ8S3/X3Q</key><string>iPad11,1</string>"
    "<key>Z/dqyWS6OZTRy10UcmUAhw</key><string>iPad mini</string>"
    "<key>qNNddlUK+B/YlooNoymwgA</key><string>9.9</string>"
    "</dict></dict></plist>";
static const char ark_plist[] =
    "<plist><dict><key>-DeviceName</key><string>Ann's iPad</string></dict>"
    "</plist>";

#define GESTALT                                                                \
	"containers/Shared/SystemGroup/"                                       \
	"systemgroup.com.apple.mobilegestaltcache/Library/Caches/"             \
	"com.apple.MobileGestalt.plist"
#define MEM(path, text)                                                        \
	{                                                                      \
		path, text, sizeof(text) - 1                                   \
	}

/* One phone, as four tools would give it. */
static const struct source_mem_entry root[] = {
	MEM("System/Library/CoreServices/SystemVersion.plist", version_plist),
	MEM("private/var/" GESTALT, gestalt_plist),
	MEM("private/var/mobile/Library/SMS/sms.db", "sms"),
	MEM("private/var/root/Library/Lockdown/data_ark.plist", ark_plist),
};
static const struct source_mem_entry links[] = {
	MEM("System/Library/CoreServices/SystemVersion.plist", version_plist),
	MEM("etc/hosts", "hosts"),
	MEM("var/" GESTALT, gestalt_plist),
	MEM("var/mobile/Library/SMS/sms.db", "sms"),
	MEM("var/root/Library/Lockdown/data_ark.plist", ark_plist),
};
static const struct source_mem_entry split[] = {
	MEM("extra/KeychainDump/x.plist", "x"),
	MEM("filesystem1/System/Library/CoreServices/SystemVersion.plist",
	    version_plist),
	MEM("filesystem1/private/var/mobile/Library/SMS/sms.db", "older"),
	MEM("filesystem2/" GESTALT, gestalt_plist),
	MEM("filesystem2/mobile/Library/SMS/sms.db", "sms"),
	MEM("filesystem2/root/Library/Lockdown/data_ark.plist", ark_plist),
};
static const struct source_mem_entry data[] = {
	MEM(GESTALT, gestalt_plist),
	MEM("installd/Library/MobileInstallation/LastBuildInfo.plist",
	    version_plist),
	MEM("mobile/Library/SMS/sms.db", "sms"),
	MEM("root/Library/Lockdown/data_ark.plist", ark_plist),
};

static const struct {
	const struct source_mem_entry *e;
	size_t count;
	enum ios_layout layout;
} phones[] = {
	{root,	sizeof(root) / sizeof(root[0]),	IOS_LAYOUT_ROOT },
	{ links, sizeof(links) / sizeof(links[0]), IOS_LAYOUT_ROOT },
	{ split, sizeof(split) / sizeof(split[0]), IOS_LAYOUT_SPLIT},
	{ data,	sizeof(data) / sizeof(data[0]),	IOS_LAYOUT_DATA },
};

static bool
text_is(struct source *s, const char *path, const char *want)
{
	const struct entry *e = source_find(s, path);
	struct file *f;
	char buf[64];
	size_t got;

	if (e == NULL || source_open(s, e, &counter, &f) != ERR_OK)
		return false;
	CHECK(file_read_at(f, 0, buf, sizeof(buf), &got) == ERR_OK);
	file_free(f);
	return got == strlen(want) && memcmp(buf, want, got) == 0;
}

static void
free_opened(struct acquisition *a, struct source *outer)
{
	if (a->source != outer)
		source_free(a->source);
	source_free(outer);
	arena_done(&a->arena);
}

static void
test_layouts(void)
{
	for (size_t i = 0; i < sizeof(phones) / sizeof(phones[0]); i++) {
		struct source *s = source_mem_new(phones[i].e, phones[i].count);
		struct acquisition a = { .made_ns = TSTAMP_NONE };
		int sure;

		notes_left = 0;
		arena_init(&a.arena, 1 << 20);
		CHECK(ios_layout_of(s, &sure) == phones[i].layout);
		CHECK(sure >= ACQUISITION_SURE);
		CHECK(kind_ios_fs.probe(s) == sure);
		CHECK(kind_ios_sysdiagnose.probe(s) == 0);
		CHECK(kind_ios_fs.open(&a, s, &no_options, &counter, NULL) ==
		      ERR_OK);
		/* Only a dump that begins at the root needs no new names. */
		CHECK((a.source == s) == (phones[i].e == root));
		CHECK(text_is(
		    a.source, "private/var/mobile/Library/SMS/sms.db", "sms"));
		CHECK(strcmp(a.os_version, "15.3.1") == 0);
		CHECK(strcmp(a.build, "19D52") == 0);
		CHECK(strcmp(a.product, "iPad11,1") == 0);
		CHECK(strcmp(a.model, "iPad mini") == 0);
		CHECK(strcmp(a.name, "Ann's iPad") == 0);
		CHECK(strcmp(a.os, "iPadOS") == 0);
		/* One path in both partitions is said. */
		CHECK(notes_left == (phones[i].e == split));
		if (phones[i].e == links)
			CHECK(text_is(a.source, "private/etc/hosts", "hosts"));
		if (phones[i].e == split)
			CHECK(text_is(
			    a.source, "extra/KeychainDump/x.plist", "x"));
		free_opened(&a, s);
	}
}

static void
test_none(void)
{
	static const struct source_mem_entry others[] = {
		MEM("Manifest.db", ""),
		MEM("mobile/notes.txt", ""),
		MEM("var/log/syslog", ""),
		MEM("HomeDomain/Library/SMS/sms.db", ""),
	};
	struct source *s =
	    source_mem_new(others, sizeof(others) / sizeof(others[0]));
	struct acquisition a = { .made_ns = TSTAMP_NONE };
	struct why why = { "" };

	CHECK(kind_ios_fs.probe(s) == 0 && kind_ios_sysdiagnose.probe(s) == 0);
	CHECK(
	    kind_ios_fs.open(&a, s, &no_options, &counter, &why) == ERR_FORMAT);
	CHECK(strstr(why.text, "private/var") != NULL);
	CHECK(kind_ios_sysdiagnose.open(&a, s, &no_options, &counter, &why) ==
	      ERR_FORMAT);
	CHECK(strstr(why.text, "sysdiagnose") != NULL);
	source_free(s);
}

/* Links keep their names, folders too; nothing leaves LIMIT_PATH. */
static void
test_paths(void)
{
	static char longest[LIMIT_PATH + 1];
	static const struct {
		enum ios_layout l;
		const char *from, *to;
	} cases[] = {
		{IOS_LAYOUT_ROOT,   "var",			  "var"		},
		{ IOS_LAYOUT_ROOT,  "var/x",			    "private/var/x"   },
		{ IOS_LAYOUT_ROOT,  "variable/x",		 "variable/x"      },
		{ IOS_LAYOUT_ROOT,  "private/var/x",		    "private/var/x"   },
		{ IOS_LAYOUT_SPLIT, "filesystem2",		   "private/var"	 },
		{ IOS_LAYOUT_SPLIT, "filesystem2/private/var/a",
		    "private/var/a"						   },
		{ IOS_LAYOUT_SPLIT, "filesystem2/private/varia",
		    "private/var/private/varia"					},
		{ IOS_LAYOUT_SPLIT, "filesystem1/tmp",	       "tmp"	     },
		{ IOS_LAYOUT_SPLIT, "filesystem1/etc/hosts",
		    "private/etc/hosts"					       },
		{ IOS_LAYOUT_SPLIT, "filesystem10/x",	      "filesystem10/x"  },
		{ IOS_LAYOUT_DATA,  "../x",			   "private/var/../x"},
	};
	struct ios_path p;
	bool renamed;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(ios_layout_path(
		    cases[i].l, str_from(cases[i].from), &p, &renamed));
		CHECK(strcmp(p.text, cases[i].to) == 0);
		CHECK(p.n == strlen(p.text));
		CHECK(renamed == (strcmp(cases[i].from, cases[i].to) != 0));
	}
	CHECK(!ios_layout_path(
	    IOS_LAYOUT_SPLIT, str_from("filesystem1"), &p, &renamed));
	memset(longest, 'x', LIMIT_PATH);
	CHECK(
	    ios_layout_path(IOS_LAYOUT_ROOT, str_from(longest), &p, &renamed));
	CHECK(
	    !ios_layout_path(IOS_LAYOUT_DATA, str_from(longest), &p, &renamed));
}

static bool
want_sms(void *arg, struct str path, uint64_t size)
{
	(void)arg, (void)size;
	return str_is(path, "private/var/mobile/Library/SMS/sms.db");
}

/* What is asked for of an archive before its layout is known. */
static void
test_wants(void)
{
	static const struct {
		const char *path;
		bool wanted;
	} cases[] = {
		{"filesystem2/mobile/Library/SMS/sms.db",		   true },
		{ "Dump/filesystem2/mobile/Library/SMS/sms.db",	true },
		{ "Dump/var/mobile/Library/SMS/sms.db",		true },
		{ "mobile/Library/SMS/sms.db",			       true },
		{ "X/System/Library/CoreServices/SystemVersion.plist", true },
		{ "filesystem2/" GESTALT,				  true },
		{ "filesystem2/mobile/Library/SMS/sms.db-shm",	       false},
		{ "System/Library/CoreServices/Other.plist",	     false},
		{ "",						  false},
	};
	const struct acquire_options o = { .want = { .fn = want_sms } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK(kind_ios_fs.wants(&o, str_from(cases[i].path)) ==
		      cases[i].wanted);
}

static void
test_sysdiagnose(void)
{
#define TOP "sysdiagnose_2022.01.10_12-00-00-0500_iPad-OS_iPad_19D52"
	static const struct source_mem_entry named[] = {
		MEM("._" TOP, "x"),
		MEM(TOP "/logs/SystemVersion/SystemVersion.plist",
		    version_plist),
		MEM(TOP "/ps.txt", "ps"),
	};
	static const struct source_mem_entry bare[] = {
		MEM("crashes_and_spins/a.ips", "a"),
		MEM("ps.txt", "ps"),
	};
	struct source *s = source_mem_new(named, 3);
	struct acquisition a = { .made_ns = TSTAMP_NONE };
	char iso[32];

	arena_init(&a.arena, 1 << 20);
	CHECK(kind_ios_sysdiagnose.probe(s) >= ACQUISITION_SURE);
	CHECK(kind_ios_fs.probe(s) == 0);
	CHECK(kind_ios_sysdiagnose.open(&a, s, &no_options, &counter, NULL) ==
	      ERR_OK);
	CHECK(a.source->count == 2 && text_is(a.source, "ps.txt", "ps"));
	CHECK(strcmp(a.os, "iPadOS") == 0 && strcmp(a.build, "19D52") == 0);
	CHECK(strcmp(a.model, "iPad") == 0);
	CHECK(strcmp(a.os_version, "15.3.1") == 0);
	CHECK(strcmp(tstamp_iso(a.made_ns, iso), "2022-01-10T17:00:00Z") == 0);
	free_opened(&a, s);

	s = source_mem_new(bare, 2);
	a = (struct acquisition){ .made_ns = TSTAMP_NONE };
	arena_init(&a.arena, 1 << 20);
	CHECK(kind_ios_sysdiagnose.probe(s) >= ACQUISITION_SURE);
	CHECK(kind_ios_sysdiagnose.open(&a, s, &no_options, &counter, NULL) ==
	      ERR_OK);
	CHECK(a.source == s && a.build == NULL && a.made_ns == TSTAMP_NONE);
	free_opened(&a, s);
}

/* Names that are nearly those of a sysdiagnose. */
static void
test_sysdiagnose_names(void)
{
	static const char *const names[] = {
		"sysdiagnose_",
		"sysdiagnose_2022",
		"sysdiagnose_2022.01.10_12-00-00-0500",
		"sysdiagnose_2022.01.10_12-00-00-05x0_iPhone-OS_iPhone_1",
		"sysdiagnose_2022.99.10_12-00-00-0500_iPhone-OS_iPhone_1",
		"sysdiagnose_2022.01.10_12-00-00-0500_iPhone-OS",
		"sysdiagnose_2022.01.10_12-00-00-0500_iPhone-OS_iPhone_",
		"sysdiagnose_*_?",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[256];
		const struct source_mem_entry e = { path, "x", 1 };
		struct acquisition a = { .made_ns = TSTAMP_NONE };
		struct source *s;

		(void)snprintf(path, sizeof(path), "%s/ps.txt", names[i]);
		s = source_mem_new(&e, 1);
		arena_init(&a.arena, 1 << 20);
		if (kind_ios_sysdiagnose.open(
			&a, s, &no_options, &counter, NULL) == ERR_OK)
			CHECK(a.source->count == 1);
		free_opened(&a, s);
	}
}

/* The first column of a list of files, out of an archive of the real data. */
static struct source *
list_from(const char *name, struct arena *arena, struct source **zip)
{
	char path[512];
	struct entries l;
	struct file *f;
	struct cur c;
	struct str line;
	size_t at = 0;
	int fd;

	(void)snprintf(
	    path, sizeof(path), "%s/ios/filelists/%s", SHARED_DATA, name);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return NULL;
	CHECK(file_fd_new(path, fd, &f) == ERR_OK);
	CHECK(source_archive_new(f, NULL, &counter, NULL, zip) == ERR_OK);
	CHECK(source_open(*zip, source_glob(*zip, "*.csv", &at), &counter,
		  &f) == ERR_OK);
	CHECK(file_read_all(f, arena, SIZE_MAX, &c) == ERR_OK);
	file_free(f);
	entries_init(&l);
	while (cur_line(&c, &line)) {
		line = str_sub(line, 0, str_find(line, ','));
		if (line.n > 0 && line.p[0] == '/')
			line = str_sub(line, 1, line.n);
		if (line.n > 0)
			CHECK(entries_add(&l, &(struct entry){ .path = line,
						  .mtime_ns = TSTAMP_NONE }));
	}
	return source_view_new(*zip, &l);
}

static bool
test_real_lists(void)
{
	static const struct {
		const char *file;
		enum ios_layout layout;
	} lists[] = {
		{"josh-hickman-ios15.csv.zip",	IOS_LAYOUT_SPLIT},
		{ "magnet-mvs-2023-ios.csv.zip",	 IOS_LAYOUT_ROOT },
		{ "belkasoft-ctf6-ios-dev1.csv.zip", IOS_LAYOUT_ROOT },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct acquisition a = { .made_ns = TSTAMP_NONE };
		struct arena arena;
		struct source *zip = NULL, *s;
		size_t at = 0, n = 0;

		arena_init(&arena, (size_t)256 << 20);
		arena_init(&a.arena, 1 << 20);
		if ((s = list_from(lists[i].file, &arena, &zip)) == NULL) {
			fprintf(stderr, "not there: %s\n", lists[i].file);
			return false;
		}
		CHECK(ios_layout_of(s, &(int){ 0 }) == lists[i].layout);
		CHECK(kind_ios_fs.open(&a, s, &no_options, &counter, NULL) ==
		      ERR_OK);
		while (source_glob(a.source, "private/var/mobile/**", &at))
			n++;
		CHECK(n > 10000);
		at = 0;
		CHECK(source_glob(a.source, "filesystem*/**", &at) == NULL);
		at = 0;
		CHECK(
		    source_glob(a.source,
			"private/var/mobile/Library/SMS/sms.db", &at) != NULL);
		free_opened(&a, s);
		source_free(zip);
		arena_done(&arena);
	}
	return true;
}

/* A part of a real dump, as a folder. */
static bool
test_real_folder(void)
{
	static const char path[] = SHARED_DATA "/ios/ileapp/mvs_ios_2023";
	struct acquisition *a;
	struct why why = { "" };

	if (access(path, R_OK) != 0) {
		fprintf(stderr, "not there: %s\n", path);
		return false;
	}
	CHECK(
	    acquisition_open(path, &no_options, &counter, &why, &a) == ERR_OK);
	CHECK(strcmp(a->kind->name, "ios-fs") == 0);
	CHECK(a->name != NULL && strstr(a->name, "iPhone") != NULL);
	/* Sizes and times are known before workers lose the right to ask. */
	for (size_t i = 0; i < a->source->count; i++) {
		CHECK(a->source->entries[i].size != ENTRY_SIZE_UNKNOWN);
		CHECK(a->source->entries[i].mtime_ns != TSTAMP_NONE);
	}
	CHECK(a->source->bytes > 0);
	acquisition_free(a);
	return true;
}

int
main(void)
{
	bool real;

	test_layouts();
	test_none();
	test_paths();
	test_wants();
	test_sysdiagnose();
	test_sysdiagnose_names();
	real = test_real_lists();
	real = test_real_folder() && real;
	return real ? EXIT_SUCCESS : TEST_SKIP;
}
