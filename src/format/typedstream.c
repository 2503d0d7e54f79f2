#include "typedstream.h"

#include <string.h>

#include "cleantext.h"
#include "limits.h"

/*
 * See docs/formats/typedstream.md. A stream is a run of groups: a type
 * string, then one value for each type in it. Strings of types and names are
 * written once and referred to by number afterwards; so are objects, their
 * classes and C strings, in a numbering of their own.
 */
enum head {
	HEAD_INT16 = 0x81,
	HEAD_INT32 = 0x82,
	HEAD_REAL = 0x83,
	HEAD_NEW = 0x84,
	HEAD_NIL = 0x85,
	HEAD_END = 0x86,
	HEAD_FIRST_NUMBER = 0x92, /* -110: reference 0, or a small number */
};

/* What a class is as far as it matters here; inherited. */
enum class_flag {
	CLASS_STRING = 1,
	CLASS_URL = 2,
	CLASS_DICT = 4,
};

struct entry {
	uint32_t flags; /* of a class, or of an object's class */
	struct str s;	/* of a string object, and of a URL */
};

/* Enough for any message but those with hundreds of attribute runs. */
#define INLINE_ENTRIES 64

struct stream {
	struct cur c;
	struct arena *a;
	size_t steps; /* values that may still be read */
	unsigned depth;
	bool big; /* big-endian: "typedstream" */
	struct entry first_objects[INLINE_ENTRIES], *objects;
	struct str first_strings[INLINE_ENTRIES], *strings;
	size_t nobjects, objects_cap, nstrings, strings_cap;
	bool has_text;
	struct str text;
	struct str *links;
	size_t nlinks, links_cap;
	bool full; /* the arena's cap was reached */
};

/* The object whose body is being read. */
struct frame {
	size_t self;
	uint32_t flags;
	size_t members;	  /* of a dictionary: objects met so far */
	bool key_is_link; /* its last key was the link attribute's name */
};

static bool read_object(struct stream *s, struct frame *in);

/*
 * Messages come by the hundred thousand, and these few run for every token:
 * compiled into their callers they take a third less.
 */
#define HOT static inline __attribute__((always_inline))

/* Doubles a table inside the arena. */
static bool
grow(struct stream *s, void **table, size_t n, size_t *cap, size_t size)
{
	void *p = arena_alloc(s->a, *cap * 2, size);

	if (p == NULL) {
		s->full = true;
		return false;
	}
	memcpy(p, *table, n * size);
	*table = p;
	*cap *= 2;
	return true;
}

HOT bool
add_object(struct stream *s, struct entry e, size_t *number)
{
	void *t = s->objects;

	if (s->nobjects == s->objects_cap) {
		if (!grow(s, &t, s->nobjects, &s->objects_cap, sizeof(e)))
			return false;
		s->objects = t;
	}
	*number = s->nobjects;
	s->objects[s->nobjects++] = e;
	return true;
}

HOT bool
add_string(struct stream *s, struct str v)
{
	void *t = s->strings;

	if (s->nstrings == s->strings_cap) {
		if (!grow(s, &t, s->nstrings, &s->strings_cap, sizeof(v)))
			return false;
		s->strings = t;
	}
	s->strings[s->nstrings++] = v;
	return true;
}

static bool
add_link(struct stream *s, struct str v)
{
	void *t = s->links;

	if (v.n == 0)
		return true;
	if (t == NULL) {
		s->links_cap = 4;
		t = arena_alloc(s->a, s->links_cap, sizeof(v));
		s->full |= t == NULL;
	}
	if (t == NULL || (s->nlinks == s->links_cap &&
			     !grow(s, &t, s->nlinks, &s->links_cap, sizeof(v))))
		return false;
	s->links = t;
	s->links[s->nlinks++] = v;
	return true;
}

/* A whole number whose first byte was head. */
HOT bool
integer(struct stream *s, uint8_t head, int64_t *out)
{
	uint16_t v16;
	uint32_t v32;

	if (head == HEAD_INT16) {
		if (!(s->big ? cur_be16(&s->c, &v16) : cur_le16(&s->c, &v16)))
			return false;
		*out = v16 < 0x8000 ? v16 : (int64_t)v16 - 0x10000;
	} else if (head == HEAD_INT32) {
		if (!(s->big ? cur_be32(&s->c, &v32) : cur_le32(&s->c, &v32)))
			return false;
		*out = (int32_t)v32;
	} else if (head >= 0x80 && head < HEAD_FIRST_NUMBER) {
		return false;
	} else {
		*out = (int8_t)head;
	}
	return true;
}

