#include "err.h"

#include <stdarg.h>
#include <stdio.h>

const char *
err_text(enum err e)
{
	switch (e) {
	case ERR_OK:
		return "ok";
#define ERR_CASE(name, text)                                                   \
	case ERR_##name:                                                       \
		return text;
		ERR_LIST(ERR_CASE)
#undef ERR_CASE
	}
	return "unknown error";
}

enum err
why_set(struct why *w, enum err e, const char *fmt, ...)
{
	va_list ap;

	if (w == NULL)
		return e;
	va_start(ap, fmt);
	(void)vsnprintf(w->text, sizeof(w->text), fmt, ap);
	va_end(ap);
	return e;
}
