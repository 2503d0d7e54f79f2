/* Frames: whole, in pieces, cut, and lies about their length. */
#include "ipc.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "limits.h"

static void
put(struct ipc_out *o, enum frame_type type, const char *text)
{
	buf_puts(ipc_begin(o, type), text);
	CHECK(ipc_end(o));
}

/* Two frames as the bytes that go over a pipe. */
static size_t
sample(uint8_t *out, size_t size)
{
	struct ipc_out o;
	int p[2];
	ssize_t n;

	CHECK(pipe(p) == 0);
	ipc_out_init(&o, p[1]);
	put(&o, FRAME_NOTE, "first");
	put(&o, FRAME_READY, "");
	CHECK(ipc_flush(&o));
	n = read(p[0], out, size);
	CHECK(n > 0);
	ipc_out_done(&o);
	close(p[0]);
	close(p[1]);
	return (size_t)n;
}

static void
test_pieces(void)
{
	uint8_t bytes[64], type;
	size_t n = sample(bytes, sizeof(bytes));
	struct cur body;

	CHECK(n == 4 + 1 + 5 + 4 + 1);
	for (size_t step = 1; step <= n; step++) {
		struct ipc_in in;
		size_t frames = 0;

		ipc_in_init(&in, -1);
		for (size_t at = 0; at < n; at += step) {
			ipc_feed(
			    &in, bytes + at, n - at < step ? n - at : step);
			while (ipc_next(&in, &type, &body)) {
				if (frames == 0) {
					CHECK(type == FRAME_NOTE);
					CHECK(str_is(cur_rest(body), "first"));
				} else {
					CHECK(type == FRAME_READY);
					CHECK(body.len == 0);
				}
				frames++;
			}
		}
		CHECK(frames == 2 && !in.bad);
		ipc_in_done(&in);
	}
}

/* What is cut gives the frames before the cut, and nothing of the last. */
static void
test_truncation(void)
{
	uint8_t bytes[64], type;
	size_t n = sample(bytes, sizeof(bytes));
	struct cur body;

	for (size_t cut = 0; cut < n; cut++) {
		struct ipc_in in;
		size_t frames = 0;

		ipc_in_init(&in, -1);
		ipc_feed(&in, bytes, cut);
		while (ipc_next(&in, &type, &body))
			frames++;
		CHECK(frames == (cut >= 10 ? 1 : 0));
		ipc_in_done(&in);
	}
}

static void
test_lies(void)
{
	static const uint8_t none[] = { 0, 0, 0, 0, 1 };
	static const uint8_t huge[] = { 0xff, 0xff, 0xff, 0xff, 1 };
	const uint8_t *lies[] = { none, huge };
	struct ipc_in in;
	struct cur body;
	uint8_t type;

	for (size_t i = 0; i < 2; i++) {
		ipc_in_init(&in, -1);
		ipc_feed(&in, lies[i], 5);
		CHECK(!ipc_next(&in, &type, &body));
		CHECK(in.bad);
		ipc_in_reset(&in);
		CHECK(!in.bad);
		ipc_in_done(&in);
	}
}

/* A frame above the limit is dropped as a whole; those around it arrive. */
static void
test_too_long(void)
{
	static char big[64 * 1024];
	struct ipc_out o;
	struct ipc_in in;
	struct cur body;
	uint8_t type;
	struct buf *b;
	int p[2];

	CHECK(pipe(p) == 0);
	ipc_out_init(&o, p[1]);
	put(&o, FRAME_NOTE, "before");
	b = ipc_begin(&o, FRAME_RECORD);
	for (size_t i = 0; i <= LIMIT_FRAME / sizeof(big); i++)
		buf_put(b, big, sizeof(big));
	CHECK(!ipc_end(&o));
	put(&o, FRAME_NOTE, "behind");
	CHECK(ipc_flush(&o));
	ipc_in_init(&in, p[0]);
	CHECK(ipc_fill(&in) == IPC_DATA);
	CHECK(ipc_next(&in, &type, &body));
	CHECK(str_is(cur_rest(body), "before"));
	CHECK(ipc_next(&in, &type, &body));
	CHECK(str_is(cur_rest(body), "behind"));
	CHECK(!ipc_next(&in, &type, &body) && !in.bad);
	close(p[1]);
	CHECK(ipc_fill(&in) == IPC_EOF);
	ipc_in_done(&in);
	ipc_out_done(&o);
	close(p[0]);
}

int
main(void)
{
	test_pieces();
	test_truncation();
	test_lies();
	test_too_long();
	return 0;
}
