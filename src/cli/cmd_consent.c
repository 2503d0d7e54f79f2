#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "consent.h"
#include "tstamp.h"

extern const struct cmd cmd_consent;

#define DAY_NS (INT64_C(86400) * 1000000000)

static const struct cmd_option options[] = {
	{0,  "by",	   "NAME",	   "who consents: the phone's owner"		     },
	{ 0, "subject", "PSEUDONYM", "what reports call the owner"			   },
	{ 0, "scope",   "S",	   "what is allowed; repeat it, or join with commas"},
	{ 0, "until",   "DATE",      "last day on which it holds, as 2026-01-31"	  },
	{ 0, "text",    "TEXT",	     "what was agreed, in words"			 },
	{ 0, NULL,	   NULL,	 NULL					     },
};

/* One scope, or several joined by commas. */
static bool
add_scopes(struct consent *c, const char *list)
{
	char name[32];
	enum consent_scope s;

	for (const char *p = list;; p++) {
		size_t n = strcspn(p, ",");

		(void)snprintf(name, sizeof(name), "%.*s", (int)n, p);
		if (n >= sizeof(name) || !consent_scope_from_name(name, &s)) {
			cmd_error(&cmd_consent,
			    "no scope \"%.*s\": check, keep, fleet, hunt, "
			    "seal, disclose or policy",
			    (int)(n > 100 ? 100 : n), p);
			return false;
		}
		c->scopes |= 1U << s;
		p += n;
		if (*p == '\0')
			return true;
	}
}

static bool
set_until(struct consent *c, const char *date)
{
	if (strlen(date) != strlen("2026-01-31") ||
	    !tstamp_parse(date, &c->until_ns)) {
		cmd_error(&cmd_consent,
		    "--until %s is no date such as 2026-01-31", date);
		return false;
	}
	c->until_ns += DAY_NS;
	if (c->until_ns <= c->created_ns) {
		cmd_error(&cmd_consent, "--until %s has passed", date);
		return false;
	}
	return true;
}

/*
 * "new" and the options; plain words after a --scope are scopes too, so that
 * `--scope check keep` does what it seems to.
 */
static bool
read_args(struct consent *c, int argc, char **argv)
{
	const struct cmd_option *o;
	struct cmd_args a;
	const char *arg;
	bool verb = false, ok = true;

	cmd_args_init(&a, &cmd_consent, argc, argv);
	while (ok && ((o = cmd_next(&a, &arg)) != NULL || arg != NULL)) {
		if (o == NULL && !verb) {
			verb = true;
			ok = strcmp(arg, "new") == 0;
			if (!ok)
				cmd_error(&cmd_consent,
				    "unknown: %s (\"new\" makes a record)",
				    arg);
		} else if (o == NULL && c->scopes == 0) {
			cmd_error(&cmd_consent, "not expected: %s", arg);
			ok = false;
		} else if (o == NULL || strcmp(o->name, "scope") == 0) {
			ok = add_scopes(c, arg);
		} else if (strcmp(o->name, "until") == 0) {
			ok = set_until(c, arg);
		} else if (strcmp(o->name, "by") == 0) {
			c->by = arg;
		} else if (strcmp(o->name, "subject") == 0) {
			c->subject = arg;
		} else {
			c->text = arg;
		}
	}
	if (ok && !verb)
		cmd_error(&cmd_consent,
		    "what to do is missing: \"new\" makes a record");
	return ok && verb;
}

static bool
is_complete(const struct consent *c)
{
	struct why why;

	if (c->by == NULL || c->subject == NULL || c->scopes == 0) {
		cmd_error(&cmd_consent, "%s is missing",
		    c->by == NULL	 ? "--by NAME"
		    : c->subject == NULL ? "--subject PSEUDONYM"
					 : "--scope S");
		return false;
	}
	if (!consent_check(c, &why)) {
		cmd_error(&cmd_consent, "%s", why.text);
		return false;
	}
	return true;
}

static int
consent_run(int argc, char **argv)
{
	struct consent c = { .until_ns = TSTAMP_NONE };
	struct timespec now;
	struct jsonw w;
	struct buf b;
	bool ok;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
		cmd_error(&cmd_consent, "the clock cannot be read");
		return EXIT_USAGE;
	}
	c.created_ns = tstamp_unix_i(now.tv_sec);
	if (!read_args(&c, argc, argv) || !is_complete(&c))
		return EXIT_USAGE;
	buf_init(&b, (size_t)1 << 20);
	jsonw_init(&w, &b, stdout, true);
	consent_json(&c, &w);
	buf_u8(&b, '\n');
	ok = jsonw_flush(&w) && fflush(stdout) == 0;
	buf_done(&b);
	if (!ok) {
		cmd_error(&cmd_consent, "the record could not be written");
		return EXIT_USAGE;
	}
	return 0;
}

const struct cmd cmd_consent = {
	.name = "consent",
	.usage = "new --by NAME --subject PSEUDONYM --scope S... "
		 "[--until DATE] [--text T]",
	.summary = "writes a consent record of a phone's owner",
	.help = "The record goes to standard output. Scopes: check (look for "
		"traces), keep (keep\nrecords), fleet (add to a fleet store), "
		"hunt (be searched again), seal (make\nevidence), disclose "
		"(show single records), policy (policy checks).",
	.options = options,
	.run = consent_run,
};
