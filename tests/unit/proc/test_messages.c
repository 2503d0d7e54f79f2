/* Every message there and back; cut or damaged it is refused or harmless. */
#include "messages.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake.c"
#include "tstamp.h"

static struct buf b;

static struct cur
body(void)
{
	return cur_from(b.p, b.len);
}

/* Takes what stands in b apart, as the parent would; false: refused. */
static bool
take(enum frame_type type, struct cur c)
{
	struct msg_progress progress;
	struct msg_facts facts;
	struct msg_file file;
	struct msg_fail fail;
	struct msg_run run;
	struct msg_exit gone;
	struct msg_note note;
	struct msg_counts counts;
	static struct msg_record record;
	struct msg_event event;
	struct msg_hash hash;
	uint32_t index;

	switch (type) {
	case FRAME_PROGRESS:
		return msg_progress_get(c, &progress);
	case FRAME_FACTS:
		return msg_facts_get(c, &facts);
	case FRAME_PRESENT:
	case FRAME_BEGIN:
		return msg_index_get(c, &index);
	case FRAME_FILE:
		return msg_file_get(c, &file);
	case FRAME_FAIL:
		return msg_fail_get(c, &fail);
	case FRAME_RUN:
		return msg_run_get(c, &run);
	case FRAME_FORKED:
	case FRAME_EXIT:
		return msg_exit_get(c, &gone);
	case FRAME_NOTE:
		return msg_note_get(c, &note);
	case FRAME_COUNT:
	case FRAME_END:
		return msg_counts_get(c, &counts);
	case FRAME_RECORD:
		return msg_record_get(c, &record);
	case FRAME_EVENT:
		return msg_event_get(c, &event);
	case FRAME_HASH:
		return msg_hash_get(c, &hash);
	case FRAME_READY:
	case FRAME_WINDOWS:
	case FRAME_ROWS:
		break;
	}
	return true;
}

/* Whole it is taken, every truncation is refused, no flip does harm. */
static void
check_message(enum frame_type type)
{
	CHECK(take(type, body()));
	for (size_t n = 0; n < b.len; n++) {
		uint8_t *cut = malloc(n ? n : 1);

		CHECK(cut != NULL);
		memcpy(cut, b.p, n);
		if (type != FRAME_RECORD) /* its tail is the record */
			CHECK(!take(type, cur_from(cut, n)));
		free(cut);
	}
	for (size_t i = 0; i < 8 * b.len; i++) {
		b.p[i / 8] ^= (uint8_t)(1U << i % 8);
		(void)take(type, body());
		b.p[i / 8] ^= (uint8_t)(1U << i % 8);
	}
	buf_reset(&b);
}

static void
test_opener(void)
{
	struct msg_facts facts = {
		.encrypted = true,
		.files = 300,
		.bytes = UINT64_MAX,
		.made_ns = TSTAMP_NONE,
		.text = {[MSG_OS] = str_from("iOS"),
			 [MSG_NAME] = str_from("")}
	};
	struct msg_file file = { .job = 7,
		.artifact = 2,
		.size = 1 << 20,
		.path = str_from("lines/a.txt") };
	struct msg_facts back;

	msg_facts_put(&b, &facts);
	CHECK(msg_facts_get(body(), &back));
	CHECK(back.encrypted && !back.sample && back.bytes == UINT64_MAX);
	CHECK(back.made_ns == TSTAMP_NONE && str_is(back.text[MSG_OS], "iOS"));
	/* Not known and empty are two things. */
	CHECK(back.text[MSG_MODEL].p == NULL);
	CHECK(back.text[MSG_NAME].p != NULL && back.text[MSG_NAME].n == 0);
	check_message(FRAME_FACTS);
	msg_file_put(&b, &file);
	check_message(FRAME_FILE);
	file.artifact = 6; /* there are six */
	msg_file_put(&b, &file);
	CHECK(!take(FRAME_FILE, body()));
	buf_reset(&b);
	msg_progress_put(
	    &b, &(struct msg_progress){ .what = str_from("key"), .total = 10 });
	check_message(FRAME_PROGRESS);
	msg_fail_put(
	    &b, &(struct msg_fail){ .err = ERR_AUTH, .why = str_from("why") });
	check_message(FRAME_FAIL);
	msg_fail_put(
	    &b, &(struct msg_fail){ .err = ERR_OK, .why = str_from("why") });
	CHECK(!take(FRAME_FAIL, body()));
	buf_reset(&b);
	msg_exit_put(&b, &(struct msg_exit){ .slot = 3, .status = -1 });
	check_message(FRAME_EXIT);
	msg_run_put(&b, &(struct msg_run){ .job = 9, .to = 4, .events = true });
	check_message(FRAME_RUN);
}

static void
test_worker(void)
{
	struct msg_counts counts = { .records = 5,
		.first_ns = -1,
		.last_ns = INT64_MAX,
		.obs_mask = UINT32_MAX };
	struct hit hit = {
		.ref = 900000, .field = 1, .level = LEVEL_HIGH, .kept = true
	};
	struct msg_counts back,
	    sum = { .first_ns = TSTAMP_NONE, .last_ns = TSTAMP_NONE };
	static struct msg_record record;
	uint8_t sha256[32] = { 1 };

	msg_counts_put(&b, &counts);
	CHECK(msg_counts_get(body(), &back));
	CHECK(back.first_ns == -1 && back.last_ns == INT64_MAX);
	msg_counts_add(&sum, &back);
	msg_counts_add(&sum, &back);
	CHECK(sum.records == 10 && sum.first_ns == -1);
	check_message(FRAME_COUNT);
	msg_hits_put(&b, &hit, 1);
	buf_puts(&b, "record");
	CHECK(msg_record_get(body(), &record));
	CHECK(record.nhits == 1 && record.hits[0].ref == 900000);
	CHECK(record.hits[0].kept && record.hits[0].level == LEVEL_HIGH);
	CHECK(str_is(cur_rest(record.bytes), "record"));
	check_message(FRAME_RECORD);
	msg_note_put(
	    &b, &(struct msg_note){ .id = NOTE_READ_IO, .off = UINT64_MAX });
	check_message(FRAME_NOTE);
	buf_uleb(&b, NOTE_COUNT);
	buf_uleb(&b, 0);
	buf_uleb(&b, 0);
	CHECK(!take(FRAME_NOTE, body()));
	buf_reset(&b);
	msg_event_put(
	    &b, &(struct msg_event){ .ns = -5, .name = str_from("sent") });
	check_message(FRAME_EVENT);
	msg_hash_put(&b,
	    &(struct msg_hash){ .ok = true, .sha256 = cur_from(sha256, 32) });
	check_message(FRAME_HASH);
	msg_hash_put(&b, &(struct msg_hash){ .why = str_from("no") });
	check_message(FRAME_HASH);
	msg_index_put(&b, UINT32_MAX);
	check_message(FRAME_BEGIN);
}

/* More hits than a worker may send with one record. */
static void
test_too_many_hits(void)
{
	static struct msg_record record;
	static struct hit hits[MSG_HITS_MAX + 1];

	msg_hits_put(&b, hits, MSG_HITS_MAX + 1);
	CHECK(!msg_record_get(body(), &record));
	buf_reset(&b);
}

int
main(void)
{
	buf_init(&b, 1 << 20);
	test_opener();
	test_worker();
	test_too_many_hits();
	buf_done(&b);
	return 0;
}
