#include <stdlib.h>

#include "address.h"
#include "dict.h"
#include "say.h"

/*
 * The cache of Apple's identity services: of whom this phone has asked Apple
 * whether they can be reached by iMessage, FaceTime and so on. It does that
 * for everybody who writes to it, also where the message never shows.
 *
 *	{ "com.apple.madrid": { "mailto:somebody@example.com":
 *	    { "LookupDate": seconds since 2001, "IDStatus": 1 } },
 *	  "CacheVersion": 1 }
 *
 * Observed on iOS 13; reported to be the same in idstatuscache.plist since
 * iOS 14.7. Users of known exploits hold NUL bytes.
 */
enum {
	SERVICE,
	PHONE,
	EMAIL,
	HANDLE,
	USER,
	HAS_NUL,
	NUL_BYTES,
	STATUS,
	OCCURRENCES,
	LOOKUP,
	NFIELDS,
};

static const struct field fields[] = {
	[SERVICE] = FIELD("service", TEXT, NONE, 0,
	    "what it was for, such as com.apple.madrid (iMessage)"),
	[PHONE] = FIELD("phone", TEXT, PHONE, 0, "number that was looked up"),
	[EMAIL] = FIELD("email", TEXT, EMAIL, 0, "address that was looked up"),
	[HANDLE] =
	    FIELD("handle", TEXT, NONE, 0, "the same when it is neither"),
	[USER] = FIELD("user", TEXT, NONE, 0,
	    "the same as it is stored, mailto: or tel: in front; a NUL byte as "
	    "\\x00"),
	[HAS_NUL] = FIELD("has_nul", BOOL, NONE, 0,
	    "whether NUL bytes stand in it: no address has one"),
	[NUL_BYTES] = FIELD("nul_bytes", INT, NONE, 0, "how many there are"),
	[STATUS] = FIELD("status", INT, NONE, 0, "1: can be reached, 2: not"),
	[OCCURRENCES] = FIELD("occurrences", INT, NONE, 0,
	    "for how many services the same user was looked up"),
	[LOOKUP] =
	    FIELD_TIME("lookup", 0, "id_lookup", "when it was looked up"),
};

static const struct dict_key keys[] = {
	KEY("LookupDate", DATE, LOOKUP),
	KEY("IDStatus", INT, STATUS),
};

static int
user_cmp(const void *pa, const void *pb)
{
	const struct str *a = pa, *b = pb;

	return str_cmp(*a, *b);
}

/* All users of all services, sorted. */
struct users {
	struct str *v;
	size_t n;
};

static bool
users_find(struct artifact_ctx *ctx, const struct plist *root, struct users *u)
{
	size_t n = 0;

	for (size_t i = 0; i < root->dict.n; i++)
		if (root->dict.v[i].value->type == PLIST_DICT)
			n += root->dict.v[i].value->dict.n;
	*u = (struct users){ .v = arena_alloc(
				 ctx->arena, n ? n : 1, sizeof(*u->v)) };
	if (u->v == NULL)
		return false;
	for (size_t i = 0; i < root->dict.n; i++) {
		const struct plist *service = root->dict.v[i].value;

		for (size_t k = 0;
		     service->type == PLIST_DICT && k < service->dict.n; k++)
			u->v[u->n++] = service->dict.v[k].key;
	}
	if (u->n > 1)
		qsort(u->v, u->n, sizeof(*u->v), user_cmp);
	return true;
}

/* The first user that does not stand before s, or behind it. */
static size_t
users_bound(const struct users *u, struct str s, bool behind)
{
	size_t from = 0, to = u->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int c = str_cmp(u->v[mid], s);

		if (c < 0 || (behind && c == 0))
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

/* As text for rules: each NUL as "\x00". */
static struct str
without_nul(struct artifact_ctx *ctx, struct str s, int64_t *nuls)
{
	struct str out;
	struct buf b;

	*nuls = 0;
	if (str_find(s, '\0') == s.n)
		return s;
	buf_init(&b, LIMIT_RECORD_BYTES / 2);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\0')
			buf_puts(&b, "\\x00");
		else
			buf_u8(&b, (uint8_t)s.p[i]);
		*nuls += s.p[i] == '\0';
	}
	out = arena_str(ctx->arena, buf_text(&b));
	buf_done(&b);
	return out.p != NULL ? out : str_from("");
}

