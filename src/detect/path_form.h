#ifndef DETECT_PATH_FORM_H
#define DETECT_PATH_FORM_H
#include <stdbool.h>
#include <stddef.h>

#include "limits.h"
#include "str.h"

/*
 * The one form in which paths are compared, however a log, a listing or a
 * backup wrote them: absolute where that is known, /var /tmp /etc resolved as
 * iOS links them, domains of backups as the folders that they stand for, no
 * doubled slashes, none at the end.
 */
struct path_form {
	char text[LIMIT_PATH + 64];
	size_t n;
	bool absolute;	/* begins with '/' */
	bool directory; /* a slash stood at its end */
};

/* False when raw is empty or longer than LIMIT_PATH. */
bool path_form(struct str raw, struct path_form *out);
#endif
