#include "indicators_impl.h"

#include <string.h>

#include "buf.h"
#include "host.h"
#include "path_form.h"
#include "url.h"

/* The longest name that DNS has; longer ones are kept in part only. */
enum { DOMAIN_MAX = 253 };

/* How the values of one object path are brought into their normal form. */
typedef const char *(*compile_fn)(
    struct str v, struct arena *a, struct compiled *out);

static const char *
lower(struct str v, struct compiled *out)
{
	for (size_t i = 0; i < v.n; i++)
		buf_u8(out->key, (uint8_t)ascii_lower(v.p[i]));
	return NULL;
}

static const char *
compile_ip(struct str v, struct arena *a, struct compiled *out)
{
	struct ip ip;
	unsigned bits;

	(void)a;
	out->obs = OBS_IP;
	if (ip_parse(v, &ip)) {
		out->kind = KIND_IP;
		buf_put(out->key, ip.b, sizeof(ip.b));
		return NULL;
	}
	if (!ip_net_parse(v, &ip, &bits))
		return "the value is no IP address";
	if (bits < (str_find(v, ':') < v.n ? 16 : 96 + 8))
		return "the network holds nearly every address";
	out->kind = KIND_NET;
	buf_put(out->key, ip.b, sizeof(ip.b));
	buf_u8(out->key, (uint8_t)bits);
	return NULL;
}

/* A domain that was published with a path: that page and what is below. */
static const char *
compile_below(const struct url *u, struct compiled *out)
{
	struct url bare = {
		.host = u->host, .path = u->path, .query = u->query
	};

	out->kind = KIND_URL_BELOW;
	out->obs = OBS_URL;
	url_normal(&bare, true, out->key);
	return NULL;
}

static const char *
compile_domain(struct str v, struct arena *a, struct compiled *out)
{
	struct url u;
	struct host h;

	if (str_starts(v, "*."))
		v = str_sub(v, 2, v.n);
	/* Nearly all are plain names. */
	if (v.n <= DOMAIN_MAX && host_normal(v, &h) && host_is_domain(&h)) {
		out->kind = KIND_DOMAIN;
		buf_put(out->key, h.text, h.n);
		return NULL;
	}
	if (!url_parse(v, &u) || u.user.n > 0)
		return str_find(v, '.') == v.n && str_find(v, ':') == v.n
			   ? "the value has no dot, so it is no domain name"
			   : "the value is no domain name";
	if (!host_normal(u.host, &h))
		return "the value is no domain name";
	if (h.is_ip) {
		out->flags |= VALUE_IP_AS_DOMAIN;
		return compile_ip(u.host, a, out);
	}
	if (!host_is_domain(&h) || u.host.n > DOMAIN_MAX)
		return "the value is no domain name";
	if (u.path.n > 1 || u.query.n > 0)
		return compile_below(&u, out);
	out->kind = KIND_DOMAIN;
	buf_put(out->key, h.text, h.n);
	return NULL;
}

static const char *
compile_url(struct str v, struct arena *a, struct compiled *out)
{
	struct url u;

	(void)a;
	if (!url_parse(v, &u))
		return "the value is no web address";
	out->kind = u.scheme.n > 0 ? KIND_URL : KIND_URL_BARE;
	url_normal(&u, false, out->key);
	return NULL;
}

static const char *
compile_process(struct str v, struct arena *a, struct compiled *out)
{
	(void)a;
	while (v.n > 1 && v.p[v.n - 1] == '/')
		v.n--;
	v = str_basename(v);
	out->kind = KIND_PROCESS;
	buf_str(out->key, v);
	return v.n > 0 ? NULL : "the name of the process is empty";
}

static const char *
compile_email(struct str v, struct arena *a, struct compiled *out)
{
	size_t at;

	(void)a;
	if (str_starts(v, "mailto:"))
		v = str_sub(v, 7, v.n);
	at = str_rfind(v, '@');
	if (at == v.n || at == 0 || at + 1 == v.n)
		return "the value is no e-mail address";
	out->kind = KIND_EMAIL;
	return lower(v, out);
}

static const char *
compile_phone(struct str v, struct arena *a, struct compiled *out)
{
	(void)a;
	out->kind = KIND_PHONE;
	if (str_starts(v, "tel:"))
		v = str_sub(v, 4, v.n);
	if (str_starts(v, "00"))
		v = str_sub(v, 2, v.n);
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] >= '0' && v.p[i] <= '9')
			buf_u8(out->key, (uint8_t)v.p[i]);
	return out->key->len >= 5 ? NULL : "the value is no telephone number";
}

