#ifndef ARTIFACT_WEB_HOST_H
#define ARTIFACT_WEB_HOST_H
#include "str.h"

/*
 * What a rule wants to know of a web address without taking it apart: its
 * host, and how two hosts relate. Borrowed from the address; as it stands
 * there, in upper or lower case.
 */

/* Without user, port and a dot at its end; "" when there is none. */
struct str web_host(struct str url);

bool web_is_http(struct str url); /* fetched in clear */

/* The same host, ASCII case and a "www." in front aside. */
bool web_same_host(struct str a, struct str b);

/* The same, or one of them stands below the other. */
bool web_same_site(struct str a, struct str b);
#endif
