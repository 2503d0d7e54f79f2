#include "marks.h"
#include "out.h"
#include "sink.h"
#include "when.h"

/*
 * timeline.jsonl: one object an event, with the four fields that Timesketch
 * asks for (message, datetime, timestamp in microseconds, timestamp_desc), its
 * `tag`, and ours: artifact, path, locator, finding.
 */
static void
put(struct jsonw *w, const char *key, struct str s)
{
	jsonw_key(w, key);
	jsonw_str(w, s);
}

static void
put_marks(struct jsonw *w, const struct finding *const *f, size_t n)
{
	if (n == 0)
		return;
	jsonw_key(w, "tag");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		jsonw_cstr(w, level_name(f[i]->level));
	jsonw_array_end(w);
	jsonw_key(w, "finding");
	jsonw_array(w);
	for (size_t i = 0; i < n; i++)
		jsonw_cstr(w, f[i]->id);
	jsonw_array_end(w);
}

static void
put_event(struct out *o, const struct event *e, const struct marks *m)
{
	const struct finding *const *f;
	struct jsonw w;
	char when[40];
	size_t n;

	f = marks_at(m, e, &n);
	jsonw_init(&w, &o->b, NULL, false);
	jsonw_object(&w);
	put(&w, "message", e->text);
	put(&w, "datetime", str_from(when_offset(e->ns, when)));
	jsonw_key(&w, "timestamp");
	jsonw_int(&w, when_us(e->ns));
	put(&w, "timestamp_desc", e->name);
	put(&w, "artifact", str_from(e->schema->name));
	put(&w, "path", e->path);
	put(&w, "locator", e->locator);
	put_marks(&w, f, n);
	jsonw_object_end(&w);
	buf_u8(&o->b, '\n');
	out_step(o);
}

static enum err
jsonl_write(const struct report *r, const struct sink_options *o, FILE *out)
{
	struct marks m;
	struct out to;

	(void)o; /* events carry no contents unless the check was told so */
	out_init(&to, out);
	marks_init(&m, r);
	for (size_t i = 0; i < r->nevents; i++)
		put_event(&to, &r->events[i], &m);
	marks_done(&m);
	return out_done(&to);
}

const struct sink sink_timeline_jsonl = {
	.name = "timeline-jsonl",
	.file = "timeline.jsonl",
	.summary = "the timeline for Timesketch, one JSON object a line",
	.write = jsonl_write,
};
