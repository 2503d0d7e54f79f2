#include <stdint.h>

#include "sqlro.h"

/*
 * The length of the database (4 bytes, little-endian), the database, and what
 * is left as its write-ahead log.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_all(struct sqlro *d)
{
	static const char *const columns[] = { "a", "b", "c" };
	struct sqlro_query *q;

	sqlro_check(d);
	if (sqlro_scan(d, "t", columns, 3, &q) == ERR_OK) {
		while (sqlro_step(q))
			for (int i = 0; i < 3; i++)
				(void)sqlro_str(q, i);
		sqlro_query_free(q);
	}
	if (sqlro_query(d, "SELECT u.a, t.b FROM u JOIN t ON t.a=u.a", &q) ==
	    ERR_OK) {
		while (sqlro_step(q))
			(void)sqlro_str(q, 1);
		sqlro_query_free(q);
	}
	(void)sqlro_has_column(d, "u", "g");
	(void)sqlro_sequence(d, "t");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cur c = cur_from(data, size), db;
	struct file *f, *w;
	struct sqlro *d;
	uint32_t n;

	if (!cur_le32(&c, &n) || !cur_take(&c, n, &db))
		return 0;
	f = file_mem_new("db", db.p, db.len);
	w = file_mem_new("wal", c.p, c.len);
	if (sqlro_open(f, w, NULL, &d) == ERR_OK) {
		read_all(d);
		sqlro_free(d);
	}
	file_free(w);
	file_free(f);
	return 0;
}
