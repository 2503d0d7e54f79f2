#include <stddef.h>

#include "cmd.h"

#define CMD(name) extern const struct cmd cmd_##name;
#include "cmds.def"
#undef CMD

#define CMD(name) &cmd_##name,
const struct cmd *const cmds[] = {
#include "cmds.def"
	NULL,
};
