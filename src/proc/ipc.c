#include "ipc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "limits.h"

#define IPC_BATCH ((size_t)64 * 1024)
#define IPC_HEAD  ((size_t)4)

void
ipc_out_init(struct ipc_out *o, int fd)
{
	*o = (struct ipc_out){ .fd = fd };
	buf_init(&o->buf, LIMIT_FRAME + 2 * IPC_BATCH);
}

void
ipc_out_done(struct ipc_out *o)
{
	buf_done(&o->buf);
}

struct buf *
ipc_begin(struct ipc_out *o, enum frame_type type)
{
	o->mark = o->buf.len;
	buf_le32(&o->buf, 0);
	buf_u8(&o->buf, (uint8_t)type);
	return &o->buf;
}

bool
ipc_end(struct ipc_out *o)
{
	size_t n = o->buf.len - o->mark;

	if (o->buf.full || n - IPC_HEAD > LIMIT_FRAME) {
		o->buf.len = o->mark;
		o->buf.full = false;
		return false;
	}
	n -= IPC_HEAD;
	for (size_t i = 0; i < IPC_HEAD; i++)
		o->buf.p[o->mark + i] = (uint8_t)(n >> (8 * i) & 0xff);
	if (o->buf.len >= IPC_BATCH)
		(void)ipc_flush(o);
	return true;
}

bool
ipc_flush(struct ipc_out *o)
{
	size_t at = 0;

	while (at < o->buf.len && !o->broken) {
		ssize_t n = write(o->fd, o->buf.p + at, o->buf.len - at);

		if (n > 0)
			at += (size_t)n;
		else if (n == 0 || errno != EINTR)
			o->broken = true;
	}
	buf_reset(&o->buf);
	/* One very long frame must not hold its memory for the whole run. */
	if (o->buf.cap > 8 * IPC_BATCH)
		buf_done(&o->buf);
	return !o->broken;
}

void
ipc_in_init(struct ipc_in *in, int fd)
{
	*in = (struct ipc_in){ .fd = fd };
	buf_init(&in->buf, LIMIT_FRAME + 2 * IPC_BATCH);
}

void
ipc_in_done(struct ipc_in *in)
{
	buf_done(&in->buf);
}

void
ipc_in_reset(struct ipc_in *in)
{
	buf_reset(&in->buf);
	in->at = 0;
	in->bad = false;
}

/* Moves what is left to the front. */
static void
compact(struct ipc_in *in)
{
	size_t left = in->buf.len - in->at;

	if (in->at > 0 && left > 0)
		memmove(in->buf.p, in->buf.p + in->at, left);
	in->buf.len = left;
	in->at = 0;
	if (left == 0 && in->buf.cap > 8 * IPC_BATCH)
		buf_done(&in->buf);
}

void
ipc_feed(struct ipc_in *in, const void *data, size_t n)
{
	compact(in);
	buf_put(&in->buf, data, n);
	if (in->buf.full)
		in->bad = true;
}

enum ipc_got
ipc_fill(struct ipc_in *in)
{
	uint8_t chunk[IPC_BATCH / 2];
	ssize_t n = read(in->fd, chunk, sizeof(chunk));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return IPC_NOTHING;
	if (n <= 0)
		return IPC_EOF;
	ipc_feed(in, chunk, (size_t)n);
	return IPC_DATA;
}

bool
ipc_next(struct ipc_in *in, uint8_t *type, struct cur *body)
{
	struct cur c = cur_from(in->buf.p, in->buf.len), frame;
	uint32_t n;

	if (in->bad || !cur_skip(&c, in->at) || !cur_le32(&c, &n))
		return false;
	if (n == 0 || n > LIMIT_FRAME) {
		in->bad = true;
		return false;
	}
	if (!cur_take(&c, n, &frame) || !cur_u8(&frame, type))
		return false;
	in->at += IPC_HEAD + n;
	*body = frame;
	return true;
}
