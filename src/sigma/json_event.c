#include "json_event.h"

#include <stdlib.h>
#include <string.h>

#include "json_names.h"
#include "json_text.h"
#include "limits.h"
#include "sigma_impl.h"

/* A value of a field that has several; next: 0 ends. */
struct item {
	struct str text;
	uint32_t next;
};

/* What this line has of one field. */
struct slot {
	uint64_t line; /* which line that was; an older one: nothing */
	uint32_t cell;
	uint32_t first, last; /* items, when it has several */
	struct str raw;	      /* of the first value, as it is written */
};

struct json_event {
	const struct sigma *sigma;
	bool keywords; /* every value is wanted */
	bool *wanted;  /* by field number */
	struct slot *slots;
	size_t nfields;
	struct json_names names;
	const char *const *times;
	bool times_anywhere;

	/* Of the line at hand. */
	struct json_text text;
	size_t room_size;
	uint64_t line;
	struct sigma_cell *cells; /* their values are pointed at in the end */
	struct value *values;
	size_t n, cap;
	struct item *items; /* from 1 */
	size_t nitems, items_cap;
	struct str *lists; /* texts of all fields with several values */
	size_t lists_cap;
	uint32_t time_rank;
	int64_t ns;
};

struct json_event *
json_event_new(const struct sigma *s, const struct sigma_route *r)
{
	struct json_event *j = calloc(1, sizeof(*j));

	if (j == NULL)
		abort();
	j->sigma = s;
	j->keywords = sigma_route_keywords(r);
	j->nfields = s->nfields;
	j->wanted = calloc(j->nfields + 1, sizeof(*j->wanted));
	j->slots = calloc(j->nfields + 1, sizeof(*j->slots));
	if (j->wanted == NULL || j->slots == NULL)
		abort();
	for (uint32_t i = 0; i < j->nfields; i++)
		j->wanted[i] = sigma_route_uses(r, i);
	return j;
}

void
json_event_free(struct json_event *j)
{
	if (j == NULL)
		return;
	if (j->names.v != NULL)
		json_names_done(&j->names);
	free(j->wanted);
	free(j->slots);
	free(j->text.room);
	free(j->cells);
	free(j->values);
	free(j->items);
	free(j->lists);
	free(j);
}

void
json_event_want(struct json_event *j, uint32_t field)
{
	if (field < j->nfields)
		j->wanted[field] = true;
}

void
json_event_time(struct json_event *j, const char *const *names, bool anywhere)
{
	j->times = names;
	j->times_anywhere = anywhere;
}

int64_t
json_event_ns(const struct json_event *j)
{
	return j->ns;
}

struct json_line_fault
json_event_fault(const struct json_event *j)
{
	return (struct json_line_fault){ .what = j->text.fault,
		.column = j->text.at + 1 };
}

/* Twice as many of size bytes. */
static void *
grown(void *v, size_t *cap, size_t size)
{
	*cap = *cap ? *cap * 2 : 64;
	v = realloc(v, *cap * size);
	if (v == NULL)
		abort();
	return v;
}

static bool
cell_add(struct json_event *j, uint32_t field, const struct value *v)
{
	size_t cap = j->cap;

	if (j->n >= LIMIT_EVENT_VALUES)
		return json_text_fail(
		    &j->text, "more values than the built-in limit");
	if (j->n == cap) {
		j->values = grown(j->values, &cap, sizeof(*j->values));
		j->cells = grown(j->cells, &j->cap, sizeof(*j->cells));
	}
	j->values[j->n] = *v;
	j->cells[j->n++] = (struct sigma_cell){ .field = field };
	return true;
}

/* One more value of a field that has several; null is none. */
static bool
item_add(
    struct json_event *j, struct slot *s, const struct value *v, struct str raw)
{
	uint32_t id;

	if (v->type == VALUE_NONE)
		return true;
	if (j->nitems >= LIMIT_EVENT_VALUES)
		return json_text_fail(
		    &j->text, "more values than the built-in limit");
	if (j->nitems + 1 >= j->items_cap)
		j->items = grown(j->items, &j->items_cap, sizeof(*j->items));
	id = (uint32_t)++j->nitems;
	j->items[id] =
	    (struct item){ .text = v->type == VALUE_TEXT ? v->s : raw };
	if (s->last != 0)
		j->items[s->last].next = id;
	else
		s->first = id;
	s->last = id;
	return true;
}

