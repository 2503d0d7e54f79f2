#include <stdio.h>
#include <string.h>

#include "cmd.h"

static void
print_verbs(FILE *out)
{
	fprintf(out,
	    "telassay checks phones for traces of spyware and for anomalies\n\n"
	    "usage: telassay VERB [option ...] [argument ...]\n\n");
	for (size_t i = 0; cmds[i] != NULL; i++)
		fprintf(out, "  %-10s %s\n", cmds[i]->name, cmds[i]->summary);
	fprintf(out, "\ntelassay VERB -h says more about one of them\n");
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		print_verbs(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		print_verbs(stdout);
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0)
		argv[1] = (char[]){ "version" };
	for (size_t i = 0; cmds[i] != NULL; i++)
		if (strcmp(argv[1], cmds[i]->name) == 0)
			return cmds[i]->run(argc - 1, argv + 1);
	fprintf(stderr, "telassay: no verb \"%s\"\n\n", argv[1]);
	print_verbs(stderr);
	return EXIT_USAGE;
}
