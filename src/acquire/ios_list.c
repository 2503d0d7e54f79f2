#include "ios_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entries.h"
#include "ios_ids.h"
#include "tstamp.h"

const char *const ios_list_roots[] = { "Info.plist", "Manifest.plist",
	"Status.plist", "Manifest.db", NULL };

const struct entry *
ios_list_root(const struct ios_contents *c, const char *name)
{
	const struct entry *e = NULL;
	char path[64];

	if (c->snapshot_first) {
		(void)snprintf(path, sizeof(path), "Snapshot/%s", name);
		e = source_find(c->outer, path);
	}
	return e != NULL ? e : source_find(c->outer, name);
}

/* Lists the files beside the manifest. */
static void
list_roots(const struct ios_list *g, uint64_t manifest_size, struct entries *l)
{
	for (size_t i = 0; ios_list_roots[i] != NULL; i++) {
		const char *name = ios_list_roots[i];
		struct ios_row row = { .kind = IOS_ROW_ROOT };
		struct entry e = { .path = str_from(name),
			.mtime_ns = TSTAMP_NONE,
			.type = ENTRY_FILE };
		const struct entry *raw = ios_list_root(g->contents, name);

		if (strcmp(name, "Manifest.db") == 0)
			e.size = manifest_size;
		else if (raw == NULL || source_size(g->contents->outer, raw,
					    &e.size) != ERR_OK)
			continue;
		(void)ios_manifest_add(g->manifest, l, &row, &e);
	}
}

/* Lists the known path number i, whose content has no row. */
static void
list_known(const struct ios_list *g, size_t i, struct entries *l)
{
	const char *path = g->known->paths[i];
	struct ios_row row = { .kind = IOS_ROW_KNOWN };
	struct entry e = { .path = str_from(path),
		.size = ENTRY_SIZE_UNKNOWN,
		.mtime_ns = TSTAMP_NONE,
		.type = ENTRY_FILE };

	memcpy(row.id, g->known->ids[i], SHA1_SIZE);
	note_why(g->n, NOTE_BACKUP_NO_ROW, 0, "%s", path);
	(void)ios_manifest_add(g->manifest, l, &row, &e);
}

/* One content without a row, or of a row that is not of a file. */
static bool
match_content(const struct ios_list *g, const struct ios_ids *ids,
    const struct entry *e, struct entries *l)
{
	uint8_t id[SHA1_SIZE];
	size_t i;

	if (e->type != ENTRY_FILE || !ios_contents_id(e->path, id))
		return true;
	if (!ios_ids_find(ids, id, &i))
		return false;
	if (l->v[i].type != ENTRY_FILE) {
		l->v[i].type = ENTRY_FILE;
		note_why(g->n, NOTE_BACKUP_ROW,
		    (uint64_t)g->manifest->rows[i].rowid,
		    "says that it is no file, but there is content");
	}
	return true;
}

/*
 * Looks at the contents from the other side: which of them have no row, and
 * which have one that says it is no file. Entries still stand in the order of
 * the rows, and no row is added while ids borrows them.
 */
static void
match_contents(
    const struct ios_list *g, const struct ios_ids *ids, struct entries *l)
{
	size_t strangers = 0, i;
	bool *list = calloc(g->known->count + 1, sizeof(*list));

	if (list == NULL)
		abort();
	for (size_t k = 0; k < g->contents->outer->count; k++)
		if (!match_content(g, ids, &g->contents->outer->entries[k], l))
			strangers++;
	for (size_t k = 0; k < g->known->count; k++)
		list[k] =
		    !ios_ids_find(ids, g->known->ids[k], &i) &&
		    ios_contents_find(g->contents, g->known->ids[k]) != NULL;
	for (size_t k = 0; k < g->known->count; k++)
		if (list[k] && strangers > 0) {
			list_known(g, k, l);
			strangers--;
		}
	if (strangers > 0)
		note_why(g->n, NOTE_BACKUP_NO_ROW, 0, "%zu files", strangers);
	free(list);
}

/* Which contents readers will ask for, by their names in the archive. */
struct wanted {
	const struct ios_ids *ids;
	const struct entries *list; /* in the order of the rows */
	const struct ios_known *known;
	const struct source_want *want;
};

static bool
wanted(void *arg, struct str path, uint64_t size)
{
	const struct wanted *w = arg;
	const struct entry *e;
	uint8_t id[SHA1_SIZE];
	size_t i;

	(void)size;
	if (!ios_contents_id(path, id))
		return false;
	if (!ios_ids_find(w->ids, id, &i))
		return ios_known_path(w->known, path) != NULL;
	e = &w->list->v[i];
	return e->type == ENTRY_FILE &&
	       w->want->fn(w->want->arg, e->path, e->size);
}

enum err
ios_list_all(const struct ios_list *g, uint64_t manifest_size, struct source *s,
    struct arena *names)
{
	struct ios_manifest *m = g->manifest;
	struct wanted w = { .known = g->known, .want = g->want };
	struct source_want again = { .fn = wanted, .arg = &w };
	struct entries l;
	struct ios_ids ids;
	enum err err = ERR_OK;

	entries_init(&l);
	ios_manifest_list(m, g->n, &l);
	ios_ids_init(&ids, m->nrows > 0 ? m->rows[0].id : NULL,
	    sizeof(*m->rows), m->nrows);
	w.ids = &ids;
	w.list = &l;
	if (g->want->fn != NULL)
		err = acquisition_again(g->a, &again, g->n);
	match_contents(g, &ids, &l);
	ios_ids_done(&ids);
	list_roots(g, manifest_size, &l);
	ios_manifest_unique(m, g->n, &l);
	entries_give(&l, s, names);
	return err;
}
