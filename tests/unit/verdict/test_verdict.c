#include "verdict.h"

#include <string.h>

#include "consent.h"
#include "sets.h"

/*
 * The rules of DESIGN section 3, each as a row: findings in, verdict out, in
 * every order of the findings.
 */
#define FINDINGS_MAX 4

struct row {
	enum finding_kind kind;
	enum level level;
	enum role role;
	const char *type; /* of the indicator */
};

#define IND(l, r, t)                                                           \
	{                                                                      \
		FINDING_INDICATOR, LEVEL_##l, ROLE_##r, t                      \
	}
#define RULE(l)                                                                \
	{                                                                      \
		FINDING_RULE, LEVEL_##l, ROLE_EXECUTION, NULL                  \
	}
#define ODD(l)                                                                 \
	{                                                                      \
		FINDING_ANOMALY, LEVEL_##l, ROLE_EXECUTION, NULL               \
	}
#define NOTED(l)                                                               \
	{                                                                      \
		FINDING_NOTE, LEVEL_##l, ROLE_EXECUTION, NULL                  \
	}

static const struct {
	const char *name;
	enum verdict expect;
	size_t n;
	struct row row[FINDINGS_MAX];
} cases[] = {
	{"nothing",			VERDICT_NO_KNOWN_TRACE, 0, { { 0 } }			  },
	{ "execution",		       VERDICT_MATCH,	      1,
	    { IND(CRITICAL, EXECUTION, "process") }						      },
	{ "execution medium",	      VERDICT_MATCH,	     1,
	    { IND(MEDIUM, EXECUTION, "process") }							},
	{ "execution low",		   VERDICT_NO_KNOWN_TRACE, 1,
	    { IND(LOW, EXECUTION, "process") }							   },
	{ "contact",		       VERDICT_MATCH,	    1, { IND(HIGH, CONTACT, "domain") }},
	{ "contact info",		  VERDICT_NO_KNOWN_TRACE, 1,
	    { IND(INFO, CONTACT, "ip") }								 },
	{ "delivery",		      VERDICT_SUSPICIOUS,	  1, { IND(HIGH, DELIVERY, "url") }  },
	{ "delivery medium",		     VERDICT_SUSPICIOUS,	 1,
	    { IND(MEDIUM, DELIVERY, "email") }							   },
	{ "delivery low",		  VERDICT_NO_KNOWN_TRACE, 1,
	    { IND(LOW, DELIVERY, "url") }								},
	{ "rule",			  VERDICT_SUSPICIOUS,     1, { RULE(MEDIUM) }		  },
	{ "rule critical",		   VERDICT_SUSPICIOUS,     1, { RULE(CRITICAL) }		     },
	{ "rule low",		      VERDICT_NO_KNOWN_TRACE, 1, { RULE(LOW) }		       },
	{ "visit",			 VERDICT_INCONCLUSIVE,	 1, { IND(MEDIUM, VISIT, "domain") }},
	{ "visit high",			VERDICT_INCONCLUSIVE,   1,
	    { IND(HIGH, VISIT, "domain") }							       },
	{ "visit low",		       VERDICT_NO_KNOWN_TRACE, 1,
	    { IND(LOW, VISIT, "domain") }								},
	{ "mention",		       VERDICT_INCONCLUSIVE,   1,
	    { IND(MEDIUM, MENTION, "path") }							     },
	{ "mention critical",	      VERDICT_INCONCLUSIVE,   1,
	    { IND(CRITICAL, MENTION, "path") }							   },
	{ "two visits",			VERDICT_INCONCLUSIVE,   2,
	    { IND(MEDIUM, VISIT, "domain"), IND(MEDIUM, VISIT, "url") }					},
	{ "visit and mention of a domain", VERDICT_INCONCLUSIVE,	 2,
	    { IND(MEDIUM, VISIT, "domain"), IND(MEDIUM, MENTION, "domain") }			     },
	{ "two files",		       VERDICT_INCONCLUSIVE,   2,
	    { IND(MEDIUM, MENTION, "path"), IND(MEDIUM, MENTION, "sha256") }			     },
	{ "visit and file",		    VERDICT_SUSPICIOUS,	2,
	    { IND(MEDIUM, VISIT, "domain"), IND(MEDIUM, MENTION, "path") }				   },
	{ "domain and file named",	   VERDICT_SUSPICIOUS,     2,
	    { IND(MEDIUM, MENTION, "domain"),
		IND(MEDIUM, MENTION, "file-name") }						    },
	{ "visit and file, one low",	     VERDICT_INCONCLUSIVE,   2,
	    { IND(MEDIUM, VISIT, "domain"), IND(LOW, MENTION, "path") }					},
	{ "anomaly",		       VERDICT_NO_KNOWN_TRACE, 1, { ODD(CRITICAL) }		  },
	{ "two anomalies",		   VERDICT_NO_KNOWN_TRACE, 2,
	    { ODD(HIGH), ODD(HIGH) }								     },
	{ "anomaly and visit",	       VERDICT_SUSPICIOUS,	   2,
	    { ODD(MEDIUM), IND(MEDIUM, VISIT, "domain") }						  },
	{ "anomaly low and visit",	   VERDICT_INCONCLUSIVE,	 2,
	    { ODD(LOW), IND(MEDIUM, VISIT, "domain") }						       },
	{ "anomaly and file",	      VERDICT_SUSPICIOUS,	  2,
	    { ODD(HIGH), IND(MEDIUM, MENTION, "path") }							},
	{ "note",			  VERDICT_INCONCLUSIVE,	1, { NOTED(CRITICAL) }	       },
	{ "note info",		       VERDICT_NO_KNOWN_TRACE, 1, { NOTED(INFO) }		  },
	{ "note and anomaly",	      VERDICT_INCONCLUSIVE,   2,
	    { NOTED(HIGH), ODD(HIGH) }								   },
	{ "note and visit",		    VERDICT_INCONCLUSIVE,	  2,
	    { NOTED(HIGH), IND(MEDIUM, VISIT, "url") }						       },
	{ "delivery and visit",		VERDICT_SUSPICIOUS,	    2,
	    { IND(HIGH, DELIVERY, "url"), IND(MEDIUM, VISIT, "url") }				      },
	{ "execution over all",		VERDICT_MATCH,	       4,
	    { RULE(HIGH), IND(MEDIUM, EXECUTION, "process"),
		IND(HIGH, DELIVERY, "url"), ODD(MEDIUM) }						  },
	{ "delivery over open",		VERDICT_SUSPICIOUS,	    4,
	    { IND(HIGH, DELIVERY, "url"), NOTED(HIGH),
		IND(LOW, EXECUTION, "process"), IND(INFO, VISIT, "url") }				  },
};

