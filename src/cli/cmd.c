#include "cmd.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
cmd_error(const struct cmd *c, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "telassay %s: ", c->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static void
print_help(const struct cmd *c)
{
	printf("telassay %s - %s\n\nusage: telassay %s%s%s\n", c->name,
	    c->summary, c->name, c->usage[0] ? " " : "", c->usage);
	if (c->help != NULL)
		printf("\n%s\n", c->help);
	for (size_t i = 0; c->subs != NULL && c->subs[i] != NULL; i++)
		printf("%s  %-10s %s\n", i == 0 ? "\n" : "",
		    cmd_last_word(c->subs[i]), c->subs[i]->summary);
	if (c->options == NULL)
		return;
	printf("\noptions:\n");
	for (const struct cmd_option *o = c->options; o->name != NULL; o++) {
		char left[64];

		(void)snprintf(left, sizeof(left), "%c%c%s --%s%s%s",
		    o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
		    o->letter ? "," : " ", o->name, o->value ? " " : "",
		    o->value ? o->value : "");
		printf("  %-28s %s\n", left, o->help);
	}
	printf("  -h, --help                   this text\n");
}

void
cmd_args_init(struct cmd_args *a, const struct cmd *c, int argc, char **argv)
{
	*a = (struct cmd_args){ .cmd = c, .argc = argc, .at = 1, .argv = argv };
}

static void
usage_exit(const struct cmd *c)
{
	fprintf(stderr,
	    "usage: telassay %s%s%s\n"
	    "telassay %s -h says more\n",
	    c->name, c->usage[0] ? " " : "", c->usage, c->name);
	exit(EXIT_USAGE);
}

/* The value of o: what stands behind it, or the next argument. */
static const char *
value_of(struct cmd_args *a, const struct cmd_option *o, const char *behind,
    const char *as_given)
{
	if (o->value == NULL) {
		if (behind == NULL)
			return NULL;
		cmd_error(a->cmd, "option --%s takes no value", o->name);
		usage_exit(a->cmd);
	}
	if (behind != NULL)
		return behind;
	if (a->at >= a->argc) {
		cmd_error(
		    a->cmd, "option %s needs a value: %s", as_given, o->value);
		usage_exit(a->cmd);
	}
	return a->argv[a->at++];
}

static const struct cmd_option *
find_long(const struct cmd *c, const char *name, size_t n)
{
	for (const struct cmd_option *o = c->options;
	     o != NULL && o->name != NULL; o++)
		if (strlen(o->name) == n && strncmp(o->name, name, n) == 0)
			return o;
	return NULL;
}

static const struct cmd_option *
find_letter(const struct cmd *c, char letter)
{
	for (const struct cmd_option *o = c->options;
	     o != NULL && o->name != NULL; o++)
		if (o->letter != 0 && o->letter == letter)
			return o;
	return NULL;
}

const struct cmd_option *
cmd_next(struct cmd_args *a, const char **arg)
{
	const struct cmd_option *o;
	const char *s, *eq, *behind;

	*arg = NULL;
	if (a->at >= a->argc)
		return NULL;
	s = a->argv[a->at++];
	if (!a->only_arguments && strcmp(s, "--") == 0) {
		a->only_arguments = 1;
		return cmd_next(a, arg);
	}
	if (a->only_arguments || s[0] != '-' || s[1] == '\0') {
		*arg = s;
		return NULL;
	}
	if (strcmp(s, "-h") == 0 || strcmp(s, "--help") == 0) {
		print_help(a->cmd);
		exit(EXIT_SUCCESS);
	}
	if (s[1] == '-') {
		eq = strchr(s, '=');
		o = find_long(
		    a->cmd, s + 2, eq ? (size_t)(eq - s) - 2 : strlen(s) - 2);
		behind = eq ? eq + 1 : NULL;
	} else {
		o = find_letter(a->cmd, s[1]);
		behind = s[2] != '\0' ? s + 2 : NULL;
	}
	if (o == NULL) {
		cmd_error(a->cmd, "unknown option %s", s);
		usage_exit(a->cmd);
		return NULL;
	}
	*arg = value_of(a, o, behind, s);
	return o;
}

const char *
cmd_last_word(const struct cmd *c)
{
	const char *space = strrchr(c->name, ' ');

	return space != NULL ? space + 1 : c->name;
}

int
cmd_run_sub(const struct cmd *c, int argc, char **argv)
{
	if (argc >= 2 &&
	    (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0)) {
		print_help(c);
		return EXIT_SUCCESS;
	}
	for (size_t i = 0; argc >= 2 && c->subs[i] != NULL; i++)
		if (strcmp(argv[1], cmd_last_word(c->subs[i])) == 0)
			return c->subs[i]->run(argc - 1, argv + 1);
	fprintf(stderr, "telassay %s: %s%s%s%s", c->name,
	    argc >= 2 ? "no verb \"" : "say what", argc >= 2 ? argv[1] : "",
	    argc >= 2 ? "\"" : "", ": one of");
	for (size_t i = 0; c->subs[i] != NULL; i++)
		fprintf(stderr, " %s", cmd_last_word(c->subs[i]));
	fprintf(stderr, "\n");
	return EXIT_USAGE;
}
