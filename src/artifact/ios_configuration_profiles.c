#include "dict.h"
#include "hash.h"
#include "links.h"
#include "say.h"

/*
 * Installed configuration profiles: a property list each, profile-HASH.stub,
 * the profile without its secrets. Payloads stand in PayloadContent; there may
 * be none, and in stubs a payload may be of any type.
 */
enum {
	PROFILE,
	IDENTIFIER,
	PAYLOAD_IDS,
	PAYLOAD_TYPES,
	NAME,
	ORGANIZATION,
	DESCRIPTION,
	URLS,
	HOSTS,
	SIGNERS,
	REMOVAL,
	INSTALLED,
	NFIELDS,
};

static const struct field fields[] = {
	[PROFILE] =
	    FIELD("profile_id", TEXT, PROFILE_ID, 0, "the profile's UUID"),
	[IDENTIFIER] = FIELD("identifier", TEXT, PROFILE_ID, 0,
	    "the profile's own name, such as com.example.mdm"),
	[PAYLOAD_IDS] = FIELD("payload_ids", LIST, PROFILE_ID, 0,
	    "UUIDs and identifiers of its payloads"),
	[PAYLOAD_TYPES] = FIELD(
	    "payload_types", LIST, NONE, 0, "what its payloads configure"),
	[NAME] = FIELD("name", TEXT, NONE, 0, "name shown to the owner"),
	[ORGANIZATION] = FIELD(
	    "organization", TEXT, NONE, 0, "who it says that it comes from"),
	[DESCRIPTION] =
	    FIELD("description", TEXT, NONE, 0, "what it says that it is for"),
	[URLS] = FIELD("urls", LIST, URL, 0,
	    "addresses in it, such as that of a management server"),
	[HOSTS] = FIELD(
	    "hosts", LIST, DOMAIN, 0, "servers in it: VPN, proxy, mail, DNS"),
	[SIGNERS] = FIELD("signer_sha256", LIST, CERT_SHA256, 0,
	    "SHA-256 of the certificates that signed it"),
	[REMOVAL] = FIELD("removal_disallowed", BOOL, NONE, 0,
	    "whether the owner may not remove it"),
	[INSTALLED] = FIELD_TIME(
	    "install_date", 0, "profile_installed", "when it was installed"),
};

static const struct dict_key keys[] = {
	KEY("PayloadUUID", TEXT, PROFILE),
	KEY("PayloadIdentifier", TEXT, IDENTIFIER),
	KEY("PayloadDisplayName", TEXT, NAME),
	KEY("PayloadOrganization", TEXT, ORGANIZATION),
	KEY("PayloadDescription", TEXT, DESCRIPTION),
	KEY("PayloadRemovalDisallowed", BOOL, REMOVAL),
	KEY("InstallDate", DATE, INSTALLED),
};

/* Keys whose text is the name or address of a server. */
static const char *const host_keys[] = { "RemoteAddress", "HostName",
	"ServerName", "ProxyServer", "HTTPProxy", "HTTPSProxy",
	"IncomingMailServerHostName", "OutgoingMailServerHostName", "Host",
	"CommRemoteAddress", "AuthServer" };

/* Profiles hold a handful; what a hostile one has beyond is noted. */
#define ITEMS_MAX 256
#define DEPTH_MAX 32

struct items {
	struct str v[ITEMS_MAX];
	size_t n;
	bool full;
};

struct profile {
	struct artifact_ctx *ctx;
	struct items ids, types, hosts, signers;
	struct links urls;
};

static void
items_add(struct items *l, struct str s)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->v[i], s))
			return;
	if (s.n == 0)
		return;
	if (l->n == ITEMS_MAX)
		l->full = true;
	else
		l->v[l->n++] = s;
}

static void
items_put(const struct profile *p, const struct items *l, struct record *r,
    size_t field)
{
	if (l->full)
		note_why(p->ctx->notes, NOTE_READ_LIMIT, 0, "more than %d %s",
		    ITEMS_MAX, fields[field].name);
	record_list(r, field, l->v, l->n);
}

/* Servers are named at any depth: payloads nest as their makers please. */
static void
find_hosts(struct profile *p, const struct plist *v, unsigned depth)
{
	struct str s;

	if (v == NULL || depth == 0)
		return;
	if (v->type == PLIST_ARRAY)
		for (size_t i = 0; i < v->array.n; i++)
			find_hosts(p, v->array.v[i], depth - 1);
	if (v->type != PLIST_DICT)
		return;
	for (size_t i = 0; i < v->dict.n; i++) {
		find_hosts(p, v->dict.v[i].value, depth - 1);
		if (!plist_string(v->dict.v[i].value, &s))
			continue;
		for (size_t k = 0; k < COUNT(host_keys); k++)
			if (str_is(v->dict.v[i].key, host_keys[k]))
				items_add(&p->hosts, s);
	}
}

