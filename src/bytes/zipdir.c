#include "zipdir.h"

#include <stdlib.h>

#include "cur.h"
#include "tstamp.h"

/*
 * From the end backwards (APPNOTE.TXT 6.3.10, 4.3.16; all little-endian):
 *
 * end of directory, 22 bytes and a comment of up to 65,535:
 *	"PK\5\6", disk u16, disk of directory u16, entries here u16, entries
 *	u16, size of directory u32, offset of directory u32, comment length u16
 * locator, 20 bytes, just before it in a zip64:
 *	"PK\6\7", disk u32, offset of the next u64, disks u32
 * end of directory 64:
 *	"PK\6\6", size u64, made u16, needed u16, disk u32, disk of directory
 *	u32, entries here u64, entries u64, size u64, offset u64
 */
#define END_SIZE     22
#define LOCATOR_SIZE 20
#define END64_SIZE   56
#define TAIL_SIZE    (END_SIZE + 65535 + LOCATOR_SIZE)

/* The directory is read in pieces; one entry fits: three lengths of u16. */
#define WINDOW	    ((size_t)512 << 10)
#define LOCAL_FIXED 30

static bool
read_cur(struct file *f, uint64_t at, void *buf, size_t n, struct cur *out)
{
	size_t got;

	if (file_read_at(f, at, buf, n, &got) != ERR_OK)
		return false;
	*out = cur_from(buf, got);
	return true;
}

static bool
end_parse(struct cur c, struct zipdir *out)
{
	uint32_t size, off;
	uint16_t count, disk;

	if (!cur_magic(&c, "PK\5\6", 4) || !cur_le16(&c, &disk) ||
	    !cur_skip(&c, 4) || !cur_le16(&c, &count) || !cur_le32(&c, &size) ||
	    !cur_le32(&c, &off))
		return false;
	*out = (struct zipdir){ .at = off, .size = size, .count = count };
	return disk == 0 || disk == UINT16_MAX;
}

/* Replaces what does not fit the old end; before is what stands ahead of it. */
static bool
end64_parse(struct file *f, struct cur before, struct zipdir *d)
{
	uint8_t buf[END64_SIZE];
	struct cur c;
	uint64_t at;

	if (before.len < LOCATOR_SIZE ||
	    !cur_skip(&before, before.len - LOCATOR_SIZE) ||
	    !cur_magic(&before, "PK\6\7", 4) || !cur_skip(&before, 4) ||
	    !cur_le64(&before, &at))
		return false;
	if (!read_cur(f, at, buf, sizeof(buf), &c) ||
	    !cur_magic(&c, "PK\6\6", 4) || !cur_skip(&c, 8 + 2 + 2 + 4 + 4 + 8))
		return false;
	return cur_le64(&c, &d->count) && cur_le64(&c, &d->size) &&
	       cur_le64(&c, &d->at);
}

static bool
dir_begins_at(struct file *f, uint64_t at)
{
	uint8_t buf[4];
	struct cur c;

	return read_cur(f, at, buf, sizeof(buf), &c) &&
	       cur_magic(&c, "PK\1\2", 4);
}

/* The directory's place in the file, which may have something in front. */
static bool
dir_place(struct file *f, uint64_t end, struct zipdir *d)
{
	if (d->size > end || d->at > end)
		return false;
	if (d->count == 0)
		return d->size == 0;
	if (dir_begins_at(f, d->at))
		return true;
	if (d->at > end - d->size)
		return false;
	d->shift = end - d->size - d->at;
	d->at += d->shift;
	return dir_begins_at(f, d->at);
}

static bool
find_in_tail(struct file *f, uint64_t base, struct cur tail, struct zipdir *out)
{
	for (size_t i = tail.len - END_SIZE + 1; i-- > 0;) {
		struct cur c = tail, before;
		struct zipdir d;

		if (!cur_take(&c, i, &before) || !end_parse(c, &d))
			continue;
		if (d.count == UINT16_MAX || d.size == UINT32_MAX ||
		    d.at == UINT32_MAX)
			(void)end64_parse(f, before, &d);
		if (dir_place(f, base + i, &d)) {
			*out = d;
			return true;
		}
	}
	return false;
}

bool
zipdir_find(struct file *f, struct zipdir *out)
{
	uint64_t n = f->size < TAIL_SIZE ? f->size : TAIL_SIZE;
	uint8_t *buf;
	struct cur c;
	bool ok;

	if (n < END_SIZE)
		return false;
	if ((buf = malloc(TAIL_SIZE)) == NULL)
		abort();
	ok = read_cur(f, f->size - n, buf, (size_t)n, &c) &&
	     c.len >= END_SIZE && find_in_tail(f, f->size - n, c, out);
	free(buf);
	return ok;
}

/*
 * One entry of the directory (4.3.12), 46 bytes and three variable parts:
 *	"PK\1\2", made by u8 version and u8 system, needed u16, flags u16,
 *	method u16, time u16, date u16, crc u32, packed u32, size u32,
 *	name length u16, extra length u16, comment length u16, disk u16,
 *	internal u16, external u32, offset u32; name, extra, comment
 */
struct raw {
	uint8_t system;
	uint16_t flags;
	uint32_t packed, size, external, at;
	struct cur name, extra;
};