static const char *
compile_path(struct str v, struct arena *a, struct compiled *out)
{
	static const char *const broad[] = { "/", "/private", "/private/var",
		"/private/var/mobile", "/private/var/tmp", "/private/etc",
		"/data", "/data/local", "/data/local/tmp" };
	struct path_form *f = arena_alloc(a, 1, sizeof(*f));
	struct str s;

	if (f == NULL || !path_form(v, f))
		return "the path is empty or longer than the limit";
	s = (struct str){ .p = f->text, .n = f->n };
	for (size_t i = 0; i < sizeof(broad) / sizeof(broad[0]); i++)
		if (str_is(s, broad[i]))
			return "the path holds the files of every phone";
	out->kind = f->absolute ? KIND_PATH : KIND_PATH_TAIL;
	if (str_find(s, '*') < s.n)
		out->kind = KIND_GLOB;
	if (f->directory)
		out->flags |= VALUE_DIRECTORY;
	buf_put(out->key, f->text, f->n);
	return NULL;
}

static const char *
compile_directory(struct str v, struct arena *a, struct compiled *out)
{
	const char *why = compile_path(v, a, out);

	out->flags |= VALUE_DIRECTORY;
	return why;
}

static const char *
compile_file_name(struct str v, struct arena *a, struct compiled *out)
{
	if (str_find(v, '/') < v.n) {
		out->obs = OBS_PATH;
		return compile_path(v, a, out);
	}
	out->kind = KIND_FILE_NAME;
	buf_str(out->key, v);
	return v.n > 0 ? NULL : "the file name is empty";
}

static const char *
compile_token(struct str v, struct arena *a, struct compiled *out)
{
	(void)a;
	return v.n > 0 ? lower(v, out) : "the value is empty";
}

static const char *
compile_hash(struct str v, struct arena *a, struct compiled *out)
{
	size_t want = out->obs == OBS_MD5 ? 32 : out->obs == OBS_SHA1 ? 40 : 64;

	(void)a;
	if (v.n != want)
		return "the value does not have the length of such a hash";
	for (size_t i = 0; i < v.n; i++) {
		char c = ascii_lower(v.p[i]);

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return "the value is no hash in hexadecimal digits";
	}
	return lower(v, out);
}

/*
 * Object paths that can be compared: those of STIX, and those without a
 * standard that mobile indicator sets use. fold: case says nothing.
 */
static const struct path_info {
	const char *path;
	enum obs obs;
	enum kind kind;
	compile_fn fn;
	bool fold;
} infos[] = {
	{"domain-name:value",	       OBS_DOMAIN,	   KIND_DOMAIN,		compile_domain,	true },
	{ "ipv4-addr:value",	     OBS_IP,		     KIND_IP,		      compile_ip,	  true },
	{ "ipv6-addr:value",	     OBS_IP,		     KIND_IP,		      compile_ip,	  true },
	{ "url:value",		       OBS_URL,		KIND_URL,		  compile_url,       false},
	{ "process:name",		  OBS_PROCESS,	       KIND_PROCESS,	     compile_process,   false},
	{ "email-addr:value",	      OBS_EMAIL,		 KIND_EMAIL,	     compile_email,	    true },
	{ "phone-number:value",	OBS_PHONE,		   KIND_PHONE,	       compile_phone,     true },
	{ "file:name",		       OBS_FILE_NAME,	      KIND_FILE_NAME,	      compile_file_name,
	    false											     },
	{ "file:path",		       OBS_PATH,		 KIND_PATH,		    compile_path,	  false},
	{ "directory:path",	    OBS_PATH,	      KIND_PATH,		 compile_directory, false},
	{ "app:id",		    OBS_BUNDLE_ID,	   KIND_BUNDLE_ID,	   compile_token,	  true },
	{ "app:cert.sha256",	     OBS_CERT_SHA256,      KIND_CERT_SHA256,	compile_hash,
	    true											      },
	{ "configuration-profile:id", OBS_PROFILE_ID,	      KIND_PROFILE_ID,
	    compile_token,									       true },
	{ "android-property:name",	   OBS_ANDROID_PROPERTY, KIND_ANDROID_PROPERTY,
	    compile_token,									       true },
	{ "file:hashes.md5",	     OBS_MD5,	      KIND_MD5,		compile_hash,      true },
	{ "file:hashes.sha1",	      OBS_SHA1,		KIND_SHA1,		   compile_hash,	 true },
	{ "file:hashes.sha256",	OBS_SHA256,	    KIND_SHA256,		 compile_hash,      true },
};

