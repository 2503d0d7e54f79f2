#include <inttypes.h>

#include "record.h"
#include "utf8.h"

void
value_json(const struct value *v, struct jsonw *w)
{
	switch (v->type) {
	case VALUE_NONE:
		jsonw_null(w);
		break;
	case VALUE_BOOL:
		jsonw_bool(w, v->b);
		break;
	case VALUE_INT:
		jsonw_int(w, v->i);
		break;
	case VALUE_REAL:
		jsonw_real(w, v->real);
		break;
	case VALUE_TEXT:
		jsonw_str(w, v->s);
		break;
	case VALUE_TIME:
		jsonw_time(w, v->t.ns);
		break;
	case VALUE_LIST:
		jsonw_array(w);
		for (size_t i = 0; i < v->list.n; i++)
			jsonw_str(w, v->list.v[i]);
		jsonw_array_end(w);
		break;
	}
}

void
record_json(const struct record *r, bool content, struct jsonw *w)
{
	const struct schema *s = r->schema;

	jsonw_object(w);
	jsonw_key(w, "artifact");
	jsonw_cstr(w, s->name);
	jsonw_key(w, "path");
	jsonw_str(w, r->path);
	jsonw_key(w, "locator");
	jsonw_str(w, r->locator);
	for (size_t i = 0; i < s->nfields; i++) {
		if (r->v[i].type == VALUE_NONE ||
		    (!content && (s->fields[i].flags & FIELD_CONTENT)))
			continue;
		jsonw_key(w, s->fields[i].name);
		value_json(&r->v[i], w);
	}
	jsonw_object_end(w);
}

void
value_text(const struct value *v, struct buf *out)
{
	char iso[32];

	switch (v->type) {
	case VALUE_NONE:
		break;
	case VALUE_BOOL:
		buf_puts(out, v->b ? "yes" : "no");
		break;
	case VALUE_INT:
		buf_printf(out, "%" PRId64, v->i);
		break;
	case VALUE_REAL:
		buf_printf(out, "%.15g", v->real);
		break;
	case VALUE_TEXT:
		utf8_put_visible(out, v->s);
		break;
	case VALUE_TIME:
		buf_puts(out, tstamp_iso(v->t.ns, iso));
		break;
	case VALUE_LIST:
		for (size_t i = 0; i < v->list.n; i++) {
			if (i > 0)
				buf_puts(out, ", ");
			utf8_put_visible(out, v->list.v[i]);
		}
		break;
	}
}

void
record_describe(const struct record *r, struct buf *out)
{
	const struct schema *s = r->schema;
	bool first = true;

	if (s->describe != NULL) {
		s->describe(r, out);
		return;
	}
	for (size_t i = 0; i < s->nfields; i++) {
		if (r->v[i].type == VALUE_NONE || r->v[i].type == VALUE_TIME ||
		    (s->fields[i].flags & FIELD_CONTENT))
			continue;
		buf_printf(out, "%s%s=", first ? "" : " ", s->fields[i].name);
		value_text(&r->v[i], out);
		first = false;
	}
}
