#ifndef BYTES_STREAM_H
#define BYTES_STREAM_H
#include <stdbool.h>
#include <stdint.h>

#include "cur.h"
#include "file.h"
#include "hash.h"

/*
 * The bytes of a file from the first to the last, unpacked on the way: gzip
 * through zlib, because it checks each checksum, xz and zstd through
 * libarchive, anything else as it is. Damage ends it: `end` says how.
 */
enum stream_end {
	STREAM_GOES_ON,
	STREAM_END,	/* well, at its end */
	STREAM_CUT,	/* the input ended too early */
	STREAM_DAMAGED, /* what stands there cannot be unpacked */
	STREAM_BOMB,	/* LIMIT_UNPACK or LIMIT_UNPACK_RATIO */
	STREAM_IO,	/* the input could not be read */
};

enum stream_kind { STREAM_PLAIN, STREAM_GZIP, STREAM_XZ, STREAM_ZSTD };

struct stream;
struct stream_ops {
	enum stream_kind kind;

	/*
	 * The next unpacked bytes, borrowed until the next call; none, with
	 * s->end set, at the end.
	 */
	struct cur (*next)(struct stream *s);

	void (*free)(struct stream *s);
};

/* Backends put this first in a struct of their own. */
struct stream {
	const struct stream_ops *ops;
	struct file *f;	    /* borrowed */
	struct sha256 *sum; /* of the input; NULL: not wanted */
	uint8_t *window;
	uint64_t in;  /* bytes read from f */
	uint64_t out; /* bytes given out */
	enum stream_end end;
	bool trailing; /* there was something else behind the packed bytes */
};

/* What the first bytes of f say it is packed with; plain when nothing. */
struct stream *stream_new(struct file *f);
struct stream *stream_plain_new(struct file *f);
void stream_free(struct stream *s); /* NULL is fine */

/* Plain: offsets into the unpacked bytes are offsets into f. */
enum stream_kind stream_kind(const struct stream *s);

/* Hashes the input on the way; before the first stream_next only. */
void stream_hash(struct stream *s);

/* False, with nothing in out, at the end. */
bool stream_next(struct stream *s, struct cur *out);

/* A plain one that is not hashed: up to n bytes left out, none otherwise. */
uint64_t stream_skip(struct stream *s, uint64_t n);

/* Goes on at `at`; a plain one that is not hashed only. */
void stream_seek(struct stream *s, uint64_t at);

/*
 * Reads the input to its end, so that the hash is that of all bytes; false
 * when it cannot be read. Nothing is unpacked any more.
 */
bool stream_drain(struct stream *s, uint8_t out[static SHA256_SIZE]);

/* For backends: the next window of the input, empty at its end. */
struct cur stream_fill(struct stream *s);
void stream_init(
    struct stream *s, const struct stream_ops *ops, struct file *f);
void stream_done(struct stream *s);

struct stream *stream_gzip_new(struct file *f);
struct stream *stream_xz_new(struct file *f);
struct stream *stream_zstd_new(struct file *f);
#endif
