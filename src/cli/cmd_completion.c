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
put_bash_options(const struct cmd *c)
{
	printf("\t\t'%s') words='-h --help", c->name);
	for (const struct cmd_option *o = c->options;
	     o != NULL && o->name != NULL; o++)
		printf(" --%s", o->name);
	for (size_t i = 0; c->subs != NULL && c->subs[i] != NULL; i++)
		printf(" %s", cmd_last_word(c->subs[i]));
	puts("' ;;");
	for (size_t i = 0; c->subs != NULL && c->subs[i] != NULL; i++)
		put_bash_options(c->subs[i]);
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
	fputs("\t\tcase $verb in\n\t\t''", stdout);
	for (size_t i = 0; cmds[i] != NULL; i++)
		if (cmds[i]->subs != NULL)
			printf("|%s", cmds[i]->name);
	puts(") [ \"$COMP_CWORD\" = 2 ] || verb+=\" ${COMP_WORDS[2]}\" ;;");
	puts("\t\tesac");
	puts("\t\tcase $verb in");
	for (size_t i = 0; cmds[i] != NULL; i++)
		put_bash_options(cmds[i]);
	puts("\t\tesac");
	puts("\tfi");
	puts("\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")");
	puts("}");
	puts("complete -o default -F _telassay telassay");
}

static void
put_zsh_options(const struct cmd *c)
{
	printf("_arguments '(-h --help)'{-h,--help}'[help]'");
	for (const struct cmd_option *o = c->options;
	     o != NULL && o->name != NULL; o++) {
		printf(" '*--%s%s[", o->name, o->value ? "=" : "");
		put_quoted(o->help);
		printf("]%s%s%s'", o->value ? ":" : "",
		    o->value ? o->value : "", o->value ? ":_files" : "");
	}
	fputs(" '*:file:_files'", stdout);
}

/* Of one verb: its options, or its verbs with theirs. */
static void
put_zsh_verb(const struct cmd *c)
{
	if (c->subs == NULL) {
		printf("\t%s) ", c->name);
		put_zsh_options(c);
		puts(" ;;");
		return;
	}
	printf(
	    "\t%s)\n\t\tif (( CURRENT == 3 )); then\n\t\t\tcompadd", c->name);
	for (size_t i = 0; c->subs[i] != NULL; i++)
		printf(" %s", cmd_last_word(c->subs[i]));
	puts("\n\t\t\treturn\n\t\tfi\n\t\tcase $words[3] in");
	for (size_t i = 0; c->subs[i] != NULL; i++) {
		printf("\t\t%s) ", cmd_last_word(c->subs[i]));
		put_zsh_options(c->subs[i]);
		puts(" ;;");
	}
	puts("\t\tesac ;;");
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
	for (size_t i = 0; cmds[i] != NULL; i++)
		put_zsh_verb(cmds[i]);
	puts("\tesac");
	puts("}");
	puts("_telassay \"$@\"");
}

/* The condition under which what follows is offered: the words before it. */
static void
put_fish_seen(const struct cmd *c)
{
	const char *last = cmd_last_word(c);
	size_t n =
	    last == c->name ? strlen(last) : (size_t)(last - c->name) - 1;

	printf("complete -c telassay -n '__fish_seen_subcommand_from %.*s",
	    (int)n, c->name);
	if (last != c->name)
		printf("; and __fish_seen_subcommand_from %s", last);
	putchar('\'');
}

static void
put_fish_verb(const struct cmd *c)
{
	for (const struct cmd_option *o = c->options;
	     o != NULL && o->name != NULL; o++) {
		put_fish_seen(c);
		if (o->letter != 0)
			printf(" -s %c", o->letter);
		printf(" -l %s%s -d '", o->name, o->value ? " -r" : "");
		put_quoted(o->help);
		puts("'");
	}
	for (size_t i = 0; c->subs != NULL && c->subs[i] != NULL; i++) {
		put_fish_seen(c);
		printf(" -a %s -d '", cmd_last_word(c->subs[i]));
		put_quoted(c->subs[i]->summary);
		puts("'");
		put_fish_verb(c->subs[i]);
	}
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
		put_fish_verb(cmds[i]);
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
