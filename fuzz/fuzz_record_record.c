#include "record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct field fields[] = {
	{.name = "a",  .type = VALUE_TEXT},
	{ .name = "b", .type = VALUE_LIST},
	{ .name = "c", .type = VALUE_TIME},
};
static const struct schema schema = {
	.name = "t",
	.version = 1,
	.fields = fields,
	.nfields = 3,
};
static const struct schema *const schemas[] = { &schema, NULL };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record r;
	struct arena a;

	arena_init(&a, 1 << 20);
	(void)record_decode(cur_from(data, size), schemas, &a, &r);
	arena_done(&a);
	return 0;
}
