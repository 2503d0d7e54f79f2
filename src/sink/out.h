#ifndef SINK_OUT_H
#define SINK_OUT_H
#include <stdbool.h>
#include <stdio.h>

#include "buf.h"
#include "err.h"

/*
 * What a sink writes to: a buffer in front of a stream, which is emptied
 * between pieces. Write to b as to any buffer, then call out_step.
 */
struct out {
	struct buf b;
	FILE *f;
	bool error;
};

void out_init(struct out *o, FILE *f);

/* Passes b on when it has grown; call it after each row or block. */
void out_step(struct out *o);

/* Passes on the rest and frees b; ERR_IO when the stream refused bytes. */
enum err out_done(struct out *o);
#endif
