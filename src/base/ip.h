#ifndef BASE_IP_H
#define BASE_IP_H
#include <stdbool.h>
#include <stdint.h>

#include "str.h"

/* An address as 16 bytes; IPv4 as ::ffff:a.b.c.d, so that both compare. */
struct ip {
	uint8_t b[16];
};

/*
 * Dotted decimal or IPv6, in brackets or not, with a zone ("%en0") or not.
 * Odd forms of IPv4 (hexadecimal, one number) are none.
 */
bool ip_parse(struct str s, struct ip *out);

/* "address/bits"; bits counts in the 128 of struct ip. */
bool ip_net_parse(struct str s, struct ip *out, unsigned *bits);

/* Zeroes all but the first bits. */
void ip_mask(struct ip *a, unsigned bits);
#endif
