#include "nskeyed.h"

bool
nskeyed_from(const struct plist *p, struct nskeyed *out)
{
	struct nskeyed k = {
		.objects = plist_get(p, "$objects"),
		.top = plist_get(p, "$top"),
	};

	if (k.objects == NULL || k.objects->type != PLIST_ARRAY ||
	    k.top == NULL || k.top->type != PLIST_DICT)
		return false;
	*out = k;
	return true;
}

const struct plist *
nskeyed_root(const struct nskeyed *k)
{
	const struct plist *root = plist_get(k->top, "root");

	if (root == NULL && k->top->dict.n == 1)
		root = k->top->dict.v[0].value;
	return nskeyed_deref(k, root);
}

/* One step is enough: what a UID points to is never a UID itself. */
const struct plist *
nskeyed_deref(const struct nskeyed *k, const struct plist *v)
{
	struct str s;

	if (v != NULL && v->type == PLIST_UID) {
		v = v->u < SIZE_MAX ? plist_at(k->objects, (size_t)v->u) : NULL;
		if (plist_string(v, &s) && str_is(s, "$null"))
			return NULL;
	}
	return v;
}

const struct plist *
nskeyed_get(
    const struct nskeyed *k, const struct plist *object, const char *key)
{
	return nskeyed_deref(k, plist_get(object, key));
}

bool
nskeyed_data(const struct nskeyed *k, const struct plist *v, struct str *out)
{
	v = nskeyed_deref(k, v);
	return plist_data(v, out) ||
	       plist_data(nskeyed_get(k, v, "NS.data"), out);
}

bool
nskeyed_string(const struct nskeyed *k, const struct plist *v, struct str *out)
{
	v = nskeyed_deref(k, v);
	return plist_string(v, out) ||
	       plist_string(nskeyed_get(k, v, "NS.string"), out);
}
