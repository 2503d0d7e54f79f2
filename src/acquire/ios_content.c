#include "ios_content.h"

#include <nettle/sha1.h>
#include <stdio.h>
#include <string.h>

#include "cbc_file.h"

/* "Snapshot/xx/" and 40 digits, with a NUL. */
enum { NAME_MAX_LEN = 9 + 3 + 2 * SHA1_SIZE + 1 };

static const struct entry *
find_below(const struct source *s, const char *prefix, const char *hex)
{
	char name[NAME_MAX_LEN];
	const struct entry *e;

	(void)snprintf(name, sizeof(name), "%s%.2s/%s", prefix, hex, hex);
	if ((e = source_find(s, name)) != NULL)
		return e;
	(void)snprintf(name, sizeof(name), "%s%s", prefix, hex);
	return source_find(s, name);
}

const struct entry *
ios_contents_find(
    const struct ios_contents *c, const uint8_t id[static SHA1_SIZE])
{
	static const char snapshot[] = "Snapshot/";
	const char *first = c->snapshot_first ? snapshot : "";
	const char *then = c->snapshot_first ? "" : snapshot;
	char hex[2 * SHA1_SIZE + 1];
	const struct entry *e;

	hex_encode(id, SHA1_SIZE, hex);
	if ((e = find_below(c->outer, first, hex)) != NULL)
		return e;
	return find_below(c->outer, then, hex);
}

bool
ios_contents_id(struct str path, uint8_t id[static SHA1_SIZE])
{
	const size_t digits = 2 * SHA1_SIZE;

	if (str_starts(path, "Snapshot/"))
		path = str_sub(path, strlen("Snapshot/"), path.n);
	if (path.n == digits + 3 && path.p[2] == '/') {
		if (path.p[0] != path.p[3] || path.p[1] != path.p[4])
			return false;
		path = str_sub(path, 3, path.n);
	}
	return path.n == digits && hex_decode(path, SHA1_SIZE, id);
}

void
ios_contents_name(
    struct str domain, struct str path, uint8_t out[static SHA1_SIZE])
{
	struct sha1_ctx c;

	sha1_init(&c);
	sha1_update(&c, domain.n, (const uint8_t *)domain.p);
	sha1_update(&c, 1, (const uint8_t *)"-");
	sha1_update(&c, path.n, (const uint8_t *)path.p);
	sha1_digest(&c, SHA1_SIZE, out);
}

/* Not there: fine for an empty file, which has neither key nor content. */
static enum err
absent(
    const struct ios_content *which, const struct notes *n, struct file **out)
{
	const struct mbfile *row = which->row;

	if (row != NULL && row->has_size && row->size == 0 &&
	    row->encryption_key.n == 0) {
		*out = file_mem_new(which->path, "", 0);
		return ERR_OK;
	}
	note(n, NOTE_BACKUP_CONTENT, 0);
	return ERR_ABSENT;
}

/* Why no key: one note each, with the class. */
static enum err
no_key(enum keybag_result r, uint32_t class, const struct notes *n)
{
	switch (r) {
	case KEYBAG_NO_CLASS:
		note_why(n, NOTE_BACKUP_CLASS_KEY, 0,
		    "the keybag has no class %u", class);
		break;
	case KEYBAG_DEVICE_ONLY:
		note_why(n, NOTE_BACKUP_CLASS_KEY, 0,
		    "the key of class %u never leaves the phone", class);
		break;
	case KEYBAG_CLASS_SHUT:
		note_why(n, NOTE_BACKUP_CLASS_KEY, 0,
		    "the key of class %u in the keybag is damaged", class);
		break;
	case KEYBAG_LENGTH:
		note_why(n, NOTE_BACKUP_FILE_KEY, 0, "not of the right length");
		break;
	case KEYBAG_OK:
	case KEYBAG_MISFIT:
		note_why(n, NOTE_BACKUP_FILE_KEY, 0,
		    "it does not lie under the key of class %u", class);
		break;
	}
	return ERR_AUTH;
}

/* The view of raw, which is taken, also on failure. */
static enum err
decrypt(const struct ios_contents *c, const struct ios_content *which,
    struct file *raw, const struct notes *n, struct file **out)
{
	const struct mbfile *row = which->row;
	uint64_t told = row->has_size && row->size >= 0 ? (uint64_t)row->size
							: CBC_SIZE_UNKNOWN;
	uint8_t key[AES_KEY];
	enum keybag_result r;
	uint32_t class = 0;
	struct file *f;
	enum err err;

	r = keybag_unwrap(c->keys, row->encryption_key, &class, key);
	if (r != KEYBAG_OK) {
		file_free(raw);
		return no_key(r, class, n);
	}
	f = cbc_file_new(which->path, raw, key);
	explicit_bzero(key, sizeof(key));
	if ((err = cbc_file_cut(f, told, n)) != ERR_OK ||
	    (err = cbc_file_check(f, n)) != ERR_OK) {
		file_free(f);
		return err;
	}
	*out = f;
	return ERR_OK;
}

/* A length that differs is told: copies break off, and sizes may be wrong. */
static void
note_plain_size(
    const struct mbfile *row, const struct file *f, const struct notes *n)
{
	if (row == NULL || !row->has_size || row->size < 0 ||
	    (uint64_t)row->size == f->size)
		return;
	note_why(n, NOTE_BACKUP_SIZE, f->size,
	    "%llu bytes, the manifest says %llu", (unsigned long long)f->size,
	    (unsigned long long)row->size);
}

enum err
ios_contents_open(const struct ios_contents *c, const struct ios_content *which,
    const struct notes *n, struct file **out)
{
	const struct entry *e = ios_contents_find(c, which->id);
	struct file *raw;
	enum err err;

	if (e == NULL)
		return absent(which, n, out);
	if ((err = source_open(c->outer, e, n, &raw)) != ERR_OK) {
		if (err == ERR_ABSENT)
			note(n, NOTE_BACKUP_CONTENT, 0);
		return err;
	}
	raw->path = which->path;
	if (c->keys != NULL) {
		if (which->row != NULL && which->row->encryption_key.n > 0)
			return decrypt(c, which, raw, n, out);
		if (which->row == NULL) {
			file_free(raw);
			note_why(n, NOTE_BACKUP_FILE_KEY, 0,
			    "no readable row of the manifest holds it");
			return ERR_AUTH;
		}
		if (raw->size > 0)
			note(n, NOTE_BACKUP_NO_KEY, 0);
	}
	note_plain_size(which->row, raw, n);
	*out = raw;
	return ERR_OK;
}
