#include <string.h>

#include "check.h"
#include "detector.h"
#include "finding.h"

static void
names(void)
{
	CHECK(strcmp(level_name(LEVEL_INFO), "info") == 0);
	CHECK(strcmp(level_name(LEVEL_CRITICAL), "critical") == 0);
	CHECK(strcmp(finding_kind_name(FINDING_NOTE), "note") == 0);
	CHECK(strcmp(statement_name(STATEMENT_MATCH), "match") == 0);
}

static void
order(void)
{
	struct finding high = { .level = LEVEL_HIGH, .time_ns = 5 };
	struct finding low = { .level = LEVEL_LOW, .time_ns = 1 };
	struct finding later = { .level = LEVEL_HIGH, .time_ns = 6 };
	struct finding undated = { .level = LEVEL_HIGH,
		.time_ns = TSTAMP_NONE };
	struct finding r9 = {
		.level = LEVEL_HIGH, .time_ns = 5, .locator = str_from("r9")
	};
	struct finding r10 = {
		.level = LEVEL_HIGH, .time_ns = 5, .locator = str_from("r10")
	};

	CHECK(finding_cmp(&high, &low) < 0);
	CHECK(finding_cmp(&high, &later) < 0);
	CHECK(finding_cmp(&later, &undated) < 0);
	CHECK(finding_cmp(&undated, &later) > 0);
	CHECK(finding_cmp(&r9, &r10) < 0);
	CHECK(finding_cmp(&r10, &r10) == 0);
}

int
main(void)
{
	names();
	order();
	return 0;
}
