#include "indicators_impl.h"
#include "tstamp.h"

/* Before all weighing, by what the record shows. */
static enum level
level_of(enum role r)
{
	switch (r) {
	case ROLE_EXECUTION:
		return LEVEL_CRITICAL;
	case ROLE_CONTACT:
	case ROLE_DELIVERY:
		return LEVEL_HIGH;
	case ROLE_VISIT:
	case ROLE_MENTION:
		return LEVEL_MEDIUM;
	}
	return LEVEL_MEDIUM;
}

static enum level
one_less(enum level l)
{
	return l > LEVEL_INFO ? (enum level)(l - 1) : l;
}

/*
 * As one publication weighs. Once a value is public, people look it up: a
 * later visit says less, and so does an address that was typed; both
 * together are still one level. Others use shared and hijacked places too.
 * An address that the campaign gave up belongs to somebody else since.
 */
static struct weight
weigh_origin(const struct indicators *x, const struct origin *o, uint32_t value,
    enum how how, const struct record *r)
{
	struct weight w = { .role = record_role(r) };
	int64_t first, last;

	record_span(r, &first, &last);
	if (how == HOW_EMAIL_DOMAIN)
		w.role = ROLE_MENTION;
	w.level = level_of(w.role);
	w.typed = r->deliberate;
	w.late = w.role == ROLE_VISIT && first != TSTAMP_NONE &&
		 o->published_ns != TSTAMP_NONE && first > o->published_ns;
	w.shared = (o->flags & ORIGIN_SHARED) != 0;
	w.hijacked = (o->flags & ORIGIN_HIJACKED) != 0;
	w.outside = x->values.v[value].obs == OBS_IP && first != TSTAMP_NONE &&
		    o->until_ns != TSTAMP_NONE && first > o->until_ns;
	if (w.typed || w.late)
		w.level = one_less(w.level);
	if ((w.shared || w.hijacked || how == HOW_EMAIL_DOMAIN) &&
	    w.level > LEVEL_LOW)
		w.level = LEVEL_LOW;
	if (w.outside || how == HOW_GAVE_UP)
		w.level = LEVEL_INFO;
	return w;
}

/*
 * Of several publications of one value the gravest counts: that one of them
 * knows of a harmless use does not undo what another says. Among equals the
 * one that was loaded first, which is the last of the list.
 */
struct weight
weigh(const struct indicators *x, uint32_t value, enum how how,
    const struct record *r)
{
	struct weight best = { .origin = 0 };

	for (uint32_t i = x->values.v[value].origin; i != 0;
	     i = x->origins[i].next) {
		struct weight w =
		    weigh_origin(x, &x->origins[i], value, how, r);

		w.origin = i;
		if (best.origin == 0 || w.level >= best.level)
			best = w;
	}
	return best;
}
