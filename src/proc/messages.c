#include "messages.h"

#include "acquisition.h"
#include "artifact.h"
#include "hash.h"
#include "tstamp.h"

/* A string that may be missing: 0, or its length and one, and the bytes. */
static void
put_text(struct buf *b, struct str s)
{
	if (s.p == NULL) {
		buf_uleb(b, 0);
		return;
	}
	buf_uleb(b, (uint64_t)s.n + 1);
	buf_str(b, s);
}

/* The same, when it is always there, if only empty. */
static void
put_str(struct buf *b, struct str s)
{
	buf_uleb(b, (uint64_t)s.n + 1);
	buf_str(b, s);
}

static bool
get_text(struct cur *c, struct str *out)
{
	uint64_t n;

	if (!cur_uleb(c, &n))
		return false;
	if (n == 0) {
		*out = (struct str){ 0 };
		return true;
	}
	return n - 1 <= c->len && cur_str(c, (size_t)(n - 1), out);
}

/* Like get_text, but it must be there. */
static bool
get_str(struct cur *c, struct str *out)
{
	struct str s;

	if (!get_text(c, &s) || s.p == NULL)
		return false;
	*out = s;
	return true;
}

static bool
get_u32(struct cur *c, uint32_t *out)
{
	uint64_t v;

	if (!cur_uleb(c, &v) || v > UINT32_MAX)
		return false;
	*out = (uint32_t)v;
	return true;
}

static bool
get_ns(struct cur *c, int64_t *out)
{
	uint64_t v;

	if (!cur_le64(c, &v))
		return false;
	*out = (int64_t)v;
	return true;
}

static bool
get_bool(struct cur *c, bool *out)
{
	uint8_t v;

	if (!cur_u8(c, &v) || v > 1)
		return false;
	*out = v == 1;
	return true;
}

/* An index into a table of n. */
static bool
get_below(struct cur *c, size_t n, uint32_t *out)
{
	uint32_t v;

	if (!get_u32(c, &v) || v >= n)
		return false;
	*out = v;
	return true;
}

static size_t
count_artifacts(void)
{
	size_t n = 0;

	while (artifacts[n] != NULL)
		n++;
	return n;
}

static size_t
count_kinds(void)
{
	size_t n = 0;

	while (acquisition_kinds[n] != NULL)
		n++;
	return n;
}

void
msg_progress_put(struct buf *b, const struct msg_progress *m)
{
	put_str(b, m->what);
	buf_uleb(b, m->done);
	buf_uleb(b, m->total);
}

bool
msg_progress_get(struct cur c, struct msg_progress *out)
{
	return get_str(&c, &out->what) && cur_uleb(&c, &out->done) &&
	       cur_uleb(&c, &out->total);
}

void
msg_facts_put(struct buf *b, const struct msg_facts *m)
{
	buf_uleb(b, m->kind);
	buf_u8(b, m->encrypted);
	buf_u8(b, m->sample);
	buf_uleb(b, m->files);
	buf_uleb(b, m->bytes);
	buf_le64(b, (uint64_t)m->made_ns);
	for (size_t i = 0; i < MSG_TEXTS; i++)
		put_text(b, m->text[i]);
}

bool
msg_facts_get(struct cur c, struct msg_facts *out)
{
	if (!get_below(&c, count_kinds(), &out->kind) ||
	    !get_bool(&c, &out->encrypted) || !get_bool(&c, &out->sample) ||
	    !cur_uleb(&c, &out->files) || !cur_uleb(&c, &out->bytes) ||
	    !get_ns(&c, &out->made_ns))
		return false;
	for (size_t i = 0; i < MSG_TEXTS; i++)
		if (!get_text(&c, &out->text[i]))
			return false;
	return true;
}

void
msg_index_put(struct buf *b, uint32_t index)
{
	buf_uleb(b, index);
}

bool
msg_index_get(struct cur c, uint32_t *out)
{
	return get_u32(&c, out);
}

void
msg_file_put(struct buf *b, const struct msg_file *m)
{
	buf_uleb(b, m->job);
	buf_uleb(b, m->artifact);
	buf_uleb(b, m->size);
	put_str(b, m->path);
}

bool
msg_file_get(struct cur c, struct msg_file *out)
{
	return get_u32(&c, &out->job) &&
	       get_below(&c, count_artifacts(), &out->artifact) &&
	       cur_uleb(&c, &out->size) && get_str(&c, &out->path);
}

void
msg_fail_put(struct buf *b, const struct msg_fail *m)
{
	buf_uleb(b, (uint64_t)m->err);
	put_str(b, m->why);
}

bool
msg_fail_get(struct cur c, struct msg_fail *out)
{
	uint32_t e;

	if (!get_u32(&c, &e) || e == ERR_OK || e > ERR_INTERNAL ||
	    !get_str(&c, &out->why))
		return false;
	out->err = (enum err)e;
	return true;
}

void
msg_run_put(struct buf *b, const struct msg_run *m)
{
	buf_uleb(b, m->slot);
	buf_uleb(b, m->job);
	buf_uleb(b, m->from);
	buf_uleb(b, m->to);
	buf_u8(b, m->events);
}

bool
msg_run_get(struct cur c, struct msg_run *out)
{
	return get_u32(&c, &out->slot) && get_u32(&c, &out->job) &&
	       get_u32(&c, &out->from) && get_u32(&c, &out->to) &&
	       get_bool(&c, &out->events);
}

