#include <stdio.h>
#include <string.h>

#include "cmd.h"

extern const struct cmd cmd_completion;

/*
 * Scripts for three shells, made of the same tables as the help, so that they
 * cannot say anything else. Single quotes in texts are doubled out.
 */
static void
put_quoted(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*s);
	}
}

static void
put_bash(void)
{
	puts("# bash completion for telassay");
	puts("_telassay() {");
	puts("\tlocal cur=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]}");
	puts("\tlocal words=");
	puts("\tif [ \"$COMP_CWORD\" = 1 ]; then");
	fputs("\t\twords='", stdout);
	for (size_t i = 0; cmds[i] != NULL; i++)
		printf("%s%s", i > 0 ? " " : "", cmds[i]->name);
	puts("'");
	puts("\telse");
	puts("\t\tcase $verb in");
	for (size_t i = 0; cmds[i] != NULL; i++) {
		printf("\t\t%s) words='-h --help", cmds[i]->name);
		for (const struct cmd_option *o = cmds[i]->options;
		     o != NULL && o->name != NULL; o++)
			printf(" --%s", o->name);
		puts("' ;;");
	}
	puts("\t\tesac");
	puts("\tfi");
	puts("\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")");
	puts("}");
	puts("complete -o default -F _telassay telassay");
}

static void
put_zsh(void)
{
	puts("#compdef telassay");
	puts("_telassay() {");
	puts("\tlocal -a verbs");
	puts("\tverbs=(");
	for (size_t i = 0; cmds[i] != NULL; i++) {
		printf("\t\t'%s:", cmds[i]->name);
		put_quoted(cmds[i]->summary);
		puts("'");
	}
	puts("\t)");
	puts("\tif (( CURRENT == 2 )); then");
	puts("\t\t_describe verb verbs");
	puts("\t\treturn");
	puts("\tfi");
	puts("\tcase $words[2] in");
	for (size_t i = 0; cmds[i] != NULL; i++) {
		printf("\t%s) _arguments '(-h --help)'{-h,--help}'[help]'",
		    cmds[i]->name);
		for (const struct cmd_option *o = cmds[i]->options;
		     o != NULL && o->name != NULL; o++) {
			printf(" '*--%s%s[", o->name, o->value ? "=" : "");
			put_quoted(o->help);
			printf("]%s%s%s'", o->value ? ":" : "",
			    o->value ? o->value : "",
			    o->value ? ":_files" : "");
		}
		puts(" '*:file:_files' ;;");
	}
	puts("\tesac");
	puts("}");
	puts("_telassay \"$@\"");
}

static void
put_fish(void)
{
	puts("# fish completion for telassay");
	for (size_t i = 0; cmds[i] != NULL; i++) {
		printf(
		    "complete -c telassay -n __fish_use_subcommand -a %s -d '",
		    cmds[i]->name);
		put_quoted(cmds[i]->summary);
		puts("'");
		for (const struct cmd_option *o = cmds[i]->options;
		     o != NULL && o->name != NULL; o++) {
			printf("complete -c telassay -n "
			       "'__fish_seen_subcommand_from %s'",
			    cmds[i]->name);
			if (o->letter != 0)
				printf(" -s %c", o->letter);
			printf(" -l %s%s -d '", o->name, o->value ? " -r" : "");
			put_quoted(o->help);
			puts("'");
		}
	}
}

static int
completion_run(int argc, char **argv)
{
	struct cmd_args a;
	const char *arg, *shell = NULL;

	cmd_args_init(&a, &cmd_completion, argc, argv);
	while (cmd_next(&a, &arg) != NULL || arg != NULL)
		shell = arg;
	if (shell != NULL && strcmp(shell, "bash") == 0)
		put_bash();
	else if (shell != NULL && strcmp(shell, "zsh") == 0)
		put_zsh();
	else if (shell != NULL && strcmp(shell, "fish") == 0)
		put_fish();
	else {
		cmd_error(
		    &cmd_completion, "say which shell: bash, zsh or fish");
		return EXIT_USAGE;
	}
	return 0;
}

const struct cmd cmd_completion = {
	.name = "completion",
	.usage = "bash|zsh|fish",
	.summary = "prints the completion script of a shell",
	.run = completion_run,
};
