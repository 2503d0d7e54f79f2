#include <stdint.h>

#include "consent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct consent c;

	if (consent_parse((struct str){ (const char *)data, size }, "input", &c,
		NULL) == ERR_OK)
		(void)consent_allows(&c, CONSENT_KEEP, 0, NULL);
	consent_done(&c);
	return 0;
}