static const char *const required[] = { "ios.backup_info", "ios.calls",
	"ios.datausage", "ios.locationd_clients", "ios.manifest",
	"ios.osanalytics_addaily", "ios.safari_history", "ios.sms",
	"ios.sms_attachments", "ios.tcc" };
#define REQUIRED (sizeof(required) / sizeof(required[0]))

static struct indicators *sets;

/* An encrypted backup of which everything was read. */
static struct report *
whole_backup(void)
{
	struct report *r = report_new();

	r->kind = "ios-backup";
	r->encrypted = true;
	r->device.os_version = "16.4.1";
	r->indicators = sets;
	r->default_indicators = true;
	r->coverage = arena_alloc(&r->arena, 32, sizeof(*r->coverage));
	for (size_t i = 0; i < REQUIRED; i++)
		r->coverage[r->ncoverage++] = (struct coverage){
			.artifact = required[i],
			.status = COVER_READ,
			.role = strcmp(required[i], "ios.datausage") == 0
				    ? ROLE_EXECUTION
				    : ROLE_DELIVERY,
			.files = 1,
			.records = 10,
			.events = 20,
			.first_ns = INT64_C(1650000000000000000) +
				    (int64_t)i * 86400000000000,
			.last_ns = INT64_C(1686564000000000000),
			.obs_mask = 1U << OBS_DOMAIN | 1U << OBS_URL,
		};
	return r;
}

static struct coverage *
cover(struct report *r, const char *artifact)
{
	for (size_t i = 0; i < r->ncoverage; i++)
		if (strcmp(r->coverage[i].artifact, artifact) == 0)
			return &r->coverage[i];
	return NULL;
}

