#ifndef FORMAT_PLIST_IMPL_H
#define FORMAT_PLIST_IMPL_H
#include "plist.h"

/* The two forms, for plist.c only. */
struct plist *plist_bin_parse(
    struct cur file, struct arena *a, const struct notes *n);
struct plist *plist_xml_parse(
    struct cur file, struct arena *a, const struct notes *n);

/* A node at off; NULL and a note at the arena's cap. */
struct plist *plist_node(
    struct arena *a, const struct notes *n, enum plist_type type, size_t off);
#endif
