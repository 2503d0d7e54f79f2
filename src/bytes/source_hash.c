#include <stdlib.h>
#include <string.h>

#include "source.h"

/* What is hashed must still be in the nearest cache: 256 KiB cost a third. */
#define WINDOW ((size_t)64 << 10)

struct hashing {
	const struct source_progress *progress;
	struct why *why;
	uint8_t *window;
	uint64_t done;
};

static enum err
hash_file(struct hashing *h, struct file *f, uint8_t out[static SHA256_SIZE])
{
	struct sha256 *sum = sha256_new();
	enum err e = ERR_OK;
	uint64_t at = 0;
	size_t got;

	while (at < f->size) {
		e = file_read_at(f, at, h->window, WINDOW, &got);
		if (e == ERR_OK && got == 0)
			e = ERR_IO; /* it shrank */
		if (e != ERR_OK)
			break;
		sha256_add(sum, h->window, got);
		at += got;
		h->done += got;
		if (h->progress != NULL && h->progress->fn != NULL)
			h->progress->fn(h->progress->arg, h->done);
	}
	if (e == ERR_OK)
		sha256_end(sum, out);
	sha256_free(sum);
	return e;
}

/* One line of the list, see source.h. */
static enum err
hash_entry(struct hashing *h, struct source *s, const struct entry *e,
    struct sha256 *list)
{
	uint8_t tail[1 + 8], sum[SHA256_SIZE];
	struct file *f;
	enum err err;

	if ((err = source_open(s, e, NULL, &f)) != ERR_OK)
		return why_set(h->why, err, "%s cannot be opened: %s",
		    e->path.p, err_text(err));
	err = hash_file(h, f, sum);
	tail[0] = 0;
	for (size_t i = 0; i < 8; i++)
		tail[1 + i] = (uint8_t)(f->size >> (56 - 8 * i));
	file_free(f);
	if (err != ERR_OK)
		return why_set(
		    h->why, err, "%s cannot be read to its end", e->path.p);
	sha256_add(list, e->path.p, e->path.n);
	sha256_add(list, tail, sizeof(tail));
	sha256_add(list, sum, sizeof(sum));
	return ERR_OK;
}

static enum err
hash_list(struct source *s, const struct source_progress *p, struct why *why,
    uint8_t out[static SHA256_SIZE])
{
	struct hashing h = {
		.progress = p, .why = why, .window = malloc(WINDOW)
	};
	struct sha256 *list = sha256_new();
	enum err e = ERR_OK;

	if (h.window == NULL)
		abort();
	for (size_t i = 0; i < s->count && e == ERR_OK; i++) {
		if (s->entries[i].type == ENTRY_FILE)
			e = hash_entry(&h, s, &s->entries[i], list);
	}
	if (e == ERR_OK)
		sha256_end(list, out);
	sha256_free(list);
	free(h.window);
	return e;
}

enum err
source_hash_file(struct file *f, const struct source_progress *p,
    struct why *why, uint8_t out[static SHA256_SIZE])
{
	struct hashing h = { .progress = p, .window = malloc(WINDOW) };
	enum err e;

	if (h.window == NULL)
		abort();
	e = hash_file(&h, f, out);
	free(h.window);
	if (e != ERR_OK)
		return why_set(why, e, "%s cannot be read to its end", f->path);
	return ERR_OK;
}

enum err
source_hash(struct source *s, const struct source_progress *p, struct why *why,
    uint8_t out[static SHA256_SIZE])
{
	uint8_t sum[SHA256_SIZE];
	enum err e;

	if (!s->hashed) {
		e = s->ops->hash != NULL ? s->ops->hash(s, p, why, sum)
					 : hash_list(s, p, why, sum);
		if (e != ERR_OK)
			return e;
		memcpy(s->sha256, sum, sizeof(sum));
		s->hashed = true;
	}
	memcpy(out, s->sha256, SHA256_SIZE);
	return ERR_OK;
}