static void
add(struct report *r, const struct row *row, size_t i)
{
	struct finding *f = &r->findings[r->nfindings++];

	*f = (struct finding){ .kind = row->kind,
		.level = row->level,
		.role = row->role,
		.title = "t",
		.artifact = "ios.sms",
		.path = str_from("p"),
		.locator = str_from("l"),
		.time_ns = TSTAMP_NONE };
	(void)snprintf(f->id, sizeof(f->id), "%016zx", i + 1);
	if (row->kind != FINDING_INDICATOR)
		return;
	f->campaign = "Operation Triangulation";
	f->indicator_type = row->type;
	f->indicator_value = "v";
}

/* Words that a report must never say, and what each sentence must hold. */
static void
check_words(const struct report *r, const char *name)
{
	static const char *const never[] = { "clean", "infected", "hacked",
		"phone is", "victim", "safe.", "attacked by" };

	if (r->summary == NULL || r->summary[0] == '\0' ||
	    strchr(r->summary, '\n') != NULL) {
		fprintf(stderr, "%s: no sentence\n", name);
		exit(1);
	}
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		CHECK(strstr(r->summary, never[i]) == NULL);
		for (size_t k = 0; r->verdict_reasons[k] != NULL; k++)
			CHECK(strstr(r->verdict_reasons[k], never[i]) == NULL);
	}
	CHECK(strstr(r->summary, "this ") != NULL);
	CHECK(strstr(r->summary, "iPhone backup") != NULL);
	CHECK(strstr(r->summary, "1 campaign was checked for") != NULL);
	CHECK(strstr(r->summary, "2023-06-12") != NULL);
	CHECK(strstr(r->summary, "reach back to 2022-04-15") != NULL);
	CHECK(r->verdict_reasons[0] != NULL && r->next[0] != NULL);
	for (size_t n = 0; r->next[n] != NULL; n++)
		CHECK(n < 7);
}

static void
try_order(size_t c, const size_t *order)
{
	struct report *r = whole_backup();

	r->findings =
	    arena_alloc(&r->arena, FINDINGS_MAX, sizeof(*r->findings));
	for (size_t i = 0; i < cases[c].n; i++)
		add(r, &cases[c].row[order[i]], order[i]);
	verdict_decide(r);
	if (r->verdict != cases[c].expect) {
		fprintf(stderr, "%s: %s, not %s\n", cases[c].name,
		    verdict_name(r->verdict), verdict_name(cases[c].expect));
		exit(1);
	}
	check_words(r, cases[c].name);
	report_free(r);
}

/* All orders of n things, by Heap's way. */
static void
permute(size_t c, size_t *order, size_t n)
{
	size_t t, j;

	if (n <= 1) {
		try_order(c, order);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		permute(c, order, n - 1);
		j = n % 2 == 0 ? i : 0;
		t = order[j];
		order[j] = order[n - 1];
		order[n - 1] = t;
	}
}

static void
test_findings(void)
{
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		size_t order[FINDINGS_MAX] = { 0, 1, 2, 3 };

		permute(c, order, cases[c].n);
	}
}

/* r decided, its verdict, and a piece of its summary and of one reason. */
static void
expect(
    struct report *r, enum verdict v, const char *summary, const char *reason)
{
	bool found = reason == NULL;

	verdict_decide(r);
	for (size_t i = 0; !found && r->verdict_reasons[i] != NULL; i++)
		found = strstr(r->verdict_reasons[i], reason) != NULL;
	if (r->verdict != v || strstr(r->summary, summary) == NULL || !found) {
		fprintf(
		    stderr, "%s - %s\n", verdict_name(r->verdict), r->summary);
		for (size_t i = 0; r->verdict_reasons[i] != NULL; i++)
			fprintf(stderr, "  %s\n", r->verdict_reasons[i]);
	}
	CHECK(r->verdict == v);
	CHECK(strstr(r->summary, summary) != NULL);
	CHECK(found);
	report_free(r);
}

static void
test_required(void)
{
	static const enum cover lost[] = { COVER_PARTIAL, COVER_ABSENT,
		COVER_FAILED, COVER_UNKNOWN_VERSION, COVER_NOT_APPLICABLE,
		COVER_NOT_IN_THIS_KIND };
	struct report *r;

	for (size_t i = 0; i < REQUIRED; i++) {
		for (size_t k = 0; k < sizeof(lost) / sizeof(lost[0]); k++) {
			r = whole_backup();
			r->coverage[i].status = lost[k];
			expect(r, VERDICT_INCONCLUSIVE, required[i],
			    "must be there");
		}
		/* Nobody spoke of it at all. */
		r = whole_backup();
		r->coverage[i] = r->coverage[--r->ncoverage];
		verdict_decide(r);
		CHECK(r->verdict == VERDICT_INCONCLUSIVE);
		CHECK(r->ncoverage == REQUIRED);
		CHECK(cover(r, required[i]) != NULL &&
		      cover(r, required[i])->required &&
		      cover(r, required[i])->status == COVER_ABSENT);
		report_free(r);
	}
}

