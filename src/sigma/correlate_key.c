#include "correlate_impl.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Columns as one text: of each its length plus one and its bytes, or 0 when
 * there is none. Values are compared as these texts: 5, 5.0 and "5" are the
 * same, upper and lower case are not.
 */
void
pack_none(struct buf *out)
{
	buf_uleb(out, 0);
}

void
pack_text(struct buf *out, struct str s)
{
	buf_uleb(out, (uint64_t)s.n + 1);
	buf_str(out, s);
}

bool
unpack(struct str *packed, struct str *out)
{
	uint64_t n = 0;
	unsigned shift = 0;
	unsigned char b;

	if (packed->n == 0) /* what it carried was lost */
		return false;
	do {
		b = (unsigned char)packed->p[0];
		*packed = str_sub(*packed, 1, packed->n);
		n |= (uint64_t)(b & 0x7f) << shift;
		shift += 7;
	} while (b & 0x80);
	if (n == 0)
		return false;
	*out = str_sub(*packed, 0, n - 1);
	*packed = str_sub(*packed, n - 1, packed->n);
	return true;
}

static void
key_value(struct buf *out, const struct value *v)
{
	struct number n;
	char iso[32];

	switch (v->type) {
	case VALUE_NONE:
		break;
	case VALUE_BOOL:
		buf_puts(out, v->b ? "true" : "false");
		break;
	case VALUE_INT:
		buf_printf(out, "%" PRId64, v->i);
		break;
	case VALUE_REAL:
		if (number_from(v, &n) && n.is_int)
			buf_printf(out, "%" PRId64, n.i);
		else
			buf_printf(out, "%.17g", v->real);
		break;
	case VALUE_TEXT:
		buf_str(out, v->s);
		break;
	case VALUE_TIME:
		buf_puts(out, tstamp_iso(v->t.ns, iso));
		break;
	case VALUE_LIST:
		for (size_t i = 0; i < v->list.n; i++) {
			if (i > 0)
				buf_puts(out, ", ");
			buf_str(out, v->list.v[i]);
		}
		break;
	}
}

/* The event's value; NULL when it has none. */
static const struct value *
key_field(const struct sigma_event *e, uint32_t field)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->cells[i].field == field) {
			const struct value *v = e->cells[i].value;

			if (v->type == VALUE_NONE ||
			    (v->type == VALUE_LIST && v->list.n == 0))
				return NULL;
			return v;
		}
	return NULL;
}

/* One column of an event, packed; false when the event does not have it. */
static bool
pack_column(struct buf *out, const struct source *from,
    const struct sigma_event *e, struct buf *scratch)
{
	const struct value *v = NULL;

	if (from->from == FROM_RULE) {
		pack_text(out, from->text);
		return true;
	}
	if (from->from == FROM_FIELD)
		v = key_field(e, from->index);
	if (v == NULL)
		return false;
	if (v->type == VALUE_TEXT) {
		pack_text(out, v->s);
		return true;
	}
	buf_reset(scratch);
	key_value(scratch, v);
	pack_text(out, buf_text(scratch));
	out->full = out->full || scratch->full;
	return true;
}

/* All of it found room: else it would be taken for something else. */
static bool
whole(struct stream *s, const struct buf *b)
{
	s->c->lost += b->full;
	return !b->full;
}

static void
pack_carried(struct stream *s, const struct input *in,
    const struct sigma_event *e, struct buf *out)
{
	const struct plan *p = s->plan;

	buf_reset(out);
	for (size_t i = p->ngroup + p->nvalue; i < p->ncolumns; i++)
		if (!pack_column(out, &in->sources[i], e, &s->c->value))
			pack_none(out);
}

/* Several fields are one name; each must be there. */
static void
arrive_names(struct stream *s, const struct input *in,
    const struct sigma_event *e, struct arrival *a, arrive_fn fn)
{
	const struct plan *p = s->plan;
	struct buf *name = &s->c->name;

	buf_reset(name);
	for (size_t i = p->ngroup; i < p->ngroup + p->nvalue; i++)
		if (!pack_column(name, &in->sources[i], e, &s->c->value))
			return;
	a->value = buf_text(name);
	a->flags |= ARRIVAL_NAME;
	if (whole(s, name))
		fn(s, a);
}

/* A name: of a list, each item is one. */
static void
arrive_name(
    struct stream *s, const struct value *v, struct arrival *a, arrive_fn fn)
{
	struct buf *name = &s->c->name;

	a->flags |= ARRIVAL_NAME;
	if (v->type == VALUE_LIST) {
		for (size_t i = 0; i < v->list.n; i++) {
			a->value = v->list.v[i];
			fn(s, a);
			a->flags |= ARRIVAL_AGAIN;
		}
		return;
	}
	a->value = v->s;
	if (v->type != VALUE_TEXT) {
		buf_reset(name);
		key_value(name, v);
		a->value = buf_text(name);
		if (!whole(s, name))
			return;
	}
	fn(s, a);
}

static void
arrive_value(struct stream *s, const struct input *in,
    const struct sigma_event *e, struct arrival *a, arrive_fn fn)
{
	const struct source *from = &in->sources[s->plan->ngroup];
	enum wants wants = s->plan->wants;
	struct value of_rule = { .type = VALUE_TEXT, .s = from->text };
	const struct value *v = NULL;

	if (from->from == FROM_RULE)
		v = &of_rule;
	else if (from->from == FROM_FIELD)
		v = key_field(e, from->index);
	if (v == NULL)
		return;
	if (wants != WANTS_NAME && number_from(v, &a->number))
		fn(s, a);
	else if (wants != WANTS_NUMBER)
		arrive_name(s, v, a, fn);
}

void
arrive_event(struct stream *s, const struct input *in,
    const struct sigma_event *e, const struct arrival *start, arrive_fn fn)
{
	const struct plan *p = s->plan;
	struct arrival a = *start;

	buf_reset(&s->c->group);
	for (size_t i = 0; i < p->ngroup; i++)
		if (!pack_column(
			&s->c->group, &in->sources[i], e, &s->c->value))
			return;
	a.group = buf_text(&s->c->group);
	if (!whole(s, &s->c->group))
		return;
	if (a.flags & ARRIVAL_WEAK) {
		fn(s, &a);
		return;
	}
	if (p->ncolumns > p->ngroup + p->nvalue) {
		pack_carried(s, in, e, &s->c->carried);
		a.carried = buf_text(&s->c->carried);
		if (!whole(s, &s->c->carried))
			return;
	}
	if (p->nvalue == 0)
		fn(s, &a);
	else if (p->nvalue > 1)
		arrive_names(s, in, e, &a, fn);
	else
		arrive_value(s, in, e, &a, fn);
}
