#ifndef ARTIFACT_PHONE_PATH_H
#define ARTIFACT_PHONE_PATH_H
#include "buf.h"
#include "str.h"

/*
 * Where the files of a backup lie on the phone: a backup names a domain and a
 * path in it, published indicators name absolute paths.
 */

/*
 * Appends the absolute path of relative in domain; relative itself when the
 * domain's root is not known (the containers of apps, whose folders are named
 * by UUIDs that a backup does not record).
 */
void phone_path_put(struct buf *out, struct str domain, struct str relative);

/* "com.example.app" of "AppDomain-com.example.app"; "" for other domains. */
struct str phone_path_app(struct str domain);

/*
 * The hosts that stand in a path's names, as browsers and web views name the
 * folders of web sites: "https_www.example.com_0.localstorage". Lower-cased
 * into low (overwritten), which v borrows from. Returns how many, at most max.
 */
size_t phone_path_hosts(
    struct str path, struct buf *low, struct str *v, size_t max);
#endif