static bool
raw_parse(struct cur *c, struct raw *r, uint16_t *method)
{
	uint16_t name, extra, comment;
	struct cur x = *c;

	if (!cur_magic(&x, "PK\1\2", 4) || !cur_skip(&x, 1) ||
	    !cur_u8(&x, &r->system) || !cur_skip(&x, 2) ||
	    !cur_le16(&x, &r->flags) || !cur_le16(&x, method) ||
	    !cur_skip(&x, 8) || !cur_le32(&x, &r->packed) ||
	    !cur_le32(&x, &r->size) || !cur_le16(&x, &name) ||
	    !cur_le16(&x, &extra) || !cur_le16(&x, &comment) ||
	    !cur_skip(&x, 4) || !cur_le32(&x, &r->external) ||
	    !cur_le32(&x, &r->at) || !cur_take(&x, name, &r->name) ||
	    !cur_take(&x, extra, &r->extra) || !cur_skip(&x, comment))
		return false;
	*c = x;
	return true;
}

/* Extra 0x0001 (4.5.3): those of size, packed, offset that are all ones. */
static void
extra_zip64(struct cur c, struct zipdir_member *m)
{
	if (m->size == UINT32_MAX && !cur_le64(&c, &m->size))
		return;
	if (m->packed == UINT32_MAX && !cur_le64(&c, &m->packed))
		return;
	if (m->at == UINT32_MAX)
		(void)cur_le64(&c, &m->at);
}

/* Extra 0x5455: flags u8, then seconds since 1970 as i32 if bit 0. */
static void
extra_unix(struct cur c, struct zipdir_member *m)
{
	uint32_t s;
	uint8_t flags;

	if (cur_u8(&c, &flags) && (flags & 1) != 0 && cur_le32(&c, &s))
		m->mtime_ns = tstamp_unix_i(
		    s <= INT32_MAX ? (int64_t)s : (int64_t)s - (1LL << 32));
}

/* Extra 0x000a (4.5.5): reserved u32, tag 1 u16, length u16, 100 ns units. */
static void
extra_ntfs(struct cur c, struct zipdir_member *m)
{
	uint16_t tag, len;
	uint64_t t;

	if (m->mtime_ns == TSTAMP_NONE && cur_skip(&c, 4) &&
	    cur_le16(&c, &tag) && cur_le16(&c, &len) && tag == 1 &&
	    cur_le64(&c, &t) && t / 10 <= INT64_MAX)
		m->mtime_ns = tstamp_webkit_us((int64_t)(t / 10));
}

static void
extra_parse(struct cur c, struct zipdir_member *m)
{
	uint16_t id, len;
	struct cur one;

	while (cur_le16(&c, &id) && cur_le16(&c, &len) &&
	       cur_take(&c, len, &one)) {
		if (id == 0x0001)
			extra_zip64(one, m);
		else if (id == 0x5455)
			extra_unix(one, m);
		else if (id == 0x000a)
			extra_ntfs(one, m);
	}
}

/*
 * Unix (3) and macOS (19) keep the mode in the high half of `external`;
 * elsewhere a '/' at the end makes a folder.
 */
static enum entry_type
type_from(const struct raw *r)
{
	unsigned fmt =
	    r->system == 3 || r->system == 19 ? (r->external >> 28) & 0xf : 0;

	if (fmt == 0xa)
		return ENTRY_LINK;
	if (fmt == 0x4 || str_ends(cur_rest(r->name), "/"))
		return ENTRY_DIR;
	return fmt == 0 || fmt == 0x8 ? ENTRY_FILE : ENTRY_OTHER;
}

static bool
member_parse(struct cur *c, uint64_t shift, struct zipdir_member *m)
{
	struct raw r;
	uint16_t method;

	if (!raw_parse(c, &r, &method))
		return false;
	*m = (struct zipdir_member){
		.name = cur_rest(r.name),
		.size = r.size,
		.packed = r.packed,
		.at = r.at,
		.mtime_ns = TSTAMP_NONE,
		.method = method,
		.encrypted = (r.flags & 1) != 0,
		.type = type_from(&r),
	};
	extra_parse(r.extra, m);
	m->at = m->at <= UINT64_MAX - shift ? m->at + shift : UINT64_MAX;
	return true;
}

bool
zipdir_each(struct file *f, const struct zipdir *d, const struct notes *n,
    bool (*fn)(void *arg, const struct zipdir_member *m), void *arg)
{
	uint8_t *buf = malloc(WINDOW);
	uint64_t at = d->at, end = d->at + d->size, seen = 0;
	struct cur c = cur_from(NULL, 0);
	struct zipdir_member m;
	bool more = true, ok = true;

	if (buf == NULL)
		abort();
	while (more && at < end) {
		size_t before, left = WINDOW;

		if (end - at < left)
			left = (size_t)(end - at);
		ok = read_cur(f, at, buf, left, &c);
		before = c.len;
		while (ok && more && member_parse(&c, d->shift, &m)) {
			seen++;
			more = fn(arg, &m);
		}
		at += before - c.len;
		/* A window that holds not even one entry is damage. */
		if (!ok || c.len == before)
			break;
	}
	free(buf);
	if (more && (at != end || seen != d->count))
		return note_why(n, NOTE_ARCHIVE_DAMAGED, at,
		    "the directory of the zip has %llu of %llu members",
		    (unsigned long long)seen, (unsigned long long)d->count);
	return true;
}

bool
zipdir_data(struct file *f, uint64_t at, uint64_t *out)
{
	uint8_t buf[LOCAL_FIXED];
	uint16_t name, extra;
	struct cur c;

	/* 4.3.7: "PK\3\4", 22 bytes, name length u16, extra length u16. */
	if (!read_cur(f, at, buf, sizeof(buf), &c) ||
	    !cur_magic(&c, "PK\3\4", 4) || !cur_skip(&c, 22) ||
	    !cur_le16(&c, &name) || !cur_le16(&c, &extra))
		return false;
	*out = at + LOCAL_FIXED + name + extra;
	return true;
}
