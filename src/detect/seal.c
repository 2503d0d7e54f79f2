#include <stdlib.h>
#include <string.h>

#include "indicators_impl.h"
#include "limits.h"

/*
 * Names that Apple ships and that are long enough to be cut: a cut name that
 * fits one of these says nothing. Sorted by bytes.
 */
static const char *const apple_names[] = {
#define APPLE(name) name,
#include "apple_names.def"
#undef APPLE
};

/* Kernel and databases cut names of processes at these lengths. */
static const size_t cuts[] = { 15, 16, 31, 32 };

static int
text_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static uint32_t
campaign_index(const struct indicators *x, const char *name)
{
	const char **at = bsearch(&name, x->campaigns, x->ncampaigns,
	    sizeof(*x->campaigns), text_cmp);

	return at ? (uint32_t)(at - x->campaigns) : 0;
}

/* 1 + index of what the object belongs to; 0: nothing that has a name. */
static uint32_t
object_named(const struct indicators *x, const struct object *o)
{
	return stix_id_name(&x->ids, o->id);
}

/* The names that indicators really belong to, sorted, each once. */
static void
collect_campaigns(struct indicators *x)
{
	bool *used = calloc(x->nnamed + x->nsets + 1, sizeof(*used));
	size_t n = 0;

	x->campaigns = calloc(x->nnamed + x->nsets + 1, sizeof(*x->campaigns));
	if (used == NULL || x->campaigns == NULL)
		abort();
	for (size_t i = 0; i < x->nobjects; i++) {
		uint32_t named = object_named(x, &x->objects[i]);

		used[named ? named - 1
			   : x->nnamed + x->facts[x->objects[i].fact].set] =
		    true;
	}
	for (size_t i = 0; i < x->nnamed + x->nsets; i++)
		if (used[i])
			x->campaigns[n++] = i < x->nnamed
						? x->named[i].name
						: x->sets[i - x->nnamed].name;
	free(used);
	qsort(x->campaigns, n, sizeof(*x->campaigns), text_cmp);
	for (size_t i = 0; i < n; i++)
		if (x->ncampaigns == 0 ||
		    strcmp(x->campaigns[x->ncampaigns - 1], x->campaigns[i]) !=
			0)
			x->campaigns[x->ncampaigns++] = x->campaigns[i];
}

/* The number of an origin like o; the last few are looked at. */
static uint32_t
origin_of(struct indicators *x, const struct origin *o)
{
	size_t cap = 1;

	for (size_t i = 1; i <= 8 && i < x->norigins; i++) {
		const struct origin *p = &x->origins[x->norigins - i];

		if (p->published_ns == o->published_ns &&
		    p->until_ns == o->until_ns && p->set == o->set &&
		    p->campaign == o->campaign && p->next == o->next &&
		    p->flags == o->flags)
			return (uint32_t)(x->norigins - i);
	}
	while (cap < x->norigins)
		cap *= 2;
	if (x->norigins == cap || x->norigins == 0) {
		x->origins = realloc(x->origins, 2 * cap * sizeof(*x->origins));
		if (x->origins == NULL)
			abort();
	}
	if (x->norigins == 0)
		x->origins[x->norigins++] = (struct origin){ 0 };
	x->origins[x->norigins] = *o;
	return (uint32_t)x->norigins++;
}

/* A value twice in one set under one campaign is there once. */
static void
tie_value(struct indicators *x, uint32_t value, struct origin o)
{
	struct value_entry *e = &x->values.v[value];

	for (uint32_t i = e->origin; i != 0; i = x->origins[i].next)
		if (x->origins[i].set == o.set &&
		    x->origins[i].campaign == o.campaign)
			return;
	o.next = e->origin;
	e->origin = origin_of(x, &o);
}

static void
tie_object(struct indicators *x, const struct object *o,
    const uint32_t *of_named, const uint32_t *of_set)
{
	const struct fact *f = &x->facts[o->fact];
	uint32_t named = object_named(x, o), at = o->use & ~OBJECT_MANY;
	struct origin origin = { .published_ns = f->published_ns,
		.until_ns = f->until_ns,
		.set = f->set,
		.campaign = of_set[f->set],
		.flags = f->flags };

	if (named != 0) {
		const struct named *n = &x->named[named - 1];

		origin.campaign = of_named[named - 1];
		origin.flags |= n->flags;
		if (origin.published_ns == TSTAMP_NONE)
			origin.published_ns = n->published_ns;
		if (origin.until_ns == TSTAMP_NONE)
			origin.until_ns = n->until_ns;
	}
	if (!(o->use & OBJECT_MANY)) {
		tie_value(x, at, origin);
		return;
	}
	for (uint32_t i = 0; i < x->uses.v[at]; i++)
		tie_value(x, x->uses.v[at + 1 + i], origin);
}

/* What a set is called: after its one campaign, else after its file. */
static void
name_sets(struct indicators *x)
{
	const char ***lists = calloc(x->nsets + 1, sizeof(*lists));
	size_t *n = calloc(x->nsets + 1, sizeof(*n));

	if (lists == NULL || n == NULL)
		abort();
	/* Campaigns in the outer loop: the lists come out sorted. */
	for (size_t i = 0; i < x->nsets; i++) {
		lists[i] =
		    arena_alloc(&x->text, x->ncampaigns + 1, sizeof(char *));
		if (lists[i] == NULL)
			lists[i] = (const char *[]){ NULL };
	}
	for (size_t i = 1; i < x->norigins; i++) {
		const struct origin *o = &x->origins[i];
		const char *name = x->campaigns[o->campaign];
		size_t k = 0;

		while (k < n[o->set] && lists[o->set][k] != name)
			k++;
		if (k == n[o->set])
			lists[o->set][n[o->set]++] = name;
	}
	for (size_t i = 0; i < x->nsets; i++) {
		qsort(lists[i], n[i], sizeof(char *), text_cmp);
		x->sets[i].campaigns = lists[i];
		if (n[i] == 1)
			x->sets[i].name = lists[i][0];
	}
	free(lists);
	free(n);
}

