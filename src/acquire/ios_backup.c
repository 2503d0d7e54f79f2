#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acquisition.h"
#include "cbc_file.h"
#include "ios_content.h"
#include "ios_known.h"
#include "ios_list.h"
#include "ios_manifest.h"
#include "ios_plists.h"
#include "ios_unlock.h"
#include "limits.h"
#include "sqlro.h"

/*
 * A folder as Finder, iTunes or idevicebackup2 leave it: Manifest.db lists
 * the files, whose contents lie under hashed names (ios_content.h). An
 * encrypted one is read in place: Manifest.db and the contents are decrypted
 * page by page as they are read. Layouts: docs/formats/ios-backup.md.
 */
struct ios_backup {
	struct source s; /* first */
	struct arena names;
	struct arena scratch; /* of one opening of a file */
	struct ios_contents contents;
	struct ios_manifest *manifest;
	struct file *manifest_file, *manifest_wal;
	struct keybag keys;

	/* The manifest stays open: its notes go to whoever asks at the time. */
	struct notes relay;
	const struct notes *now; /* NULL between two calls */
};

static void
relay_note(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	const struct ios_backup *b = arg;

	if (b->now != NULL && b->now->fn != NULL)
		b->now->fn(b->now->arg, id, off, detail);
}

static const char magic[] = "SQLite format 3"; /* with its NUL: 16 bytes */
static const char snapshot[] = "Snapshot/";
/* The source. */

static enum err
open_root(struct ios_backup *b, const struct entry *e, const struct notes *n,
    struct file **out)
{
	const struct entry *raw;
	enum err err;

	if (str_is(e->path, "Manifest.db")) {
		*out = file_window_new(
		    e->path.p, b->manifest_file, 0, b->manifest_file->size);
		return ERR_OK;
	}
	if ((raw = ios_list_root(&b->contents, e->path.p)) == NULL)
		return ERR_ABSENT;
	if ((err = source_open(b->contents.outer, raw, n, out)) == ERR_OK)
		(*out)->path = e->path.p;
	return err;
}

static enum err
backup_open(struct source *s, const struct entry *e, const struct notes *n,
    struct file **out)
{
	struct ios_backup *b = (struct ios_backup *)s;
	const struct ios_row *row = &b->manifest->rows[e->ref];
	struct ios_content which = { .path = e->path.p };
	struct mbfile mb;
	enum err err;

	if (row->kind == IOS_ROW_ROOT)
		return open_root(b, e, n, out);
	memcpy(which.id, row->id, SHA1_SIZE);
	b->now = n;
	if (ios_manifest_blob(b->manifest, row, &b->scratch, &mb))
		which.row = &mb;
	b->now = NULL;
	err = ios_contents_open(&b->contents, &which, n, out);
	arena_reset(&b->scratch);
	return err;
}

static enum err
backup_stat(struct source *s, struct entry *e)
{
	struct ios_backup *b = (struct ios_backup *)s;
	const struct ios_row *row = &b->manifest->rows[e->ref];
	const struct entry *raw = ios_contents_find(&b->contents, row->id);

	if (raw == NULL)
		return ERR_ABSENT;
	return source_size(b->contents.outer, raw, &e->size);
}

static void
backup_free(struct source *s)
{
	struct ios_backup *b = (struct ios_backup *)s;

	ios_manifest_free(b->manifest);
	file_free(b->manifest_file);
	file_free(b->manifest_wal);
	keybag_wipe(&b->keys);
	free(s->entries);
	arena_done(&b->names);
	arena_done(&b->scratch);
	free(b);
}

static const struct source_ops backup_ops = {
	.name = "ios-backup",
	.open = backup_open,
	.stat = backup_stat,
	.free = backup_free,
};

/* Opening. */

struct opening {
	struct acquisition *a;
	struct source *outer;
	const struct acquire_options *o;
	const struct notes *n;
	struct why *why;
	struct arena arena; /* of the plists */
	struct ios_plists plists;
	struct ios_backup *b;
	bool marked;	 /* Manifest.plist tells of encryption */
	bool plain_list; /* Manifest.db lies in clear */
	struct ios_known known;
};