/* A second value: the first becomes one of a list. */
static bool
first_again(struct json_event *j, struct slot *s)
{
	struct value *v = &j->values[s->cell], old = *v;

	*v = (struct value){ .type = VALUE_LIST };
	return item_add(j, s, &old, s->raw);
}

/*
 * A value at a place with that name. raw: as it is written, for what is no
 * text; within: inside an array.
 */
static bool
value_put(struct json_event *j, uint32_t name, const struct value *v,
    struct str raw, bool within)
{
	const struct json_name *m = &j->names.v[name];
	struct slot *s;
	int64_t ns;

	if (m->time < j->time_rank && (ns = event_time(v)) != TSTAMP_NONE) {
		j->time_rank = m->time;
		j->ns = ns;
	}
	if (m->field == SIGMA_NO_FIELD)
		return !j->keywords || v->type == VALUE_NONE ||
		       cell_add(j, m->field, v);
	s = &j->slots[m->field];
	if (s->line != j->line) {
		struct value list = { .type = VALUE_LIST };

		*s = (struct slot){
			.line = j->line, .cell = (uint32_t)j->n, .raw = raw
		};
		if (!cell_add(j, m->field, within ? &list : v))
			return false;
		return !within || item_add(j, s, v, raw);
	}
	if (j->values[s->cell].type != VALUE_LIST && !first_again(j, s))
		return false;
	return item_add(j, s, v, raw);
}

static bool any_value(
    struct json_event *j, uint32_t name, unsigned depth, bool within);

/* The name at hand, its colon passed over; the one that is expected first. */
static uint32_t
name_take(struct json_event *j, uint32_t parent, uint32_t expect)
{
	struct json_text *t = &j->text;
	struct str key;
	uint32_t id;

	if (json_text_peek(t) != '"') {
		(void)json_text_fail(t, "a name in quotes must stand here");
		return 0;
	}
	key = j->names.v[expect].key;
	if (expect != 0 && t->n - t->at > key.n + 1 &&
	    t->p[t->at + 1 + key.n] == '"' &&
	    memcmp(t->p + t->at + 1, key.p, key.n) == 0) {
		t->at += key.n + 2;
		id = expect;
	} else {
		if (!json_text_string(t, &key))
			return 0;
		id = json_names_find(&j->names, parent, key);
		if (id == 0)
			(void)json_text_fail(
			    t, "more names than the built-in limit");
	}
	if (json_text_peek(t) != ':') {
		(void)json_text_fail(t, "':' must stand here");
		return 0;
	}
	t->at++;
	return id;
}

/* Behind a value: true when another one follows. */
static bool
comma(struct json_text *t, int end)
{
	int c = json_text_peek(t);

	t->at += c >= 0;
	if (c == ',')
		return true;
	if (c != end) {
		t->at -= c >= 0;
		(void)json_text_fail(t, c < 0 ? "the line ends inside a value"
					: end == '}'
					    ? "',' or '}' must stand here"
					    : "',' or ']' must stand here");
	}
	return false;
}

static bool
object(struct json_event *j, uint32_t parent, unsigned depth, bool within)
{
	struct json_text *t = &j->text;
	uint32_t before = 0, id;

	t->at++;
	if (json_text_peek(t) == '}') {
		t->at++;
		return true;
	}
	do {
		id = name_take(j, parent,
		    before != 0 ? j->names.v[before].follow
				: j->names.v[parent].first);
		if (id == 0)
			return false;
		if (before != 0)
			j->names.v[before].follow = id;
		else
			j->names.v[parent].first = id;
		before = id;
		if (!any_value(j, id, depth, within))
			return false;
	} while (comma(t, '}'));
	return t->fault == NULL;
}

static bool
array(struct json_event *j, uint32_t name, unsigned depth)
{
	struct json_text *t = &j->text;

	t->at++;
	if (json_text_peek(t) == ']') {
		t->at++;
		/* There, and without a value. */
		return value_put(j, name, &(struct value){ .type = VALUE_NONE },
		    (struct str){ NULL, 0 }, true);
	}
	do
		if (!any_value(j, name, depth, true))
			return false;
	while (comma(t, ']'));
	return t->fault == NULL;
}