static void
test_others(void)
{
	static const struct {
		enum cover status;
		enum verdict expect;
	} rows[] = {
		{COVER_READ,	      VERDICT_NO_KNOWN_TRACE},
		{ COVER_ABSENT,		VERDICT_NO_KNOWN_TRACE},
		{ COVER_NOT_APPLICABLE,	VERDICT_NO_KNOWN_TRACE},
		{ COVER_NOT_IN_THIS_KIND, VERDICT_NO_KNOWN_TRACE},
		{ COVER_PARTIAL,		 VERDICT_INCONCLUSIVE  },
		{ COVER_FAILED,		VERDICT_INCONCLUSIVE  },
		{ COVER_UNKNOWN_VERSION,	 VERDICT_INCONCLUSIVE  },
	};
	struct report *r;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		r = whole_backup();
		r->coverage[r->ncoverage++] = (struct coverage){
			.artifact = "ios.whatsapp",
			.status = rows[i].status,
			.first_ns = TSTAMP_NONE,
			.last_ns = TSTAMP_NONE,
		};
		expect(r, rows[i].expect,
		    rows[i].expect == VERDICT_INCONCLUSIVE ? "ios.whatsapp"
							   : "no trace",
		    NULL);
	}
}

static void
test_acquisition(void)
{
	struct report *r = whole_backup();

	r->encrypted = false;
	expect(r, VERDICT_INCONCLUSIVE,
	    "unencrypted iPhone backup, but an unencrypted backup leaves out "
	    "calls, Safari history and more: make an encrypted one",
	    "make an encrypted one");

	/* Said even when graver things fill the sentence. */
	r = whole_backup();
	r->encrypted = false;
	r->coverage[1].status = COVER_PARTIAL; /* no longer required */
	r->coverage[2].status = COVER_FAILED;
	r->coverage[3].status = COVER_FAILED;
	r->coverage[4].status = COVER_FAILED;
	expect(r, VERDICT_INCONCLUSIVE, "make an encrypted one", "calls was");

	r = whole_backup();
	r->default_indicators = false;
	expect(r, VERDICT_INCONCLUSIVE, "default indicator sets", NULL);
	r = whole_backup();
	r->indicators = NULL;
	expect(r, VERDICT_INCONCLUSIVE, "no indicators were loaded", NULL);
	r = whole_backup();
	for (size_t i = 0; i < r->ncoverage; i++)
		r->coverage[i].obs_mask = 0;
	expect(r, VERDICT_INCONCLUSIVE, "none of the loaded indicators", NULL);
	r = whole_backup();
	r->selection = true;
	expect(r, VERDICT_INCONCLUSIVE, "--artifact", NULL);

	r = whole_backup();
	r->kind = "ios-sysdiagnose";
	for (size_t i = 0; i < r->ncoverage; i++)
		r->coverage[i].status = COVER_NOT_IN_THIS_KIND;
	expect(r, VERDICT_INCONCLUSIVE,
	    "this version read nothing in this iPhone sysdiagnose", NULL);
	/* One log of many is not enough to say that nothing is known. */
	r = whole_backup();
	r->kind = "ios-sysdiagnose";
	expect(r, VERDICT_INCONCLUSIVE, "no more than the shutdown logs", NULL);

	r = whole_backup();
	r->kind = NULL;
	expect(r, VERDICT_INVALID_INPUT, "no acquisition", NULL);
	r = whole_backup();
	r->kind = NULL;
	r->summary = "there is no Manifest.db in it";
	expect(r, VERDICT_INVALID_INPUT, "there is no Manifest.db in it", NULL);
}

static void
set_note(struct report *r, enum note_id id, const char *artifact)
{
	r->notes = arena_alloc(&r->arena, 2, sizeof(*r->notes));
	for (r->nnotes = 0; r->nnotes < 2; r->nnotes++)
		r->notes[r->nnotes] = (struct report_note){
			.name = note_infos[id].name,
			.text = note_infos[id].text,
			.effect = note_infos[id].effect,
			.artifact = artifact,
			.path = "p",
			.offset = r->nnotes,
		};
}

