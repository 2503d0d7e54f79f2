#include <stdlib.h>
#include <string.h>

#include "indicators_impl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input in pieces of 61 bytes, so that tokens are cut everywhere. */
static ptrdiff_t
piece(void *arg, void *buf, size_t n)
{
	struct str *rest = arg;

	n = n < 61 ? n : 61;
	n = n < rest->n ? n : rest->n;
	if (n > 0)
		memcpy(buf, rest->p, n);
	*rest = str_sub(*rest, n, rest->n);
	return (ptrdiff_t)n;
}

static void
ignore(void *arg, const struct hit *h)
{
	(void)arg;
	(void)h;
}

/* Loads a bundle; what it holds is then tried on one record. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct field field = {
		.name = "value", .type = VALUE_TEXT, .obs = OBS_URL
	};
	static const struct schema schema = { .name = "fuzz",
		.version = 1,
		.role = ROLE_EXECUTION,
		.fields = &field,
		.nfields = 1 };
	struct str rest = { .p = (const char *)data, .n = size };
	struct json_in in = { .read = piece, .arg = &rest };
	struct hit_sink sink = { .fn = ignore };
	struct indicators *x = indicators_new();
	struct record r;
	struct why why;

	if (load_bundle(x, "fuzz", false, &in, &why) != ERR_OK &&
	    why.text[0] == '\0')
		abort();
	indicators_seal(x);
	record_init(&r, &schema, str_from("path"));
	record_text(&r, 0, str_from("https://user@a.evil.com:443/x/y?z"));
	indicators_record(x, &r, &sink);
	indicators_free(x);
	return 0;
}
