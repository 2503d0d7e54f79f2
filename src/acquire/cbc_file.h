#ifndef ACQUIRE_CBC_FILE_H
#define ACQUIRE_CBC_FILE_H
#include <stdint.h>

#include "aes.h"
#include "err.h"
#include "file.h"
#include "notes.h"

/*
 * A file of an encrypted backup, decrypted where it is read: AES-256-CBC with
 * a zero IV, where each block needs only the ciphertext block before it. So a
 * page of a database costs the decryption of that page, and nothing of the
 * plaintext lies anywhere but in a small window of memory.
 */

/*
 * All whole blocks of base, which is taken. Never fails; a part of a block at
 * the end is left out.
 */
struct file *cbc_file_new(
    const char *path, struct file *base, const uint8_t key[static AES_KEY]);

/* What the manifest says about a length, which may be wrong. */
#define CBC_SIZE_UNKNOWN UINT64_MAX

/*
 * Cuts f, made by cbc_file_new, to its true length: valid PKCS#7 padding
 * decides; without it the manifest's size, when it is no longer than what is
 * there; else all whole blocks stay. Never extends. What is odd is a note.
 * ERR_IO when the last block cannot be read.
 */
enum err cbc_file_cut(
    struct file *f, uint64_t manifest_size, const struct notes *n);

/*
 * Reads all of the ciphertext up to f's length once, and leaves a note at the
 * first block of zeros: no encryption ever gives one, but copies that broke
 * off and damaged disks do.
 */
enum err cbc_file_check(struct file *f, const struct notes *n);
#endif
