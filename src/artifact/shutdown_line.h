#ifndef ARTIFACT_SHUTDOWN_LINE_H
#define ARTIFACT_SHUTDOWN_LINE_H
#include <stdbool.h>
#include <stdint.h>

#include "str.h"

/*
 * One line of a shutdown log. logd writes three kinds, "%d" and so on being
 * what differs (source: its disassembly for iOS 26, and published logs of
 * iOS 12 to 26):
 *
 *	After %.02fs, these clients are still here:
 *			remaining client pid: %d (PATH/UUID)
 *	SIGTERM: [seconds since 1970] All buffers flushed
 *
 * Two other forms are described by others and are read as well: a client
 * behind "After 0.10s," in one line, and one behind "SIGTERM: [...] Sent
 * SIGTERM to", which tells no time.
 */
enum shutdown_kind {
	SHUTDOWN_BLANK,
	SHUTDOWN_NOTICE, /* with a client in the one-line form */
	SHUTDOWN_CLIENT,
	SHUTDOWN_END,
	SHUTDOWN_UNKNOWN, /* also one of these with a part that is damaged */
};

struct shutdown_line {
	enum shutdown_kind kind;
	double seconds; /* of a notice */
	int64_t end_s;	/* of an end: since 1970; -1: not told */
	bool has_client;
	int64_t pid;
	struct str path; /* of the program; "" when logd did not know it */
	struct str uuid; /* of the program's image; "" when not there */
};

/* Borrows s. */
void shutdown_line_parse(struct str s, struct shutdown_line *out);
#endif