void
msg_exit_put(struct buf *b, const struct msg_exit *m)
{
	buf_uleb(b, m->slot);
	buf_le32(b, (uint32_t)m->status);
}

bool
msg_exit_get(struct cur c, struct msg_exit *out)
{
	uint32_t status;

	if (!get_u32(&c, &out->slot) || !cur_le32(&c, &status))
		return false;
	out->status = (int32_t)status;
	return true;
}

void
msg_note_put(struct buf *b, const struct msg_note *m)
{
	buf_uleb(b, (uint64_t)m->id);
	buf_uleb(b, m->off);
	put_text(b, m->detail);
}

bool
msg_note_get(struct cur c, struct msg_note *out)
{
	uint32_t id;

	if (!get_below(&c, NOTE_COUNT, &id) || !cur_uleb(&c, &out->off) ||
	    !get_text(&c, &out->detail))
		return false;
	out->id = (enum note_id)id;
	return true;
}

void
msg_counts_put(struct buf *b, const struct msg_counts *m)
{
	buf_uleb(b, m->records);
	buf_uleb(b, m->events);
	buf_le64(b, (uint64_t)m->first_ns);
	buf_le64(b, (uint64_t)m->last_ns);
	buf_uleb(b, m->obs_mask);
}

bool
msg_counts_get(struct cur c, struct msg_counts *out)
{
	return cur_uleb(&c, &out->records) && cur_uleb(&c, &out->events) &&
	       get_ns(&c, &out->first_ns) && get_ns(&c, &out->last_ns) &&
	       get_u32(&c, &out->obs_mask);
}

void
msg_counts_add(struct msg_counts *a, const struct msg_counts *b)
{
	a->records += b->records;
	a->events += b->events;
	a->obs_mask |= b->obs_mask;
	if (b->first_ns != TSTAMP_NONE &&
	    (a->first_ns == TSTAMP_NONE || b->first_ns < a->first_ns))
		a->first_ns = b->first_ns;
	if (b->last_ns != TSTAMP_NONE &&
	    (a->last_ns == TSTAMP_NONE || b->last_ns > a->last_ns))
		a->last_ns = b->last_ns;
}

void
msg_hits_put(struct buf *b, const struct hit *h, size_t n)
{
	buf_uleb(b, n);
	for (size_t i = 0; i < n; i++) {
		buf_uleb(b, h[i].detector);
		buf_uleb(b, h[i].ref);
		buf_uleb(b, h[i].field);
		buf_uleb(b, h[i].item);
		buf_u8(b, h[i].level);
		buf_u8(b, h[i].role);
		buf_u8(b, h[i].how);
		buf_u8(b, h[i].kept);
	}
}

static bool
get_hit(struct cur *c, struct hit *h)
{
	return get_u32(c, &h->detector) && get_u32(c, &h->ref) &&
	       get_u32(c, &h->field) && get_u32(c, &h->item) &&
	       cur_u8(c, &h->level) && h->level <= LEVEL_CRITICAL &&
	       cur_u8(c, &h->role) && h->role <= ROLE_EXECUTION &&
	       cur_u8(c, &h->how) && get_bool(c, &h->kept);
}

bool
msg_record_get(struct cur c, struct msg_record *out)
{
	uint32_t n;

	if (!get_u32(&c, &n) || n > MSG_HITS_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!get_hit(&c, &out->hits[i]))
			return false;
	out->nhits = n;
	out->bytes = c;
	return true;
}

void
msg_event_put(struct buf *b, const struct msg_event *m)
{
	buf_uleb(b, m->artifact);
	buf_le64(b, (uint64_t)m->ns);
	put_str(b, m->name);
	put_str(b, m->text);
	put_str(b, m->path);
	put_str(b, m->locator);
}

bool
msg_event_get(struct cur c, struct msg_event *out)
{
	return get_below(&c, count_artifacts(), &out->artifact) &&
	       get_ns(&c, &out->ns) && get_str(&c, &out->name) &&
	       get_str(&c, &out->text) && get_str(&c, &out->path) &&
	       get_str(&c, &out->locator);
}

void
msg_hash_put(struct buf *b, const struct msg_hash *m)
{
	buf_u8(b, m->ok);
	if (m->ok)
		buf_put(b, m->sha256.p, m->sha256.len);
	else
		put_str(b, m->why);
}

bool
msg_hash_get(struct cur c, struct msg_hash *out)
{
	if (!get_bool(&c, &out->ok))
		return false;
	return out->ok ? cur_take(&c, SHA256_SIZE, &out->sha256)
		       : get_str(&c, &out->why);
}

void
msg_window_put(struct buf *b, const struct msg_window *m)
{
	buf_le64(b, (uint64_t)m->from_ns);
	buf_le64(b, (uint64_t)m->to_ns);
}

bool
msg_window_get(struct cur *c, struct msg_window *out)
{
	return get_ns(c, &out->from_ns) && get_ns(c, &out->to_ns);
}

bool
msg_windows_meet(const struct msg_windows *w, int64_t first_ns, int64_t last_ns)
{
	size_t lo = 0, hi = w->n;

	/* The first window that does not end before first. */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (w->v[mid].to_ns < first_ns)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < w->n && w->v[lo].from_ns <= last_ns;
}
