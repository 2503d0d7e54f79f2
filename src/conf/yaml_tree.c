#include "yaml_tree.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "limits.h"

/*
 * libyaml's events, put together. An alias is the node that it names, not a
 * copy, so memory grows with the file alone; but whoever walks the tree walks
 * shared nodes again and again, therefore what each node unfolds to is counted
 * and bounded as if it were all written out.
 */
struct built {
	struct yaml_node node; /* first: both are one address */
	size_t nodes, bytes;   /* unfolded, this one among them */
	unsigned height;       /* 1: holds nothing */
	bool open;	       /* its end has not come yet */
};

/* A list or map whose end has not come; its items stand on the stack. */
struct level {
	struct built *in;
	size_t first; /* index in items */
};

struct anchor {
	const char *name;
	uint32_t hash;
	struct built *at;
};

struct builder {
	struct arena *a;
	struct why *why;
	const char *name;
	unsigned line; /* of the event at hand */

	struct level levels[LIMIT_YAML_DEPTH];
	unsigned depth;
	struct built **items; /* of all open levels */
	size_t nitems, cap;
	struct anchor anchors[LIMIT_YAML_ANCHORS];
	size_t nanchors;
	size_t nodes, bytes; /* unfolded, of the whole file */

	struct built *root; /* of the document at hand */
	struct built **docs;
	size_t ndocs, docs_cap;
};

static enum err
too_big(struct builder *b, const char *what)
{
	return why_set(b->why, ERR_LIMIT, "%s:%u: %s", b->name, b->line, what);
}

static enum err
wrong(struct builder *b, const char *what)
{
	return why_set(b->why, ERR_FORMAT, "%s:%u: %s", b->name, b->line, what);
}

static void
push(struct built ***v, size_t *n, size_t *cap, struct built *item)
{
	if (*n == *cap) {
		*cap = *cap ? 2 * *cap : 64;
		*v = realloc(*v, *cap * sizeof(struct built *));
		if (*v == NULL)
			abort();
	}
	(*v)[(*n)++] = item;
}

/* Counts what is added to the tree, as if nothing were shared. */
static enum err
count(struct builder *b, size_t nodes, size_t bytes)
{
	if (nodes > LIMIT_YAML_NODES - b->nodes ||
	    bytes > LIMIT_YAML_UNFOLDED - b->bytes)
		return too_big(b,
		    "too many values, counting each alias (*name) as what it "
		    "stands for; split the file, or write out what is needed");
	b->nodes += nodes;
	b->bytes += bytes;
	return ERR_OK;
}

/* Puts n where it belongs: into the open level, or as the document. */
static enum err
place(struct builder *b, struct built *n)
{
	const struct level *l;

	if (b->depth == 0) {
		b->root = n;
		return ERR_OK;
	}
	l = &b->levels[b->depth - 1];
	if (l->in->node.type == YAML_MAP && (b->nitems - l->first) % 2 == 0) {
		if (n->node.type != YAML_SCALAR)
			return wrong(b,
			    "a key must be one word or text, not a list or "
			    "map");
		if (n->node.plain && str_is(n->node.text, "<<"))
			return wrong(b,
			    "merge keys (<<) are not part of YAML 1.2; write "
			    "out what is merged");
	}
	push(&b->items, &b->nitems, &b->cap, n);
	return ERR_OK;
}

static uint32_t
name_hash(const char *s)
{
	uint32_t h = 2166136261U;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619U;
	return h;
}

static struct anchor *
anchor_find(struct builder *b, const char *name)
{
	uint32_t h = name_hash(name);

	for (size_t i = 0; i < b->nanchors; i++)
		if (b->anchors[i].hash == h &&
		    strcmp(b->anchors[i].name, name) == 0)
			return &b->anchors[i];
	return NULL;
}

/* YAML lets a later anchor of the same name take over. */
static enum err
anchor_set(struct builder *b, const yaml_char_t *text, struct built *n)
{
	const char *name = (const char *)text;
	struct anchor *x;

	if (name == NULL)
		return ERR_OK;
	if ((x = anchor_find(b, name)) == NULL) {
		if (b->nanchors == LIMIT_YAML_ANCHORS)
			return too_big(b, "too many anchors (&name)");
		x = &b->anchors[b->nanchors];
		x->name = arena_strdup(b->a, str_from(name));
		if (x->name == NULL)
			return too_big(b,
			    "the memory for such files is used up; load fewer");
		x->hash = name_hash(name);
		b->nanchors++;
	}
	x->at = n;
	return ERR_OK;
}

static enum err
add_alias(struct builder *b, const yaml_event_t *e)
{
	struct anchor *x = anchor_find(b, (const char *)e->data.alias.anchor);
	enum err r;

	if (x == NULL)
		return wrong(b, "an alias (*name) that no anchor (&name) "
				"before it explains");
	if (x->at->open)
		return wrong(b, "an alias (*name) inside of what it stands "
				"for");
	if (x->at->height > LIMIT_YAML_DEPTH - b->depth)
		return too_big(b, "nested too deeply");
	if ((r = count(b, x->at->nodes, x->at->bytes)) != ERR_OK)
		return r;
	return place(b, x->at);
}

