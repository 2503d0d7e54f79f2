#include "say.h"

void
say_field(const struct record *r, size_t field, const char *before,
    const char *after, struct buf *out)
{
	if (r->v[field].type == VALUE_NONE)
		return;
	buf_puts(out, before);
	value_text(&r->v[field], out);
	buf_puts(out, after);
}

void
say_first(const struct record *r, const size_t *fields, size_t n,
    const char *none, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (r->v[fields[i]].type != VALUE_NONE) {
			value_text(&r->v[fields[i]], out);
			return;
		}
	}
	buf_puts(out, none);
}

bool
say_is(const struct record *r, size_t field)
{
	return r->v[field].type == VALUE_BOOL && r->v[field].b;
}

void
say_count(
    const struct record *r, size_t field, const char *what, struct buf *out)
{
	if (r->v[field].type == VALUE_LIST && r->v[field].list.n > 0)
		buf_printf(out, ", %zu %s%s", r->v[field].list.n, what,
		    r->v[field].list.n == 1 ? "" : "s");
}
