#include <stddef.h>

#include "detector.h"

/* Stamps what a detector says with its index. */
struct stamp {
	uint32_t detector;
	const struct hit_sink *sink;
};

static void
stamp_hit(void *arg, const struct hit *h)
{
	const struct stamp *s = arg;
	struct hit out = *h;

	out.detector = s->detector;
	s->sink->fn(s->sink->arg, &out);
}

void
detect_record(const struct detect_ctx *ctx, const struct record *r,
    const struct hit_sink *sink)
{
	for (uint32_t i = 0; detectors[i] != NULL; i++) {
		struct stamp s = { .detector = i, .sink = sink };
		struct hit_sink stamped = { .fn = stamp_hit, .arg = &s };

		if (ctx->enabled[i])
			detectors[i]->record(ctx->state[i], r, &stamped);
	}
}
