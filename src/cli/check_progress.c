#include "check_progress.h"

#include <inttypes.h>
#include <stdio.h>

#include "buf.h"
#include "jsonw.h"

#define JSON_EVERY_S 1.0

static void
show_json(struct show_progress *s, const struct check_progress *p)
{
	struct jsonw w;
	struct buf b;

	if (s->said && p->seconds - s->told < JSON_EVERY_S)
		return;
	s->told = p->seconds;
	buf_init(&b, 16 * 1024);
	jsonw_init(&w, &b, NULL, false);
	jsonw_object(&w);
	jsonw_key(&w, "path");
	jsonw_cstr(&w, s->path);
	jsonw_key(&w, "doing");
	jsonw_cstr(&w, p->what);
	jsonw_key(&w, "files_done");
	jsonw_uint(&w, p->jobs_done);
	jsonw_key(&w, "files");
	jsonw_uint(&w, p->jobs_total);
	jsonw_key(&w, "bytes_done");
	jsonw_uint(&w, p->bytes_done);
	jsonw_key(&w, "bytes");
	jsonw_uint(&w, p->bytes_total);
	jsonw_key(&w, "seconds");
	jsonw_uint(&w, (uint64_t)p->seconds);
	jsonw_key(&w, "eta_seconds");
	if (p->eta_seconds < 0)
		jsonw_null(&w);
	else
		jsonw_uint(&w, (uint64_t)p->eta_seconds);
	jsonw_object_end(&w);
	fprintf(stderr, "%s\n", buf_cstr(&b));
	buf_done(&b);
	s->said = true;
}

static void
show_line(struct show_progress *s, const struct check_progress *p)
{
	fprintf(stderr, "\r\033[K%s", p->what);
	if (p->jobs_total > 0)
		fprintf(stderr, ": %" PRIu64 " of %" PRIu64 " files",
		    p->jobs_done, p->jobs_total);
	if (p->jobs_total > 0 && p->bytes_total > 0)
		fprintf(stderr, ", %" PRIu64 " of %" PRIu64 " MB",
		    p->bytes_done / 1000000, p->bytes_total / 1000000);
	else if (p->bytes_total > 0)
		fprintf(stderr, ": %" PRIu64 " %%",
		    p->bytes_done / (p->bytes_total / 100 + 1));
	if (p->eta_seconds >= 1)
		fprintf(stderr, ", about %.0f s left", p->eta_seconds);
	fflush(stderr);
	s->said = true;
}

void
show_progress(void *arg, const struct check_progress *p)
{
	struct show_progress *s = arg;

	if (s->json)
		show_json(s, p);
	else if (s->terminal)
		show_line(s, p);
}

void
show_progress_end(struct show_progress *s)
{
	if (s->said && !s->json)
		fputs("\r\033[K", stderr);
	s->said = false;
}
