#include "plist.h"

#include <math.h>

#include "plist_impl.h"

struct plist *
plist_node(
    struct arena *a, const struct notes *n, enum plist_type type, size_t off)
{
	struct plist *p = arena_alloc(a, 1, sizeof(*p));

	if (p == NULL) {
		note(n, NOTE_READ_LIMIT, off);
		return NULL;
	}
	p->type = type;
	p->off = off;
	return p;
}

struct plist *
plist_parse(struct cur file, struct arena *a, const struct notes *n)
{
	struct cur c = file;
	uint8_t b;

	if (cur_magic(&c, "bplist", 6))
		return plist_bin_parse(file, a, n);
	(void)cur_magic(&c, "\xef\xbb\xbf", 3);
	file = c;
	while (cur_u8(&c, &b) && (b == ' ' || (b >= '\t' && b <= '\r')))
		file = c;
	if (file.len > 0 && file.p[0] == '<')
		return plist_xml_parse(file, a, n);
	note(n, NOTE_PLIST_KIND, file.off);
	return NULL;
}

struct plist *
plist_get_str(const struct plist *dict, struct str key)
{
	if (dict == NULL || dict->type != PLIST_DICT)
		return NULL;
	for (size_t i = 0; i < dict->dict.n; i++)
		if (str_eq(dict->dict.v[i].key, key))
			return dict->dict.v[i].value;
	return NULL;
}

struct plist *
plist_get(const struct plist *dict, const char *key)
{
	return plist_get_str(dict, str_from(key));
}

struct plist *
plist_at(const struct plist *array, size_t i)
{
	if (array == NULL || array->type != PLIST_ARRAY || i >= array->array.n)
		return NULL;
	return array->array.v[i];
}

bool
plist_string(const struct plist *p, struct str *out)
{
	if (p == NULL || p->type != PLIST_STRING)
		return false;
	*out = p->s;
	return true;
}

bool
plist_data(const struct plist *p, struct str *out)
{
	if (p == NULL || p->type != PLIST_DATA)
		return false;
	*out = p->s;
	return true;
}

/* The bounds are powers of two: exact as doubles. */
static bool
whole(double d, int64_t *out)
{
	if (!isfinite(d) || d < -0x1p63 || d >= 0x1p63 || trunc(d) != d)
		return false;
	*out = (int64_t)d;
	return true;
}

bool
plist_int(const struct plist *p, int64_t *out)
{
	if (p == NULL)
		return false;
	if (p->type == PLIST_REAL)
		return whole(p->real, out);
	if (p->type != PLIST_INT)
		return false;
	*out = p->i;
	return true;
}

bool
plist_real(const struct plist *p, double *out)
{
	if (p == NULL)
		return false;
	if (p->type == PLIST_REAL)
		*out = p->real;
	else if (p->type == PLIST_INT)
		*out = (double)p->i;
	else if (p->type == PLIST_UINT)
		*out = (double)p->u;
	else
		return false;
	return true;
}

bool
plist_bool(const struct plist *p, bool *out)
{
	if (p == NULL)
		return false;
	if (p->type == PLIST_BOOL)
		*out = p->b;
	else if (p->type == PLIST_INT && (p->i == 0 || p->i == 1))
		*out = p->i == 1;
	else
		return false;
	return true;
}

bool
plist_date(const struct plist *p, int64_t *out_ns)
{
	if (p == NULL || p->type != PLIST_DATE)
		return false;
	*out_ns = p->date.ns;
	return true;
}
