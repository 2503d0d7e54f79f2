#ifndef SIGMA_CORRELATE_IMPL_H
#define SIGMA_CORRELATE_IMPL_H
#include "bag.h"
#include "buf.h"
#include "correlate.h"
#include "exact.h"
#include "sigma_impl.h"

/*
 * The inside of correlate*.c.
 *
 * A correlation is one stream: occurrences arrive in order of time, each with
 * its group, and stay in a ring for as long as one `timespan` after. A window
 * is what a group has in the ring when its oldest occurrence is about to
 * leave; if something joined since the last such moment, it is a maximal
 * window, and judged. Every maximal window is met that way, each once: it
 * cannot reach back, because what was before has left, nor on, because what
 * comes now is too late.
 *
 * A window that holds begins a run or prolongs the group's. When the last
 * occurrence of the run leaves the ring, no later window can overlap it: the
 * run is a match. Matches of a correlation are thus known one timespan after
 * their last moment. A correlation over correlations therefore lags: what
 * arrives waits in a heap until all its inputs are known to have got beyond
 * that moment. `delay` is by how much; it adds up along a chain.
 */

/* What a type looks at in an occurrence. */
enum wants { WANTS_NOTHING, WANTS_NAME, WANTS_NUMBER, WANTS_EITHER };

/* Where an input has the value of a column. */
enum from {
	FROM_NOWHERE, /* it never has it */
	FROM_FIELD,   /* index: a field of the event */
	FROM_RULE,    /* text: what the rule says of itself */
	FROM_GROUP,   /* index: of the inner correlation's group */
	FROM_CARRIED, /* index: of its carried columns */
};
struct source {
	enum from from;
	uint32_t index;
	struct str text;
};

/*
 * What a correlation must know of an occurrence: first its group-by, then its
 * condition.field, then what correlations above it ask of its matches and its
 * own group cannot answer ("carried").
 */
struct column {
	struct str name;
	uint32_t field; /* the event's field of that name; or SIGMA_NO_FIELD */
	const char *rule_key; /* or NULL */
};

/* A rule that it refers to. */
struct input {
	uint32_t rule;
	uint32_t position; /* among the rules listed; their number: weaker */
	const struct plan *inner; /* of a correlation; NULL */
	struct source *sources;	  /* one a column */
};

struct plan {
	uint32_t rule;
	const struct correlation *model;
	const struct measure *measure;
	enum wants wants;
	struct column *columns;
	size_t ngroup, nvalue, ncolumns;
	struct input *inputs;
	size_t ninputs;
	size_t npositions; /* distinct rules listed, weaker not counted */
	int64_t delay;	   /* of what arrives */
	bool waits;	   /* some input is a correlation */
	struct str *group_names;
};

/* All correlations, those that others refer to before these. */
struct plans {
	struct arena arena;
	struct plan *v;
	size_t n;
};
void plans_init(struct plans *p, const struct sigma *s);
void plans_done(struct plans *p);

/* A match of a correlation; shared by those above that hold it. */
struct inner {
	unsigned refs;
	uint32_t rule;
	int64_t first_ns, ns; /* its moment is its last */
	struct correlator_part *parts;
	size_t nparts, parts_cap;
	uint64_t total;
	bool weak;
	struct str group;    /* packed columns */
	struct str *carried; /* packed, distinct, sorted */
	size_t ncarried;
	char *text; /* of both */
	size_t text_n;
};

enum {
	ARRIVAL_WEAK = 1,   /* weakens a match, is no part of it */
	ARRIVAL_AGAIN = 2,  /* one more value of the occurrence before */
	ARRIVAL_MUTE = 4,   /* its value was counted with the one before */
	ARRIVAL_NAME = 8,   /* its value is the text, else the number */
	ARRIVAL_INT = 16,   /* in an entry: the number is an integer */
	ARRIVAL_INNER = 32, /* it is a match of a correlation */
};

struct arrival {
	int64_t ns;
	uint64_t ref;
	struct inner *inner; /* or NULL */
	uint32_t rule, position;
	unsigned flags;
	struct str group, value, carried; /* borrowed */
	struct number number;
};

struct entry {
	int64_t ns;
	union {
		uint64_t ref;
		struct inner *inner;
	};
	struct group *group;
	uint64_t next; /* of its group */
	union {
		struct bag_item *name;
		int64_t i;
		double d;
	};
	struct bag_item *carried;
	uint32_t rule;
	uint16_t position, flags;
};

#define NO_ENTRY UINT64_MAX

/* Windows that hold and overlap. */
struct run {
	uint64_t id;
	uint64_t next; /* first entry of the group that is not in it */
	uint64_t live; /* entries of it that are still in the ring */
	struct inner *match;
	struct bag_item **carried; /* each counted once more */
	size_t ncarried, carried_cap;
};