/* The number behind a reference; numbers start at -110. */
HOT bool
reference(struct stream *s, uint8_t head, size_t count, size_t *out)
{
	int64_t v;

	if (!integer(s, head, &v) || v < -110 || (uint64_t)(v + 110) >= count)
		return false;
	*out = (size_t)(v + 110);
	return true;
}

/* A length and as many bytes. Lengths are unsigned. */
HOT bool
counted(struct stream *s, struct str *out)
{
	uint16_t v16;
	uint32_t n;
	uint8_t head;

	if (!cur_u8(&s->c, &head))
		return false;
	if (head == HEAD_INT16) {
		if (!(s->big ? cur_be16(&s->c, &v16) : cur_le16(&s->c, &v16)))
			return false;
		n = v16;
	} else if (head == HEAD_INT32) {
		if (!(s->big ? cur_be32(&s->c, &n) : cur_le32(&s->c, &n)))
			return false;
	} else if (head < 0x80) {
		n = head;
	} else {
		return false;
	}
	return cur_str(&s->c, n, out);
}

/* A string that is written once: *out.p is NULL for nil. */
HOT bool
shared_string(struct stream *s, struct str *out)
{
	uint8_t head;
	size_t n;

	if (!cur_u8(&s->c, &head))
		return false;
	if (head == HEAD_NEW)
		return counted(s, out) && add_string(s, *out);
	if (head == HEAD_NIL) {
		*out = (struct str){ NULL, 0 };
		return true;
	}
	if (!reference(s, head, s->nstrings, &n))
		return false;
	*out = s->strings[n];
	return true;
}

HOT uint32_t
flags_of(struct str name)
{
	static const struct {
		struct str name;
		uint32_t flag;
	} known[] = {
		{{ "NSString", 8 },		     CLASS_STRING},
		{ { "NSMutableString", 15 },     CLASS_STRING},
		{ { "NSURL", 5 },		  CLASS_URL   },
		{ { "NSDictionary", 12 },	  CLASS_DICT  },
		{ { "NSMutableDictionary", 19 }, CLASS_DICT  },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].name.n == name.n && str_eq(name, known[i].name))
			return known[i].flag;
	return 0;
}

/* A class and those that it inherits from, up to nil or a known one. */
static bool
read_class(struct stream *s, uint32_t *flags)
{
	struct str name;
	uint8_t head;
	size_t first = s->nobjects, n;
	int64_t version;

	*flags = 0;
	for (;;) {
		if (!cur_u8(&s->c, &head))
			return false;
		if (head == HEAD_NIL)
			break;
		if (head != HEAD_NEW) {
			if (!reference(s, head, s->nobjects, &n))
				return false;
			*flags |= s->objects[n].flags;
			break;
		}
		if (!shared_string(s, &name) || name.p == NULL ||
		    !cur_u8(&s->c, &head) || !integer(s, head, &version) ||
		    !add_object(
			s, (struct entry){ .flags = flags_of(name) }, &n))
			return false;
	}
	/* What was just added is one chain, the topmost class last. */
	for (n = s->nobjects; n > first; n--)
		*flags = s->objects[n - 1].flags |= *flags;
	return true;
}

/* What an object that was just read means to the one that holds it. */
static bool
member(struct stream *s, struct frame *in, size_t n)
{
	const struct entry *e = &s->objects[n];

	if (in == NULL)
		return true;
	if ((in->flags & CLASS_URL) != 0 && (e->flags & CLASS_STRING) != 0)
		s->objects[in->self].s = e->s;
	if ((in->flags & CLASS_DICT) == 0)
		return true;
	if (in->members++ % 2 == 0) {
		in->key_is_link = str_is(e->s, "__kIMLinkAttributeName");
		return true;
	}
	/* URLs are kept when they are read, whoever holds them. */
	if (in->key_is_link && (e->flags & CLASS_STRING) != 0)
		return add_link(s, e->s);
	return true;
}

/* "12c]" behind its bracket: the count; *types is left at the type. */
static bool
array_count(struct cur *types, uint64_t *count)
{
	*count = 0;
	while (types->len > 0 && types->p[0] >= '0' && types->p[0] <= '9') {
		if (*count > UINT32_MAX)
			return false;
		*count = *count * 10 + (uint64_t)(types->p[0] - '0');
		(void)cur_skip(types, 1);
	}
	return true;
}

static bool read_values(
    struct stream *s, struct cur *types, char end, struct frame *in);

