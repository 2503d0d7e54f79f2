#ifndef DETECT_HOST_H
#define DETECT_HOST_H
#include <stdbool.h>
#include <stddef.h>

#include "ip.h"
#include "str.h"

/*
 * The normal form of a host: lower case, no dots around it, A-labels for what
 * is not ASCII, percent signs resolved; or an address. By value.
 */
enum { HOST_MAX = 255 };

struct host {
	char text[HOST_MAX];
	size_t n;
	bool is_ip;
	struct ip ip;
};

/*
 * False when nothing is left. Of a name longer than any real one only the
 * last labels are kept: domains are compared from their end.
 */
bool host_normal(struct str raw, struct host *out);

/* Could a domain be registered under this normal form: labels, a dot. */
bool host_is_domain(const struct host *h);
#endif
