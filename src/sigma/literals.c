#include "literals.h"

#include <stdlib.h>

#include "literals_impl.h"

/* From texts to tables; the search is in literals_find.c. */

/*
 * What values are full of on any system, for guessing which grams are rare.
 * Folded, with the signs around them that rules write.
 */
static const char common[] =
    "c:\\windows\\system32\\ c:\\windows\\syswow64\\ c:\\program files\\ "
    "c:\\program files (x86)\\ c:\\users\\ \\appdata\\local\\temp\\ "
    "\\appdata\\roaming\\ c:\\programdata\\ microsoft corporation windows "
    "operating system http://www. https:// .exe .dll .com .net .org .sys "
    ".txt .log .tmp .dat nt authority\\system /private/var/mobile/ "
    "/private/var/containers/ /system/library/ /applications/ .app/ /usr/bin/ "
    "/usr/sbin/ /usr/lib/ /home/ /tmp/ /etc/ .plist com.apple. .framework/ "
    "library/ application/ microsoft-windows- sha256= sha1= md5= imphash= "
    "true false and the for not -- == \\\\ // .. 00 0000 00000000 null none "
    "administrator user users default local service network client server "
    "manager ation ing ment able tion \\device\\ hklm\\ hkcu\\ hku\\ "
    "\\software\\microsoft\\windows\\currentversion\\ system\\currentcontrolset"
    "\\services\\ \\control\\ \\registry\\machine\\ dword (0x00000000) "
    "powershell cmd.exe /c explorer.exe svchost.exe rundll32.exe 10.0. "
    "192.168.";

#define COMMON_WEIGHT 200

double
literal_odds(struct str text, enum literal_where where)
{
	double odds = where == IN_INSIDE ? 1.0 : 0.5;

	if (text.n == 0)
		return where == IN_WHOLE ? 0.02 : 1.0;
	for (size_t i = 0; i < text.n && i < 16; i++)
		odds *= (uint8_t)text.p[i] < 0x80 ? 0.55 : 0.2;
	if (text.n >= 3 && where != IN_WHOLE &&
	    memmem(common, sizeof(common) - 1, text.p, text.n) != NULL)
		odds += 0.2;
	return odds + 0.0005;
}

/* A key and the literal that it leads to. */
struct keyed {
	uint64_t key;
	uint32_t literal;
};

struct maker {
	struct arena *a, *scratch;
	struct literals *l;
	struct literal *v;		 /* l->v */
	const enum literal_where *where; /* by literal */
	uint32_t *order;
	size_t norder;
	struct keyed *keyed; /* room for those of one table */
	size_t nkeyed;
	uint32_t *counts; /* of grams, by hash */
	unsigned count_shift;
};

static int
input_cmp(const void *a, const void *b)
{
	const struct literal_in *x = a, *y = b;
	int r;

	if (x->where != y->where)
		return x->where < y->where ? -1 : 1;
	if ((r = str_cmp(x->text, y->text)) != 0)
		return r;
	return x->target < y->target ? -1 : x->target > y->target;
}

static int
keyed_cmp(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->literal < y->literal ? -1 : x->literal > y->literal;
}

static struct str
text_of(const struct literals *l, size_t i)
{
	return (struct str){ .p = l->pool + l->v[i].at, .n = l->v[i].n };
}

