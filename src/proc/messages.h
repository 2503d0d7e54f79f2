#ifndef PROC_MESSAGES_H
#define PROC_MESSAGES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cur.h"
#include "detector.h"
#include "err.h"
#include "ipc.h"
#include "notes.h"
#include "str.h"

/*
 * What the frames of ipc.h say. Each _put appends a body, each _get takes one
 * apart: strings borrow the body, false means that no writer of ours sent it.
 * Integers are unsigned LEB128 but where a width is said, times 8 bytes.
 */

/* FRAME_PROGRESS */
struct msg_progress {
	struct str what;
	uint64_t done, total;
};
void msg_progress_put(struct buf *b, const struct msg_progress *m);
bool msg_progress_get(struct cur c, struct msg_progress *out);

/* FRAME_FACTS: what struct acquisition tells. Texts: p is NULL, not known. */
enum msg_text {
	MSG_MODEL,
	MSG_PRODUCT,
	MSG_OS,
	MSG_OS_VERSION,
	MSG_BUILD,
	MSG_NAME,
	MSG_SERIAL,
	MSG_IMEI,
	MSG_UDID,
	MSG_TEXTS
};
struct msg_facts {
	uint32_t kind; /* index in acquisition_kinds[] */
	bool encrypted, sample;
	uint64_t files, bytes;
	int64_t made_ns;
	struct str text[MSG_TEXTS];
};
void msg_facts_put(struct buf *b, const struct msg_facts *m);
bool msg_facts_get(struct cur c, struct msg_facts *out);

/* FRAME_PRESENT: the app that the artifact is of is installed. */
void msg_index_put(struct buf *b, uint32_t index);
bool msg_index_get(struct cur c, uint32_t *out);

/* FRAME_FILE: the next file of the plan; those of one job follow each other. */
struct msg_file {
	uint32_t job;
	uint32_t artifact; /* index in artifacts[] */
	uint64_t size;
	struct str path;
};
void msg_file_put(struct buf *b, const struct msg_file *m);
bool msg_file_get(struct cur c, struct msg_file *out);

/* FRAME_FAIL: the acquisition was not opened. */
struct msg_fail {
	enum err err;
	struct str why;
};
void msg_fail_put(struct buf *b, const struct msg_fail *m);
bool msg_fail_get(struct cur c, struct msg_fail *out);

/* FRAME_RUN: one worker for files [from, to) of the job, events or all. */
struct msg_run {
	uint32_t slot, job, from, to;
	bool events;
};
void msg_run_put(struct buf *b, const struct msg_run *m);
bool msg_run_get(struct cur c, struct msg_run *out);

/* FRAME_FORKED, FRAME_EXIT: the worker of that slot is there, is gone. */
struct msg_exit {
	uint32_t slot;
	/* Its pid; or what waitpid says, -1: it could not be forked. */
	int32_t status;
};
void msg_exit_put(struct buf *b, const struct msg_exit *m);
bool msg_exit_get(struct cur c, struct msg_exit *out);

/* FRAME_NOTE: on the file begun last, or on the acquisition. */
struct msg_note {
	enum note_id id;
	uint64_t off;
	struct str detail; /* p NULL: none */
};
void msg_note_put(struct buf *b, const struct msg_note *m);
bool msg_note_get(struct cur c, struct msg_note *out);

/* FRAME_COUNT, and in FRAME_END: what was read of the file so far. */
struct msg_counts {
	uint64_t records, events;
	int64_t first_ns, last_ns; /* of plausible times; TSTAMP_NONE */
	uint32_t obs_mask;	   /* 1 << OBS_x */
};
void msg_counts_put(struct buf *b, const struct msg_counts *m);
bool msg_counts_get(struct cur c, struct msg_counts *out);

/* Adds b to a: sums, the wider span, all observables. */
void msg_counts_add(struct msg_counts *a, const struct msg_counts *b);

/* FRAME_RECORD: hits, then the record's canonical bytes. */
#define MSG_HITS_MAX 64
struct msg_record {
	struct hit hits[MSG_HITS_MAX];
	size_t nhits;
	struct cur bytes;
};
void msg_hits_put(struct buf *b, const struct hit *h, size_t n);
bool msg_record_get(struct cur c, struct msg_record *out);

/* FRAME_EVENT */
struct msg_event {
	uint32_t artifact;
	int64_t ns;
	struct str name, text, path, locator;
};
void msg_event_put(struct buf *b, const struct msg_event *m);
bool msg_event_get(struct cur c, struct msg_event *out);

/* FRAME_HASH: of the acquisition; ok false: why says why not. */
struct msg_hash {
	bool ok;
	struct cur sha256;
	struct str why;
};
void msg_hash_put(struct buf *b, const struct msg_hash *m);
bool msg_hash_get(struct cur c, struct msg_hash *out);

/* FRAME_WINDOWS: pairs of times, sorted, apart from each other. */
struct msg_window {
	int64_t from_ns, to_ns;
};
void msg_window_put(struct buf *b, const struct msg_window *m);
/* Takes one off c; false at its end. */
bool msg_window_get(struct cur *c, struct msg_window *out);

/* Sorted, apart from each other; borrowed. */
struct msg_windows {
	const struct msg_window *v;
	size_t n;
};

/* True when [first, last] meets a window. */
bool msg_windows_meet(
    const struct msg_windows *w, int64_t first_ns, int64_t last_ns);
#endif