static enum err
no_manifest(struct opening *g)
{
	if (source_find(g->outer, "Manifest.mbdb") != NULL ||
	    source_find(g->outer, "Manifest.mbdx") != NULL)
		return why_set(g->why, ERR_FORMAT,
		    "is a backup of iOS 9 or older (Manifest.mbdb), a form "
		    "that is not supported: make a backup with a newer iOS");
	return why_set(g->why, ERR_FORMAT,
	    "Manifest.db, the list of the backup's files, is missing: the "
	    "backup is incomplete. Copy the whole folder again, or make a new "
	    "backup");
}

static enum err
unreadable_manifest(struct opening *g, const char *what)
{
	return why_set(g->why, ERR_FORMAT,
	    "Manifest.db, the list of the backup's files, %s. Copy the whole "
	    "folder again, or make a new backup",
	    what);
}

/* True when f starts as every SQLite database does. */
static bool
is_database(struct file *f)
{
	uint8_t head[sizeof(magic)];
	size_t got;

	return file_read_at(f, 0, head, sizeof(head), &got) == ERR_OK &&
	       got == sizeof(head) && memcmp(head, magic, sizeof(head)) == 0;
}

static enum err
find_manifest(struct opening *g, struct file **out)
{
	const struct entry *e = source_find(g->outer, "Manifest.db");
	struct file *f;
	enum err err;

	if (e == NULL) {
		e = source_find(g->outer, "Snapshot/Manifest.db");
		if (e == NULL)
			return no_manifest(g);
		g->b->contents.snapshot_first = true;
	}
	if ((err = source_open(g->outer, e, g->n, &f)) != ERR_OK)
		return unreadable_manifest(g, err_text(err));
	if (f->size == 0) {
		file_free(f);
		return unreadable_manifest(g, "is empty");
	}
	*out = f;
	return ERR_OK;
}

static enum err
unlock(struct opening *g)
{
	enum err err = ios_unlock(&g->plists, g->o, g->n, g->why, &g->b->keys);

	if (err == ERR_OK)
		g->b->contents.keys = &g->b->keys;
	return err;
}

/* Manifest.db is padded to whole pages, but some copies carry padding. */
static void
cut_manifest(struct file *f)
{
	enum { PAGE = 512 }; /* the smallest; sizes are powers of two */

	if (f->size % PAGE == AES_BLOCK)
		f->size -= AES_BLOCK;
}

/* The decrypted view of raw, which is taken, also on failure. */
static enum err
decrypt_manifest(struct opening *g, struct file *raw, struct file **out)
{
	uint8_t key[AES_KEY];
	struct file *f;
	enum err err;

	if (g->plists.manifest == NULL)
		err = unreadable_manifest(g,
		    "is encrypted or damaged, and Manifest.plist, which holds "
		    "its key, is missing or unreadable");
	else if (!g->marked)
		err = unreadable_manifest(g,
		    "is no database, although the backup says it is not "
		    "encrypted");
	else if ((err = unlock(g)) == ERR_OK)
		err = ios_unlock_manifest(&g->plists, &g->b->keys, g->why, key);
	if (err != ERR_OK) {
		file_free(raw);
		return err;
	}
	f = cbc_file_new("Manifest.db", raw, key);
	explicit_bzero(key, sizeof(key));
	cut_manifest(f);
	if (!is_database(f)) {
		file_free(f);
		return unreadable_manifest(g,
		    "does not decrypt to a database although the password "
		    "fits: it is damaged or of another backup");
	}
	if ((err = cbc_file_check(f, g->n)) != ERR_OK) {
		file_free(f);
		return unreadable_manifest(g, err_text(err));
	}
	*out = f;
	return ERR_OK;
}

/* Pages that only lie in the -wal are the newest rows. */
static void
find_wal(struct opening *g)
{
	const struct entry *e = source_find(
	    g->outer, g->b->contents.snapshot_first ? "Snapshot/Manifest.db-wal"
						    : "Manifest.db-wal");

	if (e == NULL || !g->plain_list)
		return;
	if (source_open(g->outer, e, g->n, &g->b->manifest_wal) != ERR_OK)
		note_why(g->n, NOTE_READ_IO, 0, "Manifest.db-wal");
}

