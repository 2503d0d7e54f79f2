#include "cbc_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*
 * The window holds plaintext [start, start + len) and in front of it one
 * block of room for the IV. It grows from what was asked for to its full
 * size when reads follow one another, as scans do; look-ups stay cheap.
 */
enum { WINDOW = 64 << 10 };

struct cbc_file {
	struct file f;
	struct file *base; /* owned */
	struct aes_cbc *aes;
	uint64_t start;
	size_t len;
	uint64_t expect; /* where a read would follow the last one */
	uint8_t room[AES_BLOCK + WINDOW];
};

/* n bytes of ciphertext, all of them. */
static enum err
read_base(struct cbc_file *c, uint64_t off, void *out, size_t n)
{
	enum err err;
	size_t got;

	if ((err = file_read_at(c->base, off, out, n, &got)) != ERR_OK)
		return err;
	return got == n ? ERR_OK : ERR_IO;
}

/* Decrypts the blocks that hold [off, off + n) and maybe more behind. */
static enum err
fill(struct cbc_file *c, uint64_t off, size_t n)
{
	uint64_t start = off - off % AES_BLOCK;
	uint64_t whole = c->base->size - c->base->size % AES_BLOCK;
	uint64_t want = off == c->expect ? WINDOW : n + (off - start);
	size_t len;
	enum err err;

	want += AES_BLOCK - 1;
	want -= want % AES_BLOCK;
	if (want > WINDOW)
		want = WINDOW;
	len = (size_t)(want < whole - start ? want : whole - start);
	c->len = 0;
	if (start == 0) {
		memset(c->room, 0, AES_BLOCK);
		err = read_base(c, 0, c->room + AES_BLOCK, len);
	} else {
		err = read_base(c, start - AES_BLOCK, c->room, AES_BLOCK + len);
	}
	if (err != ERR_OK)
		return err;
	aes_cbc_decrypt(
	    c->aes, c->room, c->room + AES_BLOCK, len, c->room + AES_BLOCK);
	c->start = start;
	c->len = len;
	return ERR_OK;
}

static enum err
cbc_read_at(struct file *f, uint64_t off, void *out, size_t n, size_t *got)
{
	struct cbc_file *c = (struct cbc_file *)f;
	uint8_t *to = out;
	enum err err;

	*got = 0;
	if (off >= f->size)
		return ERR_OK;
	if (n > f->size - off)
		n = (size_t)(f->size - off);
	while (*got < n) {
		uint64_t at = off + *got;
		size_t part = n - *got, in;

		if (at < c->start || at - c->start >= c->len) {
			if ((err = fill(c, at, part)) != ERR_OK)
				return err;
		}
		in = (size_t)(at - c->start);
		if (part > c->len - in)
			part = c->len - in;
		memcpy(to + *got, c->room + AES_BLOCK + in, part);
		*got += part;
		c->expect = at + part;
	}
	return ERR_OK;
}

static void
cbc_free(struct file *f)
{
	struct cbc_file *c = (struct cbc_file *)f;

	file_free(c->base);
	aes_cbc_free(c->aes);
	explicit_bzero(c->room, sizeof(c->room));
	free(c);
}

static const struct file_ops cbc_ops = {
	.name = "aes-256-cbc",
	.read_at = cbc_read_at,
	.free = cbc_free,
};

struct file *
cbc_file_new(
    const char *path, struct file *base, const uint8_t key[static AES_KEY])
{
	struct cbc_file *c = calloc(1, sizeof(*c));

	if (c == NULL)
		abort();
	c->f.ops = &cbc_ops;
	c->f.size = base->size - base->size % AES_BLOCK;
	c->f.path = path;
	c->base = base;
	c->aes = aes_cbc_new(key);
	c->expect = UINT64_MAX;
	return &c->f;
}

/* RFC 5652, section 6.3: 1 to 16 bytes of that value; 0: invalid. */
static size_t
padding(const uint8_t block[static AES_BLOCK])
{
	size_t n = block[AES_BLOCK - 1];

	if (n == 0 || n > AES_BLOCK)
		return 0;
	for (size_t i = AES_BLOCK - n; i < AES_BLOCK; i++)
		if (block[i] != n)
			return 0;
	return n;
}

/*
 * A last block that is damaged looks like padding of one byte once in 256
 * times, of two bytes once in 65,536: when the manifest disagrees with one so
 * short, that is said aloud.
 */
static void
note_padded(uint64_t length, size_t pad, uint64_t told, const struct notes *n)
{
	if (told == CBC_SIZE_UNKNOWN || told == length)
		return;
	note_why(n, pad <= 2 ? NOTE_BACKUP_PADDING : NOTE_BACKUP_SIZE, length,
	    "%llu bytes, the manifest says %llu", (unsigned long long)length,
	    (unsigned long long)told);
}

enum err
cbc_file_cut(struct file *f, uint64_t told, const struct notes *n)
{
	const struct cbc_file *c = (struct cbc_file *)f;
	uint8_t block[AES_BLOCK];
	enum err err;
	size_t got, pad;

	if (c->base->size % AES_BLOCK != 0)
		note_why(n, NOTE_BACKUP_TRUNCATED_BLOCK, f->size,
		    "%llu bytes of %llu are left", (unsigned long long)f->size,
		    (unsigned long long)told);
	if (f->size == 0) {
		if (told != 0)
			note_why(n, NOTE_BACKUP_PADDING, 0, "nothing is left");
		return ERR_OK;
	}
	err = file_read_at(f, f->size - AES_BLOCK, block, AES_BLOCK, &got);
	if (err != ERR_OK || got != AES_BLOCK)
		return err != ERR_OK ? err : ERR_IO;
	if ((pad = padding(block)) != 0) {
		f->size -= pad;
		note_padded(f->size, pad, told, n);
	} else if (told <= f->size) {
		f->size = told;
		note_why(n, NOTE_BACKUP_PADDING, told,
		    "cut to the %llu bytes that the manifest says",
		    (unsigned long long)told);
	} else {
		note_why(n, NOTE_BACKUP_PADDING, f->size, "%llu bytes are left",
		    (unsigned long long)f->size);
	}
	return ERR_OK;
}

/* The first block of zeros in p, or n. */
static size_t
zero_block(const uint8_t *p, size_t n)
{
	static const uint8_t zero[AES_BLOCK];

	for (size_t i = 0; i < n; i += AES_BLOCK)
		if (memcmp(p + i, zero, AES_BLOCK) == 0)
			return i;
	return n;
}

enum err
cbc_file_check(struct file *f, const struct notes *n)
{
	struct cbc_file *c = (struct cbc_file *)f;
	uint64_t end = f->size;
	enum err err;

	end += AES_BLOCK - 1;
	end -= end % AES_BLOCK;
	if (end > c->base->size)
		end = c->base->size - c->base->size % AES_BLOCK;
	c->len = 0; /* the window is borrowed */
	for (uint64_t off = 0; off < end;) {
		size_t part = (size_t)(end - off < WINDOW ? end - off : WINDOW);
		size_t zero;

		if ((err = read_base(c, off, c->room, part)) != ERR_OK)
			return err;
		if ((zero = zero_block(c->room, part)) < part) {
			note(n, NOTE_BACKUP_ZEROED, off + zero);
			return ERR_OK;
		}
		off += part;
	}
	return ERR_OK;
}
