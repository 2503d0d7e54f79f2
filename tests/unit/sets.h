#ifndef TESTS_UNIT_SETS_H
#define TESTS_UNIT_SETS_H
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "indicators.h"

/*
 * A small indicator set for tests of what comes after detection: one campaign,
 * a domain, a process, and a pattern that nobody can use.
 */
#define SETS_DATE "2023-06-12T08:00:00.000Z"
#define SETS_INDICATOR(n, pattern)                                             \
	"{\"type\":\"indicator\",\"spec_version\":\"2.1\",\"id\":\"indicator-" \
	"-00000000-0000-4000-8000-00000000000" n "\",\"created\":\"" SETS_DATE \
	"\",\"modified\":\"" SETS_DATE "\",\"valid_from\":\"" SETS_DATE        \
	"\",\"pattern_type\":\"stix\",\"pattern\":\"" pattern "\"},"           \
	"{\"type\":\"relationship\",\"spec_version\":\"2.1\",\"id\":"          \
	"\"relationship--00000000-0000-4000-8000-00000000001" n                \
	"\",\"created\":\"" SETS_DATE "\",\"modified\":\"" SETS_DATE           \
	"\",\"relationship_type\":\"indicates\",\"source_ref\":\"indicator--"  \
	"00000000-0000-4000-8000-00000000000" n                                \
	"\",\"target_ref\":\"malware--00000000-0000-4000-8000-0000000000ff\"}"

static const char sets_bundle[] =
    "{\"type\":\"bundle\",\"id\":\"bundle--00000000-0000-4000-8000-"
    "0000000000fe\",\"objects\":[{\"type\":\"malware\",\"spec_version\":"
    "\"2.1\",\"id\":\"malware--00000000-0000-4000-8000-0000000000ff\","
    "\"created\":\"" SETS_DATE "\",\"modified\":\"" SETS_DATE
    "\",\"name\":\"Operation "
    "Triangulation\",\"is_family\":false}," SETS_INDICATOR(
	"1", "[domain-name:value='backuprabbit.com']") "," SETS_INDICATOR("2",
	"[process:name='BackupAgent']") "," SETS_INDICATOR("3",
	"[x-nobody:knows='this']") "]}";

/* The set, loaded and sealed; the caller frees it. */
static inline struct indicators *
sets_load(void)
{
	char path[] = "/tmp/telassay-set-XXXXXX.json";
	struct indicators *x = indicators_new();
	int fd = mkstemps(path, (int)strlen(".json"));
	size_t n = strlen(sets_bundle);
	struct why why;

	CHECK(fd >= 0);
	CHECK(write(fd, sets_bundle, n) == (ssize_t)n);
	CHECK(close(fd) == 0);
	CHECK(indicators_load(x, path, true, &why) == ERR_OK);
	CHECK(unlink(path) == 0);
	indicators_seal(x);
	CHECK(indicators_count(x) == 2);
	return x;
}
#endif
