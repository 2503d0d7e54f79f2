#include "artifact/golden.h"

/*
 * Every golden input, cut short and with bytes changed. A file that is cut
 * must lead to a note or an error, or still give all that the whole one gave;
 * nothing may crash or run on. Places are a stride apart, so that the run
 * stays short; the stride differs from any structure's size. A log that is cut
 * between two lines is a log, and not told from one that was written so.
 */
enum { CUT_STRIDE = 61, FLIP_STRIDE = 37 };

static size_t cases;

static void
read_copy(struct run *run, const struct artifact *a,
    const struct golden_input *in, size_t len)
{
	/* Exactly as long as the input: overruns are seen by sanitizers. */
	unsigned char *copy = malloc(len ? len : 1);

	CHECK(copy != NULL);
	memcpy(copy, in->bytes, len);
	run_init(run, a, in->path);
	golden_lend(run, in);
	run_bytes(run, copy, len);
	free(copy);
}

static void
check_cut(const struct artifact *a, struct golden_input *in, struct run *whole)
{
	struct run run;

	for (size_t len = 0; len < in->len; len += CUT_STRIDE) {
		if (in->text && (len == 0 || in->bytes[len - 1] == '\n'))
			continue;
		read_copy(&run, a, in, len);
		if (run.err == ERR_OK && run.notes == 0 &&
		    !str_eq(buf_text(&run.out), buf_text(&whole->out))) {
			fprintf(stderr, "%s: cut at %zu of %zu in silence\n",
			    a->schema.name, len, in->len);
			exit(1);
		}
		run_done(&run);
	}
}

static void
check_flips(const struct artifact *a, struct golden_input *in)
{
	static const unsigned char flips[] = { 0x01, 0x80, 0xff };
	struct run run;

	for (size_t i = 0; i < in->len; i += FLIP_STRIDE) {
		unsigned char was = in->bytes[i];

		in->bytes[i] ^= flips[i % sizeof(flips)];
		read_copy(&run, a, in, in->len);
		run_done(&run);
		in->bytes[i] = was;
	}
}

static void
damage(const struct artifact *a, const char *folder)
{
	struct golden_input in;
	struct run whole;

	if (a->listing)
		return;
	golden_load(&in, a, folder);
	golden_run(&whole, &in, a);
	check_cut(a, &in, &whole);
	check_flips(a, &in);
	run_done(&whole);
	golden_unload(&in);
	cases++;
}

int
main(void)
{
	CHECK(golden_each(damage) > cases);
	CHECK(cases >= 16);
	return 0;
}
