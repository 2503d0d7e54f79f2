#include "ios_layout.h"

#include <string.h>

/*
 * What the tools of the field make, observed in real lists of files: GrayKey
 * and checkra1n dumps begin at the root, with or without '/' in front;
 * Cellebrite's have the system partition as filesystem1 and the data partition
 * as filesystem2, older ones with "private/var" in it too; some tools follow
 * the links /var, /etc and /tmp instead of /private; some give /private/var.
 */
struct rule {
	enum ios_layout layout;
	const char *from; /* a folder; "" is all */
	const char *to;
	bool itself; /* the folder too, not only what is below */
};

static const struct rule rules[] = {
	{IOS_LAYOUT_SPLIT,  "filesystem2/private/var", "private/var", true },
	{ IOS_LAYOUT_SPLIT, "filesystem2",		   "private/var", true },
	{ IOS_LAYOUT_SPLIT, "filesystem1/var",	       "private/var", false},
	{ IOS_LAYOUT_SPLIT, "filesystem1/etc",	       "private/etc", false},
	{ IOS_LAYOUT_SPLIT, "filesystem1/tmp",	       "private/tmp", false},
	{ IOS_LAYOUT_SPLIT, "filesystem1",		   "",	       true },
	{ IOS_LAYOUT_ROOT,  "var",			  "private/var", false},
	{ IOS_LAYOUT_ROOT,  "etc",			  "private/etc", false},
	{ IOS_LAYOUT_ROOT,  "tmp",			  "private/tmp", false},
	{ IOS_LAYOUT_DATA,  "",			       "private/var", true },
};

/* What is left of path below the folder; false when it is not in it. */
static bool
below(struct str path, const char *folder, bool itself, struct str *out)
{
	size_t n = strlen(folder);

	if (n == 0) {
		*out = path;
		return true;
	}
	if (!str_starts(path, folder) || (path.n > n && path.p[n] != '/') ||
	    (path.n == n && !itself))
		return false;
	*out = str_sub(path, path.n > n ? n + 1 : n, path.n);
	return true;
}

static bool
join(const char *folder, struct str rest, struct ios_path *out)
{
	size_t n = strlen(folder);
	bool slash = n > 0 && rest.n > 0;

	if (rest.n > LIMIT_PATH || n + slash > LIMIT_PATH - rest.n)
		return false;
	memcpy(out->text, folder, n);
	if (slash)
		out->text[n++] = '/';
	if (rest.n > 0)
		memcpy(out->text + n, rest.p, rest.n);
	out->n = n + rest.n;
	out->text[out->n] = '\0';
	return out->n > 0;
}

bool
ios_layout_path(
    enum ios_layout l, struct str path, struct ios_path *out, bool *renamed)
{
	struct str rest;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *r = &rules[i];

		if (r->layout == l && below(path, r->from, r->itself, &rest)) {
			*renamed = true;
			return join(r->to, rest, out);
		}
	}
	*renamed = false;
	return join("", path, out);
}

/*
 * Folders that tell a layout. No other system has a /private/var/mobile; the
 * weak ones are in macOS too, or in dumps of which little is left.
 */
struct sign {
	enum ios_layout layout;
	int sure;
	const char *glob;
};

static const struct sign signs[] = {
	{IOS_LAYOUT_SPLIT,  90, "filesystem2/mobile/**"		},
	{ IOS_LAYOUT_SPLIT, 90, "filesystem2/private/var/mobile/**"   },
	{ IOS_LAYOUT_ROOT,  85, "private/var/mobile/**"	       },
	{ IOS_LAYOUT_ROOT,  80, "var/mobile/**"		       },
	{ IOS_LAYOUT_SPLIT, 75, "filesystem2/containers/**"	    },
	{ IOS_LAYOUT_SPLIT, 75, "filesystem2/wireless/**"		  },
	{ IOS_LAYOUT_ROOT,  75, "private/var/wireless/**"		 },
	{ IOS_LAYOUT_ROOT,  70, "private/var/containers/Bundle/**"	  },
	{ IOS_LAYOUT_ROOT,  70, "private/var/containers/Data/**"	},
	{ IOS_LAYOUT_ROOT,  70, "private/var/containers/Shared/**"	  },
	{ IOS_LAYOUT_ROOT,  70, "private/var/installd/**"		 },
	{ IOS_LAYOUT_ROOT,  65, "var/wireless/**"			 },
	{ IOS_LAYOUT_ROOT,  65, "var/containers/**"		   },
	{ IOS_LAYOUT_ROOT,  30, "private/var/root/Library/Lockdown/**"},
	{ IOS_LAYOUT_ROOT,  30, "private/var/networkd/**"		 },
};

/* Two of these side by side: somebody copied /private/var. */
static const char *const data_folders[] = { "mobile/Library/**",
	"mobile/Containers/**", "mobile/Media/**", "wireless/Library/**",
	"containers/Bundle/**", "containers/Data/**", "containers/Shared/**",
	"installd/Library/**", "root/Library/**", "networkd/**",
	"Keychains/**" };

static bool
has(const struct source *s, const char *glob)
{
	size_t at = 0;

	return source_glob(s, glob, &at) != NULL;
}

enum ios_layout
ios_layout_of(const struct source *s, int *sure)
{
	size_t found = 0;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (has(s, signs[i].glob)) {
			*sure = signs[i].sure;
			return signs[i].layout;
		}
	}
	for (size_t i = 0; i < sizeof(data_folders) / sizeof(data_folders[0]);
	     i++)
		found += has(s, data_folders[i]);
	*sure = found >= 2 ? 60 : 0;
	return found >= 2 ? IOS_LAYOUT_DATA : IOS_LAYOUT_NONE;
}