static enum err
open_manifest(struct opening *g)
{
	struct ios_backup *b = g->b;
	struct file *f = NULL;
	struct sqlro *db;
	enum err err;

	if ((err = find_manifest(g, &f)) != ERR_OK)
		return err;
	g->plain_list = is_database(f);
	if (g->plain_list)
		cut_manifest(f);
	else if ((err = decrypt_manifest(g, f, &f)) != ERR_OK)
		return err;
	b->manifest_file = f;
	f->path = "Manifest.db";
	find_wal(g);
	err = sqlro_open(b->manifest_file, b->manifest_wal, &b->relay, &db);
	if (err != ERR_OK)
		return unreadable_manifest(g, "is damaged beyond use");
	/*
	 * No sqlro_check: listing visits every page that holds rows, and the
	 * reader of the manifest as an artifact checks it whole.
	 */
	return ios_manifest_new(db, g->why, &b->manifest);
}

/* Lists everything; of an archive that cannot seek reads what is wanted. */
static enum err
list_all(struct opening *g)
{
	struct ios_backup *b = g->b;
	const struct ios_list l = {
		.a = g->a,
		.contents = &b->contents,
		.manifest = b->manifest,
		.known = &g->known,
		.want = &g->o->want,
		.n = g->n,
	};

	return ios_list_all(&l, b->manifest_file->size, &b->s, &b->names);
}

/* True for names of files that begin with a word that can be recognised. */
static bool
is_telling(struct str path)
{
	static const char *const ends[] = { ".db", ".sqlite", ".sqlitedb",
		".plist", ".storedata", NULL };

	for (size_t i = 0; ends[i] != NULL; i++)
		if (str_ends(path, ends[i]))
			return true;
	return false;
}

/*
 * Manifest.db lies in clear although the backup is marked as encrypted: so it
 * was with iOS 10.0 and 10.1, whose contents are encrypted; and so it is after
 * another tool decrypted the backup. Some contents are looked at. True when
 * they lie in clear.
 */
static bool
contents_lie_plain(struct opening *g)
{
	enum { LOOK_AT = 64 };
	struct ios_backup *b = g->b;
	size_t seen = 0;

	for (size_t i = 0; i < b->s.count && seen < LOOK_AT; i++) {
		const struct entry *e = &b->s.entries[i], *raw;
		const struct ios_row *row = &b->manifest->rows[e->ref];
		uint8_t head[sizeof(magic)];
		struct file *f;
		size_t got = 0;

		if (e->type != ENTRY_FILE || row->kind == IOS_ROW_ROOT ||
		    !is_telling(e->path))
			continue;
		raw = ios_contents_find(&b->contents, row->id);
		if (raw == NULL ||
		    source_open(g->outer, raw, NULL, &f) != ERR_OK)
			continue;
		seen++;
		if (file_read_at(f, 0, head, sizeof(head), &got) != ERR_OK)
			got = 0;
		file_free(f);
		if (got == sizeof(head) &&
		    (memcmp(head, magic, sizeof(magic)) == 0 ||
			memcmp(head, "bplist00", 8) == 0 ||
			memcmp(head, "<?xml", 5) == 0))
			return true;
	}
	/* Nothing to see: only old backups have no key for the manifest. */
	return seen == 0 && g->plists.manifest_key.n > 0;
}

/* Settles how the contents lie once the list is known. */
static enum err
unlock_contents(struct opening *g)
{
	if (g->marked && g->plain_list) {
		if (!contents_lie_plain(g))
			return unlock(g);
		note(g->n, NOTE_BACKUP_DECRYPTED, 0);
	}
	if (g->b->contents.keys == NULL &&
	    (g->o->password != NULL || g->o->key != NULL))
		note(g->n, NOTE_BACKUP_PASSWORD, 0);
	return ERR_OK;
}

