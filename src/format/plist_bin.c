#include <string.h>

#include "cleantext.h"
#include "limits.h"
#include "plist_impl.h"
#include "tstamp.h"

/*
 * bplist00, after the comment in Apple's CFBinaryPList.c; all big-endian:
 *
 *   "bplist00" objects offset-table trailer
 *   trailer (last 32 bytes): 5 unused, 1 sort version, 1 offset size,
 *     1 ref size, 8 object count, 8 root object, 8 offset of the table
 *
 *   object: a byte TTTTnnnn; nnnn = 15 means that an integer object follows
 *     which holds the count
 *   0000 0000 null       0000 100x bool       0000 1111 fill
 *   0001 nnnn int, 2^n bytes; up to 4 unsigned, 8 signed, 16 as needed
 *   0010 nnnn real, 2^n  0011 0011 date, 8-byte real, seconds since 2001
 *   0100 nnnn data       0101 nnnn ASCII      0110 nnnn UTF-16, n units
 *   0111 nnnn UTF-8      1000 nnnn UID, n + 1 bytes
 *   1010 nnnn array      1011 1100 nnnn sets  1101 nnnn dict: keys, values
 *
 * An object is parsed once however often it is referred to. What an honest
 * writer makes never overlaps, so the bytes that objects claim together are
 * held to a multiple of the file's length; that bounds the work, too.
 */
#define TRAILER_SIZE 32
#define HEADER_SIZE  8

/* weight of an object that is being parsed: met again, it is a cycle. */
#define BUSY UINT32_MAX

struct bin {
	struct cur objects; /* header and objects: the file up to the table */
	struct cur table;
	struct arena *a;
	const struct notes *n;
	uint8_t offset_size, ref_size;
	uint64_t count;
	struct plist **memo;
	uint32_t *weight; /* nodes below and with it, shared ones repeated */
	uint64_t left;	  /* bytes that objects may still claim */
	unsigned depth;
};

static struct plist *object(struct bin *b, uint64_t ref, uint32_t *weight);

static struct plist *
broken(struct bin *b, enum note_id id, size_t off)
{
	note(b->n, id, off);
	return plist_node(b->a, b->n, PLIST_NULL, off);
}

/* The count of an object with low bits nnnn. */
static bool
count_of(struct cur *c, uint8_t low, uint64_t *out)
{
	uint8_t mark;

	if (low != 15) {
		*out = low;
		return true;
	}
	return cur_u8(c, &mark) && mark >= 0x10 && mark <= 0x13 &&
	       cur_be(c, (size_t)1 << (mark & 3), out);
}

static bool
claim(struct bin *b, uint64_t bytes)
{
	if (bytes > b->left)
		return false;
	b->left -= bytes;
	return true;
}

static struct plist *
integer(struct bin *b, struct cur c, uint8_t low, size_t off)
{
	struct plist *p;
	uint64_t high = 0, v;

	if (low > 4 || (low == 4 && !cur_be64(&c, &high)) ||
	    !cur_be(&c, low >= 3 ? 8 : (size_t)1 << low, &v))
		return broken(b, NOTE_PLIST_OBJECT, off);
	/* 16 bytes: an unsigned number of 8, or one that is sign-extended. */
	if (high != 0 && (high != UINT64_MAX || v <= INT64_MAX))
		return broken(b, NOTE_PLIST_OBJECT, off);
	if ((p = plist_node(b->a, b->n, PLIST_INT, off)) == NULL)
		return NULL;
	p->i = (int64_t)v;
	if (low == 4 && high == 0 && v > INT64_MAX) {
		p->type = PLIST_UINT;
		p->u = v;
	}
	return p;
}

static bool
real_bits(struct cur *c, uint8_t low, double *out)
{
	uint32_t u;
	uint64_t v;
	float f;

	if (low == 2 && cur_be32(c, &u)) {
		memcpy(&f, &u, sizeof(f));
		*out = (double)f;
		return true;
	}
	if (low != 3 || !cur_be64(c, &v))
		return false;
	memcpy(out, &v, sizeof(v));
	return true;
}

static struct plist *
real(struct bin *b, struct cur c, uint8_t low, size_t off, bool is_date)
{
	struct plist *p;
	double v;

	if (!real_bits(&c, low, &v) || (is_date && low != 3))
		return broken(b, NOTE_PLIST_OBJECT, off);
	p = plist_node(b->a, b->n, is_date ? PLIST_DATE : PLIST_REAL, off);
	if (p != NULL && is_date) {
		/* Apple's "distant past" is a date that we cannot hold. */
		p->date.raw = v;
		p->date.ns = tstamp_mac_s(v);
		if (v != v)
			note(b->n, NOTE_READ_TIME, off);
	} else if (p != NULL) {
		p->real = v;
	}
	return p;
}

