#include <stdint.h>
#include <string.h>

#include "artifact.h"

/*
 * End to end: the name of an artifact, a space and the file's path where that
 * is not its first place, and a newline; then the file's bytes, read as that
 * artifact. Everything emitted is described and encoded.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err
emit(struct artifact_ctx *ctx, const struct record *r)
{
	struct buf *b = ctx->owner;

	buf_reset(b);
	record_describe(r, b);
	buf_reset(b);
	record_encode(r, b);
	return ERR_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cur c = cur_from(data, size);
	const struct notes notes = { 0 };
	const struct artifact *a;
	struct arena arena;
	struct str line, path;
	char text[64];
	size_t space;
	struct file *f;
	struct buf b;

	if (!cur_line(&c, &line) || line.n > LIMIT_PATH)
		return 0;
	space = str_find(line, ' ');
	if (space >= sizeof(text))
		return 0;
	(void)snprintf(text, sizeof(text), "%.*s", (int)space, line.p);
	if ((a = artifact_by_name(text)) == NULL || a->listing)
		return 0;
	path = space < line.n ? str_sub(line, space + 1, line.n)
			      : str_from(a->places[0].glob);
	arena_init(&arena, (size_t)64 << 20);
	buf_init(&b, LIMIT_RECORD_BYTES);
	f = file_mem_new(a->places[0].glob, c.p, c.len);
	(void)a->read(&(struct artifact_ctx){ .artifact = a,
			  .kind = a->places[0].kinds,
			  .arena = &arena,
			  .notes = &notes,
			  .path = path,
			  .emit = emit,
			  .owner = &b },
	    f);
	file_free(f);
	buf_done(&b);
	arena_done(&arena);
	return 0;
}