void
seal_campaigns(struct indicators *x)
{
	uint32_t *of_named = calloc(x->nnamed + 1, sizeof(*of_named));
	uint32_t *of_set = calloc(x->nsets + 1, sizeof(*of_set));

	if (of_named == NULL || of_set == NULL)
		abort();
	collect_campaigns(x);
	for (size_t i = 0; i < x->nnamed; i++)
		of_named[i] = campaign_index(x, x->named[i].name);
	for (size_t i = 0; i < x->nsets; i++)
		of_set[i] = campaign_index(x, x->sets[i].name);
	for (size_t i = 0; i < x->nobjects; i++)
		tie_object(x, &x->objects[i], of_named, of_set);
	name_sets(x);
	free(of_named);
	free(of_set);
}

/* The first name that is not below s in byte order. */
static size_t
lower_bound(struct str s)
{
	size_t lo = 0, hi = sizeof(apple_names) / sizeof(apple_names[0]);

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (str_cmp(str_from(apple_names[mid]), s) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* An Apple name begins with s. */
static bool
is_apple_prefix(struct str s)
{
	size_t i = lower_bound(s);
	size_t n = sizeof(apple_names) / sizeof(apple_names[0]);

	return i < n && str_from(apple_names[i]).n >= s.n &&
	       str_eq(str_sub(str_from(apple_names[i]), 0, s.n), s);
}

static void
index_process(struct indicators *x, uint32_t value)
{
	struct str key = value_key(&x->values, value);

	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct str cut = str_sub(key, 0, cuts[i]);

		if (key.n > cuts[i] && !is_apple_prefix(cut))
			chains_add(&x->cut,
			    value_hash(&x->values, KIND_PROCESS, cut), value);
	}
}

/* The folder in front of the first component that holds a '*'. */
static void
index_glob(struct indicators *x, uint32_t value)
{
	struct str key = value_key(&x->values, value);
	struct str head = str_sub(key, 0, str_find(key, '*'));
	size_t slash = str_rfind(head, '/');

	head = str_sub(head, 0, slash < head.n ? slash : 0);
	chains_add(
	    &x->glob_dir, value_hash(&x->values, KIND_GLOB, head), value);
}

/* "//host/path": under its host. */
static void
index_below(struct indicators *x, uint32_t value)
{
	struct str key = value_key(&x->values, value);

	key = str_sub(key, 2, key.n);
	key = str_sub(key, 0, str_find(key, '/'));
	key = str_sub(key, 0, str_find(key, '?'));
	chains_add(
	    &x->below, value_hash(&x->values, KIND_URL_BELOW, key), value);
}

/*
 * Under three of its literal bytes, those that fewest others share; a LIKE
 * without three in a row is tried on every value of its observable.
 */
static void
index_like(struct indicators *x, uint32_t value)
{
	struct str key = value_key(&x->values, value);
	size_t best = SIZE_MAX;
	uint64_t best_hash = 0;

	for (size_t i = 1; i + 3 <= key.n; i++) {
		const char *gram = key.p + i;
		uint64_t hash;
		size_t n;

		if (memchr(gram, '%', 3) != NULL ||
		    memchr(gram, '_', 3) != NULL)
			continue;
		hash = gram_hash(x, (enum obs)key.p[0], gram);
		n = chains_count(&x->like_gram, hash);
		if (n < best) {
			best = n;
			best_hash = hash;
		}
	}
	if (best == SIZE_MAX)
		vec32_add(&x->likes, value);
	else
		chains_add(&x->like_gram, best_hash, value);
}

/* Each distinct term once, so that a walk over them meets an ALL once. */
static void
index_all(struct indicators *x, uint32_t value)
{
	const struct all_of *all = &x->alls[x->values.v[value].extra];

	for (uint32_t i = 0; i < all->n; i++) {
		uint32_t term = x->terms.v[all->from + i];

		if (i == 0 || term != x->terms.v[all->from + i - 1])
			chains_add(&x->member, member_hash(x, term), value);
	}
}

void
seal_indexes(struct indicators *x)
{
	for (size_t i = 0; i < x->values.n; i++) {
		uint32_t v = (uint32_t)i;

		switch (x->values.v[i].kind) {
		case KIND_PROCESS:
			index_process(x, v);
			break;
		case KIND_GLOB:
			index_glob(x, v);
			break;
		case KIND_URL_BELOW:
			index_below(x, v);
			break;
		case KIND_NET:
			x->net_bits[(uint8_t)value_key(&x->values, v).p[16]] =
			    1;
			break;
		case KIND_LIKE:
			index_like(x, v);
			x->fuzzy |= UINT32_C(1) << x->values.v[i].obs;
			break;
		case KIND_MATCHES:
			x->fuzzy |= UINT32_C(1) << x->values.v[i].obs;
			break;
		case KIND_PATH_TAIL:
			x->tail_folders =
			    x->tail_folders ||
			    (x->values.v[i].flags & VALUE_DIRECTORY);
			break;
		case KIND_ALL:
			index_all(x, v);
			break;
		default:
			break;
		}
	}
}
