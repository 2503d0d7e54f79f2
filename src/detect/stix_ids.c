#include "stix_ids.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "hash.h"
#include "limits.h"

enum stix_type
stix_type_of(struct str name)
{
	static const struct {
		const char *name;
		enum stix_type type;
	} types[] = {
		{"indicator",      STIX_INDICATOR    },
		{ "relationship",  STIX_RELATIONSHIP },
		{ "malware",	     STIX_MALWARE	  },
		{ "report",	    STIX_REPORT	},
		{ "campaign",      STIX_CAMPAIGN	    },
		{ "tool",	  STIX_TOOL	    },
		{ "intrusion-set", STIX_INTRUSION_SET},
		{ "threat-actor",  STIX_THREAT_ACTOR },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_is(name, types[i].name))
			return types[i].type;
	return STIX_OTHER;
}

/* 1 + the value of a hex digit, 0: it is none. */
static const uint8_t nibble[256] = {
	['0'] = 1,
	['1'] = 2,
	['2'] = 3,
	['3'] = 4,
	['4'] = 5,
	['5'] = 6,
	['6'] = 7,
	['7'] = 8,
	['8'] = 9,
	['9'] = 10,
	['a'] = 11,
	['b'] = 12,
	['c'] = 13,
	['d'] = 14,
	['e'] = 15,
	['f'] = 16,
	['A'] = 11,
	['B'] = 12,
	['C'] = 13,
	['D'] = 14,
	['E'] = 15,
	['F'] = 16,
};

/* 8-4-4-4-12 hex digits; a million of them are read, hence by itself. */
static bool
uuid(struct str s, uint8_t out[static 16])
{
	unsigned bad = 0;
	size_t at = 0;

	if (s.n != 36 || s.p[8] != '-' || s.p[13] != '-' || s.p[18] != '-' ||
	    s.p[23] != '-')
		return false;
	for (size_t i = 0; i < 16; i++) {
		unsigned hi, lo;

		if (i == 4 || i == 6 || i == 8 || i == 10)
			at++;
		hi = nibble[(unsigned char)s.p[at]] - 1U;
		lo = nibble[(unsigned char)s.p[at + 1]] - 1U;
		bad |= hi | lo;
		out[i] = (uint8_t)((hi << 4 | lo) & 0xff);
		at += 2;
	}
	return bad < 16;
}

static void
parse(struct str text, struct stix_id *out)
{
	size_t at = text.n > 38 ? text.n - 38 : 0; /* where it should be */
	uint8_t digest[SHA256_SIZE];

	*out = (struct stix_id){ .type = STIX_OTHER, .rank = STIX_NAMED };
	if (at + 1 < text.n && (text.p[at] != '-' || text.p[at + 1] != '-'))
		at = 0;
	while (at + 1 < text.n && (text.p[at] != '-' || text.p[at + 1] != '-'))
		at++;
	if (at + 1 < text.n)
		out->type = (uint8_t)stix_type_of(str_sub(text, 0, at));
	if (uuid(str_sub(text, at + 2, text.n), out->id))
		return;
	sha256_once(text.p, text.n, digest);
	memcpy(out->id, digest, sizeof(out->id));
}

static uint64_t
hash(const struct stix_ids *t, const struct stix_id *id)
{
	uint64_t a, b;

	memcpy(&a, id->id, sizeof(a));
	memcpy(&b, id->id + 8, sizeof(b));
	a = (a ^ t->seed) * UINT64_C(0xd6e8feb86659fd93);
	a ^= a >> 32;
	a = (a + b + id->type) * UINT64_C(0xff51afd7ed558ccd);
	return a ^ a >> 29;
}

static uint64_t
slot_of(uint64_t h, size_t i)
{
	return (h & ~(uint64_t)UINT32_MAX) | (i + 1);
}

static void
grow(struct stix_ids *t)
{
	size_t slots = t->slot ? 2 * (t->mask + 1) : 1024;

	if (t->slot == NULL &&
	    getrandom(&t->seed, sizeof(t->seed), 0) != sizeof(t->seed))
		abort();
	free(t->slot);
	t->slot = calloc(slots, sizeof(*t->slot));
	if (t->slot == NULL)
		abort();
	t->mask = slots - 1;
	for (size_t i = 0; i < t->n; i++) {
		uint64_t h = hash(t, &t->v[i]);
		size_t at = h & t->mask;

		while (t->slot[at] != 0)
			at = (at + 1) & t->mask;
		t->slot[at] = slot_of(h, i);
	}
}

/*
 * A relationship names the indicator in front of it and the malware that all
 * the others name: both were just read.
 */
struct stix_key
stix_key(struct stix_ids *t, struct str text)
{
	struct stix_key key = { .set = true };
	size_t which;

	for (size_t i = 0; i < 2; i++)
		if (t->last[i].n == text.n && text.n > 0 &&
		    memcmp(t->last[i].text, text.p, text.n) == 0)
			return t->last[i].key;
	if (t->slot == NULL)
		grow(t);
	parse(text, &key.id);
	key.hash = hash(t, &key.id);
	__builtin_prefetch(&t->slot[key.hash & t->mask], 1);
	which = key.id.type != STIX_INDICATOR;
	if (text.n > 0 && text.n <= sizeof(t->last[which].text)) {
		memcpy(t->last[which].text, text.p, text.n);
		t->last[which].n = text.n;
		t->last[which].key = key;
	}
	return key;
}

uint32_t
stix_id(struct stix_ids *t, const struct stix_key *key)
{
	uint64_t h = key->hash;
	size_t at;

	if (!key->set)
		return UINT32_MAX;
	if (t->n + 1 > (t->mask + 1) / 3 * 2)
		grow(t);
	for (at = h & t->mask; t->slot[at] != 0; at = (at + 1) & t->mask) {
		const struct stix_id *other;

		if ((t->slot[at] ^ h) >> 32 != 0)
			continue;
		other = &t->v[(uint32_t)t->slot[at] - 1];
		if (other->type == key->id.type &&
		    memcmp(other->id, key->id.id, sizeof(other->id)) == 0)
			return (uint32_t)t->slot[at] - 1;
	}
	if (t->n >= LIMIT_INDICATOR_IDS)
		return UINT32_MAX;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap + t->cap / 2 : 256;
		t->v = realloc(t->v, t->cap * sizeof(*t->v));
		if (t->v == NULL)
			abort();
	}
	t->v[t->n] = key->id;
	t->slot[at] = slot_of(h, t->n);
	return (uint32_t)t->n++;
}

void
stix_id_tie(struct stix_ids *t, uint32_t source, uint32_t target)
{
	struct stix_id *s;
	uint8_t rank;

	if (source >= t->n || target >= t->n)
		return;
	s = &t->v[source];
	rank = t->v[target].type;
	if (s->type != STIX_INDICATOR || rank >= s->rank)
		return;
	s->rank = rank;
	s->link = target + 1;
}

uint32_t
stix_id_name(const struct stix_ids *t, uint32_t id)
{
	uint32_t link = id < t->n ? t->v[id].link : 0;

	return link != 0 ? t->v[link - 1].link : 0;
}

void
stix_ids_done(struct stix_ids *t)
{
	free(t->v);
	free(t->slot);
	*t = (struct stix_ids){ 0 };
}
