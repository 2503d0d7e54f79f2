#include "consent.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "tstamp.h"

#define NOW INT64_C(1767225600000000000) /* 2026-01-01 */

static const char good[] =
    "{\"schema\":\"telassay.consent/1\",\"by\":\"Ay\xc5\x9f"
    "e K.\",\"subject\":\"owl-17\",\"scopes\":[\"check\",\"keep\"],"
    "\"created\":\"2025-12-01T10:00:00Z\",\"until\":\"2026-01-01\","
    "\"text\":\"agreed on paper\"}";

static void
test_good(void)
{
	struct consent c;
	struct why why;
	const int64_t day = INT64_C(86400000000000);

	CHECK(consent_parse(str_from(good), "c", &c, &why) == ERR_OK);
	CHECK(strcmp(c.subject, "owl-17") == 0);
	CHECK(strlen(c.sha256) == 64);
	CHECK(consent_allows(&c, CONSENT_CHECK, NOW, &why));
	CHECK(consent_allows(&c, CONSENT_KEEP, NOW + day - 1, &why));
	CHECK(!consent_allows(&c, CONSENT_KEEP, NOW + day, &why));
	CHECK(strstr(why.text, "2026-01-01") && strstr(why.text, "ended"));
	CHECK(!consent_allows(&c, CONSENT_FLEET, NOW, &why));
	CHECK(strstr(why.text, "\"fleet\"") && strstr(why.text, "owl-17"));
	CHECK(!consent_allows(&c, CONSENT_CHECK, NOW - 60 * day, &why));
	CHECK(strstr(why.text, "future"));
	consent_done(&c);
	consent_done(&c);
}

/* What is written reads back as the same. */
static void
test_round(void)
{
	struct consent a, b;
	struct why why;
	struct jsonw w;
	struct buf out;

	CHECK(consent_parse(str_from(good), "c", &a, &why) == ERR_OK);
	buf_init(&out, 65536);
	jsonw_init(&w, &out, NULL, true);
	consent_json(&a, &w);
	CHECK(consent_parse(buf_text(&out), "c", &b, &why) == ERR_OK);
	CHECK(a.scopes == b.scopes && a.until_ns == b.until_ns &&
	      a.created_ns == b.created_ns);
	CHECK(strcmp(a.by, b.by) == 0 && strcmp(a.text, b.text) == 0);
	buf_done(&out);
	consent_done(&a);
	consent_done(&b);
}

/* Each is refused, and the words name what is wrong. */
static void
test_bad(void)
{
	static const struct {
		const char *from, *to, *says;
	} rows[] = {
		{"telassay.consent/1",	"telassay.consent/2", "schema"    },
		{ "\"schema\"",		"\"skema\"",	     "schema"    },
		{ "\"owl-17\"",		"\"  \"",		  "subject"   },
		{ "\"owl-17\"",		"17",		      "texts"     },
		{ "owl-17",		    "owl\\u202e17",	    "characters"},
		{ "owl-17",		    "owl\\n17",		"characters"},
		{ "\"check\",",		"\"chek\",",	     "scope 1"   },
		{ "\"check\",\"keep\"",	"",		    "no scope"  },
		{ "[\"check\",\"keep\"]", "\"check\"",	       "no list"	 },
		{ "\"check\",\"keep\"",	"\"check\",7",	       "scope 2"	 },
		{ "2026-01-01",		"2026-02-31x",	       "until"     },
		{ "2026-01-01",		"soon",		"until"	},
		{ "2025-12-01T10:00:00Z", "yesterday",	       "created"	 },
		{ "\"created\"",		 "\"by\"",		   "not JSON"  }, /* twice */
	};
	struct consent c;
	struct why why;
	char text[1024];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *at = strstr(good, rows[i].from);

		CHECK(at != NULL);
		(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good),
		    good, rows[i].to, at + strlen(rows[i].from));
		CHECK(consent_parse(str_from(text), "f.json", &c, &why) ==
		      ERR_FORMAT);
		if (strstr(why.text, rows[i].says) == NULL ||
		    strstr(why.text, "f.json") == NULL) {
			fprintf(stderr, "row %zu: %s\n", i, why.text);
			exit(1);
		}
		consent_done(&c);
	}
}

/* Cut anywhere it is refused; with any byte changed it does not crash. */
static void
test_damage(void)
{
	struct consent c;
	char text[sizeof(good)];

	for (size_t n = 0; n < sizeof(good) - 1; n++) {
		CHECK(consent_parse((struct str){ good, n }, "c", &c, NULL) ==
		      ERR_FORMAT);
		consent_done(&c);
	}
	for (size_t i = 0; i < sizeof(good) - 1; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(text, good, sizeof(good));
			text[i] = (char)((uint8_t)text[i] ^ 1U << bit);
			(void)consent_parse(
			    (struct str){ text, sizeof(good) - 1 }, "c", &c,
			    NULL);
			consent_done(&c);
		}
}

static void
test_files(void)
{
	char path[] = "/tmp/telassay-consent-XXXXXX";
	int fd = mkstemp(path);
	struct consent c;
	struct why why;

	CHECK(fd >= 0);
	CHECK(write(fd, good, sizeof(good) - 1) == (ssize_t)sizeof(good) - 1);
	CHECK(consent_load(path, &c, &why) == ERR_OK);
	consent_done(&c);
	/* Larger than any record is. */
	CHECK(ftruncate(fd, 1 << 20) == 0);
	CHECK(consent_load(path, &c, &why) == ERR_FORMAT);
	CHECK(strstr(why.text, "too large") != NULL);
	consent_done(&c);
	CHECK(close(fd) == 0 && unlink(path) == 0);
	CHECK(consent_load(path, &c, &why) == ERR_IO);
	CHECK(strstr(why.text, path) != NULL);
	consent_done(&c);
	CHECK(consent_load("/", &c, &why) == ERR_IO);
	consent_done(&c);
}

int
main(void)
{
	test_good();
	test_round();
	test_bad();
	test_damage();
	test_files();
	return 0;
}
