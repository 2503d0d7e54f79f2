#include <stdlib.h>
#include <string.h>

#include "indicators_impl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char bundle[] =
    "{\"type\":\"bundle\",\"objects\":["
    "{\"type\":\"indicator\",\"pattern\":\"[domain-name:value IN "
    "('evil.com','fgr1.xyz/x','1.2.3.4') OR url:value='evil.com/a' OR "
    "ipv6-addr:value='2001:db8::/32' OR process:name="
    "'CommsCenterRootHelper' OR file:path IN ('/tmp/l/','Library/x/',"
    "'/var/tmp/*.kb','*/y') OR file:name='z' OR email-addr:value='a@b.c' OR "
    "phone-number:value='+4912345' OR app:id='com.x' OR domain-name:value "
    "LIKE '%evil%' OR url:value MATCHES '^(a+)+$']\"}]}";

static ptrdiff_t
whole(void *arg, void *buf, size_t n)
{
	struct str *rest = arg;

	n = n < rest->n ? n : rest->n;
	if (n > 0)
		memcpy(buf, rest->p, n);
	*rest = str_sub(*rest, n, rest->n);
	return (ptrdiff_t)n;
}

static void
explain(void *arg, const struct hit *h)
{
	struct finding f = { .time_ns = TSTAMP_NONE };
	const void *const *both = arg;
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	indicators_finding(both[0], h, both[1], &a, &f);
	if (f.title == NULL || f.why == NULL)
		abort();
	arena_done(&a);
}

/* The first byte says as what the others are matched. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct field field = { .name = "value", .type = VALUE_TEXT };
	struct schema schema = { .name = "fuzz",
		.version = 1,
		.role = ROLE_EXECUTION,
		.fields = &field,
		.nfields = 1 };
	struct str rest = { .p = bundle, .n = sizeof(bundle) - 1 };
	struct str value = { .p = (const char *)data, .n = size };
	struct json_in in = { .read = whole, .arg = &rest };
	struct indicators *x = indicators_new();
	struct record r;
	const void *both[] = { x, &r };
	struct hit_sink sink = { .fn = explain, .arg = both };

	if (load_bundle(x, "fuzz", false, &in, NULL) != ERR_OK)
		abort();
	indicators_seal(x);
	if (size > 0) {
		field.obs = (enum obs)(data[0] % OBS_COUNT);
		field.flags = data[0] & 128 ? FIELD_PROCESS_PAIR : 0;
		record_init(&r, &schema, str_from("path"));
		record_text(&r, 0, str_sub(value, 1, value.n));
		indicators_record(x, &r, &sink);
	}
	indicators_free(x);
	return 0;
}