static void
test_notes(void)
{
	struct report *r = whole_backup();

	set_note(r, NOTE_WORKER_SANDBOX, NULL);
	expect(r, VERDICT_INCONCLUSIVE, "sandbox", "(2 places)");

	/* A note that lowers cannot leave its artifact "read". */
	r = whole_backup();
	set_note(r, NOTE_READ_IO, "ios.sms");
	expect(r, VERDICT_INCONCLUSIVE, "ios.sms was read only in part",
	    "the bytes could not be read");

	r = whole_backup();
	set_note(r, NOTE_READ_IO, "ios.sms");
	r->notes[0].effect = r->notes[1].effect = NOTE_EFFECT_NONE;
	expect(r, VERDICT_NO_KNOWN_TRACE, "no trace", "All 10 artifacts");
}

static void
test_sentences(void)
{
	const struct row delivery = IND(HIGH, DELIVERY, "url"),
			 visit = IND(MEDIUM, VISIT, "domain"),
			 process = IND(CRITICAL, EXECUTION, "process");
	struct report *r = whole_backup();

	r->findings = arena_alloc(&r->arena, 4, sizeof(*r->findings));
	add(r, &delivery, 0);
	expect(r, VERDICT_SUSPICIOUS, "an attempt, not an infection; ", NULL);
	r = whole_backup();
	r->findings = arena_alloc(&r->arena, 4, sizeof(*r->findings));
	add(r, &delivery, 0);
	add(r, &visit, 1);
	expect(r, VERDICT_SUSPICIOUS,
	    "an attempt, not an infection, but there are also visits", NULL);
	r = whole_backup();
	r->findings = arena_alloc(&r->arena, 4, sizeof(*r->findings));
	add(r, &visit, 0);
	r->encrypted = false;
	expect(r, VERDICT_INCONCLUSIVE,
	    "a visit to values published for "
	    "Operation Triangulation",
	    "exposure at most");
	/* What could not be read does not hide what was found. */
	r = whole_backup();
	r->findings = arena_alloc(&r->arena, 4, sizeof(*r->findings));
	add(r, &process, 0);
	for (size_t i = 1; i < r->ncoverage; i++)
		if (i != 2)
			r->coverage[i].status = COVER_FAILED;
	expect(r, VERDICT_MATCH,
	    "match values published for Operation Triangulation",
	    "ios.calls, which must be there, could not be read");
}

/* A finding that bars an all-clear does so at any level, and no more. */
static void
test_bars(void)
{
	const struct row low = RULE(LOW), info = RULE(INFO), high = RULE(HIGH);
	struct report *r = whole_backup();

	r->findings = arena_alloc(&r->arena, 4, sizeof(*r->findings));
	add(r, &info, 0);
	add(r, &low, 1);
	r->findings[0].title = "Apple sent a warning";
	r->findings[0].bars_clear = true;
	expect(r, VERDICT_INCONCLUSIVE,
	    "but a finding asks for a closer look: Apple sent a warning; 1 ",
	    "1 finding keeps the answer open, whatever its level: Apple sent "
	    "a warning.");
	r = whole_backup();
	r->findings = arena_alloc(&r->arena, 4, sizeof(*r->findings));
	for (size_t i = 0; i < 3; i++) {
		add(r, &info, i);
		r->findings[i].title = i == 1 ? "One" : "Two";
		r->findings[i].bars_clear = true;
	}
	expect(r, VERDICT_INCONCLUSIVE, "a closer look: Two and One; ",
	    "3 findings keep the answer open");
	r = whole_backup();
	r->findings = arena_alloc(&r->arena, 4, sizeof(*r->findings));
	add(r, &high, 0);
	r->findings[0].bars_clear = true;
	expect(r, VERDICT_SUSPICIOUS, "1 finding of rules for suspicious",
	    "1 finding of a rule stands");
}

/* Index of the step that holds text; fails when there is none. */
static size_t
step(const struct report *r, const char *text)
{
	const char *const *v = verdict_next_steps(r);
	size_t i = 0;

	while (v[i] != NULL && strstr(v[i], text) == NULL)
		i++;
	CHECK(v[i] != NULL);
	return i;
}

