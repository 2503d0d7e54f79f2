#include <stdlib.h>

#include "indicators_impl.h"
#include "limits.h"

/*
 * Steps and memory of one regular expression on one value: published ones
 * need some hundred steps, one that tries everything must not stop a check.
 */
#define REGEX_STEPS   100000
#define REGEX_HEAP_KB 4096

struct indicators *
indicators_new(void)
{
	struct indicators *x = calloc(1, sizeof(*x));

	if (x == NULL)
		abort();
	value_table_init(&x->values);
	arena_init(&x->text, LIMIT_INDICATOR_TEXT);
	arena_init(&x->scratch, LIMIT_ARENA);
	buf_init(&x->key, LIMIT_JSON_STRING);
	x->work = malloc(sizeof(*x->work));
	if (x->work == NULL)
		abort();
	buf_init(x->work, LIMIT_RECORD_BYTES);
	x->match_data = pcre2_match_data_create(1, NULL);
	x->match_limits = pcre2_match_context_create(NULL);
	if (x->match_data == NULL || x->match_limits == NULL)
		abort();
	pcre2_set_match_limit(x->match_limits, REGEX_STEPS);
	pcre2_set_heap_limit(x->match_limits, REGEX_HEAP_KB);
	return x;
}

static void
free_temporary(struct indicators *x)
{
	stix_ids_done(&x->ids);
	free(x->named);
	free(x->objects);
	free(x->facts);
	free(x->uses.v);
	buf_done(&x->key);
	arena_done(&x->scratch);
	x->named = NULL;
	x->objects = NULL;
	x->facts = NULL;
	x->uses = (struct vec32){ 0 };
}

void
indicators_free(struct indicators *x)
{
	if (x == NULL)
		return;
	free_temporary(x);
	for (size_t i = 0; i < x->nregexes; i++)
		pcre2_code_free(x->regexes[i].code);
	for (size_t i = 0; i < x->nsets; i++)
		free(x->more[i].reach);
	buf_done(x->work);
	free(x->work);
	pcre2_match_data_free(x->match_data);
	pcre2_match_context_free(x->match_limits);
	chains_done(&x->like_gram);
	chains_done(&x->glob_dir);
	chains_done(&x->below);
	chains_done(&x->cut);
	chains_done(&x->member);
	value_table_done(&x->values);
	arena_done(&x->text);
	free(x->sets);
	free(x->more);
	free(x->rejected);
	free(x->skipped);
	free(x->campaigns);
	free(x->origins);
	free(x->regexes);
	free(x->alls);
	free(x->terms.v);
	free(x->likes.v);
	free(x);
}

void
indicators_seal(struct indicators *x)
{
	if (x->sealed)
		return;
	seal_campaigns(x);
	free_temporary(x);
	seal_indexes(x);
	value_table_trim(&x->values);
	x->sealed = true;
}

/* What is shown of a long pattern: whole characters, and that it goes on. */
static const char *
shown_pattern(struct indicators *x, struct str s)
{
	const size_t most = 200;
	const char *p;

	if (s.n <= most) {
		p = arena_strdup(&x->text, s);
	} else {
		s.n = most;
		while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
			s.n--;
		p = arena_printf(&x->text, "%.*s...", (int)s.n, s.p);
	}
	return p ? p : "(not kept: too many were rejected)";
}

void
indicators_reject(
    struct indicators *x, const char *set, struct str pattern, const char *why)
{
	struct indicator_rejected *r;
	const char *kept;

	/* The same reason again and again is kept once. */
	kept = x->nrejected > 0 ? x->rejected[x->nrejected - 1].why : NULL;
	if (kept == NULL || !str_is(str_from(kept), why))
		kept = arena_strdup(&x->text, str_from(why));
	if ((x->nrejected & (x->nrejected + 1)) == 0) {
		x->rejected = realloc(
		    x->rejected, 2 * (x->nrejected + 1) * sizeof(*x->rejected));
		if (x->rejected == NULL)
			abort();
	}
	r = &x->rejected[x->nrejected++];
	r->set = set;
	r->pattern = shown_pattern(x, pattern);
	r->why = kept ? kept : "too many were rejected to keep the reason";
}

size_t
indicators_sets(const struct indicators *x, const struct indicator_set **out)
{
	*out = x->sets;
	return x->nsets;
}

size_t
indicators_rejected(
    const struct indicators *x, const struct indicator_rejected **out)
{
	*out = x->rejected;
	return x->nrejected;
}

size_t
indicators_skipped(const struct indicators *x, const char *const **out)
{
	*out = (const char *const *)x->skipped;
	return x->nskipped;
}

size_t
indicators_count(const struct indicators *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->values.n; i++)
		n += x->values.v[i].origin != 0;
	return n;
}

size_t
indicators_campaigns(const struct indicators *x)
{
	return x->ncampaigns;
}

static bool
fits(uint32_t need, uint32_t mask, bool runs)
{
	return (need & mask) != 0 && (!(need & REACH_RUN) || runs);
}

size_t
indicators_applicable(const struct indicators *x, size_t set, uint32_t obs_mask,
    bool has_execution)
{
	uint32_t mask = obs_mask & ~REACH_RUN;
	size_t n = 0;

	if (set >= x->nsets)
		return 0;
	for (size_t i = 0; i < x->more[set].nreach; i++) {
		const struct reach *r = &x->more[set].reach[i];

		if ((r->any & mask) != 0 ||
		    ((r->any_run & mask) != 0 && has_execution) ||
		    (r->all[0] != 0 && fits(r->all[0], mask, has_execution) &&
			fits(r->all[1], mask, has_execution)))
			n += r->count;
	}
	return n;
}