static bool
nested(struct json_event *j, uint32_t name, unsigned depth, bool within)
{
	struct json_text *t = &j->text;
	struct value v = { .type = VALUE_TEXT };
	bool is_object = t->p[t->at] == '{';
	size_t from = t->at;

	if (depth >= LIMIT_JSON_DEPTH)
		return json_text_fail(t, "nested deeper than the limit");
	if (!is_object)
		return array(j, name, depth + 1);
	if (!object(j, name, depth + 1, within))
		return false;
	if (j->names.v[name].field == SIGMA_NO_FIELD)
		return true;
	v.s = (struct str){ (const char *)t->p + from, t->at - from };
	return value_put(j, name, &v, v.s, within);
}

static bool
any_value(struct json_event *j, uint32_t name, unsigned depth, bool within)
{
	struct json_text *t = &j->text;
	struct value v = { .type = VALUE_TEXT };
	struct str raw = { NULL, 0 };
	int c = json_text_peek(t);

	if (c == '{' || c == '[')
		return nested(j, name, depth, within);
	if (c < 0)
		return json_text_fail(t, "the line ends inside a value");
	if (c == '"') {
		if (!json_text_string(t, &v.s))
			return false;
	} else if (c == '-' || (c >= '0' && c <= '9')) {
		if (!json_text_number(t, &v, &raw))
			return false;
	} else {
		if (!json_text_literal(t, &v))
			return false;
		if (v.type == VALUE_BOOL)
			raw = str_from(v.b ? "true" : "false");
	}
	return value_put(j, name, &v, raw, within);
}

/* Gives every cell its value, and the lists their texts. */
static void
finish(struct json_event *j, struct sigma_event *out)
{
	size_t at = 0;

	while (j->lists_cap < j->nitems)
		j->lists = grown(j->lists, &j->lists_cap, sizeof(*j->lists));
	for (size_t i = 0; i < j->n; i++) {
		struct value *v = &j->values[i];

		j->cells[i].value = v;
		if (v->type != VALUE_LIST)
			continue;
		v->list.v = j->lists == NULL ? NULL : j->lists + at;
		v->list.n = 0;
		for (uint32_t id = j->slots[j->cells[i].field].first; id != 0;
		     id = j->items[id].next) {
			j->lists[at++] = j->items[id].text;
			v->list.n++;
		}
	}
	*out = (struct sigma_event){ .cells = j->cells, .n = j->n };
}

/* Room for the texts of this line. */
static void
begin(struct json_event *j, struct str line)
{
	size_t want = 3 * line.n + 1;
	char *room = j->text.room;

	if (j->names.v == NULL)
		json_names_init(&j->names, j->sigma, j->wanted, j->times,
		    j->times_anywhere);
	json_names_tidy(&j->names);
	if (want > j->room_size) {
		free(room);
		room = malloc(want);
		if (room == NULL)
			abort();
		j->room_size = want;
	}
	j->text = (struct json_text){
		.p = (const uint8_t *)line.p, .n = line.n, .room = room
	};
	j->line++;
	j->n = j->nitems = 0;
	j->time_rank = UINT32_MAX;
	j->ns = TSTAMP_NONE;
}

enum json_line
json_event_read(struct json_event *j, struct str line, struct sigma_event *out)
{
	struct json_text *t = &j->text;
	int c;

	begin(j, line);
	c = json_text_peek(t);
	if (c < 0)
		return JSON_LINE_BLANK;
	if (line.n > LIMIT_EVENT_LINE)
		(void)json_text_fail(t, "longer than the built-in limit");
	else if (c != '{')
		(void)json_text_fail(t, "no JSON object: '{' must stand here");
	else if (object(j, JSON_ROOT, 1, false) && json_text_peek(t) >= 0)
		(void)json_text_fail(t, "more text behind the object");
	if (t->fault != NULL)
		return JSON_LINE_BAD;
	finish(j, out);
	return JSON_LINE_EVENT;
}
