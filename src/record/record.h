#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "cur.h"
#include "hash.h"
#include "jsonw.h"
#include "limits.h"
#include "str.h"
#include "tstamp.h"

/*
 * A record: one row that a reader extracted, with where it came from. It is
 * THE one thing that every later stage sees. Its fields are described by a
 * schema, so that listing, matching, rules, the timeline, JSON and evidence
 * all follow from one table.
 */
enum obs {
	OBS_NONE,
#define OBS(sym, name) OBS_##sym,
#include "obs.def"
#undef OBS
	OBS_COUNT
};

const char *obs_name(enum obs o); /* "" for OBS_NONE */
bool obs_from_name(struct str name, enum obs *out);

/* What a finding in this artifact shows happened (DESIGN: role). */
enum role {
	ROLE_MENTION,
	ROLE_VISIT,
	ROLE_DELIVERY,
	ROLE_CONTACT,
	ROLE_EXECUTION,
};
const char *role_name(enum role r);

enum value_type {
	VALUE_NONE, /* the row has no such value */
	VALUE_BOOL,
	VALUE_INT,
	VALUE_REAL,
	VALUE_TEXT,
	VALUE_TIME,
	VALUE_LIST, /* of texts, in the order found */
};

struct value {
	enum value_type type;
	union {
		bool b;
		int64_t i;
		double real;
		struct str s;
		struct {
			int64_t ns;
			double raw; /* as stored, see the field's clock */
			enum tstamp_clock clock;
		} t;
		struct {
			const struct str *v;
			size_t n;
		} list;
	};
};

enum {
	/* Contents: bodies, names of people; out of reports by default. */
	FIELD_CONTENT = 1,
	/*
	 * A process name of the form "process/bundle": each half is matched
	 * by itself (facts: DataUsage).
	 */
	FIELD_PROCESS_PAIR = 2,
	/*
	 * A time kept by a file system or an archive, or a date that somebody
	 * chose: real phones hold files of 1970 and 1980, and birthdays, so
	 * that no date is odd.
	 */
	FIELD_FILE_TIME = 4,
	/*
	 * A time that does not tell how far back the records reach: that of
	 * an appointment, or of a purchase.
	 */
	FIELD_NO_REACH = 8,
};

const char *value_type_name(enum value_type t);

/* As JSON, and as text for people (escaped, see utf8_put_visible). */
void value_json(const struct value *v, struct jsonw *w);
void value_text(const struct value *v, struct buf *out);

struct field {
	const char *name; /* snake_case, stable: rules use it */
	enum value_type type;
	enum obs obs; /* what it can be matched as */
	unsigned flags;
	const char *event; /* for times: name on the timeline; NULL: none */
	const char *doc;   /* one clause, for the man page */
};

struct schema {
	const char *name; /* the artifact's id: "ios.sms" */
	unsigned version;
	enum role role;
	const struct field *fields;
	size_t nfields;

	/*
	 * Times that are equal make one event: its names of one letter keep
	 * their place among the fields ("M-CB"), longer ones are joined by "+".
	 */
	bool merge_events;

	/* Appends one line for the timeline, without contents; NULL: generic. */
	void (*describe)(const void *record, struct buf *out);
};

struct record {
	const struct schema *schema;
	struct str path;    /* of the file inside the acquisition */
	struct str locator; /* inside it: "message.ROWID=12" */
	/* A deliberate act (a typed address): a match weighs one level less. */
	bool deliberate;
	/* Set when this one record shows less than its artifact's role. */
	bool role_set;
	enum role role;
	struct value v[LIMIT_RECORD_FIELDS]; /* as schema->fields */
};

/* Zeroes r for a new row of schema s. */
void record_init(struct record *r, const struct schema *s, struct str path);
enum role record_role(const struct record *r);

/* Setters, so that readers stay one line a field. Strings are borrowed. */
void record_text(struct record *r, size_t field, struct str s);
void record_int(struct record *r, size_t field, int64_t v);
void record_real(struct record *r, size_t field, double v);
void record_bool(struct record *r, size_t field, bool v);
void record_time(struct record *r, size_t field, int64_t ns, double raw);
void record_list(struct record *r, size_t field, const struct str *v, size_t n);

/*
 * Calls fn once for each event: distinct (time, name), in field order; the
 * name lives only during the call. Returns how many there were.
 */
size_t record_events(const struct record *r,
    void (*fn)(void *arg, int64_t ns, const char *name), void *arg);

/* The times alone of the same events, without what their names cost. */
size_t record_times(const struct record *r, int64_t ns[LIMIT_RECORD_FIELDS]);

/* The earliest and latest event; TSTAMP_NONE both when there is none. */
void record_span(const struct record *r, int64_t *first_ns, int64_t *last_ns);

/*
 * Canonical bytes: the same record gives the same bytes on every machine.
 * They are what travels from worker to parent, what is hashed for ids, and
 * what evidence commits to. Layout: docs/formats/record.md.
 */
void record_encode(const struct record *r, struct buf *out);

/*
 * Borrows c's bytes; list arrays go to a. The schema is looked up by name in
 * schemas (NULL ends). False when the bytes are not a record.
 */
bool record_decode(struct cur c, const struct schema *const *schemas,
    struct arena *a, struct record *out);

/* The beginning of canonical bytes alone, borrowed; false when it is none. */
bool record_peek(struct cur c, struct str *schema, struct str *path_out,
    struct str *locator_out);

/* SHA-256 of the canonical bytes. */
void record_hash(const struct record *r, uint8_t out[static SHA256_SIZE]);

/* {"artifact":..,"path":..,"locator":..,<fields that have a value>}. */
void record_json(const struct record *r, bool content, struct jsonw *w);

/* Appends the one line for people: schema->describe or "name=value ...". */
void record_describe(const struct record *r, struct buf *out);

/* One line on the timeline. */
struct event {
	int64_t ns;
	const struct schema *schema;
	struct str name; /* "sms_received" */
	struct str text; /* what record_describe says */
	struct str path;
	struct str locator;
};

/* Canonical order: time, artifact, path, locator (numbers by value), name. */
int event_cmp(const void *a, const void *b);

/* Strings with runs of digits compared by value: "r9" before "r10". */
int locator_cmp(struct str a, struct str b);
#endif
