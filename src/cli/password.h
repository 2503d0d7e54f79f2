#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd.h"
#include "limits.h"

/*
 * The password of an encrypted backup, or the key it would give, as the
 * person at the command line hands it over: in a file of one line, through a
 * descriptor, or at a prompt. Never through arguments or the environment,
 * where other users of the machine can read them. Wiped by password_wipe.
 */
struct password {
	const char *file, *fd, *key_file; /* as given; NULL: not */

	size_t len;
	bool has_text, has_key;
	uint8_t key[32];
	char text[LIMIT_PASSWORD]; /* not NUL-terminated, may hold any byte */
};

/* For the option tables of the verbs that open acquisitions. */
#define PASSWORD_OPTIONS                                                       \
	{ 0, "password-file", "FILE",                                          \
		"the backup's password: the one line in FILE" },               \
	    { 0, "password-fd", "N",                                           \
		    "the backup's password: the one line in descriptor N" },   \
	{                                                                      \
		0, "key-file", "FILE",                                         \
		    "the key derived from it: 64 hex digits in FILE"           \
	}
#define PASSWORD_USAGE "[--password-file F | --password-fd N | --key-file F]"

/* True when o is one of PASSWORD_OPTIONS; its value is then remembered. */
bool password_option(
    struct password *p, const struct cmd_option *o, const char *value);

/*
 * Reads what the options name, if anything. False after a message on stderr:
 * the verb ends with EXIT_USAGE.
 */
bool password_read(struct password *p, const struct cmd *c);

/*
 * For an encrypted acquisition when nothing was given: asks at the terminal,
 * without echo. False when standard input is no terminal (nothing is printed:
 * the why-text of acquisition_open says what is missing), or at an empty line
 * or end of input.
 */
bool password_ask(struct password *p, const char *path);

/* Overwrites what is secret; may be called at any time. */
void password_wipe(struct password *p);
#endif
