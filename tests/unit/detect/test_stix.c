#include <sys/stat.h>

#include "detect_case.h"

#define UUID(n) "00000000-0000-4000-8000-0000000000" n

static enum err
load_text(struct indicators *x, const char *text, struct why *why)
{
	return load_named(x, "set-1.stix2", text, strlen(text), why);
}

/* Sealed, out of one text that must load. */
static struct indicators *
sealed_text(const char *text)
{
	struct indicators *x = indicators_new();
	struct why why = { "" };

	if (load_text(x, text, &why) != ERR_OK)
		fprintf(stderr, "%s\n", why.text);
	CHECK(why.text[0] == '\0');
	indicators_seal(x);
	return x;
}

static const struct indicator_set *
only_set(const struct indicators *x)
{
	const struct indicator_set *s;

	CHECK(indicators_sets(x, &s) == 1);
	return s;
}

/* The finding of the first hit of a URL, in an arena that lives on. */
static struct finding
finding_of(const struct indicators *x, const char *url, enum role role)
{
	static struct arena a;
	struct finding f = { .time_ns = TSTAMP_NONE };
	struct hits all;
	struct one o;

	arena_done(&a);
	arena_init(&a, LIMIT_ARENA);
	one_init(&o, OBS_URL, role, url);
	all = hits_of(x, &o.r);
	CHECK(all.n > 0);
	detectors[0]->finding(x, &all.v[0], &o.r, &a, &f);
	CHECK(f.title != NULL);
	return f;
}

#define INDICATOR(n, pattern, more)                                            \
	"{\"type\":\"indicator\",\"id\":\"indicator--" UUID(                   \
	    n) "\",\"pattern\":\"" pattern "\"" more "}"
#define NAMED(type, n, name, more)                                             \
	"{\"type\":\"" type "\",\"id\":\"" type                                \
	"--" UUID(n) "\",\"name\":\"" name "\"" more "}"
#define TIE(from, to)                                                          \
	"{\"type\":\"relationship\",\"id\":\"relationship--x\","               \
	"\"relationship_type\":\"indicates\",\"source_ref\":\"" from           \
	"\",\"target_ref\":\"" to "\"}"
#define BUNDLE(objects)                                                        \
	"{\"type\":\"bundle\",\"id\":\"bundle--x\",\"objects\":[" objects "]}"
#define EVIL "[domain-name:value='evil.com']"

