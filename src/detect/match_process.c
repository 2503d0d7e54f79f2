#include "matching.h"

/*
 * Names of processes that were cut by the phone: exactly as long as it cuts
 * them, and the beginning of a longer published name. Where a name that Apple
 * ships begins so too, nothing was put into the index.
 */
static void
match_cut(struct matching *m, struct str name)
{
	const struct chains *c = &m->x->cut;
	uint64_t hash;

	if (name.n != 15 && name.n != 16 && name.n != 31 && name.n != 32)
		return;
	hash = value_hash(&m->x->values, KIND_PROCESS, name);
	for (uint32_t i = chains_first(c, hash); i != 0;
	     i = chains_next(c, hash, i)) {
		uint32_t value = chains_value(c, i);
		struct str key = value_key(&m->x->values, value);

		if (str_eq(str_sub(key, 0, name.n), name))
			found(m, value, HOW_CUT);
	}
}

static void
match_name(struct matching *m, struct str name, enum how how)
{
	match_key(m, KIND_PROCESS, name, how);
	match_fuzzy(m, OBS_PROCESS, name);
	match_cut(m, name);
}

void
match_process(struct matching *m, struct str v, bool pair)
{
	size_t slash = str_find(v, '/');

	/* What ran from a published place counts, whatever it is called. */
	if (slash == 0)
		match_path(m, v);
	if (pair && slash > 0 && slash < v.n) {
		struct str bundle = str_sub(v, slash + 1, v.n);

		match_bundle_id(m, bundle);
		v = str_sub(v, 0, slash);
	}
	if (!m->execution)
		return;
	if (str_find(v, '/') < v.n)
		match_name(m, str_basename(v), HOW_BASENAME);
	else
		match_name(m, v, HOW_EQUAL);
}

/*
 * Where something ran, an app's id is a name under which it ran: published
 * names of processes are compared with it too, whole.
 */
void
match_bundle_id(struct matching *m, struct str v)
{
	match_folded(m, KIND_BUNDLE_ID, OBS_BUNDLE_ID, v);
	if (!m->execution)
		return;
	match_key(m, KIND_PROCESS, v, HOW_EQUAL);
	match_fuzzy(m, OBS_PROCESS, v);
}
