#include "hash.h"
#include "part.h"

static const char domain[] =
    "SysSharedContainerDomain-systemgroup.com.apple.configurationprofiles";

/* MCProfileEvents: [{profile id: {Operation, Process, timestamp}}]. */
static void
put_event(struct phone *p, struct pl *events, const char *id,
    const char *process, int64_t unix_s)
{
	struct arena *a = &p->arena;
	struct pl *event = pl_dict(a), *d = pl_dict(a);

	pl_set(a, d, "Operation", pl_str(a, "install"));
	pl_set(a, d, "Process", pl_str(a, process));
	pl_set(a, d, "timestamp", pl_date(a, unix_s));
	pl_set(a, event, id, d);
	pl_add(events, event);
}

/* The stub of an installed profile; its file name is a hash of its id. */
static void
put_stub(struct phone *p, const char *uuid, const char *title,
    const char *payload, int64_t unix_s)
{
	struct arena *a = &p->arena;
	struct pl *d = pl_dict(a), *content = pl_array(a), *wifi = pl_dict(a);
	char hex[2 * SHA256_SIZE + 1];
	uint8_t digest[SHA256_SIZE];

	pl_set(a, wifi, "PayloadDisplayName", pl_str(a, "WiFi"));
	pl_set(a, wifi, "PayloadType", pl_str(a, payload));
	pl_set(a, wifi, "PayloadUUID",
	    pl_str(a, "00000000-0000-4000-8000-0000000057F1"));
	pl_add(content, wifi);
	pl_set(a, d, "InstallDate", pl_date(a, unix_s));
	pl_set(a, d, "PayloadContent", content);
	pl_set(a, d, "PayloadDescription", pl_str(a, "network of the office"));
	pl_set(a, d, "PayloadDisplayName", pl_str(a, title));
	pl_set(a, d, "PayloadIdentifier", pl_str(a, "com.example.profile"));
	pl_set(a, d, "PayloadOrganization", pl_str(a, "Example"));
	pl_set(a, d, "PayloadType", pl_str(a, "Configuration"));
	pl_set(a, d, "PayloadUUID", pl_str(a, uuid));
	pl_set(a, d, "PayloadVersion", pl_int(a, 1));
	sha256_once(uuid, str_from(uuid).n, digest);
	phone_plist(p, domain,
	    arena_printf(a, "Library/ConfigurationProfiles/profile-%s.stub",
		hex_encode(digest, sizeof(digest), hex)),
	    d);
}

static void
profiles_write(struct phone *p)
{
	static const char wifi[] = "com.apple.wifi.managed";
	const int64_t then = p->first_s + 5000000;
	struct arena *a = &p->arena;
	struct pl *root = pl_dict(a), *events = pl_array(a);
	const struct sample_plant *x;
	struct spots spots;

	put_event(p, events, "com.example.profile", "profiled", then);
	spots_init(&spots, p, "ios.profile_events", 0);
	while ((x = spots_due(&spots, 0)) != NULL)
		put_event(p, events,
		    plant_is(x, "id") ? x->value : "com.example.other",
		    plant_is(x, "id") ? "profiled" : x->value,
		    plant_time(x, then + 86400));
	pl_set(a, root, "ProfileEvents", events);
	phone_plist(p, domain,
	    "Library/ConfigurationProfiles/MCProfileEvents.plist", root);

	put_stub(p, "7E1A55A9-0000-4000-8000-00000000DA7A", "Office WiFi", wifi,
	    then);
	spots_init(&spots, p, "ios.configuration_profiles", 0);
	while ((x = spots_due(&spots, 0)) != NULL)
		put_stub(p, x->value, "Security update",
		    plant_is(x, "notifications")
			? "com.apple.notificationsettings"
			: wifi,
		    plant_time(x, then + 86400));
}

static const struct sample_form profiles_forms[] = {
	{"ios.configuration_profiles",			NULL, SAMPLE_PROFILE,
	    "id of an installed profile" },
	{ "ios.configuration_profiles",				"notifications", SAMPLE_SIGN,
	    "id of a profile that changes notifications" },
	{ "ios.profile_events",					   NULL, SAMPLE_PROCESS,
	    "process that installed a profile" },
	{ "ios.profile_events","id", SAMPLE_PROFILE,
	    "id of a profile that was installed" },
	{ 0},
};

const struct part part_profiles = {
	.forms = profiles_forms,
	.write = profiles_write,
};