/* A campaign through relationship or report, in any order. */
static void
campaigns(void)
{
	static const struct {
		const char *text, *campaign;
	} cases[] = {
		{BUNDLE(INDICATOR("01",				 EVIL,		       "") "," NAMED("malware",		"02",
		      "Spy",																																																		  "") "," TIE("indicator--" UUID("01"),
		      "malware--" UUID("02"))),
		    "Spy" },
 /* Everything before what it speaks of. */
		{ BUNDLE(TIE("indicator--" UUID("01"),
		      "malware--" UUID("02")) "," NAMED("malware",								   "02",												     "Spy",
		      "") "," INDICATOR("01",																																													    EVIL, "")),
		    "Spy" },
		{ BUNDLE(TIE("malware--" UUID("02"),
		      "indicator--" UUID("01")) "," INDICATOR("01",						    EVIL,
		      "") "," NAMED("malware",																						     "02",																																																		  "Spy", "")),
		    "Spy" },
 /* A report wins, a campaign goes before a malware, an actor
		   comes last. */
		{ BUNDLE(INDICATOR("01",		 EVIL,			       "") "," NAMED("malware",		"02",
		      "Spy",																								      "") "," TIE("indicator--" UUID("01"),
		      "malware--" UUID(
			  "02")) ","
				 "{\"object_refs\":[\"indicator--" UUID(
				     "01") "\"],"
					   "\"name\":\"Report\",\"type\":"
					   "\"report\",\"id\":\"report--" UUID(
					       "03") "\"}"),
		    "Report" },
		{ BUNDLE(INDICATOR("01",					    EVIL,								   "") "," NAMED(
		      "threat-actor",												     "04",																							"Actor",																																												    "") "," NAMED("malware",
		      "02", "Spy", "") "," NAMED("campaign", "03", "Campaign",
		      "") "," TIE("indicator--" UUID("01"),
		      "threat-actor--" UUID(
			  "04")) "," TIE("indicator--" UUID("01"),
		      "malware--" UUID("02")) "," TIE("indicator--" UUID("01"),
		      "campaign--" UUID("03"))),
		    "Campaign" },
 /* Ids of other types and without UUID. */
		{ BUNDLE(INDICATOR("01",					    EVIL,								   "") "," NAMED("malware",									"01",
		      "Spy",																																																	       "") "," TIE("indicator--" UUID("01"),
		      "malware--" UUID("01"))),
		    "Spy" },
		{ BUNDLE(
		      "{\"type\":\"indicator\",\"id\":\"indicator--one\","
		      "\"pattern\":\"" EVIL "\"},"
		      "{\"type\":\"malware\",\"id\":\"malware--one\",\"name\":"
		      "\"Spy\"}," TIE("indicator--one",				"malware--one")),
		    "Spy"},
 /* Tied to nothing: the name of the file. */
		{ BUNDLE(INDICATOR("01",					     EVIL,							     "")),									"set-1"},
		{ BUNDLE(INDICATOR("01", EVIL,		       "") "," TIE(
		      "indicator--" UUID("01"),										    "malware--" UUID("09"))),
		    "set-1"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct indicators *x = sealed_text(cases[i].text);
		struct finding f =
		    finding_of(x, "http://a.evil.com/", ROLE_VISIT);

		if (strcmp(f.campaign, cases[i].campaign) != 0)
			fprintf(stderr, "case %zu: %s\n", i, f.campaign);
		CHECK(strcmp(f.campaign, cases[i].campaign) == 0);
		CHECK(strcmp(f.indicator_value, "evil.com") == 0);
		CHECK(strcmp(f.indicator_type, "domain") == 0);
		CHECK(strcmp(only_set(x)->name, cases[i].campaign) == 0);
		CHECK(indicators_campaigns(x) == 1);
		indicators_free(x);
	}
}

/* One value in two sets is one indicator that names both. */
static void
two_sets(void)
{
	struct indicators *x = indicators_new();
	const struct indicator_set *s;
	struct finding f;
	struct why why;
	struct hits all;
	struct one o;

	CHECK(load_named(x, "b.json",
		  BUNDLE(INDICATOR("01", EVIL, "") "," INDICATOR(
		      "05", "[domain-name:value='EVIL.com']", "")),
		  strlen(BUNDLE(INDICATOR("01", EVIL, "") "," INDICATOR(
		      "05", "[domain-name:value='EVIL.com']", ""))),
		  &why) == ERR_OK);
	CHECK(
	    load_named(x, "a.json",
		BUNDLE(INDICATOR("02", "[domain-name:value='Evil.com.']", "")),
		strlen(BUNDLE(
		    INDICATOR("02", "[domain-name:value='Evil.com.']", ""))),
		&why) == ERR_OK);
	indicators_seal(x);
	CHECK(indicators_count(x) == 1);
	CHECK(indicators_sets(x, &s) == 2);
	CHECK(s[0].loaded == 2 && s[1].loaded == 1);
	one_init(&o, OBS_DOMAIN, ROLE_VISIT, "evil.com");
	all = hits_of(x, &o.r);
	CHECK(all.n == 1);
	f = finding_of(x, "http://evil.com", ROLE_VISIT);
	CHECK(strcmp(f.indicator_sets[0], "a") == 0);
	CHECK(strcmp(f.indicator_sets[1], "b") == 0);
	CHECK(f.indicator_sets[2] == NULL);
	CHECK(strcmp(f.campaign, "b") == 0); /* loaded first */
	indicators_free(x);
	/* A relationship in another file than its indicator. */
	x = indicators_new();
	CHECK(load_text(x,
		  BUNDLE(TIE("indicator--" UUID("01"), "malware--" UUID("02"))),
		  &why) == ERR_OK);
	CHECK(load_text(x, BUNDLE(INDICATOR("01", EVIL, "")), &why) == ERR_OK);
	CHECK(load_text(x, BUNDLE(NAMED("malware", "02", "Spy", "")), &why) ==
	      ERR_OK);
	indicators_seal(x);
	f = finding_of(x, "http://evil.com", ROLE_VISIT);
	CHECK(strcmp(f.campaign, "Spy") == 0);
	indicators_free(x);
}

/* What cannot be used is counted and named with its reason. */
static void
rejections(void)
{
	static const struct {
		const char *pattern, *why;
	} cases[] = {
		{"[process:command_line='x']",				"process:command_line is not"   },
		{ "[file:hashes.'SHA-512'='x']",				 "SHA-512 is not supported"	    },
		{ "[app:cert.sha1='x']",					 "app:cert.sha1 is not supported"},
		{ "[domain-name:value='despachosnegocios']",		     "no dot"			      },
		{ "[domain-name:value='a b.com']",			   "no domain"		       },
		{ "[domain-name:value='evil..com']",			     "no domain"			 },
		{ "[domain-name:value='']",				    "no dot"			     },
		{ "[domain-name:value='evil\\u0000.com']",		   "control"			     },
		{ "[ipv4-addr:value='1.2.3']",			       "no IP"			       },
		{ "[ipv4-addr:value='0.0.0.0/0']",			   "nearly every"		  },
		{ "[url:value='nothing']",				   "no web address"		    },
		{ "[file:path='/']",					"every phone"		   },
		{ "[file:path='/var/tmp/']",				     "every phone"		   },
		{ "[file:hashes.MD5='xyz']",				     "length"			      },
		{ "[file:hashes.MD5='0000000000000000000000000000000g']",
		    "hexadecimal"									      },
		{ "[email-addr:value='x']",				    "no e-mail"			},
		{ "[domain-name:value LIKE '%']",				  "everything"		       },
		{ "[domain-name:value MATCHES '.*']",			      "everything"			   },
		{ "[domain-name:value MATCHES '(']",			     "not valid"			 },
		{ "[domain-name:value=5]",				   "text in quotes"		    },
		{ "[domain-name:value!='x.y']",				"absent"			 },
		{ "[domain-name:value ISSUBSET '10.0.0.0/8']",	       "addresses"			   },
		{ "[domain-name:value='x.y'",				      "not well-formed"		},
		{ "[domain-name:value='x.y' AND process:command_line='x']",
		    "command_line"									     },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct indicator_rejected *r;
		struct indicators *x;
		char text[512];

		(void)snprintf(text, sizeof(text), BUNDLE("%s,%s"),
		    INDICATOR("01", EVIL, ""), "@");
		(void)snprintf(strchr(text, '@'), 300,
		    "{\"type\":\"indicator\",\"id\":\"x\",\"pattern\":\"%s\"}]"
		    "}",
		    cases[i].pattern);
		/* Patterns hold \' only; in JSON that backslash is doubled. */
		x = sealed_text(text);
		if (only_set(x)->rejected != 1)
			fprintf(stderr, "%s\n", cases[i].pattern);
		CHECK(only_set(x)->loaded == 1 && only_set(x)->rejected == 1);
		CHECK(indicators_rejected(x, &r) == 1);
		if (strstr(r->why, cases[i].why) == NULL)
			fprintf(stderr, "%s: %s\n", r->pattern, r->why);
		CHECK(strstr(r->why, cases[i].why) != NULL);
		CHECK(strcmp(r->set, "set-1.stix2") == 0);
		indicators_free(x);
	}
}

static void
parts(void)
{
	const struct indicator_rejected *r;
	struct indicators *x = sealed_text(BUNDLE(INDICATOR("01",
	    "[a:b='x' OR domain-name:value='evil.com']", "") "," INDICATOR("02",
	    EVIL, ",\"revoked\":true") "," INDICATOR("03", "rule x { }",
	    ",\"pattern_type\":\"yara\"") ","
					  "{\"type\":\"indicator\",\"id\":"
					  "\"indicator--" UUID("04") "\"}"));

	CHECK(only_set(x)->loaded == 1 && only_set(x)->partial == 1);
	CHECK(only_set(x)->rejected == 3);
	CHECK(indicators_rejected(x, &r) == 4);
	CHECK(strstr(r[0].why, "used in part: object path a:b") != NULL);
	CHECK(strstr(r[1].why, "revoked") != NULL);
	CHECK(strstr(r[2].why, "pattern type yara") != NULL);
	CHECK(strstr(r[3].why, "no pattern") != NULL);
	(void)finding_of(x, "http://evil.com", ROLE_VISIT);
	indicators_free(x);
}

/* Files that are no bundles: which file, where, what to do. */
static void
bad_files(void)
{
	static const struct {
		const char *text, *why;
		size_t n; /* 0: strlen */
	} cases[] = {
		{"hello",				    "not JSON",	       0},
		{ "",					"empty",	       0},
		{ "{\"type\":\"bundle\",\n\"objects\":[{]}", "line 2",	       0},
		{ "{\"type\":\"bundle\",\"objects\":[",	"fetch it again",	  0},
		{ "{\"type\":\"bundle\",\"objects\":[]} x",  "more text",		 0},
		{ "[]",				      "is missing",	      0},
		{ "{}",				      "is missing",	      0},
		{ "{\"Event\":{\"info\":[1,{}]}}",	   "is missing",		 0},
		{ "{\"objects\":[]}",			      "is missing",	    0},
		{ "{\"type\":\"report\"}",		   "\"report\"",		 0},
		{ "{\"type\":\"bundle\",\"x\":\"\xe9\"}",	  "convert it to UTF-8",
		    0								   },
		{ "\xff\xfe{\0",				 "UTF-16",		   4},
		{ "PK\3\4....",				"unpack it",	     0},
		{ "\x1f\x8b\x08....",			      "unpack it",	   0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct indicators *x = indicators_new();
		struct why why = { "" };
		size_t n = cases[i].n ? cases[i].n : strlen(cases[i].text);

		CHECK(load_named(x, "bad.json", cases[i].text, n, &why) ==
		      ERR_FORMAT);
		if (strstr(why.text, cases[i].why) == NULL)
			fprintf(stderr, "%s: %s\n", cases[i].text, why.text);
		CHECK(strstr(why.text, cases[i].why) != NULL);
		CHECK(strstr(why.text, "bad.json: ") != NULL);
		indicators_seal(x);
		indicators_free(x);
	}
}

/* A bundle that holds a little of everything. */
static const char sample[] = BUNDLE(NAMED("malware", "02", "Sp\\u00fd",
    ",\"published\":\"2024-01-02\"") "," INDICATOR("01",
    "[domain-name:value='evil.com' OR (file:name='a' AND "
    "file:hashes.MD5='000000000000000000000000000000ab')]",
    ",\"x_shared\":true,\"valid_until\":\"2025-01-01T00:00:"
    "00Z\"") "," INDICATOR("04",
    "[file:path LIKE '/tmp/%.kb' OR domain-name:value "
    "MATCHES 'x+']",
    ",\"x\":[1,{\"y\":null}]") "," TIE("indicator--" UUID("01"),
    "malware--" UUID("02")) ","
			    "{\"type\":\"report\",\"id\":\"report--" UUID(
				"03") "\",\"name\":\"R\","
				      "\"object_refs\":[\"indicator--" UUID(
					  "04") "\"]}");

static void
damaged(void)
{
	char copy[sizeof(sample)];
	size_t n = sizeof(sample) - 1;

	for (size_t i = 0; i < n; i++) {
		struct indicators *x = indicators_new();
		struct why why;

		CHECK(load_named(x, "cut", sample, i, &why) == ERR_FORMAT);
		indicators_free(x);
	}
	for (size_t i = 0; i < n; i++) {
		struct indicators *x = indicators_new();
		struct why why;
		struct one o;

		memcpy(copy, sample, sizeof(sample));
		copy[i] = (char)(copy[i] ^ (1 << (i % 8)));
		(void)load_named(x, "flip", copy, n, &why);
		indicators_seal(x);
		one_init(&o, OBS_URL, ROLE_VISIT, "http://evil.com/xx");
		(void)hits_of(x, &o.r);
		indicators_free(x);
	}
}

static void
folders(void)
{
	char dir[] = "/tmp/telassay-test-XXXXXX", path[300];
	static const char *const names[] = { "b.stix2", "a.json", "c.stix",
		"readme.txt", "sub/d.json", "sub/notes.md" };
	const char *const *skipped;
	struct indicators *x = indicators_new();
	const struct indicator_set *s;
	struct why why;

	CHECK(mkdtemp(dir) != NULL);
	(void)snprintf(path, sizeof(path), "%s/sub", dir);
	CHECK(mkdir(path, 0700) == 0);
	for (size_t i = 0; i < 6; i++) {
		FILE *f;

		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		CHECK((f = fopen(path, "we")) != NULL);
		fputs(BUNDLE(INDICATOR("01", EVIL, "")), f);
		CHECK(fclose(f) == 0);
	}
	CHECK(indicators_load(x, dir, true, &why) == ERR_OK);
	CHECK(indicators_load(x, "/nonexistent/x", false, &why) == ERR_ABSENT);
	CHECK(strstr(why.text, "/nonexistent/x") != NULL);
	indicators_seal(x);
	CHECK(indicators_load(x, dir, true, &why) == ERR_INTERNAL);
	CHECK(indicators_sets(x, &s) == 4);
	CHECK(strcmp(s[0].file, "a.json") == 0 && s[0].shipped);
	CHECK(strcmp(s[1].file, "b.stix2") == 0);
	CHECK(strcmp(s[2].file, "c.stix") == 0);
	CHECK(strcmp(s[3].file, "d.json") == 0);
	CHECK(strlen(s[0].sha256) == 64);
	CHECK(strcmp(s[0].sha256, s[3].sha256) == 0);
	CHECK(indicators_skipped(x, &skipped) == 2);
	CHECK(str_ends(str_from(skipped[0]), "/readme.txt"));
	CHECK(str_ends(str_from(skipped[1]), "/sub/notes.md"));
	indicators_free(x);
	for (size_t i = 6; i > 0; i--) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i - 1]);
		(void)unlink(path);
	}
	(void)snprintf(path, sizeof(path), "%s/sub", dir);
	(void)rmdir(path);
	(void)rmdir(dir);
}

