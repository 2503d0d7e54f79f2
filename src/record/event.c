#include <string.h>

#include "record.h"

/* The time of field i when it makes an event, else TSTAMP_NONE. */
static int64_t
event_time(const struct record *r, size_t i)
{
	if (r->v[i].type != VALUE_TIME || r->schema->fields[i].event == NULL)
		return TSTAMP_NONE;
	return r->v[i].t.ns;
}

/* True when an earlier field has the same time (and, unless merged, name). */
static bool
event_seen(const struct record *r, size_t at, bool merged)
{
	const struct field *f = r->schema->fields;

	for (size_t i = 0; i < at; i++)
		if (event_time(r, i) == r->v[at].t.ns &&
		    (merged || strcmp(f[i].event, f[at].event) == 0))
			return true;
	return false;
}

/*
 * The names of all fields with field at's time: names of one letter keep
 * their place ("M-CB"), longer ones are joined by "+".
 */
static void
merged_name(const struct record *r, size_t at, char *out, size_t size)
{
	const struct schema *s = r->schema;
	size_t n = 0;

	for (size_t i = 0; i < s->nfields; i++) {
		const char *name = s->fields[i].event;
		size_t len = name ? strlen(name) : 0;
		bool same = len > 0 && event_time(r, i) == r->v[at].t.ns;

		if (len == 0 || (!same && len > 1) || n + len + 2 > size)
			continue;
		if (len > 1 && n > 0)
			out[n++] = '+';
		if (same)
			memcpy(out + n, name, len);
		else
			out[n] = '-';
		n += len;
	}
	out[n] = '\0';
}

size_t
record_times(const struct record *r, int64_t ns[LIMIT_RECORD_FIELDS])
{
	const struct schema *s = r->schema;
	size_t n = 0;

	for (size_t i = 0; i < s->nfields; i++) {
		if (event_time(r, i) == TSTAMP_NONE ||
		    event_seen(r, i, s->merge_events))
			continue;
		ns[n++] = r->v[i].t.ns;
	}
	return n;
}

size_t
record_events(const struct record *r,
    void (*fn)(void *arg, int64_t ns, const char *name), void *arg)
{
	const struct schema *s = r->schema;
	char name[128];
	size_t count = 0;

	for (size_t i = 0; i < s->nfields; i++) {
		if (event_time(r, i) == TSTAMP_NONE ||
		    event_seen(r, i, s->merge_events))
			continue;
		count++;
		if (fn == NULL)
			continue;
		if (s->merge_events)
			merged_name(r, i, name, sizeof(name));
		fn(arg, r->v[i].t.ns,
		    s->merge_events ? name : s->fields[i].event);
	}
	return count;
}

void
record_span(const struct record *r, int64_t *first_ns, int64_t *last_ns)
{
	int64_t first = TSTAMP_NONE, last = TSTAMP_NONE, t;

	for (size_t i = 0; i < r->schema->nfields; i++) {
		t = event_time(r, i);
		if (t == TSTAMP_NONE)
			continue;
		if (first == TSTAMP_NONE || t < first)
			first = t;
		if (last == TSTAMP_NONE || t > last)
			last = t;
	}
	*first_ns = first;
	*last_ns = last;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The run of digits at *at, without leading zeros; *at moves behind it. */
static struct str
number_at(struct str s, size_t *at)
{
	size_t from = *at;

	while (*at < s.n && is_digit(s.p[*at]))
		(*at)++;
	while (from + 1 < *at && s.p[from] == '0')
		from++;
	return str_sub(s, from, *at);
}

int
locator_cmp(struct str a, struct str b)
{
	size_t i = 0, j = 0;
	struct str na, nb;
	int c;

	while (i < a.n && j < b.n) {
		if (is_digit(a.p[i]) && is_digit(b.p[j])) {
			na = number_at(a, &i);
			nb = number_at(b, &j);
			if (na.n != nb.n)
				return na.n < nb.n ? -1 : 1;
			if ((c = str_cmp(na, nb)) != 0)
				return c;
		} else if (a.p[i] != b.p[j]) {
			return (unsigned char)a.p[i] < (unsigned char)b.p[j]
				   ? -1
				   : 1;
		} else {
			i++;
			j++;
		}
	}
	if (a.n - i != b.n - j)
		return a.n - i < b.n - j ? -1 : 1;
	/* Alike but for leading zeros: bytes decide, so that order is total. */
	return str_cmp(a, b);
}

int
event_cmp(const void *pa, const void *pb)
{
	const struct event *a = pa, *b = pb;
	int c;

	if (a->ns != b->ns)
		return a->ns < b->ns ? -1 : 1;
	if ((c = strcmp(a->schema->name, b->schema->name)) != 0 ||
	    (c = str_cmp(a->path, b->path)) != 0 ||
	    (c = locator_cmp(a->locator, b->locator)) != 0 ||
	    (c = str_cmp(a->name, b->name)) != 0)
		return c;
	return str_cmp(a->text, b->text);
}
