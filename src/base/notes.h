#ifndef BASE_NOTES_H
#define BASE_NOTES_H
#include <stdbool.h>
#include <stdint.h>

/*
 * A note says that the evidence is odd or damaged at one place; reading goes
 * on after it. Nothing is dropped in silence: whoever skips something leaves
 * a note. Notes lower coverage, they never raise a verdict.
 */

/* What a note does to the coverage of the artifact that it was left in. */
enum note_effect {
	NOTE_EFFECT_NONE,
	NOTE_EFFECT_PARTIAL,
	NOTE_EFFECT_FAILED,
	NOTE_EFFECT_UNKNOWN_VERSION,
};

enum note_id {
#define NOTE(sym, name, effect, text) NOTE_##sym,
#include "notes.def"
#undef NOTE
	NOTE_COUNT
};

struct note_info {
	const char *name; /* stable, dotted: "bplist.trailer" */
	enum note_effect effect;
	const char *text; /* one plain clause, no full stop */
};

extern const struct note_info note_infos[NOTE_COUNT];

/*
 * Where notes go. The owner sets fn; every parser is handed a pointer to it.
 * detail may be NULL. Same id in one file is repeated at most
 * LIMIT_NOTES_PER_FILE times, the rest is counted by the owner.
 */
struct notes {
	void (*fn)(
	    void *arg, enum note_id id, uint64_t off, const char *detail);
	void *arg;
};

/* Leaves a note at byte (or row) off; always false, for `return note(...)`. */
bool note(const struct notes *n, enum note_id id, uint64_t off);

/* The same with a formatted detail, such as a name or a number. */
bool note_why(const struct notes *n, enum note_id id, uint64_t off,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
#endif