/* Hash keys are written 'SHA-256', "SHA-256", sha256, SHA256. */
static bool
path_is(struct str path, const char *name)
{
	static const char *const hashed[] = { "file:hashes.", "app:cert." };
	size_t at = 0;

	if (str_is(path, name))
		return true;
	if (path.n == 0 || path.p[0] != name[0])
		return false;
	for (size_t i = 0; i < 2; i++)
		if (str_starts(path, hashed[i]))
			at = strlen(hashed[i]);
	if (at == 0 || strncmp(path.p, name, at) != 0)
		return false;
	name += at;
	for (; at < path.n; at++) {
		if (path.p[at] == '-')
			continue;
		if (ascii_lower(path.p[at]) != *name++)
			return false;
	}
	return *name == '\0';
}

static const struct path_info *
find_info(struct str path)
{
	for (size_t i = 0; i < sizeof(infos) / sizeof(infos[0]); i++)
		if (path_is(path, infos[i].path))
			return &infos[i];
	return NULL;
}

/*
 * LIKE and MATCHES: the key is the observable and the pattern, which is
 * compared with normal forms; a LIKE is brought into one as far as it can.
 */
static const char *
compile_fuzzy(const struct pattern_term *t, const struct path_info *info,
    struct arena *a, struct compiled *out)
{
	struct path_form *f;
	bool literal = false;

	if (t->constant != CONSTANT_STRING || t->value.n == 0)
		return "LIKE and MATCHES need a text";
	buf_u8(out->key, (uint8_t)info->obs);
	out->kind = t->op == PATTERN_LIKE ? KIND_LIKE : KIND_MATCHES;
	if (t->op == PATTERN_MATCHES) {
		buf_u8(out->key, info->fold);
		buf_str(out->key, t->value);
		return NULL;
	}
	for (size_t i = 0; i < t->value.n; i++)
		literal =
		    literal || (t->value.p[i] != '%' && t->value.p[i] != '_');
	if (!literal)
		return "LIKE without any letter matches everything";
	if (info->obs == OBS_PATH && t->value.p[0] == '/') {
		f = arena_alloc(a, 1, sizeof(*f));
		if (f == NULL || !path_form(t->value, f))
			return "the path is longer than the limit";
		buf_put(out->key, f->text, f->n);
		return NULL;
	}
	if (info->fold)
		return lower(t->value, out);
	buf_str(out->key, t->value);
	return NULL;
}

static bool
has_control(struct str v)
{
	for (size_t i = 0; i < v.n; i++)
		if ((unsigned char)v.p[i] < 0x20 || v.p[i] == 0x7f)
			return true;
	return false;
}

const char *
compile_term(
    const struct pattern_term *t, struct arena *a, struct compiled *out)
{
	const struct path_info *info = find_info(t->path);
	const char *why;

	if (info == NULL) {
		why = arena_printf(a, "object path %.*s is not supported",
		    (int)(t->path.n < 200 ? t->path.n : 200), t->path.p);
		return why ? why : "its object path is not supported";
	}
	out->kind = info->kind;
	out->obs = info->obs;
	out->flags = 0;
	if (t->op == PATTERN_LIKE || t->op == PATTERN_MATCHES)
		return compile_fuzzy(t, info, a, out);
	if (t->op == PATTERN_SUBSET && info->obs != OBS_IP)
		return "ISSUBSET compares addresses only";
	if (t->constant != CONSTANT_STRING &&
	    !(t->constant == CONSTANT_HEX && info->fn == compile_hash))
		return "the value must be a text in quotes";
	if (has_control(t->value))
		return "the value holds control characters";
	why = info->fn(t->value, a, out);
	if (why == NULL && out->key->full)
		why = "the value is longer than the built-in limit";
	return why;
}

uint32_t
kind_reach(enum kind k, enum obs o)
{
#define BIT(sym) (UINT32_C(1) << OBS_##sym)
	static const uint32_t reach[KIND_COUNT] = {
#define KIND(sym, obs, mask) [KIND_##sym] = (mask),
#include "kinds.def"
#undef KIND
	};

	if (k != KIND_LIKE && k != KIND_MATCHES)
		return reach[k];
	/* As a value that is equal would be. */
	for (size_t i = 0; i < sizeof(infos) / sizeof(infos[0]); i++)
		if (infos[i].obs == o)
			return reach[infos[i].kind];
	return 0;
#undef BIT
}
