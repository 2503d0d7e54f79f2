#ifndef SAMPLE_RNG_H
#define SAMPLE_RNG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A stream of numbers that follows from a seed and a label alone: each part of
 * a sample phone has its own label, so that more rows in one table do not
 * change another. No secret is ever made with it; keys of sample phones are
 * as public as the samples.
 */
struct rng {
	uint64_t s[4];
};

void rng_init(struct rng *r, uint64_t seed, const char *label);
uint64_t rng_next(struct rng *r);

/* 0 to n - 1; 0 when n is 0. */
uint64_t rng_below(struct rng *r, uint64_t n);

/* lo to hi, both included. */
uint64_t rng_range(struct rng *r, uint64_t lo, uint64_t hi);

/* True in permille of 1000 cases. */
bool rng_chance(struct rng *r, unsigned permille);

/* 0 to 1, without 1. */
double rng_unit(struct rng *r);

void rng_bytes(struct rng *r, void *out, size_t n);

/* A version 4 UUID, upper case, with a NUL. */
char *rng_uuid(struct rng *r, char out[static 37]);
#endif
