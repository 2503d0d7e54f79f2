#include "jobs.h"

#include <stdlib.h>

#include "limits.h"
#include "tstamp.h"

void
jobs_init(struct jobs *j)
{
	*j = (struct jobs){ 0 };
}

void
jobs_done(struct jobs *j)
{
	for (size_t i = 0; i < j->nfiles; i++)
		free(j->files[i].rows);
	free(j->files);
	free(j->jobs);
	free(j->again);
	*j = (struct jobs){ 0 };
}

/* Room for one more; aborts when out of memory. */
static void *
grow(void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	*cap = *cap ? 2 * *cap : 64;
	v = realloc(v, *cap * size);
	if (v == NULL)
		abort();
	return v;
}

bool
jobs_add(struct jobs *j, const struct msg_file *m, const char *path)
{
	if (m->job != j->njobs && (j->njobs == 0 || m->job != j->njobs - 1))
		return false;
	if (j->nfiles == UINT32_MAX)
		return false;
	if (m->job == j->njobs) {
		j->jobs =
		    grow(j->jobs, j->njobs, &j->jobs_cap, sizeof(*j->jobs));
		j->jobs[j->njobs++] =
		    (struct job){ .first = (uint32_t)j->nfiles };
	}
	j->jobs[m->job].nfiles++;
	j->files = grow(j->files, j->nfiles, &j->files_cap, sizeof(*j->files));
	j->files[j->nfiles++] = (struct job_file){ .artifact = m->artifact,
		.size = m->size,
		.path = path,
		.first_ns = TSTAMP_NONE,
		.last_ns = TSTAMP_NONE };
	if (m->size <= UINT64_MAX - j->bytes)
		j->bytes += m->size;
	return true;
}

bool
jobs_take(struct jobs *j, struct job_range *out)
{
	if (j->nagain > 0) {
		*out = j->again[--j->nagain];
		return true;
	}
	if (j->next == j->njobs)
		return false;
	*out = (struct job_range){ .job = (uint32_t)j->next,
		.to = j->jobs[j->next].nfiles };
	j->next++;
	return true;
}

void
jobs_again(struct jobs *j, struct job_range r)
{
	if (r.from >= r.to)
		return;
	j->again = grow(j->again, j->nagain, &j->again_cap, sizeof(*j->again));
	j->again[j->nagain++] = r;
}

void
jobs_set_rows(struct jobs *j, struct job_file *f, struct cur rows)
{
	if (f->rows != NULL || rows.len > LIMIT_ROW_INDEX ||
	    rows.len > LIMIT_ROW_INDEXES - j->rows_bytes)
		return;
	f->rows = malloc(rows.len ? rows.len : 1);
	if (f->rows == NULL)
		abort();
	f->nrows = rows.len;
	j->rows_bytes += rows.len;
	(void)cur_copy(&rows, rows.len, f->rows);
}

void
jobs_rewind(struct jobs *j)
{
	j->next = 0;
	j->nagain = 0;
}

struct job_file *
jobs_file(struct jobs *j, const struct job_range *r, uint32_t i)
{
	return &j->files[j->jobs[r->job].first + i];
}
