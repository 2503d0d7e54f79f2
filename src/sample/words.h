#ifndef SAMPLE_WORDS_H
#define SAMPLE_WORDS_H
#include "buf.h"
#include "rng.h"

/*
 * Harmless text to fill a phone with. Every host ends in .example, every
 * phone number lies in +1 555 01, every application is com.example or one
 * that each phone has.
 */
void words_sentence(struct rng *r, struct buf *b, unsigned lo, unsigned hi);

/* An invented name of lo to hi syllables, lower case. */
void words_name(struct rng *r, struct buf *b, unsigned lo, unsigned hi);

/* Host number k: the same k gives the same name, no two are equal. */
void words_host(struct buf *b, uint64_t k);

/* One of some thousand hosts, a few of them much more often than the rest. */
void words_any_host(struct rng *r, struct buf *b);
void words_url(struct rng *r, struct buf *b);

/* Number k, below 100,000: "+15550100042". */
void words_phone(struct buf *b, uint64_t k);

/* Bundle ids; NULL ends. */
extern const char *const words_apps[];
extern const char *const words_apple_apps[];

const char *words_any_app(struct rng *r);
#endif
