#include "hold.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE   ((size_t)4 << 10)
#define LARGE  ((size_t)2 << 20) /* large pages of the machine */
#define MAP_AT ((size_t)1 << 20)

bool
hold_init(struct hold *h, size_t cap)
{
	void *p;

	*h = (struct hold){ .cap = cap };
	if (cap < MAP_AT) {
		if ((h->p = malloc(cap > 0 ? cap : 1)) == NULL)
			abort();
		return true;
	}
	h->mapped = (cap + LARGE - 1) / LARGE * LARGE;
	p = mmap(NULL, h->mapped, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED) {
		*h = (struct hold){ 0 };
		return false;
	}
	(void)madvise(p, h->mapped, MADV_HUGEPAGE);
	h->p = p;
	return true;
}

bool
hold_put(struct hold *h, struct cur c)
{
	size_t room = h->cap - h->len, n = c.len < room ? c.len : room;

	if (!cur_copy(&c, n, h->p + h->len))
		return false;
	h->len += n;
	return c.len == 0;
}

bool
hold_zeros(struct hold *h, uint64_t n)
{
	size_t room = h->cap - h->len, some = n < room ? (size_t)n : room;

	/* Mapped memory is zeros, and a hole stays one. */
	if (h->mapped == 0)
		memset(h->p + h->len, 0, some);
	h->len += some;
	return some == n;
}

void
hold_trim(struct hold *h)
{
	size_t keep = (h->len + PAGE - 1) / PAGE * PAGE;
	uint8_t *p;

	if (h->mapped == 0) {
		p = realloc(h->p, h->len > 0 ? h->len : 1);
		h->p = p != NULL ? p : h->p;
	} else if (keep == 0) {
		hold_done(h);
		(void)hold_init(h, 0);
	} else if (keep < h->mapped) {
		(void)munmap(h->p + keep, h->mapped - keep);
		h->mapped = keep;
	}
	h->cap = h->len;
}

void
hold_done(struct hold *h)
{
	if (h->mapped > 0)
		(void)munmap(h->p, h->mapped);
	else
		free(h->p);
	*h = (struct hold){ 0 };
}

struct file_hold {
	struct file f;
	struct hold h;
};

static enum err
hold_read_at(struct file *f, uint64_t off, void *out, size_t n, size_t *got)
{
	struct file_hold *x = (struct file_hold *)f;
	struct cur c = cur_from(x->h.p, x->h.len);

	/* file_read_at keeps off and n inside the file. */
	if (!cur_skip(&c, (size_t)off) || !cur_copy(&c, n, out))
		return ERR_INTERNAL;
	*got = n;
	return ERR_OK;
}

static void
hold_free(struct file *f)
{
	struct file_hold *x = (struct file_hold *)f;

	hold_done(&x->h);
	free(x);
}

static const struct file_ops hold_ops = {
	.name = "held",
	.read_at = hold_read_at,
	.free = hold_free,
};

struct file *
hold_file(struct hold *h, const char *path)
{
	struct file_hold *x = malloc(sizeof(*x));

	if (x == NULL)
		abort();
	x->f = (struct file){ .ops = &hold_ops, .size = h->len, .path = path };
	x->h = *h;
	*h = (struct hold){ 0 };
	return &x->f;
}