/* What the set says of itself, and which indicators could apply. */
static void
facts(void)
{
	struct indicators *x =
	    sealed_text("{\"x_telassay_source\":\"S\",\"x_telassay_"
			"licence\":\"L\","
			"\"objects\":[" INDICATOR("01", EVIL,
			    ",\"valid_from\":\"2023-01-01T00:00:"
			    "00Z\"") "," INDICATOR("02", "[process:name='bh']",
			    ",\"created\":\"2024-05-06T07:08:09."
			    "12345Z\"") "," INDICATOR("03",
			    "[file:name='a' AND process:name='b']",
			    "") "],\"type\":\"bundle\"}");
	const struct indicator_set *s = only_set(x);
	int64_t newest;

	CHECK(strcmp(s->source, "S") == 0 && strcmp(s->licence, "L") == 0);
	CHECK(tstamp_parse("2024-05-06T07:08:09.12345Z", &newest));
	CHECK(s->newest_ns == newest);
	CHECK(s->by_obs[OBS_DOMAIN] == 1 && s->by_obs[OBS_PROCESS] == 1);
	CHECK(indicators_applicable(x, 0, 0, true) == 0);
	CHECK(indicators_applicable(x, 0, 1U << OBS_URL, true) == 1);
	CHECK(indicators_applicable(x, 0, 1U << OBS_PROCESS, true) == 1);
	CHECK(indicators_applicable(x, 0, 1U << OBS_PROCESS, false) == 0);
	CHECK(indicators_applicable(
		  x, 0, 1U << OBS_PROCESS | 1U << OBS_PATH, true) == 2);
	CHECK(indicators_applicable(x, 7, UINT32_MAX, true) == 0);
	indicators_free(x);
}

/* Nothing at all is loaded: nothing is found, nothing breaks. */
static void
nothing(void)
{
	struct indicators *x = indicators_new();
	const struct indicator_set *s;
	struct one o;

	indicators_seal(x);
	one_init(&o, OBS_URL, ROLE_VISIT, "http://evil.com/");
	CHECK(hits_of(x, &o.r).n == 0);
	CHECK(indicators_sets(x, &s) == 0 && indicators_count(x) == 0);
	indicators_free(x);
	indicators_free(NULL);
}

int
main(void)
{
	campaigns();
	two_sets();
	rejections();
	parts();
	bad_files();
	damaged();
	folders();
	facts();
	nothing();
	return 0;
}
