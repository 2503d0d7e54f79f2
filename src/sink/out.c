#include "out.h"

/* One block between two steps: a finding with all its fields. */
#define BLOCK_MAX  ((size_t)64 << 20)
#define STAGE_SIZE ((size_t)64 << 10)

void
out_init(struct out *o, FILE *f)
{
	buf_init(&o->b, BLOCK_MAX);
	o->f = f;
	o->error = false;
}

static void
pass_on(struct out *o)
{
	if (o->b.full)
		o->error = true;
	if (o->b.len > 0 && fwrite(o->b.p, 1, o->b.len, o->f) != o->b.len)
		o->error = true;
	buf_reset(&o->b);
}

void
out_step(struct out *o)
{
	if (o->b.len > STAGE_SIZE)
		pass_on(o);
}

enum err
out_done(struct out *o)
{
	pass_on(o);
	if (fflush(o->f) != 0 || ferror(o->f))
		o->error = true;
	buf_done(&o->b);
	return o->error ? ERR_IO : ERR_OK;
}
