#include <string.h>

#include "decide.h"

#define STEPS_MAX 7

/*
 * Order matters: first what keeps traces and people safe, then capture, then
 * closing the hole. "Do not update" never stands as the last word, and what
 * changes traces comes after the capture.
 */
static const char other_device[] =
    "Talk about this from another device, not from the phone itself.";
static const char keep_as_is[] =
    "Do not reset, update or restart the phone yet, and do not wait either: "
    "recent iOS restarts by itself after 72 hours without unlocking.";
static const char keep_message[] =
    "Do not open the link or the attachment, do not answer, and do not delete "
    "the message.";
static const char capture[] =
    "Make a sysdiagnose first, then an encrypted backup with a generated "
    "passphrase (it contains the keychain), and check both.";
static const char capture_again[] =
    "Make a sysdiagnose, keep this encrypted backup safe (it contains the "
    "keychain), and check both.";
static const char specialist[] =
    "Show this report to a specialist: findings need somebody who knows what "
    "is normal on such a phone.";
static const char then_update[] =
    "Then update the phone to the newest iOS, and turn Lockdown Mode on.";
static const char safety_plan[] =
    "If the person who may be watching is close to the owner: make a safety "
    "plan before anything is removed. \"Reset All Settings\" comes last of "
    "all, after the capture.";
static const char encrypt[] =
    "Make an encrypted backup: turn on \"Encrypt local backup\" in Finder, "
    "iTunes or Apple Devices with a generated passphrase, back up again, and "
    "check that.";
static const char repeat[] =
    "Make the acquisition again, let it finish, and check it: the reasons "
    "above name what could not be read in this one.";
static const char defaults[] = "Check again with the default indicator sets.";
static const char all_artifacts[] =
    "Check again without --artifact, so that everything is read.";
static const char ask[] =
    "If there is a special reason for worry, such as a threat notification "
    "of Apple or WhatsApp, ask a specialist whatever this verdict is.";
static const char keep_current[] =
    "Keep the phone on the newest iOS; turn Lockdown Mode on if its owner may "
    "be a target.";
static const char again_later[] =
    "Check again when new indicators are published: what nobody has published "
    "yet cannot be found today.";
static const char valid_input[] =
    "Give the folder or archive of an iPhone backup (it holds Manifest.db), "
    "or a file-system dump.";

struct steps {
	const char **v;
	size_t n;
};

static void
put(struct steps *s, const char *text)
{
	if (s->n < STEPS_MAX)
		s->v[s->n++] = text;
}

static bool
has_encrypted_backup(const struct report *r)
{
	return r->encrypted && strcmp(r->kind, "ios-backup") == 0;
}

static void
steps_alarm(struct steps *s, const struct report *r, const struct tally *t)
{
	put(s, other_device);
	put(s, keep_as_is);
	if (t->delivery > 0)
		put(s, keep_message);
	put(s, has_encrypted_backup(r) ? capture_again : capture);
	put(s, specialist);
	put(s, then_update);
	put(s, safety_plan);
}

/* What was missing, in the order in which it can be mended. */
static void
steps_open(struct steps *s, const struct lowerings *l)
{
	if (lowerings_have(l, LOW_TRACE) || lowerings_have(l, LOW_NOTE) ||
	    lowerings_have(l, LOW_BARS)) {
		put(s, keep_as_is);
		put(s, specialist);
	}
	if (lowerings_have(l, LOW_UNENCRYPTED) ||
	    lowerings_have(l, LOW_NOTHING))
		put(s, encrypt);
	else if (lowerings_have(l, LOW_ARTIFACT) ||
		 lowerings_have(l, LOW_ACQUISITION))
		put(s, repeat);
	if (lowerings_have(l, LOW_SELECTION))
		put(s, all_artifacts);
	if (lowerings_have(l, LOW_INDICATORS))
		put(s, defaults);
	put(s, ask);
	put(s, then_update);
}

void
next_write(struct report *r, const struct tally *t, const struct lowerings *l)
{
	struct steps s = { 0 };

	s.v = arena_alloc(&r->arena, STEPS_MAX + 1, sizeof(*s.v));
	if (s.v == NULL)
		return;
	switch (r->verdict) {
	case VERDICT_MATCH:
	case VERDICT_SUSPICIOUS:
		steps_alarm(&s, r, t);
		break;
	case VERDICT_INCONCLUSIVE:
		steps_open(&s, l);
		break;
	case VERDICT_NO_KNOWN_TRACE:
		put(&s, ask);
		put(&s, keep_current);
		put(&s, again_later);
		break;
	case VERDICT_INVALID_INPUT:
		put(&s, valid_input);
		put(&s, ask);
		break;
	}
	r->next = s.v;
}
