#include "ios_unlock.h"

#include <string.h>

static enum err
no_password(struct why *why)
{
	return why_set(why, ERR_AUTH,
	    "this backup is encrypted: give its password with --password-file "
	    "FILE or --password-fd N, or the key derived from it with "
	    "--key-file FILE. It is the password that was chosen on the "
	    "computer for encrypted backups of this phone, not the phone's "
	    "code");
}

static enum err
does_not_fit(const struct acquire_options *o, bool damaged, struct why *why)
{
	const char *bag = damaged ? " (or it does and the keybag is damaged "
				    "beyond use: parts of it "
				    "cannot be read)"
				  : "";

	if (o->key != NULL)
		return why_set(why, ERR_AUTH,
		    "the key in --key-file opens no part of this backup's "
		    "keybag%s: it is the key of another backup or password",
		    bag);
	return why_set(why, ERR_AUTH,
	    "the password does not fit this backup%s. It may have been set "
	    "long ago, on an older phone that this one was restored from, or "
	    "by the organisation that manages the phone, and a new backup "
	    "keeps it. Trying another one does no harm; nobody can recover "
	    "it. Last resort, and only after everything else was collected, "
	    "because it changes the phone: Settings, General, Transfer or "
	    "Reset, Reset All Settings removes the password, and a new "
	    "backup can get a new one",
	    bag);
}

struct forward {
	const struct acquire_options *o;
};

static void
forward_progress(void *arg, uint64_t done, uint64_t total)
{
	const struct acquire_options *o = ((struct forward *)arg)->o;

	if (o->progress != NULL)
		o->progress(o->progress_arg, "deriving the key", done, total);
}

static enum err
get_key(const struct keybag *k, const struct acquire_options *o,
    struct why *why, uint8_t out[static AES_KEY])
{
	struct forward f = { .o = o };
	struct keybag_progress p = { .fn = forward_progress, .arg = &f };
	struct str password = { o->password, o->password_len };

	if (o->key != NULL) {
		memcpy(out, o->key, AES_KEY);
		return ERR_OK;
	}
	if (keybag_derive(k, password, &p, out) == ERR_OK)
		return ERR_OK;
	return why_set(why, ERR_LIMIT,
	    "this backup's keybag asks for %llu and %llu rounds of key "
	    "derivation, more than the limit of %llu; phones ask for "
	    "10,000,000. The keybag is damaged or was made to waste time",
	    (unsigned long long)k->first_rounds, (unsigned long long)k->rounds,
	    (unsigned long long)LIMIT_KDF_ROUNDS);
}

/* Says which classes stay shut although the key is the right one. */
static void
note_shut(const struct keybag *k, const struct notes *n)
{
	for (size_t i = 0; i < k->nclasses; i++) {
		const struct keybag_class *c = &k->classes[i];

		if ((c->wrap & KEYBAG_WRAP_PASSWORD) && !c->open)
			note_why(n, NOTE_BACKUP_KEYBAG, 0,
			    "the password fits, but the key of class %u does "
			    "not open",
			    c->id);
	}
}

enum err
ios_unlock(const struct ios_plists *p, const struct acquire_options *o,
    const struct notes *n, struct why *why, struct keybag *out)
{
	uint8_t key[AES_KEY];
	size_t wanted, open;
	enum err err;

	if (p->keybag.n == 0)
		return why_set(why, ERR_FORMAT,
		    "this backup is encrypted, but its Manifest.plist holds "
		    "no keybag (BackupKeyBag): without it no password opens "
		    "it. Copy the backup again, or make a new one");
	if (!keybag_parse(cur_from(p->keybag.p, p->keybag.n), n, out))
		return why_set(why, ERR_FORMAT,
		    "the keybag in this backup's Manifest.plist is damaged "
		    "beyond use: no password opens it. Copy the backup again, "
		    "or make a new one");
	if (o->password == NULL && o->key == NULL)
		return no_password(why);
	if ((err = get_key(out, o, why, key)) != ERR_OK)
		return err;
	open = keybag_unlock(out, key, &wanted);
	explicit_bzero(key, sizeof(key));
	if (wanted == 0)
		return why_set(why, ERR_FORMAT,
		    "no class in this backup's keybag is protected by a "
		    "password: the keybag is damaged or of a phone, not of a "
		    "backup");
	if (open == 0)
		return does_not_fit(o, out->damaged, why);
	note_shut(out, n);
	return ERR_OK;
}

/* Why the manifest's key cannot be had, in the words of each case. */
static enum err
manifest_key_lost(enum keybag_result r, uint32_t class, struct why *why)
{
	const char *what = "does not lie under the key of its class";

	if (r == KEYBAG_LENGTH)
		what = "is not of the right length";
	else if (r == KEYBAG_NO_CLASS)
		what = "needs a class that the keybag does not have";
	else if (r == KEYBAG_DEVICE_ONLY)
		what = "needs a class key that never leaves the phone";
	else if (r == KEYBAG_CLASS_SHUT)
		what = "needs a class whose key in the keybag is damaged";
	return why_set(why, ERR_FORMAT,
	    "the password fits, but Manifest.db cannot be decrypted: "
	    "ManifestKey (class %u) %s. Manifest.plist is damaged or of "
	    "another backup: copy the backup again",
	    class, what);
}

enum err
ios_unlock_manifest(const struct ios_plists *p, const struct keybag *k,
    struct why *why, uint8_t out[static AES_KEY])
{
	uint32_t class = 0;
	enum keybag_result r;

	if (p->manifest_key.n == 0)
		return why_set(why, ERR_FORMAT,
		    "Manifest.db is encrypted, but Manifest.plist holds no key "
		    "for it (ManifestKey): the two are not of one backup. "
		    "Copy the backup again");
	r = keybag_unwrap(k, p->manifest_key, &class, out);
	return r == KEYBAG_OK ? ERR_OK : manifest_key_lost(r, class, why);
}