/* One literal for equal texts, with all their targets. Sorts in. */
static bool
unite(struct maker *m, struct literal_in *in, size_t n)
{
	size_t bytes = 0, at = LITERAL_PAD, nv = 0, nt = 0;
	enum literal_where *where;
	struct literal *v;
	uint32_t *targets;
	char *pool;

	qsort(in, n, sizeof(in[0]), input_cmp);
	for (size_t i = 0; i < n; i++)
		bytes += in[i].text.n + LITERAL_PAD;
	if (bytes > UINT32_MAX / 2 || n > UINT32_MAX / 2 ||
	    (pool = arena_alloc(m->a, bytes + 2 * LITERAL_PAD, 1)) == NULL ||
	    (v = arena_alloc(m->a, n, sizeof(*v))) == NULL ||
	    (targets = arena_alloc(m->a, n, sizeof(*targets))) == NULL ||
	    (where = arena_alloc(m->scratch, n, sizeof(*where))) == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		bool same = i > 0 && in[i].where == in[i - 1].where &&
			    str_eq(in[i].text, in[i - 1].text);

		if (!same) {
			v[nv] = (struct literal){ .at = (uint32_t)at,
				.n = (uint32_t)in[i].text.n,
				.targets = (uint32_t)nt };
			where[nv++] = in[i].where;
			if (in[i].text.n > 0)
				memcpy(pool + at, in[i].text.p, in[i].text.n);
			at += in[i].text.n + LITERAL_PAD;
		}
		if (!same || in[i].target != in[i - 1].target) {
			targets[nt++] = in[i].target;
			v[nv - 1].ntargets++;
		}
	}
	m->l->pool = pool;
	m->l->v = m->v = v;
	m->l->n = nv;
	m->l->targets = targets;
	m->where = where;
	return true;
}

/* The table of m->keyed, whose literals go into the order. */
static bool
make_table(struct maker *m, struct literal_table *t)
{
	struct literal_slot *slots;
	size_t nslots = 4;

	qsort(m->keyed, m->nkeyed, sizeof(m->keyed[0]), keyed_cmp);
	while (nslots < 2 * m->nkeyed)
		nslots *= 2;
	slots = arena_alloc(m->a, nslots, sizeof(*slots));
	if (slots == NULL)
		return false;
	t->mask = (uint32_t)(nslots - 1);
	for (size_t i = 0; i < m->nkeyed; i++) {
		uint64_t key = m->keyed[i].key;
		uint32_t at = key_hash(key) & t->mask;

		while (slots[at].n > 0 && slots[at].key != key)
			at = (at + 1) & t->mask;
		if (slots[at].n == 0) {
			slots[at].key = key;
			slots[at].first = (uint32_t)m->norder;
		}
		slots[at].n++;
		m->order[m->norder++] = m->keyed[i].literal;
	}
	t->slots = slots;
	return true;
}

static void
add_key(struct maker *m, uint64_t key, size_t literal)
{
	m->keyed[m->nkeyed++] =
	    (struct keyed){ .key = key, .literal = (uint32_t)literal };
}

static bool
make_anchored(struct maker *m, enum literal_where where, struct anchored *out)
{
	m->nkeyed = 0;
	for (size_t i = 0; i < m->l->n; i++) {
		struct str s = text_of(m->l, i);
		size_t class = length_class(s.n);

		if (m->where[i] != where)
			continue;
		out->lengths |= 1U << class;
		if (s.n > out->longest)
			out->longest = s.n;
		add_key(m,
		    where == IN_WHOLE  ? whole_key(s)
		    : where == IN_HEAD ? head_key(s, class)
				       : tail_key(s, class),
		    i);
	}
	return m->nkeyed == 0 || make_table(m, &out->table);
}

/* --- grams --- */

static uint32_t *
count_of(const struct maker *m, uint32_t gram)
{
	return &m->counts[gram_hash(gram) >> m->count_shift];
}

static bool
is_quad(const struct maker *m, size_t i)
{
	return m->where[i] == IN_INSIDE && m->l->v[i].n >= 4;
}

static bool
is_pair(const struct maker *m, size_t i)
{
	return m->where[i] == IN_INSIDE && m->l->v[i].n < 4;
}

/*
 * How often each gram of four bytes stands in what rules look for and in what
 * is common: the best guess, before any event, of how often values have it.
 */
