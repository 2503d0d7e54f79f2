#include "indicator_words.h"

const char *
indicator_term(enum obs o)
{
	static const char *const term[OBS_COUNT] = {
		[OBS_NONE] = "value",
		[OBS_ANDROID_PROPERTY] = "system property",
		[OBS_BUNDLE_ID] = "app id",
		[OBS_CERT_SHA256] = "signing certificate",
		[OBS_DOMAIN] = "domain",
		[OBS_EMAIL] = "mail address",
		[OBS_FILE_NAME] = "file name",
		[OBS_IP] = "IP address",
		[OBS_MD5] = "file hash",
		[OBS_PATH] = "file path",
		[OBS_PHONE] = "telephone number",
		[OBS_PROCESS] = "process name",
		[OBS_PROFILE_ID] = "profile id",
		[OBS_SHA1] = "file hash",
		[OBS_SHA256] = "file hash",
		[OBS_URL] = "web address",
	};

	return term[o];
}

static const char *
title_execution(enum obs o)
{
	switch (o) {
	case OBS_PROCESS:
		return "a process was active under a name that is published "
		       "for %s";
	case OBS_PROFILE_ID:
		return "a configuration profile has an id that is published "
		       "for %s";
	case OBS_BUNDLE_ID:
	case OBS_CERT_SHA256:
		return "an app is known by an id that is published for %s";
	case OBS_PATH:
	case OBS_FILE_NAME:
	case OBS_MD5:
	case OBS_SHA1:
	case OBS_SHA256:
		return "something was active whose file is published for %s";
	case OBS_NONE:
	case OBS_ANDROID_PROPERTY:
	case OBS_DOMAIN:
	case OBS_EMAIL:
	case OBS_IP:
	case OBS_PHONE:
	case OBS_URL:
	case OBS_COUNT:
		break;
	}
	return "active software is tied to a place that is published for %s";
}

/* Of a person rather than of a place. */
static bool
is_sender(enum obs o)
{
	return o == OBS_EMAIL || o == OBS_PHONE;
}

static bool
is_place(enum obs o)
{
	return o == OBS_DOMAIN || o == OBS_IP || o == OBS_URL;
}

const char *
indicator_title(enum role r, enum obs o)
{
	switch (r) {
	case ROLE_EXECUTION:
		return title_execution(o);
	case ROLE_CONTACT:
		if (is_place(o))
			return "software on the phone was in contact with a "
			       "place that is published for %s";
		return "a record of traffic holds a value that is published "
		       "for %s";
	case ROLE_DELIVERY:
		if (is_sender(o))
			return "a message came from or went to an account "
			       "that is published for %s";
		if (is_place(o))
			return "a message holds a link to a place that is "
			       "published for %s";
		return "something arrived under a name that is published for "
		       "%s";
	case ROLE_VISIT:
		return "a browser went to a place that is published for %s";
	case ROLE_MENTION:
		if (o == OBS_PATH || o == OBS_FILE_NAME)
			return "a file has a name or place that is published "
			       "for %s";
		return "a value that is published for %s stands in this "
		       "record";
	}
	return "a value that is published for %s was seen";
}

const char *
indicator_role(enum role r, enum obs o)
{
	switch (r) {
	case ROLE_EXECUTION:
		return "Records of this kind are made when something runs or "
		       "is installed, so this is more than a name on a disk.";
	case ROLE_CONTACT:
		return "Records of this kind are made when software exchanges "
		       "data with a place, with or without the owner doing "
		       "anything.";
	case ROLE_DELIVERY:
		return "This shows an attempt, not an infection: something "
		       "was sent. Whether it was opened, and whether it "
		       "worked, cannot be told from it.";
	case ROLE_VISIT:
		return "This shows that the browser went there. It does not "
		       "show that anything was installed.";
	case ROLE_MENTION:
		if (o == OBS_PATH || o == OBS_FILE_NAME)
			return "A file of this name lies or lay on the phone. "
			       "That alone does not show that it ever ran.";
		return "The value stands in the record. That alone shows "
		       "neither contact nor infection.";
	}
	return "";
}

