#include <stdio.h>

#include "cmd.h"
#include "version.h"

extern const struct cmd cmd_version;

static int
version_run(int argc, char **argv)
{
	struct cmd_args a;
	const char *arg;

	cmd_args_init(&a, &cmd_version, argc, argv);
	while (cmd_next(&a, &arg) != NULL || arg != NULL) {
		cmd_error(&cmd_version, "takes no arguments: %s", arg);
		return EXIT_USAGE;
	}
	printf("telassay %s (%s)\n", TELASSAY_VERSION, TELASSAY_COMMIT);
	return 0;
}

const struct cmd cmd_version = {
	.name = "version",
	.usage = "",
	.summary = "prints version and commit",
	.run = version_run,
};