/* The address: the first piece between NUL bytes that is one. */
static void
put_address(struct record *r, struct str user)
{
	size_t at = 0, to;

	for (; at < user.n; at = to + 1) {
		struct str piece;

		to = at + str_find(str_sub(user, at, user.n), '\0');
		piece = str_sub(user, at, to);
		(void)address_kind(&piece);
		if (piece.n == 0)
			continue;
		address_put(r, PHONE, piece);
		return;
	}
}

static enum err
emit_user(struct artifact_ctx *ctx, const struct users *u, struct str service,
    const struct plist_pair *pair)
{
	struct str user;
	struct record r;
	char *where;
	int64_t nuls;

	record_init(&r, &ctx->artifact->schema, ctx->path);
	if (pair->value->type != PLIST_DICT)
		note_why(ctx->notes, NOTE_READ_SCHEMA, pair->value->off,
		    "a user is no dictionary");
	dict_fields(ctx, pair->value, keys, COUNT(keys), &r);
	if (!artifact_wants_record(ctx, &r))
		return ERR_OK;
	user = without_nul(ctx, pair->key, &nuls);
	record_text(&r, SERVICE, service);
	put_address(&r, pair->key);
	record_text(&r, USER, user);
	record_bool(&r, HAS_NUL, nuls > 0);
	record_int(&r, NUL_BYTES, nuls);
	record_int(&r, OCCURRENCES,
	    (int64_t)(users_bound(u, pair->key, true) -
		      users_bound(u, pair->key, false)));
	service = str_sub(service, 0, LIMIT_PATH / 2);
	where = arena_strdup(ctx->arena, service);
	r.locator = dict_locator(ctx, where != NULL ? where : "", user);
	return artifact_emit(ctx, &r);
}

static enum err
cache_read(struct artifact_ctx *ctx, struct file *f)
{
	struct plist *root, *service;
	enum err e = artifact_plist(ctx, f, &root);
	struct users u;

	if (e != ERR_OK || root == NULL)
		return e;
	if (root->type != PLIST_DICT) {
		note_why(ctx->notes, NOTE_READ_VERSION, 0,
		    "not a dictionary of services");
		return ERR_OK;
	}
	if (!users_find(ctx, root, &u))
		return ERR_LIMIT;
	for (size_t i = 0; e == ERR_OK && i < root->dict.n; i++) {
		service = root->dict.v[i].value;
		if (service->type != PLIST_DICT && service->type != PLIST_INT)
			note_why(ctx->notes, NOTE_READ_SCHEMA, service->off,
			    "a service is no dictionary");
		for (size_t k = 0; e == ERR_OK && service->type == PLIST_DICT &&
				   k < service->dict.n;
		     k++)
			e = emit_user(
			    ctx, &u, root->dict.v[i].key, &service->dict.v[k]);
	}
	return e;
}

static void
cache_describe(const void *record, struct buf *out)
{
	static const size_t who[] = { PHONE, EMAIL, HANDLE };

	say_first(record, who, 3, "somebody unknown", out);
	buf_puts(out, " was looked up");
	say_field(record, SERVICE, " for ", "", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "HomeDomain/Library/Preferences/"
			     "com.apple.identityservices.idstatuscache.plist"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/Preferences/"
			 "com.apple.identityservices.idstatuscache.plist"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/IdentityServices/"
			 "idstatuscache.plist"),
	PLACES_END,
};

const struct artifact artifact_ios_id_status_cache = {
	.summary = "whom the phone looked up at Apple, for messages and calls",
	.schema = {.name = "ios.id_status_cache",
		   .version = 1,
		   .role = ROLE_DELIVERY,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = cache_describe},
	.places = places,
	.read = cache_read,
};
