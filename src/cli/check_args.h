#ifndef CLI_CHECK_ARGS_H
#define CLI_CHECK_ARGS_H
#include <stdbool.h>
#include <stddef.h>

#include "check.h"
#include "cmd.h"
#include "password.h"

/* What `telassay check` was asked to do; strings are those of argv. */
struct check_args {
	const char **paths;	 /* of the acquisitions */
	const char **indicators; /* -i */
	const char **artifacts;	 /* names, NULL ends */
	const char **detectors;
	size_t npaths, nindicators, nartifacts, ndetectors;
	const char *dir; /* -o */
	const char *consent, *label, *group;
	unsigned workers; /* 0: one a core */
	enum check_timeline timeline;
	bool json, progress_json, keep_records, content, force;
	bool default_indicators;
	struct password password;
};

extern const struct cmd_option check_options_table[];

/*
 * False after a message on stderr: the verb ends with EXIT_USAGE. To be freed
 * either way.
 */
bool check_args_read(
    struct check_args *a, const struct cmd *c, int argc, char **argv);
void check_args_done(struct check_args *a);
#endif
