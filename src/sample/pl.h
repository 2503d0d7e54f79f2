#ifndef SAMPLE_PL_H
#define SAMPLE_PL_H
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "str.h"

/*
 * Property lists to be written: values live in the arena that they were made
 * in, a container takes its items and keeps their order.
 */
struct pl;

struct pl *pl_dict(struct arena *a);
struct pl *pl_array(struct arena *a);
struct pl *pl_str(struct arena *a, const char *s);
struct pl *pl_int(struct arena *a, int64_t v);
struct pl *pl_real(struct arena *a, double v);
struct pl *pl_bool(struct arena *a, bool v);
struct pl *pl_date(struct arena *a, int64_t unix_s);
struct pl *pl_data(struct arena *a, struct str bytes);
struct pl *pl_uid(struct arena *a, uint32_t v);

void pl_set(struct arena *a, struct pl *dict, const char *key, struct pl *v);
/* The same; the key may hold any bytes. */
void pl_set_str(struct arena *a, struct pl *dict, struct str key, struct pl *v);
void pl_add(struct pl *array, struct pl *v);

/* As "bplist00"; the arena is needed for the list of objects. */
void pl_binary(struct arena *a, struct pl *root, struct buf *out);

/* As XML 1.0; a UID has no form there and must not be in it. */
void pl_xml(const struct pl *root, struct buf *out);
#endif
