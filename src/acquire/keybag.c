#include "keybag.h"

#include <string.h>

#include "kdf.h"

/*
 * A run of tags: 4 letters, BE32 length, value. First of the bag as a whole:
 *
 *	VERS TYPE UUID HMCK WRAP SALT ITER [DPWT DPIC DPSL]
 *
 * then for each class, from the second UUID on:
 *
 *	UUID CLAS WRAP KTYP WPKY [PBKY]
 *
 * DPSL and DPIC came with iOS 10.2. Numbers are big-endian, 4 bytes. Source:
 * Apple Platform Security, "Keybags for Data Protection"; tags as observed on
 * iOS 9 to 17.
 */
struct tag {
	size_t off;
	struct str name;
	struct cur value;
};

enum { SLICE = 100000 }; /* rounds between two reports of progress: 10 ms */

static bool
next_tag(struct cur *c, struct tag *t)
{
	uint32_t n;

	t->off = c->off;
	return cur_str(c, 4, &t->name) && cur_be32(c, &n) &&
	       cur_take(c, n, &t->value);
}

static bool
tag_number(struct cur v, uint64_t *out)
{
	return v.len >= 1 && v.len <= 8 && cur_be(&v, v.len, out);
}

static bool
tag_salt(struct cur v, uint8_t salt[static LIMIT_KEYBAG_SALT], size_t *len)
{
	size_t n = v.len;

	if (n == 0 || n > LIMIT_KEYBAG_SALT || !cur_copy(&v, n, salt))
		return false;
	*len = n;
	return true;
}

/* False when the value is not what this tag must have. */
static bool
header_tag(struct keybag *k, const struct tag *t)
{
	if (str_is(t->name, "SALT"))
		return tag_salt(t->value, k->salt, &k->salt_len);
	if (str_is(t->name, "DPSL"))
		return tag_salt(t->value, k->first_salt, &k->first_salt_len);
	if (str_is(t->name, "ITER"))
		return tag_number(t->value, &k->rounds) && k->rounds > 0;
	if (str_is(t->name, "DPIC"))
		return tag_number(t->value, &k->first_rounds) &&
		       k->first_rounds > 0;
	return true;
}

static bool
class_tag(struct keybag_class *c, const struct tag *t)
{
	struct cur v = t->value;
	uint64_t number;

	if (str_is(t->name, "WPKY")) {
		if (v.len != AES_WRAPPED ||
		    !cur_copy(&v, AES_WRAPPED, c->wrapped))
			return false;
		c->has_wrapped = true;
		return true;
	}
	if (!str_is(t->name, "CLAS") && !str_is(t->name, "WRAP"))
		return true;
	if (!tag_number(v, &number) || number > UINT32_MAX)
		return false;
	if (str_is(t->name, "WRAP")) {
		c->wrap = (uint32_t)number;
		return true;
	}
	/* Class 0 does not exist; a second number: a UUID got lost. */
	if (number == 0 || c->id != 0)
		return false;
	c->id = (uint32_t)number;
	return true;
}

/* The class that the second and every later UUID starts. */
static struct keybag_class *
new_class(struct keybag *k)
{
	if (k->nclasses == LIMIT_KEYBAG_CLASSES)
		return NULL;
	return &k->classes[k->nclasses++];
}

static void
parse_tags(struct cur c, const struct notes *n, struct keybag *k)
{
	struct keybag_class *class = NULL;
	size_t uuids = 0;
	struct tag t;

	while (c.len > 0) {
		if (!next_tag(&c, &t)) {
			k->damaged = true;
			note(n, NOTE_BACKUP_KEYBAG, t.off);
			return;
		}
		if (str_is(t.name, "UUID") && ++uuids > 1) {
			class = new_class(k);
			if (class == NULL) {
				k->damaged = true;
				note(n, NOTE_READ_LIMIT, t.off);
				return;
			}
		}
		if (class != NULL ? class_tag(class, &t) : header_tag(k, &t))
			continue;
		k->damaged = true;
		note_why(n, NOTE_BACKUP_KEYBAG, t.off, "%.4s", t.name.p);
	}
}

