#include <inttypes.h>

#include "marks.h"
#include "out.h"
#include "sink.h"
#include "utf8.h"
#include "when.h"

/*
 * timeline.csv: one line an event. The first eight columns are those that
 * log2timeline/plaso gives by default, so that its readers and Timesketch take
 * the file as it is; the rest is ours. RFC 4180: UTF-8, CRLF, quotes where
 * they are needed.
 *
 *	datetime        ISO 8601, UTC, microseconds at most
 *	timestamp_desc  name of the event ("sms_received")
 *	source          "IOS"
 *	source_long     the artifact ("ios.sms")
 *	message         one line, without contents
 *	parser          "telassay/" artifact "/" version of its schema
 *	display_name    path of the file inside the acquisition
 *	tag             levels of the findings that rest on this record
 *	locator         the record inside the file
 *	timestamp       microseconds since 1970
 *	finding         ids of those findings
 *
 * Cells are for spreadsheets too, which run what begins like a formula: such
 * a cell gets an apostrophe in front. Control characters are shown as
 * <U+000A>, so one event is always one line.
 */
static const char header[] =
    "datetime,timestamp_desc,source,source_long,message,parser,display_name,"
    "tag,locator,timestamp,finding\r\n";

/* ASCII and the full-width forms that spreadsheets take for the same. */
static bool
is_formula(struct str s)
{
	size_t at = 0;
	uint32_t cp;

	if (s.n == 0)
		return false;
	cp = utf8_next(s, &at);
	return cp == '=' || cp == '+' || cp == '-' || cp == '@' || cp == '\t' ||
	       cp == '\r' || cp == '\n' || cp == 0xff1d || cp == 0xff0b ||
	       cp == 0xff0d || cp == 0xff20;
}

struct csv {
	struct out o;
	struct buf cell; /* scratch */
};

/* One cell out of raw text of whatever origin, and what stands behind it. */
static void
put_cell(struct csv *c, struct str s, const char *end)
{
	struct buf *b = &c->o.b;
	struct str text;

	buf_reset(&c->cell);
	if (is_formula(s))
		buf_u8(&c->cell, '\'');
	utf8_put_visible(&c->cell, s);
	text = buf_text(&c->cell);
	if (str_find(text, ',') == text.n && str_find(text, '"') == text.n &&
	    str_find(text, ';') == text.n) {
		buf_str(b, text);
	} else {
		buf_u8(b, '"');
		for (size_t i = 0; i < text.n; i++) {
			if (text.p[i] == '"')
				buf_u8(b, '"');
			buf_u8(b, (uint8_t)text.p[i]);
		}
		buf_u8(b, '"');
	}
	buf_puts(b, end);
}

static void
put_event(struct csv *c, const struct event *e, const struct marks *m)
{
	const struct finding *const *f;
	char when[40], parser[256];
	size_t n;

	f = marks_at(m, e, &n);
	put_cell(c, str_from(when_offset(e->ns, when)), ",");
	put_cell(c, e->name, ",");
	put_cell(c, str_from("IOS"), ",");
	put_cell(c, str_from(e->schema->name), ",");
	put_cell(c, e->text, ",");
	(void)snprintf(parser, sizeof(parser), "telassay/%s/%u",
	    e->schema->name, e->schema->version);
	put_cell(c, str_from(parser), ",");
	put_cell(c, e->path, ",");
	for (size_t i = 0; i < n; i++)
		buf_printf(
		    &c->o.b, "%s%s", i ? " " : "", level_name(f[i]->level));
	buf_u8(&c->o.b, ',');
	put_cell(c, e->locator, ",");
	buf_printf(&c->o.b, "%" PRId64 ",", when_us(e->ns));
	for (size_t i = 0; i < n; i++)
		buf_printf(&c->o.b, "%s%s", i ? " " : "", f[i]->id);
	buf_puts(&c->o.b, "\r\n");
	out_step(&c->o);
}

static enum err
csv_write(const struct report *r, const struct sink_options *o, FILE *out)
{
	struct marks m;
	struct csv c;
	enum err e;

	(void)o; /* events carry no contents unless the check was told so */
	out_init(&c.o, out);
	buf_init(&c.cell, LIMIT_RECORD_BYTES * 8);
	marks_init(&m, r);
	buf_puts(&c.o.b, header);
	for (size_t i = 0; i < r->nevents; i++)
		put_event(&c, &r->events[i], &m);
	e = out_done(&c.o);
	if (c.cell.full)
		e = ERR_IO;
	marks_done(&m);
	buf_done(&c.cell);
	return e;
}

const struct sink sink_timeline_csv = {
	.name = "timeline-csv",
	.file = "timeline.csv",
	.summary = "the timeline for spreadsheets (columns of log2timeline)",
	.write = csv_write,
};
