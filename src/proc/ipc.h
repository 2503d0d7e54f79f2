#ifndef PROC_IPC_H
#define PROC_IPC_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "cur.h"
#include "err.h"

/*
 * Frames between the processes of a check, over pipes:
 *
 *	le32  length of what follows (1 to LIMIT_FRAME)
 *	u8    enum frame_type
 *	...   the body; its fields are in messages.h
 *
 * Whoever reads trusts nothing: the writer may have been taken over by what
 * it read.
 */
enum frame_type {
	/* opener to parent */
	FRAME_PROGRESS = 1,
	FRAME_FACTS,
	FRAME_PRESENT,
	FRAME_FILE,
	FRAME_READY,
	FRAME_FAIL,
	FRAME_FORKED,
	FRAME_EXIT,
	/* opener and workers to parent */
	FRAME_NOTE,
	/* workers to parent */
	FRAME_BEGIN,
	FRAME_RECORD,
	FRAME_EVENT,
	FRAME_COUNT,
	FRAME_END,
	FRAME_HASH,
	/* workers to parent, and on to the opener for the next worker */
	FRAME_ROWS,
	/* parent to opener */
	FRAME_RUN,
	FRAME_WINDOWS,
};

/* The writing end: frames are gathered and written 64 KiB at a time. */
struct ipc_out {
	int fd;		/* borrowed */
	struct buf buf; /* whole frames, and the one that is being made */
	size_t mark;	/* where that one starts */
	bool broken;	/* the reader is gone */
};

void ipc_out_init(struct ipc_out *o, int fd);
void ipc_out_done(struct ipc_out *o);

/* Starts a frame; its body is then put into what is returned. */
struct buf *ipc_begin(struct ipc_out *o, enum frame_type type);

/* Ends it. False, and the frame is dropped, when it is above LIMIT_FRAME. */
bool ipc_end(struct ipc_out *o);

/* Writes everything out; false when the reader is gone. */
bool ipc_flush(struct ipc_out *o);

/* The reading end. */
struct ipc_in {
	int fd; /* borrowed */
	struct buf buf;
	size_t at; /* of the next frame in buf */
	bool bad;  /* a length that no writer of ours sends: stop reading */
};

enum ipc_got { IPC_DATA, IPC_NOTHING, IPC_EOF };

void ipc_in_init(struct ipc_in *in, int fd);
void ipc_in_done(struct ipc_in *in);

/* Forgets what is buffered: what a dead writer left half-said. */
void ipc_in_reset(struct ipc_in *in);

/* One read(): IPC_NOTHING when a non-blocking fd has nothing yet. */
enum ipc_got ipc_fill(struct ipc_in *in);

/* The same from memory, for tests and fuzzing. */
void ipc_feed(struct ipc_in *in, const void *data, size_t n);

/*
 * The next whole frame, if there is one; body is borrowed until the next
 * fill. False with in->bad set when the stream cannot be one of ours.
 */
bool ipc_next(struct ipc_in *in, uint8_t *type, struct cur *body);
#endif