const char *
indicator_how(enum how h)
{
	switch (h) {
	case HOW_EQUAL:
		return NULL;
	case HOW_HOST:
		return "The host of the address is the published domain.";
	case HOW_SUBDOMAIN:
		return "The host lies below the published domain.";
	case HOW_BASENAME:
		return "The last part of the path is the published name.";
	case HOW_BELOW:
		return "It lies inside the published folder.";
	case HOW_TAIL:
		return "The path ends as it was published; where it begins was "
		       "not published.";
	case HOW_URL_BELOW:
		return "The address lies below the published one.";
	case HOW_NET:
		return "The address lies inside the published network.";
	case HOW_PATTERN:
		return "The published value is a pattern, and this fits it.";
	case HOW_TOGETHER:
		return "Several published values stand in this one record.";
	case HOW_CUT:
		return "The phone stores only the first letters of a long "
		       "name; those that it stored are the beginning of the "
		       "published name.";
	case HOW_EMAIL_DOMAIN:
		return "Only the domain of the mail address is published, not "
		       "the address itself.";
	case HOW_GAVE_UP:
		return "The published pattern is a regular expression that "
		       "needed too many steps here: whether it fits is not "
		       "known.";
	}
	return NULL;
}

static const char *const benign_name[] = {
	"Another program bears the same name; some published names are "
	"ordinary words.",
	"Somebody put it there to test or to teach.",
	NULL,
};
static const char *const benign_cut[] = {
	"A harmless program has a longer name that begins with the same "
	"letters.",
	"Another program bears the same name; some published names are "
	"ordinary words.",
	NULL,
};
static const char *const benign_profile[] = {
	"The profile was installed on purpose by the organisation that "
	"manages the phone, and its id was published by mistake.",
	NULL,
};
static const char *const benign_contact[] = {
	"An app shows advertisements or other contents from that place.",
	"The place changed hands since it was published.",
	NULL,
};
static const char *const benign_link[] = {
	"Somebody passed the link on as a warning, or asked about it.",
	"The place changed hands since, or others used it for ordinary "
	"advertising.",
	NULL,
};
static const char *const benign_sender[] = {
	"The account belongs to somebody else today, or was taken over for a "
	"time.",
	NULL,
};
static const char *const benign_file[] = {
	"Other software uses the same file name.",
	"A report or a sample about the campaign was saved.",
	NULL,
};
static const char *const benign_visit[] = {
	"Somebody read about the campaign and looked the address up.",
	"A page or an advertisement led there without the owner's doing.",
	"The place changed hands since it was published.",
	NULL,
};
static const char *const benign_mention[] = {
	"A report or a warning about the campaign was read or saved.",
	"Other software uses the same value.",
	NULL,
};

const char *const *
indicator_benign(enum role r, enum obs o, enum how h)
{
	if (h == HOW_CUT)
		return benign_cut;
	switch (r) {
	case ROLE_EXECUTION:
		return o == OBS_PROFILE_ID ? benign_profile
		       : is_place(o)	   ? benign_contact
					   : benign_name;
	case ROLE_CONTACT:
		return is_place(o) ? benign_contact : benign_name;
	case ROLE_DELIVERY:
		return is_sender(o)  ? benign_sender
		       : is_place(o) ? benign_link
				     : benign_file;
	case ROLE_VISIT:
		return benign_visit;
	case ROLE_MENTION:
		return o == OBS_PATH || o == OBS_FILE_NAME ? benign_file
							   : benign_mention;
	}
	return benign_mention;
}

static const char *const next_execution[] = {
	"Do not reset, update or restart the phone before it was captured: "
	"first a sysdiagnose, then an encrypted backup.",
	"Look at what else happened on the phone within an hour of this "
	"record.",
	"Have a specialist confirm it before anybody is told what it means.",
	NULL,
};
static const char *const next_delivery[] = {
	"Keep the message; do not open the link or attachment, do not answer.",
	"Ask the owner whether it was opened, and when.",
	"Look at what else happened on the phone in the hour after it "
	"arrived.",
	NULL,
};
static const char *const next_visit[] = {
	"Ask the owner whether the visit is remembered, and where the link "
	"came from.",
	"Look at what else happened on the phone in the hour after it.",
	NULL,
};
static const char *const next_mention[] = {
	"Look at where the value stands, and since when.",
	"Look for other findings of the same campaign.",
	NULL,
};

const char *const *
indicator_next(enum role r, enum obs o)
{
	(void)o;
	switch (r) {
	case ROLE_EXECUTION:
	case ROLE_CONTACT:
		return next_execution;
	case ROLE_DELIVERY:
		return next_delivery;
	case ROLE_VISIT:
		return next_visit;
	case ROLE_MENTION:
		return next_mention;
	}
	return next_mention;
}