static bool
count_grams(struct maker *m)
{
	size_t bytes = 0;
	unsigned bits = 12;

	for (size_t i = 0; i < m->l->n; i++)
		bytes += m->l->v[i].n;
	while (bits < 18 && ((size_t)1 << bits) < 4 * bytes)
		bits++;
	m->count_shift = 32 - bits;
	m->counts =
	    arena_alloc(m->scratch, (size_t)1 << bits, sizeof(m->counts[0]));
	if (m->counts == NULL)
		return false;
	for (size_t i = 0; i + 4 < sizeof(common); i++)
		*count_of(m, load_4(common + i)) += COMMON_WEIGHT;
	for (size_t i = 0; i < m->l->n; i++) {
		struct str s = text_of(m->l, i);

		for (size_t k = 0; k + 4 <= s.n; k++)
			++*count_of(m, load_4(s.p + k));
	}
	return true;
}

static bool
make_bits(struct maker *m, struct grams *g)
{
	unsigned bits = 9;
	uint64_t *words;

	while (bits < 18 && ((size_t)1 << bits) < 24 * m->nkeyed)
		bits++;
	words = arena_alloc(m->a, (size_t)1 << (bits - 6), sizeof(*words));
	if (words == NULL)
		return false;
	g->shift = 32 - bits;
	for (size_t i = 0; i < m->nkeyed; i++) {
		uint32_t at = gram_hash((uint32_t)m->keyed[i].key) >> g->shift;

		words[at >> 6] |= UINT64_C(1) << (at & 63);
	}
	g->bits = words;
	return make_table(m, &g->table);
}

/* Each literal of four bytes and more by its rarest gram. */
static bool
make_quads(struct maker *m)
{
	m->nkeyed = 0;
	for (size_t i = 0; i < m->l->n; i++) {
		struct str s = text_of(m->l, i);
		uint32_t best = 0;

		if (!is_quad(m, i))
			continue;
		for (uint32_t k = 1; k + 4 <= s.n; k++)
			if (*count_of(m, load_4(s.p + k)) <
			    *count_of(m, load_4(s.p + best)))
				best = k;
		m->v[i].gram = best;
		add_key(m, load_4(s.p + best), i);
	}
	m->l->quads.take = UINT32_MAX;
	return m->nkeyed == 0 || make_bits(m, &m->l->quads);
}

/* Shorter ones by their first two bytes, or by all pairs of one. */
static bool
make_pairs(struct maker *m)
{
	m->nkeyed = 0;
	for (size_t i = 0; i < m->l->n; i++) {
		struct str s = text_of(m->l, i);

		if (!is_pair(m, i))
			continue;
		if (s.n >= 2)
			add_key(m, load_4(s.p) & 0xffff, i);
		for (uint64_t c = 0; s.n == 1 && c < 256; c++)
			add_key(m, (load_4(s.p) & 0xff) | c << 8, i);
	}
	m->l->pairs.take = 0xffff;
	return m->nkeyed == 0 || make_bits(m, &m->l->pairs);
}

bool
literals_make(struct literals *l, struct literal_in *v, size_t n,
    struct arena *a, struct arena *scratch)
{
	struct maker m = { .a = a, .scratch = scratch, .l = l };
	size_t keys = 0, most = 0, of[4] = { 0 };

	*l = (struct literals){ 0 };
	if (!unite(&m, v, n))
		return false;
	for (size_t i = 0; i < l->n; i++) {
		size_t k = is_pair(&m, i) && l->v[i].n == 1 ? 256 : 1;

		keys += k;
		of[m.where[i]] += k;
	}
	for (int i = 0; i < 4; i++)
		most = of[i] > most ? of[i] : most;
	m.order = arena_alloc(a, keys, sizeof(m.order[0]));
	m.keyed = arena_alloc(scratch, most, sizeof(m.keyed[0]));
	l->order = m.order;
	return m.order != NULL && m.keyed != NULL && count_grams(&m) &&
	       make_anchored(&m, IN_WHOLE, &l->whole) &&
	       make_anchored(&m, IN_HEAD, &l->head) &&
	       make_anchored(&m, IN_TAIL, &l->tail) && make_quads(&m) &&
	       make_pairs(&m);
}
