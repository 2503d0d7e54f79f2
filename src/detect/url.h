#ifndef DETECT_URL_H
#define DETECT_URL_H
#include <stdbool.h>

#include "buf.h"
#include "str.h"

/*
 * The parts of an address, borrowed from it and as written; what browsers
 * forgive (backslashes, more or fewer slashes behind http:) is forgiven.
 */
struct url {
	struct str scheme; /* "" when there is none */
	struct str user;   /* with password; "" */
	struct str host;   /* raw, brackets included */
	struct str port;   /* digits; "" */
	struct str path;   /* from '/' on; "" */
	struct str query;  /* from '?' on; "" */
};

/*
 * False when s names no host ("mailto:x@y", "about:blank", plain words). An
 * address without scheme counts when it looks like HOST[:PORT][/...].
 */
bool url_parse(struct str s, struct url *out);

/*
 * The form that is compared: scheme and host in lower case and normal, no
 * user, no port that the scheme implies, no fragment; a '/' at the end of a
 * path without query says nothing and goes. Without scheme when it has none
 * or when bare is set.
 */
void url_normal(const struct url *u, bool bare, struct buf *out);
#endif
