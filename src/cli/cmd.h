#ifndef CLI_CMD_H
#define CLI_CMD_H

/*
 * One verb of the command line. To add one: cmd_VERB.c with a
 * `const struct cmd cmd_VERB`, the line CMD(VERB) in cmds.def. Help, man page
 * check and shell completion follow from the struct.
 */
struct cmd_option {
	char letter;	   /* 0: long form only */
	const char *name;  /* without "--" */
	const char *value; /* name of its value; NULL: it takes none */
	const char *help;  /* one line */
};

struct cmd {
	const char *name;
	const char *usage;		  /* what follows "telassay NAME" */
	const char *summary;		  /* one line */
	const char *help;		  /* more, for -h; NULL */
	const struct cmd_option *options; /* name = NULL ends; or NULL */

	/*
	 * Verbs of its own, NULL ends; or NULL. Their names are whole ("rules
	 * run"), and run is cmd_run_sub with the struct itself.
	 */
	const struct cmd *const *subs;

	/* argv[0] is the verb. Returns the exit code. */
	int (*run)(int argc, char **argv);
};

extern const struct cmd *const cmds[]; /* NULL ends */

/* Exit codes of every verb but where the contract says otherwise. */
enum { EXIT_USAGE = 2 };

/*
 * One option at a time, in any order with arguments: returns the option, or
 * NULL at the next plain argument or the end (*arg NULL). *arg is the value,
 * or the argument. Unknown options and missing values print a message that
 * names them and exit with 2; -h prints help and exits with 0. "--" ends
 * options; "-o X", "-oX", "--name X" and "--name=X" are all understood.
 */
struct cmd_args {
	const struct cmd *cmd;
	int argc, at;
	char **argv;
	int only_arguments;
};
void cmd_args_init(
    struct cmd_args *a, const struct cmd *c, int argc, char **argv);
const struct cmd_option *cmd_next(struct cmd_args *a, const char **arg);

/* The part of a name that is typed last: "run" of "rules run". */
const char *cmd_last_word(const struct cmd *c);

/*
 * Runs the verb of c->subs that argv[1] names; prints the help of c for -h,
 * and what there is when it names none.
 */
int cmd_run_sub(const struct cmd *c, int argc, char **argv);

/* "telassay VERB: TEXT" on stderr. */
void cmd_error(const struct cmd *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
#endif