static struct plist *
uid(struct bin *b, struct cur c, uint8_t low, size_t off)
{
	struct plist *p;
	uint64_t v = 0, high = 0;
	size_t n = (size_t)low + 1;

	if ((n > 8 && !cur_be(&c, n - 8, &high)) || high != 0 ||
	    !cur_be(&c, n > 8 ? 8 : n, &v))
		return broken(b, NOTE_PLIST_OBJECT, off);
	if ((p = plist_node(b->a, b->n, PLIST_UID, off)) != NULL)
		p->u = v;
	return p;
}

/* Code units of UTF-16BE; a half of a pair alone gives U+FFFD. */
static uint32_t
utf16_next(struct cur *c, bool *odd)
{
	struct cur w;
	uint16_t hi = 0, lo;

	(void)cur_be16(c, &hi);
	if (hi < 0xd800 || hi > 0xdfff) {
		*odd |= hi == 0;
		return hi;
	}
	w = *c;
	if (hi < 0xdc00 && cur_be16(&w, &lo) && lo >= 0xdc00 && lo <= 0xdfff) {
		*c = w;
		return 0x10000U + ((hi & 0x3ffU) << 10) + (lo & 0x3ffU);
	}
	*odd = true;
	return 0xfffd;
}

static size_t
utf8_size(uint32_t cp)
{
	return cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
}

static char *
utf8_write(char *p, uint32_t cp)
{
	const unsigned lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = utf8_size(cp);

	for (size_t i = n - 1; i > 0; i--, cp >>= 6)
		p[i] = (char)(0x80 | (cp & 0x3f));
	p[0] = (char)(lead[n] | cp);
	return p + n;
}

/* Bytes above 127 in what claims to be ASCII become U+FFFD. */
static uint32_t
ascii_next(struct cur *c, bool *odd)
{
	uint8_t v = 0;

	(void)cur_u8(c, &v);
	*odd |= v == 0 || v > 127;
	return v > 127 ? 0xfffd : v;
}

static bool
text_convert(struct bin *b, struct cur c,
    uint32_t (*next)(struct cur *, bool *), struct str *out)
{
	struct cur w = c;
	size_t n = 0;
	bool odd = false;
	char *p, *end;

	while (w.len > 0)
		n += utf8_size(next(&w, &odd));
	if ((p = end = arena_alloc(b->a, n, 1)) == NULL)
		return note(b->n, NOTE_READ_LIMIT, c.off);
	while (c.len > 0)
		end = utf8_write(end, next(&c, &odd));
	*out = (struct str){ .p = p, .n = n };
	return true;
}

static bool
has_high(struct str s)
{
	unsigned high = 0;

	for (size_t i = 0; i < s.n; i++)
		high |= (unsigned char)s.p[i] & 0x80U;
	return high != 0;
}

static struct plist *
text(struct bin *b, struct cur c, uint8_t type, size_t off)
{
	struct plist *p = plist_node(b->a, b->n, PLIST_STRING, off);
	struct str s = cur_rest(c);
	bool odd = false;
	struct cur w;

	if (p == NULL)
		return NULL;
	if (type == 6) {
		for (w = c; w.len > 0;)
			(void)utf16_next(&w, &odd);
		if (!text_convert(b, c, utf16_next, &s))
			return NULL;
	} else {
		bool high = has_high(s);

		odd = !text_is_clean(s) || (type == 5 && high);
		if (odd && high && !text_convert(b, c, ascii_next, &s))
			return NULL;
	}
	p->s = s;
	if (odd)
		note(b->n, NOTE_PLIST_TEXT, off);
	return p;
}

static struct plist *
run(struct bin *b, struct cur c, uint8_t type, uint8_t low, size_t off)
{
	struct plist *p;
	struct cur body;
	uint64_t n;

	if (!count_of(&c, low, &n) || n > c.len ||
	    !cur_take(&c, type == 6 ? (size_t)n * 2 : (size_t)n, &body))
		return broken(b, NOTE_PLIST_OBJECT, off);
	if (!claim(b, body.len))
		return broken(b, NOTE_PLIST_OVERLAP, off);
	if (type != 4)
		return text(b, body, type, off);
	if ((p = plist_node(b->a, b->n, PLIST_DATA, off)) != NULL)
		p->s = cur_rest(body);
	return p;
}

