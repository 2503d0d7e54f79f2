#include "nskeyed.h"
#include "phone_path.h"
#include "rows.h"
#include "say.h"

/*
 * Manifest.db, the list of all files of a backup: table Files with fileID
 * (SHA-1 of "domain-relativePath"), flags (1 file, 2 directory, 4 link) and an
 * archived MBFile object with times, owner, mode and size. All four letters of
 * MACB stand in the names of events, though backups record no access.
 */
enum {
	FILE_ID,
	DOMAIN,
	RELATIVE_PATH,
	PATH,
	FILE_NAME,
	DOMAINS,
	TYPE,
	MODIFIED,
	ACCESSED,
	CHANGED,
	CREATED,
	MODE,
	OWNER,
	GROUP,
	SIZE,
	CLASS,
	TARGET,
	NFIELDS,
};

static const struct field fields[] = {
	[FILE_ID] = FIELD(
	    "file_id", TEXT, NONE, 0, "name of the content in the backup"),
	[DOMAIN] = FIELD(
	    "domain", TEXT, NONE, 0, "part of the phone that it belongs to"),
	[RELATIVE_PATH] =
	    FIELD("relative_path", TEXT, NONE, 0, "path inside the domain"),
	[PATH] = FIELD("path_on_phone", TEXT, PATH, 0,
	    "absolute path, or the relative one where the domain's root is not "
	    "known"),
	[FILE_NAME] =
	    FIELD("file_name", TEXT, FILE_NAME, 0, "last part of the path"),
	[DOMAINS] = FIELD(
	    "domains", LIST, DOMAIN, 0, "hosts that stand in the path's names"),
	[TYPE] = FIELD("type", TEXT, NONE, 0, "file, directory or link"),
	[MODIFIED] = FIELD_TIME(
	    "modified", FIELD_FILE_TIME, "M", "when it was last written"),
	[ACCESSED] = FIELD_TIME("accessed", FIELD_FILE_TIME, "A",
	    "never recorded; keeps its place among the letters"),
	[CHANGED] = FIELD_TIME("status_changed", FIELD_FILE_TIME, "C",
	    "when its name, owner or mode last changed"),
	[CREATED] =
	    FIELD_TIME("created", FIELD_FILE_TIME, "B", "when it was made"),
	[MODE] = FIELD("mode", TEXT, NONE, 0, "type and permissions, octal"),
	[OWNER] = FIELD("owner", INT, NONE, 0, "number of the user"),
	[GROUP] = FIELD("group", INT, NONE, 0, "number of the group"),
	[SIZE] = FIELD("size", INT, NONE, 0, "bytes, as the phone listed it"),
	[CLASS] = FIELD("protection_class", INT, NONE, 0,
	    "class of the key that protects it"),
	[TARGET] = FIELD("target", TEXT, PATH, 0, "where a link points to"),
};

enum { C_FILE_ID, C_DOMAIN, C_RELATIVE, C_FLAGS, C_FILE };

static const struct column columns[] = {
	[C_FILE_ID] = CORE("fileID", TEXT, FILE_ID),
	[C_DOMAIN] = CORE("domain", TEXT, DOMAIN),
	[C_RELATIVE] = CORE("relativePath", TEXT, RELATIVE_PATH),
	[C_FLAGS] = COLUMN("flags", RAW, TYPE),
	[C_FILE] = CORE("file", RAW, 0),
};
static const struct table table = TABLE("Files", "ROWID", columns);

#define HOSTS_MAX 16

/* What one row needs, reused by the next. */
struct scratch {
	struct arena arena;
	struct buf path;
	struct buf low;
	struct str hosts[HOSTS_MAX];
	int64_t last_mode; /* what stands in mode: it seldom changes */
	char mode[16];
};