static struct built *
node_new(struct builder *b, enum yaml_type type, const yaml_event_t *e)
{
	struct built *n = arena_alloc(b->a, 1, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->node.type = type;
	n->node.line = b->line;
	n->node.column = e->start_mark.column < UINT32_MAX
			     ? (unsigned)e->start_mark.column + 1
			     : 0;
	n->nodes = 1;
	n->height = 1;
	return n;
}

/* Tags of the core schema; any other would change what a value means. */
static enum err
check_tag(struct builder *b, const yaml_char_t *tag, enum yaml_type type,
    bool *is_text)
{
	static const struct {
		enum yaml_type type;
		const char *tag;
	} known[] = {
		{YAML_SCALAR,  "null" },
		{ YAML_SCALAR, "bool" },
		{ YAML_SCALAR, "int"  },
		{ YAML_SCALAR, "float"},
		{ YAML_SCALAR, "str"  },
		{ YAML_LIST,   "seq"  },
		{ YAML_MAP,    "map"  },
	};
	static const char prefix[] = "tag:yaml.org,2002:";
	struct str t = str_from((const char *)tag);

	*is_text = type == YAML_SCALAR && str_is(t, "!");
	if (tag == NULL || str_is(t, "!"))
		return ERR_OK;
	if (str_starts(t, prefix)) {
		t = str_sub(t, sizeof(prefix) - 1, t.n);
		*is_text = str_is(t, "str");
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (known[i].type == type && str_is(t, known[i].tag))
				return ERR_OK;
	}
	return wrong(b, "a tag (!name) that is not of the core schema; "
			"leave it out");
}

static enum err
add_scalar(struct builder *b, const yaml_event_t *e)
{
	struct str text = { .p = (const char *)e->data.scalar.value,
		.n = e->data.scalar.length };
	struct built *n;
	bool is_text;
	enum err r;

	if (memchr(text.p, '\0', text.n) != NULL)
		return wrong(b, "a text with a NUL character");
	if ((r = check_tag(b, e->data.scalar.tag, YAML_SCALAR, &is_text)) !=
		ERR_OK ||
	    (r = count(b, 1, text.n)) != ERR_OK)
		return r;
	if ((n = node_new(b, YAML_SCALAR, e)) == NULL)
		return too_big(
		    b, "the memory for such files is used up; load fewer");
	n->node.text = arena_str(b->a, text);
	if (n->node.text.p == NULL)
		return too_big(
		    b, "the memory for such files is used up; load fewer");
	n->bytes = text.n;
	n->node.plain =
	    !is_text && (e->data.scalar.tag != NULL ||
			    e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE);
	if ((r = anchor_set(b, e->data.scalar.anchor, n)) != ERR_OK)
		return r;
	return place(b, n);
}

static enum err
open_level(struct builder *b, enum yaml_type type, const yaml_event_t *e)
{
	bool list = type == YAML_LIST, is_text;
	struct built *n;
	enum err r;

	if (b->depth == LIMIT_YAML_DEPTH)
		return too_big(b, "nested too deeply");
	if ((r = check_tag(b,
		 list ? e->data.sequence_start.tag : e->data.mapping_start.tag,
		 type, &is_text)) != ERR_OK ||
	    (r = count(b, 1, 0)) != ERR_OK)
		return r;
	if ((n = node_new(b, type, e)) == NULL)
		return too_big(
		    b, "the memory for such files is used up; load fewer");
	n->open = true;
	r = anchor_set(b,
	    list ? e->data.sequence_start.anchor : e->data.mapping_start.anchor,
	    n);
	if (r == ERR_OK)
		r = place(b, n);
	b->levels[b->depth++] = (struct level){ .in = n, .first = b->nitems };
	return r;
}

static int
key_cmp(const void *x, const void *y)
{
	const struct yaml_node *a = *(const struct yaml_node *const *)x;
	const struct yaml_node *b = *(const struct yaml_node *const *)y;
	int c = str_cmp(a->text, b->text);

	if (c != 0)
		return c;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->column < b->column ? -1 : a->column > b->column;
}

/* Two equal keys: one of them would be lost. */
static enum err
check_keys(struct builder *b, const struct yaml_node *n)
{
	size_t nkeys = n->nitems / 2;
	const struct yaml_node **keys = calloc(nkeys + 1, sizeof(*keys));
	enum err e = ERR_OK;

	if (keys == NULL)
		abort();
	for (size_t i = 0; i < nkeys; i++)
		keys[i] = n->items[2 * i];
	qsort(keys, nkeys, sizeof(*keys), key_cmp);
	for (size_t i = 1; i < nkeys && e == ERR_OK; i++)
		if (str_eq(keys[i - 1]->text, keys[i]->text)) {
			b->line = keys[i]->line;
			e = why_set(b->why, ERR_FORMAT,
			    "%s:%u: the key '%.100s' stands twice in one map "
			    "(first in line %u)",
			    b->name, b->line, keys[i]->text.p,
			    keys[i - 1]->line);
		}
	free(keys);
	return e;
}

static enum err
close_level(struct builder *b)
{
	const struct level *l = &b->levels[--b->depth];
	size_t n = b->nitems - l->first;
	struct built *in = l->in;
	const struct yaml_node **items =
	    arena_alloc(b->a, n, sizeof(struct yaml_node *));

	if (items == NULL)
		return too_big(
		    b, "the memory for such files is used up; load fewer");
	for (size_t i = 0; i < n; i++) {
		const struct built *x = b->items[l->first + i];

		items[i] = &x->node;
		in->nodes += x->nodes;
		in->bytes += x->bytes;
		if (in->height <= x->height)
			in->height = x->height + 1;
	}
	b->nitems = l->first;
	in->node.items = items;
	in->node.nitems = n;
	in->open = false;
	return in->node.type == YAML_MAP ? check_keys(b, &in->node) : ERR_OK;
}

static void
end_document(struct builder *b)
{
	const struct built *r = b->root;

	/* "---" with nothing behind it. */
	if (r != NULL && !yaml_is_null(&r->node))
		push(&b->docs, &b->ndocs, &b->docs_cap, b->root);
	b->root = NULL;
	b->nanchors = 0;
}

static enum err
take_event(struct builder *b, const yaml_event_t *e)
{
	size_t line = e->start_mark.line;

	b->line = line < UINT32_MAX ? (unsigned)line + 1 : 0;
	switch (e->type) {
	case YAML_DOCUMENT_END_EVENT:
		end_document(b);
		return ERR_OK;
	case YAML_ALIAS_EVENT:
		return add_alias(b, e);
	case YAML_SCALAR_EVENT:
		return add_scalar(b, e);
	case YAML_SEQUENCE_START_EVENT:
		return open_level(b, YAML_LIST, e);
	case YAML_MAPPING_START_EVENT:
		return open_level(b, YAML_MAP, e);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_level(b);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
		break;
	}
	return ERR_OK;
}

/* The line, from 1, in which byte `at` stands. */
static size_t
line_of(struct str text, size_t at)
{
	size_t n = 1;

	for (size_t i = 0; i < at && i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

/*
 * What libyaml did not understand, with its own words. It reads bytes ahead
 * of what it parses, and counts the end of the file as a line of its own,
 * where no editor finds anything.
 */
static enum err
parser_error(struct builder *b, const yaml_parser_t *p, struct str text)
{
	size_t last = line_of(text, text.n ? text.n - 1 : 0);
	size_t line = p->error == YAML_READER_ERROR
			  ? line_of(text, p->problem_offset)
			  : p->problem_mark.line + 1;

	b->line = (unsigned)(line < last ? line : last);
	return why_set(b->why, ERR_FORMAT, "%s:%u: not YAML: %s%s%s", b->name,
	    b->line, p->context ? p->context : "", p->context ? ", " : "",
	    p->problem ? p->problem : "cannot be read");
}

static enum err
run(struct builder *b, struct str text)
{
	yaml_parser_t p;
	yaml_event_t e;
	enum err r = ERR_OK;
	bool end = false;

	if (!yaml_parser_initialize(&p))
		abort(); /* out of memory */
	yaml_parser_set_input_string(
	    &p, (const unsigned char *)(text.n ? text.p : ""), text.n);
	while (r == ERR_OK && !end) {
		if (!yaml_parser_parse(&p, &e)) {
			if (p.error == YAML_MEMORY_ERROR)
				abort();
			r = parser_error(b, &p, text);
			break;
		}
		end = e.type == YAML_STREAM_END_EVENT;
		r = take_event(b, &e);
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&p);
	return r;
}

static enum err
publish(struct builder *b, struct yaml_docs *out)
{
	const struct yaml_node **v =
	    arena_alloc(b->a, b->ndocs, sizeof(struct yaml_node *));

	if (v == NULL)
		return too_big(
		    b, "the memory for such files is used up; load fewer");
	for (size_t i = 0; i < b->ndocs; i++)
		v[i] = &b->docs[i]->node;
	*out = (struct yaml_docs){ .v = v, .n = b->ndocs };
	return ERR_OK;
}

enum err
yaml_parse(struct str text, const char *name, struct arena *a,
    struct yaml_docs *out, struct why *why, unsigned *line)
{
	struct builder *b = calloc(1, sizeof(*b));
	enum err e;

	if (b == NULL)
		abort();
	b->a = a;
	b->why = why;
	b->name = name;
	if (text.n > LIMIT_YAML_BYTES)
		e = why_set(why, ERR_LIMIT,
		    "%s: longer than %zu MB; split the file", name,
		    LIMIT_YAML_BYTES >> 20);
	else
		e = run(b, text);
	if (e == ERR_OK)
		e = publish(b, out);
	if (e != ERR_OK && line != NULL)
		*line = b->line;
	free(b->items);
	free(b->docs);
	free(b);
	return e;
}
