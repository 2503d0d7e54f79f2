#ifndef SAMPLE_APPS_H
#define SAMPLE_APPS_H
#include "phone.h"

/* Installed apps, planted ones last; in p's arena, NULL ends. */
const char *const *apps_of(struct phone *p);

/* What installed it. */
const char *apps_source(struct phone *p, const char *bundle);
#endif
