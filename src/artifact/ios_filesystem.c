#include "artifact.h"
#include "fields.h"
#include "phone_path.h"
#include "say.h"

/*
 * The list of files of a file-system dump, one record an entry. Their contents
 * are not read, and no process is looked for among their names: real phones
 * hold files with the names of published implants by chance.
 */
enum { PATH, FILE_NAME, DOMAINS, TYPE, SIZE, MODIFIED, NFIELDS };

static const struct field fields[] = {
	[PATH] = FIELD("path_on_phone", TEXT, PATH, 0, "absolute path"),
	[FILE_NAME] = FIELD("file_name", TEXT, FILE_NAME, 0, "its last part"),
	[DOMAINS] = FIELD(
	    "domains", LIST, DOMAIN, 0, "hosts that stand in the path's names"),
	[TYPE] = FIELD("type", TEXT, NONE, 0, "file, directory, link or other"),
	[SIZE] = FIELD("size", INT, NONE, 0, "bytes, as the dump lists it"),
	[MODIFIED] = FIELD_TIME("modified", FIELD_FILE_TIME, "file_modified",
	    "when it was last written"),
};

#define HOSTS_MAX 16

static const char *const types[] = {
	[ENTRY_FILE] = "file",
	[ENTRY_DIR] = "directory",
	[ENTRY_LINK] = "link",
	[ENTRY_OTHER] = "other",
};

static enum err
emit_entry(struct artifact_ctx *ctx, const struct entry *entry,
    struct buf *absolute, struct buf *low)
{
	struct str hosts[HOSTS_MAX];
	struct record r;
	/* Archives write 0 for a time that they do not know. */
	int64_t ns = entry->mtime_ns == 0 ? TSTAMP_NONE : entry->mtime_ns;

	if (!artifact_wants(ctx, &ns, 1))
		return ERR_OK;
	record_init(&r, &ctx->artifact->schema, entry->path);
	buf_reset(absolute);
	buf_u8(absolute, '/');
	buf_str(absolute, entry->path);
	record_text(&r, PATH, buf_text(absolute));
	record_text(&r, FILE_NAME, str_basename(entry->path));
	record_list(&r, DOMAINS, hosts,
	    phone_path_hosts(entry->path, low, hosts, HOSTS_MAX));
	record_text(&r, TYPE, str_from(types[entry->type]));
	if (entry->type == ENTRY_FILE)
		record_int(&r, SIZE, (int64_t)entry->size);
	record_time(&r, MODIFIED, ns, (double)ns / 1e9);
	return artifact_emit(ctx, &r);
}

static enum err
filesystem_read(struct artifact_ctx *ctx, struct file *f)
{
	struct buf absolute, low;
	enum err e = ERR_OK;

	(void)f;
	buf_init(&absolute, LIMIT_PATH + 2);
	buf_init(&low, LIMIT_PATH + 2);
	for (size_t i = 0; e == ERR_OK && i < ctx->source->count; i++)
		e = emit_entry(ctx, &ctx->source->entries[i], &absolute, &low);
	buf_done(&absolute);
	buf_done(&low);
	return e;
}

static void
filesystem_describe(const void *record, struct buf *out)
{
	say_field(record, PATH, "", "", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_FS, "**"),
	PLACES_END,
};

const struct artifact artifact_ios_filesystem = {
	.summary = "files of a file-system dump: names and times",
	.schema = {.name = "ios.filesystem",
		   .version = 1,
		   .role = ROLE_MENTION,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = filesystem_describe},
	.listing = true,
	.places = places,
	.read = filesystem_read,
};