/* The next reference of a container, parsed; *sum grows by its weight. */
static struct plist *
member(struct bin *b, struct cur *refs, uint32_t *sum)
{
	struct plist *p;
	uint32_t weight = 1;
	size_t off = refs->off;
	uint64_t ref;

	if (!cur_be(refs, b->ref_size, &ref) ||
	    (p = object(b, ref, &weight)) == NULL)
		return NULL;
	if (weight > LIMIT_PLIST_NODES - *sum) {
		note(b->n, NOTE_READ_LIMIT, off);
		return NULL;
	}
	*sum += weight;
	return p;
}

static struct plist *
array(struct bin *b, struct cur refs, size_t n, uint32_t *sum)
{
	struct plist *p = plist_node(b->a, b->n, PLIST_ARRAY, refs.off);
	struct plist *v;

	if (p == NULL)
		return NULL;
	if ((p->array.v = arena_alloc(b->a, n, sizeof(struct plist *))) ==
	    NULL) {
		note(b->n, NOTE_READ_LIMIT, refs.off);
		return p;
	}
	while (p->array.n < n && (v = member(b, &refs, sum)) != NULL)
		p->array.v[p->array.n++] = v;
	return p;
}

static struct plist *
dict(struct bin *b, struct cur keys, size_t n, uint32_t *sum)
{
	struct plist *p = plist_node(b->a, b->n, PLIST_DICT, keys.off);
	struct plist *k, *v;
	struct cur refs = keys;

	if (p == NULL)
		return NULL;
	if ((p->dict.v = arena_alloc(b->a, n, sizeof(struct plist_pair))) ==
	    NULL) {
		note(b->n, NOTE_READ_LIMIT, keys.off);
		return p;
	}
	(void)cur_skip(&refs, n * b->ref_size);
	for (size_t i = 0; i < n; i++) {
		if ((k = member(b, &keys, sum)) == NULL ||
		    (v = member(b, &refs, sum)) == NULL)
			break;
		if (k->type != PLIST_STRING) {
			note(b->n, NOTE_PLIST_KEY, k->off);
			continue;
		}
		p->dict.v[p->dict.n++] =
		    (struct plist_pair){ .key = k->s, .value = v };
	}
	return p;
}

static struct plist *
container(struct bin *b, struct cur c, uint8_t mark, uint32_t *sum)
{
	bool is_dict = mark >> 4 == 13;
	size_t off = c.off - 1, each = b->ref_size * (is_dict ? 2U : 1U);
	struct plist *p;
	struct cur refs;
	uint64_t n;

	if (!count_of(&c, mark & 15, &n) || n > c.len / each ||
	    !cur_take(&c, (size_t)n * each, &refs))
		return broken(b, NOTE_PLIST_OBJECT, off);
	if (!claim(b, refs.len))
		return broken(b, NOTE_PLIST_OVERLAP, off);
	p = is_dict ? dict(b, refs, (size_t)n, sum)
		    : array(b, refs, (size_t)n, sum);
	if (p != NULL)
		p->off = off;
	return p;
}

static struct plist *
parse_at(struct bin *b, struct cur c, uint32_t *sum)
{
	size_t off = c.off;
	struct plist *p;
	uint8_t mark, low;

	if (!cur_u8(&c, &mark))
		return broken(b, NOTE_PLIST_OBJECT, off);
	if (!claim(b, 1))
		return broken(b, NOTE_PLIST_OVERLAP, off);
	low = mark & 15;
	switch (mark >> 4) {
	case 0:
		if (low != 0 && low != 8 && low != 9)
			break;
		/* Legal, but no phone writes one: zeroed bytes look so. */
		if (low == 0)
			return broken(b, NOTE_PLIST_NULL, off);
		if ((p = plist_node(b->a, b->n, PLIST_BOOL, off)) != NULL)
			p->b = low == 9;
		return p;
	case 1:
		return integer(b, c, low, off);
	case 2:
	case 3:
		return real(b, c, low, off, mark >> 4 == 3);
	case 4:
	case 5:
	case 6:
	case 7:
		return run(b, c, mark >> 4, low, off);
	case 8:
		return uid(b, c, low, off);
	case 10:
	case 11:
	case 12:
	case 13:
		return container(b, c, mark, sum);
	default:
		break;
	}
	return broken(b, NOTE_PLIST_OBJECT, off);
}

/* Where an object stands, as the table says. */
static bool
locate(const struct bin *b, uint64_t ref, struct cur *out)
{
	struct cur entry;
	uint64_t off;

	return ref < b->count &&
	       cur_window(&b->table, (size_t)ref * b->offset_size,
		   b->offset_size, &entry) &&
	       cur_be(&entry, b->offset_size, &off) && off >= HEADER_SIZE &&
	       off < b->objects.len &&
	       cur_window(
		   &b->objects, (size_t)off, b->objects.len - (size_t)off, out);
}