/* An array; *types is left behind its closing bracket. */
static bool
read_array(struct stream *s, struct cur *types, struct frame *in)
{
	struct cur one, behind;
	uint64_t count;

	if (!array_count(types, &count))
		return false;
	if (cur_magic(types, "c]", 2) || cur_magic(types, "C]", 2))
		return cur_skip(&s->c, (size_t)count);
	if (count == 0)
		return false; /* never seen: its types would be stepped over */
	for (behind = *types; count > 0 && s->steps > 0; count--) {
		one = *types;
		s->steps--; /* values may have no bytes and no type */
		if (!read_values(s, &one, ']', in))
			return false;
		behind = one;
	}
	*types = behind;
	return count == 0;
}

/* "name=types}" behind its brace. */
static bool
read_struct(struct stream *s, struct cur *types, struct frame *in)
{
	size_t eq = str_find(cur_rest(*types), '=');

	return cur_skip(types, eq + 1) && read_values(s, types, '}', in);
}

static bool
read_text(struct stream *s, struct frame *in)
{
	struct str v;

	if (!counted(s, &v))
		return false;
	if (in == NULL || (in->flags & CLASS_STRING) == 0)
		return true;
	s->objects[in->self].s = v;
	if (!s->has_text) {
		s->has_text = true;
		s->text = v;
	}
	return true;
}

/* A C string: an object of its own whose text is a shared string. */
static bool
read_cstring(struct stream *s)
{
	struct str v;
	uint8_t head;
	size_t n;

	if (!cur_u8(&s->c, &head))
		return false;
	if (head == HEAD_NIL)
		return true;
	if (head != HEAD_NEW)
		return reference(s, head, s->nobjects, &n);
	return add_object(s, (struct entry){ 0 }, &n) && shared_string(s, &v);
}

static bool
read_number(struct stream *s, bool real, size_t width)
{
	uint8_t head;
	int64_t v;

	if (!cur_u8(&s->c, &head))
		return false;
	if (real && head == HEAD_REAL)
		return cur_skip(&s->c, width);
	return integer(s, head, &v);
}

/* One value of the type at *types, which is moved behind it. */
static bool
read_value(struct stream *s, struct cur *types, struct frame *in)
{
	struct str v;
	uint32_t flags;
	uint8_t type;

	if (s->steps == 0 || !cur_u8(types, &type))
		return false;
	s->steps--;
	switch (type) {
	case '[':
		return read_array(s, types, in);
	case '{':
		return read_struct(s, types, in);
	case '@':
		return read_object(s, in);
	case '+':
		return read_text(s, in);
	case 'c':
	case 'C':
	case 'B':
		return cur_skip(&s->c, 1);
	case 's':
	case 'S':
	case 'i':
	case 'I':
	case 'l':
	case 'L':
	case 'q':
	case 'Q':
		return read_number(s, false, 0);
	case 'f':
		return read_number(s, true, 4);
	case 'd':
		return read_number(s, true, 8);
	case '*':
		return read_cstring(s);
	case '%':
	case ':':
		return shared_string(s, &v);
	case '#':
		return read_class(s, &flags);
	case '!': /* left out on purpose by its writer */
		return true;
	default:
		return false;
	}
}

/* Values up to the closing bracket end; to the end of types when it is 0. */
static bool
read_values(struct stream *s, struct cur *types, char end, struct frame *in)
{
	bool good = true;

	if (s->depth >= LIMIT_TYPEDSTREAM_DEPTH)
		return false;
	s->depth++;
	while (good && types->len > 0 && (end == '\0' || types->p[0] != end))
		good = read_value(s, types, in);
	s->depth--;
	return good && (end == '\0' || cur_skip(types, 1));
}

/* A type string and its values. */
static bool
read_group(struct stream *s, struct frame *in)
{
	struct str types;
	struct cur c;

	if (!shared_string(s, &types) || types.p == NULL)
		return false;
	c = cur_from(types.p, types.n);
	return read_values(s, &c, '\0', in);
}

/* Groups up to the end mark. */
static bool
read_body(struct stream *s, struct frame *in)
{
	while (s->c.len > 0 && s->c.p[0] != HEAD_END)
		if (!read_group(s, in))
			return false;
	return cur_skip(&s->c, 1);
}