static void
test_next(void)
{
	const struct row process = IND(CRITICAL, EXECUTION, "process");
	struct report *r = whole_backup();

	r->findings = arena_alloc(&r->arena, 1, sizeof(*r->findings));
	add(r, &process, 0);
	verdict_decide(r);
	CHECK(step(r, "another device") == 0);
	CHECK(step(r, "Do not reset, update or restart") == 1);
	CHECK(step(r, "sysdiagnose") == 2);
	CHECK(step(r, "sysdiagnose") < step(r, "Then update"));
	CHECK(step(r, "Then update") < step(r, "safety plan"));
	CHECK(step(r, "Lockdown Mode") == step(r, "Then update"));
	CHECK(step(r, "comes last of all") == step(r, "safety plan"));
	CHECK(verdict_next_steps(r)[step(r, "safety plan") + 1] == NULL);
	report_free(r);

	r = whole_backup();
	r->encrypted = false;
	verdict_decide(r);
	(void)step(r, "Make an encrypted backup");
	report_free(r);
}

static void
test_codes(void)
{
	CHECK(verdict_exit_code(VERDICT_NO_KNOWN_TRACE) == 0);
	CHECK(verdict_exit_code(VERDICT_MATCH) == 1);
	CHECK(verdict_exit_code(VERDICT_INCONCLUSIVE) == 3);
	CHECK(verdict_exit_code(VERDICT_INVALID_INPUT) == 4);
	CHECK(verdict_exit_code(VERDICT_SUSPICIOUS) == 5);
	CHECK(strcmp(verdict_name(VERDICT_NO_KNOWN_TRACE), "no-known-trace") ==
	      0);
	CHECK(
	    strcmp(verdict_name(VERDICT_INVALID_INPUT), "invalid-input") == 0);
	CHECK(strcmp(cover_name(COVER_NOT_IN_THIS_KIND), "not-in-this-kind") ==
	      0);
}

static void
test_table(void)
{
	CHECK(verdict_required("ios-backup", "16.4.1", true, "ios.calls"));
	CHECK(!verdict_required("ios-backup", "16.4.1", false, "ios.calls"));
	CHECK(verdict_required("ios-backup", NULL, false, "ios.sms"));
	CHECK(verdict_required("ios-backup", "beta", false, "ios.sms"));
	CHECK(!verdict_required("ios-backup", "16.4.1", true, "ios.whatsapp"));
	CHECK(!verdict_required("ios-sysdiagnose", "17.0", false, "ios.sms"));
	CHECK(!verdict_required(NULL, NULL, false, "ios.sms"));
	for (size_t i = 0; i < REQUIRED; i++)
		CHECK(strcmp(verdict_required_at(i, "ios-backup", "14.3", true),
			  required[i]) == 0);
	CHECK(
	    verdict_required_at(REQUIRED, "ios-backup", "14.3", true) == NULL);
}

/* Order, twins, ids: the same whatever order things came in. */
static void
test_sorting(void)
{
	const struct row rows[] = { IND(LOW, VISIT, "url"),
		IND(HIGH, DELIVERY, "url"), IND(LOW, VISIT, "url") };
	struct report *r = whole_backup();
	char id[17];

	r->findings = arena_alloc(&r->arena, 8, sizeof(*r->findings));
	for (size_t i = 0; i < 3; i++)
		add(r, &rows[i], i);
	add(r, &rows[1], 1); /* a twin of the second */
	set_note(r, NOTE_READ_TEXT, "ios.sms");
	r->notes[1] = r->notes[0];
	verdict_decide(r);
	CHECK(r->nfindings == 3 && r->findings[0].level == LEVEL_HIGH);
	CHECK(r->nnotes == 1 && strlen(r->notes[0].id) == 16);
	(void)strcpy(id, r->notes[0].id);
	verdict_decide(r);
	CHECK(strcmp(id, r->notes[0].id) == 0);
	for (size_t i = 1; i < r->ncoverage; i++)
		CHECK(strcmp(r->coverage[i - 1].artifact,
			  r->coverage[i].artifact) < 0);
	report_free(r);
	report_free(NULL);
}

int
main(void)
{
	sets = sets_load();
	test_codes();
	test_table();
	test_findings();
	test_required();
	test_others();
	test_acquisition();
	test_notes();
	test_sentences();
	test_bars();
	test_next();
	test_sorting();
	indicators_free(sets);
	return 0;
}