/* Backups that broke off keep what they have under Snapshot/. */
static void
look_unfinished(struct opening *g)
{
	size_t n = strlen(snapshot);

	for (size_t i = 0; i < g->outer->count; i++) {
		struct str path = g->outer->entries[i].path;

		if (str_starts(path, snapshot) && path.n > n) {
			note_why(g->n, NOTE_BACKUP_UNFINISHED, 0,
			    "there is a folder Snapshot");
			return;
		}
	}
	if (g->plists.unfinished)
		note_why(
		    g->n, NOTE_BACKUP_UNFINISHED, 0, "Status.plist says so");
}

static enum err
open_backup(struct opening *g)
{
	struct ios_backup *b = g->b;
	bool top = source_find(g->outer, "Manifest.db") != NULL;
	enum err err;

	ios_plists_read(
	    g->outer, top ? "" : snapshot, &g->arena, g->n, &g->plists);
	g->marked = g->plists.encrypted || g->plists.manifest_key.n > 0;
	if ((err = open_manifest(g)) != ERR_OK ||
	    (err = list_all(g)) != ERR_OK ||
	    (err = unlock_contents(g)) != ERR_OK)
		return err;
	look_unfinished(g);
	ios_plists_device(&g->plists, g->a);
	g->a->encrypted = g->marked;
	g->a->source = &b->s;
	return ERR_OK;
}

static enum err
ios_backup_open(struct acquisition *a, struct source *outer,
    const struct acquire_options *o, const struct notes *n, struct why *why)
{
	struct opening g = {
		.a = a, .outer = outer, .o = o, .n = n, .why = why
	};
	struct ios_backup *b = calloc(1, sizeof(*b));
	enum err err;

	if (b == NULL)
		abort();
	b->s.ops = &backup_ops;
	b->relay = (struct notes){ .fn = relay_note, .arg = b };
	b->now = n;
	b->contents.outer = outer;
	arena_init(&b->names, LIMIT_ENTRY_NAMES);
	arena_init(&b->scratch, LIMIT_ARENA);
	arena_init(&g.arena, LIMIT_BACKUP_PLISTS);
	ios_known_init(&g.known, o->known);
	g.b = b;
	err = open_backup(&g);
	b->now = NULL;
	if (err != ERR_OK)
		backup_free(&b->s);
	ios_known_done(&g.known);
	arena_done(&g.arena);
	return err;
}

/* True when there is a content right at the start: they come first. */
static bool
has_content(const struct source *s)
{
	enum { LOOK_AT = 1000 };
	uint8_t id[SHA1_SIZE];

	for (size_t i = 0; i < s->count && i < LOOK_AT; i++)
		if (s->entries[i].type == ENTRY_FILE &&
		    ios_contents_id(s->entries[i].path, id))
			return true;
	return false;
}

static int
ios_backup_probe(const struct source *s)
{
	bool content = has_content(s);
	int score = 0;

	if (source_find(s, "Manifest.db") != NULL)
		score = 40;
	else if (source_find(s, "Snapshot/Manifest.db") != NULL ||
		 source_find(s, "Manifest.mbdb") != NULL)
		score = 30;
	if (source_find(s, "Manifest.plist") != NULL)
		score += 30;
	if (source_find(s, "Info.plist") != NULL && (score > 0 || content))
		score += 10;
	if (source_find(s, "Status.plist") != NULL && (score > 0 || content))
		score += 10;
	return score + (content ? 10 : 0);
}

static bool
ios_backup_wants(const struct acquire_options *o, struct str path)
{
	struct str name = str_basename(path);

	(void)o;
	for (size_t i = 0; ios_list_roots[i] != NULL; i++)
		if (str_is(name, ios_list_roots[i]))
			return true;
	return str_is(name, "Manifest.db-wal");
}

const struct acquisition_kind kind_ios_backup = {
	.name = "ios-backup",
	.summary = "a backup of an iPhone or iPad, encrypted or not: the "
		   "folder with Manifest.db",
	.bit = 1 << 0,
	.probe = ios_backup_probe,
	.wants = ios_backup_wants,
	.open = ios_backup_open,
};
