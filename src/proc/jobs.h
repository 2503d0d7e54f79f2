#ifndef PROC_JOBS_H
#define PROC_JOBS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "messages.h"

/*
 * The plan as the parent knows it, and what of it is still to be done. A job
 * is cut into ranges when one of its files brings its worker down.
 */
struct job_file {
	uint32_t artifact;
	uint64_t size;
	const char *path;	   /* NULL: the list of files itself */
	unsigned effects;	   /* of its notes, see cover_file */
	int64_t first_ns, last_ns; /* of its events, once it is through */
	bool done;
	void *rows;   /* its rowindex, owned; NULL: none */
	size_t nrows; /* bytes */
};

struct job {
	uint32_t first, nfiles; /* in files */
};

struct job_range {
	uint32_t job, from, to;
};

struct jobs {
	struct job_file *files;
	struct job *jobs;
	size_t nfiles, files_cap, njobs, jobs_cap;
	uint64_t bytes;
	size_t rows_bytes; /* of all their indexes */

	size_t next;		 /* job that nobody took yet */
	struct job_range *again; /* taken before those; last first */
	size_t nagain, again_cap;
};

void jobs_init(struct jobs *j);
void jobs_done(struct jobs *j);

/* False when m does not continue the plan. path is borrowed. */
bool jobs_add(struct jobs *j, const struct msg_file *m, const char *path);

/* What to do next; false: nothing is left. */
bool jobs_take(struct jobs *j, struct job_range *out);

/* Puts a range back; an empty one is dropped. */
void jobs_again(struct jobs *j, struct job_range r);

/* Everything once more. */
void jobs_rewind(struct jobs *j);

/* Keeps a copy of f's row index; nothing beyond LIMIT_ROW_INDEXES. */
void jobs_set_rows(struct jobs *j, struct job_file *f, struct cur rows);

struct job_file *jobs_file(
    struct jobs *j, const struct job_range *r, uint32_t i);
#endif
