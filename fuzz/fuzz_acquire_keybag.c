#include <stdint.h>

#include "keybag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[AES_KEY] = { 1 };
	uint8_t out[AES_KEY];
	struct keybag k;
	uint32_t class;
	size_t wanted;

	if (keybag_parse(cur_from(data, size), NULL, &k)) {
		(void)keybag_unlock(&k, key, &wanted);
		(void)keybag_unwrap(
		    &k, (struct str){ (const char *)data, size }, &class, out);
	}
	return 0;
}
