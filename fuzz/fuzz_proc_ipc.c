/* What a worker or an opener that was taken over may send to the parent. */
#include <stddef.h>
#include <stdint.h>

#include "collect.h"
#include "indicators.h"
#include "ipc.h"
#include "jobs.h"
#include "rowindex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Artifacts take turns: the frame's own length says whose record it is. */
static void
take(struct collect *c, struct jobs *j, uint8_t type, struct cur body)
{
	static struct msg_record record;
	uint32_t artifact = (uint32_t)(body.len % c->nartifacts);
	struct msg_facts facts;
	struct msg_file file;
	struct msg_note note;
	struct msg_counts counts;
	struct msg_event event;
	struct rowindex rows;

	if (type == FRAME_FACTS && msg_facts_get(body, &facts))
		collect_facts(c, &facts);
	if (type == FRAME_FILE && msg_file_get(body, &file))
		(void)jobs_add(j, &file, NULL);
	if (type == FRAME_NOTE && msg_note_get(body, &note))
		(void)collect_note(c, artifact, "path", &note);
	if (type == FRAME_END && msg_counts_get(body, &counts))
		cover_file(&c->covers[artifact], &counts, 1);
	if (type == FRAME_EVENT && msg_event_get(body, &event))
		timeline_add(&c->timeline, &event);
	if (type == FRAME_ROWS) {
		(void)rowindex_get(body, &rows);
		rowindex_done(&rows);
	}
	if (type != FRAME_RECORD || !msg_record_get(body, &record))
		return;
	for (artifact = 0; artifact < c->nartifacts; artifact++)
		(void)collect_record(c, artifact, &record);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct indicators *indicators;
	struct detect_ctx detect = { .enabled = { true } };
	const struct check_options o = { .detect = &detect };
	struct report *r = report_new();
	struct collect c;
	struct ipc_in in;
	struct cur body;
	struct jobs j;
	uint8_t type;

	if (indicators == NULL) {
		indicators = indicators_new();
		indicators_seal(indicators);
	}
	detect.state[0] = indicators;
	collect_init(&c, &o, r);
	jobs_init(&j);
	ipc_in_init(&in, -1);
	for (size_t half = 0; half < 2; half++) {
		ipc_feed(&in, data + (half ? size / 2 : 0),
		    half ? size - size / 2 : size / 2);
		while (ipc_next(&in, &type, &body))
			take(&c, &j, type, body);
	}
	collect_report(&c);
	report_sort(r);
	ipc_in_done(&in);
	jobs_done(&j);
	collect_done(&c);
	report_free(r);
	return 0;
}
