#include <string.h>

#include "decide.h"

/*
 * Addresses are what a browser or a text leads to, everything else is a thing
 * that lies somewhere: two classes of evidence, because different accidents
 * make the one and the other.
 */
static bool
is_address(const char *type)
{
	static const enum obs address[] = { OBS_DOMAIN, OBS_URL, OBS_IP,
		OBS_EMAIL, OBS_PHONE };

	for (size_t i = 0;
	     type != NULL && i < sizeof(address) / sizeof(address[0]); i++)
		if (strcmp(type, obs_name(address[i])) == 0)
			return true;
	return false;
}

static void
tally_indicator(struct tally *t, const struct finding *f)
{
	switch (f->role) {
	case ROLE_EXECUTION:
		t->execution++;
		break;
	case ROLE_CONTACT:
		t->contact++;
		break;
	case ROLE_DELIVERY:
		t->delivery++;
		break;
	case ROLE_VISIT:
		t->visits++;
		t->browsing++;
		break;
	case ROLE_MENTION:
		if (is_address(f->indicator_type))
			t->browsing++;
		else
			t->file++;
		break;
	}
}

bool
tally_is_match(const struct finding *f)
{
	return f->kind == FINDING_INDICATOR && f->level >= LEVEL_MEDIUM &&
	       (f->role == ROLE_EXECUTION || f->role == ROLE_CONTACT);
}

struct tally
tally_of(const struct report *r)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < r->nfindings; i++) {
		const struct finding *f = &r->findings[i];

		t.bars += f->bars_clear;
		if (f->level < LEVEL_MEDIUM) {
			t.weak += !f->bars_clear;
			continue;
		}
		switch (f->kind) {
		case FINDING_INDICATOR:
			tally_indicator(&t, f);
			break;
		case FINDING_RULE:
			t.rule++;
			break;
		case FINDING_ANOMALY:
			t.anomaly++;
			break;
		case FINDING_NOTE:
			t.note++;
			break;
		}
	}
	return t;
}

unsigned
tally_classes(const struct tally *t)
{
	return (unsigned)(t->execution > 0) + (unsigned)(t->contact > 0) +
	       (unsigned)(t->delivery > 0) + (unsigned)(t->browsing > 0) +
	       (unsigned)(t->file > 0) + (unsigned)(t->anomaly > 0) +
	       (unsigned)(t->rule > 0);
}