static bool
read_object(struct stream *s, struct frame *in)
{
	struct frame f = { 0 };
	uint8_t head;
	size_t n;

	if (!cur_u8(&s->c, &head))
		return false;
	if (head == HEAD_NIL) {
		if (in != NULL)
			in->members++;
		return true;
	}
	if (head != HEAD_NEW)
		return reference(s, head, s->nobjects, &n) && member(s, in, n);
	if (!add_object(s, (struct entry){ 0 }, &f.self) ||
	    !read_class(s, &f.flags))
		return false;
	s->objects[f.self].flags = f.flags;
	if (!read_body(s, &f))
		return false;
	if ((f.flags & CLASS_URL) != 0 && !add_link(s, s->objects[f.self].s))
		return false;
	return member(s, in, f.self);
}

static bool
read_stream(struct stream *s)
{
	uint8_t head;
	int64_t system;

	if (cur_magic(&s->c, "\x04\x0btypedstream", 13))
		s->big = true;
	else if (!cur_magic(&s->c, "\x04\x0bstreamtyped", 13))
		return false;
	if (!cur_u8(&s->c, &head) || !integer(s, head, &system))
		return false;
	while (s->c.len > 0)
		if (!read_group(s, NULL))
			return false;
	return true;
}

/*
 * Not in the grammar, but with a string's class name and its text behind it:
 * what damaged streams and careless writers leave.
 */
static bool
salvage(struct stream *s, struct cur bytes)
{
	struct str all = cur_rest(bytes), v;
	const char *f;
	size_t at = 0, plus;

	while (at < all.n &&
	       (f = memmem(all.p + at, all.n - at, "String", 6)) != NULL) {
		at = (size_t)(f - all.p) + 6;
		plus = str_find(str_sub(all, at, at + 16), '+');
		s->c = bytes;
		if (plus < 16 && cur_skip(&s->c, at + plus + 1) &&
		    counted(s, &v) && v.n > 0 && text_is_clean(v)) {
			s->text = v;
			return s->has_text = true;
		}
	}
	return false;
}

bool
typedstream_parse(struct cur bytes, struct arena *a, const struct notes *n,
    struct typedstream_text *out)
{
	struct stream s;

	s.c = bytes;
	s.a = a;
	s.steps = bytes.len * 2;
	s.depth = 0;
	s.big = s.has_text = s.full = false;
	s.objects = s.first_objects;
	s.strings = s.first_strings;
	s.objects_cap = s.strings_cap = INLINE_ENTRIES;
	s.nobjects = s.nstrings = s.nlinks = s.links_cap = 0;
	s.links = NULL;
	if (!read_stream(&s) || !s.has_text) {
		note(n, s.full ? NOTE_READ_LIMIT : NOTE_TYPEDSTREAM_CUT,
		    bytes.off + (bytes.len - s.c.len));
		if (!s.has_text && !salvage(&s, bytes))
			return false;
	}
	if (!text_is_clean(s.text))
		note(n, NOTE_READ_TEXT, bytes.off);
	out->text = s.text;
	out->links = s.links;
	out->nlinks = s.nlinks;
	return true;
}

/* The length in front of a string: one byte, or a head and two or four. */
static bool
short_length(struct cur *c, uint64_t *out)
{
	uint8_t head;
	uint16_t n16;
	uint32_t n32;

	if (!cur_u8(c, &head))
		return false;
	if (head == HEAD_INT16) {
		if (!cur_le16(c, &n16))
			return false;
		*out = n16;
		return true;
	}
	if (head == HEAD_INT32) {
		if (!cur_le32(c, &n32))
			return false;
		*out = n32;
		return true;
	}
	*out = head;
	return head < 0x80;
}

bool
typedstream_says(struct cur bytes, struct str text)
{
	static const char magic[] = "\x04\x0bstreamtyped", mark[] = "\x84\x01+";
	const size_t front = 128; /* classes before the string: about 70 */
	struct cur c = bytes;
	struct str head = cur_rest(c), s;
	const char *at;
	uint64_t n;
	uint8_t end;

	if (!cur_magic(&c, magic, sizeof(magic) - 1))
		return false;
	at = memmem(
	    head.p, head.n < front ? head.n : front, mark, sizeof(mark) - 1);
	c = bytes;
	if (at == NULL ||
	    !cur_skip(&c, (size_t)(at - head.p) + sizeof(mark) - 1) ||
	    !short_length(&c, &n) || n != text.n || !cur_str(&c, text.n, &s) ||
	    !str_eq(s, text) || !cur_u8(&c, &end) || end != HEAD_END)
		return false;
	s = cur_rest(c);
	return s.n > 0 && (uint8_t)s.p[s.n - 1] == HEAD_END &&
	       memmem(s.p, s.n, "URL", 3) == NULL &&
	       memmem(s.p, s.n, "Link", 4) == NULL &&
	       memmem(s.p, s.n, "\0\0\0", 3) == NULL;
}
