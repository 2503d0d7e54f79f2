#ifndef SAMPLE_WAL_H
#define SAMPLE_WAL_H
#include <stdint.h>

#include "buf.h"
#include "str.h"

/*
 * Appends the write-ahead log that turns a database's bytes old into new, as
 * one transaction: both are whole pages of 4096 bytes.
 */
void wal_put(struct buf *out, struct str old, struct str new, uint32_t salt);
#endif
