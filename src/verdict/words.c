#include "words.h"

#include <inttypes.h>
#include <string.h>

void
words_number(struct buf *b, uint64_t n)
{
	char digit[24], out[32];
	int len = snprintf(digit, sizeof(digit), "%" PRIu64, n);
	size_t o = 0;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[o++] = ',';
		out[o++] = digit[i];
	}
	buf_put(b, out, o);
}

void
words_count(struct buf *b, uint64_t n, const char *one, const char *many)
{
	words_number(b, n);
	buf_u8(b, ' ');
	buf_puts(b, n == 1 ? one : many);
}

void
words_bytes(struct buf *b, uint64_t n)
{
	static const char *const unit[] = { "kB", "MB", "GB", "TB", "PB",
		"EB" };
	size_t u = 0;

	if (n < 1000) {
		words_count(b, n, "byte", "bytes");
		return;
	}
	for (n /= 1000; n >= 1000; n /= 1000)
		u++;
	buf_printf(b, "%u %s", (unsigned)n, unit[u]);
}

void
words_date(struct buf *b, int64_t ns)
{
	struct str text;
	char iso[32];

	if (ns == TSTAMP_NONE) {
		buf_puts(b, "an unknown date");
		return;
	}
	text = str_from(tstamp_iso(ns, iso));
	buf_str(b, str_sub(text, 0, str_find(text, 'T')));
}

const char *
words_kind(const struct report *r)
{
	static const struct {
		const char *kind, *plain, *encrypted;
	} kinds[] = {
		{"ios-backup",	"unencrypted iPhone backup",
		    "encrypted iPhone backup"},
		{ "ios-fs",	    "iPhone file-system dump",
		    "iPhone file-system dump"},
		{ "ios-sysdiagnose", "iPhone sysdiagnose",
		    "iPhone sysdiagnose"	 },
	};

	for (size_t i = 0;
	     r->kind != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].kind, r->kind) == 0)
			return r->encrypted ? kinds[i].encrypted
					    : kinds[i].plain;
	return r->kind ? r->kind : "acquisition";
}

void
words_list(struct buf *b, const char *const *v, size_t n, size_t max)
{
	size_t shown = n > max ? max : n;

	for (size_t i = 0; i < shown; i++) {
		if (i > 0)
			buf_puts(b, i + 1 == n ? " and " : ", ");
		buf_puts(b, v[i]);
	}
	if (n > shown) {
		buf_puts(b, " and ");
		words_number(b, n - shown);
		buf_puts(b, " more");
	}
}

const char *
words_role(enum role role)
{
	static const char *const words[] = {
		[ROLE_MENTION] = "names in texts and files",
		[ROLE_VISIT] = "visits of a browser",
		[ROLE_DELIVERY] = "messages and attachments that arrived",
		[ROLE_CONTACT] = "network contact of programs",
		[ROLE_EXECUTION] = "programs that ran or were installed",
	};

	return (size_t)role < sizeof(words) / sizeof(words[0]) ? words[role]
							       : "";
}

const char *
words_keep(struct report *r, struct buf *b)
{
	const char *s = arena_strdup(&r->arena, buf_text(b));

	return s != NULL ? s : "";
}
