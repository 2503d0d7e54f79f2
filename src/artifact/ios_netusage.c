#include "datausage.h"
#include "fields.h"

static const struct artifact_place places[] = {
	PLACE(IN_IOS_FS, "private/var/networkd/netusage.sqlite"),
	PLACE(IN_IOS_FS, "private/var/networkd/db/netusage.sqlite"),
	PLACES_END,
};

const struct artifact artifact_ios_netusage = {
	.summary = "network use of processes over all networks",
	.schema = {.name = "ios.netusage",
		   .version = 1,
		   .role = ROLE_EXECUTION,
		   .fields = datausage_fields,
		   .nfields = DATAUSAGE_NFIELDS,
		   .describe = datausage_describe},
	.places = places,
	.read = datausage_read,
};