static struct plist *
object(struct bin *b, uint64_t ref, uint32_t *weight)
{
	struct plist *p;
	struct cur c;

	if (!locate(b, ref, &c))
		return broken(b, NOTE_PLIST_OFFSET, b->table.off);
	if (b->weight[ref] == BUSY)
		return broken(b, NOTE_PLIST_CYCLE, c.off);
	if (b->weight[ref] != 0) {
		*weight = b->weight[ref];
		return b->memo[ref];
	}
	if (b->depth >= LIMIT_PLIST_DEPTH)
		return broken(b, NOTE_READ_LIMIT, c.off);
	b->weight[ref] = BUSY;
	b->depth++;
	p = parse_at(b, c, weight);
	b->depth--;
	b->memo[ref] = p;
	b->weight[ref] = p ? *weight : 0;
	return p;
}

/* How many bytes the object at c takes, its marker included. */
static bool
extent(const struct bin *b, struct cur c, uint64_t *out)
{
	const size_t start = c.off;
	uint8_t mark = 0, type;
	uint64_t n;

	if (!cur_u8(&c, &mark))
		return false;
	type = mark >> 4;
	n = mark & 15;
	if (type == 0)
		n = 0;
	else if (type <= 3)
		n = UINT64_C(1) << n;
	else if (type == 8)
		n++;
	else if (!count_of(&c, mark & 15, &n))
		return false;
	if (n > c.len)
		return false;
	if (type == 6)
		n *= 2;
	else if (type >= 10)
		n *= b->ref_size * (type == 13 ? 2U : 1U);
	*out = n + (c.off - start);
	return true;
}

/*
 * Every writer puts one object behind the other, in the order of the table,
 * and refers to each; only numbers, truths and UIDs may be left over from
 * uniquing. True of all 8,583 binary plists of real phones that were looked
 * at. So damage shows that hits a marker, a count, an offset or a reference
 * and leaves something that can be parsed.
 */
static void
check_layout(const struct bin *b)
{
	uint64_t next = HEADER_SIZE, size;
	struct cur c, w;
	uint8_t type;

	for (uint64_t ref = 0; ref < b->count; ref++) {
		if (!locate(b, ref, &c) || c.off - b->objects.off != next ||
		    !extent(b, c, &size))
			break;
		w = c;
		(void)cur_u8(&w, &type);
		type >>= 4;
		if (b->weight[ref] == 0 && type >= 3 && type != 8)
			break;
		next += size;
	}
	if (next != b->objects.len)
		note(b->n, NOTE_PLIST_LAYOUT, b->objects.off + (size_t)next);
}

static bool
trailer(struct bin *b, struct cur file, uint64_t *root)
{
	struct cur c;
	uint64_t table_off;

	if (file.len < HEADER_SIZE + TRAILER_SIZE ||
	    !cur_window(&file, file.len - TRAILER_SIZE, TRAILER_SIZE, &c) ||
	    !cur_skip(&c, 6) || !cur_u8(&c, &b->offset_size) ||
	    !cur_u8(&c, &b->ref_size) || !cur_be64(&c, &b->count) ||
	    !cur_be64(&c, root) || !cur_be64(&c, &table_off))
		return false;
	if (b->offset_size == 0 || b->offset_size > 8 || b->ref_size == 0 ||
	    b->ref_size > 8 || *root >= b->count || table_off <= HEADER_SIZE ||
	    table_off > file.len - TRAILER_SIZE ||
	    b->count > (file.len - TRAILER_SIZE - table_off) / b->offset_size)
		return false;
	return cur_window(&file, 0, (size_t)table_off, &b->objects) &&
	       cur_window(&file, (size_t)table_off,
		   (size_t)b->count * b->offset_size, &b->table);
}

struct plist *
plist_bin_parse(struct cur file, struct arena *a, const struct notes *n)
{
	struct bin b = { .a = a, .n = n, .left = (uint64_t)file.len * 2 };
	uint32_t weight = 1;
	struct cur c = file;
	struct plist *top;
	uint64_t root;

	if (!cur_magic(&c, "bplist0", 7)) {
		note(n, NOTE_READ_VERSION, file.off);
		return NULL;
	}
	if (!trailer(&b, file, &root)) {
		note(n, NOTE_PLIST_TRAILER, file.off);
		return NULL;
	}
	b.memo = arena_alloc(a, (size_t)b.count, sizeof(*b.memo));
	b.weight = arena_alloc(a, (size_t)b.count, sizeof(*b.weight));
	if (b.memo == NULL || b.weight == NULL) {
		note(n, NOTE_READ_LIMIT, file.off);
		return NULL;
	}
	top = object(&b, root, &weight);
	check_layout(&b);
	return top;
}