bool
keybag_parse(struct cur bag, const struct notes *n, struct keybag *out)
{
	struct keybag k = { .nclasses = 0 };

	parse_tags(bag, n, &k);
	if ((k.first_rounds == 0) != (k.first_salt_len == 0)) {
		/* Half of the first derivation cannot be done without. */
		k.damaged = true;
		return note_why(n, NOTE_BACKUP_KEYBAG, bag.off, "DPIC, DPSL");
	}
	if (k.salt_len == 0 || k.rounds == 0 || k.nclasses == 0)
		return note_why(
		    n, NOTE_BACKUP_KEYBAG, bag.off, "no salt, rounds or class");
	*out = k;
	return true;
}

/* Runs k to its end and frees it; done, total: of both derivations. */
static void
run(struct kdf *k, uint64_t before, uint64_t total,
    const struct keybag_progress *p, uint8_t out[static AES_KEY])
{
	bool end;

	do {
		end = kdf_run(k, SLICE);
		if (p != NULL && p->fn != NULL)
			p->fn(p->arg, before + kdf_done(k), total);
	} while (!end);
	kdf_key(k, out);
	kdf_free(k);
}

enum err
keybag_derive(const struct keybag *k, struct str password,
    const struct keybag_progress *p, uint8_t out[static AES_KEY])
{
	uint64_t total;
	uint8_t first[AES_KEY];

	if (k->rounds > LIMIT_KDF_ROUNDS || k->first_rounds > LIMIT_KDF_ROUNDS)
		return ERR_LIMIT;
	total = k->rounds + k->first_rounds;
	if (k->first_rounds > 0) {
		run(kdf_new(KDF_SHA256, password.p, password.n, k->first_salt,
			k->first_salt_len, k->first_rounds),
		    0, total, p, first);
		password = (struct str){ (const char *)first, sizeof(first) };
	}
	run(kdf_new(KDF_SHA1, password.p, password.n, k->salt, k->salt_len,
		k->rounds),
	    k->first_rounds, total, p, out);
	explicit_bzero(first, sizeof(first));
	return ERR_OK;
}

size_t
keybag_unlock(
    struct keybag *k, const uint8_t key[static AES_KEY], size_t *wanted)
{
	size_t open = 0;

	*wanted = 0;
	for (size_t i = 0; i < k->nclasses; i++) {
		struct keybag_class *c = &k->classes[i];

		if (!(c->wrap & KEYBAG_WRAP_PASSWORD))
			continue;
		++*wanted;
		c->open = c->has_wrapped && aes_unwrap(key, c->wrapped, c->key);
		if (c->open)
			open++;
	}
	return open;
}

static const struct keybag_class *
find_class(const struct keybag *k, uint32_t id)
{
	for (size_t i = 0; i < k->nclasses; i++)
		if (k->classes[i].id == id)
			return &k->classes[i];
	return NULL;
}

enum keybag_result
keybag_unwrap(const struct keybag *k, struct str wrapped, uint32_t *class_out,
    uint8_t out[static AES_KEY])
{
	struct cur c = cur_from(wrapped.p, wrapped.n);
	const struct keybag_class *class;
	uint8_t bytes[AES_WRAPPED];

	if (wrapped.n != 4 + AES_WRAPPED || !cur_le32(&c, class_out) ||
	    !cur_copy(&c, AES_WRAPPED, bytes))
		return KEYBAG_LENGTH;
	class = find_class(k, *class_out);
	if (class == NULL)
		return KEYBAG_NO_CLASS;
	/*
	 * Unwrapping succeeds for these too, but what comes out lies under
	 * the hardware key once more.
	 */
	if (class->wrap & KEYBAG_WRAP_DEVICE)
		return KEYBAG_DEVICE_ONLY;
	if (!class->open)
		return KEYBAG_CLASS_SHUT;
	return aes_unwrap(class->key, bytes, out) ? KEYBAG_OK : KEYBAG_MISFIT;
}

void
keybag_wipe(struct keybag *k)
{
	explicit_bzero(k, sizeof(*k));
}
