#include "datausage.h"
#include "fields.h"

static const struct artifact_place places[] = {
	PLACE(
	    IN_IOS_BACKUP, "WirelessDomain/Library/Databases/DataUsage.sqlite"),
	PLACE(IN_IOS_FS, "private/var/wireless/Library/Databases/"
			 "DataUsage.sqlite"),
	PLACES_END,
};

const struct artifact artifact_ios_datausage = {
	.summary = "network use of processes, and processes that were removed",
	.schema = {.name = "ios.datausage",
		   .version = 1,
		   .role = ROLE_EXECUTION,
		   .fields = datausage_fields,
		   .nfields = DATAUSAGE_NFIELDS,
		   .describe = datausage_describe},
	.places = places,
	.read = datausage_read,
};