static void
put_blob(struct rows *x, struct scratch *s)
{
	struct record *r = &x->record;
	struct str blob = rows_str(x, C_FILE);
	struct mbfile m;

	arena_reset(&s->arena);
	if (blob.n == 0) {
		note_why(x->ctx->notes, NOTE_READ_SCHEMA, (uint64_t)x->key,
		    "a row of Files without its object");
		return;
	}
	if (!mbfile_parse(
		cur_from(blob.p, blob.n), &s->arena, x->ctx->notes, &m))
		return;
	record_time(r, MODIFIED, m.modified_ns, (double)m.modified_ns / 1e9);
	record_time(r, CHANGED, m.changed_ns, (double)m.changed_ns / 1e9);
	record_time(r, CREATED, m.birth_ns, (double)m.birth_ns / 1e9);
	if (m.has_mode) {
		if (m.mode != s->last_mode)
			(void)snprintf(s->mode, sizeof(s->mode), "%llo",
			    (unsigned long long)(m.mode & 0xffffff));
		s->last_mode = m.mode;
		record_text(r, MODE, str_from(s->mode));
		record_int(r, OWNER, m.user);
		record_int(r, GROUP, m.group);
	}
	if (m.has_size)
		record_int(r, SIZE, m.size);
	if (m.has_class)
		record_int(r, CLASS, m.protection_class);
	if (m.target.n > 0)
		record_text(r, TARGET, m.target);
}

static void
put_path(struct rows *x, struct scratch *s)
{
	struct record *r = &x->record;
	struct str relative = rows_text(x, RELATIVE_PATH);
	int64_t flags = rows_int(x, C_FLAGS);

	buf_reset(&s->path);
	phone_path_put(&s->path, rows_text(x, DOMAIN), relative);
	if (s->path.len > 0)
		record_text(r, PATH, buf_text(&s->path));
	if (relative.n > 0)
		record_text(r, FILE_NAME, str_basename(relative));
	record_list(r, DOMAINS, s->hosts,
	    phone_path_hosts(relative, &s->low, s->hosts, HOSTS_MAX));
	if (flags == 1 || flags == 2 || flags == 4)
		record_text(r, TYPE,
		    str_from(flags == 1	  ? "file"
			     : flags == 2 ? "directory"
					  : "link"));
}

static enum err
read_files(struct artifact_ctx *ctx, struct sqlro *db, struct scratch *s)
{
	struct rows x;
	enum err e = ERR_OK;

	if (rows_open(&x, ctx, db, &table)) {
		x.every = true; /* its times stand in the object */
		while (e == ERR_OK && rows_next(&x)) {
			put_blob(&x, s);
			if (!artifact_wants_record(ctx, &x.record))
				continue;
			put_path(&x, s);
			e = artifact_emit(ctx, &x.record);
		}
	}
	rows_close(&x);
	return e;
}

static enum err
manifest_read(struct artifact_ctx *ctx, struct file *f)
{
	struct sqlro *db = NULL;
	struct scratch s = { .last_mode = 0, .mode = "0" };
	enum err e;

	arena_init(&s.arena, LIMIT_ARENA);
	buf_init(&s.path, LIMIT_PATH);
	buf_init(&s.low, LIMIT_PATH);
	e = artifact_db(ctx, f, &db);
	if (e == ERR_OK)
		e = read_files(ctx, db, &s);
	sqlro_free(db);
	arena_done(&s.arena);
	buf_done(&s.path);
	buf_done(&s.low);
	return e;
}

static void
manifest_describe(const void *record, struct buf *out)
{
	say_field(record, DOMAIN, "", "", out);
	say_field(record, RELATIVE_PATH, " ", "", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "Manifest.db"),
	PLACES_END,
};

const struct artifact artifact_ios_manifest = {
	.summary = "all files that the backup lists: names and times",
	.schema = {.name = "ios.manifest",
		   .version = 1,
		   .role = ROLE_MENTION,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .merge_events = true,
		   .describe = manifest_describe},
	.places = places,
	.read = manifest_read,
};
