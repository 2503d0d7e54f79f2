#ifndef DETECT_HOST_H
#define DETECT_HOST_H
#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "str.h"

/*
 * URLs, hosts and addresses as they stand in messages and histories, brought
 * to the one form in which they are compared.
 */

/* The parts of a URL, borrowed; without "//" all is path. */
struct url {
	struct str scheme, host, port, rest; /* rest: path, query */
};
bool url_split(struct str s, struct url *out);

/*
 * Appends the host lower-cased, without a trailing dot, as A-labels. False
 * when it cannot be a host name. out holds no more than 255 bytes.
 */
bool host_norm(struct str host, struct buf *out);

/* An address, v4 as v4-in-v6; brackets and a zone are taken off. */
bool ip_parse(struct str s, uint8_t out[static 16]);

/*
 * Appends a URL to compare by: scheme and host lower-cased, user info,
 * default port and fragment dropped, an empty path as "/".
 */
bool url_norm(struct str s, struct buf *out);
#endif
