#ifndef BYTES_READER_H
#define BYTES_READER_H
#include <stdbool.h>
#include <stdint.h>

#include "hold.h"
#include "source.h"
#include "stream.h"

/*
 * The members of a tar, or of a zip without its directory, one after the
 * other out of a stream: libarchive with just that one format.
 */
enum reader_format { READER_TAR, READER_ZIP };

struct member {
	struct str name;   /* as written; borrowed until the next member */
	struct str target; /* of a hard link */
	enum entry_type type;
	uint64_t size;
	int64_t mtime_s; /* seconds since 1970, and nanoseconds on top */
	long mtime_part;
	bool mtime_known;
	bool size_known; /* a zip may tell it behind the bytes only */
	bool hard;	 /* a hard link, without bytes of its own */
	bool sparse;	 /* its bytes do not lie in one piece */
	uint64_t head;	 /* where its headers begin in the stream */
	uint64_t data;	 /* where its bytes begin */
};

enum reader_step {
	READER_MEMBER,
	READER_DAMAGED, /* something else stood here; go on */
	READER_END,
	READER_CUT,    /* the end came without its mark */
	READER_FORMAT, /* not of this format, or damaged beyond reading */
};

struct reader;

/* Borrows the stream. */
struct reader *reader_new(struct stream *s, enum reader_format format);
void reader_free(struct reader *r); /* NULL is fine */

enum reader_step reader_next(struct reader *r, struct member *out);

/*
 * The bytes of the member just given into h, at most its room. What is
 * wrong with them comes back as flags.
 */
struct reader_data {
	bool cut;      /* they end too early or cannot be unpacked */
	bool over;     /* there is more than room */
	bool checksum; /* they do not fit it */
};
struct reader_data reader_data(struct reader *r, struct hold *h);

/* Counts the bytes of the member just given, without keeping any. */
uint64_t reader_count(struct reader *r);

/*
 * After the end, or damage, in a plain tar: goes on at the next thing that
 * looks like a header. False when there is none.
 */
bool reader_resync(struct reader *r);

/* After the end: true when all that follows in the stream is zeros. */
bool reader_only_zeros(struct reader *r);
#endif
