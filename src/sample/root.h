#ifndef SAMPLE_ROOT_H
#define SAMPLE_ROOT_H
#include "phone.h"

/*
 * Info.plist (XML, as the host writes it), Manifest.plist and Status.plist
 * (binary). manifest_key: wrapped, read only when the phone has a lockbox.
 */
void root_plists(
    struct phone *p, const uint8_t manifest_key[static LOCKBOX_WRAPPED]);
#endif