static void
find_payloads(struct profile *p, const struct plist *content)
{
	const struct plist *payload;
	struct str s;

	if (content == NULL)
		return;
	if (content->type != PLIST_ARRAY && content->type != PLIST_DICT)
		note_why(p->ctx->notes, NOTE_READ_SCHEMA, content->off,
		    "PayloadContent is neither array nor dictionary");
	for (size_t i = 0; content->type == PLIST_DICT
			       ? i < 1
			       : (payload = plist_at(content, i)) != NULL;
	     i++) {
		if (content->type == PLIST_DICT)
			payload = content;
		if (plist_string(plist_get(payload, "PayloadType"), &s))
			items_add(&p->types, s);
		if (plist_string(plist_get(payload, "PayloadUUID"), &s))
			items_add(&p->ids, s);
		if (plist_string(plist_get(payload, "PayloadIdentifier"), &s))
			items_add(&p->ids, s);
	}
}

static void
find_signers(struct profile *p, const struct plist *certs)
{
	uint8_t sum[SHA256_SIZE];
	struct plist *cert;
	struct str der;
	char *hex;

	for (size_t i = 0; (cert = plist_at(certs, i)) != NULL; i++) {
		if (!plist_data(cert, &der))
			continue;
		hex = arena_alloc(p->ctx->arena, 2 * SHA256_SIZE + 1, 1);
		if (hex == NULL) {
			note(p->ctx->notes, NOTE_READ_LIMIT, cert->off);
			return;
		}
		sha256_once(der.p, der.n, sum);
		items_add(
		    &p->signers, str_from(hex_encode(sum, SHA256_SIZE, hex)));
	}
}

static enum err
emit_profile(struct profile *p, const struct plist *root)
{
	struct artifact_ctx *ctx = p->ctx;
	struct record r;

	record_init(&r, &ctx->artifact->schema, ctx->path);
	r.locator = str_from("profile");
	dict_fields(ctx, root, keys, COUNT(keys), &r);
	if (!artifact_wants_record(ctx, &r))
		return ERR_OK;
	if (r.v[PROFILE].type == VALUE_NONE)
		note_why(ctx->notes, NOTE_READ_SCHEMA, root->off,
		    "a profile without PayloadUUID");
	find_payloads(p, plist_get(root, "PayloadContent"));
	find_hosts(p, root, DEPTH_MAX);
	find_signers(p, plist_get(root, "SignerCerts"));
	links_init(&p->urls);
	links_plist(&p->urls, root, ctx->arena, ctx->notes);
	items_put(p, &p->ids, &r, PAYLOAD_IDS);
	items_put(p, &p->types, &r, PAYLOAD_TYPES);
	items_put(p, &p->hosts, &r, HOSTS);
	items_put(p, &p->signers, &r, SIGNERS);
	links_put(&p->urls, ctx, &r, URLS);
	return artifact_emit(ctx, &r);
}

static enum err
profiles_read(struct artifact_ctx *ctx, struct file *f)
{
	struct profile *p = arena_alloc(ctx->arena, 1, sizeof(*p));
	struct plist *root;
	enum err e;

	if (p == NULL)
		return ERR_LIMIT;
	p->ctx = ctx;
	e = artifact_plist(ctx, f, &root);
	if (e != ERR_OK || root == NULL)
		return e;
	if (root->type != PLIST_DICT) {
		note_why(
		    ctx->notes, NOTE_READ_VERSION, 0, "not a profile's stub");
		return ERR_OK;
	}
	return emit_profile(p, root);
}

static void
profiles_describe(const void *record, struct buf *out)
{
	static const size_t what[] = { NAME, IDENTIFIER, PROFILE };

	buf_puts(out, "profile ");
	say_first(record, what, 3, "without a name", out);
	say_field(record, ORGANIZATION, " of ", "", out);
	say_field(record, PAYLOAD_TYPES, ": ", "", out);
}

static const struct artifact_place places[] = {
	PLACE(IN_IOS_BACKUP, "SysSharedContainerDomain-systemgroup.com."
			     "apple.configurationprofiles/**/profile-*"),
	PLACE(IN_IOS_FS, "private/var/containers/Shared/SystemGroup/*/"
			 "Library/ConfigurationProfiles/**/profile-*"),
	PLACE(IN_IOS_FS, "private/var/mobile/Library/"
			 "ConfigurationProfiles/profile-*"),
	PLACES_END,
};

const struct artifact artifact_ios_configuration_profiles = {
	.summary = "installed configuration profiles and what they set",
	.schema = {.name = "ios.configuration_profiles",
		   .version = 1,
		   .role = ROLE_EXECUTION,
		   .fields = fields,
		   .nfields = NFIELDS,
		   .describe = profiles_describe},
	.places = places,
	.read = profiles_read,
};
