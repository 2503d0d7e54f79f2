#include "device.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"

const char *
device_text(struct str s, struct arena *a)
{
	s = str_sub(s, 0, LIMIT_FACT);
	s = str_sub(s, 0, str_find(s, '\0'));
	return s.n > 0 ? arena_strdup(a, s) : NULL;
}

const char *
device_fact(const struct plist *p, struct arena *a)
{
	struct str s;

	return plist_string(p, &s) ? device_text(s, a) : NULL;
}

/* iPads have had an iPadOS since version 13. */
const char *
device_os(const char *product, const char *version)
{
	if (product == NULL && version == NULL)
		return NULL;
	if (product != NULL && strncmp(product, "iPad", 4) == 0 &&
	    (version == NULL || strtol(version, NULL, 10) >= 13))
		return "iPadOS";
	return "iOS";
}
