#include "phone_path.h"

#include "fields.h"

/*
 * Roots of the domains whose place is fixed. Source: Domains.plist of iOS as
 * described by libimobiledevice's wiki, checked on a backup of iOS 14.3 and
 * on file lists of iOS 15 to 17. Note that several are the home folder itself:
 * CameraRollDomain holds "Media/DCIM", MediaDomain "Library/SMS".
 */
static const struct {
	const char *domain;
	const char *root;
} roots[] = {
	{"BooksDomain",		 "/private/var/mobile/Media/Books" },
	{ "CameraRollDomain",	      "/private/var/mobile"		    },
	{ "DatabaseDomain",	    "/private/var/db"		      },
	{ "HealthDomain",		  "/private/var/mobile/Library"	},
	{ "HomeDomain",		"/private/var/mobile"	      },
	{ "HomeKitDomain",		   "/private/var/mobile"		 },
	{ "InstallDomain",		   "/private/var/installd"	   },
	{ "KeyboardDomain",	    "/private/var/mobile"		  },
	{ "KeychainDomain",	    "/private/var/Keychains"	     },
	{ "ManagedPreferencesDomain", "/private/var/Managed Preferences"},
	{ "MediaDomain",		 "/private/var/mobile"	       },
	{ "MobileDeviceDomain",	"/private/var/MobileDevice"	    },
	{ "NetworkDomain",		   "/private/var/networkd"	   },
	{ "ProtectedDomain",	     "/private/var/protected"	      },
	{ "RootDomain",		"/private/var/root"		    },
	{ "SystemPreferencesDomain",  "/private/var/preferences"	},
	{ "TonesDomain",		 "/private/var/mobile"	       },
	{ "WirelessDomain",	    "/private/var/wireless"	    },
};

void
phone_path_put(struct buf *out, struct str domain, struct str relative)
{
	for (size_t i = 0; i < COUNT(roots); i++) {
		if (!str_is(domain, roots[i].domain))
			continue;
		buf_puts(out, roots[i].root);
		if (relative.n > 0)
			buf_u8(out, '/');
		break;
	}
	buf_str(out, relative);
}

struct str
phone_path_app(struct str domain)
{
	static const char prefix[] = "AppDomain-";

	if (!str_starts(domain, prefix))
		return str_from("");
	return str_sub(domain, sizeof(prefix) - 1, domain.n);
}

/* Endings of file names that are no top-level domains of the Internet. */
static const char *const endings[] = { "appex", "bin", "binarycookies",
	"bplist", "bundle", "caf", "car", "css", "dat", "data", "db",
	"framework", "gif", "heic", "html", "jpeg", "jpg", "js", "json",
	"localstorage", "localstorage-shm", "localstorage-wal", "lock", "log",
	"lproj", "m4a", "m4v", "meta", "mlmodelc", "mp3", "mp4", "nib", "otf",
	"pb", "pdf", "plist", "png", "sqlite", "sqlite3", "storedata",
	"storyboardc", "strings", "svg", "tmp", "ttf", "txt", "wav", "webp",
	"xml" };

static bool
is_ending(struct str top)
{
	for (size_t i = 0; i < COUNT(endings); i++)
		if (str_is(top, endings[i]))
			return true;
	return false;
}

/* Letters, digits, '-', and bytes beyond ASCII; no label is empty. */
static bool
is_host(struct str s)
{
	size_t dot = str_rfind(s, '.'), digits = 0;
	char last = '.';

	if (dot == s.n || dot + 3 > s.n || s.n > 253)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if ((c == '.' && last == '.') ||
		    !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '-' || c == '.' || (unsigned char)c >= 0x80))
			return false;
		digits += i > dot && c >= '0' && c <= '9';
		last = c;
	}
	/* Punycode may hold digits, other top-level names hold none. */
	return (digits == 0 || str_starts(str_sub(s, dot + 1, s.n), "xn--")) &&
	       !is_ending(str_sub(s, dot + 1, s.n));
}

/* The hosts of one component, whose parts are joined by '_' or '+'. */
static size_t
component_hosts(struct str s, struct str *v, size_t n, size_t max)
{
	size_t at = 0;

	/* No host without a dot, no part without something that joins. */
	if (str_find(s, '.') == s.n ||
	    (str_find(s, '_') == s.n && str_find(s, '+') == s.n))
		return n;
	for (size_t to = 0; to <= s.n && n < max; to++) {
		if (to < s.n && s.p[to] != '_' && s.p[to] != '+')
			continue;
		if (is_host(str_sub(s, at, to)))
			v[n++] = str_sub(s, at, to);
		at = to + 1;
	}
	return n;
}

size_t
phone_path_hosts(struct str path, struct buf *low, struct str *v, size_t max)
{
	struct str s;
	size_t n = 0, to;

	if (str_find(path, '_') == path.n && str_find(path, '+') == path.n)
		return 0;
	buf_reset(low);
	buf_str(low, path);
	for (size_t i = 0; i < low->len; i++)
		low->p[i] = (uint8_t)ascii_lower((char)low->p[i]);
	s = buf_text(low);
	for (size_t at = 0; at < s.n && n < max; at = to + 1) {
		to = at + str_find(str_sub(s, at, s.n), '/');
		n = component_hosts(str_sub(s, at, to), v, n, max);
	}
	return n;
}