struct group {
	struct bag_item *key; /* counted once for each entry */
	uint64_t first, last; /* entries: numbers that only grow */
	uint64_t n;	      /* of them, without weak ones */
	uint64_t weak;
	int64_t weak_before_ns; /* the last weak one that left */
	int64_t last_ns;	/* of the others */
	bool judged;		/* nothing joined since */
	struct run *run;
	uint64_t occurrences; /* without those that come again */
	uint64_t values;      /* numbers, or distinct names */
	max_align_t state[];  /* the measure's */
};

/* One correlation at work. */
struct stream {
	struct correlator *c;
	const struct plan *plan;
	struct entry *ring;
	size_t ring_cap; /* a power of two, or 0 */
	uint64_t first, next;
	struct bag groups, names, carried;
	struct waiting **heap;
	size_t nheap, heap_cap;
	struct inner **closed; /* matches that are not told yet */
	size_t nclosed, closed_cap;
	uint64_t runs;
};

/* Which stream a rule's occurrences go to. */
struct route {
	uint32_t stream, input;
};

struct correlator {
	const struct sigma *sigma;
	void (*on_match)(void *arg, const struct correlator_match *m);
	void *arg;
	struct budget budget;
	uint64_t hash_key[2];
	struct plans plans;
	struct stream *streams; /* as plans */
	int64_t *due;		/* when there is something to do for each */
	size_t *route_at;	/* of a rule: from here to the next one's */
	struct route *routes;
	int64_t now_ns;
	bool begun;
	uint64_t lost;
	struct buf group, name, carried, value; /* scratch */
	struct run_part *parts;
	size_t parts_cap;
	uint8_t *present; /* positions, see correlate_order.c */
};

/* How a type judges a window. */
struct measure {
	enum wants wants;
	size_t (*size)(const struct plan *p); /* of its state */
	/*
	 * An entry joins, not yet linked, its number set; name: its value
	 * otherwise. False at the limit, nothing is changed then.
	 */
	bool (*add)(struct stream *s, struct group *g, struct entry *e,
	    struct str name);
	void (*take)(struct stream *s, struct group *g, const struct entry *e);
	bool (*holds)(struct stream *s, struct group *g, int64_t first_ns);
	void (*done)(struct stream *s, struct group *g);
};
extern const struct measure measure_event_count, measure_value_count,
    measure_temporal, measure_ordered, measure_sum, measure_avg,
    measure_percentile;

/* correlate_count.c */
bool bounds_given(const struct bounds *b);
/* cmp(arg, x): the value compared with x. */
bool bounds_hold(const struct bounds *b, int (*cmp)(const void *arg, double x),
    const void *arg);
bool bounds_hold_count(const struct bounds *b, uint64_t n);
bool bounds_hold_number(const struct bounds *b, struct number v);

/* correlate_key.c: columns packed into one text and back */
void pack_none(struct buf *out);
void pack_text(struct buf *out, struct str s);
/* Takes one column off; false when it has none. packed is our own. */
bool unpack(struct str *packed, struct str *out);
/* An event, or a match, as arrivals; each goes to fn, borrowed. */
typedef void (*arrive_fn)(struct stream *s, const struct arrival *a);
void arrive_event(struct stream *s, const struct input *in,
    const struct sigma_event *e, const struct arrival *a, arrive_fn fn);

/* correlate_window.c */
static inline struct entry *
entry_at(const struct stream *s, uint64_t number)
{
	return &s->ring[number & (s->ring_cap - 1)];
}
/* later - earlier > span, whatever they are; later is not the earlier. */
static inline bool
beyond(int64_t later, int64_t earlier, int64_t span)
{
	return later > earlier &&
	       (uint64_t)later - (uint64_t)earlier > (uint64_t)span;
}
void window_arrive(struct stream *s, const struct arrival *a);
/* What is more than a timespan before w leaves; all: everything. */
void window_expire(struct stream *s, int64_t w, bool all);

/* correlate_run.c */
/* The window that g has in the ring holds. */
void run_extend(struct stream *s, struct group *g, int64_t first_ns);
/* The last entry of g's run leaves: it becomes a match of s->closed. */
void run_close(struct stream *s, struct group *g);
void run_free(struct stream *s, struct run *r);
struct inner *inner_keep(struct inner *m); /* NULL is fine */
void inner_free(struct correlator *c, struct inner *m);
/* An order of matches that says the same whatever came first. */
int inner_cmp(const void *a, const void *b);

/* correlate_chain.c: from one correlation to the next */
/* A match as arrivals at one that refers to it. */
void arrive_match(
    struct stream *s, const struct input *in, struct inner *m, arrive_fn fn);
/* Put aside until its moment is over; at the limit counted as lost. */
void wait_put(struct stream *s, const struct arrival *a);
/* Any, or one of before w, and always the earliest; NULL: there is none. */
struct waiting *wait_take(struct stream *s, int64_t w, bool any);
const struct arrival *wait_arrival(const struct waiting *w);
void wait_free(struct stream *s, struct waiting *w);
int64_t wait_first_ns(const struct stream *s); /* nheap > 0 */
#endif
