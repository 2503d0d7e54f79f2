#include "notes.h"

#include <stdarg.h>
#include <stdio.h>

const struct note_info note_infos[NOTE_COUNT] = {
#define NOTE(sym, id, eff, txt)                                                \
	[NOTE_##sym] = {                                                       \
		.name = (id), .effect = NOTE_EFFECT_##eff, .text = (txt)       \
	},
#include "notes.def"
#undef NOTE
};

bool
note(const struct notes *n, enum note_id id, uint64_t off)
{
	if (n != NULL && n->fn != NULL)
		n->fn(n->arg, id, off, NULL);
	return false;
}

bool
note_why(
    const struct notes *n, enum note_id id, uint64_t off, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (n == NULL || n->fn == NULL)
		return false;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	n->fn(n->arg, id, off, text);
	return false;
}
